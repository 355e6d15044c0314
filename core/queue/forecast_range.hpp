// SPDX-License-Identifier: Apache-2.0
// The 80 % range around a forecast, learned from how far off earlier forecasts were.
#pragma once

#include <array>
#include <cstddef>

namespace machiai::queue {

/// How much later or sooner than forecast patients were called, by how far away they were. Plain numbers, so
/// that it can be stored; only the functions below change it.
struct RangeRecord {
  static constexpr std::size_t buckets = 6; ///< 1, 2, 3-4, 5-8, 9-16, more visits ahead
  static constexpr std::size_t bins = 81;   ///< of the logarithm of actual / forecast, 0.05 wide, -2 to 2
  std::array<std::array<double, bins>, buckets> counts{};
  /// Which quantiles of the ratio bound the range. They start at 10 % and 90 % and are moved after every
  /// session, so that in the long run 10 % of the patients are called before the range and 10 % after it.
  double low_level = 0.1;
  double high_level = 0.9;
  double usual_forecasts = 0; ///< per session, faded mean
  bool operator==(const RangeRecord&) const = default;
};

/// Ratios of actual to forecast that bound the range.
struct Band {
  double low = 1;
  double high = 1;
};
using Bands = std::array<Band, RangeRecord::buckets>;

/// A range in minutes.
struct Around {
  double low = 0;
  double high = 0;
};

/// What one session's forecasts came to, to be settled when it is over.
struct RangeTally {
  std::array<std::array<double, RangeRecord::bins>, RangeRecord::buckets> counts{};
  double below = 0; ///< called sooner than the range said
  double above = 0; ///< called later
  double all = 0;
};

/// The bands of every bucket. Where nothing is known yet a wide guess stands in.
[[nodiscard]] Bands bands(const RangeRecord& record);
/// How big an error can be expected, in minutes: those forecast, those of the current visit that have passed
/// (its end is no surer for them), and half a usual visit, as a ratio to nearly nothing would say nothing.
[[nodiscard]] double error_scale(double forecast, double passed, double usual_visit);
/// 1 + (actual - forecast) / scale: actual / forecast, when a visit has just begun.
[[nodiscard]] double error_ratio(double actual, double forecast, double scale);
/// The range around a forecast of so many minutes; holds the forecast itself.
[[nodiscard]] Around around(const Band& band, double minutes, double scale);
/// The band for a patient with so many usual visits ahead, the current one counted whole.
[[nodiscard]] const Band& band_for(const Bands& all, double visits_ahead);
/// Notes one forecast whose outcome is known; `ratio` is its error_ratio.
void note(RangeTally& tally, const Bands& given, double visits_ahead, double ratio);
/// Learns a finished session.
void settle(RangeRecord& record, const RangeTally& tally);

} // namespace machiai::queue
