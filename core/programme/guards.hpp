// SPDX-License-Identifier: Apache-2.0
// The rules that keep the terms of service. In the product each is simply there; the property tests build the
// same rules with MACHIAI_REMOVABLE_GUARDS and take one away at a time to see the tests go red.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::programme {

enum class Guard : unsigned {
  approval,          ///< §20-3: what needs approval and has none is replaced
  in_time,           ///< §20-2: an approval that came at or after the deadline is none
  right,             ///< P2: a play lies whole within a right of its item
  bytes,             ///< P3: only what is here and verifies
  whole_plays,       ///< nothing is begun that does not fit before its slot ends
  share,             ///< ads wait until they are due
  clock,             ///< P7: an untrusted clock plays only what needs none
  contract,          ///< P2: nothing without the contract, or beyond the moment at which it changes
  review_of_version, ///< an approval is of one version
};

using base::guard_on;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::programme
