// SPDX-License-Identifier: Apache-2.0
// What the desk shows and what a touch does: pure functions over the hub's view and the choices at the glass.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"
#include "core/wire/playbill.hpp"
#include "desk/panels.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace machiai::desk {

/// A member of an answer as text; empty when it is none.
[[nodiscard]] std::string member_text(const boost::json::object& from, std::string_view name);

inline constexpr int rows_at_once = 9;
/// The counters' keys above the list stand in so many rows; each takes the place of one of the list's.
[[nodiscard]] constexpr std::size_t tab_rows(std::size_t services) {
  constexpr std::size_t in_one = 5;
  return services < 2 ? 0 : services <= in_one ? 1 : 2;
}
/// How long a refusal stays to be read.
inline constexpr std::int64_t notice_ms = 8'000;

/// What is filled in on the dialogs that receive a patient or amend what is written down. Name, card and note
/// are personal: they go to the hub and nowhere else.
struct Draft {
  std::string service;
  std::string kind;
  std::string card;
  std::string name;
  bool print = true;
  std::string note{};
  bool operator==(const Draft&) const = default;
};

/// A refusal in the bar: the words come from its reason.
struct Notice {
  std::string reason; ///< empty: none
  std::string ticket; ///< the ticket it is about, when the hub names one
  std::int64_t until_ms = 0;
  std::string by{};     ///< seat that was first, when the hub names it
  std::string room{};   ///< where, likewise
  std::string number{}; ///< of `ticket`, likewise
  bool operator==(const Notice&) const = default;
};

/// The choices made at this glass.
struct Glass {
  std::string service;
  std::string room;
  std::string ticket; ///< touched row; empty: whoever is in the chosen room
  std::string filter = "all";
  int top = 0; ///< first row shown
  bool names = true;
  Panel panel = Panel::none;
  std::string move_reason;
  Draft draft;
  Notice notice;
  std::string pending; ///< button whose answer is awaited; nothing else is sent meanwhile
  std::string seat;    ///< this one's name: the hub undoes only a seat's own actions
  bool pinned = false; ///< `ticket` was chosen by opening a panel and is let go with it
  std::string words{}; ///< typed freely in the open panel
  Inside inside{};
  Found found{};
  std::uint64_t print = 0;           ///< slip shown of those that need a person; 0: the first
  std::vector<std::string> closed{}; ///< counters that this glass's closing of the day closed
};

struct Order {
  std::string command;
  boost::json::object args;
  bool query = false; ///< changes nothing: needs no answer before the next press
};

struct Step {
  Glass glass;
  std::optional<Order> order;
};

// ---- what is drawn -------------------------------------------------------------------------------------

struct Row {
  std::string ticket;
  std::string number;
  std::string name;
  std::string kind;
  std::string state;
  queue::Label room;
  std::string reason;
  std::string slip;
  int absences = 0;
  int seconds = 0;   ///< in this state; a waiting one: since it was taken
  std::string clock; ///< when it came into this state; one not here yet: when it was booked
  std::string slot;  ///< "11:30", the time that was agreed; empty: it is no appointment
  int cut = 0;
  bool next = false;
  bool selected = false;
  bool web = false;                       ///< booked from outside
  std::optional<queue::WaitRange> wait{}; ///< until it is called; nothing where too little is known
  bool operator==(const Row&) const = default;
};

struct Filter {
  std::string key;
  int count = 0;
  bool on = false;
  bool operator==(const Filter&) const = default;
};

/// A button that sends a command about the target.
struct Action {
  std::string name; ///< object name
  std::string icon;
  bool enabled = false;
  std::string words{name}; ///< key of its words
  bool primary = false;    ///< what is done most with a ticket like this one
  bool operator==(const Action&) const = default;
};

