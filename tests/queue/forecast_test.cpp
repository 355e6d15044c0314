// SPDX-License-Identifier: Apache-2.0
#include "core/queue/forecast.hpp"
#include "tests/queue/forecast_sessions.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace machiai::queue;
using machiai::test::Dice;
using machiai::test::minute;

namespace {

constexpr double now_minute = 600;
const auto now = minute(now_minute);

/// A clinic whose visits take 10 minutes (kind 0) and 30 minutes (kind 1), each exactly, and never hurries.
VisitHistory steady() {
  VisitHistory h;
  h.visits = 2'000'000;
  h.sessions = 1000;
  h.kinds = {{1.0e9, 1.0e8}, {3.0e5, 1.0e4}};
  h.lengths[5] = 1e9; // once the usual length
  return h;
}

Situation one_room(std::size_t waiting) {
  Situation s;
  s.rooms = {{1, {}, {}}};
  s.line.resize(waiting);
  return s;
}

double minutes(const Forecast& f, std::size_t at) {
  return f.line.at(at).value().minutes;
}

Guess guess_of(double point, double low, double high) {
  Guess g;
  g.minutes = point;
  g.low = low;
  g.high = high;
  return g;
}

Approx about(double value) {
  return Approx(value).margin(0.05);
}

} // namespace

TEST_CASE("who waits for a free room waits for those ahead, each as long as the kind takes") {
  Situation s = one_room(4);
  s.line[1].kind = 1;
  const Forecast f = forecast(steady(), s, now);
  REQUIRE(f.reason == ForecastReason::known);
  REQUIRE(minutes(f, 0) == 0);
  REQUIRE(minutes(f, 1) == about(10));
  REQUIRE(minutes(f, 2) == about(40));
  REQUIRE(minutes(f, 3) == about(50));
}

TEST_CASE("a kind never seen is taken for a usual visit") {
  Situation s = one_room(2);
  s.line[0].kind = 7;
  REQUIRE(minutes(forecast(steady(), s, now), 1) == about(10));
}

TEST_CASE("the current visit is counted down and never below nothing") {
  Situation s = one_room(1);
  double before = 1e9;
  for (const double elapsed : {0.0, 4.0, 9.0}) {
    s.rooms[0].visit = CurrentVisit{0, minute(now_minute - elapsed)};
    const double left = minutes(forecast(steady(), s, now), 0);
    REQUIRE(left == about(10 - elapsed));
    REQUIRE(left < before);
    before = left;
  }
  for (const double elapsed : {11.0, 19.9, 30.0, 300.0}) {
    s.rooms[0].visit = CurrentVisit{0, minute(now_minute - elapsed)};
    const double left = minutes(forecast(steady(), s, now), 0);
    REQUIRE(left > 0);
    REQUIRE(left < 10);
  }
}

TEST_CASE("a visit that outlasts the short ones is one of the long ones") {
  VisitHistory h = steady();
  h.lengths = {};
  h.lengths[2] = h.lengths[8] = 1e9; // 4 or 16 minutes
  Situation s = one_room(1);
  s.rooms[0].visit = CurrentVisit{0, minute(now_minute - 1)};
  REQUIRE(minutes(forecast(h, s, now), 0) == about(9));
  s.rooms[0].visit = CurrentVisit{0, minute(now_minute - 5)};
  REQUIRE(minutes(forecast(h, s, now), 0) == about(11));
}

TEST_CASE("a visit that began in the future, by a clock set back, counts as just begun") {
  Situation s = one_room(1);
  s.rooms[0].visit = CurrentVisit{0, minute(now_minute + 60)};
  REQUIRE(minutes(forecast(steady(), s, now), 0) == about(10));
}

TEST_CASE("two rooms share one line") {
  Situation s = one_room(5);
  s.rooms.push_back({2, CurrentVisit{0, minute(now_minute - 6)}, {}});
  const Forecast f = forecast(steady(), s, now);
  const double expected[] = {0, 4, 10, 14, 20};
  for (std::size_t i = 0; i < 5; ++i) REQUIRE(minutes(f, i) == about(expected[i]));
}

TEST_CASE("a patient of one room does not wait for another") {
  Situation s = one_room(4);
  s.rooms.push_back({2, {}, {}});
  const RoomSet only_one = RoomSet{1} << 1;
  const RoomSet only_two = RoomSet{1} << 2;
  s.line[0].rooms = s.line[1].rooms = s.line[2].rooms = only_one;
  s.line[3].rooms = only_two;
  s.newcomers = {only_one, only_two, any_room, RoomSet{1} << 3};
  const Forecast f = forecast(steady(), s, now);
  REQUIRE(minutes(f, 2) == about(20));
  REQUIRE(minutes(f, 3) == 0);
  REQUIRE(f.newcomers[0]->minutes == about(30));
  REQUIRE(f.newcomers[1]->minutes == about(10));
  REQUIRE(f.newcomers[2]->minutes == about(10));
  REQUIRE_FALSE(f.newcomers[3].has_value());
}

TEST_CASE("today's speed counts half after twelve visits") {
  Situation s = one_room(2);
  s.done.assign(12, {0, 20});
  REQUIRE(minutes(forecast(steady(), s, now), 1) == about(15));
  s.done.assign(12, {0, 5});
  REQUIRE(minutes(forecast(steady(), s, now), 1) == about(7.5));
  s.done.assign(12, {1, 30}); // as long as that kind takes
  REQUIRE(minutes(forecast(steady(), s, now), 1) == about(10));
}

