// SPDX-License-Identifier: Apache-2.0
#include "core/wire/aired.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
namespace json = boost::json;

namespace {

programme::Aired sample() {
  programme::Aired a;
  a.id = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
  a.item = "soap";
  a.kind = "ad";
  a.programme = "2026-12";
  a.version = 3;
  a.from = a.started = base::instant_from_ms(1'764'034'320'000);
  a.until = a.from + std::chrono::seconds(60);
  a.ended = a.until;
  a.called = base::Millis{1234};
  a.reason = "planned";
  return a;
}

} // namespace

TEST_CASE("a record of what was shown comes back as it was") {
  const auto back = wire::aired_from_json(wire::aired_to_json(sample()));
  REQUIRE(back);
  CHECK(*back == sample());
}

TEST_CASE("what is missing, of another kind or beyond any clock is no record") {
  const json::object whole = wire::aired_to_json(sample());
  for (const auto& member : whole) {
    json::object without = whole;
    without.erase(member.key());
    CHECK_FALSE(wire::aired_from_json(without));
    json::object other = whole;
    other[member.key()] = json::array{};
    CHECK_FALSE(wire::aired_from_json(other));
  }
  json::object endless = whole;
  endless["ended"] = INT64_MAX;
  CHECK_FALSE(wire::aired_from_json(endless));
  CHECK_FALSE(wire::aired_from_json(json::value("x")));
}

TEST_CASE("the table is RFC 4180 and no formula to a spreadsheet") {
  programme::Aired a = sample();
  a.sponsor = "=SUM(\"A1\"),B";
  const std::string csv = wire::airings_csv({a});
  CHECK(csv.find("\"'=SUM(\"\"A1\"\"),B\"") != std::string::npos);
  CHECK(csv.find("whole,planned\r\n") != std::string::npos);
  const json::object told = wire::airings_to_json({a}, programme::By::item);
  CHECK(told.at("totals").at(0).at("plays").as_int64() == 1);
  CHECK(told.at("airings").at(0).at("shown_permille").as_int64() == 1000);
}
