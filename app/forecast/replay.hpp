// SPDX-License-Identifier: Apache-2.0
// Replays past sessions as if they happened now: every forecast knows only what had happened by then.
#pragma once

#include "app/forecast/sessions.hpp"
#include "core/queue/forecast.hpp"

#include <cstddef>
#include <vector>

namespace machiai::forecasting {

/// Forecasts and what came, by each method, over the same patients at the same moments.
struct Outcomes {
  std::vector<queue::Outcome> forecast;
  std::vector<queue::Outcome> fixed;
  std::vector<queue::Outcome> rolling;
  std::size_t withheld = 0; ///< too little was known: by all three alike
};

/// One entry per session. At each call, every patient of the session still to come is forecast.
[[nodiscard]] std::vector<Outcomes> replay(const std::vector<NamedSession>& sessions);

} // namespace machiai::forecasting
