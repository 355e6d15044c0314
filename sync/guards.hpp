// SPDX-License-Identifier: Apache-2.0
// What keeps a lie of the server of files off the shelf. In the product each is simply there; the tests build
// the same code with MACHIAI_REMOVABLE_GUARDS and take one away at a time to see the tests go red.
#pragma once

#include "core/base/guards.hpp"

namespace machiai::sync {

enum class FetchGuard : unsigned {
  hash,    ///< the whole is what its SHA-256 says before it counts
  range,   ///< a part of the file belongs where it was asked for
  reserve, ///< it stops when the rest of the disk is the ledger's
  silence, ///< a server that drips holds up nobody
};

} // namespace machiai::sync
