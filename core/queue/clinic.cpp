// SPDX-License-Identifier: Apache-2.0
#include "core/queue/clinic.hpp"

#include <algorithm>
#include <charconv>

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

std::string session_of(int minute) {
  if (minute < 13 * 60) return "morning";
  return minute < 18 * 60 ? "afternoon" : "evening";
}

/// Who comes up to an hour early belongs to them.
const Hours* near_hours(const std::vector<Hours>& all, base::Instant now) {
  const int minute = base::minute_of_day(now);
  const int weekday = base::weekday(base::civil_date(now));
  for (const Hours& hours : all)
    if (on_weekday(hours, weekday) && minute >= hours.open - 60 && minute < hours.close) return &hours;
  return nullptr;
}

} // namespace

std::optional<int> find_service(const Clinic& clinic, std::string_view id) {
  return position_of(clinic.services, id);
}

std::optional<int> find_room(const Clinic& clinic, std::string_view id) {
  return position_of(clinic.rooms, id);
}

std::string session_at(const Clinic& clinic, base::Instant now) {
  for (const Service& service : clinic.services)
    if (const Hours* hours = near_hours(service.hours, now)) return hours->session;
  return session_of(base::minute_of_day(now));
}

std::string session_at(const Clinic& clinic, int service, base::Instant now) {
  const Hours* hours = near_hours(clinic.services[static_cast<std::size_t>(service)].hours, now);
  return hours != nullptr ? hours->session : session_at(clinic, now);
}

const Hours* hours_at(const std::vector<Hours>& all, base::Instant now) {
  const int minute = base::minute_of_day(now);
  const int weekday = base::weekday(base::civil_date(now));
  for (const Hours& hours : all)
    if (on_weekday(hours, weekday) && minute >= hours.open && minute < hours.close) return &hours;
  return nullptr;
}

std::optional<base::Instant> last_end(const std::vector<Hours>& all, base::Date date, base::Instant now) {
  std::optional<base::Instant> last;
  for (const Hours& hours : all) {
    const base::Instant end = base::at_minute(date, hours.close);
    if (on_weekday(hours, base::weekday(date)) && end <= now && (!last || end > *last)) last = end;
  }
  return last;
}

std::optional<int> parse_minute(std::string_view text) {
  const auto colon = text.find(':');
  const auto number = [](std::string_view digits) {
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() && value >= 0 ? value : -1;
  };
  if (colon == std::string_view::npos) return std::nullopt;
  const int hour = number(text.substr(0, colon));
  const int minute = number(text.substr(colon + 1));
  if (hour < 0 || minute < 0 || minute > 59 || hour > 24 || hour * 60 + minute > 24 * 60) return std::nullopt;
  return hour * 60 + minute;
}

std::optional<std::vector<Hours>> parse_hours(std::string_view text) {
  std::vector<Hours> all;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view span = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    if (comma != std::string_view::npos && text.empty()) return std::nullopt;
    const auto dash = span.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto open = parse_minute(span.substr(0, dash));
    const auto close = parse_minute(span.substr(dash + 1));
    if (!open || !close || *close <= *open || (!all.empty() && *open < all.back().close)) return std::nullopt;
    all.push_back({session_of(*open), *open, *close, {}});
  }
  return all;
}

std::string hours_text(const std::vector<Hours>& all) {
  const auto minute = [](int m) {
    return std::to_string(m / 60) + (m % 60 < 10 ? ":0" : ":") + std::to_string(m % 60);
  };
  std::string text;
  for (const Hours& hours : all)
    text += (text.empty() ? "" : ",") + minute(hours.open) + "-" + minute(hours.close);
  return text;
}

const std::vector<Hours>& usual_hours(const Clinic& clinic, int service, base::Date date) {
  static const std::vector<Hours> none;
  const bool off = std::binary_search(clinic.closed.begin(), clinic.closed.end(), date);
  return off ? none : clinic.services[static_cast<std::size_t>(service)].hours;
}

std::optional<int> next_opening(const std::vector<Hours>& all, base::Instant now) {
  const int minute = base::minute_of_day(now);
  const int weekday = base::weekday(base::civil_date(now));
  std::optional<int> next;
  for (const Hours& hours : all)
    if (on_weekday(hours, weekday) && hours.open > minute && (!next || hours.open < *next)) next = hours.open;
  return next;
}

} // namespace machiai::queue
