// SPDX-License-Identifier: Apache-2.0
#include "core/queue/visits.hpp"

#include "core/queue/places.hpp"

#include <algorithm>

namespace machiai::queue {

namespace {

/// Kinds of one service are numbered from here on; more kinds than this share the last number.
constexpr std::size_t kinds_of_one_service = 16;

int service_of(VisitKind kind) {
  return static_cast<int>(kind / kinds_of_one_service);
}

/// For each service the rooms that called its patients in this session; until one did, all that may.
std::vector<RoomSet> rooms_that_serve(const Clinic& clinic, const SessionLog& log) {
  std::vector<RoomSet> sets(clinic.services.size(), 0);
  for (const Visit& visit : log.visits)
    if (const auto service = static_cast<std::size_t>(service_of(visit.kind)); service < sets.size())
      sets[service] |= RoomSet{1} << (visit.room & 63);
  for (std::size_t service = 0; service < sets.size(); ++service)
    if (sets[service] == 0) sets[service] = rooms_of(clinic, static_cast<int>(service));
  return sets;
}

/// Nobody further back is told a wait: it would be a guess about a line that no clinic has.
constexpr std::size_t longest_line = 1000;

/// A ticket in a line, or the place that is kept behind it.
struct Stand {
  TicketIndex at = no_ticket;
  bool place = false;
};

/// The session that is being served: that of the first who waits, else that of the hour.
std::uint8_t serving_slot(const Clinic& clinic, const Day& day, const std::vector<Stand>& line,
                          base::Instant now) {
  const auto first = std::find_if(line.begin(), line.end(), [](const Stand& each) { return !each.place; });
  return slot_at(clinic, first == line.end() ? now : here_since(day.tickets[first->at]));
}

} // namespace

VisitKind visit_kind(const Clinic&, int service, std::size_t kind) {
  return static_cast<VisitKind>(static_cast<std::size_t>(service) * kinds_of_one_service +
                                std::min(kind, kinds_of_one_service - 1));
}

RoomSet rooms_of(const Clinic& clinic, int service) {
  const auto& rooms = clinic.services[static_cast<std::size_t>(service)].rooms;
  if (rooms.empty()) return any_room;
  RoomSet set = 0;
  for (const std::string& id : rooms)
    if (const auto room = find_room(clinic, id)) set |= RoomSet{1} << (*room & 63);
  return set;
}

std::uint8_t slot_at(const Clinic& clinic, base::Instant now) {
  const std::string session = session_at(clinic, now);
  if (session == "morning") return 0;
  return session == "afternoon" ? 1 : 2;
}

void VisitBook::note(const Day& day, const Event& event) {
  if (std::holds_alternative<DayOpened>(event.body)) {
    noted_.clear();
    places_ = {};
  }
  if (const auto* taken = std::get_if<Taken>(&event.body)) note_place(event, *taken);
  if (const auto* called = std::get_if<Called>(&event.body)) {
    call(day, event, *called);
  } else if (const auto* finished = std::get_if<Finished>(&event.body)) {
    end(finished->ticket, event.at);
  } else if (const auto* held = std::get_if<Held>(&event.body)) {
    end(held->ticket, event.at);
  } else if (const auto* moved = std::get_if<Transferred>(&event.body)) {
    end(moved->ticket, event.at);
  } else if (const auto* absent = std::get_if<MarkedAbsent>(&event.body)) {
    forget(absent->ticket);
  } else if (const auto* back = std::get_if<PutBack>(&event.body)) {
    forget(back->ticket);
  } else if (const auto* undone = std::get_if<Undone>(&event.body)) {
    std::erase_if(noted_, [&](const Noted& each) { return each.group == undone->group; });
  }
}

/// A place is kept with a booking and taken by one who comes; in which session matters less than how many.
void VisitBook::note_place(const Event& event, const Taken& taken) {
  if (!taken.keeps && taken.behind.n == 0) return;
  auto& places = places_[slot_at(*clinic_, event.at)];
  if (places.empty()) places.resize(clinic_->services.size());
  PlaceRecord& record = places[static_cast<std::size_t>(taken.ticket.service)];
  (taken.keeps ? record.kept : record.taken) += 1;
}

void VisitBook::call(const Day& day, const Event& event, const Called& called) {
  const auto room = find_room(*clinic_, called.room);
  const auto at = find_ticket(day, called.ticket);
  if (!room || !at) return;
  const Ticket& ticket = day.tickets[*at];
  // Who is called before their slot has not waited.
  const auto here = std::min(here_since(ticket), event.at);
  // The session in which the number was given: a morning ends when its patients have been seen.
  noted_.push_back({called.ticket,
                    event.group,
                    slot_at(*clinic_, here),
                    {visit_kind(*clinic_, ticket.service, ticket.kind), static_cast<std::int16_t>(*room),
                     rooms_of(*clinic_, ticket.line), here, event.at, std::nullopt}});
}

void VisitBook::end(const TicketRef& ref, base::Instant at) {
  const auto last =
      std::find_if(noted_.rbegin(), noted_.rend(), [&](const Noted& each) { return each.ticket == ref; });
  if (last != noted_.rend() && !last->visit.ended) last->visit.ended = at;
}

void VisitBook::forget(const TicketRef& ref) {
  const auto last =
      std::find_if(noted_.rbegin(), noted_.rend(), [&](const Noted& each) { return each.ticket == ref; });
  if (last != noted_.rend() && !last->visit.ended) noted_.erase(std::next(last).base());
}

SessionLog VisitBook::session(std::uint8_t slot) const {
  SessionLog log{slot, {}, places_[slot]};
  for (const Noted& each : noted_)
    if (each.slot == slot) log.visits.push_back(each.visit);
  const std::vector<RoomSet> serving = rooms_that_serve(*clinic_, log);
  for (Visit& visit : log.visits) visit.rooms = serving[static_cast<std::size_t>(service_of(visit.kind))];
  return log;
}

std::vector<SessionLog> VisitBook::sessions() const {
  std::vector<SessionLog> all;
  constexpr std::uint8_t slots = 3;
  for (std::uint8_t slot = 0; slot < slots; ++slot)
    if (SessionLog log = session(slot); !log.visits.empty()) all.push_back(std::move(log));
  return all;
}

namespace {

/// Rooms that have called somebody in this session, with whom they see now; before the first call those that
/// usually call in it, from when they do, and all rooms where that is not known.
std::vector<OpenRoom> open_rooms(const Clinic& clinic, const Day& day, const SessionLog& log,
                                 const VisitHistory& history, base::Instant now) {
  std::vector<OpenRoom> rooms;
  if (log.visits.empty()) {
    rooms = usual_rooms(history, log.slot, now);
    std::erase_if(rooms, [&](const OpenRoom& room) {
      return static_cast<std::size_t>(room.room) >= clinic.rooms.size(); // it has gone since
    });
    if (!rooms.empty()) return rooms;
  }
  for (std::size_t i = 0; i < clinic.rooms.size() && i < 64; ++i) {
    const auto number = static_cast<std::int16_t>(i);
    const bool worked = std::any_of(log.visits.begin(), log.visits.end(),
                                    [&](const Visit& visit) { return visit.room == number; });
    if (worked || log.visits.empty()) rooms.push_back({number, std::nullopt, std::nullopt});
  }
  for (const Counter& counter : day.counters)
    for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
      const Ticket& ticket = day.tickets[counter.line[i]];
      if (ticket.room < 0 || (ticket.state != TicketState::called && ticket.state != TicketState::in_room))
        continue;
      const auto room = std::find_if(rooms.begin(), rooms.end(),
                                     [&](const OpenRoom& each) { return each.room == ticket.room; });
      const auto visit = std::find_if(log.visits.rbegin(), log.visits.rend(),
                                      [&](const Visit& each) { return each.room == ticket.room; });
      if (room != rooms.end() && visit != log.visits.rend())
        room->visit = CurrentVisit{visit_kind(clinic, ticket.service, ticket.kind), visit->called};
    }
  return rooms;
}

/// All lines in one, by time of acceptance between services, in calling order within one.
std::vector<Stand> merged_line(const Day& day, Line who) {
  std::vector<Stand> merged;
  for (const Counter& counter : day.counters) {
    const std::size_t called = who == Line::expected ? places_called(day, counter) : counter.line.size();
    std::vector<Stand> line;
    for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
      const TicketIndex at = counter.line[i];
      if (is_expected(day.tickets[at], i, called)) line.push_back({at});
      if (keeps(day, at)) line.push_back({at, true});
    }
    std::vector<Stand> both;
    both.reserve(merged.size() + line.size());
    std::merge(
        merged.begin(), merged.end(), line.begin(), line.end(), std::back_inserter(both),
        [&](const Stand& a, const Stand& b) { return day.tickets[a.at].taken < day.tickets[b.at].taken; });
    merged = std::move(both);
  }
  return merged;
}

