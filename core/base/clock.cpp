// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.hpp"

#include <fmt/format.h>

namespace machiai::base {

namespace {

constexpr std::chrono::hours japan{9};

std::chrono::sys_days to_days(Date d) {
  return std::chrono::sys_days{std::chrono::days{d.days}};
}

} // namespace

Date civil_date(Instant t) {
  const auto day = std::chrono::floor<std::chrono::days>(t + japan);
  return Date{static_cast<std::int32_t>(day.time_since_epoch().count())};
}

std::string iso_date(Date d) {
  const std::chrono::year_month_day ymd{to_days(d)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

std::string compact_date(Date d) {
  const std::chrono::year_month_day ymd{to_days(d)};
  const unsigned year = static_cast<unsigned>(static_cast<int>(ymd.year()));
  unsigned rest = (year * 100 + static_cast<unsigned>(ymd.month())) * 100 + static_cast<unsigned>(ymd.day());
  std::string text(8, '0'); // by hand: every ticket's id has it
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, rest /= 10)
    *digit = static_cast<char>('0' + rest % 10);
  return text;
}

std::optional<Date> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  int parts[3] = {};
  constexpr int starts[3] = {0, 5, 8};
  constexpr int lengths[3] = {4, 2, 2};
  for (int p = 0; p < 3; ++p) {
    for (int i = 0; i < lengths[p]; ++i) {
      const char c = text[static_cast<std::size_t>(starts[p]) + static_cast<std::size_t>(i)];
      if (c < '0' || c > '9') return std::nullopt;
      parts[p] = parts[p] * 10 + (c - '0');
    }
  }
  const std::chrono::year_month_day ymd{std::chrono::year{parts[0]},
                                        std::chrono::month{static_cast<unsigned>(parts[1])},
                                        std::chrono::day{static_cast<unsigned>(parts[2])}};
  if (!ymd.ok()) return std::nullopt;
  return Date{static_cast<std::int32_t>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

int weekday(Date d) {
  return static_cast<int>(std::chrono::weekday{to_days(d)}.c_encoding());
}

int minute_of_day(Instant t) {
  const auto local = t + japan;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  return static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(local - day).count());
}

std::string clock_text(Instant t) {
  const int m = minute_of_day(t);
  return fmt::format("{}:{:02}", m / 60, m % 60);
}

std::string iso_instant(Instant t) {
  const auto local = t + japan;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto ms = (local - day).count();
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}+09:00", iso_date(civil_date(t)), ms / 3600000,
                     ms / 60000 % 60, ms / 1000 % 60, ms % 1000);
}

namespace {

/// Digits of a text, taken from its front.
class Scan {
public:
  explicit Scan(std::string_view text) : rest_(text) {}
  std::optional<int> digits(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Of a second, as milliseconds; what is finer is cut off.
  std::optional<int> fraction() {
    int millis = 0, unit = 100;
    if (!at_digit()) return std::nullopt;
    for (auto digit = digits(1); digit; digit = digits(1), unit /= 10) millis += *digit * unit;
    return millis;
  }
  [[nodiscard]] bool at_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  [[nodiscard]] bool done() const { return rest_.empty(); }

private:
  std::string_view rest_;
};

/// Minutes east of UTC; an absent offset is Japan's.
std::optional<int> read_offset(Scan& scan) {
  if (scan.done()) return 9 * 60;
  if (scan.take('Z') || scan.take('z')) return 0;
  const bool west = scan.take('-');
  if (!west && !scan.take('+')) return std::nullopt;
  const auto hours = scan.digits(2);
  scan.take(':');
  const auto minutes = scan.done() ? std::optional(0) : scan.digits(2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  const int east = *hours * 60 + *minutes;
  return west ? -east : east;
}

} // namespace

std::optional<Instant> parse_iso_instant(std::string_view text) {
  // The basic form, 20261125T183000Z, has no signs between its parts, the extended one has all of them.
  const bool extended = text.size() > 4 && text[4] == '-';
  const std::size_t length = extended ? 10 : 8;
  if (text.size() < length) return std::nullopt;
  std::string day(text.substr(0, length));
  if (!extended) day.insert(6, "-").insert(4, "-");
  const auto date = parse_iso_date(day);
  if (date && text.size() == length) return at_minute(*date, 0);
  if (!date) return std::nullopt;
  Scan scan(text.substr(length));
  if (!scan.take('T') && !scan.take('t') && !scan.take(' ')) return std::nullopt;
  const auto goes_on = [&] { return extended ? scan.take(':') : scan.at_digit(); };
  const auto hour = scan.digits(2);
  std::optional<int> minute = 0, second = 0;
  int millis = 0;
  if (hour && goes_on()) {
    minute = scan.digits(2);
    if (minute && goes_on()) {
      second = scan.digits(2);
      if (scan.take('.') || scan.take(',')) {
        const auto fraction = scan.fraction();
        if (!fraction) return std::nullopt;
        millis = *fraction;
      }
    }
  }
  // 24:00 is the end of the date (ISO 8601).
  const bool end = hour == 24 && minute == 0 && second == 0 && millis == 0;
  const bool whole = hour && minute && second && *minute < 60 && *second < 60 && (*hour < 24 || end);
  const auto offset = whole ? read_offset(scan) : std::nullopt;
  if (!offset || !scan.done()) return std::nullopt;
  return at_minute(*date, *hour * 60 + *minute) + japan - std::chrono::minutes{*offset} +
         std::chrono::seconds{*second} + Millis{millis};
}

Instant at_minute(Date d, int minute) {
  return Instant{std::chrono::duration_cast<Millis>(to_days(d).time_since_epoch())} +
         std::chrono::minutes{minute} - japan;
}

Instant SystemClock::now() const {
  return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}

} // namespace machiai::base
