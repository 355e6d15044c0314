// SPDX-License-Identifier: Apache-2.0
// What the forecast costs: one JSON line with the median of many rounds, in microseconds.
#include "core/queue/forecast.hpp"
#include "tests/queue/forecast_sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

using namespace machiai;

namespace {

template <class Work> double median_us(Work work) {
  std::vector<double> rounds;
  for (int i = 0; i < 501; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    rounds.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count());
  }
  std::nth_element(rounds.begin(), rounds.begin() + 250, rounds.end());
  return rounds[250];
}

} // namespace

int main() {
  queue::VisitHistory history;
  const auto past = test::sessions_of({}, 60, 1);
  for (const auto& session : past) queue::learn(history, session);
  queue::Situation day;
  for (std::int16_t room = 0; room < 4; ++room)
    day.rooms.push_back({room, queue::CurrentVisit{0, test::minute(596)}, {}});
  day.done.resize(500, {1, 7});
  day.newcomers = {queue::any_room, queue::any_room};
  double waits = 0;
  const auto cost = [&](std::size_t waiting) {
    day.line.resize(waiting, {1, queue::any_room});
    return median_us([&] { waits += queue::forecast(history, day, test::minute(600)).line.size(); });
  };
  const double hundred = cost(100);
  const double thousand = cost(1000);
  const double session = median_us([&] { queue::learn(history, past.front()); });
  fmt::print("{{\"forecast_100_us\":{:.1f},\"forecast_1000_us\":{:.1f},\"learn_session_us\":{:.1f}}}\n",
             hundred, thousand, session);
  return waits > 0 ? 0 : 1;
}
