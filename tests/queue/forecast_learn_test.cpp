// SPDX-License-Identifier: Apache-2.0
#include "core/queue/forecast.hpp"
#include "core/queue/forecast_parts.hpp"
#include "tests/queue/forecast_sessions.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace machiai::queue;
using machiai::test::Dice;
using machiai::test::Doctor;
using machiai::test::minute;
using machiai::test::sessions_of;

namespace {

/// Visits of these lengths, one after the other, all with their numbers taken before.
SessionLog in_a_row(const std::vector<double>& lengths) {
  SessionLog log;
  double at = 540;
  for (const double length : lengths) {
    Visit visit;
    visit.called = minute(at);
    visit.ended = minute(at + length);
    log.visits.push_back(visit);
    at += length;
  }
  return log;
}

double usual(const VisitHistory& history) {
  return parts::Usual(history).any();
}

struct Count {
  double inside = 0;
  double all = 0;
  [[nodiscard]] double share() const { return inside / all; }
};

/// How many of the session's patients were called within the range they were given so many minutes after
/// each call; `next_only`: of those who were next.
void count_inside(const VisitHistory& history, const SessionLog& session, Count& count, int minutes_after = 0,
                  bool next_only = false) {
  for (std::size_t i = 0; i + 1 < session.visits.size(); ++i) {
    const auto now = session.visits[i].called + std::chrono::minutes(minutes_after);
    if (now >= session.visits[i + 1].called) continue;
    const Forecast f = forecast(history, situation_at(session, now), now);
    const auto line = waiting_at(session, now);
    for (std::size_t k = 0; k < (next_only ? 1 : line.size()); ++k) {
      const double actual = parts::minutes_between(now, session.visits[line[k]].called);
      count.inside += f.line[k]->low <= actual && actual <= f.line[k]->high ? 1 : 0;
      count.all += 1;
    }
  }
}

} // namespace

TEST_CASE("a session teaches how long visits take, from call to call") {
  VisitHistory h;
  learn(h, in_a_row(std::vector<double>(13, 8.0)));
  REQUIRE(h.sessions == 1);
  REQUIRE(h.visits == 12); // how long the last one kept the room nobody knows
  REQUIRE(usual(h) == Approx(8));
}

TEST_CASE("an interruption counts as a long visit, not as what it was") {
  std::vector<double> lengths(21, 8.0);
  lengths[10] = 240;
  VisitHistory h;
  learn(h, in_a_row(lengths));
  REQUIRE(usual(h) == Approx((19 * 8 + 2.5 * 8) / 20));
}

TEST_CASE("time in which nobody waited is not part of a visit") {
  SessionLog log = in_a_row({8, 8, 8, 8});
  log.visits[2].called += std::chrono::minutes(10);
  log.visits[2].ended = log.visits[2].called + std::chrono::minutes(8);
  log.visits[3].called += std::chrono::minutes(10);
  log.visits[2].taken = log.visits[2].called - std::chrono::minutes(1);
  const auto done = done_at(log, log.visits.back().called);
  REQUIRE(done.size() == 3);
  REQUIRE(done[0].minutes == Approx(8));
  REQUIRE(done[1].minutes == Approx(9)); // the doctor was free, then needed a minute to call
  log.visits[2].taken = log.visits[0].called;
  REQUIRE(done_at(log, log.visits.back().called)[1].minutes == Approx(18));
}

TEST_CASE("the situation at a moment holds only what was known then") {
  SessionLog log = in_a_row({8, 8, 8, 8});
  log.visits[3].taken = log.visits[1].called + std::chrono::minutes(1);
  const Situation s = situation_at(log, log.visits[1].called);
  REQUIRE(s.done.size() == 1);
  REQUIRE(s.rooms.size() == 1);
  REQUIRE(s.rooms[0].visit->called == log.visits[1].called);
  REQUIRE(s.line.size() == 1); // the fourth has no number yet
  REQUIRE(waiting_at(log, log.visits[1].called) == std::vector<std::size_t>{2});
}

TEST_CASE("rooms of a session are open from their first call to the end of their last visit") {
  SessionLog log = in_a_row({8, 8, 8, 8});
  log.visits[1].room = 1;
  const auto rooms = [&](double at) { return situation_at(log, minute(at)).rooms.size(); };
  REQUIRE(rooms(541) == 1);
  REQUIRE(rooms(549) == 2);
  REQUIRE(rooms(557) == 1);
}

