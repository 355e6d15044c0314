// SPDX-License-Identifier: Apache-2.0
// The guards of who gives numbers, by name; see core/queue/guards.hpp. The simulation takes one away at a
// time and must see an invariant break.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::numbering {

enum class Guard : unsigned {
  hold_before_grant,        ///< who grants has stopped giving, durably, before the grant leaves (N1, N4)
  generation_matches,       ///< a grant of before a restore is void (N1, N4)
  trust_first,              ///< a restored cloud gives no main number until the clinic has answered it (N1)
  web_series_of_generation, ///< a restored cloud begins a web series of its own (N1)
  one_number_a_request,     ///< a repeated request gets its number again (N2)
  later_answer_holds,       ///< a new station is told of a request's last number alone (N2, N6)
  clock_set_back,           ///< a wait that began in the future is over (N9)
  one_station_served,       ///< of two machines with one identity one is served (N12)
  record_goes_on,           ///< a machine's record holds what we have from it (N1, N7, N12)
  replaced_station_out,     ///< a station that was given up is not heard any more (N1)
  jump_over_lost_owner,     ///< numbers go on above what a lost owner may have given (N1)
  release_before_grant,     ///< what was handed back before a grant does not end it (N1, N4)
  paper_stays, ///< a number that a clinic gave before its enrolment is not another's as well (N1, N2)
};

using base::guard_on;
using base::stops;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::numbering
