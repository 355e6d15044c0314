// SPDX-License-Identifier: Apache-2.0
#include "core/queue/views.hpp"

#include "core/queue/places.hpp"
#include "core/queue/reasons.hpp"
#include "core/queue/visits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace machiai::queue {

namespace {

constexpr std::size_t shown_stones = 5;
constexpr std::size_t shown_calls = 4;
constexpr std::size_t shown_in_room = 4;

std::string time_text(int minute) {
  return fmt::format("{}:{:02}", minute / 60, minute % 60);
}

/// Today's next opening, or the first of the coming two weeks.
void tell_opening(ServiceView& view, const Clinic& clinic, int service, const std::vector<Hours>& today,
                  base::Instant now) {
  if (const auto minute = next_opening(today, now)) {
    view.opens_at = time_text(*minute);
    return;
  }
  constexpr int looked_ahead = 14;
  const base::Date date = base::civil_date(now);
  for (int i = 1; i <= looked_ahead; ++i) {
    const base::Date then{date.days + i};
    const auto minute = next_opening(usual_hours(clinic, service, then), base::at_minute(then, 0));
    if (!minute) continue;
    view.opens_at = time_text(*minute);
    view.opens_on = base::iso_date(then);
    return;
  }
}

ServiceView service_view(const Clinic& clinic, const Day& day, int index, base::Instant now,
                         const Waits* waits) {
  const Service& service = clinic.services[static_cast<std::size_t>(index)];
  const Counter& counter = day.counters[static_cast<std::size_t>(index)];
  ServiceView view;
  view.id = service.id;
  view.name = service.name;
  view.state = counter.open ? "open" : counter.ever_open && day.opened ? "closed" : "before";
  const bool of_today = day.opened && !has_passed(day, now);
  const auto& hours =
      of_today ? hours_of(clinic, day, index) : usual_hours(clinic, index, base::civil_date(now));
  if (!counter.open) tell_opening(view, clinic, index, hours, now);
  if (const Hours* current = hours_at(hours, now)) view.closes_at = time_text(current->close);
  view.full = counter.open && is_full(clinic, day, index);
  view.waiting = counter.waiting;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i)
    if (day.tickets[counter.line[i]].state == TicketState::absent) ++view.absent;
  if (counter.last_called != no_ticket && day.tickets[counter.last_called].state != TicketState::waiting &&
      day.tickets[counter.last_called].line == index)
    view.calling = shown_number(clinic, ref_of(day.tickets[counter.last_called]));
  view.kinds = service.kinds;
  const auto at = static_cast<std::size_t>(index);
  if (waits != nullptr && at < waits->walk_ins.size() && waits->walk_ins[at] && counter.open)
    view.wait = shown_range(*waits->walk_ins[at]);
  return view;
}

/// A counter that the settings no longer have is told of as long as somebody is in its line.
bool is_listed(const Clinic& clinic, const Day& day, int index) {
  const Counter& counter = day.counters[static_cast<std::size_t>(index)];
  return !clinic.services[static_cast<std::size_t>(index)].retired ||
         std::any_of(counter.line.begin() + static_cast<std::ptrdiff_t>(counter.head), counter.line.end(),
                     [&](TicketIndex at) { return is_live(day.tickets[at].state); });
}

std::vector<ServiceView> service_views(const Clinic& clinic, const Day& day, base::Instant now,
                                       const Waits* waits) {
  std::vector<ServiceView> views;
  for (int i = 0; i < static_cast<int>(clinic.services.size()); ++i)
    if (is_listed(clinic, day, i)) views.push_back(service_view(clinic, day, i, now, waits));
  return views;
}

std::string room_id(const Clinic& clinic, int room) {
  return room < 0 ? std::string{} : clinic.rooms[static_cast<std::size_t>(room)].id;
}

