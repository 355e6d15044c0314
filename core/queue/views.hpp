// SPDX-License-Identifier: Apache-2.0
// What the seats show: plain values, computed from the day by pure functions and carried as JSON.
#pragma once

#include "core/base/clock.hpp"
#include "core/queue/day.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace machiai::queue {

struct Waits; // core/queue/visits.hpp

/// Whether a counter takes patients, and if not, why and when it will.
struct ServiceView {
  std::string id;
  Label name;
  std::string state;              ///< "before" (not opened yet today) | "open" | "closed"
  bool full = false;              ///< open, but today's numbers are all taken
  std::string opens_at;           ///< "14:30", the next opening by the timetable; empty when unknown
  std::string opens_on;           ///< "2026-11-25", its date when it is not today; within the next two weeks
  std::string closes_at;          ///< "12:00", the end of the hours it is in; empty when unknown
  int waiting = 0;                ///< present and not yet called
  int absent = 0;                 ///< asked to come to the reception
  std::string calling;            ///< number called last, as shown; empty before the first
  std::optional<WaitRange> wait;  ///< of one who came now
  std::vector<std::string> kinds; ///< "first", "return", ...
};

/// 臨時メッセージ: the seats have the words of each pattern in their languages.
struct MessageView {
  std::uint32_t id = 0;
  std::string pattern; ///< one of message_patterns
  std::string text;    ///< the words of a free one
  int minutes = 0;
  std::string until; ///< "11:30"
  bool operator==(const MessageView&) const = default;
};

/// 緊急のお知らせ: a screen with a place for films shows it there from `since` until `until`.
struct NoticeView {
  std::uint64_t id = 0; ///< another one has a higher one
  std::string form;     ///< of its template
  std::string lang;
  std::vector<NoticeText> texts;
  base::Instant since{}, until{};
  bool operator==(const NoticeView&) const = default;
};

// ---- board ---------------------------------------------------------------------------------------------

struct CallView {
  std::uint64_t call = 0; ///< ledger seq of the call; a later recall has a higher one
  std::string number;
  std::string service; ///< in whose line the patient stands
  std::string room;
  Label room_name;
  base::Instant at{};
  bool again = false; ///< a recall: announced once instead of twice
};

struct RoomView {
  std::string id;
  Label name;
  std::string number; ///< empty: nobody
  std::string state;  ///< "called" | "in_room" | ""
};

struct StoneView {
  std::string number;
  std::string service; ///< in whose line it stands
  std::string reason;  ///< why it is not in the order of numbers: a reason key, or empty
};

/// What the waiting-room monitor shows. Never a name.
struct BoardView {
  Label facility;
  std::string date;     ///< business date, "2026-11-24"; empty before the first day
  std::string session;  ///< "morning" | "afternoon" | "evening"
  std::string state;    ///< "before" | "open" | "closed" (all counters)
  std::string opens_at; ///< next opening, "14:30", or empty
  int waiting = 0;
  std::optional<WaitRange> wait;
  std::vector<ServiceView> services;
  std::vector<CallView> calls; ///< newest first, at most 4
  std::vector<RoomView> rooms;
  std::vector<StoneView> next;   ///< in calling order, at most 5
  int near = 0;                  ///< so many of `next` are asked to stay near the door
  std::vector<StoneView> absent; ///< asked to come to the reception, newest first, at most 5
  std::vector<MessageView> messages;
  std::optional<NoticeView> notice;
};

// ---- kiosk ---------------------------------------------------------------------------------------------

struct KioskView {
  Label facility;
  std::string date;
  std::string session;
  std::vector<ServiceView> services;
  bool printing = false; ///< false: no slip will come out; the screen shows the number large instead
  int absence_back = 0;  ///< the absence rule, told to everybody: places back,
  int absence_times = 0; ///< and how often
  std::vector<MessageView> messages;
};

// ---- desk ----------------------------------------------------------------------------------------------