TEST_CASE("one endless visit does not make a slow day") {
  Situation s = one_room(2);
  s.done = {{0, 500}};
  REQUIRE(minutes(forecast(steady(), s, now), 1) == about(10 * (120 + 25) / 130.0));
}

TEST_CASE("a doctor who comes later is waited for, and no pace shortens that") {
  VisitHistory h = steady();
  h.slots = {{700.0 * 100, 100}};
  h.pace.squares = {{{1e6, 0, 0}, {0, 0, 0}, {0, 0, 0}}};
  h.pace.products = {0.5e6, 0, 0}; // everything takes half as long as scheduled
  Situation s = one_room(2);
  s.rooms[0].from = minute(now_minute + 30);
  const Forecast f = forecast(h, s, now);
  REQUIRE(minutes(f, 0) == about(30));
  REQUIRE(minutes(f, 1) == about(35));
}

TEST_CASE("below ten past visits nothing is said") {
  VisitHistory h = steady();
  h.visits = forecast_needs_visits - 1;
  Situation s = one_room(3);
  s.newcomers = {any_room};
  const Forecast f = forecast(h, s, now);
  REQUIRE(f.reason == ForecastReason::too_little_known);
  REQUIRE(f.line.size() == 3);
  REQUIRE_FALSE(f.line[0].has_value());
  REQUIRE_FALSE(f.newcomers.at(0).has_value());
  h.visits = forecast_needs_visits;
  REQUIRE(forecast(h, s, now).reason == ForecastReason::known);
  REQUIRE(forecast(VisitHistory{}, s, now).reason == ForecastReason::too_little_known);
}

TEST_CASE("without an open room nothing is said") {
  Situation s = one_room(1);
  s.rooms.clear();
  const Forecast f = forecast(steady(), s, now);
  REQUIRE(f.reason == ForecastReason::no_room_open);
  REQUIRE_FALSE(f.line.at(0).has_value());
}

TEST_CASE("a newcomer is told what the next at the end of the line would be told") {
  Dice dice(3);
  VisitHistory h;
  for (const SessionLog& session : machiai::test::sessions_of({}, 20, 4)) learn(h, session);
  for (int round = 0; round < 50; ++round) {
    Situation s = one_room(static_cast<std::size_t>(dice.below(40)));
    s.rooms.push_back({2, CurrentVisit{1, minute(now_minute - 3)}, {}});
    s.newcomers = {any_room};
    const Guess newcomer = forecast(h, s, now).newcomers[0].value();
    s.line.emplace_back();
    const Guess last = forecast(h, s, now).line.back().value();
    REQUIRE(newcomer.minutes == last.minutes);
    REQUIRE(newcomer.low == last.low);
    REQUIRE(newcomer.high == last.high);
  }
}

TEST_CASE("of two who wait for the same rooms the later one is never told a sooner call") {
  Dice dice(5);
  for (int round = 0; round < 200; ++round) {
    VisitHistory h;
    machiai::test::Doctor doctor;
    doctor.hurry = dice.unit() * 1.6 - 0.8;
    for (const SessionLog& session : machiai::test::sessions_of(doctor, 12, dice.next())) learn(h, session);
    Situation s;
    for (std::int16_t room = 1; room <= 1 + dice.below(3); ++room) {
      s.rooms.push_back({room, {}, {}});
      if (dice.below(2) == 0) s.rooms.back().visit = CurrentVisit{1, minute(now_minute - dice.below(20))};
      if (dice.below(4) == 0) s.rooms.back().from = minute(now_minute + dice.below(60));
    }
    for (int i = 0; i < 80; ++i)
      s.line.push_back({static_cast<VisitKind>(dice.below(2)), dice.below(2) == 0 ? any_room : RoomSet{2}});
    const Forecast f = forecast(h, s, minute(now_minute + dice.below(240)));
    std::map<RoomSet, Guess> last;
    for (std::size_t i = 0; i < s.line.size(); ++i) {
      const Guess g = f.line[i].value();
      REQUIRE(0 <= g.low);
      REQUIRE(g.low <= g.minutes);
      REQUIRE(g.minutes <= g.high);
      if (const auto before = last.find(s.line[i].rooms); before != last.end()) {
        REQUIRE(before->second.low <= g.low);
        REQUIRE(before->second.minutes <= g.minutes);
        REQUIRE(before->second.high <= g.high);
      }
      last[s.line[i].rooms] = g;
    }
  }
}

TEST_CASE("screens show the range outwards in steps of five minutes") {
  REQUIRE(shown_range(guess_of(20, 19.9, 30.1)) == WaitRange{15, 35});
  REQUIRE(shown_range(guess_of(20, 15, 30)) == WaitRange{15, 30});
  REQUIRE(shown_range(guess_of(0, 0, 0)) == WaitRange{0, 5});
  REQUIRE(shown_range(guess_of(10, 10, 10)) == WaitRange{10, 15});
}

TEST_CASE("the record tells error, width, share inside and share late") {
  // point, low, high, actual
  const std::vector<Outcome> outcomes{{10, 5, 20, 12}, {10, 5, 20, 20}, {10, 8, 12, 20.1}, {30, 20, 50, 10}};
  const Accuracy a = accuracy(outcomes);
  REQUIRE(a.n == 4);
  REQUIRE(a.mean_error == Approx((2 + 10 + 10.1 + 20) / 4));
  REQUIRE(a.median_error == Approx(10.05));
  REQUIRE(a.median_width == Approx(15));
  REQUIRE(a.inside == 0.5);
  REQUIRE(a.late == 0.25); // ten minutes late is not yet more than ten
  REQUIRE(accuracy({}).n == 0);
  REQUIRE(accuracy({}).inside == 0);
}
