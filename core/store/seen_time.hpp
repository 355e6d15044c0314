// SPDX-License-Identifier: Apache-2.0
// The latest moment that this station has recorded: a clock that says less was set back.
#pragma once

#include "core/store/station.hpp"

#include <optional>

namespace machiai::store {

/// Of all events and airings. None: nothing is recorded yet. Reads beside the daemon.
[[nodiscard]] base::Result<std::optional<base::Instant>> latest_recorded(const Home& home);

/// Earlier than what is recorded, by more than a clock is corrected now and then.
[[nodiscard]] constexpr bool is_behind(base::Instant now, base::Instant recorded) {
  return now + std::chrono::seconds{60} < recorded;
}
/// Another machine's clock says something else, by more than a message is on its way.
[[nodiscard]] constexpr bool differs(base::Instant now, base::Instant other) {
  return (now > other ? now - other : other - now) > std::chrono::minutes{5};
}
/// No record can be older than the program that writes it (2026-01-01T00:00:00Z).
[[nodiscard]] constexpr bool is_believable(base::Instant now) {
  return now >= base::instant_from_ms(1767225600000);
}

} // namespace machiai::store
