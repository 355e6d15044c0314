// SPDX-License-Identifier: Apache-2.0
// Guards of rules: each room names its own (`enum class Guard`). In the product each is always on and costs
// nothing; tests build the same rules with MACHIAI_REMOVABLE_GUARDS and take one away at a time to go red.
#pragma once

namespace machiai::base {

#ifdef MACHIAI_REMOVABLE_GUARDS
/// Of one room: a bit for each guard that was taken away.
template <class Guard> inline unsigned removed_guards = 0;
template <class Guard> bool guard_on(Guard guard) {
  return (removed_guards<Guard> >> static_cast<unsigned>(guard) & 1U) == 0;
}
#else
template <class Guard> constexpr bool guard_on(Guard) {
  return true;
}
#endif

/// True when the guard is on and `broken` is: then it is not done.
template <class Guard> bool stops(Guard guard, bool broken) {
  return broken && guard_on(guard);
}

} // namespace machiai::base
