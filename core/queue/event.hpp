// SPDX-License-Identifier: Apache-2.0
// Events: what the ledger remembers. One struct per kind; the ledger stores them as JSON (core/wire/events).
#pragma once

#include "core/base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace machiai::queue {

/// Series of numbers: the main one has a single owner an epoch; kiosk and web fall back to their own. A web
/// series is of one generation of the cloud, a kiosk series of one station of the clinic: what a restored
/// cloud or a replaced station has forgotten is never given again (N6).
struct Series {
  char letter = 'M';
  std::uint16_t generation = 0;

  constexpr Series() = default;
  constexpr Series(char of_letter, std::uint16_t of_generation = 0) // NOLINT: a letter is a series
      : letter(of_letter), generation(of_generation) {}
  auto operator<=>(const Series&) const = default;
};
inline constexpr Series main_series{'M'};
inline constexpr Series kiosk_series{'K'};
inline constexpr Series web_series{'W'};

/// Of one series and day; a number above is a defect or an attack.
inline constexpr std::uint32_t most_numbers = 1'000'000;

/// "M", "K", "W2": as the ledger writes it.
[[nodiscard]] std::string series_text(const Series& series);
[[nodiscard]] std::optional<Series> parse_series(std::string_view text);

/// A ticket within a business date: service (index into Clinic::services), series, number.
struct TicketRef {
  int service = 0;
  Series series = main_series;
  std::uint32_t n = 0;
  auto operator<=>(const TicketRef&) const = default;
};

/// Range of a wait in minutes, as it is told to people: rounded outwards to 5.
struct WaitRange {
  int low = 0;
  int high = 0;
  bool operator==(const WaitRange&) const = default;
};

struct DayOpened {
  base::Date date;
};
struct DayClosed {
  base::Date date;
};
struct CounterOpened {
  int service;
  std::string session;
};
struct CounterClosed {
  int service;
};
/// This side owns the main series from here on; numbers go on above `high`.
struct OwnershipTaken {
  int service;
  std::uint64_t epoch;
  std::uint32_t high;
};
/// This side stops giving main numbers, durably, before it grants `epoch` to the other (N4). The event
/// itself, when it has come up, is the grant.
struct OwnershipReleased {
  int service;
  std::uint64_t epoch;
};
struct Taken {
  TicketRef ticket;
  std::string kind;
  std::string card; ///< personal data
  std::string name; ///< personal data
  int ahead = 0;    ///< people ahead at issue, as printed
  bool print = false;
  std::string note;              ///< personal data: what the reception wrote down
  std::optional<WaitRange> told; ///< the wait as forecast at issue: printed, and held against what came
  /// Asked for outside the clinic, under the event's key, and accepted then: its place in the line.
  std::optional<base::Instant> accepted{};
  /// Asked for outside: a place is kept behind it for one who comes themselves.
  bool keeps = false;
  /// Came themselves and stands at the place that was kept behind this one; n = 0: at the end of the line.
  TicketRef behind{};
};
/// Numbers from..to of the series are explained but belong to nobody (N3).
struct Voided {
  int service;
  Series series;
  std::uint32_t from;
  std::uint32_t to;
  std::string reason;
};
struct Called {
  TicketRef ticket;
  std::string room;
};
struct Recalled {
  TicketRef ticket;
  std::string room; ///< where they are asked to come
};
struct Entered {
  TicketRef ticket;
};
/// `before`: keeps its place in front of this ticket (n = 0: at the end of the line). Who was not called yet
/// stays where they are, unless the desk has `chosen` a place.
struct MarkedAbsent {
  TicketRef ticket;
  TicketRef before;
  bool chosen = false;
};
struct Held {
  TicketRef ticket;
  std::string reason; ///< a reason key or the staff's words; may be empty
};
struct Resumed {
  TicketRef ticket;
};
struct PutBack {
  TicketRef ticket;
};
struct Cancelled {
  TicketRef ticket;
};
struct Finished {
  TicketRef ticket;
};
struct Moved {
  TicketRef ticket;
  TicketRef before;
  std::string reason;
};
/// Takes back the command whose first event is `group`. What the cloud has been told of by its own event, it
/// is told by one again, right before this one.
struct Undone {
  std::uint64_t group;
  TicketRef ticket; ///< n = 0: it was about none
  std::string what;
};
/// A slip is printed again, marked 再発行.
struct Reprinted {
  TicketRef ticket;
};

