// SPDX-License-Identifier: Apache-2.0
#include "app/forecast/baseline.hpp"

#include <algorithm>

namespace machiai::forecasting {

namespace {

constexpr std::size_t rolling_intervals = 5;
double minutes_between(base::Instant from, base::Instant to) {
  return std::chrono::duration<double, std::ratio<60>>(to - from).count();
}

} // namespace

double minutes_each(const Baseline& baseline, const queue::SessionLog& session, base::Instant now) {
  const double fixed = baseline.intervals > 0 ? baseline.minutes / baseline.intervals : 0;
  if (baseline.pace == Baseline::Pace::fixed) return fixed;
  std::vector<base::Instant> calls;
  for (const queue::Visit& visit : session.visits)
    if (visit.called <= now) calls.push_back(visit.called);
  if (calls.size() < 2) return fixed;
  const std::size_t intervals = std::min(rolling_intervals, calls.size() - 1);
  return minutes_between(calls[calls.size() - 1 - intervals], calls.back()) / static_cast<double>(intervals);
}

queue::Guess guess(const queue::Bands& bands, double each, std::size_t ahead) {
  queue::Guess g;
  g.visits_ahead = static_cast<double>(ahead);
  g.minutes = each * g.visits_ahead;
  g.scale = queue::error_scale(g.minutes, 0, each);
  const queue::Around range = queue::around(queue::band_for(bands, g.visits_ahead), g.minutes, g.scale);
  g.low = range.low;
  g.high = range.high;
  return g;
}

void learn(Baseline& baseline, const queue::SessionLog& session) {
  if (session.visits.empty()) return;
  if (baseline.intervals > 0) {
    const queue::Bands given = queue::bands(baseline.range);
    queue::RangeTally tally;
    for (std::size_t i = 0; i + 1 < session.visits.size(); ++i) {
      const base::Instant now = session.visits[i].called;
      const double each = minutes_each(baseline, session, now);
      std::size_t ahead = 0;
      for (const std::size_t at : queue::waiting_at(session, now)) {
        const queue::Guess g = guess(given, each, ++ahead);
        const double actual = minutes_between(now, session.visits[at].called);
        queue::note(tally, given, g.visits_ahead, queue::error_ratio(actual, g.minutes, g.scale));
      }
    }
    queue::settle(baseline.range, tally);
  }
  baseline.minutes += minutes_between(session.visits.front().called, session.visits.back().called);
  baseline.intervals += static_cast<double>(session.visits.size() - 1);
}

} // namespace machiai::forecasting
