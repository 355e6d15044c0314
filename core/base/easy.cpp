// SPDX-License-Identifier: Apache-2.0
#include "core/base/easy.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdlib>

namespace machiai::base {

std::string easy_people(int count) {
  if (count == 1) return "ひとり";
  if (count == 2) return "ふたり";
  return fmt::format("{}にん", count);
}

std::string_view easy_minutes_unit(int minutes) {
  switch (std::abs(minutes % 10)) {
  case 2:
  case 5:
  case 7:
  case 9: return "ふん";
  default: return "ぷん";
  }
}

std::string easy_day(int day) {
  constexpr std::array<std::string_view, 11> short_days{"",       "ついたち", "ふつか", "みっか",
                                                        "よっか", "いつか",   "むいか", "なのか",
                                                        "ようか", "ここのか", "とおか"};
  if (day >= 1 && day <= 10) return std::string(short_days[static_cast<std::size_t>(day)]);
  if (day == 14) return "じゅうよっか";
  if (day == 20) return "はつか";
  if (day == 24) return "にじゅうよっか";
  return fmt::format("{}にち", day);
}

} // namespace machiai::base