struct TicketView {
  TicketIndex at = no_ticket; ///< within the day it was made from; not sent
  std::string ticket;         ///< stable id
  std::string number;
  std::string service;
  std::string kind;
  std::string name; ///< personal data: desk and room only
  std::string card;
  std::string note;   ///< personal data: desk only
  std::string line;   ///< service in whose line it stands: another one after a transfer
  std::string origin; ///< "web": asked for outside; empty: here
  std::string
      state; ///< booked | waiting | called | in_room | absent | hold | done | cancelled | void | no_show
  std::string room;
  int ahead = 0;                 ///< those the rules would call first; 0 when not waiting
  std::optional<int> kept_ahead; ///< places kept in front for walk-ins, which are told as people; none: none
  base::Instant since{};         ///< when it came into this state
  base::Instant taken{};
  std::optional<base::Instant> slot; ///< the time that was agreed; none: it is no appointment
  std::optional<base::Instant> here; ///< since when the patient is; none: nobody has said that they came
  std::string reason;                ///< reason key of a move, or empty
  int absences = 0;
  std::optional<WaitRange> wait; ///< until it is called, from now
  std::string slip;              ///< state of its latest slip, see PrintView::state; empty: none asked for
  std::optional<PhoneNote> phoned;
};

struct UndoView {
  std::uint64_t seq = 0;
  std::string what;                   ///< event kind: "called", "absent", ...
  std::string number;                 ///< empty: it is about no ticket
  std::optional<std::string> service; ///< whose counter it is about, if it is about one
  std::string room;
  std::string actor;
  std::string seat; ///< which alone may undo it
  base::Instant at{};
  base::Instant until{}; ///< undo is possible before this instant
};

struct PrintView {
  std::uint64_t print = 0; ///< id of the print, "prints" lists them
  std::string ticket;
  std::string number;
  bool reprint = false;
  std::string state;  ///< queued | sending | sent | printed | failed | cancelled | unknown
  std::string reason; ///< reason key when failed or unknown
  base::Instant at{};
  bool operator==(const PrintView&) const = default;
};

struct SeatView {
  std::string seat;
  std::string role;
  bool connected = false;
  std::string trouble; ///< reason keys the seat reported, with ':' between them; empty: all is well
};

/// One thing that is not as it should be, worst first; `reason` is a phrase key that names the mend.
struct TroubleView {
  std::string part;  ///< "printer" | "storage" | "clock" | "seat" | "voice" | "film" | "display"
  std::string level; ///< "warn" | "fault"
  std::string reason;
};

/// What a seat reported, each in the part of the station that it is about: a screen's loudspeaker, its films,
/// the screen itself.
[[nodiscard]] std::vector<TroubleView> seat_troubles(const SeatView& seat);

/// One change of the day that stands against the settings: for the desk to see and take back.
struct ExceptionView {
  std::string service;
  std::string what; ///< "cap" | "hours" | "remote" | "walk_ins" | "every"
  std::string value;
  bool operator==(const ExceptionView&) const = default;
};

/// How true the forecasts were that patients were told lately. n = 0: nothing is known yet.
struct AccuracyView {
  int n = 0;
  int days = 0;           ///< business dates looked at
  int inside_percent = 0; ///< called within the range they were told
  int median_error = 0;   ///< minutes, from the middle of the range
  int late_percent = 0;   ///< called more than 10 minutes after the middle
  bool operator==(const AccuracyView&) const = default;
};

/// How it stands with the cloud.
struct LinkView {
  bool enrolled = false;
  bool connected = false;
  std::string reason;    ///< reason key, when not connected
  base::Instant since{}; ///< when that began
  bool operator==(const LinkView&) const = default;
};

