// SPDX-License-Identifier: Apache-2.0
// The clinic as settings: its services, rooms and rules. Values only; core/store reads them from a file.
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::queue {

/// A name in the languages a wall can show, and how it is read aloud (kana).
struct Label {
  std::string ja;
  std::string en;
  std::string reading;
  bool operator==(const Label&) const = default;
};

/// Acceptance hours of one session of the week, minutes of the day in Japan.
struct Hours {
  std::string session; ///< "morning" | "afternoon" | "evening"
  int open = 0;
  int close = 0;
  std::vector<int> weekdays; ///< 0 = Sunday; empty: every day
};

/// 業務: one counter's queue, with a number series of its own per business date.
struct Service {
  std::string id;
  Label name;
  std::string prefix;             ///< shown before the number, "S" -> "S-3"; may be empty
  std::vector<std::string> kinds; ///< visit kinds; the first is the default
  std::vector<std::string> rooms; ///< rooms that may call from it; empty: all
  std::vector<Hours> hours;
  int cap = 0; ///< numbers a business date at most; 0: no cap
  /// The counter opens and closes by its hours; people still can at any time. Otherwise by hand alone.
  bool by_timetable = false;
  bool retired = false; ///< no longer in the settings: its record stays, it gives no numbers
};

struct Room {
  std::string id;
  Label name;
  bool retired = false; ///< no longer in the settings: nobody is called there
};

/// What happens to a patient who does not answer a call; one rule for all, printed on the slip.
struct AbsenceRule {
  int back = 3;  ///< keeps a place behind this many present patients; 0: goes to the end
  int times = 2; ///< with more absences than this the place is at the end
};

struct Clinic {
  std::string id;
  Label name;
  std::string phone;
  std::vector<Service> services;
  std::vector<Room> rooms;
  AbsenceRule absence;
  int undo_seconds = 10;
  int settle_seconds = 60; ///< a called patient counts as in the room after this
  /// Enrolled with a cloud: by night the cloud owns the main series, so opening a counter does not take it.
  bool linked = false;
  std::vector<base::Date> closed; ///< days off, sorted; what the desk sets for a date goes before
  std::uint16_t station = 0;      ///< generation of its kiosk series; 0: the clinic's first machine
};

[[nodiscard]] std::optional<int> find_service(const Clinic& clinic, std::string_view id);
[[nodiscard]] std::optional<int> find_room(const Clinic& clinic, std::string_view id);
/// The session a moment belongs to: by the timetable, else morning before 13:00, afternoon before 18:00.
[[nodiscard]] std::string session_at(const Clinic& clinic, base::Instant now);
/// The same for one service, whose own hours come first.
[[nodiscard]] std::string session_at(const Clinic& clinic, int service, base::Instant now);
/// By the timetable: none on a day off.
[[nodiscard]] const std::vector<Hours>& usual_hours(const Clinic& clinic, int service, base::Date date);
/// Next opening after `now` on the same date by these hours, as minutes of the day.
[[nodiscard]] std::optional<int> next_opening(const std::vector<Hours>& all, base::Instant now);
/// The hours that `now` lies in, or none.
[[nodiscard]] const Hours* hours_at(const std::vector<Hours>& all, base::Instant now);
/// When the latest of them that has ended on that date did so; none: none has.
[[nodiscard]] std::optional<base::Instant> last_end(const std::vector<Hours>& all, base::Date date,
                                                    base::Instant now);
/// "8:30-11:00,14:30-18:00" as hours of one date, named after the session they begin in; none when it is not
/// so written, not in order or not within 0:00-24:00. An empty text is no hours at all.
[[nodiscard]] std::optional<std::vector<Hours>> parse_hours(std::string_view text);
/// The same hours as parse_hours reads them.
[[nodiscard]] std::string hours_text(const std::vector<Hours>& all);
/// "8:30" -> 510; "24:00" is allowed as an end.
[[nodiscard]] std::optional<int> parse_minute(std::string_view text);

} // namespace machiai::queue