/// Who comes now stands at a kept place, else at the end of the line.
void tell_walk_ins(const Day& day, const std::vector<Stand>& line, const Forecast& guessed, Waits& waits) {
  waits.walk_ins = waits.newcomers;
  for (std::size_t service = 0; service < waits.walk_ins.size(); ++service) {
    const auto place = place_for_walk_in(day, static_cast<int>(service));
    for (std::size_t i = 0; place && i < line.size(); ++i)
      if (line[i].place && line[i].at == *place) waits.walk_ins[service] = guessed.line[i];
  }
}

} // namespace

Waits waits_of(const Clinic& clinic, const Day& day, const VisitBook& book, const VisitHistory& history,
               base::Instant now, Line who) {
  std::vector<Stand> line = merged_line(day, who);
  const bool too_long = line.size() > longest_line;
  if (too_long) line.resize(longest_line);
  const std::uint8_t slot = serving_slot(clinic, day, line, now);
  const SessionLog log = book.session(slot);
  Situation situation{slot, open_rooms(clinic, day, log, history, now), {}, {}, done_at(log, now)};
  situation.newcomers = rooms_that_serve(clinic, log);
  for (const Stand& each : line) {
    const Ticket& ticket = day.tickets[each.at];
    situation.line.push_back({visit_kind(clinic, ticket.service, each.place ? 0 : ticket.kind),
                              situation.newcomers[static_cast<std::size_t>(ticket.line)],
                              each.place ? share_taken(history, ticket.line) : 1});
  }
  const Forecast guessed = forecast(history, situation, now);
  Waits waits{guessed.reason, {}, guessed.newcomers, {}};
  if (too_long) std::fill(waits.newcomers.begin(), waits.newcomers.end(), std::nullopt);
  for (std::size_t i = 0; i < guessed.line.size(); ++i)
    if (guessed.line[i] && !line[i].place) waits.tickets.emplace(line[i].at, *guessed.line[i]);
  tell_walk_ins(day, line, guessed, waits);
  return waits;
}

