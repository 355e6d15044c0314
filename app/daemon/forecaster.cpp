// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/forecaster.hpp"

#include <cmath>

namespace machiai::daemon {

namespace {

/// Habits older than this many days say little, and a year of them would slow the start.
constexpr int learned_days = 120;
/// The record on the desk speaks of the last month.
constexpr int judged_days = 31;
constexpr std::chrono::seconds waits_hold_for{1};
/// While numbers pour in the forecast may take one part in so many of the time; at a clinic's pace it is
/// always that of the newest number.
constexpr int share_of_time = 100;

/// The record on the desk, of the latest dates that have one.
queue::AccuracyView judged(const std::map<std::int32_t, std::vector<queue::Outcome>>& dates) {
  std::vector<queue::Outcome> outcomes;
  int days = 0;
  for (const auto& [date, of_date] : dates) {
    outcomes.insert(outcomes.end(), of_date.begin(), of_date.end());
    days += of_date.empty() ? 0 : 1;
  }
  const queue::Accuracy accuracy = queue::accuracy(outcomes);
  const auto percent = [](double share) { return static_cast<int>(std::lround(share * 100)); };
  return {accuracy.n, days, percent(accuracy.inside), static_cast<int>(std::lround(accuracy.median_error)),
          percent(accuracy.late)};
}

} // namespace

base::Result<Learned> learn_from(store::Ledger& ledger, const queue::Clinic& clinic, base::Date open_date) {
  Learned learned;
  const auto dates = ledger.dates(base::Date{open_date.days - learned_days}, base::Date{open_date.days - 1});
  MACHIAI_TRY(dates);
  for (const base::Date date : *dates) {
    queue::Day day = queue::new_day(clinic);
    queue::VisitBook book(clinic);
    queue::DayCounter counter(clinic);
    MACHIAI_TRY(ledger.each_event_of(date, [&](store::EventRow&& row) -> base::Status {
      queue::fold(clinic, day, row.event);
      book.note(day, row.event);
      counter.note(row.event);
      return {};
    }));
    for (const queue::SessionLog& log : book.sessions()) queue::learn(learned.history, log);
    if (open_date.days - date.days > judged_days) continue;
    learned.outcomes[date.days] = counter.count().outcomes;
  }
  return learned;
}

base::Result<std::vector<queue::Outcome>> outcomes_of(store::Ledger& ledger, const queue::Clinic& clinic,
                                                      base::Date date) {
  queue::DayCounter counter(clinic);
  MACHIAI_TRY(ledger.each_event_of(date, [&](store::EventRow&& row) -> base::Status {
    counter.note(row.event);
    return {};
  }));
  return counter.count().outcomes;
}

void Forecaster::note(const queue::Day& day, const queue::Event& event) {
  // A new date: what the one before taught.
  if (std::holds_alternative<queue::DayOpened>(event.body))
    for (queue::SessionLog& log : today_.sessions()) {
      if (ready_)
        queue::learn(learned_.history, log);
      else
        finished_.push_back(std::move(log));
    }
  today_.note(day, event);
}

void Forecaster::learned(Learned learned) {
  learned_ = std::move(learned);
  for (const queue::SessionLog& log : finished_) queue::learn(learned_.history, log);
  finished_.clear();
  ready_ = true;
  accuracy_ = judged(learned_.outcomes);
  waits_at_ = {};
}

void Forecaster::judge(base::Date date, std::vector<queue::Outcome> outcomes) {
  auto& dates = learned_.outcomes;
  dates[date.days] = std::move(outcomes);
  dates.erase(dates.begin(), dates.upper_bound(date.days - judged_days));
  accuracy_ = judged(dates);
}

queue::OutsideWaits Forecaster::outside(const queue::Day& day, base::Instant now) {
  const queue::Waits expected =
      queue::waits_of(clinic_, day, today_, learned_.history, now, queue::Line::expected);
  return queue::outside_waits(day, waits(day, now), expected);
}

const queue::Waits& Forecaster::waits(const queue::Day& day, base::Instant now) {
  const bool held = now >= waits_at_ && now - waits_at_ < waits_hold_for;
  const auto began = std::chrono::steady_clock::now();
  const bool pouring = began - computed_ < waits_cost_ * share_of_time;
  if (!held || (waits_seq_ != day.seq && !pouring)) {
    waits_ = queue::waits_of(clinic_, day, today_, learned_.history, now);
    waits_seq_ = day.seq;
    waits_at_ = now;
    computed_ = std::chrono::steady_clock::now();
    waits_cost_ = computed_ - began;
  }
  return waits_;
}

} // namespace machiai::daemon
