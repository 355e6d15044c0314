// SPDX-License-Identifier: Apache-2.0
// The clinic's day: the ledger's events folded into one value. Everything here is a function of the events
// alone (N7), so a restart, a replay and a second machine see the same day.
#pragma once

#include "core/base/clock.hpp"
#include "core/queue/clinic.hpp"
#include "core/queue/event.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace machiai::queue {

/// booked: asked for outside, and not here yet. It stands in the line and is passed over until it arrives.
enum class TicketState : std::uint8_t {
  booked,
  waiting,
  called,
  in_room,
  absent,
  hold,
  done,
  cancelled,
  voided,
  no_show
};
[[nodiscard]] std::string_view state_name(TicketState state);
/// Still in the clinic's hands: neither finished, cancelled nor void.
[[nodiscard]] bool is_live(TicketState state);
/// Has a place in the calling order, here or not.
[[nodiscard]] constexpr bool in_line(TicketState state) {
  return state == TicketState::waiting || state == TicketState::booked;
}

/// The place behind a booking: kept for one who comes themselves, or one of them has it.
enum class Place : std::uint8_t { none, kept, taken };

/// Position of a ticket in Day::tickets.
using TicketIndex = std::uint32_t;

/// 受付: one patient's place. Small: a day may hold 100,000 of them.
struct Ticket {
  std::uint32_t n = 0;
  std::uint16_t service = 0; ///< that gave the number; part of its identity
  std::uint16_t line = 0;    ///< service in whose line it stands; another one after a transfer
  std::int16_t room = -1;    ///< index into Clinic::rooms while called or in the room
  Series series = main_series;
  std::uint16_t reason = 0; ///< index into Day::reasons; 0: none
  std::uint8_t kind = 0;    ///< index into Service::kinds
  TicketState state = TicketState::waiting;
  std::uint8_t absences = 0;
  bool outside : 1 = false;      ///< asked for outside the clinic
  bool slot : 1 = false;         ///< `taken` is the slot it was booked for
  bool in_place : 1 = false;     ///< came themselves and stands where a place was kept, not by `taken`
  Place place : 2 = Place::none; ///< behind it
  bool away : 1 = false;         ///< booked from outside, and nobody has said yet that they are here
  bool settled : 1 = false;      ///< `touched` was time alone, which brought them into the room
  std::uint32_t came = 0;    ///< seconds from `taken` until the patient was here; small, for 100,000 are kept
  std::uint64_t touched = 0; ///< seq of the last event that changed it
  base::Instant taken{};     ///< accepted: its place among others
  base::Instant since{};     ///< when it came into its state
};
static_assert(sizeof(Ticket) == 48);
/// Called, or with the doctor.
[[nodiscard]] constexpr bool is_inside(const Ticket& ticket) {
  return ticket.state == TicketState::called || ticket.state == TicketState::in_room;
}
/// Since when the patient is here, to the second for one who booked from outside: waits are counted from it.
[[nodiscard]] inline base::Instant here_since(const Ticket& ticket) {
  return ticket.taken + std::chrono::seconds(ticket.came);
}

inline constexpr TicketIndex no_ticket = 0xffffffff;
/// In Counter::index: a number that was declared void and is nobody's.
inline constexpr TicketIndex void_number = 0xfffffffe;

