// SPDX-License-Identifier: Apache-2.0
// What the frames and documents of the cloud's link hold at most.
#pragma once

#include <cstddef>
#include <cstdint>

namespace machiai::wire {

constexpr std::size_t longest_id = 48;
constexpr std::size_t longest_reason = 64;
constexpr std::size_t most_services = 64;
constexpr std::size_t most_windows = 24;          ///< of one service and date
constexpr std::uint32_t most_numbers = 1'000'000; ///< of one series and day

} // namespace machiai::wire