/// What is known of the patient, whole: it replaces what was written at the take.
struct Amended {
  TicketRef ticket;
  std::string kind;
  std::string card; ///< personal data
  std::string name; ///< personal data
  std::string note; ///< personal data
};
/// Goes on in another service's line, in front of `before` (n = 0: at its end). The number stays (N6).
struct Transferred {
  TicketRef ticket;
  int to = 0;
  TicketRef before;
};
/// The day ended and the patient had not come, or had not come back.
struct NoShow {
  TicketRef ticket;
};
/// For this business date alone; -1: as in the settings.
struct CapSet {
  int service = 0;
  int cap = -1;
};
/// Acceptance hours of this business date alone: "8:30-11:00,14:30-18:00", "" for closed all day, "-" for
/// those of the settings.
struct HoursSet {
  int service = 0;
  std::string hours;
};
/// 臨時メッセージ: shown on board and kiosk from now on.
struct MessagePut {
  std::uint32_t id = 0;
  std::string pattern; ///< key of a template, or "free"
  std::string text;    ///< the words of a free message
  int minutes = 0;     ///< what the template counts; 0: nothing
  base::Instant until{};
};
struct MessageTaken {
  std::uint32_t id = 0;
};
/// What one field of a notice says.
struct NoticeText {
  std::string field;
  std::string text;
  bool operator==(const NoticeText&) const = default;
};
/// 緊急のお知らせ: stands in the film's place until then or until it is cleared, instead of one before it.
struct NoticeShown {
  std::string form; ///< of its template
  std::string lang; ///< "ja" or "en"
  std::vector<NoticeText> texts;
  base::Instant until{};
};
struct NoticeCleared {};
/// A request from outside, under the event's key, was refused there: no number will ever be given for it
/// (N2).
struct Refused {
  int service = 0;
  std::string reason;
};
/// The cloud is in this generation: it was restored once for each one above the first.
struct CloudSeen {
  int service = 0;
  std::uint32_t generation = 0;
};
/// Who booked from outside is here.
struct Arrived {
  TicketRef ticket;
};
/// For this business date: whether requests from outside are taken.
struct RemoteSet {
  int service = 0;
  bool open = true;
};
/// For this business date: so many of the cap's numbers, the last, are held for those who come themselves,
/// and every so many-th place of the line is kept for them (core/queue/places); -1: as the cloud's booking
/// rules say.
struct WalkInsSet {
  int service = 0;
  int places = -1;
  int every = -1;
};
/// The reception telephoned the patient; who and when are the event's.
struct Phoned {
  TicketRef ticket;
  std::string result; ///< "reached" | "no_answer"
};

using EventBody = std::variant<DayOpened, DayClosed, CounterOpened, CounterClosed, OwnershipTaken,
                               OwnershipReleased, Taken, Voided, Called, Recalled, Entered, MarkedAbsent,
                               Held, Resumed, PutBack, Cancelled, Finished, Moved, Undone, Reprinted, Amended,
                               Transferred, NoShow, CapSet, HoursSet, MessagePut, MessageTaken, Refused,
                               CloudSeen, Arrived, RemoteSet, NoticeShown, NoticeCleared, WalkInsSet, Phoned>;

/// Actor of what the station does by itself, as time passes.
inline constexpr std::string_view by_itself{"system"};

struct Event {
  std::uint64_t seq = 0;   ///< place in the ledger, from 1, without a gap
  std::uint64_t group = 0; ///< seq of the first event of the same command
  std::uint64_t epoch = 0; ///< of the main series it touches; 0 for events of no service
  std::string key;         ///< idempotency key of the command; empty for the daemon's own
  std::string actor;       ///< role or log-in, never a patient
  std::string seat;
  base::Instant at{};
  EventBody body;
};

} // namespace machiai::queue
