// SPDX-License-Identifier: Apache-2.0
// What a clinic shows without a forecast: minutes a patient times people ahead. To be compared with.
#pragma once

#include "core/queue/forecast.hpp"

#include <cstdint>

namespace machiai::forecasting {

/// Minutes a patient learned as the mean from one call to the next, times people ahead; with a range from
/// its own past errors, like the forecast's.
struct Baseline {
  enum class Pace : std::uint8_t {
    fixed,  ///< the mean of all earlier sessions
    rolling ///< the mean of today's last 5; the fixed one before the second call
  };
  Pace pace = Pace::fixed;
  double minutes = 0;   ///< sum over all earlier sessions
  double intervals = 0; ///< how many
  queue::RangeRecord range;
};

/// Minutes a patient at `now`.
[[nodiscard]] double minutes_each(const Baseline& baseline, const queue::SessionLog& session,
                                  base::Instant now);
/// For the patient with `ahead` intervals to go.
[[nodiscard]] queue::Guess guess(const queue::Bands& bands, double each, std::size_t ahead);
void learn(Baseline& baseline, const queue::SessionLog& session);

} // namespace machiai::forecasting
