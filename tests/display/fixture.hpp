// SPDX-License-Identifier: Apache-2.0
// Board views for the tests: from files, or made in place.
#pragma once

#include "core/wire/views.hpp"

#include <catch2/catch.hpp>

#include <QFile>
#include <string>

namespace fixture {

struct Loaded {
  machiai::queue::BoardView view;
  machiai::base::Instant at;
};

inline Loaded board(const std::string& name) {
  QFile file(QString::fromStdString(std::string(FIXTURES) + "/" + name + ".json"));
  REQUIRE(file.open(QIODevice::ReadOnly));
  const auto frame = boost::json::parse(file.readAll().toStdString());
  auto view = machiai::wire::board_from_json(frame.at("data").as_object());
  REQUIRE(view.has_value());
  return {*view, machiai::base::instant_from_ms(frame.at("at").as_int64())};
}

inline machiai::queue::CallView call(std::uint64_t seq, const std::string& number, std::int64_t at_ms = 0,
                                     bool again = false) {
  return {seq,
          number,
          "naika",
          "r1",
          {"診察室1", "Room 1", "しんさつしつ、いち"},
          machiai::base::instant_from_ms(at_ms),
          again};
}

} // namespace fixture
