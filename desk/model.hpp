// SPDX-License-Identifier: Apache-2.0
// What the desk shows and what a touch does: pure functions over the hub's view and the choices at the glass.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace machiai::desk {

inline constexpr int rows_at_once = 9;
/// How long a refusal stays to be read.
inline constexpr std::int64_t notice_ms = 8'000;

enum class Panel : std::uint8_t { none, more, move, receive, session, troubles, help };

/// What is filled in on the reception dialog. Name and card are personal: they go to the hub and nowhere
/// else.
struct Draft {
  std::string service;
  std::string kind;
  std::string card;
  std::string name;
  bool print = true;
  bool operator==(const Draft&) const = default;
};

/// A refusal in the bar: the words come from its reason.
struct Notice {
  std::string reason; ///< empty: none
  std::string ticket; ///< the ticket it is about, when the hub names one
  std::int64_t until_ms = 0;
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
};

struct Order {
  std::string command;
  boost::json::object args;
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
  std::string clock; ///< when it came into this state
  int cut = 0;
  bool next = false;
  bool selected = false;
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
  std::string name; ///< object name, and the key of its words
  std::string icon;
  bool enabled = false;
  bool operator==(const Action&) const = default;
};

struct ServiceTab {
  std::string id;
  queue::Label name;
  std::string state;
  std::string opens_at;
  int waiting = 0;
  bool on = false;
  std::vector<std::string> kinds;
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
  queue::Label room;
  std::string actor;
  std::string clock; ///< "10:31:52"
  int seconds_left = 0;
  double share = 0; ///< of the ring, 1 = full
  bool own = false; ///< this seat may undo it
  bool operator==(const UndoBar&) const = default;
};

struct Chip {
  std::string part;  ///< "printer", "display", ...
  std::string level; ///< "ok" | "warn" | "fault"
  std::string reason;
  bool operator==(const Chip&) const = default;
};

/// A refusal with what the words need: who has the ticket now, and who is next.
struct Told {
  std::string reason;
  std::string number;
  queue::Label room;
  std::string actor;
  std::string next_number;
  bool operator==(const Told&) const = default;
};

struct Task {
  std::uint64_t print = 0;
  std::string ticket;
  std::string number;
  std::string state;
  std::string reason;
  int more = 0; ///< further prints that wait for a person
  bool operator==(const Task&) const = default;
};

struct Screen {
  bool ready = false;     ///< a view has come
  bool reachable = false; ///< and the hub still stands behind it
  int age_s = 0;          ///< of the view when not reachable
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
  std::vector<Action> more;    ///< six, on the "more" panel
  std::string move_reason;
  bool can_front = false, can_up = false, can_down = false;
  UndoBar undo;
  Told told;
  std::vector<Chip> chips;
  std::optional<Task> task;
  Draft draft; ///< without name and card: those are in the input fields
  std::string pending;
  bool operator==(const Screen&) const = default;
};

/// `hub_ms`: the hub's clock; `age_ms`: since the hub last confirmed the view; `steady_ms` for notices.
[[nodiscard]] Screen compose(const queue::DeskView* view, const Glass& glass, bool reachable,
                             std::int64_t age_ms, std::int64_t hub_ms, std::int64_t steady_ms);
/// Chooses a service and a room where none (or a vanished one) is chosen, and drops a vanished row.
[[nodiscard]] Glass settled(const queue::DeskView& view, Glass glass);
/// A touch on the button `name`. Without a reachable hub only the glass changes.
[[nodiscard]] Step touched(const queue::DeskView* view, bool reachable, Glass glass, std::string_view name);
[[nodiscard]] Glass answered(Glass glass, const Order& order, const base::Result<boost::json::object>& answer,
                             std::int64_t steady_ms);
/// Scrolls by whole rows, within the list.
[[nodiscard]] Glass scrolled(const queue::DeskView& view, Glass glass, int rows);
/// Chooses the row above (-1) or below (+1) the chosen one and keeps it in sight.
[[nodiscard]] Glass stepped(const queue::DeskView& view, Glass glass, int by);

// ---- shared by the two halves (compose.cpp, touch.cpp) ---------------------------------------------------
[[nodiscard]] const queue::TicketView* find_ticket(const queue::DeskView& view, std::string_view id);
/// The ticket the actions act on: the touched row, else whoever is in the chosen room.
[[nodiscard]] const queue::TicketView* target_of(const queue::DeskView& view, const Glass& glass);
[[nodiscard]] std::vector<const queue::TicketView*> listed(const queue::DeskView& view, const Glass& glass);
/// Ticket id call-next of the chosen service would take, or "".
[[nodiscard]] std::string next_of(const queue::DeskView& view, const Glass& glass);
/// How many rows fit above the task line and below the service tabs.
[[nodiscard]] int rows_that_fit(const queue::DeskView& view);
/// What `move` has to name so that `ticket` goes to the front, one up or one down; nothing if it cannot.
/// (ticket, before): going down is told as the follower going up when there is nobody behind it.
[[nodiscard]] std::optional<std::pair<std::string, std::string>>
move_order(const queue::DeskView& view, const Glass& glass, std::string_view where);
[[nodiscard]] bool can(std::string_view action, std::string_view state);

} // namespace machiai::desk