std::vector<RoomView> room_views(const Clinic& clinic, const Day& day) {
  std::vector<RoomView> rooms;
  for (const Room& room : clinic.rooms) rooms.push_back({room.id, room.name, "", ""});
  for (const Counter& counter : day.counters)
    for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
      const Ticket& ticket = day.tickets[counter.line[i]];
      if (ticket.state != TicketState::called && ticket.state != TicketState::in_room) continue;
      if (ticket.room < 0) continue;
      RoomView& room = rooms[static_cast<std::size_t>(ticket.room)];
      room.number = shown_number(clinic, ref_of(ticket));
      room.state = state_name(ticket.state);
    }
  std::erase_if(rooms, [&](const RoomView& each) {
    return each.state.empty() && clinic.rooms[static_cast<std::size_t>(*find_room(clinic, each.id))].retired;
  });
  return rooms;
}

TicketView ticket_view(const Clinic& clinic, const Day& day, TicketIndex at, int ahead) {
  const Ticket& ticket = day.tickets[at];
  const Service& service = clinic.services[ticket.service];
  TicketView view;
  view.at = at;
  view.ticket = ticket_id(clinic, day.date, ref_of(ticket));
  view.number = shown_number(clinic, ref_of(ticket));
  view.service = service.id;
  if (ticket.kind < service.kinds.size()) view.kind = service.kinds[ticket.kind];
  if (const auto person = day.people.find(at); person != day.people.end()) {
    view.name = person->second.name;
    view.card = person->second.card;
    view.note = person->second.note;
  }
  view.line = clinic.services[ticket.line].id;
  view.origin = ticket.outside ? "web" : "";
  view.state = state_name(ticket.state);
  if (is_live(ticket.state)) view.room = room_id(clinic, ticket.room);
  view.ahead = ahead;
  view.since = ticket.since;
  view.taken = ticket.taken;
  if (ticket.slot) view.slot = ticket.taken;
  if (!ticket.away) view.here = here_since(ticket);
  view.reason = day.reasons[ticket.reason];
  view.absences = ticket.absences;
  if (const auto phoned = day.phoned.find(at); phoned != day.phoned.end()) view.phoned = phoned->second;
  return view;
}

/// Where the desk lists a state: called, in the room, waiting, absent, on hold, then what is over.
int rank(TicketState state) {
  switch (state) {
  case TicketState::called: return 0;
  case TicketState::in_room: return 1;
  case TicketState::booked:
  case TicketState::waiting: return 2;
  case TicketState::absent: return 3;
  case TicketState::hold: return 4;
  default: return 5;
  }
}

struct Placed {
  TicketIndex at;
  int ahead;    ///< people who would be called first
  int kept = 0; ///< places in front that are kept for walk-ins
};

void place_line(const Day& day, const Counter& counter, std::vector<Placed>& placed) {
  int ahead = 0;
  int kept = 0;
  for (const TicketIndex at : counter.line) {
    const TicketState state = day.tickets[at].state;
    placed.push_back(is_live(state) ? Placed{at, ahead, kept} : Placed{at, 0});
    if (state == TicketState::waiting) ++ahead;
    if (keeps(day, at)) ++kept;
  }
}

/// The views are built in their final order: moving a thousand of them about costs more than making them.
std::vector<TicketView> ticket_views(const Clinic& clinic, const Day& day, const std::vector<Placed>& placed,
                                     const Waits* waits) {
  std::vector<TicketView> views;
  views.reserve(placed.size());
  for (const Placed& each : placed) {
    views.push_back(ticket_view(clinic, day, each.at, each.ahead));
    if (each.kept > 0) views.back().kept_ahead = each.kept;
    if (waits == nullptr) continue;
    if (const auto guess = waits->tickets.find(each.at); guess != waits->tickets.end())
      views.back().wait = shown_range(guess->second);
  }
  return views;
}

/// Waiting tickets of all counters, by time of acceptance between counters, in calling order within one.
std::vector<TicketIndex> waiting_merged(const Day& day) {
  std::vector<TicketIndex> merged;
  for (const Counter& counter : day.counters) {
    std::vector<TicketIndex> line;
    for (std::size_t i = counter.head; i < counter.line.size() && line.size() < shown_stones; ++i)
      if (day.tickets[counter.line[i]].state == TicketState::waiting) line.push_back(counter.line[i]);
    std::vector<TicketIndex> both;
    std::merge(merged.begin(), merged.end(), line.begin(), line.end(), std::back_inserter(both),
               [&](TicketIndex a, TicketIndex b) { return day.tickets[a].taken < day.tickets[b].taken; });
    merged = std::move(both);
  }
  if (merged.size() > shown_stones) merged.resize(shown_stones);
  return merged;
}