TEST_CASE("an empty session and a session of one teach no length") {
  VisitHistory h;
  learn(h, SessionLog{});
  REQUIRE(h == VisitHistory{});
  learn(h, in_a_row({8}));
  REQUIRE(h.visits == 0);
  REQUIRE(h.sessions == 1);
}

TEST_CASE("a doctor who hurries towards the end is learned") {
  Doctor hurried;
  hurried.hurry = 0.6;
  VisitHistory h;
  for (const SessionLog& session : sessions_of(hurried, 60, 11)) learn(h, session);
  const parts::Pace early = parts::pace(h, 0, minute(540));
  REQUIRE(early.per_hour < -0.02);
  REQUIRE(parts::pace(h, 0, minute(600)).share < early.share);
  Doctor even;
  VisitHistory plain;
  for (const SessionLog& session : sessions_of(even, 60, 11)) learn(plain, session);
  REQUIRE(std::abs(parts::pace(plain, 0, minute(540)).per_hour) < 0.07);
}

TEST_CASE("whatever pace was learned, more scheduled is more forecast") {
  for (const double share : {-1.0, 0.2, 0.5, 1.0, 1.7, 5.0})
    for (const double per_hour : {-3.0, -0.2, -0.01, 0.0, 0.01, 0.4, 3.0}) {
      const parts::Pace pace{share, per_hour};
      REQUIRE(pace.minutes(0) == 0);
      for (int at = 1; at < 600; ++at) REQUIRE(pace.minutes(at) > pace.minutes(at - 1));
    }
}

TEST_CASE("ranges hold four in five on sessions not seen before, whoever the doctor is") {
  const Doctor doctors[] = {
      {}, {20, 20, 0.2, 0.05, 0.5, 15}, {5, 3, 0.6, 0.3, 0, 50}, {15, 9, 0.5, 0.1, 0.4, 18}};
  for (const Doctor& doctor : doctors) {
    VisitHistory h;
    Count count;
    for (const SessionLog& session : sessions_of(doctor, 220, 21)) {
      if (h.sessions >= 20) count_inside(h, session, count);
      learn(h, session);
    }
    REQUIRE(count.share() > 0.77);
    REQUIRE(count.share() < 0.83);
  }
}

TEST_CASE("ranges hold as well in the middle of a visit, also for the next patient") {
  for (const int minutes_after : {3, 6}) {
    VisitHistory h;
    Count all;
    Count next;
    for (const SessionLog& session : sessions_of({}, 200, 23)) {
      if (h.sessions >= 20) {
        count_inside(h, session, all, minutes_after);
        count_inside(h, session, next, minutes_after, true);
      }
      learn(h, session);
    }
    REQUIRE(all.share() > 0.77);
    REQUIRE(all.share() < 0.83);
    REQUIRE(next.share() > 0.72);
    REQUIRE(next.share() < 0.88);
  }
}

TEST_CASE("when a doctor changes, the range follows; without the moving levels it would not in time") {
  Doctor wild;
  wild.visit_spread = 0.9;
  wild.day_spread = 0.35;
  const auto before = sessions_of({}, 150, 31);
  const auto after = sessions_of(wild, 60, 32);
  const auto share_after = [&](bool levels_move) {
    VisitHistory h;
    Count count;
    for (const SessionLog& session : before) learn(h, session);
    for (const SessionLog& session : after) {
      if (!levels_move) {
        h.range.low_level = RangeRecord{}.low_level;
        h.range.high_level = RangeRecord{}.high_level;
      }
      count_inside(h, session, count);
      learn(h, session);
    }
    return count.share();
  };
  REQUIRE(share_after(true) > 0.75);
  REQUIRE(share_after(false) < share_after(true) - 0.03);
}

TEST_CASE("a day of a thousand patients is learned") {
  VisitHistory h;
  Doctor busy;
  busy.patients = 1000;
  for (const SessionLog& session : sessions_of(busy, 3, 41)) learn(h, session);
  REQUIRE(h.visits > 2900);
  REQUIRE(h.range.usual_forecasts > 10'000);
  REQUIRE(h.range.usual_forecasts < 64 * 1004);
}
