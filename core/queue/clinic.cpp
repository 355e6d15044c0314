// SPDX-License-Identifier: Apache-2.0
#include "core/queue/clinic.hpp"

#include <algorithm>

namespace machiai::queue {

namespace {

template <class T> std::optional<int> position_of(const std::vector<T>& things, std::string_view id) {
  for (std::size_t i = 0; i < things.size(); ++i)
    if (things[i].id == id) return static_cast<int>(i);
  return std::nullopt;
}

bool on_weekday(const Hours& hours, int weekday) {
  return hours.weekdays.empty() ||
         std::find(hours.weekdays.begin(), hours.weekdays.end(), weekday) != hours.weekdays.end();
}

} // namespace

std::optional<int> find_service(const Clinic& clinic, std::string_view id) {
  return position_of(clinic.services, id);
}

std::optional<int> find_room(const Clinic& clinic, std::string_view id) {
  return position_of(clinic.rooms, id);
}

std::string session_at(const Clinic& clinic, base::Instant now) {
  const int minute = base::minute_of_day(now);
  const int weekday = base::weekday(base::civil_date(now));
  for (const Service& service : clinic.services)
    for (const Hours& hours : service.hours)
      if (on_weekday(hours, weekday) && minute >= hours.open - 60 && minute < hours.close)
        return hours.session;
  if (minute < 13 * 60) return "morning";
  return minute < 18 * 60 ? "afternoon" : "evening";
}

std::optional<int> next_opening(const Service& service, base::Instant now) {
  const int minute = base::minute_of_day(now);
  const int weekday = base::weekday(base::civil_date(now));
  std::optional<int> next;
  for (const Hours& hours : service.hours)
    if (on_weekday(hours, weekday) && hours.open > minute && (!next || hours.open < *next)) next = hours.open;
  return next;
}

} // namespace machiai::queue
