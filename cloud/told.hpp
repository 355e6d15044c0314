// SPDX-License-Identifier: Apache-2.0
// How long what a clinic's machine said of its day counts. It says something every few seconds.
#pragma once

#include <chrono>

namespace machiai::cloud {

/// After this it is out of reach, and pages say so.
inline constexpr std::chrono::seconds stale_after{90};
/// After this what it said is nothing to go by.
inline constexpr std::chrono::minutes void_after{10};

} // namespace machiai::cloud
