// SPDX-License-Identifier: Apache-2.0
// Stored views of the kiosk.
#pragma once

#include "core/wire/views.hpp"
#include "seat/program.hpp"

#include <catch2/catch.hpp>

namespace machiai::test {

inline queue::KioskView fixture(const QString& name) {
  const auto bytes = seat::read_file(QString(FIXTURES) + "/" + name + ".json");
  REQUIRE(bytes);
  const auto json = boost::json::parse(std::string_view(bytes->constData(), bytes->size()));
  const auto view = wire::kiosk_from_json(json.as_object());
  REQUIRE(view);
  return *view;
}

} // namespace machiai::test
