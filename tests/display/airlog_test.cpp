// SPDX-License-Identifier: Apache-2.0
#include "display/player/airlog.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::display;

namespace {

constexpr base::Instant start = base::instant_from_ms(1'764'034'320'000);

base::Instant at(int seconds) {
  return start + std::chrono::seconds(seconds);
}

Turn turn(const std::string& item, int from_s, int to_s) {
  Turn turn{item, "", at(from_s), at(to_s), "planned"};
  turn.kind = "own";
  turn.programme = "p";
  return turn;
}

} // namespace

TEST_CASE("each film on the screen gives one record, with why it ended") {
  Airlog log;
  log.begin("1", turn("a", 0, 10), at(0));
  CHECK(log.due(9).empty());
  log.begin("2", turn("b", 10, 20), at(10));
  log.end("film_damaged", at(13));
  log.end("film_damaged", at(14)); // nothing is on the screen
  const auto due = log.due(9);
  REQUIRE(due.size() == 2);
  CHECK(due[0].reason == "planned");
  CHECK(due[0].ended == at(10));
  CHECK(due[1].reason == "film_damaged");
  CHECK(due[1].ended == at(13));
  CHECK(log.due(1).size() == 1);
  log.settle({due[0]});
  CHECK(log.due(9) == std::vector<programme::Aired>{due[1]});
}

TEST_CASE("the time of calls is told") {
  Airlog log;
  log.begin("1", turn("a", 0, 10), at(0));
  log.live(false, at(1));
  log.live(true, at(2));
  log.live(true, at(4));
  log.live(false, at(5));
  log.end("x", at(10));
  CHECK(log.due(1)[0].called == std::chrono::seconds(3));
}

TEST_CASE("a play that a crash cut short is told with its last sign of life, once") {
  Airlog before;
  before.begin("1", turn("a", 0, 60), at(0));
  before.end("planned", at(60));
  before.begin("2", turn("b", 60, 120), at(60));
  for (int s = 61; s < 80; ++s) before.live(false, at(s));
  Airlog after;
  after.load(before.text());
  const auto due = after.due(9);
  REQUIRE(due.size() == 2);
  CHECK(due[1].reason == "crash");
  CHECK(due[1].ended == at(79));
  Airlog again;
  again.load(after.text());
  CHECK(again.due(9) == due);
  Airlog damaged;
  damaged.load(before.text().substr(0, 100));
  CHECK(damaged.due(9).empty());
}

TEST_CASE("a sign of life is written every five seconds, not more often") {
  Airlog log;
  log.begin("1", turn("a", 0, 60), at(0));
  const auto revision = log.revision();
  for (int s = 1; s < 5; ++s) log.live(false, at(s));
  CHECK(log.revision() == revision);
  log.live(false, at(5));
  CHECK(log.revision() == revision + 1);
}

TEST_CASE("whatever the clock does, a play is neither negative nor longer than its turn") {
  Airlog log;
  log.begin("1", turn("a", 0, 10), at(5));
  log.live(true, at(6));
  log.live(true, at(2));
  log.end("x", at(1));
  log.begin("2", turn("b", 10, 20), at(10));
  log.end("x", at(5000));
  const auto due = log.due(2);
  CHECK(due[0].ended == at(6));
  CHECK(due[0].called == std::chrono::seconds(1));
  CHECK(due[1].ended == at(20));
}
