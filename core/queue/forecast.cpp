// SPDX-License-Identifier: Apache-2.0
#include "core/queue/forecast.hpp"

#include "core/queue/forecast_parts.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::queue {

namespace {

/// The last of those who wait for the same rooms.
struct Last {
  RoomSet rooms = 0;
  Guess guess;
};

class Guesser {
public:
  Guesser(const VisitHistory& history, const parts::Usual& usual, const Situation& situation,
          base::Instant now)
      : usual_(usual.any()), idle_(idle_minutes(situation, now)), bands_(bands(history.range)),
        pace_(parts::pace(history, situation.slot, now + std::chrono::seconds(std::lround(idle_ * 60)))) {}

  std::optional<Guess> guess(const std::optional<parts::Free>& scheduled, RoomSet rooms) {
    if (!scheduled) return std::nullopt;
    Guess g;
    g.scheduled = std::max(0.0, scheduled->minutes - idle_);
    const double minutes = pace_.minutes(g.scheduled);
    g.scale = error_scale(minutes, scheduled->passed, usual_);
    g.visits_ahead = (g.scheduled + scheduled->passed) / usual_;
    const Around range = around(band_for(bands_, g.visits_ahead), minutes, g.scale);
    g.minutes = idle_ + minutes;
    g.low = idle_ + range.low;
    g.high = idle_ + range.high;
    const auto last =
        std::find_if(last_.begin(), last_.end(), [&](const Last& l) { return l.rooms == rooms; });
    if (last != last_.end()) {
      g.low = std::max(g.low, last->guess.low);
      g.high = std::max(g.high, last->guess.high);
      last->guess = g;
    } else {
      last_.push_back({rooms, g});
    }
    return g;
  }

private:
  /// Minutes in which no room calls anybody yet: they pass at the clock's pace.
  static double idle_minutes(const Situation& situation, base::Instant now) {
    std::optional<double> idle;
    for (const OpenRoom& room : situation.rooms) {
      const double wait =
          room.from && !room.visit ? std::max(0.0, parts::minutes_between(now, *room.from)) : 0;
      idle = idle ? std::min(*idle, wait) : wait;
    }
    return idle.value_or(0);
  }

  double usual_;
  double idle_;
  Bands bands_;
  parts::Pace pace_;
  std::vector<Last> last_;
};

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

Forecast forecast(const VisitHistory& history, const Situation& situation, base::Instant now) {
  Forecast result;
  result.line.resize(situation.line.size());
  result.newcomers.resize(situation.newcomers.size());
  if (history.visits < forecast_needs_visits) return result;
  if (situation.rooms.empty()) {
    result.reason = ForecastReason::no_room_open;
    return result;
  }
  result.reason = ForecastReason::known;
  const parts::Usual usual(history);
  const parts::Schedule scheduled = parts::schedule(history, usual, situation, now);
  Guesser guesser(history, usual, situation, now);
  for (std::size_t i = 0; i < situation.line.size(); ++i)
    result.line[i] = guesser.guess(scheduled.line[i], situation.line[i].rooms);
  for (std::size_t i = 0; i < situation.newcomers.size(); ++i)
    result.newcomers[i] = guesser.guess(scheduled.newcomers[i], situation.newcomers[i]);
  return result;
}

double parts::minutes_between(base::Instant from, base::Instant to) {
  return std::chrono::duration<double, std::ratio<60>>(to - from).count();
}

double parts::business_minute(base::Instant t) {
  constexpr int begins = 4 * 60;
  const int minute = base::minute_of_day(t);
  return minute < begins ? minute + 24 * 60 : minute;
}

WaitRange shown_range(const Guess& guess) {
  constexpr double step = 5;
  const int low = static_cast<int>(std::floor(guess.low / step)) * 5;
  const int high = static_cast<int>(std::ceil(guess.high / step)) * 5;
  return {low, std::max(high, low + 5)};
}

Accuracy accuracy(std::span<const Outcome> outcomes) {
  Accuracy a;
  a.n = static_cast<int>(outcomes.size());
  if (outcomes.empty()) return a;
  std::vector<double> errors;
  std::vector<double> widths;
  constexpr double late_minutes = 10;
  for (const Outcome& o : outcomes) {
    errors.push_back(std::abs(o.actual - o.minutes));
    widths.push_back(o.high - o.low);
    a.mean_error += errors.back() / a.n;
    a.inside += o.low <= o.actual && o.actual <= o.high ? 1 : 0;
    a.late += o.actual - o.minutes > late_minutes ? 1 : 0;
  }
  a.inside /= a.n;
  a.late /= a.n;
  a.median_error = median(std::move(errors));
  a.median_width = median(std::move(widths));
  return a;
}

} // namespace machiai::queue
