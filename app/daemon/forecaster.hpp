// SPDX-License-Identifier: Apache-2.0
// The daemon's forecast: today's visits, what earlier days taught, and how true it was.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/statistics.hpp"
#include "core/queue/views.hpp"
#include "core/queue/visits.hpp"
#include "core/store/ledger.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace machiai::daemon {

/// What finished business dates taught.
struct Learned {
  queue::VisitHistory history;
  std::map<std::int32_t, std::vector<queue::Outcome>> outcomes; ///< of the latest dates, by Date::days
};

/// Reads the finished dates before `open_date`, oldest first; for the reader's thread.
[[nodiscard]] base::Result<Learned> learn_from(store::Ledger& ledger, const queue::Clinic& clinic,
                                               base::Date open_date);

/// How true the forecasts of one finished date were.
[[nodiscard]] base::Result<std::vector<queue::Outcome>>
outcomes_of(store::Ledger& ledger, const queue::Clinic& clinic, base::Date date);

class Forecaster {
public:
  explicit Forecaster(const queue::Clinic& clinic) : clinic_(clinic), today_(clinic) {}

  /// A durable event, just folded into `day`.
  void note(const queue::Day& day, const queue::Event& event);
  /// The finished dates have been read.
  void learned(Learned learned);
  /// A date has ended since, and its outcomes have been read.
  void judge(base::Date date, std::vector<queue::Outcome> outcomes);
  /// Everybody's wait as it stands; computed at most once a second while nothing changes.
  [[nodiscard]] const queue::Waits& waits(const queue::Day& day, base::Instant now);
  /// What phones are told.
  [[nodiscard]] queue::OutsideWaits outside(const queue::Day& day, base::Instant now);
  [[nodiscard]] const queue::AccuracyView& accuracy() const { return accuracy_; }

private:
  const queue::Clinic& clinic_;
  queue::VisitBook today_;
  Learned learned_;
  bool ready_ = false;                      ///< the finished dates have been read
  std::vector<queue::SessionLog> finished_; ///< since the start, to be learned once they have
  queue::Waits waits_;
  std::uint64_t waits_seq_ = 0;
  base::Instant waits_at_{};
  std::chrono::steady_clock::time_point computed_{};
  std::chrono::steady_clock::duration waits_cost_{};
  queue::AccuracyView accuracy_;
};

} // namespace machiai::daemon
