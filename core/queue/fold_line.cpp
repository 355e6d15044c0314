// SPDX-License-Identifier: Apache-2.0
#include "core/queue/folder.hpp"
#include "core/queue/guards.hpp"
#include "core/queue/places.hpp"

#include <limits>

namespace machiai::queue {

namespace {

/// That the patient came is known by this. A call is none: who was called out of turn may not answer.
bool is_here(TicketState state) {
  return state == TicketState::waiting || state == TicketState::in_room || state == TicketState::done;
}

} // namespace

void Folder::came_now(Ticket& ticket) const {
  const auto since = std::chrono::floor<std::chrono::seconds>(event_.at - ticket.taken);
  ticket.came = static_cast<std::uint32_t>(std::max<std::int64_t>(since.count(), 0));
}

void Folder::stand_by_acceptance(TicketIndex at, base::Instant accepted) {
  Counter& counter = counter_at(at);
  day_.tickets[at].taken = accepted;
  came_now(day_.tickets[at]);
  if (!event_.key.empty()) day_.outside[event_.key] = at;
  const auto place = static_cast<std::ptrdiff_t>(place_by_acceptance(day_, counter, accepted));
  counter.line.insert(counter.line.begin() + place, at);
}

void Folder::stand_at_place(TicketIndex at, const TicketRef& behind) {
  Counter& counter = counter_at(at);
  const auto booking = find_ticket(day_, behind);
  const auto found =
      booking ? std::find(counter.line.begin(), counter.line.end(), *booking) : counter.line.end();
  if (found == counter.line.end()) {
    counter.line.insert(end_of_line(counter), at);
    return;
  }
  counter.line.insert(found + 1, at);
  day_.tickets[at].in_place = true;
  day_.tickets[at].reason = reason_index(walk_in_place);
  if (guard_on(Guard::place_once)) day_.tickets[*booking].place = Place::taken;
  day_.undo.front().places = {*booking};
}

std::vector<TicketIndex> Folder::let_go(TicketIndex called) {
  std::vector<TicketIndex> gone;
  const Counter& counter = counter_at(called);
  if (!counter.kept) return gone;
  // Out of turn nobody is passed.
  if (!guard_on(Guard::passed_places_go) || next_present(day_, day_.tickets[called].line) != called)
    return gone;
  bool passed = false;
  std::size_t between = 0; // who will be called before the place
  for (std::size_t i = counter.head; i < counter.line.size() && between < near_the_door; ++i) {
    const TicketIndex at = counter.line[i];
    if (passed && in_line(day_.tickets[at].state)) ++between;
    if (at == called) passed = true;
    if (at == called || !keeps(day_, at) || between >= near_the_door) continue;
    day_.tickets[at].place = Place::none;
    gone.push_back(at);
  }
  return gone;
}

std::uint8_t Folder::kind_of(const TicketRef& ref, const std::string& kind) const {
  const auto& kinds = clinic_.services[static_cast<std::size_t>(ref.service)].kinds;
  const auto found = std::find(kinds.begin(), kinds.end(), kind);
  return found == kinds.end() ? std::uint8_t{0} : static_cast<std::uint8_t>(found - kinds.begin());
}

std::uint16_t Folder::reason_index(const std::string& reason) {
  const auto found = std::find(day_.reasons.begin(), day_.reasons.end(), reason);
  if (found != day_.reasons.end()) return static_cast<std::uint16_t>(found - day_.reasons.begin());
  if (day_.reasons.size() > std::numeric_limits<std::uint16_t>::max()) return 0;
  day_.reasons.push_back(reason);
  return static_cast<std::uint16_t>(day_.reasons.size() - 1);
}

TicketState Folder::in_line_again(TicketIndex at) const {
  return day_.tickets[at].away ? TicketState::booked : TicketState::waiting;
}

void Folder::set_state(TicketIndex at, TicketState state) {
  Ticket& ticket = day_.tickets[at];
  Counter& counter = counter_at(at);
  counter.waiting += (state == TicketState::waiting ? 1 : 0) - (ticket.state == TicketState::waiting ? 1 : 0);
  if (ticket.away) came_now(ticket);
  if (is_here(state)) ticket.away = false;
  if (!in_line(state) && guard_on(Guard::place_stays)) ticket.place = Place::none;
  ticket.state = state;
  ticket.since = event_.at;
  ticket.touched = event_.seq;
  ticket.settled = false;
  settle_head(counter);
}

void Folder::settle_head(Counter& counter) {
  while (counter.head < counter.line.size() && !is_live(day_.tickets[counter.line[counter.head]].state))
    ++counter.head;
}

void Folder::move_before(TicketIndex at, const TicketRef& before) {
  auto& line = counter_at(at).line;
  std::erase(line, at);
  line.insert(place_before(counter_at(at), before), at);
  day_.undo.front().tickets.back().moved = true;
  rewind_head(counter_at(at));
}

std::vector<TicketIndex>::iterator Folder::place_before(Counter& counter, const TicketRef& before) {
  auto& line = counter.line;
  const auto found = std::find(line.begin(), line.end(), find_ticket(day_, before).value_or(no_ticket));
  return found == line.end() ? end_of_line(counter) : found;
}

std::vector<TicketIndex>::iterator Folder::end_of_line(Counter& counter) {
  auto place = counter.line.end();
  const auto begin =
      counter.line.begin() + static_cast<std::ptrdiff_t>(std::min(counter.head, counter.line.size()));
  while (place > begin) {
    const Ticket& last = day_.tickets[*(place - 1)];
    if (!last.slot || last.taken <= event_.at) break;
    --place;
  }
  return place;
}

void Folder::rewind_head(Counter& counter) {
  counter.head = 0;
  settle_head(counter);
}

void Folder::simple(const char* what, const TicketRef& ref, TicketState state) {
  const auto at = remembered(what, ref);
  if (!at) return;
  set_state(*at, state);
  const bool leaves = state == TicketState::hold || state == TicketState::cancelled;
  if (leaves || state == TicketState::no_show) day_.tickets[*at].room = -1;
}

void Folder::return_to_line(const char* what, const TicketRef& ref, const char* reason) {
  const auto at = remembered(what, ref);
  if (!at) return;
  set_state(*at, in_line_again(*at));
  day_.tickets[*at].room = -1;
  if (*reason != '\0') day_.tickets[*at].reason = reason_index(reason);
}

} // namespace machiai::queue
