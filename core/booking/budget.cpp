// SPDX-License-Identifier: Apache-2.0
#include "core/booking/budget.hpp"

#include "core/booking/guards.hpp"

#include <algorithm>

namespace machiai::booking {

base::Instant rests_until(const Budget& budget, const Spent& spent, base::Instant now) {
  if (!guard_on(Guard::budget)) return now;
  // A clock set back must not shut a clinic for a year.
  const base::Instant latest = now + budget.refill * (budget.size + 1);
  const base::Instant forgotten = std::min(spent.forgotten_at, latest);
  return std::max(now, forgotten - budget.refill * (budget.size - 1));
}

Spent after_failure(const Budget& budget, const Spent& spent, base::Instant now) {
  const base::Instant latest = now + budget.refill * budget.size;
  return {std::min(std::max(spent.forgotten_at, now) + budget.refill, latest)};
}

} // namespace machiai::booking
