// SPDX-License-Identifier: Apache-2.0
// Which documents may be added to those of a facility: the same at the cloud, which hands them out, and at
// the station, which takes them in.
#pragma once

#include "core/programme/programme.hpp"

#include <vector>

namespace machiai::programme {

/// What is known of a document that is there already, whatever became of it.
struct Known {
  std::string id;
  int version = 0;
  base::Date from{}, to{}; ///< its period, inclusive
};

/// Of a document that is well in itself. Conflict "expired" (its period is over), "replayed" (this or a newer
/// version is here), "period_overlaps" (another programme's, in any of its versions: one that was approved
/// before stays in force until the next is).
[[nodiscard]] base::Status may_enter(const Programme& programme, const std::vector<Known>& known,
                                     base::Instant now);

} // namespace machiai::programme
