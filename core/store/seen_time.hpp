// SPDX-License-Identifier: Apache-2.0
// The latest moment that this station has recorded: a clock that says less was set back.
#pragma once

#include "core/store/station.hpp"

#include <optional>

namespace machiai::store {

/// Of all events and airings. None: nothing is recorded yet. Reads beside the daemon.
[[nodiscard]] base::Result<std::optional<base::Instant>> latest_recorded(const Home& home);

} // namespace machiai::store
