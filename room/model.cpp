// SPDX-License-Identifier: Apache-2.0
#include "room/model.hpp"

#include "core/base/clock.hpp"
#include "room/entry.hpp"

#include <algorithm>

namespace machiai::room {

namespace json = boost::json;

namespace {

const queue::RoomSeatView* own(const queue::RoomsView* view, const Glass& glass) {
  if (view == nullptr) return nullptr;
  for (const queue::RoomSeatView& each : view->rooms)
    if (each.room == glass.room) return &each;
  return nullptr;
}

const queue::UndoView* own_undo(const queue::RoomsView& view, const Glass& glass, std::int64_t hub_ms) {
  for (const queue::UndoView& each : view.undo)
    if (each.seat == glass.device && base::to_ms(each.until) > hub_ms) return &each;
  return nullptr;
}

std::string text(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

Step send(Glass glass, std::string command, json::object args) {
  glass.pending = command;
  return {std::move(glass), Order{std::move(command), std::move(args)}};
}

/// One verb for each button below the big one.
bool is_action(std::string_view name) {
  return name == "recall" || name == "absent" || name == "hold" || name == "finish";
}

Step touched_seat(const queue::RoomsView* view, Glass glass, std::string_view name, std::int64_t hub_ms,
                  std::int64_t steady_ms) {
  const queue::RoomSeatView* seat = own(view, glass);
  if (seat == nullptr || !glass.pending.empty()) return nothing(std::move(glass));
  if (name == "call-next" && !seat->next.empty() && steady_ms >= glass.free_ms) {
    const queue::TicketView& next = seat->next.front();
    // Whom the screen shows, or nobody: somebody else may be quicker by less than the view takes.
    return send(std::move(glass), "call",
                {{"service", next.line.empty() ? next.service : next.line},
                 {"room", seat->room},
                 {"expect", next.ticket}});
  }
  if (is_action(name) && seat->inside)
    return send(std::move(glass), std::string(name), {{"ticket", seat->inside->ticket}});
  if (name == "undo")
    if (const queue::UndoView* undo = own_undo(*view, glass, hub_ms))
      return send(std::move(glass), "undo", {{"undo", undo->seq}});
  return nothing(std::move(glass));
}

Told told_of(const Order& order, const json::object& answer, std::int64_t steady_ms) {
  // Of a recall only its trace goes: what was spoken stays spoken.
  const bool recall = order.command == "undo" && text(answer, "undone") == "recalled";
  return {"done." + order.command + (recall ? ".recalled" : ""),
          text(answer, "number"),
          "",
          "",
          false,
          steady_ms + told_ms};
}

Told told_refusal(const queue::RoomsView* view, const Glass& glass, const base::Error& error,
                  const json::object& refusal, std::int64_t steady_ms) {
  Told told{error.reason, "", "", "", true, steady_ms + refused_ms};
  if (error.reason == "hub_unreachable") told.key = error.detail == "unsent" ? "unsent" : "unsure";
  if (error.reason != "already_called") return told;
  told.key = "lost";
  told.number = text(refusal, "number");
  told.by = text(refusal, "room");
  const queue::RoomSeatView* seat = own(view, glass);
  for (const queue::TicketView& each : seat != nullptr ? seat->next : std::vector<queue::TicketView>{}) {
    // The view may not have lost it yet.
    if (each.number == told.number) continue;
    told.next = each.number;
    break;
  }
  return told;
}

Patient patient_of(const queue::TicketView& ticket, std::int64_t hub_ms) {
  const std::int64_t ms = hub_ms - base::to_ms(ticket.since);
  return {ticket.number, ticket.name,  ticket.reason.empty() ? ticket.kind : "reason." + ticket.reason,
          ticket.card,   ticket.state, static_cast<int>(std::max<std::int64_t>(0, ms) / 1000)};
}

void compose_seat(const queue::RoomsView& view, const queue::RoomSeatView& seat, const Glass& glass,
                  std::int64_t hub_ms, Screen& screen) {
  screen.ready = true;
  screen.room = seat.name;
  screen.session = view.session;
  screen.waiting = seat.waiting;
  screen.absent = seat.absent;
  if (seat.inside) screen.inside = patient_of(*seat.inside, hub_ms);
  for (const queue::TicketView& each : seat.next) screen.next.push_back(patient_of(each, hub_ms));
  // Those who wait are told by their kind, not by their minutes.
  for (Patient& each : screen.next) each.seconds = 0;
  // Not by what is awaited: a button that went out for a moment would lose the focus of who works by keys.
  screen.can_call = screen.reachable && !seat.next.empty();
  screen.can_act = screen.reachable && seat.inside.has_value();
  if (const queue::UndoView* undo = screen.reachable ? own_undo(view, glass, hub_ms) : nullptr) {
    const std::int64_t left = base::to_ms(undo->until) - hub_ms;
    const std::int64_t span = std::max<std::int64_t>(1, base::to_ms(undo->until) - base::to_ms(undo->at));
    screen.undo_s = static_cast<int>((left + 999) / 1000);
    // In steps, so that the ring is not drawn anew for nothing.
    screen.undo_share = static_cast<double>(std::min(left * 40 / span, std::int64_t{40})) / 40;
  }
}

} // namespace

Step touched(const queue::RoomsView* view, bool reachable, Glass glass, std::string_view name,
             std::int64_t hub_ms, std::int64_t steady_ms) {
  if (name == "lang") {
    glass.lang = glass.lang == "ja" ? "en" : "ja";
    return nothing(std::move(glass));
  }
  if (glass.page != Page::seat) return touched_entry(std::move(glass), name);
  if (name == "pair-anew" && !reachable) {
    glass.page = Page::enter;
    glass.entry.code.clear();
    glass.entry.reason.clear();
    glass.entry.at_code = false;
    return nothing(std::move(glass));
  }
  if (!reachable) return nothing(std::move(glass));
  return touched_seat(view, std::move(glass), name, hub_ms, steady_ms);
}

Glass answered(const queue::RoomsView* view, Glass glass, const Order& order,
               const base::Result<json::object>& answer, const json::object& refusal,
               std::int64_t steady_ms) {
  glass.pending.clear();
  if (answer) {
    glass.told = told_of(order, *answer, steady_ms);
    if (order.command == "call") glass.free_ms = steady_ms + guard_ms;
  } else {
    glass.told = told_refusal(view, glass, answer.error(), refusal, steady_ms);
  }
  return glass;
}

Screen compose(const queue::RoomsView* view, const Glass& glass, bool reachable, std::int64_t age_ms,
               std::int64_t hub_ms, std::int64_t steady_ms) {
  Screen screen;
  screen.page = glass.page;
  screen.lang = glass.lang;
  screen.entry = glass.entry;
  screen.has_key = glass.has_key;
  if (glass.page != Page::seat) return screen;
  const queue::RoomSeatView* seat = own(view, glass);
  screen.reachable = reachable && seat != nullptr;
  screen.away = screen.reachable ? "" : glass.away;
  if (hub_ms > 0) screen.clock = base::clock_text(base::instant_from_ms(hub_ms));
  if (steady_ms < glass.told.until_ms) screen.told = glass.told;
  if (screen.told.key == "lost") {
    const auto found = glass.names.find(glass.told.by);
    screen.by_room = !glass.told.by.empty() && glass.told.by != glass.room;
    if (screen.by_room && found != glass.names.end()) screen.by = found->second;
  }
  if (seat == nullptr) return screen;
  if (!screen.reachable) {
    screen.age_s = static_cast<int>(std::max<std::int64_t>(0, age_ms) / 1000);
    screen.as_of = base::clock_text(base::instant_from_ms(hub_ms - std::max<std::int64_t>(0, age_ms)));
  }
  compose_seat(*view, *seat, glass, hub_ms, screen);
  // A clock that runs on beside a view that does not would tell a time that nobody knows.
  if (!screen.reachable && screen.inside) screen.inside->seconds = 0;
  return screen;
}

} // namespace machiai::room
