// SPDX-License-Identifier: Apache-2.0
// Stored views of the rooms.
#pragma once

#include "core/wire/views.hpp"
#include "room/window.hpp"
#include "seat/program.hpp"

#include <catch2/catch.hpp>

namespace machiai::test {

inline constexpr std::int64_t at_ms = 1795483920000; ///< the hub's clock in the views

inline queue::RoomsView fixture(const QString& name) {
  const auto bytes = seat::read_file(QString(FIXTURES) + "/" + name + ".json");
  REQUIRE(bytes);
  const auto json = boost::json::parse(std::string_view(bytes->constData(), bytes->size()));
  const auto view = wire::rooms_from_json(json.as_object());
  REQUIRE(view);
  return *view;
}

inline room::Glass sample(const queue::RoomsView& view, const QString& page, const QString& lang = "ja") {
  const auto glass = room::sample_glass(view, page, lang);
  REQUIRE(glass);
  return *glass;
}

} // namespace machiai::test
