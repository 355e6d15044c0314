// SPDX-License-Identifier: Apache-2.0
// What finds a bad vault. In the product each is simply there; the tests build the same code with
// MACHIAI_REMOVABLE_GUARDS and take one away at a time to see the tests go red.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::vault {

enum class Guard : unsigned {
  place,   ///< a chunk's tag covers the file's id and the chunk's index
  size,    ///< the file is exactly as long as its header says
  header,  ///< the header's tag is checked
  content, ///< the header is of the content asked for
  expiry,  ///< an item key is refused once its right has ended
};

using base::guard_on;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::vault
