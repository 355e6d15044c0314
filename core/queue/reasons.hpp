// SPDX-License-Identifier: Apache-2.0
// Reasons of a change in the order, as others than the staff see them.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace machiai::queue {

/// On the wall and on phones a reason is one of the known ones or just "other": free text stays with the
/// staff.
[[nodiscard]] inline std::string public_reason(const std::string& reason) {
  constexpr std::array<std::string_view, 8> known{"booking", "test",     "hold", "returned",
                                                  "urgent",  "transfer", "skip", "walk_in_place"};
  const bool is_known = std::find(known.begin(), known.end(), reason) != known.end();
  return reason.empty() || is_known ? reason : "other";
}

} // namespace machiai::queue