/// What the cloud takes from outside for a service, as far as it has told, and what the desk holds back of
/// it.
struct OutsideTab {
  bool known = false;
  bool open = false;
  std::string reason, opens_at, opens_on, closes_at, through_by; ///< see queue::OutsideView
  std::vector<std::string> windows;
  int cap = 0, given = 0, booked = 0;
  std::string as_of;      ///< "10:31": so it was then; empty: it is so now
  int held = 0;           ///< places for walk-ins, as the desk has set them, else by the rules
  bool held_here = false; ///< the desk has
  bool unheard = false;   ///< what was set here has not reached the cloud
  bool can_more = false, can_less = false;
  /// Without a cap: of so many places of the line one is kept for walk-ins; as the desk has set it, else by
  /// the rules.
  int every = 0;
  bool every_here = false; ///< the desk has
  bool sets_every = false; ///< the keys set this, as there is no cap that places could be held of
  bool operator==(const OutsideTab&) const = default;
};

struct ServiceTab {
  std::string id;
  queue::Label name;
  std::string state;
  std::string opens_at;
  int waiting = 0;
  bool on = false;
  std::vector<std::string> kinds;
  bool full = false;
  std::string closes_at{};
  int apart = 0;       ///< absent or on hold
  int inside = 0;      ///< called or in a room
  std::string cap{};   ///< of today alone; empty: as in the settings
  std::string hours{}; ///< likewise; meaningful when `hours_set`
  bool hours_set = false;
  bool remote_stopped = false; ///< takes no bookings from outside today
  int booked = 0;              ///< from outside, and not here yet
  OutsideTab outside{};
  std::optional<queue::WaitRange> wait{}; ///< of one who came now
  bool operator==(const ServiceTab&) const = default;
};

struct RoomTab {
  std::string id;
  queue::Label name;
  std::string number;
  std::string state;
  int seconds = -1;
  bool on = false;
  bool operator==(const RoomTab&) const = default;
};

struct NextCall {
  std::string ticket;
  std::string number;
  std::string name;
  queue::Label room;
  bool enabled = false;
  bool operator==(const NextCall&) const = default;
};

struct UndoBar {
  std::string what; ///< empty: nothing to tell
  std::string number;
  queue::Label service; ///< whose counter it is about, if it is about one
  queue::Label room;
  std::string actor;
  std::string clock; ///< "10:31:52"
  int seconds_left = 0;
  double share = 0;                   ///< of the ring, 1 = full
  bool own = false;                   ///< this seat may undo it
  std::vector<queue::Label> closed{}; ///< of a day that was closed here: its counters
  bool operator==(const UndoBar&) const = default;
};

struct Chip {
  std::string part;  ///< "printer", "display", ...
  std::string level; ///< "ok" | "warn" | "fault" | "ahead": of the days to come | "none": not there
  std::string reason;
  std::string words{};         ///< the provider's, beside the reason's
  std::string from{}, until{}; ///< "12/24 22:00", of what the contract says; empty: not told
  bool operator==(const Chip&) const = default;
};

/// A refusal with what the words need: who has the ticket now, and who is next.
struct Told {
  std::string reason;
  std::string number;
  queue::Label room;
  std::string actor;
  std::string next_number;
  std::string did{}; ///< what that one did, as the undo list names it; empty: not known
  bool operator==(const Told&) const = default;
};

/// The ticket the panels are about, whole.
struct Card {
  std::string ticket, number, name, card, note, kind, state, service, line, reason, slip;
  queue::Label room;
  int absences = 0, ahead = 0;
  int seconds = 0;
  std::string taken; ///< "9:58", since when the patient is here; empty: nobody has said so
  std::string slot;  ///< as of a row
  std::string asked; ///< when a place in the line was booked; empty: it was not
  std::vector<std::string> kinds;
  std::optional<queue::WaitRange> wait{}; ///< as of a row
  std::string phoned{};                   ///< how the last telephone call went; empty: none
  std::string phoned_clock{};             ///< "10:31"
  int phoned_times = 0;
  bool operator==(const Card&) const = default;
};

/// Who stands in a line already with the card that is being typed.
struct Known {
  std::string ticket, number, state;
  bool operator==(const Known&) const = default;
};

/// One whose number was asked for.
struct Match {
  std::string ticket, number, name, state;
  bool operator==(const Match&) const = default;
};

