// SPDX-License-Identifier: Apache-2.0
// Whether a service takes bookings from outside now; if not, why, and when it will again.
#pragma once

#include "core/base/clock.hpp"
#include "core/service/contract.hpp"

#include <optional>
#include <string>
#include <vector>

namespace machiai::booking {

/// Minutes of the day in Japan; `close` up to 24:00. An empty list of weekdays is every day.
struct Window {
  std::vector<int> weekdays; ///< 0 = Sunday
  int open = 0;
  int close = 0;
};

/// One date that is not as its weekday is.
struct DateException {
  base::Date date;
  std::vector<Window> windows; ///< none: no bookings that day
  std::optional<int> cap;      ///< of that date; none: as always
};

/// Slots of some weekdays (時間帯予約), in minutes of the day in Japan. Spans of one service do not overlap.
struct SlotSpan {
  std::vector<int> weekdays; ///< 0 = Sunday; empty: every day
  int open = 0;
  int close = 0;         ///< by then the last of them is over
  int minutes = 15;      ///< length of a slot
  int places = 1;        ///< people a slot
  int days_ahead = 14;   ///< so early it can be booked; 0: on its own date alone
  int closes_before = 0; ///< minutes before the slot at which it cannot be booked any more
  bool operator==(const SlotSpan&) const = default;
};

/// What the clinic has set for one service.
struct Rules {
  std::vector<Window> windows;
  std::vector<DateException> exceptions;
  int cap = 0;            ///< numbers a date at most; 0: no cap
  int walk_in_places = 0; ///< so many of them, the last, are for those who come themselves
  int walk_in_every = 0;  ///< of so many places of the line one is kept for them (core/queue/places); 0: none
  bool stopped = false;   ///< the clinic's instant stop,
  std::optional<base::Instant> stopped_until; ///< until it is taken back or this moment comes
  int draw_seconds = 60; ///< requests this soon after a window's opening are drawn; 0: none
  /// Stops by itself when whoever booked now would be through later than this minute of the day; none: never.
  std::optional<int> through_by;
  /// While the clinic gives the numbers and cannot be asked: none, instead of one of the web's own.
  bool refuse_when_away = false;
  int reopen_slack = 10; ///< and takes bookings again once they would be through so many minutes earlier
  std::vector<SlotSpan> slots; ///< slots.hpp; none: no slot booking
  /// Places of slots up to this date may have been given and forgotten: a backup was put back.
  std::optional<base::Date> unsure_until;
};

/// How full the day is.
struct Load {
  int given = 0;                                ///< numbers of the date so far, of every series
  std::optional<base::Instant> predicted_end{}; ///< when one who booked now would be through
  bool paused = false;                          ///< stopped by itself before
  bool away = false;                            ///< the clinic gives the numbers and cannot be asked
};

struct Acceptance {
  bool open = false;
  std::string reason; ///< a reason key when not open
  std::optional<base::Instant> opens_at;
  std::optional<base::Instant> closes_at;
  std::optional<base::Instant> drawing_until;
  std::optional<int> left; ///< numbers left today for bookings from outside; none: no cap
  bool operator==(const Acceptance&) const = default;
};

/// Reasons: those of service::State, "signage_only", "booking_stopped", "booking_day_off",
/// "booking_not_open", "booking_closed", "booking_full", "booking_full_remote" (only those who come
/// themselves still get a number), "booking_paused", "clinic_unreachable".
[[nodiscard]] Acceptance acceptance(const service::Provider& provider, const service::Contract& contract,
                                    const Rules& rules, const Load& load, base::Instant now);

/// The reason alone, empty when open: what each booking is held against, without looking ahead.
[[nodiscard]] std::string refusal(const service::Provider& provider, const service::Contract& contract,
                                  const Rules& rules, const Load& load, base::Instant now);

/// Why nothing can be booked, whatever the windows and the load; or empty: reasons of service::State,
/// "signage_only", "booking_stopped".
[[nodiscard]] std::string barred(const service::Provider& provider, const service::Contract& contract,
                                 const Rules& rules, base::Instant now);

/// Nothing is booked from outside for that date: an exception without a window.
[[nodiscard]] bool closed_on(const Rules& rules, base::Date date);

/// End of the draw that `now` lies in. It begins with each opening that was announced: of the window or of
/// the server's day, or the end of a stop, a maintenance or a suspension within them.
[[nodiscard]] std::optional<base::Instant> drawing_until(const service::Provider& provider,
                                                         const service::Contract& contract,
                                                         const Rules& rules, base::Instant now);

/// Load::paused from now on.
[[nodiscard]] bool pauses(const Rules& rules, const Load& load, base::Instant now);

/// Numbers a date at most; 0: no cap.
[[nodiscard]] int cap_on(const Rules& rules, base::Date date);
/// Numbers after which nobody outside gets one: those of the cap without the places held for walk-ins. None:
/// no cap.
[[nodiscard]] std::optional<int> places_outside(const Rules& rules, base::Date date);
/// The reason when so many numbers are more than there are: "booking_full", "booking_full_remote"; or empty.
[[nodiscard]] std::string full(const Rules& rules, base::Date date, int numbers);
/// The same for so many people at once, when so many numbers are given: "booking_few" where one would do.
[[nodiscard]] std::string none_for(const Rules& rules, base::Date date, int given, int people);
/// The windows of its weekday, by opening.
[[nodiscard]] std::vector<Window> usual_windows(const Rules& rules, base::Date date);
/// The windows of that date, by opening: an exception's, else the usual ones.
[[nodiscard]] std::vector<Window> windows_on(const Rules& rules, base::Date date);

} // namespace machiai::booking
