// SPDX-License-Identifier: Apache-2.0
// How the work speeds up or slows down towards a session's usual end, learned by a ridge regression of
// actual / scheduled minutes. Three numbers for a clinic, none for a kind or a room.
#include "core/queue/forecast_parts.hpp"

#include <algorithm>

namespace machiai::queue::parts {

namespace {

/// Sessions of a slot before its usual end is trusted.
constexpr double slot_needs = 2;
/// Weight of "the pace does not change" against what was learned.
constexpr double ridge = 50;
/// No call is forecast after less or more than this share of its scheduled minutes.
constexpr double least_share = 0.35;
constexpr double most_share = 2;

using Terms = std::array<double, PaceRecord::terms>;

/// Hours from `now` to the slot's usual end, negative before it; none where that is not known yet.
std::optional<double> hours_past_end(const VisitHistory& history, std::uint8_t slot, base::Instant now) {
  if (slot >= history.slots.size() || history.slots[slot].sessions < slot_needs) return std::nullopt;
  const SlotRecord& record = history.slots[slot];
  // Longer sessions than these say nothing about the pace.
  return std::clamp((business_minute(now) - record.minutes / record.sessions) / 60, -6.0, 3.0);
}

/// Solves the normal equations by elimination; the ridge keeps them solvable.
Terms weights(const PaceRecord& record) {
  auto a = record.squares;
  Terms b = record.products;
  for (std::size_t i = 0; i < a.size(); ++i) a[i][i] += ridge;
  b[0] += ridge;
  for (std::size_t i = 0; i < a.size(); ++i)
    for (std::size_t row = i + 1; row < a.size(); ++row) {
      const double factor = a[row][i] / a[i][i];
      for (std::size_t column = i; column < a.size(); ++column) a[row][column] -= factor * a[i][column];
      b[row] -= factor * b[i];
    }
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t column = i + 1; column < a.size(); ++column) b[i] -= a[i][column] * b[column];
    b[i] /= a[i][i];
  }
  return b;
}

} // namespace

double Pace::minutes(double scheduled) const {
  // share * s + per_hour * s * s / 60, but followed only as far as it grows at least (falls: least_share, or
  // rises: at most most_share) a minute a minute; beyond that it goes on at this bound.
  const double start = std::clamp(share, least_share, most_share);
  if (per_hour == 0) return start * scheduled;
  const double bound = per_hour < 0 ? least_share : most_share;
  const double turn = (bound - start) / (2 * per_hour) * 60;
  const double curved = std::min(scheduled, turn);
  return curved * (start + per_hour * curved / 60) + (scheduled - curved) * bound;
}

Pace pace(const VisitHistory& history, std::uint8_t slot, base::Instant now) {
  const auto hours = hours_past_end(history, slot, now);
  if (!hours) return {};
  const Terms w = weights(history.pace);
  return {w[0] + (w[1] + w[2]) * *hours, w[2]};
}

void note_pace(VisitHistory& history, std::uint8_t slot, base::Instant now, double scheduled, double actual) {
  const auto hours = hours_past_end(history, slot, now);
  if (!hours || scheduled <= 0) return;
  const Terms terms{1, *hours, *hours + scheduled / 60};
  const double share = std::min(actual / scheduled, most_share);
  const double weight = scheduled / 20; // the farther, the smaller the spread of the share
  for (std::size_t i = 0; i < terms.size(); ++i) {
    history.pace.products[i] += weight * terms[i] * share;
    for (std::size_t j = 0; j < terms.size(); ++j) history.pace.squares[i][j] += weight * terms[i] * terms[j];
  }
}

} // namespace machiai::queue::parts
