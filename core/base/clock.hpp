// SPDX-License-Identifier: Apache-2.0
// Time: instants in UTC, civil dates in Japan (UTC+9, no daylight saving), and the one system clock.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace machiai::base {

using Millis = std::chrono::milliseconds;
/// Milliseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<Millis>;

constexpr Instant instant_from_ms(std::int64_t ms) {
  return Instant{Millis{ms}};
}
constexpr std::int64_t to_ms(Instant t) {
  return t.time_since_epoch().count();
}

/// A civil date in Japan; also the business date (営業日) of the clinic. Days since 1970-01-01.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;
};

[[nodiscard]] Date civil_date(Instant t);       ///< the date in Japan at `t`
[[nodiscard]] std::string iso_date(Date d);     ///< "2026-11-24"
[[nodiscard]] std::string compact_date(Date d); ///< "20261124"
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text);
[[nodiscard]] int weekday(Date d);                ///< 0 = Sunday ... 6 = Saturday
[[nodiscard]] int minute_of_day(Instant t);       ///< minutes since midnight in Japan, 0-1439
[[nodiscard]] std::string clock_text(Instant t);  ///< "10:32" in Japan
[[nodiscard]] std::string iso_instant(Instant t); ///< "2026-11-24T10:32:05.120+09:00"
/// ISO 8601 "2026-11-24T10:32", with seconds, fractions, and "Z" or an offset if wanted; without one it is
/// Japan's. "T24:00" ends the date, a date alone is its beginning.
[[nodiscard]] std::optional<Instant> parse_iso_instant(std::string_view text);
[[nodiscard]] Instant at_minute(Date d, int minute); ///< the instant of that date and minute in Japan

/// Where "now" comes from. Rules take an Instant; only the edge holds a Clock.
class Clock {
public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual Instant now() const = 0;
};

/// The machine's clock: the only place that asks it.
class SystemClock final : public Clock {
public:
  [[nodiscard]] Instant now() const override;
};

} // namespace machiai::base
