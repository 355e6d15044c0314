// SPDX-License-Identifier: Apache-2.0
// The guards of the booking rules, by name: always on in the product; the property tests build the rules with
// MACHIAI_REMOVABLE_GUARDS and take one away at a time to see the tests go red.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::booking {

enum class Guard : unsigned {
  standing,      ///< no booking outside server hours, in maintenance, suspended or after the contract's end
  queue_service, ///< no booking where the facility has the signage alone (§4-1)
  stop,          ///< the clinic's instant stop
  exception,     ///< a date's own windows replace those of the week
  window,        ///< only within a window
  cap,           ///< never more numbers than the cap
  walk_ins,      ///< the last places are for those who come themselves
  long_line,     ///< stops by itself while the line would not be through in time
  hysteresis,    ///< and does not flutter at the edge
  clinic_away,   ///< nor while the clinic cannot be asked, where it would rather have none given
  draw_order,    ///< the order of a draw does not depend on who came first
  whole_family,  ///< all of a request or none of it
  budget,        ///< a clinic's wrong cards are counted
  slot_days,     ///< slots are on their weekdays alone
  slot_closed,   ///< and not on a date that the clinic has closed
  slot_contract, ///< nor when the contract does not stand
  slot_past,     ///< none is booked that begins too soon or has begun
  slot_ahead,    ///< none further ahead than the clinic wants
  slot_places,   ///< never more people than places
  slot_unsure,   ///< nor any place that may have been given and forgotten
  slot_card,     ///< a card does not hold more slots than the clinic wants
};

using base::guard_on;
using base::stops;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::booking
