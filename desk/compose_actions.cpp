// SPDX-License-Identifier: Apache-2.0
// What can be done with the ticket that was touched.
#include "desk/model.hpp"

#include <algorithm>

namespace machiai::desk {

namespace {

/// What can be done with a ticket in this state, as keys.
class Actions {
public:
  Actions(std::string state, bool active) : state_(std::move(state)), active_(active) {}
  [[nodiscard]] Action operator()(const char* name, const char* icon) const {
    return {name, icon, active_ && can(name, state_)};
  }
  /// The first thing to do with one who booked: most of them come.
  [[nodiscard]] Action arrive() const {
    Action action = (*this)("arrive", "enter");
    action.primary = action.enabled;
    return action;
  }
  /// One who is here and is not seen is no one who never came.
  [[nodiscard]] Action no_show() const {
    Action action = (*this)("no-show", "person");
    if (state_ != "booked") action.words = "no-show.here";
    return action;
  }

private:
  std::string state_;
  bool active_;
};

/// The six, always in their places.
std::vector<Action> six_of(const Actions& action, const std::string& state) {
  const bool inside = state == "called" || state == "in_room";
  if (state == "booked")
    return {action.arrive(),          action("call-this", "ripple"), action("hold", "pause"),
            action("move", "updown"), action("reprint", "ticket"),   action("more", "list")};
  const bool waits = state == "waiting" || state == "absent" || state == "hold";
  return {waits ? action("call-this", "ripple") : action("recall", "speaker"),
          state == "absent" ? action("back", "enter") : action("absent", "chair"),
          state == "hold" ? action("resume", "play") : action("hold", "pause"),
          inside ? action("finish", "check") : action("move", "updown"),
          inside               ? action("back", "enter")
          : state == "waiting" ? action("skip", "down2")
                               : action("reprint", "ticket"),
          action("more", "list")};
}

/// All of them, on the ticket's panel: four in a row.
std::vector<Action> all_of(const Actions& action, const std::string& state, bool elsewhere) {
  const bool waits = state == "waiting" || state == "absent" || state == "hold";
  Action transfer = action("transfer", "swap");
  transfer.enabled = transfer.enabled && elsewhere;
  std::vector<Action> keys;
  if (state == "booked")
    keys = {action.arrive(), action("call-this", "ripple"), action("enter", "door"), action("back", "enter")};
  else
    keys = {waits ? action("call-this", "ripple") : action("recall", "speaker"), action("enter", "door"),
            waits ? action.no_show() : action("finish", "check"), action("back", "enter")};
  for (const Action& each : {action("move", "updown"), action("skip", "down2"), transfer,
                             state == "hold" ? action("resume", "play") : action("hold-why", "pause"),
                             // That one does not come ends it: far from the key that says that one has come.
                             state == "booked" ? action.no_show() : action("absent-how", "chair"),
                             action("cancel", "cross"), action("amend", "edit"), action("reprint", "ticket")})
    keys.push_back(each);
  return keys;
}

} // namespace

bool can(std::string_view action, std::string_view state) {
  const bool inside = state == "called" || state == "in_room";
  const bool booked = state == "booked";
  const bool apart = booked || state == "waiting" || state == "absent" || state == "hold";
  if (action == "arrive") return booked;
  if (action == "recall" || action == "finish") return inside;
  if (action == "enter") return state == "called";
  if (action == "call-this" || action == "move" || action == "no-show") return apart;
  if (action == "absent" || action == "absent-how") return (inside || apart) && state != "absent" && !booked;
  if (action == "hold" || action == "hold-why") return (inside || apart) && state != "hold";
  if (action == "skip") return state == "waiting";
  if (action == "transfer" || action == "cancel") return inside || apart;
  if (action == "more" || action == "amend" || action == "history") return !state.empty() && state != "void";
  if (action == "resume") return state == "hold";
  if (action == "back") return inside || state == "absent";
  if (action == "reprint" || action == "phoned") return !state.empty() && state != "void";
  return false;
}

std::optional<std::pair<std::string, std::string>> move_order(const queue::DeskView& view, const Glass& glass,
                                                              std::string_view where) {
  const auto* target = target_of(view, glass);
  if (target == nullptr || !can("move", target->state)) return std::nullopt;
  std::vector<const queue::TicketView*> line; // the calling order, and the target wherever it is listed
  for (const auto& ticket : view.tickets)
    if (line_of(ticket) == line_of(*target) &&
        (ticket.state == "waiting" || ticket.state == "booked" || &ticket == target))
      line.push_back(&ticket);
  const auto at = static_cast<std::size_t>(std::find(line.begin(), line.end(), target) - line.begin());
  // An absent or held one is listed apart from the line: only "front" means something for it.
  const bool in_line = target->state == "waiting" || target->state == "booked";
  if (where == "front" && line.front() != target) return std::pair(target->ticket, line.front()->ticket);
  if (where == "last" && line.back() != target) return std::pair(target->ticket, std::string());
  if (!in_line) return std::nullopt;
  if (where == "up" && at > 0) return std::pair(target->ticket, line[at - 1]->ticket);
  if (where == "down" && at + 2 < line.size()) return std::pair(target->ticket, line[at + 2]->ticket);
  if (where == "down" && at + 1 < line.size()) return std::pair(line[at + 1]->ticket, target->ticket);
  return std::nullopt;
}

void add_actions(const queue::DeskView& view, const Glass& glass, bool active, Screen& screen) {
  const auto* target = target_of(view, glass);
  const std::string state = target != nullptr ? target->state : std::string{};
  screen.target = target != nullptr ? target->number : std::string{};
  screen.target_ticket = target != nullptr ? target->ticket : std::string{};
  screen.target_state = state;
  const Actions action(state, active);
  screen.actions = six_of(action, state);
  screen.more = all_of(action, state, view.services.size() > 1);
  screen.can_front = active && move_order(view, glass, "front").has_value();
  screen.can_up = active && move_order(view, glass, "up").has_value();
  screen.can_down = active && move_order(view, glass, "down").has_value();
  screen.can_last = active && move_order(view, glass, "last").has_value();
}

} // namespace machiai::desk
