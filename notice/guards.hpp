// SPDX-License-Identifier: Apache-2.0
// What keeps a notice readable and a template harmless; tests take one away at a time to see that they
// notice.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::notice {

enum class Guard : unsigned {
  line_start,  ///< kinsoku: 、。」ッ begin no line
  line_end,    ///< kinsoku: 「 ends none
  whole_words, ///< Latin words and numbers with their counters are not cut
  overflow,    ///< what does not fit is not shown
  scripts,
  links,
  entities,
  elements, ///< only those on the list
  pictures, ///< small PNG and JPEG alone
  size,     ///< bytes, elements, depth, numbers
};

using base::guard_on;
using base::stops;
#ifdef MACHIAI_REMOVABLE_GUARDS
inline unsigned& removed_guards = base::removed_guards<Guard>;
#endif

} // namespace machiai::notice
