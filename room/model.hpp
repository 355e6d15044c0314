// SPDX-License-Identifier: Apache-2.0
// The seat of an examination room: what it shows and what a touch does, as pure functions over the hub's view
// and the choices made at this glass.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::room {

/// The second tap of the same finger calls nobody.
inline constexpr std::int64_t guard_ms = 1'500;
/// How long it is told what came of a press: when it worked, and when it did not.
inline constexpr std::int64_t told_ms = 4'000;
inline constexpr std::int64_t refused_ms = 9'000;
inline constexpr std::size_t code_digits = 6;
inline constexpr std::size_t longest_address = 80;

/// The way to a key: address and code are entered, the station's signs compared, the code used up.
enum class Page : std::uint8_t { enter, looking, compare, joining, seat };

struct Entry {
  std::string address;
  std::string code;
  bool at_code = false; ///< which of the two the keys go to
  std::string check;    ///< the signs of the station that answered
  std::string expected; ///< signs given beforehand: whoever has them need not compare
  std::string reason;   ///< why it did not work, a reason key; or empty
  bool operator==(const Entry&) const = default;
};

/// What came of a press.
struct Told {
  std::string key; ///< phrase ("done.call", "lost", "unsure", ...) or, when `urgent`, a reason key; or empty
  std::string number; ///< of the ticket it is about
  std::string by;     ///< "lost": id of the room that called it, "" for the reception
  std::string next;   ///< "lost": who is next now
  bool urgent = false;
  std::int64_t until_ms = 0; ///< steady clock
  bool operator==(const Told&) const = default;
};

/// The choices made at this glass, and what it knows beyond the view.
struct Glass {
  Page page = Page::enter;
  std::string lang = "ja";
  Entry entry;
  bool has_key = false; ///< there is a seat to return to from the pairing pages
  std::string device;   ///< this seat's id: only its own actions may it undo
  std::string room;
  std::string pending;      ///< command whose answer is awaited; nothing else is sent meanwhile
  std::int64_t free_ms = 0; ///< steady clock, from when the next call may be sent
  Told told;
  std::string away;                          ///< why the link does not come back: a reason key; or empty
  std::map<std::string, queue::Label> names; ///< of the other rooms
};

/// For the hub; or for the door, when the command is "look" (who is at the address) or "join" (use the code
/// up).
struct Order {
  std::string command;
  boost::json::object args;
};

struct Step {
  Glass glass;
  std::optional<Order> order;
};
/// Nothing is asked of the hub.
inline Step nothing(Glass glass) {
  return {std::move(glass), std::nullopt};
}

/// A touch on the button `name`, or its key. `view`: null before the first one. `reachable`: the hub stands
/// behind it.
[[nodiscard]] Step touched(const queue::RoomsView* view, bool reachable, Glass glass, std::string_view name,
                           std::int64_t hub_ms, std::int64_t steady_ms);
/// The hub's answer. `refusal`: its whole refusal, for what its reason alone does not tell.
[[nodiscard]] Glass answered(const queue::RoomsView* view, Glass glass, const Order& order,
                             const base::Result<boost::json::object>& answer,
                             const boost::json::object& refusal, std::int64_t steady_ms);

// ---- the way to a key ------------------------------------------------------------------------------------

/// Whoever answers at the address shows these signs; with others than those expected it ends here.
[[nodiscard]] Step looked(Glass glass, const base::Result<std::string>& check);
/// The key is there and kept, or why not.
[[nodiscard]] Glass joined(Glass glass,
                           const base::Result<std::pair<std::string, std::string>>& device_and_room);
/// Back to the beginning: the key opens no longer.
[[nodiscard]] Glass revoked(Glass glass);

// ---- what is drawn ---------------------------------------------------------------------------------------

struct Patient {
  std::string number;
  std::string name;
  std::string kind; ///< "first", ... or why it is not in the order of numbers ("reason.test")
  std::string card;
  std::string state; ///< "called" | "in_room"
  int seconds = 0;
  bool operator==(const Patient&) const = default;
};

struct Screen {
  Page page = Page::enter;
  std::string lang = "ja";
  Entry entry;
  bool has_key = false;
  bool ready = false;     ///< a view of this room has come
  bool reachable = false; ///< and the hub still stands behind it
  std::string away;       ///< why not
  int age_s = 0;          ///< of the view when not reachable
  std::string as_of;      ///< "10:32", likewise
  queue::Label room;
  std::string session;
  std::string clock;
  int waiting = 0, absent = 0;
  std::optional<Patient> inside;
  std::vector<Patient> next; ///< the first is whom the button calls
  bool can_call = false;     ///< somebody waits; a press within the guard does nothing all the same
  bool can_act = false;      ///< on who is inside
  int undo_s = 0;            ///< seconds left; 0: nothing to undo
  double undo_share = 0;
  Told told;
  queue::Label by; ///< name of the room that was first; empty: the reception, or a room not known
  bool by_room = false;
  bool operator==(const Screen&) const = default;
};

/// `hub_ms`: the hub's clock, 0 before its first word. `age_ms`: since the hub last confirmed the view.
[[nodiscard]] Screen compose(const queue::RoomsView* view, const Glass& glass, bool reachable,
                             std::int64_t age_ms, std::int64_t hub_ms, std::int64_t steady_ms);

} // namespace machiai::room
