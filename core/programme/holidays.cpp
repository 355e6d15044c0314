// SPDX-License-Identifier: Apache-2.0
#include "core/programme/holidays.hpp"

#include <algorithm>
#include <array>

namespace machiai::programme {

namespace {

using base::Date;

struct Civil {
  int year, month, day;
};

Civil civil(Date date) {
  const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{date.days}}};
  return {static_cast<int>(ymd.year()), static_cast<int>(static_cast<unsigned>(ymd.month())),
          static_cast<int>(static_cast<unsigned>(ymd.day()))};
}

/// Art. 2: always on that day.
constexpr std::array<std::array<int, 2>, 10> fixed{
    {{1, 1}, {2, 11}, {2, 23}, {4, 29}, {5, 3}, {5, 4}, {5, 5}, {8, 11}, {11, 3}, {11, 23}}};
/// Art. 2: the n-th Monday of a month.
constexpr std::array<std::array<int, 2>, 4> mondays{{{1, 2}, {7, 3}, {9, 3}, {10, 2}}};

/// Vernal and autumnal equinox, the day of March and September (valid 1980-2099).
int equinox(int year, double base) {
  const int since = year - 1980;
  return static_cast<int>(base + 0.242194 * since) - since / 4;
}

/// Art. 2 without the days that follow from Art. 3.
bool is_named(Date date) {
  const Civil c = civil(date);
  const auto on = [&](const std::array<int, 2>& day) { return day[0] == c.month && day[1] == c.day; };
  if (std::any_of(fixed.begin(), fixed.end(), on)) return true;
  const auto monday = [&](const std::array<int, 2>& rule) {
    return rule[0] == c.month && base::weekday(date) == 1 && (c.day - 1) / 7 + 1 == rule[1];
  };
  if (std::any_of(mondays.begin(), mondays.end(), monday)) return true;
  return (c.month == 3 && c.day == equinox(c.year, 20.8431)) ||
         (c.month == 9 && c.day == equinox(c.year, 23.2488));
}

/// Art. 3(2): the next day that is not a named one, after one that fell on a Sunday.
bool is_substitute(Date date) {
  for (Date before{date.days - 1}; is_named(before); --before.days)
    if (base::weekday(before) == 0) return true;
  return false;
}

} // namespace

bool is_holiday(Date date) {
  if (is_named(date) || is_substitute(date)) return true;
  // Art. 3(3): a day between two named ones.
  return is_named({date.days - 1}) && is_named({date.days + 1});
}

} // namespace machiai::programme