struct Task {
  std::uint64_t print = 0;
  std::string ticket;
  std::string number;
  std::string state;
  std::string reason;
  int at = 0, of = 1; ///< its place among those that need a person, from 0
  bool operator==(const Task&) const = default;
};

/// The programme at a glance: what is on the waiting room's screen, why, and what comes.
struct Strip {
  bool known = false;
  std::string kind; ///< "provided", ... ; "scene" for one of our own drawing
  std::string title, title_en;
  std::string reason; ///< why it is relaxation; "planned" when it is simply its turn
  std::string until;  ///< "10:42"; empty when it is for the rest of the day
  std::string next_kind, next_title, next_title_en;
  std::string waiting;                ///< programme that still needs the clinic's approval
  std::string deadline;               ///< "11/28 18:00"
  bool paused = false, muted = false; ///< by hand
  bool urgent = false;                ///< a notice stands in the place of the films
  bool operator==(const Strip&) const = default;
};

struct Screen {
  bool ready = false;     ///< a view has come
  bool reachable = false; ///< and the hub still stands behind it
  int age_s = 0;          ///< of the view when not reachable
  std::string as_of;      ///< "10:29", when that was confirmed last
  queue::Label facility;
  std::string session;
  std::string clock;
  bool names = true;
  Panel panel = Panel::none;
  std::vector<ServiceTab> services;
  std::vector<Filter> filters;
  std::vector<Row> rows; ///< those on the glass
  int first = 0;
  int total = 0; ///< rows under the filter
  int room_for = rows_at_once;
  std::vector<RoomTab> rooms;
  NextCall next;
  std::string target_ticket;
  std::string target; ///< number the actions act on, or empty
  std::string target_state;
  std::vector<Action> actions; ///< six, always in the same places
  std::vector<Action> more;    ///< on the ticket's panel
  std::string move_reason;
  bool can_front = false, can_up = false, can_down = false, can_last = false;
  UndoBar undo;
  Told told;
  std::vector<Chip> chips;
  std::vector<Chip> ahead;  ///< what the contract and the provider have announced for later
  std::vector<Chip> health; ///< each part once, on the page of the panel that tells them
  std::optional<Task> task;
  Draft draft;                  ///< without name, card and note: those are in the input fields
  std::optional<Known> known{}; ///< of the dialog that receives
  std::vector<Match> matches;   ///< of the panel that finds a number
  std::string pending;
  Card card;                 ///< of the target
  std::string compared;      ///< number of the first of two that are compared; empty: not chosen yet
  std::vector<Other> others; ///< those on the page of the panel that compares
  Story whole;               ///< all pages of what is compared
  int pages = 1;             ///< of the open panel's list
  Inside inside;             ///< a PIN as stars
  Found found;               ///< without the pass
  std::vector<queue::MessageView> messages;
  queue::AccuracyView accuracy;
  bool display_on = false, kiosk_on = false; ///< one at least is connected
  queue::LinkView link{};                    ///< with the cloud
  std::string span_from, span_to;            ///< dates the records are about
  int code_seconds = 0;                      ///< left of a pairing code
  int lock_seconds = 0;                      ///< until a PIN may be tried again
  bool locked = false;                       ///< nobody is logged in: the log-in page covers everything
  Strip strip;
  bool operator==(const Screen&) const = default;
};

/// `hub_ms`: the hub's clock; `age_ms`: since the hub last confirmed the view; `steady_ms` for notices.
[[nodiscard]] Screen compose(const queue::DeskView* view, const Glass& glass, bool reachable,
                             std::int64_t age_ms, std::int64_t hub_ms, std::int64_t steady_ms);
