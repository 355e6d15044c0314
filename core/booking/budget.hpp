// SPDX-License-Identifier: Apache-2.0
// How many wrong pairs of card and birth date a clinic bears. A birth date is about 15 bits: at 30 an hour,
// of the whole clinic and whoever asks, somebody who guesses needs some 45 days for one hit.
#pragma once

#include "core/base/clock.hpp"

namespace machiai::booking {

/// A bucket that a failure fills and time empties.
struct Budget {
  int size = 30;
  base::Millis refill{120'000}; ///< one failure is forgotten in this time
};

/// The moment at which all failures are forgotten; kept by the store.
struct Spent {
  base::Instant forgotten_at{};
  bool operator==(const Spent&) const = default;
};

/// Until then nobody's card is checked; `now` or earlier: it is checked.
[[nodiscard]] base::Instant rests_until(const Budget& budget, const Spent& spent, base::Instant now);
[[nodiscard]] Spent after_failure(const Budget& budget, const Spent& spent, base::Instant now);

} // namespace machiai::booking
