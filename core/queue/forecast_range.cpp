// SPDX-License-Identifier: Apache-2.0
#include "core/queue/forecast_range.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::queue {

namespace {

constexpr double bin_width = 0.05;
constexpr double softening = 0.5; ///< usual visits
constexpr double middle_bin = (RangeRecord::bins - 1) / 2.0;
constexpr double record_fade = 0.99; ///< weight of a session against the next one's
/// How far the levels move when a whole usual session falls outside. Large enough to follow a doctor who
/// changes, small enough that one odd morning does not double the range.
constexpr double gain = 0.05;
constexpr double outside_aim = 0.1; ///< each side of an 80 % range
/// Weight, in forecasts, of the guess that stands in before anything is known.
constexpr double prior_weight = 20;
/// Spread of ln(actual / forecast) in that guess, near to far: our own simulation of a clinic.
constexpr std::array<double, RangeRecord::buckets> prior_spread{0.40, 0.36, 0.32, 0.28, 0.24, 0.20};

double bin_value(std::size_t bin) {
  return std::exp((static_cast<double>(bin) - middle_bin) * bin_width);
}

std::size_t bin_of(double ratio) {
  const double place = std::log(std::max(ratio, 1e-6)) / bin_width + middle_bin;
  return static_cast<std::size_t>(
      std::clamp(std::lround(place), 0L, static_cast<long>(RangeRecord::bins) - 1));
}

using Counts = std::array<double, RangeRecord::bins>;

Counts with_prior(const Counts& counts, double spread) {
  Counts all{};
  double sum = 0;
  for (std::size_t bin = 0; bin < all.size(); ++bin) {
    const double z = (static_cast<double>(bin) - middle_bin) * bin_width / spread;
    all[bin] = std::exp(-z * z / 2);
    sum += all[bin];
  }
  for (std::size_t bin = 0; bin < all.size(); ++bin) all[bin] = counts[bin] + all[bin] / sum * prior_weight;
  return all;
}

double quantile(const Counts& counts, double level) {
  double left = 0;
  for (const double count : counts) left += count;
  left *= level;
  for (std::size_t bin = 0; bin < counts.size(); ++bin) {
    if (counts[bin] >= left) {
      // Within a bin the ratios are taken as evenly spread.
      const double part = counts[bin] > 0 ? left / counts[bin] - 0.5 : 0;
      return bin_value(bin) * std::exp(part * bin_width);
    }
    left -= counts[bin];
  }
  return bin_value(counts.size() - 1);
}

std::size_t bucket_of(double visits_ahead) {
  constexpr std::array upto{1.5, 2.5, 4.5, 8.5, 16.5};
  return static_cast<std::size_t>(std::upper_bound(upto.begin(), upto.end(), visits_ahead) - upto.begin());
}

} // namespace

Bands bands(const RangeRecord& record) {
  Bands all;
  for (std::size_t bucket = 0; bucket < all.size(); ++bucket) {
    const Counts counts = with_prior(record.counts[bucket], prior_spread[bucket]);
    all[bucket] = {quantile(counts, record.low_level), quantile(counts, record.high_level)};
  }
  return all;
}

double error_scale(double forecast, double passed, double usual_visit) {
  return forecast + passed + softening * usual_visit;
}

double error_ratio(double actual, double forecast, double scale) {
  return 1 + (actual - forecast) / std::max(scale, 1e-6);
}

Around around(const Band& band, double minutes, double scale) {
  return {std::clamp(minutes + (band.low - 1) * scale, 0.0, minutes),
          std::max(minutes + (band.high - 1) * scale, minutes)};
}

const Band& band_for(const Bands& all, double visits_ahead) {
  return all[bucket_of(visits_ahead)];
}

void note(RangeTally& tally, const Bands& given, double visits_ahead, double ratio) {
  const std::size_t bucket = bucket_of(visits_ahead);
  tally.counts[bucket][bin_of(ratio)] += 1;
  tally.below += ratio < given[bucket].low ? 1 : 0;
  tally.above += ratio > given[bucket].high ? 1 : 0;
  tally.all += 1;
}

void settle(RangeRecord& record, const RangeTally& tally) {
  if (tally.all <= 0) return;
  record.usual_forecasts =
      record.usual_forecasts > 0 ? 0.9 * record.usual_forecasts + 0.1 * tally.all : tally.all;
  // A session counts by its forecasts, as it does in the accuracy that people read.
  const double weight = std::min(4.0, tally.all / record.usual_forecasts) * gain;
  record.low_level =
      std::clamp(record.low_level - weight * (tally.below / tally.all - outside_aim), 0.005, 0.4);
  record.high_level =
      std::clamp(record.high_level + weight * (tally.above / tally.all - outside_aim), 0.6, 0.995);
  for (std::size_t bucket = 0; bucket < record.counts.size(); ++bucket)
    for (std::size_t bin = 0; bin < record.counts[bucket].size(); ++bin)
      record.counts[bucket][bin] = record.counts[bucket][bin] * record_fade + tally.counts[bucket][bin];
}

} // namespace machiai::queue