[[nodiscard]] Strip strip_of(const wire::Playbill& bill, std::int64_t hub_ms);
/// While an urgent notice is shown: it, instead of the film below it.
[[nodiscard]] Strip with_notice(Strip strip, const queue::DeskView* view, std::int64_t hub_ms);
/// Chooses a service and a room where none (or a vanished one) is chosen, and drops a vanished row.
[[nodiscard]] Glass settled(const queue::DeskView& view, Glass glass);
/// A touch on the button `name`. Without a reachable hub only the glass changes.
[[nodiscard]] Step touched(const queue::DeskView* view, bool reachable, Glass glass, std::string_view name);
/// `refusal`: the hub's whole refusal, for what its reason alone does not tell.
[[nodiscard]] Glass answered(Glass glass, const Order& order, const base::Result<boost::json::object>& answer,
                             std::int64_t steady_ms, const boost::json::object& refusal = {});
/// What the open panel, or the log-in, needs to know and has not asked yet; the glass then says so.
[[nodiscard]] Step inquire(const queue::DeskView* view, bool reachable, Glass glass, std::int64_t hub_ms,
                           std::int64_t steady_ms);
/// The link was lost and is back: who is logged in has to be told to the hub again.
[[nodiscard]] Glass reconnected(Glass glass);
/// Scrolls by whole rows, within the list.
[[nodiscard]] Glass scrolled(const queue::DeskView& view, Glass glass, int rows);
/// Chooses the row above (-1) or below (+1) the chosen one and keeps it in sight.
[[nodiscard]] Glass stepped(const queue::DeskView& view, Glass glass, int by);

/// Turns the page to the chosen row.
[[nodiscard]] Glass in_sight(const queue::DeskView& view, Glass glass);

// ---- shared by the halves (compose*.cpp, touch*.cpp) -----------------------------------------------------
[[nodiscard]] const queue::TicketView* find_ticket(const queue::DeskView& view, std::string_view id);
[[nodiscard]] const queue::ServiceView* find_service(const queue::DeskView& view, std::string_view id);
/// Service in whose line it stands.
[[nodiscard]] const std::string& line_of(const queue::TicketView& ticket);
/// As the desk names it: who was here and is not seen has left, and is no one who never came.
[[nodiscard]] std::string shown_state(const queue::TicketView& ticket);
/// Nothing more will come of it.
[[nodiscard]] bool is_over(const queue::TicketView& ticket);
/// The live ticket that has this card, one that is not here yet before others; null for an empty card too.
[[nodiscard]] const queue::TicketView* with_card(const queue::DeskView& view, std::string_view card);
/// The ticket the actions act on: the touched row, else whoever is in the chosen room.
[[nodiscard]] const queue::TicketView* target_of(const queue::DeskView& view, const Glass& glass);
[[nodiscard]] std::vector<const queue::TicketView*> listed(const queue::DeskView& view, const Glass& glass);
/// Ticket id call-next of the chosen service would take, or "".
[[nodiscard]] std::string next_of(const queue::DeskView& view, const Glass& glass);
/// How many rows fit above the task line and below the service tabs.
[[nodiscard]] int rows_that_fit(const queue::DeskView& view);
/// What `move` has to name so that `ticket` goes to the front, one up, one down or last; nothing if it
/// cannot. (ticket, before): going down is told as the follower going up when there is nobody behind it.
[[nodiscard]] std::optional<std::pair<std::string, std::string>>
move_order(const queue::DeskView& view, const Glass& glass, std::string_view where);
[[nodiscard]] bool can(std::string_view action, std::string_view state);
/// The slip shown of those that need a person; with none of them the end.
[[nodiscard]] std::vector<queue::PrintView>::const_iterator shown_print(const queue::DeskView& view,
                                                                        const Glass& glass);
[[nodiscard]] queue::Label room_name(const queue::DeskView& view, std::string_view id);
/// "11/28 18:00" in Japan.
[[nodiscard]] std::string day_and_clock(base::Instant at);
[[nodiscard]] int seconds_between(base::Instant from, base::Instant to);
/// Name of who is logged in under that id, else the actor itself.
[[nodiscard]] std::string actor_name(const Glass& glass, const std::string& actor);

/// Tickets of today whose number ends in these digits, those of the chosen line first; few enough for a
/// sheet.
[[nodiscard]] std::vector<const queue::TicketView*> numbered(const queue::DeskView& view, const Glass& glass);

