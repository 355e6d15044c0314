// SPDX-License-Identifier: Apache-2.0
// decide(): a command against the day. Either the events that carry it out, or the reason it is refused.
// Pure: nothing here reads a clock, a file or a socket.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/day.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace machiai::queue {

struct OpenCounter {
  std::string service;
};
struct CloseCounter {
  std::string service;
};
struct Take {
  std::string service;
  std::string kind; ///< empty: the service's first kind
  std::string card; ///< personal data
  std::string name; ///< personal data
  bool print = true;
  std::string note{};              ///< personal data
  std::optional<WaitRange> told{}; ///< by the daemon: what a new-comer is told now
};
/// Without `ticket`: the first present one. With `expect`: only if that one is still the next.
struct CallNext {
  std::string service;
  std::string room;
  std::optional<std::string> ticket;
  std::optional<std::string> expect;
};
enum class Verb { recall, enter, absent, hold, resume, back, cancel, finish, arrive, no_show };
struct Act {
  Verb verb;
  std::string ticket;
  std::optional<int> back{}; ///< absent: so many places instead of the rule; 0: to the end
  std::string reason{};      ///< hold: what for
};
struct Move {
  std::string ticket;
  std::string before; ///< empty: to the end of the line
  std::string reason;
};
/// The next one first: behind one more present patient.
struct Skip {
  std::string ticket;
};
struct Transfer {
  std::string ticket;
  std::string to; ///< service
};
/// Fields without a value stay as they are.
struct Amend {
  std::string ticket;
  std::optional<std::string> kind, card, name, note; ///< personal data
};
/// The reception notes that it telephoned the patient.
struct Phone {
  std::string ticket;
  std::string result; ///< see Phoned
};
/// The seat's last action, or with `group` (UndoView::seq) exactly that one of its actions.
struct Undo {
  std::optional<std::uint64_t> group{};
};
struct CloseDay {};
struct SetCap {
  std::string service;
  int cap = -1; ///< 0: none; -1: as in the settings
};
struct SetHours {
  std::string service;
  std::string hours; ///< see HoursSet
};
/// Keys of the temporary messages; the seats know their words in seven languages.
inline constexpr std::array<std::string_view, 8> message_patterns{
    "delay", "doctor_late", "emergency", "doctor_away", "long_wait", "vaccination_time", "test_time", "free"};
/// Whether requests from outside are taken, for this business date.
struct SetRemote {
  std::string service;
  bool open = true;
};
inline constexpr int most_walk_ins = 200;
/// Numbers that nobody outside gets, for this business date. It means something where there is a cap, and is
/// taken everywhere: the cap may come later.
struct SetWalkIns {
  std::string service;
  int places = -1;            ///< up to most_walk_ins; -1: as the cloud's booking rules say
  std::optional<int> every{}; ///< see WalkInsSet; none: stays as it is
};
struct PutMessage {
  std::string pattern;
  std::string text;       ///< of a free one
  int minutes = 0;        ///< what the template counts
  int show_minutes = 120; ///< taken away by itself after so long
};
struct TakeMessage {
  std::uint32_t id = 0;
};
/// Whether it fits the screen is for the caller to have found out.
struct ShowNotice {
  std::string form;
  std::string lang = "ja";
  std::vector<NoticeText> texts{};
  int minutes = 60;
};
struct ClearNotice {};
struct Reprint {
  std::string ticket;
};
/// Who holds this card, or this ticket, is here: what was booked for today stands in the line from now on,
/// and who was here already keeps their number. One of the two is given.
struct CheckIn {
  std::string card; ///< personal data
  std::string ticket;
  std::string service{}; ///< of the card's tickets only those in this service's line
  bool print = true;     ///< slips for those who come from outside
};
/// The other side granted us the main series (or, on one machine, the day begins).
struct TakeOwnership {
  std::string service;
  std::uint64_t epoch;
  std::uint32_t high;
};
struct ReleaseOwnership {
  std::string service;
};
/// The cloud tells its generation for the first time.
struct SeeCloud {
  std::string service;
  std::uint32_t generation = 0;
};
/// The cloud was restored from a backup, or knows nothing of us: this side takes the main series, `jump`
/// numbers above everything that either remembers. What the cloud had given in between and forgotten lies in
/// the jump, declared void (N1, N10).
struct Reclaim {
  std::string service;
  base::Date date{};            ///< of the message; nothing is written to another one
  std::uint32_t generation = 0; ///< the new one
  std::uint64_t epoch = 0;      ///< the cloud's
  std::uint32_t high = 0;       ///< the cloud's highest main number
  std::uint32_t jump = 0;
};
/// A request from outside: with `given`, the number the cloud gave; without, a main number is asked for.
struct Receive {
  std::string service;
  base::Date date{}; ///< of the message; nothing is written to another one
  std::string key;   ///< of the request; empty for a number that was given to a kiosk of an earlier station
  std::optional<TicketRef> given{}; ///< its service is ignored
  std::string kind{};
  std::string card{}; ///< personal data
  std::string name{}; ///< personal data
  base::Instant accepted{};
  int every = 0; ///< of the line's places is kept, by the cloud's booking rules
};
/// The request was refused where it was made.
struct RefuseOutside {
  std::string service;
  base::Date date{}; ///< of the message; nothing is written to another one
  std::string key;
  std::string reason;
};
/// Numbers of the series that belong to nobody and are not explained yet, up to `to`, are void.
struct Explain {
  std::string service;
  base::Date date{}; ///< of the message; nothing is written to another one
  Series series;
  std::uint32_t from = 1;
  std::uint32_t to = 0;
  std::string reason;
};
/// The daemon's clock tick: patients called a while ago are in the room; a day past its end is closed.
struct Tick {};

using Command = std::variant<OpenCounter, CloseCounter, Take, CallNext, Act, Move, Undo, Reprint,
                             TakeOwnership, ReleaseOwnership, Tick, Amend, Transfer, Skip, CloseDay, SetCap,
                             SetHours, PutMessage, TakeMessage, SeeCloud, Reclaim, Receive, RefuseOutside,
                             Explain, SetRemote, ShowNotice, ClearNotice, SetWalkIns, CheckIn, Phone>;

/// Who asks; recorded with each event, never a patient.
struct Asker {
  std::string actor;
  std::string seat;
};

struct Decision {
  std::vector<EventBody> events;    ///< in order; empty: it is so already
  std::optional<TicketRef> subject; ///< the ticket the answer speaks of
  bool slips = false;               ///< those who arrive get theirs
};

[[nodiscard]] base::Result<Decision> decide(const Clinic& clinic, const Day& day, const Command& command,
                                            const Asker& asker, base::Instant now);

/// The live tickets of today that a check-in is about, in the order in which they were given.
[[nodiscard]] base::Result<std::vector<TicketIndex>> tickets_of(const Clinic& clinic, const Day& day,
                                                                const CheckIn& command, base::Instant now);
/// A take at the kiosk by a card that has a place in that service's line already is a check-in: no patient
/// gets two numbers there.
[[nodiscard]] std::optional<CheckIn> check_in_instead(const Clinic& clinic, const Day& day, const Take& take,
                                                      base::Instant now);

/// A ticket as people name it: its id, "naika/12", or the shown number where only one service has it today.
[[nodiscard]] base::Result<TicketIndex> resolve_ticket(const Clinic& clinic, const Day& day,
                                                       const std::string& text);

} // namespace machiai::queue
