// SPDX-License-Identifier: Apache-2.0
// What a display remembers over a restart: its last view and the last call it announced.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"
#include "display/announce.hpp"

#include <QString>
#include <optional>

namespace machiai::display {

struct Memory {
  Announced announced;
  std::optional<queue::BoardView> view;
  std::int64_t view_at_ms = 0; ///< hub time at which the view was last confirmed
};

/// An absent or damaged file is an empty memory: the hub tells everything again.
[[nodiscard]] Memory load_memory(const QString& path);
/// Written whole and synced before the old one is replaced.
[[nodiscard]] base::Status save_memory(const QString& path, const Memory& memory);

} // namespace machiai::display
