// SPDX-License-Identifier: Apache-2.0
#include "cloud/keep.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::cloud;
namespace json = boost::json;

namespace {

base::Date date(const char* text) {
  return *base::parse_iso_date(text);
}

} // namespace

TEST_CASE("who has booked is forgotten so many days after the business date, and never on it") {
  const Past past = past_of({}, date("2026-12-10"));
  REQUIRE(past.people == date("2026-12-03"));
  REQUIRE(past.answers == date("2026-12-02"));
  REQUIRE(past.notices == date("2026-12-09"));
  Keep shortest;
  shortest.people_days = 1;
  REQUIRE(past_of(shortest, date("2026-12-10")).people == date("2026-12-09"));
}

TEST_CASE("cards go some days after the contract has ended, not while it is only suspended") {
  service::Contract contract;
  REQUIRE_FALSE(cards_go(contract, {}, date("2030-01-01")));
  contract.suspensions.push_back({});
  REQUIRE_FALSE(cards_go(contract, {}, date("2030-01-01")));
  contract.ended = date("2026-12-01");
  REQUIRE_FALSE(cards_go(contract, {}, date("2026-12-30")));
  REQUIRE(cards_go(contract, {}, date("2026-12-31")));
}

TEST_CASE("what the provider chooses is in bounds, or refused with its place") {
  REQUIRE(read_keep({})->people_days == 7);
  const auto chosen = read_keep({{"keep", {{"people_days", 14}, {"cards_days", 0}}}});
  REQUIRE((chosen->people_days == 14 && chosen->cards_days == 0));
  for (const auto& [name, wrong] :
       std::initializer_list<std::pair<const char*, json::value>>{{"people_days", 0},
                                                                  {"people_days", 367},
                                                                  {"people_days", "7"},
                                                                  {"people_days", 1.5},
                                                                  {"cards_days", -1}}) {
    const auto read = read_keep({{"keep", {{name, wrong}}}});
    REQUIRE((!read && read.error().detail == name));
  }
  REQUIRE_FALSE(read_keep({{"keep", 7}}));
}