StoneView stone_view(const Clinic& clinic, const Day& day, TicketIndex at, std::string reason) {
  const Ticket& ticket = day.tickets[at];
  return {shown_number(clinic, ref_of(ticket)), clinic.services[ticket.line].id, std::move(reason)};
}

std::vector<StoneView> absent_stones(const Clinic& clinic, const Day& day) {
  std::vector<TicketIndex> absent;
  for (const Counter& counter : day.counters)
    for (std::size_t i = counter.head; i < counter.line.size(); ++i)
      if (day.tickets[counter.line[i]].state == TicketState::absent) absent.push_back(counter.line[i]);
  std::sort(absent.begin(), absent.end(),
            [&](TicketIndex a, TicketIndex b) { return day.tickets[a].touched > day.tickets[b].touched; });
  if (absent.size() > shown_stones) absent.resize(shown_stones);
  std::vector<StoneView> stones;
  for (const TicketIndex at : absent) stones.push_back(stone_view(clinic, day, at, ""));
  return stones;
}

std::vector<CallView> call_views(const Clinic& clinic, const Day& day) {
  std::vector<CallView> views;
  std::set<TicketIndex> seen; // who was called again since is called to that room, not to the one of before
  for (const Call& call : day.calls) {
    if (views.size() == shown_calls) break;
    if (!seen.insert(call.ticket).second) continue;
    // Put back, absent or on hold: nobody is asked to come in any more.
    const Ticket& ticket = day.tickets[call.ticket];
    const TicketState state = ticket.state;
    if (state != TicketState::called && state != TicketState::in_room && state != TicketState::done) continue;
    const Room* room = call.room < 0 ? nullptr : &clinic.rooms[static_cast<std::size_t>(call.room)];
    views.push_back({call.seq, shown_number(clinic, ref_of(ticket)), clinic.services[ticket.line].id,
                     room ? room->id : "", room ? room->name : Label{}, call.at, call.again});
  }
  return views;
}

/// The clinic as a whole: open when one counter is, before when none was yet.
void summarise(const std::vector<ServiceView>& services, std::string& state, std::string& opens_at,
               int& waiting) {
  state = "before";
  for (const ServiceView& service : services) {
    waiting += service.waiting;
    if (service.state == "open" || (service.state == "closed" && state == "before")) state = service.state;
    if (!service.opens_at.empty() &&
        (opens_at.empty() || service.opens_at.size() < opens_at.size() ||
         (service.opens_at.size() == opens_at.size() && service.opens_at < opens_at)))
      opens_at = service.opens_at;
  }
}

std::vector<MessageView> message_views(const Day& day, base::Instant now) {
  std::vector<MessageView> views;
  for (const Message& message : day.messages)
    if (message.until > now)
      views.push_back(
          {message.id, message.pattern, message.text, message.minutes, base::clock_text(message.until)});
  return views;
}

std::optional<NoticeView> notice_view(const Day& day, base::Instant now) {
  if (!day.notice || day.notice->until <= now) return std::nullopt;
  const Notice& n = *day.notice;
  return NoticeView{n.id, n.form, n.lang, n.texts, n.since, n.until};
}

std::vector<ExceptionView> exception_views(const Clinic& clinic, const Day& day) {
  std::vector<ExceptionView> views;
  for (std::size_t i = 0; i < day.counters.size(); ++i) {
    const Counter& counter = day.counters[i];
    if (counter.cap >= 0) views.push_back({clinic.services[i].id, "cap", std::to_string(counter.cap)});
    if (counter.remote_stopped) views.push_back({clinic.services[i].id, "remote", "closed"});
    if (counter.walk_ins >= 0)
      views.push_back({clinic.services[i].id, "walk_ins", std::to_string(counter.walk_ins)});
    if (counter.every >= 0) views.push_back({clinic.services[i].id, "every", std::to_string(counter.every)});
    if (!counter.hours) continue;
    views.push_back({clinic.services[i].id, "hours", hours_text(*counter.hours)});
  }
  return views;
}