bool is_expected(const Ticket& ticket, std::size_t place, std::size_t called) {
  return ticket.state == TicketState::waiting || (ticket.state == TicketState::booked && place >= called);
}

std::size_t places_called(const Day& day, const Counter& counter) {
  for (std::size_t i = counter.line.size(); i-- > 0;) {
    const TicketState state = day.tickets[counter.line[i]].state;
    if (state == TicketState::called || state == TicketState::in_room || state == TicketState::absent ||
        state == TicketState::done)
      return i + 1;
  }
  return 0;
}

namespace {

std::optional<Guess> guess_for(const Waits& waits, TicketIndex ticket) {
  const auto known = waits.tickets.find(ticket);
  return known == waits.tickets.end() ? std::nullopt : std::optional(known->second);
}

std::optional<Guess> newcomer(const Waits& waits, std::size_t service) {
  return service < waits.newcomers.size() ? waits.newcomers[service] : std::nullopt;
}

/// From the least of one guess to the most of the other.
std::optional<WaitRange> between(const std::optional<Guess>& least, const std::optional<Guess>& most) {
  if (!least || !most) return std::nullopt;
  const WaitRange low = shown_range(*least);
  return WaitRange{low.low, std::max(low.high, shown_range(*most).high)};
}

/// One counter's tickets from outside. It looks from the back of the line to its front, and tells them in
/// order.
void outside_waits_of(const Day& day, std::size_t service, const Waits& present, const Waits& expected,
                      std::vector<std::pair<TicketIndex, WaitRange>>& told) {
  const Counter& counter = day.counters[service];
  const auto first = static_cast<std::ptrdiff_t>(told.size());
  std::optional<Guess> behind = counter.open ? newcomer(present, service) : std::nullopt;
  for (std::size_t i = counter.line.size(); i-- > counter.head;) {
    const TicketIndex at = counter.line[i];
    const Ticket& ticket = day.tickets[at];
    std::optional<WaitRange> range;
    if (ticket.state == TicketState::waiting) {
      behind = guess_for(present, at);
      range = between(behind, behind);
    } else if (ticket.state == TicketState::booked) {
      const auto own = guess_for(expected, at);
      range = between(behind, own ? own : behind); // who missed their turn is not among the expected
    }
    if (ticket.outside && range) told.emplace_back(at, *range);
  }
  std::reverse(told.begin() + first, told.end());
}

} // namespace

OutsideWaits outside_waits(const Day& day, const Waits& present, const Waits& expected) {
  OutsideWaits told;
  for (std::size_t service = 0; service < day.counters.size(); ++service) {
    const bool open = day.counters[service].open;
    told.newcomers.push_back(open ? between(newcomer(present, service), newcomer(expected, service))
                                  : std::nullopt);
    outside_waits_of(day, service, present, expected, told.tickets);
  }
  return told;
}

} // namespace machiai::queue
