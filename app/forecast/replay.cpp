// SPDX-License-Identifier: Apache-2.0
#include "app/forecast/replay.hpp"

#include "app/forecast/baseline.hpp"

namespace machiai::forecasting {

namespace {

struct Learned {
  queue::VisitHistory history;
  Baseline fixed{Baseline::Pace::fixed, 0, 0, {}};
  Baseline rolling{Baseline::Pace::rolling, 0, 0, {}};
};

queue::Outcome outcome(const queue::Guess& guess, double actual) {
  return {guess.minutes, guess.low, guess.high, actual};
}

void forecast_at(const Learned& learned, const queue::SessionLog& session, base::Instant now,
                 Outcomes& outcomes) {
  const auto line = queue::waiting_at(session, now);
  const queue::Forecast given = queue::forecast(learned.history, queue::situation_at(session, now), now);
  if (given.reason != queue::ForecastReason::known) {
    outcomes.withheld += line.size();
    return;
  }
  const queue::Bands fixed_bands = queue::bands(learned.fixed.range);
  const queue::Bands rolling_bands = queue::bands(learned.rolling.range);
  const double fixed_each = minutes_each(learned.fixed, session, now);
  const double rolling_each = minutes_each(learned.rolling, session, now);
  for (std::size_t k = 0; k < line.size(); ++k) {
    using Minutes = std::chrono::duration<double, std::ratio<60>>;
    const double actual = Minutes{session.visits[line[k]].called - now}.count();
    outcomes.forecast.push_back(outcome(*given.line[k], actual));
    outcomes.fixed.push_back(outcome(guess(fixed_bands, fixed_each, k + 1), actual));
    outcomes.rolling.push_back(outcome(guess(rolling_bands, rolling_each, k + 1), actual));
  }
}

} // namespace

std::vector<Outcomes> replay(const std::vector<NamedSession>& sessions) {
  Learned learned;
  std::vector<Outcomes> all;
  for (const NamedSession& session : sessions) {
    Outcomes& outcomes = all.emplace_back();
    const auto& visits = session.log.visits;
    for (std::size_t i = 0; i < visits.size(); ++i)
      if (i == 0 || visits[i].called != visits[i - 1].called)
        forecast_at(learned, session.log, visits[i].called, outcomes);
    queue::learn(learned.history, session.log);
    learn(learned.fixed, session.log);
    learn(learned.rolling, session.log);
  }
  return all;
}

} // namespace machiai::forecasting