/// Who gives the main numbers of one service on one business date, and what was given.
struct Counter {
  bool open = false;
  bool ever_open = false;
  std::string session;
  std::uint64_t epoch = 0;      ///< of the main series; never falls (N4)
  bool owner = false;           ///< this side owns the main series in `epoch`
  std::uint32_t generation = 0; ///< of the cloud, as last seen on this date; 0: not yet
  /// Per series: number n is at [n - 1]; `void_number` where it is void, `no_ticket` where it was given
  /// elsewhere and has not come down yet.
  std::map<Series, std::vector<TicketIndex>> index;
  std::vector<TicketIndex> line; ///< calling order; finished tickets keep their place, so that undo can
  std::size_t head = 0;          ///< everything in `line` before this is finished
  int waiting = 0;               ///< of `line`, those in state waiting
  TicketIndex last_called = no_ticket;
  base::Instant turned{};                  ///< when it was last opened or closed
  bool closed_by_hand = false;             ///< it was a person who closed it last, not the clock
  int cap = -1;                            ///< of this date alone; -1: as in the settings
  bool remote_stopped = false;             ///< no requests from outside today
  int walk_ins = -1;                       ///< numbers held for walk-ins today; -1: as the cloud's rules say
  int every = -1;                          ///< every so many-th place is kept today; -1: likewise
  TicketIndex kept_from = 0;               ///< no place behind an earlier ticket counts: they were given up
  bool kept = false;                       ///< a place was kept on this date: else nobody looks for one
  std::uint32_t asked = 0;                 ///< bookings of the date so far, without those of slots
  std::optional<std::vector<Hours>> hours; ///< of this date alone
};

/// Owns the series, and has not heard of the cloud on this date: the cloud may be giving the same numbers.
[[nodiscard]] inline bool owns_unasked(const Counter& counter) {
  return counter.owner && counter.generation == 0;
}

struct Call {
  std::uint64_t seq = 0;
  TicketIndex ticket = 0;
  std::int16_t room = -1;
  base::Instant at{};
  bool again = false;
};

/// A ticket as it was before an undoable command.
struct Snapshot {
  TicketIndex index = 0;
  Ticket before;
  TicketIndex predecessor = no_ticket; ///< who stood right before it; no_ticket: it was first
  bool moved = false;                  ///< the command changed its place in the line
};

/// What is set of a counter, as it was before an undoable command.
struct CounterSnapshot {
  int service = 0;
  bool open = false;
  bool ever_open = false;
  std::string session;
  base::Instant turned{};
  bool closed_by_hand = false;
  int cap = -1;
  bool remote_stopped = false;
  int walk_ins = -1;
  int every = -1;
  TicketIndex kept_from = 0;
  std::optional<std::vector<Hours>> hours;
  std::string what; ///< of the counter was set: "counter_closed", "hours_set" and the like
};

struct Person {
  std::string name;
  std::string card;
  std::string note;
};

/// The last time the patient was telephoned.
struct PhoneNote {
  std::string result; ///< see Phoned
  base::Instant at{};
  int times = 0; ///< so often so far
  bool operator==(const PhoneNote&) const = default;
};

/// 臨時メッセージ of the day.
struct Message {
  std::uint32_t id = 0;
  std::string pattern;
  std::string text;
  int minutes = 0;
  base::Instant since{};
  base::Instant until{};
};

/// 緊急のお知らせ.
struct Notice {
  std::uint64_t id = 0; ///< seq of its event
  std::string form, lang;
  std::vector<NoticeText> texts;
  base::Instant since{}, until{};
};

/// More than all kiosks and desks together do within the seconds of an undo; the oldest of them makes room
/// for what an undo itself writes down. Fewer would replay some ledger to another day.
inline constexpr std::size_t kept_undo = 257;
struct UndoRecord {
  std::uint64_t group = 0; ///< seq of the command's first event
  std::uint64_t last = 0;  ///< seq of its last event
  std::string what;
  TicketIndex ticket = no_ticket; ///< no_ticket: it is about none
  std::int16_t room = -1;
  std::string actor;
  std::string seat;
  base::Instant at{};
  TicketIndex called_before = no_ticket; ///< Counter::last_called before the command
  std::vector<Snapshot> tickets;
  std::vector<CounterSnapshot> counters;
  std::vector<TicketIndex> places; ///< kept behind these before: let go by the call, or taken
  std::optional<Person> person;    ///< amended: what was written down before; none: nothing
  std::uint8_t kind = 0;           ///< amended: the kind before
  Message message;                 ///< put or taken
  std::size_t place = 0;           ///< where the taken message stood
  std::optional<Notice> notice;    ///< shown before
  std::optional<PhoneNote> phoned;
};

