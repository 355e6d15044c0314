// SPDX-License-Identifier: Apache-2.0
// What is taken from outside at a moment, as the clinic's desk is told it down the link.
#pragma once

#include "cloud/view.hpp"
#include "core/queue/views.hpp"

namespace machiai::cloud {

/// Without the moment it was made at: two that say the same are equal.
[[nodiscard]] queue::AcceptanceView outside_view(const Scene& scene);

} // namespace machiai::cloud
