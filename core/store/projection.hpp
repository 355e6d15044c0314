// SPDX-License-Identifier: Apache-2.0
// The ticket projection as a function of the day: what the daemon writes and what verify rebuilds.
#pragma once

#include "core/store/ledger.hpp"

#include <vector>

namespace machiai::store {

/// The row of one ticket as it stands.
[[nodiscard]] TicketRow project(const queue::Clinic& clinic, const queue::Day& day,
                                queue::TicketIndex ticket);
/// The rows that `event`, just folded into `day`, has changed.
void project_event(const queue::Clinic& clinic, const queue::Day& day, const queue::Event& event,
                   std::vector<TicketRow>& rows);

} // namespace machiai::store
