// SPDX-License-Identifier: Apache-2.0
// The guards of what is fetched from here, by name: always on in the product; tests/cloud/media_test.cpp
// builds the rules with MACHIAI_REMOVABLE_GUARDS and takes one away at a time to go red.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::cloud {

enum class Guard : unsigned {
  grant_signature, ///< nobody fetches what we did not sign for him
  grant_end,       ///< nor after the end that was signed
  grant_form,      ///< nor anything that is not a hash: no path, no other name
  range_bound,     ///< a range lies within the file
  range_single,    ///< several ranges would cost more than they bring: the whole is sent
  range_changed,   ///< what is resumed is of the same content
  need_over,       ///< what is over is not fetched any more
  need_there,      ///< a station is not sent for what lies nowhere
  need_foreign,    ///< another facility's own film is none of its
};

using base::guard_on;
using base::stops;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::cloud
