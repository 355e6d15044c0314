// SPDX-License-Identifier: Apache-2.0
// When a station renews its certificate, as functions over values. What asks and stores is sync/renew.
#pragma once

#include "core/base/clock.hpp"

#include <string_view>

namespace machiai::sync {

/// A certificate counts from..until.
struct Life {
  base::Instant from{};
  base::Instant until{};
  bool operator==(const Life&) const = default;
};
/// What became of earlier tries for the present certificate.
struct RenewalTries {
  unsigned failed = 0;
  base::Instant last{}; ///< of the failed ones; without one it says nothing
};

/// In [0, 1), the same for one station always: clinics that enrolled in one hour do not come back in one.
[[nodiscard]] double spread_of(std::string_view facility);
/// Two thirds of the life, and up to a twelfth more (a week of 90 days) by the spread.
[[nodiscard]] base::Instant renewed_from(const Life& life, double spread);
/// Before the next try after so many failures (1 at least): one to two minutes, doubled each time up to six
/// hours.
[[nodiscard]] base::Millis renewal_pause(unsigned failed, double spread);
/// Whether to ask now. Never by a clock that is wrong, and never when the certificate has ended: then a
/// person must enrol.
[[nodiscard]] bool renewal_due(const Life& life, double spread, const RenewalTries& tries, base::Instant now,
                               bool clock_trusted);
/// It ends within 14 days, or within a sixth of a shorter life, and has not ended yet: a person should know
/// when renewing fails.
[[nodiscard]] bool ends_soon(const Life& life, base::Instant now);

} // namespace machiai::sync
