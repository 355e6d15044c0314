// SPDX-License-Identifier: Apache-2.0
#include "desk/model.hpp"

#include <algorithm>
#include <array>

namespace machiai::desk {

namespace json = boost::json;

namespace {

/// Touches that change only what this glass shows. True when `name` was one.
bool choose(const queue::DeskView& view, Glass& glass, std::string_view name) {
  if (const auto id = after(name, "service-")) {
    glass.service = *id;
    glass.ticket.clear();
    glass.top = 0;
  } else if (const auto room = after(name, "room-")) {
    glass.room = *room;
  } else if (const auto key = after(name, "filter-")) {
    glass.filter = *key;
    glass.top = 0;
  } else if (const auto row = after(name, "row-")) {
    glass.ticket = glass.ticket == *row ? std::string() : std::string(*row);
    if (glass.panel == Panel::move) glass.panel = Panel::none;
  } else if (name == "task-next") {
    auto print = shown_print(view, glass);
    if (print != view.prints.end() && ++print == view.prints.end()) print = view.prints.begin();
    glass.print = print == view.prints.end() ? 0 : print->print;
  } else if (name == "page-up" || name == "page-down") {
    const int page = rows_that_fit(view) - 1;
    glass = scrolled(view, std::move(glass), name == "page-up" ? -page : page);
  } else {
    return false;
  }
  return true;
}

void close_panel(Glass& glass) {
  const bool told = glass.panel == Panel::compare && !glass.inside.other.empty();
  if (told) { // back to the numbers to choose from
    glass.inside.other.clear();
    glass.inside.page = 0;
    return;
  }
  open_panel(glass, parent_of(glass.panel));
}

/// Opens and closes panels. True when `name` was about one.
bool arrange_panel(const queue::DeskView& view, Glass& glass, std::string_view name) {
  constexpr std::array opened{
      std::pair{"session", Panel::session},   std::pair{"more", Panel::ticket},
      std::pair{"help", Panel::help},         std::pair{"messages", Panel::messages},
      std::pair{"records", Panel::records},   std::pair{"replay", Panel::replay},
      std::pair{"devices", Panel::devices},   std::pair{"move", Panel::move},
      std::pair{"absent-how", Panel::absent}, std::pair{"hold-why", Panel::hold},
      std::pair{"transfer", Panel::transfer}, std::pair{"history", Panel::history},
      std::pair{"compare", Panel::compare},   std::pair{"close-day", Panel::close_day},
      std::pair{"troubles", Panel::troubles}, std::pair{"programme", Panel::programme},
      std::pair{"notices", Panel::notices},   std::pair{"find", Panel::find}};
  const auto found =
      std::find_if(opened.begin(), opened.end(), [&](const auto& each) { return name == each.first; });
  if (found != opened.end()) {
    const auto* target = target_of(view, glass);
    // A day that was looked at in the records is the one gone through.
    const int back = found->second == Panel::replay && glass.inside.span == "day" ? glass.inside.back : 0;
    open_panel(glass, found->second);
    glass.inside.back = back;
    if (found->second == Panel::move) glass.move_reason.clear();
    const bool of_ticket = parent_of(found->second) == Panel::ticket || found->second == Panel::ticket ||
                           found->second == Panel::move;
    // The panel stays about this patient, also when the next one comes into the room meanwhile.
    if (of_ticket && glass.ticket.empty() && target != nullptr) {
      glass.ticket = target->ticket;
      glass.pinned = true;
    }
  } else if (name == "close-panel")
    close_panel(glass);
  else if (name == "close-sheet")
    open_panel(glass, Panel::none);
  else if (name.starts_with("chip-"))
    open_panel(glass, Panel::troubles);
  else if (name == "names")
    glass.names = !glass.names;
  else if (name == "list-up" || name == "list-down")
    glass.inside.page = std::max(0, glass.inside.page + (name == "list-up" ? -1 : 1));
  else if (name == "ask-again")
    glass.found.inquiry = {};
  else if (const auto reason = after(name, "reason-"))
    glass.move_reason = *reason;
  else if (name == "receive") {
    open_panel(glass, Panel::receive);
    glass.draft = {glass.service, "", "", "", true};
    if (const auto* service = find_service(view, glass.service); service && !service->kinds.empty())
      glass.draft.kind = service->kinds.front();
  } else {
    return false;
  }
  return true;
}

/// Fills the dialog that receives or amends.
bool fill_draft(const queue::DeskView& view, Glass& glass, std::string_view name) {
  if (const auto kind = after(name, "draft-kind-"))
    glass.draft.kind = *kind;
  else if (name == "draft-slip-print" || name == "draft-slip-none")
    glass.draft.print = name == "draft-slip-print";
  else if (const auto id = after(name, "draft-service-")) {
    glass.draft.service = *id;
    const auto* service = find_service(view, *id);
    glass.draft.kind = service && !service->kinds.empty() ? service->kinds.front() : std::string();
  } else {
    return false;
  }
  return true;
}

Step call_next(const queue::DeskView& view, Glass glass) {
  const std::string next = next_of(view, glass);
  if (next.empty() || glass.room.empty()) return nothing(std::move(glass));
  glass.ticket.clear();
  json::object args{{"service", glass.service}, {"room", glass.room}, {"expect", next}};
  return send(std::move(glass), "call-next", "call", std::move(args));
}

Step take(Glass glass) {
  const Draft& draft = glass.draft;
  if (draft.service.empty()) return nothing(std::move(glass));
  json::object args{{"service", draft.service}, {"print", draft.print}};
  if (!draft.kind.empty()) args["kind"] = draft.kind;
  if (!draft.card.empty()) args["card"] = draft.card;
  if (!draft.name.empty()) args["name"] = draft.name;
  if (!draft.note.empty()) args["note"] = draft.note;
  return send(std::move(glass), "draft-take", "take", std::move(args));
}

/// The card has a number today: who booked it is here now and gets a slip; of the others it is looked at.
Step known(const queue::DeskView& view, Glass glass) {
  const auto* ticket = glass.panel == Panel::receive ? with_card(view, glass.draft.card) : nullptr;
  if (ticket == nullptr) return nothing(std::move(glass));
  if (ticket->state == "booked") {
    json::object args{{"ticket", ticket->ticket}, {"print", glass.draft.print}};
    return send(std::move(glass), "known", "check_in", std::move(args));
  }
  glass.draft = {};
  glass.service = line_of(*ticket);
  glass.ticket = ticket->ticket;
  glass.pinned = true;
  open_panel(glass, Panel::ticket);
  return nothing(std::move(glass));
}

Step move(const queue::DeskView& view, Glass glass, std::string_view where) {
  const auto order = move_order(view, glass, where);
  if (!order || glass.move_reason.empty()) return nothing(std::move(glass));
  json::object args{{"ticket", order->first}, {"before", order->second}, {"reason", glass.move_reason}};
  return send(std::move(glass), where, "move", std::move(args));
}

/// The buttons that act on the target ticket.
Step act(const queue::DeskView& view, Glass glass, std::string_view name) {
  constexpr std::array verbs{"recall", "enter",  "absent", "hold",    "resume",
                             "back",   "cancel", "finish", "reprint", "arrive"};
  const auto* target = target_of(view, glass);
  if (target == nullptr || !can(name, target->state)) return nothing(std::move(glass));
  if (name == "call-this") {
    json::object args{{"service", line_of(*target)}, {"room", glass.room}, {"ticket", target->ticket}};
    open_panel(glass, Panel::none);
    return send(std::move(glass), name, "call", std::move(args));
  }
  json::object args{{"ticket", target->ticket}};
  if (name == "no-show") {
    open_panel(glass, Panel::none);
    return send(std::move(glass), name, "no_show", std::move(args));
  }
  if (std::find(verbs.begin(), verbs.end(), name) == verbs.end()) return nothing(std::move(glass));
  open_panel(glass, Panel::none);
  return send(std::move(glass), name, std::string(name), std::move(args));
}

/// Takes back the action that the bar shows, and no other that came in between.
Step undo(const queue::DeskView& view, Glass glass) {
  const auto own = std::find_if(view.undo.begin(), view.undo.end(),
                                [&](const auto& each) { return each.seat == glass.seat; });
  json::object args;
  if (own != view.undo.end()) args["undo"] = own->seq;
  return send(std::move(glass), "undo", "undo", std::move(args));
}

} // namespace

Glass settled(const queue::DeskView& view, Glass glass) {
  if (find_service(view, glass.service) == nullptr)
    glass.service = view.services.empty() ? std::string() : view.services.front().id;
  const bool room_known = std::any_of(view.rooms.begin(), view.rooms.end(),
                                      [&](const auto& room) { return room.id == glass.room; });
  if (!room_known) glass.room = view.rooms.empty() ? std::string() : view.rooms.front().id;
  if (!glass.ticket.empty() && find_ticket(view, glass.ticket) == nullptr) {
    const bool about_it = parent_of(glass.panel) == Panel::ticket || glass.panel == Panel::ticket;
    if (about_it) open_panel(glass, Panel::none);
    glass.ticket.clear();
    glass.pinned = false;
  }
  return glass;
}

void open_panel(Glass& glass, Panel panel) {
  glass.panel = panel;
  glass.inside = {};
  glass.words.clear();
  glass.found.saved.clear();
  glass.found.pairing = {};
  glass.found.counter = {};
  glass.found.replay = {};
  glass.found.inquiry = {};
  if (panel == Panel::none && glass.pinned) {
    glass.ticket.clear();
    glass.pinned = false;
  }
}

std::optional<std::string_view> after(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

Step send(Glass glass, std::string_view button, std::string command, json::object args) {
  glass.pending = button;
  glass.notice = {};
  return {std::move(glass), Order{std::move(command), std::move(args)}};
}

Step nothing(Glass glass) {
  return {std::move(glass), std::nullopt};
}

Step touched(const queue::DeskView* view, bool reachable, Glass glass, std::string_view name) {
  if (name == "scrim-close") name = "close-panel"; // beside the sheet
  const bool free = reachable && glass.pending.empty();
  if (auto step = touch_staff(free, glass, name)) return std::move(*step);
  // Whoever is not logged in may look at nothing behind the log-in page.
  if (view == nullptr || (glass.found.staff.login && glass.found.staff.person.empty()))
    return nothing(std::move(glass));
  if (choose(*view, glass, name) || arrange_panel(*view, glass, name) || fill_draft(*view, glass, name))
    return nothing(std::move(glass));
  if (auto step = touch_find(*view, glass, name)) return std::move(*step);
  if (auto step = touch_replay(*view, glass, name)) return std::move(*step);
  for (const auto panel : {touch_ticket, touch_counter, touch_records, touch_devices, touch_notice})
    if (auto step = panel(*view, free, glass, name)) return std::move(*step);
  if (!free) return nothing(std::move(glass));
  if (name == "call-next") return call_next(*view, std::move(glass));
  if (name == "undo" || name == "undo-here") return undo(*view, std::move(glass));
  if (name.starts_with("attend-")) return send(std::move(glass), name, "attend", {});
  if (name == "draft-take") return take(std::move(glass));
  if (name == "known") return known(*view, std::move(glass));
  if (const auto way = after(name, "move-")) return move(*view, std::move(glass), *way);
  for (const char* verb : {"open", "close"}) {
    const auto id = after(name, std::string(verb) + "-");
    if (id && find_service(*view, *id) != nullptr)
      return send(std::move(glass), name, verb, json::object{{"service", *id}});
  }
  if (const auto action = after(name, "film-"))
    return send(std::move(glass), name, "film", json::object{{"action", *action}});
  if (const auto print = shown_print(*view, glass); print != view->prints.end()) {
    if (name == "task-reprint")
      return send(std::move(glass), name, "reprint", json::object{{"ticket", print->ticket}});
    if (name == "task-seen")
      return send(std::move(glass), name, "slip_seen", json::object{{"print", print->print}});
  }
  return act(*view, std::move(glass), name);
}

Glass scrolled(const queue::DeskView& view, Glass glass, int rows) {
  const int total = static_cast<int>(listed(view, glass).size());
  const int fit = rows_that_fit(view);
  const int shown = total > fit ? fit - 1 : fit;
  const int last = std::max(0, total - shown);
  glass.top = std::clamp(std::clamp(glass.top, 0, last) + rows, 0, last);
  return glass;
}

Glass stepped(const queue::DeskView& view, Glass glass, int by) {
  const auto all = listed(view, glass);
  if (all.empty()) return glass;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto* ticket) { return ticket->ticket == glass.ticket; });
  const int count = static_cast<int>(all.size());
  const int at = found == all.end() ? (by > 0 ? -1 : count) : static_cast<int>(found - all.begin());
  const int next = std::clamp(at + by, 0, count - 1);
  glass.ticket = all[static_cast<std::size_t>(next)]->ticket;
  return in_sight(view, std::move(glass));
}

Glass in_sight(const queue::DeskView& view, Glass glass) {
  const auto all = listed(view, glass);
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto* ticket) { return ticket->ticket == glass.ticket; });
  if (found == all.end()) return glass;
  const int at = static_cast<int>(found - all.begin());
  const int fit = rows_that_fit(view);
  const int shown = static_cast<int>(all.size()) > fit ? fit - 1 : fit;
  glass.top = std::clamp(glass.top, std::max(0, at - shown + 1), at);
  return glass;
}

} // namespace machiai::desk