/// What the reception has noted stays with it.
TicketView room_ticket(const Clinic& clinic, const Day& day, TicketIndex at, int ahead) {
  TicketView view = ticket_view(clinic, day, at, ahead);
  view.note.clear();
  return view;
}

/// Adds one service's line to what a room's seat shows.
void add_line(const Clinic& clinic, const Day& day, const Counter& counter, RoomSeatView& seat) {
  int ahead = 0;
  std::vector<TicketView> line;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
    const Ticket& ticket = day.tickets[counter.line[i]];
    const bool inside = ticket.state == TicketState::called || ticket.state == TicketState::in_room;
    if (inside && room_id(clinic, ticket.room) == seat.room)
      seat.inside = room_ticket(clinic, day, counter.line[i], 0);
    if (ticket.state == TicketState::absent) ++seat.absent;
    if (ticket.state != TicketState::waiting) continue;
    if (ahead < static_cast<int>(shown_in_room))
      line.push_back(room_ticket(clinic, day, counter.line[i], ahead));
    ++ahead;
  }
  seat.waiting += ahead;
  // Lines of several services meet by time of acceptance; within one its own order stands.
  std::vector<TicketView> both;
  std::merge(seat.next.begin(), seat.next.end(), line.begin(), line.end(), std::back_inserter(both),
             [](const TicketView& a, const TicketView& b) { return a.taken < b.taken; });
  seat.next = std::move(both);
}

/// One range for the clinic as a whole: true for every service.
std::optional<WaitRange> widest(const std::vector<ServiceView>& services) {
  std::optional<WaitRange> range;
  for (const ServiceView& service : services) {
    if (!service.wait) continue;
    range =
        range ? WaitRange{std::min(range->low, service.wait->low), std::max(range->high, service.wait->high)}
              : *service.wait;
  }
  return range;
}

std::vector<UndoView> undo_views(const Clinic& clinic, const Day& day, base::Instant now) {
  std::vector<UndoView> views;
  for (const UndoRecord& record : day.undo) {
    const base::Instant until = record.at + std::chrono::seconds{clinic.undo_seconds};
    if (now > until || now < record.at || changed_since(day, record)) continue;
    UndoView view{record.group, record.what, "",        std::nullopt, room_id(clinic, record.room),
                  record.actor, record.seat, record.at, until};
    if (record.ticket != no_ticket)
      view.number = shown_number(clinic, ref_of(day.tickets[record.ticket]));
    else if (record.counters.size() == 1)
      view.service = clinic.services[static_cast<std::size_t>(record.counters.front().service)].id;
    views.push_back(std::move(view));
  }
  return views;
}

} // namespace

std::vector<TicketView> queue_view(const Clinic& clinic, const Day& day, int service, const Waits* waits) {
  std::vector<Placed> placed;
  place_line(day, day.counters[static_cast<std::size_t>(service)], placed);
  std::stable_partition(placed.begin(), placed.end(),
                        [&](const Placed& each) { return is_live(day.tickets[each.at].state); });
  return ticket_views(clinic, day, placed, waits);
}

BoardView board_view(const Clinic& clinic, const Day& day, base::Instant now, const Waits* waits) {
  if (has_passed(day, now)) return board_view(clinic, new_day(clinic), now);
  BoardView view;
  view.facility = clinic.name;
  view.date = day.history.empty() ? "" : base::iso_date(day.date);
  view.session = session_at(clinic, now);
  view.services = service_views(clinic, day, now, waits);
  summarise(view.services, view.state, view.opens_at, view.waiting);
  view.wait = widest(view.services);
  view.calls = call_views(clinic, day);
  view.rooms = room_views(clinic, day);
  for (const TicketIndex at : waiting_merged(day))
    view.next.push_back(stone_view(clinic, day, at, public_reason(day.reasons[day.tickets[at].reason])));
  view.near = static_cast<int>(std::min(view.next.size(), near_the_door));
  view.absent = absent_stones(clinic, day);
  view.messages = message_views(day, now);
  view.notice = notice_view(day, now);
  return view;
}

