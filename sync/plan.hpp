// SPDX-License-Identifier: Apache-2.0
// What the link does next, as functions over values: which events to send, when to try again, whether anybody
// is there.
#pragma once

#include "core/base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace machiai::sync {

/// How far the record has gone up on this connection.
struct Progress {
  std::uint64_t acked = 0;   ///< the cloud has it durably
  std::uint64_t sent = 0;    ///< on its way; never below `acked`
  std::uint64_t durable = 0; ///< of the ledger
};
struct Range {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool operator==(const Range&) const = default;
};
/// The next events to send, in one frame of at most `frame`, with at most `window` unacknowledged; none when
/// there is nothing or the window is full.
[[nodiscard]] std::optional<Range> plan_sync(const Progress& progress, std::uint64_t window,
                                             std::uint64_t frame);

/// Before try number `attempt` (0: the first after a link that worked); doubled each time up to a minute.
/// `random` in [0, 1) spreads the clinics, that not all come back in the same second.
[[nodiscard]] base::Millis back_off(unsigned attempt, double random);

using Steady = std::chrono::steady_clock::time_point;
/// A link is pinged when it was silent for this long, and given up when it stays silent: a half-open one is
/// found within 30 s.
inline constexpr std::chrono::seconds ping_after{8};
inline constexpr std::chrono::seconds given_up_after{25};
enum class Beat { wait, ping, dead };
[[nodiscard]] Beat plan_beat(Steady heard, Steady pinged, Steady now);

} // namespace machiai::sync
