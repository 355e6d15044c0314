// SPDX-License-Identifier: Apache-2.0
// What the frames and documents of the cloud's link hold at most.
#pragma once

#include "core/queue/event.hpp"

#include <cstddef>

namespace machiai::wire {

using queue::most_numbers;

constexpr std::uint64_t largest_integer = 9'007'199'254'740'991; ///< JSON numbers are exact up to here
constexpr std::size_t longest_id = 48;
constexpr std::size_t longest_reason = 64;
constexpr std::size_t most_services = 64;
constexpr std::size_t most_windows = 24; ///< of one service and date

} // namespace machiai::wire
