// SPDX-License-Identifier: Apache-2.0
// When a ticket is over, in the words of its row.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace machiai::cloud {

inline constexpr std::array<std::string_view, 5> over_states{"done", "cancelled", "no_show", "void",
                                                             "not_drawn"};

[[nodiscard]] constexpr bool is_over(std::string_view state) {
  return std::find(over_states.begin(), over_states.end(), state) != over_states.end();
}

/// "('done', 'cancelled', ...)", for the statements of cloud/store.
[[nodiscard]] inline std::string over_list() {
  std::string list;
  for (const std::string_view each : over_states) list.append(list.empty() ? "('" : "', '").append(each);
  return list + "')";
}

} // namespace machiai::cloud
