// SPDX-License-Identifier: Apache-2.0
// The replay must not look ahead: no forecast may change when what comes after it changes.
#include "app/forecast/baseline.hpp"
#include "app/forecast/replay.hpp"
#include "app/forecast/sessions.hpp"
#include "tests/queue/forecast_sessions.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <sstream>

using namespace machiai;
using namespace machiai::forecasting;
using machiai::test::minute;

namespace {

using Replay = std::function<std::vector<Outcomes>(const std::vector<NamedSession>&)>;

std::vector<NamedSession> sample() {
  std::vector<NamedSession> sessions;
  for (const auto& log : test::sessions_of({12, 6, 0.4, 0.18, 0.4, 14}, 16, 51))
    sessions.push_back({std::to_string(sessions.size() + 1), log});
  return sessions;
}

bool same_guesses(const std::vector<queue::Outcome>& a, const std::vector<queue::Outcome>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.minutes == y.minutes && x.low == y.low && x.high == y.high;
  });
}

bool same_guesses(const Outcomes& a, const Outcomes& b) {
  return a.withheld == b.withheld && same_guesses(a.forecast, b.forecast) && same_guesses(a.fixed, b.fixed) &&
         same_guesses(a.rolling, b.rolling);
}

/// Whether what comes after session `known` leaves the forecasts up to it alone.
bool blind_to_later_sessions(const Replay& replayed, std::size_t known) {
  auto sessions = sample();
  const auto before = replayed(sessions);
  std::reverse(sessions.begin() + static_cast<std::ptrdiff_t>(known) + 1, sessions.end());
  const auto after = replayed(sessions);
  sessions.resize(known + 1);
  const auto alone = replayed(sessions);
  for (std::size_t i = 0; i <= known; ++i)
    if (!same_guesses(before[i], after[i]) || !same_guesses(before[i], alone[i])) return false;
  return true;
}

/// The forecasts made at call `call` of session `at`, which has no two calls at once.
std::vector<queue::Outcome> at_call(const std::vector<Outcomes>& all, std::size_t at, std::size_t patients,
                                    std::size_t call) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < call; ++i) first += patients - 1 - i;
  const auto begin = all[at].forecast.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(patients - 1 - call)};
}

/// Whether forecasts at call `call` of the last session ignore how long that visit and all later ones take.
bool blind_to_later_calls(const Replay& replayed, std::size_t call) {
  auto sessions = sample();
  auto& visits = sessions.back().log.visits;
  const auto before = at_call(replayed(sessions), sessions.size() - 1, visits.size(), call);
  for (std::size_t i = call; i < visits.size(); ++i) {
    const auto late = std::chrono::minutes(7 * (i - call));
    visits[i].called += late;
    visits[i].ended = *visits[i].ended + late + std::chrono::minutes(7);
  }
  return same_guesses(before, at_call(replayed(sessions), sessions.size() - 1, visits.size(), call));
}

/// As replay(), but learning the session before it forecasts it.
std::vector<Outcomes> peeking(const std::vector<NamedSession>& sessions) {
  queue::VisitHistory history;
  std::vector<Outcomes> all;
  for (const NamedSession& session : sessions) {
    queue::learn(history, session.log);
    Outcomes& outcomes = all.emplace_back();
    for (const queue::Visit& visit : session.log.visits)
      for (const auto& g :
           queue::forecast(history, queue::situation_at(session.log, visit.called), visit.called).line)
        outcomes.forecast.push_back({g->minutes, g->low, g->high, 0});
  }
  return all;
}

/// As replay(), but learning all sessions first.
std::vector<Outcomes> knowing_all(const std::vector<NamedSession>& sessions) {
  queue::VisitHistory history;
  for (const NamedSession& session : sessions) queue::learn(history, session.log);
  std::vector<Outcomes> all;
  for (const NamedSession& session : sessions) {
    Outcomes& outcomes = all.emplace_back();
    const base::Instant now = session.log.visits.front().called;
    for (const auto& g : queue::forecast(history, queue::situation_at(session.log, now), now).line)
      outcomes.forecast.push_back({g->minutes, g->low, g->high, 0});
  }
  return all;
}

