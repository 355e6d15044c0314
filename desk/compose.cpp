// SPDX-License-Identifier: Apache-2.0
#include "desk/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace machiai::desk {

std::string shown_state(const queue::TicketView& ticket) {
  const bool was_here = ticket.here.has_value() || ticket.origin.empty();
  return ticket.state == "no_show" && was_here ? "left" : ticket.state;
}

bool is_over(const queue::TicketView& ticket) {
  return ticket.state == "done" || ticket.state == "cancelled" || ticket.state == "void" ||
         ticket.state == "no_show";
}

namespace {

bool passes(const queue::TicketView& ticket, std::string_view filter) {
  if (ticket.state == "void") return false; // a number that belongs to nobody
  if (filter == "all") return true;
  if (filter == "done") return is_over(ticket);
  return ticket.state == filter;
}

std::string clock_with_seconds(base::Instant at) {
  const auto second = (base::to_ms(at) / 1000) % 60;
  return fmt::format("{}:{:02}", base::clock_text(at), second);
}

/// Below ten minutes it is told by the second only for a call; else minutes are enough and less restless.
int calm_seconds(int seconds, std::string_view state) {
  return state == "called" && seconds < 600 ? seconds : seconds / 60 * 60;
}

Row row_of(const queue::DeskView& view, const queue::TicketView& ticket, const Glass& glass,
           base::Instant now) {
  const bool waiting = ticket.state == "waiting";
  Row row;
  row.ticket = ticket.ticket;
  row.number = ticket.number;
  row.name = glass.names ? ticket.name : std::string{};
  row.kind = ticket.kind;
  row.state = shown_state(ticket);
  row.room = room_name(view, ticket.room);
  row.reason = ticket.reason;
  row.slip = ticket.slip;
  row.absences = ticket.absences;
  row.seconds = calm_seconds(
      seconds_between(waiting && ticket.origin.empty() ? ticket.taken : ticket.since, now), ticket.state);
  row.clock = base::clock_text(ticket.state == "booked" ? ticket.taken : ticket.since);
  if (ticket.slot) row.slot = base::clock_text(*ticket.slot);
  row.next = ticket.ticket == next_of(view, glass);
  row.selected = ticket.ticket == glass.ticket;
  row.web = ticket.origin == "web";
  row.wait = ticket.wait;
  return row;
}

void add_rows(const queue::DeskView& view, const Glass& glass, base::Instant now, Screen& screen) {
  const auto all = listed(view, glass);
  screen.total = static_cast<int>(all.size());
  screen.room_for = rows_that_fit(view);
  if (screen.total > screen.room_for) --screen.room_for; // the pager takes a row
  screen.first = std::clamp(glass.top, 0, std::max(0, screen.total - screen.room_for));
  const int end = std::min(screen.total, screen.first + screen.room_for);
  for (int i = screen.first; i < end; ++i) {
    Row& row = screen.rows.emplace_back(row_of(view, *all[static_cast<std::size_t>(i)], glass, now));
    row.cut = i;
  }
}

void add_filters(const queue::DeskView& view, const Glass& glass, Screen& screen) {
  for (const char* key : {"all", "waiting", "absent", "hold", "booked", "done"}) {
    const auto count = std::count_if(view.tickets.begin(), view.tickets.end(), [&](const auto& ticket) {
      return line_of(ticket) == glass.service && passes(ticket, key);
    });
    const bool on = glass.filter == key;
    // A clinic without a cloud never hears of anybody who is still on the way.
    if (std::string_view(key) == "booked" && count == 0 && !on) continue;
    screen.filters.push_back({key, static_cast<int>(count), on});
  }
}

/// Within its hours a counter that nobody has opened, or that somebody has closed, is the reception's own to
/// open: the timetable knows nothing of it.
std::string state_of(const queue::ServiceView& service) {
  if (service.closes_at.empty()) return service.state;
  if (service.state == "closed") return "paused";
  return service.state == "before" ? "unopened" : service.state;
}

void add_services(const queue::DeskView& view, const Glass& glass, Screen& screen) {
  for (const auto& service : view.services) {
    ServiceTab& tab = screen.services.emplace_back(
        ServiceTab{service.id, service.name, state_of(service), service.opens_at, service.waiting,
                   service.id == glass.service, service.kinds, service.full, service.closes_at});
    for (const auto& ticket : view.tickets) {
      if (line_of(ticket) != service.id) continue;
      tab.inside += ticket.state == "called" || ticket.state == "in_room" ? 1 : 0;
      tab.apart += ticket.state == "absent" || ticket.state == "hold" ? 1 : 0;
      tab.booked += ticket.state == "booked" ? 1 : 0;
    }
    tab.outside = outside_of(view, service.id);
    tab.wait = service.wait;
    for (const auto& exception : view.exceptions) {
      if (exception.service != service.id) continue;
      if (exception.what == "cap") tab.cap = exception.value;
      if (exception.what == "remote") tab.remote_stopped = true;
      if (exception.what != "hours") continue;
      tab.hours = exception.value;
      tab.hours_set = true;
    }
  }
}

void add_rooms(const queue::DeskView& view, const Glass& glass, base::Instant now, Screen& screen) {
  for (const auto& room : view.rooms) {
    RoomTab tab{room.id, room.name, room.number, room.state, -1, room.id == glass.room};
    for (const auto& ticket : view.tickets)
      if (ticket.room == room.id && ticket.number == room.number && !is_over(ticket))
        tab.seconds = calm_seconds(seconds_between(ticket.since, now), ticket.state);
    screen.rooms.push_back(std::move(tab));
  }
}

void add_next(const queue::DeskView& view, const Glass& glass, bool active, Screen& screen) {
  screen.next.room = room_name(view, glass.room);
  const auto* ticket = find_ticket(view, next_of(view, glass));
  if (ticket == nullptr) return;
  screen.next.ticket = ticket->ticket;
  screen.next.number = ticket->number;
  screen.next.name = glass.names ? ticket->name : std::string{};
  screen.next.enabled = active && !glass.room.empty();
}

bool is_own(const Glass& glass, const queue::UndoView& undo) {
  return undo.seat == glass.seat;
}

void add_undo(const queue::DeskView& view, const Glass& glass, base::Instant now, bool active,
              Screen& screen) {
  const queue::UndoView* best = nullptr;
  for (const auto& undo : view.undo) {
    if (now > undo.until) continue;
    // The newest action of this seat can be undone; another seat's newer one is only told.
    if (is_own(glass, undo)) {
      best = &undo;
      break;
    }
    constexpr std::array machines{"kiosk", "cloud", "system"};
    const bool person = std::find(machines.begin(), machines.end(), undo.actor) == machines.end();
    if (best == nullptr && person) best = &undo;
  }
  if (best == nullptr) return;
  const auto left = base::to_ms(best->until) - base::to_ms(now);
  const auto whole = std::max<std::int64_t>(1, base::to_ms(best->until) - base::to_ms(best->at));
  UndoBar& bar = screen.undo;
  bar.what = best->what;
  for (const auto& ticket : view.tickets)
    if (bar.what == "no_show" && ticket.number == best->number) bar.what = shown_state(ticket);
  bar.number = best->number;
  bar.room = room_name(view, best->room);
  if (const auto* service = best->service ? find_service(view, *best->service) : nullptr)
    bar.service = service->name;
  if (best->what == "day_closed" && is_own(glass, *best))
    for (const std::string& id : glass.closed)
      if (const auto* service = find_service(view, id)) bar.closed.push_back(service->name);
  bar.actor = actor_name(glass, best->actor);
  bar.clock = clock_with_seconds(best->at);
  bar.seconds_left = static_cast<int>((left + 999) / 1000);
  // Twentieths: the ring moves, yet two looks within a moment compare equal.
  bar.share =
      std::floor(std::clamp(static_cast<double>(left) / static_cast<double>(whole), 0.0, 1.0) * 40) / 40;
  bar.own = active && is_own(glass, *best);
}

/// Refusals because the ticket is no longer as it was on this glass.
bool is_race(std::string_view reason) {
  constexpr std::array races{"already_called", "not_the_next", "not_waiting", "not_called",
                             "not_on_hold",    "finished",     "absent",      "on_hold"};
  return std::find(races.begin(), races.end(), reason) != races.end();
}

void add_told(const queue::DeskView& view, const Glass& glass, std::int64_t steady_ms, Screen& screen) {
  Told& told = screen.told;
  const Staff& staff = glass.found.staff;
  if (!staff.lost.empty() && !staff.person.empty()) {
    told.reason = "login_lost";
    told.did = staff.lost;
    told.number = staff.lost_number;
    return;
  }
  if (glass.notice.reason.empty() || steady_ms > glass.notice.until_ms) return;
  told.reason = glass.notice.reason;
  told.next_number = screen.next.number;
  told.number = glass.notice.number;
  told.actor = actor_name(glass, glass.notice.by);
  told.room = room_name(view, glass.notice.room);
  const auto* ticket = find_ticket(view, glass.notice.ticket);
  if (ticket == nullptr) return;
  told.number = ticket->number;
  if (told.room == queue::Label{}) told.room = room_name(view, ticket->room);
  if (!is_race(told.reason)) return;
  // Who was first is in the list of what can still be undone, as long as that lasts.
  for (const auto& undo : view.undo) {
    if (undo.number != ticket->number || undo.seat == glass.seat) continue;
    told.did = undo.what;
    if (told.reason != "already_called" || undo.what == "called") told.actor = actor_name(glass, undo.actor);
    break;
  }
}

/// What holds is for the head; what is to come waits in the panel.
Chip chip_of(const queue::StandingView& standing) {
  const auto when = [](base::Instant at) {
    return at == base::Instant{} ? std::string() : day_and_clock(at);
  };
  return {"contract",          standing.now ? "warn" : "ahead",
          standing.reason,     standing.words,
          when(standing.from), when(standing.until)};
}

void add_chips(const queue::DeskView& view, Screen& screen) {
  for (const auto& trouble : view.troubles)
    screen.chips.push_back({trouble.part, trouble.level, trouble.reason});
  for (const auto& standing : view.standing)
    (standing.now ? screen.chips : screen.ahead).push_back(chip_of(standing));
  const bool told = std::any_of(view.troubles.begin(), view.troubles.end(),
                                [](const auto& trouble) { return trouble.part == "seat"; });
  for (const auto& seat : view.seats) {
    screen.display_on = screen.display_on || (seat.role == "display" && seat.connected);
    screen.kiosk_on = screen.kiosk_on || (seat.role == "kiosk" && seat.connected);
    if (seat.role == "desk") continue;
    if (!seat.connected && !told) screen.chips.push_back({seat.role, "warn", "seat_away"});
    if (!seat.connected) continue;
    for (const auto& own : queue::seat_troubles(seat)) {
      const bool known = std::any_of(view.troubles.begin(), view.troubles.end(),
                                     [&](const auto& trouble) { return trouble.reason == own.reason; });
      if (!known) screen.chips.push_back({own.part, own.level, own.reason});
    }
  }
  std::stable_sort(screen.chips.begin(), screen.chips.end(),
                   [](const Chip& a, const Chip& b) { return a.level == "fault" && b.level != "fault"; });
  if (screen.chips.empty()) screen.chips.push_back({"all", "ok", {}});
}

void add_task(const queue::DeskView& view, const Glass& glass, Screen& screen) {
  const auto print = shown_print(view, glass);
  if (print == view.prints.end()) return;
  screen.task = Task{print->print,
                     print->ticket,
                     print->number,
                     print->state,
                     print->reason,
                     static_cast<int>(print - view.prints.begin()),
                     static_cast<int>(view.prints.size())};
}

/// A range counts from now: of an hour that is no longer told it would say something false.
void forget_waits(Screen& screen) {
  screen.card.wait.reset();
  for (Row& row : screen.rows) row.wait.reset();
  for (ServiceTab& service : screen.services) service.wait.reset();
}

} // namespace

