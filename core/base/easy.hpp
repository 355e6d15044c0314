// SPDX-License-Identifier: Apache-2.0
// Counting in Easy Japanese: as people say it, in kana beside the digits.
#pragma once

#include <string>
#include <string_view>

namespace machiai::base {

/// "ひとり", "ふたり", "3にん".
[[nodiscard]] std::string easy_people(int count);

/// What follows a number of minutes: "ぷん" after 1, 3, 4, 6, 8 and 0, "ふん" after 2, 5, 7 and 9.
[[nodiscard]] std::string_view easy_minutes_unit(int minutes);

/// A day of the month: "ついたち", "11にち", "はつか".
[[nodiscard]] std::string easy_day(int day);

} // namespace machiai::base
