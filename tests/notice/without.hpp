// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "notice/guards.hpp"

/// While one lives, that guard is away.
class Without {
public:
  explicit Without(machiai::notice::Guard guard) {
    machiai::notice::removed_guards = 1U << static_cast<unsigned>(guard);
  }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
  ~Without() { machiai::notice::removed_guards = 0; }
};