queue::Label room_name(const queue::DeskView& view, std::string_view id) {
  for (const auto& room : view.rooms)
    if (room.id == id) return room.name;
  return {};
}

int seconds_between(base::Instant from, base::Instant to) {
  const auto seconds = (base::to_ms(to) - base::to_ms(from)) / 1000;
  return static_cast<int>(std::clamp<std::int64_t>(seconds, 0, 359'999));
}

std::vector<queue::PrintView>::const_iterator shown_print(const queue::DeskView& view, const Glass& glass) {
  const auto found = std::find_if(view.prints.begin(), view.prints.end(),
                                  [&](const auto& print) { return print.print == glass.print; });
  return found == view.prints.end() ? view.prints.begin() : found;
}

const std::string& line_of(const queue::TicketView& ticket) {
  return ticket.line.empty() ? ticket.service : ticket.line;
}

std::string actor_name(const Glass& glass, const std::string& actor) {
  for (const Person& person : glass.found.staff.people)
    if (person.id == actor) return person.name;
  return actor;
}

const queue::TicketView* find_ticket(const queue::DeskView& view, std::string_view id) {
  if (id.empty()) return nullptr;
  const auto found = std::find_if(view.tickets.begin(), view.tickets.end(),
                                  [&](const auto& ticket) { return ticket.ticket == id; });
  return found == view.tickets.end() ? nullptr : &*found;
}

/// The number that a ticket's id stands for, of another day with its date; empty when it is no such id.
std::string told_number(const queue::DeskView* view, const std::string& id) {
  if (const auto* ticket = view == nullptr ? nullptr : find_ticket(*view, id)) return ticket->number;
  constexpr std::size_t date_size = 8;
  const auto last = id.rfind('-');
  if (last == std::string::npos || last < date_size + 1 || id[last - date_size - 1] != '-') return {};
  const std::string date = id.substr(last - date_size, date_size);
  if (date.find_first_not_of("0123456789") != std::string::npos) return {};
  return fmt::format("{}/{} {}", date.substr(4, 2), date.substr(6), id.substr(last + 1));
}

const queue::TicketView* target_of(const queue::DeskView& view, const Glass& glass) {
  if (const auto* chosen = find_ticket(view, glass.ticket)) return chosen;
  for (const auto& ticket : view.tickets) {
    const bool inside = ticket.state == "called" || ticket.state == "in_room";
    if (inside && ticket.room == glass.room) return &ticket;
  }
  return nullptr;
}

std::vector<const queue::TicketView*> listed(const queue::DeskView& view, const Glass& glass) {
  std::vector<const queue::TicketView*> result;
  for (const auto& ticket : view.tickets)
    if (line_of(ticket) == glass.service && passes(ticket, glass.filter)) result.push_back(&ticket);
  return result;
}

std::string next_of(const queue::DeskView& view, const Glass& glass) {
  for (std::size_t i = 0; i < view.services.size() && i < view.next.size(); ++i)
    if (view.services[i].id == glass.service) return view.next[i];
  return {};
}

int rows_that_fit(const queue::DeskView& view) {
  const int tabs = static_cast<int>(tab_rows(view.services.size()));
  return rows_at_once - tabs - (view.prints.empty() ? 0 : 1);
}

Screen compose(const queue::DeskView* view, const Glass& glass, bool reachable, std::int64_t age_ms,
               std::int64_t hub_ms, std::int64_t steady_ms) {
  Screen screen;
  screen.names = glass.names;
  screen.panel = glass.panel;
  screen.move_reason = glass.move_reason;
  screen.draft = {glass.draft.service, glass.draft.kind, "", "", glass.draft.print};
  screen.inside = glass.inside;
  screen.strip = with_notice({}, view, hub_ms);
  if (glass.inside.message.pattern == "free") screen.inside.message.text = glass.words;
  if (!glass.found.staff.chosen.empty()) screen.inside.digits.assign(glass.inside.digits.size(), '*');
  screen.found = glass.found;
  for (Access& row : screen.found.access.rows) row.number = told_number(view, row.about);
  screen.found.staff.pass.clear();
  const Staff& staff = glass.found.staff;
  screen.locked = staff.login && staff.person.empty() && staff.pass.empty();
  screen.pending = glass.pending;
  const base::Instant now = base::instant_from_ms(hub_ms);
  if (hub_ms > 0) screen.clock = base::clock_text(now);
  screen.reachable = reachable && view != nullptr;
  if (!screen.reachable) {
    screen.age_s = static_cast<int>(std::max<std::int64_t>(0, age_ms) / 1000);
    screen.chips = {{"link", "fault", "hub_unreachable"}};
  }
  if (view == nullptr) {
    add_health(screen);
    return screen;
  }
  screen.ready = true;
  const bool active = reachable && glass.pending.empty();
  // What is no longer confirmed does not grow older on the glass: its own age is told instead.
  const base::Instant seen =
      reachable ? now : base::instant_from_ms(hub_ms - std::max<std::int64_t>(0, age_ms));
  if (!reachable && hub_ms > 0) screen.as_of = base::clock_text(seen);
  screen.facility = view->facility;
  screen.session = view->session;
  add_services(*view, glass, screen);
  add_filters(*view, glass, screen);
  add_rows(*view, glass, seen, screen);
  add_rooms(*view, glass, seen, screen);
  add_next(*view, glass, active, screen);
  add_actions(*view, glass, active, screen);
  if (reachable) add_undo(*view, glass, now, active, screen);
  if (reachable) add_chips(*view, screen);
  screen.link = view->link;
  add_told(*view, glass, steady_ms, screen);
  add_task(*view, glass, screen);
  add_health(screen);
  add_panels(*view, glass, seen, steady_ms, screen);
  if (!reachable) forget_waits(screen);
  return screen;
}

} // namespace machiai::desk