tl::expected<std::vector<NamedSession>, FileError> read(const std::string& text) {
  std::istringstream in(text);
  return read_sessions(in);
}

constexpr const char* header = "Session,Month,AM_PM,Visit.No,StartTime,PayTime,ServTime\n";

} // namespace

TEST_CASE("no forecast changes when later sessions change") {
  for (const std::size_t known : {0U, 1U, 2U, 7U, 14U}) REQUIRE(blind_to_later_sessions(replay, known));
}

TEST_CASE("a learner that has seen all sessions is found out") {
  REQUIRE_FALSE(blind_to_later_sessions(knowing_all, 7));
}

TEST_CASE("no forecast changes when its own visit and later ones take longer") {
  for (const std::size_t call : {0U, 1U, 5U, 8U}) REQUIRE(blind_to_later_calls(replay, call));
}

TEST_CASE("a learner that has seen the session is found out") {
  REQUIRE_FALSE(blind_to_later_calls(peeking, 5));
}

TEST_CASE("who comes after a patient does not change that patient's forecast") {
  auto sessions = sample();
  auto& visits = sessions.back().log.visits;
  const std::size_t patients = visits.size();
  const auto before = at_call(replay(sessions), sessions.size() - 1, patients, 2);
  constexpr std::size_t kept = 7;
  for (std::size_t i = kept; i < patients; ++i) visits[i].kind = 1 - visits[i].kind;
  auto changed = at_call(replay(sessions), sessions.size() - 1, patients, 2);
  changed.resize(kept - 2);
  visits.resize(kept + 1);
  const auto fewer = at_call(replay(sessions), sessions.size() - 1, kept + 1, 2);
  REQUIRE(same_guesses({before.begin(), before.begin() + kept - 2}, changed));
  REQUIRE(same_guesses({before.begin(), before.begin() + kept - 2}, fewer));
}

TEST_CASE("all methods are measured on the same patients, and withheld alike") {
  const auto sessions = sample();
  const auto all = replay(sessions);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t n = sessions[i].log.visits.size();
    REQUIRE(all[i].forecast.size() + all[i].withheld == n * (n - 1) / 2);
    REQUIRE(all[i].fixed.size() == all[i].forecast.size());
    REQUIRE(all[i].rolling.size() == all[i].forecast.size());
    for (std::size_t k = 0; k < all[i].forecast.size(); ++k) {
      REQUIRE(all[i].fixed[k].actual == all[i].forecast[k].actual);
      REQUIRE(all[i].rolling[k].actual == all[i].forecast[k].actual);
    }
  }
  REQUIRE(all[0].forecast.empty());
  REQUIRE_FALSE(all.back().forecast.empty());
}

TEST_CASE("the baselines are minutes a patient times people ahead") {
  Baseline fixed{Baseline::Pace::fixed, 100, 10, {}};
  Baseline rolling{Baseline::Pace::rolling, 100, 10, {}};
  queue::SessionLog log;
  for (const double at : {540.0, 580.0, 582.0, 584.0, 586.0, 588.0, 590.0}) {
    log.visits.emplace_back();
    log.visits.back().called = minute(at);
  }
  REQUIRE(minutes_each(fixed, log, minute(590)) == 10);
  REQUIRE(minutes_each(rolling, log, minute(540)) == 10); // no interval yet
  REQUIRE(minutes_each(rolling, log, minute(580)) == 40);
  REQUIRE(minutes_each(rolling, log, minute(588)) == Approx(48 / 5.0));
  REQUIRE(minutes_each(rolling, log, minute(590)) == 2); // the last five only
  REQUIRE(guess(queue::bands(fixed.range), 10, 3).minutes == 30);
  learn(fixed, log);
  REQUIRE(minutes_each(fixed, log, minute(540)) == Approx(150 / 16.0));
}