/// What is taken from outside for one service, as the cloud told it: of that moment and date.
struct OutsideView {
  std::string service;
  bool open = false;
  std::string reason;    ///< reason key, when it is not
  std::string opens_at;  ///< "14:30", the next time it is; empty when it is, or not within two weeks
  std::string opens_on;  ///< its date when that is another
  std::string closes_at; ///< "11:30"; empty when it is not open
  std::vector<std::string> windows; ///< of the date: "6:00-11:30"
  int cap = 0;                      ///< numbers of the date at most; 0: no cap
  int given = 0;                    ///< numbers so far, of those who came themselves too
  int booked = 0;                   ///< people who have booked from outside and have not cancelled
  int walk_ins = 0;                 ///< of the cap, held for those who come themselves,
  int walk_ins_rule = 0;            ///< and what the rules say of it, whatever the desk has set
  std::string through_by;           ///< "18:00", see booking::Rules; empty: never
  std::optional<int> every{};      ///< of so many places one is kept for them; none: an earlier cloud's word,
  std::optional<int> every_rule{}; ///< and what the rules say of it
  std::optional<int> absence_back{},
      absence_times{}; ///< the AbsenceRule that phones are told; none: as `every`
  bool operator==(const OutsideView&) const = default;
};
struct AcceptanceView {
  std::string date;     ///< the cloud's
  base::Instant at{};   ///< so it was then, or since then
  bool current = false; ///< it is so now: the link is up, and a change would have been told
  std::vector<OutsideView> services;
  bool operator==(const AcceptanceView&) const = default;
};

/// What the provider's contract and announcements say of now or of the days to come.
struct StandingView {
  std::string reason;    ///< reason key: "contract_suspended", "maintenance_ahead", ...
  std::string words;     ///< the provider's own; may be empty
  base::Instant from{};  ///< 0: not known
  base::Instant until{}; ///< 0: not known
  bool now = false;      ///< it holds already
  bool operator==(const StandingView&) const = default;
};

struct DeskView {
  Label facility;
  std::string date;
  std::string session;
  std::vector<ServiceView> services;
  std::vector<RoomView> rooms;
  std::vector<TicketView> tickets; ///< called, in room, then calling order, then absent, hold, then finished
  std::vector<std::string> next;   ///< ticket ids call-next would take, one per service, "" for none
  std::vector<UndoView> undo;      ///< newest first; only those still possible
  std::vector<PrintView> prints;   ///< those that need a person
  std::vector<SeatView> seats;
  std::vector<TroubleView> troubles;
  std::vector<MessageView> messages;
  std::optional<NoticeView> notice;
  std::vector<ExceptionView> exceptions;
  AccuracyView accuracy;
  LinkView link;
  std::optional<AcceptanceView> outside; ///< none: not known
  std::vector<StandingView> standing;    ///< the gravest first; empty: all is as usual
};

// ---- examination room ------------------------------------------------------------------------------------

/// One room's seat: who is inside, whom the button would call, and who comes after.
struct RoomSeatView {
  std::string room;
  Label name;
  std::optional<TicketView> inside; ///< called or in the room
  std::vector<TicketView> next;     ///< of the services this room serves, in calling order, at most 4
  int waiting = 0;
  int absent = 0;
};
/// All rooms in one view; a seat shows its own.
struct RoomsView {
  Label facility;
  std::string session;
  std::vector<RoomSeatView> rooms;
  std::vector<UndoView> undo;
};

/// The forecast comes from outside the day; without `waits` no range is shown.
[[nodiscard]] BoardView board_view(const Clinic& clinic, const Day& day, base::Instant now,
                                   const Waits* waits = nullptr);
[[nodiscard]] KioskView kiosk_view(const Clinic& clinic, const Day& day, base::Instant now,
                                   const Waits* waits = nullptr);
/// Without prints, seats, troubles and the link: those are the daemon's to fill in.
[[nodiscard]] DeskView desk_view(const Clinic& clinic, const Day& day, base::Instant now,
                                 const Waits* waits = nullptr);
[[nodiscard]] RoomsView rooms_view(const Clinic& clinic, const Day& day, base::Instant now);
/// Tickets of one service in calling order, finished ones last.
[[nodiscard]] std::vector<TicketView> queue_view(const Clinic& clinic, const Day& day, int service,
                                                 const Waits* waits = nullptr);

} // namespace machiai::queue
