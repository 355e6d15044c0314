// SPDX-License-Identifier: Apache-2.0
// Who gets the numbers: the fair draw of the first minute, and a cap that is never passed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace machiai::booking {

/// One request that waits for its numbers.
struct Entry {
  std::string id; ///< unguessable, made by the server: the draw must not depend on what a caller chooses
  int people = 1;
};

/// Places of `entries` in the order in which they are served. A function of the ids and the seed alone, so
/// that it can be checked afterwards; the seed is made after the last entry has come.
[[nodiscard]] std::vector<std::size_t> draw(const std::vector<Entry>& entries, std::uint64_t seed);

/// For each request, in this order, whether it gets its numbers: all of them or none. `left` < 0: no cap.
[[nodiscard]] std::vector<bool> allot(const std::vector<int>& people, int left);

} // namespace machiai::booking
