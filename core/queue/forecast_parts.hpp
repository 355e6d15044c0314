// SPDX-License-Identifier: Apache-2.0
// What forecasting and learning share; not for other rooms.
#pragma once

#include "core/queue/forecast.hpp"

namespace machiai::queue::parts {

/// A single visit counts at most this many times what its kind usually takes: a doctor called away is not
/// a slow doctor.
inline constexpr double longest = 2.5;
/// VisitHistory::lengths counts in steps of this share of a usual visit.
inline constexpr double length_step = 0.2;

[[nodiscard]] double minutes_between(base::Instant from, base::Instant to);
/// Minutes of the business day, which begins at 4:00: a night clinic's 0:30 is 1470.
[[nodiscard]] double business_minute(base::Instant t);

/// Minutes of a usual visit, from a history that has seen some.
class Usual {
public:
  explicit Usual(const VisitHistory& history);
  [[nodiscard]] double any() const { return any_; }
  [[nodiscard]] double of(VisitKind kind) const { return kind < kinds_.size() ? kinds_[kind] : any_; }

private:
  double any_;
  std::vector<double> kinds_;
};

/// When a room is free, as scheduled at today's speed.
struct Free {
  double minutes = 0; ///< from now
  double passed = 0;  ///< of the room's current visit, at most what such a visit usually takes
};

/// The room each gets by list scheduling; none where no open room may call.
struct Schedule {
  std::vector<std::optional<Free>> line;
  std::vector<std::optional<Free>> newcomers;
};
[[nodiscard]] Schedule schedule(const VisitHistory& history, const Usual& usual, const Situation& situation,
                                base::Instant now);

/// How long scheduled minutes really take: towards the usual end of a session the work goes faster, or
/// slower.
struct Pace {
  double share = 1;    ///< of the scheduled minutes, for the nearest call
  double per_hour = 0; ///< change of that share with every hour scheduled
  /// Grows with `scheduled` whatever was learned.
  [[nodiscard]] double minutes(double scheduled) const;
};
[[nodiscard]] Pace pace(const VisitHistory& history, std::uint8_t slot, base::Instant now);
/// Notes one forecast, if the slot's usual end is known.
void note_pace(VisitHistory& history, std::uint8_t slot, base::Instant now, double scheduled, double actual);

} // namespace machiai::queue::parts
