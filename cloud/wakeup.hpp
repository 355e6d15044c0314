// SPDX-License-Identifier: Apache-2.0
// What the nodes tell each other through the database: that something has changed, and of whom.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::cloud {

enum class Changed {
  facility, ///< what its pages and its station are told
  events,   ///< likewise, by its station's own events: nothing that the station does not know
  shelf,    ///< what its station should have
};

struct WakeUp {
  int facility = 0;
  Changed what = Changed::facility;
};

/// "7,8" or "7~,8~" or "7m,8m", in as few texts as hold them all: one notice costs PostgreSQL as much as a
/// row.
[[nodiscard]] std::vector<std::string> wake_up_texts(const std::set<int>& facilities, Changed what);
/// Leaves out what it does not know.
[[nodiscard]] std::vector<WakeUp> wake_ups(std::string_view text);

} // namespace machiai::cloud