[[nodiscard]] OutsideTab outside_of(const queue::DeskView& view, std::string_view service);

/// The page of the parts' health that is shown.
void add_health(Screen& screen);
/// The keys of the target, and where it can be moved. `active`: a command may be sent.
void add_actions(const queue::DeskView& view, const Glass& glass, bool active, Screen& screen);
/// What the panels need of the view, beyond the screen below them.
void add_panels(const queue::DeskView& view, const Glass& glass, base::Instant now, std::int64_t steady_ms,
                Screen& screen);
/// The parts of "8:30-11:00,14:30-18:00", each in the part of the day it begins in; the others are off.
[[nodiscard]] std::array<Part, 3> parts_of(std::string_view hours);
/// The service whose line is replayed.
[[nodiscard]] const std::string& replayed_service(const Glass& glass);
/// First and last business date of the span that the records are about.
[[nodiscard]] std::pair<base::Date, base::Date> span_of(const Inside& inside, base::Date today);
inline constexpr std::size_t others_at_once = 40;
inline constexpr std::size_t lines_at_once = 7;
/// On the counters' panel; with a cloud their rows are taller.
[[nodiscard]] std::size_t services_at_once(bool linked, std::size_t services);
inline constexpr std::size_t devices_at_once = 5;
inline constexpr std::size_t entries_at_once = 8; ///< of the access log
inline constexpr std::size_t stones_at_once = 24; ///< of a replayed line
/// On the health's panel; a pager takes the place of a row.
inline constexpr std::size_t health_at_once = 6;

/// Opens a panel with nothing chosen in it; `none` closes what is open.
void open_panel(Glass& glass, Panel panel);
/// A step without an order, and one with.
[[nodiscard]] Step nothing(Glass glass);
[[nodiscard]] Step send(Glass glass, std::string_view button, std::string command, boost::json::object args);
[[nodiscard]] std::optional<std::string_view> after(std::string_view name, std::string_view prefix);
/// One panel's keys each; nothing when the name is none of theirs. `free`: a command may be sent.
[[nodiscard]] std::optional<Step> touch_ticket(const queue::DeskView& view, bool free, const Glass& glass,
                                               std::string_view name);
[[nodiscard]] std::optional<Step> touch_counter(const queue::DeskView& view, bool free, const Glass& glass,
                                                std::string_view name);
/// Free to send is for the caller to have found out.
[[nodiscard]] std::optional<Step> touch_outside(const queue::DeskView& view, const Glass& glass,
                                                std::string_view name);
[[nodiscard]] std::optional<Step> touch_records(const queue::DeskView& view, bool free, const Glass& glass,
                                                std::string_view name);
[[nodiscard]] std::optional<Step> touch_replay(const queue::DeskView& view, const Glass& glass,
                                               std::string_view name);
[[nodiscard]] std::optional<Step> touch_notice(const queue::DeskView& view, bool free, const Glass& glass,
                                               std::string_view name);
[[nodiscard]] std::optional<Step> touch_devices(const queue::DeskView& view, bool free, const Glass& glass,
                                                std::string_view name);
[[nodiscard]] std::optional<Step> touch_find(const queue::DeskView& view, const Glass& glass,
                                             std::string_view name);
[[nodiscard]] std::optional<Step> touch_staff(bool free, const Glass& glass, std::string_view name);
/// Names of the fields of a template.
[[nodiscard]] std::vector<std::string> notice_fields(const std::string& form);
/// Everything is filled in and fits on the wall.
[[nodiscard]] bool notice_fits(const NoticeDraft& draft);
/// Takes in what a question brought.
void learn(Glass& glass, const Order& order, const base::Result<boost::json::object>& answer,
           std::int64_t steady_ms);
/// Takes in what a log-in or a log-out brought.
void learn_staff(Glass& glass, const Order& order, const base::Result<boost::json::object>& answer,
                 std::int64_t steady_ms, const boost::json::object& refusal);

} // namespace machiai::desk
