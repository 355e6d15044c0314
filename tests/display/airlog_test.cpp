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

TEST_CASE("a sign of life is written every five seconds, not more often, and is short") {
  Airlog log;
  log.begin("1", turn("a", 0, 60), at(0));
  CHECK_FALSE(log.news().empty());
  for (int s = 1; s < 5; ++s) log.live(false, at(s));
  CHECK(log.news().empty());
  log.live(false, at(5));
  const std::string life = log.news();
  CHECK_FALSE(life.empty());
  CHECK(life.size() < 100);
  CHECK(log.news().empty());
}

TEST_CASE("a file of news that were appended tells the same as one written whole, wherever it was cut") {
  Airlog log;
  std::string file;
  std::vector<std::pair<std::size_t, std::vector<programme::Aired>>>
      known; // size of the file, what it then told
  const auto keep = [&] {
    file += log.news();
    Airlog read;
    read.load(log.text());
    known.emplace_back(file.size(), read.due(99));
  };
  for (int i = 0; i < 40; ++i) {
    log.begin(std::to_string(i), turn("a", i * 10, i * 10 + 10), at(i * 10));
    keep();
    log.live(i % 2 == 0, at(i * 10 + 5));
    keep();
    if (i % 3 == 0) log.end("stopped", at(i * 10 + 9));
    if (i % 4 == 0) log.settle(log.due(2));
    keep();
  }
  for (std::size_t i = 0; i < known.size(); ++i) {
    Airlog read;
    read.load(file.substr(0, known[i].first));
    CHECK(read.due(99) == known[i].second);
    if (i + 1 == known.size() || known[i + 1].first < known[i].first + 2) continue;
    Airlog torn; // in the middle of the next line
    torn.load(file.substr(0, known[i].first + 1));
    CHECK(torn.due(99) == known[i].second);
  }
}

TEST_CASE("what a station never takes is forgotten from the oldest on, and the file with it") {
  Airlog log;
  std::string file;
  for (int i = 0; i < 5010; ++i) {
    log.begin(std::to_string(i), turn("a", i * 10, i * 10 + 10), at(i * 10));
    file += log.news();
  }
  log.end("x", at(50100));
  file += log.news();
  CHECK(log.due(9999).size() == 5000);
  CHECK(log.due(1)[0].id == "10");
  Airlog read;
  read.load(file);
  CHECK(read.due(9999) == log.due(9999));
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
