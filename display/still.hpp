// SPDX-License-Identifier: Apache-2.0
// A board as one picture, without a hub and without a window: for tests and for the console's preview.
#pragma once

#include "core/queue/views.hpp"
#include "display/services.hpp"

#include <QImage>
#include <optional>

namespace machiai::display {

struct StillOptions {
  std::vector<Lang> langs{Lang::ja};
  bool queue_only = false;
  std::int64_t running_ms = 0; ///< turns pages and languages
  Choice choice = {};
  int scene = 0; ///< the relaxation scene
};

/// `confirmed`: when the view was true; `now`: when it is looked at. One stands in for the other; without
/// either the board has no clock. A call younger than the stage's stay is shown on stage.
[[nodiscard]] QImage still(const queue::BoardView& whole, std::optional<base::Instant> confirmed,
                           std::optional<base::Instant> now, const StillOptions& options, const QSize& size);

} // namespace machiai::display
