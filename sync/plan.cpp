// SPDX-License-Identifier: Apache-2.0
#include "sync/plan.hpp"

#include <algorithm>

namespace machiai::sync {

std::optional<Range> plan_sync(const Progress& p, std::uint64_t window, std::uint64_t frame) {
  const std::uint64_t sent = std::max(p.sent, p.acked);
  const std::uint64_t under_way = sent - p.acked;
  if (sent >= p.durable || under_way >= window) return std::nullopt;
  const std::uint64_t count = std::min({p.durable - sent, window - under_way, frame});
  return Range{sent + 1, sent + count};
}

base::Millis back_off(unsigned attempt, double random) {
  constexpr base::Millis shortest{500};
  constexpr base::Millis longest{60'000};
  const base::Millis whole = std::min(longest, shortest * (1 << std::min(attempt, 10U)));
  return whole / 2 + base::Millis{static_cast<std::int64_t>(random * static_cast<double>(whole.count() / 2))};
}

Beat plan_beat(Steady heard, Steady pinged, Steady now) {
  if (now - heard >= given_up_after) return Beat::dead;
  if (now - heard >= ping_after && now - pinged >= ping_after) return Beat::ping;
  return Beat::wait;
}

} // namespace machiai::sync