KioskView kiosk_view(const Clinic& clinic, const Day& day, base::Instant now, const Waits* waits) {
  if (has_passed(day, now)) return kiosk_view(clinic, new_day(clinic), now);
  KioskView view;
  view.facility = clinic.name;
  view.date = base::iso_date(day.opened ? day.date : base::civil_date(now));
  view.session = session_at(clinic, now);
  view.services = service_views(clinic, day, now, waits);
  view.absence_back = clinic.absence.back;
  view.absence_times = clinic.absence.times;
  view.messages = message_views(day, now);
  return view;
}

DeskView desk_view(const Clinic& clinic, const Day& day, base::Instant now, const Waits* waits) {
  if (has_passed(day, now)) return desk_view(clinic, new_day(clinic), now);
  DeskView view;
  view.facility = clinic.name;
  view.date = day.history.empty() ? "" : base::iso_date(day.date);
  view.session = session_at(clinic, now);
  view.services = service_views(clinic, day, now, waits);
  view.rooms = room_views(clinic, day);
  std::vector<Placed> placed;
  for (int i = 0; i < static_cast<int>(clinic.services.size()); ++i) {
    place_line(day, day.counters[static_cast<std::size_t>(i)], placed);
    if (!is_listed(clinic, day, i)) continue;
    const auto next = next_present(day, i);
    view.next.push_back(next ? ticket_id(clinic, day.date, ref_of(day.tickets[*next])) : "");
  }
  std::stable_sort(placed.begin(), placed.end(), [&](const Placed& a, const Placed& b) {
    return rank(day.tickets[a.at].state) < rank(day.tickets[b.at].state);
  });
  view.tickets = ticket_views(clinic, day, placed, waits);
  view.undo = undo_views(clinic, day, now);
  view.messages = message_views(day, now);
  view.notice = notice_view(day, now);
  view.exceptions = exception_views(clinic, day);
  return view;
}

RoomsView rooms_view(const Clinic& clinic, const Day& day, base::Instant now) {
  if (has_passed(day, now)) return rooms_view(clinic, new_day(clinic), now);
  RoomsView view{clinic.name, session_at(clinic, now), {}, undo_views(clinic, day, now)};
  for (const Room& room : clinic.rooms) {
    RoomSeatView seat{room.id, room.name, std::nullopt, {}, 0, 0};
    for (std::size_t i = 0; i < clinic.services.size(); ++i) {
      const auto& rooms = clinic.services[i].rooms;
      if (rooms.empty() || std::find(rooms.begin(), rooms.end(), room.id) != rooms.end())
        add_line(clinic, day, day.counters[i], seat);
    }
    if (room.retired && !seat.inside) continue;
    if (seat.next.size() > shown_in_room) seat.next.resize(shown_in_room);
    view.rooms.push_back(std::move(seat));
  }
  return view;
}

std::vector<TroubleView> seat_troubles(const SeatView& seat) {
  const auto part = [&](std::string_view reason) {
    if (reason == "patient_waits") return "kiosk"; // the seat itself is well
    if (seat.role != "display") return "seat";
    if (reason == "no_speaker" || reason == "no_voice") return "voice";
    const bool film = reason.starts_with("film_") || reason.starts_with("still_") || reason == "no_decoder" ||
                      reason == "no_player";
    return film ? "film" : "display";
  };
  std::vector<TroubleView> list;
  for (std::size_t from = 0; from < seat.trouble.size();) {
    const std::size_t to = std::min(seat.trouble.find(':', from), seat.trouble.size());
    const std::string reason = seat.trouble.substr(from, to - from);
    if (!reason.empty()) list.push_back({part(reason), "warn", reason});
    from = to + 1;
  }
  return list;
}

} // namespace machiai::queue
