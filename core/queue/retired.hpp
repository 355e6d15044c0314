// SPDX-License-Identifier: Apache-2.0
// What the settings have changed under a record that stays: counters and rooms that were taken out, and
// letters before numbers that patients hold.
#pragma once

#include "core/queue/day.hpp"

namespace machiai::queue {

/// Counters and rooms of `before` that `clinic` has not, as retired ones behind its own: the ledger names
/// them.
void keep_retired(Clinic& clinic, const Clinic& before);

/// A number once shown never changes (N6): the letters before the numbers of a counter that has given some on
/// the date that lasts stay as they were in `before`. Gives the ids of counters whose new letters have to
/// wait.
std::vector<std::string> keep_prefixes(Clinic& clinic, const Clinic& before, const Day& day,
                                       base::Instant now);

} // namespace machiai::queue
