// SPDX-License-Identifier: Apache-2.0
// What the panels over the queue hold: the choices made in them, and what the hub answered to their
// questions.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace machiai::desk {

constexpr int shortest_pin = 4;

enum class Panel : std::uint8_t {
  none,
  move, ///< lies in the place of the six actions; all others are sheets above the screen
  receive,
  ticket,
  absent,
  hold,
  transfer,
  amend,
  history,
  compare,
  session,
  cap,
  hours,
  messages,
  message,
  close_day,
  records,
  replay,
  programme,
  notices,
  notice,
  troubles,
  devices,
  pair,
  help,
  find,
};

/// Where "close" leads from a panel: to the one it was opened from.
[[nodiscard]] Panel parent_of(Panel panel);

// ---- what the hub told
// -------------------------------------------------------------------------------------

/// One line of a history: who did what, when.
struct StoryLine {
  std::string clock; ///< "10:02:31"
  std::string kind;  ///< event kind: "called", "moved", ...
  std::string actor;
  std::string seat;
  std::string number; ///< whose it is
  std::string room;   ///< id, of a call
  std::string reason;
  std::string first; ///< of two that are compared: the number in front after it; empty: neither
  bool turned = false;
  std::string service{}; ///< of a counter's event
  bool operator==(const StoryLine&) const = default;
};
struct Story {
  std::string number;
  std::string other; ///< empty: the history of one
  std::vector<StoryLine> lines;
  bool operator==(const Story&) const = default;
};

/// A ticket as a stone: to compare with, or in a line replayed.
struct Other {
  std::string ticket, number, state;
  bool operator==(const Other&) const = default;
};

/// The query `replay`: one line as it stood at a moment of a day.
struct Replay {
  std::string date, at, service; ///< as asked; `at` empty: the end of the day
  bool open = false;
  int waiting = 0;
  std::vector<Other> line;
  std::vector<StoryLine> before; ///< what had just happened, the newest first; empty: nothing yet
  std::string last, next;        ///< instants of the newest event and of the one after it; empty: none
  bool operator==(const Replay&) const = default;
};

/// Who read or did what beside the queue; never about whom by name.
struct Access {
  std::string at; ///< "11/24 10:02"
  std::string person, seat, what, about;
  std::string number{}; ///< of the ticket it is about, as far as that is told
  bool operator==(const Access&) const = default;
};
/// The query `access` of a span of dates, the newest first.
struct AccessLog {
  std::string from, to; ///< as asked
  std::vector<Access> rows;
  bool operator==(const AccessLog&) const = default;
};

struct ServiceSum {
  std::string service;
  int taken = 0, done = 0, cancelled = 0, no_show = 0, absences = 0;
  int waits = 0; ///< how many the two figures stand on
  double median = 0, ninth = 0;
  bool operator==(const ServiceSum&) const = default;
};
struct RoomSum {
  std::string room;
  int visits = 0;
  double minutes = 0; ///< with a patient
  bool operator==(const RoomSum&) const = default;
};
struct DaySum {
  std::string date;
  int taken = 0;
  int waits = 0;
  double median = 0; ///< minutes
  int absences = 0;
  int printed = 0, print_failed = 0;
  bool operator==(const DaySum&) const = default;
};
/// The query `statistics` of a span of business dates.
struct Counts {
  std::string from, to; ///< as asked
  std::vector<DaySum> days;
  std::vector<ServiceSum> services;
  std::vector<RoomSum> rooms;
  std::array<int, 24> arrivals{};
  int printed = 0, print_failed = 0, reprinted = 0;
  bool operator==(const Counts&) const = default;
};

struct Device {
  std::string id, name, room;
  std::string paired, seen; ///< dates
  bool connected = false;
  bool operator==(const Device&) const = default;
};
struct Devices {
  bool known = false;
  std::vector<Device> rows;
  std::string address; ///< what a tablet opens; empty: the network is off
  std::string trouble; ///< why
  bool operator==(const Devices&) const = default;
};
struct Pairing {
  std::string code; ///< empty: none was asked for
  std::string address, name, room;
  std::int64_t until_ms = 0; ///< by the hub's clock
  std::string check{};       ///< signs that a program shows too, so that it is this station it speaks to
  bool operator==(const Pairing&) const = default;
};

/// What stands for a counter today.
struct CounterToday {
  std::string service; ///< empty: not told yet
  std::string hours;
  int cap = 0; ///< 0: none
  bool operator==(const CounterToday&) const = default;
};

struct Person {
  std::string id, name;
  bool operator==(const Person&) const = default;
};
/// Who works at this glass. The pass lives in memory only: it resumes after the link was lost.
struct Staff {
  bool known = false;    ///< the hub has been asked on this connection
  bool answered = false; ///< and has once answered: until then no name is shown
  bool login = false;    ///< the hub wants to know who acts
  std::vector<Person> people;
  std::string person; ///< logged in; empty: nobody
  std::string pass;
  std::string chosen;               ///< whose PIN is being entered
  std::string refused;              ///< reason of the last refusal, until the next key
  std::int64_t locked_until_ms = 0; ///< steady
  std::string lost;                 ///< command that was refused because nobody was logged in
  std::string lost_number;
  bool operator==(const Staff&) const = default;
};

/// The question an open panel has put, and how it went.
struct Inquiry {
  std::string key; ///< what was asked; another key is another question
  bool flying = false;
  std::string failed; ///< reason; empty: answered, or not yet
  std::int64_t at_ms = 0;
  bool operator==(const Inquiry&) const = default;
};

struct Found {
  Inquiry inquiry;
  Story story;
  Replay replay;
  AccessLog access;
  Counts counts;
  CounterToday counter;
  Devices devices;
  Pairing pairing;
  Staff staff;
  std::string saved; ///< where the table was written
  bool operator==(const Found&) const = default;
};

// ---- what is chosen in a panel
// -----------------------------------------------------------------------------

/// Acceptance hours of one part of the day, in minutes; off: closed.
struct Part {
  bool on = true;
  int open = 0, close = 0;
  bool operator==(const Part&) const = default;
};
struct MessageDraft {
  std::string pattern;
  int minutes = 0;
  int show_minutes = 120;
  std::string text; ///< of a free one
  bool operator==(const MessageDraft&) const = default;
};

/// The urgent notice that is being written.
struct NoticeDraft {
  std::string form; ///< its template
  std::string lang = "ja";
  int minutes = 60;
  std::vector<std::pair<std::string, std::string>> texts; ///< by field
  bool operator==(const NoticeDraft&) const = default;
};

struct Inside {
  std::string about;         ///< service, device or room the panel is about
  std::string other;         ///< ticket to compare with
  std::string why;           ///< reason key of a hold
  std::string digits;        ///< typed on the pad: a cap or a PIN
  std::array<Part, 3> parts; ///< morning, afternoon, evening
  bool parts_moved = false;  ///< by a touch: what the hub tells comes too late for them
  MessageDraft message;
  NoticeDraft notice;
  std::string tab = "counts";  ///< of the records: "counts" | "forecast" | "access"
  std::string span = "day";    ///< "day" | "week" | "month"
  std::string chart = "taken"; ///< "taken" | "waits" | "rooms" | "absences" | "slips"
  int back = 0;                ///< so many spans ago
  std::string at{};            ///< instant of a replayed day; empty: its end
  int page = 0;
  std::string confirm; ///< what the next press on the same key carries out
  bool operator==(const Inside&) const = default;
};

} // namespace machiai::desk