/// Of all series of a day together: what names more than there is room for is passed over.
inline constexpr std::size_t most_numbers_held = std::size_t{4} * most_numbers;

struct Day {
  base::Date date{};
  bool opened = false;             ///< a business day is open
  std::vector<base::Date> history; ///< every business date that was ever opened, in that order (N11)
  std::uint64_t seq = 0;           ///< of the last event folded
  std::vector<Counter> counters;   ///< one per Clinic::services
  std::size_t numbers = 0;         ///< in all their indexes together, at most most_numbers_held
  std::deque<Ticket> tickets;
  std::unordered_map<TicketIndex, Person> people;
  std::unordered_map<TicketIndex, PhoneNote> phoned;
  std::vector<std::string> reasons{std::string{}};
  std::deque<Call> calls;        ///< newest first, at most 8
  std::deque<UndoRecord> undo;   ///< newest first, at most kept_undo
  std::vector<Message> messages; ///< oldest first
  std::optional<Notice> notice;
  /// Requests from outside by their key: the ticket, or `no_ticket` for one that was refused.
  std::unordered_map<std::string, TicketIndex> outside;
  std::uint32_t last_message = 0;
};

[[nodiscard]] Day new_day(const Clinic& clinic);

/// Applies one event. The event is taken as fact: decide() and the ledger's chain vouch for it.
void fold(const Clinic& clinic, Day& day, const Event& event);

/// Somebody has changed since what undoing the record would bring back. A recall is nobody's to change.
[[nodiscard]] bool changed_since(const Day& day, const UndoRecord& record);

/// The ticket an event or a command names, or none.
[[nodiscard]] std::optional<TicketIndex> find_ticket(const Day& day, const TicketRef& ref);
[[nodiscard]] TicketRef ref_of(const Ticket& ticket);
/// "naika-20261124-12", "naika-20261124-K3", "naika-20261124-W2.7": stable, unique for ever (N1), without
/// personal data.
[[nodiscard]] std::string ticket_id(const Clinic& clinic, base::Date date, const TicketRef& ref);
/// "12", "S-3", "K-3", "W2-7": what is shown, printed and spoken.
[[nodiscard]] std::string shown_number(const Clinic& clinic, const TicketRef& ref);
/// The first present patient of the service in calling order.
[[nodiscard]] std::optional<TicketIndex> next_present(const Day& day, int service);
/// How many the rules would call before this ticket; 0 when it is not in the line.
[[nodiscard]] int people_ahead(const Day& day, TicketIndex ticket);
/// Numbers a service gives at most on this date; 0: no cap.
[[nodiscard]] int cap_of(const Clinic& clinic, const Day& day, int service);
/// So many have been given, of all series and outside too. Numbers that were taken back do not count, nor
/// those that a restore has left out.
[[nodiscard]] bool is_full(const Clinic& clinic, const Day& day, int service);
/// Its acceptance hours on the day's date, exceptions included.
[[nodiscard]] const std::vector<Hours>& hours_of(const Clinic& clinic, const Day& day, int service);
/// When the night after a business day is over, whoever is still there.
inline constexpr int day_ends_at_minute = 4 * 60;
/// The day has passed: another date has begun, no counter is open, and who was there has been seen or the
/// night is over. Nothing of it is shown any more, and a counter opened now begins the other date.
[[nodiscard]] bool has_passed(const Day& day, base::Instant now);
/// The date a business day opened at `now` gets: docs/ARCHITECTURE.md, "Decisions of our own".
[[nodiscard]] base::Date business_date(const Day& day, base::Instant now);
/// Whether what comes from outside about `date` may be written down: the date is open, however late it is, or
/// it is the one that begins now.
[[nodiscard]] bool takes_date(const Day& day, base::Date date, base::Instant now);

} // namespace machiai::queue
