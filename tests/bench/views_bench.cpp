// SPDX-License-Identifier: Apache-2.0
// How long the views of a day with many tickets take to compute. bench-views [TICKETS] -> JSON, microseconds.
#include "core/queue/decide.hpp"
#include "core/queue/views.hpp"
#include "core/queue/visits.hpp"
#include "tests/queue/history.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace machiai;
using namespace machiai::queue;
using Steady = std::chrono::steady_clock;

namespace {

template <class F> double median_us(F&& compute) {
  std::vector<double> times;
  for (int i = 0; i < 51; ++i) {
    const auto began = Steady::now();
    compute();
    times.push_back(std::chrono::duration<double, std::micro>(Steady::now() - began).count());
  }
  std::nth_element(times.begin(), times.begin() + 25, times.end());
  return times[25];
}

} // namespace

int main(int argc, char** argv) {
  const int tickets = argc > 1 ? std::atoi(argv[1]) : 1000;
  const Clinic clinic = test::small_clinic();
  Day day = new_day(clinic);
  VisitBook book(clinic);
  base::Instant now = base::at_minute({20781}, 9 * 60);
  const auto when = [&](const Command& command) {
    const auto decision = decide(clinic, day, command, {"desk", "bench"}, now);
    if (!decision) return;
    for (const EventBody& body : decision->events) {
      const Event event{day.seq + 1, day.seq + 1, 0, "", "desk", "bench", now, body};
      fold(clinic, day, event);
      book.note(day, event);
    }
  };
  when(OpenCounter{"naika"});
  when(OpenCounter{"shouni"});
  for (int i = 0; i < tickets; ++i) {
    when(Take{i % 3 == 0 ? "shouni" : "naika", "", "", "", false});
    now += std::chrono::seconds{10};
  }
  // Half of the day is over.
  for (int i = 0; i < tickets / 2; ++i)
    when(CallNext{i % 3 == 0 ? "shouni" : "naika", i % 2 == 0 ? "1" : "2", std::nullopt, std::nullopt});
  VisitHistory history;
  for (int i = 0; i < 3; ++i)
    for (const SessionLog& log : book.sessions()) learn(history, log);
  Waits waits = waits_of(clinic, day, book, history, now);
  std::size_t kept = 0; // so that nothing is left out
  const double forecast_us = median_us([&] { waits = waits_of(clinic, day, book, history, now); });
  const double board = median_us([&] { kept += board_view(clinic, day, now, &waits).next.size(); });
  const double kiosk = median_us([&] { kept += kiosk_view(clinic, day, now, &waits).services.size(); });
  const double desk = median_us([&] { kept += desk_view(clinic, day, now, &waits).tickets.size(); });
  const double rooms = median_us([&] { kept += rooms_view(clinic, day, now).rooms.size(); });
  std::printf("{\"tickets\":%d,\"forecast_us\":%.0f,\"board_us\":%.0f,\"kiosk_us\":%.0f,\"desk_us\":%.0f,"
              "\"rooms_us\":%.0f,\"kept\":%zu}\n",
              tickets, forecast_us, board, kiosk, desk, rooms, kept);
  return 0;
}
