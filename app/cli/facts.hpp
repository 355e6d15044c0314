// SPDX-License-Identifier: Apache-2.0
// What decides about the programme beside its documents, read from the station's files: what the daemon
// would know of them if it ran.
#pragma once

#include "core/base/result.hpp"
#include "core/programme/plan.hpp"
#include "core/store/station.hpp"

#include <functional>
#include <string_view>

namespace machiai::cli {

/// Whether the bytes of a hash lie here and were verified, so that they may be played at `now`.
using Here = std::function<bool(std::string_view sha256)>;
[[nodiscard]] base::Result<Here> films_here(const store::Home& home, const store::StationSettings& settings,
                                            base::Instant now);

/// At this moment: films, what the reception stopped, today's hours, contract, and whether the clock can be
/// right.
[[nodiscard]] base::Result<programme::Facts>
facts_now(const store::Home& home, const store::StationSettings& settings, base::Instant now);

/// Of a date as the documents have it: every film is taken to be here, and nothing to be stopped.
[[nodiscard]] programme::Facts planned_facts(const store::Home& home, const queue::Clinic& clinic,
                                             base::Instant at);

} // namespace machiai::cli