TEST_CASE("a file is read by the names of its columns, in any order of lines") {
  const auto read_back = read("\xEF\xBB\xBF" + std::string(header) +
                              "7,May,afternoon,1,14:40:00,,300\r\n"
                              "7,May,afternoon,3,14:30:00,15:00:00,600\r\n"
                              "\"8,b\",May,morning,2,9:00:05,,60\r\n");
  REQUIRE(read_back);
  REQUIRE(read_back->size() == 2);
  const auto& [name, log] = read_back->front();
  REQUIRE(name == "7");
  REQUIRE(log.visits.size() == 2);
  REQUIRE(log.visits[0].called == minute(870));
  REQUIRE(log.visits[0].ended == minute(880));
  REQUIRE(log.visits[0].kind == 1);
  REQUIRE(log.visits[1].kind == 0);
  REQUIRE((*read_back)[1].name == "8,b");
  REQUIRE((*read_back)[1].log.slot != log.slot);
}

TEST_CASE("what a clinic did not record is not known, not refused") {
  const auto sessions =
      read(std::string(header) + "1,May,morning,,9:00:00,,\n1,May,morning,NA,9:10:00,,NA\n");
  REQUIRE(sessions);
  REQUIRE_FALSE(sessions->front().log.visits[0].ended.has_value());
  REQUIRE(sessions->front().log.visits[1].kind == 2);
}

TEST_CASE("numbers may be written as decimals, as a table with gaps has them") {
  const auto sessions = read(std::string(header) + "1,May,morning,1.0,9:00:00,,691.5\n"
                                                   "1,May,morning,4.0,9:20:00,,691.0\n"
                                                   "1,May,morning,2,9:40:00,,0.0004\n");
  REQUIRE(sessions);
  const auto& visits = sessions->front().log.visits;
  REQUIRE(visits[0].kind == 0);
  REQUIRE(visits[1].kind == 1);
  REQUIRE(*visits[0].ended - visits[0].called == std::chrono::milliseconds{691'500});
  REQUIRE(*visits[1].ended - visits[1].called == std::chrono::seconds{691});
  REQUIRE(*visits[2].ended == visits[2].called);
}

TEST_CASE("a line that cannot be understood is refused with its number") {
  const std::pair<std::string, std::string> bad[] = {
      {"", "line 1: the file is empty"},
      {"Session,AM_PM,Visit.No,StartTime\n", "line 1: no column ServTime"},
      {std::string(header) + "1,May,morning,1,9:00:00,,60\n1,May,morning,1,9:00:00,60\n",
       "line 3: 6 fields where the first line has 7"},
      {std::string(header) + ",May,morning,1,9:00:00,,60\n", "line 2: Session is empty"},
      {std::string(header) + "1,May,morning,0,9:00:00,,60\n", "line 2: Visit.No is not a number from 1"},
      {std::string(header) + "1,May,morning,1,9:60:00,,60\n", "line 2: StartTime is not a time like 8:31:40"},
      {std::string(header) + "1,May,morning,1,9:00,,60\n", "line 2: StartTime is not a time like 8:31:40"},
      {std::string(header) + "1,May,morning,1,,,60\n", "line 2: StartTime is not a time like 8:31:40"},
      {std::string(header) + "1,May,morning,1,9:00:00,,-5\n", "line 2: ServTime is not a number of seconds"},
      {std::string(header) + "1,May,morning,1,9:00:00,,6x\n", "line 2: ServTime is not a number of seconds"},
      {std::string(header) + "1,May,morning,1,9:00:00,,86400.5\n",
       "line 2: ServTime is not a number of seconds"},
      {std::string(header) + "1,May,morning,1,9:00:00,,nan\n", "line 2: ServTime is not a number of seconds"},
      {std::string(header) + "1,May,morning,1,9:00:00,,1e3\n", "line 2: ServTime is not a number of seconds"},
      {std::string(header) + "1,May,morning,1.5,9:00:00,,60\n", "line 2: Visit.No is not a number from 1"},
      {std::string(header) + "1,May,\"morning,1,9:00:00,,60\n", "line 2: a quote is not closed"},
      {std::string(header) + "1,May,morning,1,9:00:00,,60\n1,May,afternoon,1,14:00:00,,60\n",
       "line 3: AM_PM differs within the session"}};
  for (const auto& [text, detail] : bad) {
    const auto refused = read(text);
    REQUIRE_FALSE(refused);
    REQUIRE(refused.error() == detail);
  }
}
