// SPDX-License-Identifier: Apache-2.0
// The guards of the rules, by name. In the product each is always on and costs nothing; the property tests
// build the same rules with MACHIAI_REMOVABLE_GUARDS and take one away at a time to see the tests go red.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::queue {

enum class Guard : unsigned {
  number_above_high,  ///< a number is above every number of its series, void ones too (N1, N3, N6)
  main_only_by_owner, ///< only the owner of the epoch gives main numbers (N4)
  epoch_rises,        ///< ownership is taken only with a higher epoch (N4)
  day_opens_once,     ///< a business date that was opened before is not opened again (N11)
  open_to_take,       ///< a closed counter gives no number
  present_only,       ///< call-next takes those who are present
  not_called_twice,   ///< who is called or in a room is not called by another
  still_next,         ///< a call of the one shown on the button only if it is still the next
  live_only,          ///< what is finished stays finished
  undo_unchanged,     ///< undo only while nobody changed the ticket since
  undo_in_time,       ///< undo only for so many seconds
  adopted_once,       ///< a number given outside is not put over another ticket (N1)
  request_once,       ///< one request from outside, one ticket (N2)
  origin_decides,     ///< of two numbers for a request the one shown outside stays (N2, N6)
  refusal_stays,      ///< what was refused outside gets no number here (N2)
  jump_over_unknown,  ///< after a restore numbers go on above what may have been given (N1, N10)
  of_its_date,        ///< what comes from outside is written to its own date (N1, N10)
  station_series,     ///< a station's kiosk series is its own (N1)
  booked_arrives,     ///< a check-in moves those alone who are still expected
  missed_to_desk,     ///< who missed the call or is on hold is not let in by a machine
  one_place_a_card,   ///< at the kiosk a card gets no second place in one line
  told_with_places,   ///< places kept in front are told as people ahead
  place_once,         ///< a kept place is one person's
  near_not_overtaken, ///< nobody is put in front of those who stay near the door
  passed_places_go,   ///< a place is gone once those in front of it have been called
  place_stays,        ///< who leaves their place in the line takes no kept place along
  late_stands_last,   ///< where walk-ins stand says nothing of when others were accepted
  off_gives_up,       ///< places that the desk gave up today do not come back
};

using base::guard_on;
using base::stops;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::queue
