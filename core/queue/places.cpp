// SPDX-License-Identifier: Apache-2.0
#include "core/queue/places.hpp"

#include "core/queue/guards.hpp"

#include <algorithm>

namespace machiai::queue {

namespace {

/// Cloud and clinic by so much: who was accepted further ahead of now has a slot.
constexpr std::chrono::minutes clocks_differ{1};

const Counter& counter_of_line(const Day& day, int line) {
  return day.counters[static_cast<std::size_t>(line)];
}

int counted(const Day& day, TicketIndex at) {
  return keeps(day, at) && guard_on(Guard::told_with_places) ? 1 : 0;
}

} // namespace

bool is_slot(base::Instant accepted, base::Instant now) {
  return accepted > now + clocks_differ;
}

std::size_t place_by_acceptance(const Day& day, const Counter& counter, base::Instant accepted) {
  const auto passes = [&](TicketIndex at) {
    const Ticket& ticket = day.tickets[at];
    return !in_line(ticket.state) || ticket.taken <= accepted ||
           stops(Guard::late_stands_last, ticket.in_place);
  };
  std::size_t place = counter.head;
  while (place < counter.line.size() && passes(counter.line[place])) ++place;
  return place;
}

bool keeps(const Day& day, TicketIndex at) {
  const Ticket& ticket = day.tickets[at];
  return ticket.place == Place::kept && in_line(ticket.state) && at >= day.counters[ticket.line].kept_from;
}

std::vector<TicketIndex> kept_places(const Day& day, int line) {
  const Counter& counter = counter_of_line(day, line);
  std::vector<TicketIndex> places;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i)
    if (keeps(day, counter.line[i])) places.push_back(counter.line[i]);
  return places;
}

std::optional<TicketIndex> place_for_walk_in(const Day& day, int line) {
  const Counter& counter = counter_of_line(day, line);
  if (!counter.kept) return std::nullopt;
  const std::size_t near = std::min(near_the_door, static_cast<std::size_t>(counter.waiting));
  std::size_t here = 0;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
    const TicketIndex at = counter.line[i];
    if (day.tickets[at].state == TicketState::waiting) ++here;
    if (keeps(day, at) && !stops(Guard::near_not_overtaken, here < near)) return at;
  }
  return std::nullopt;
}

int told_ahead(const Day& day, TicketIndex ticket) {
  const Counter& counter = day.counters[day.tickets[ticket].line];
  if (!is_live(day.tickets[ticket].state)) return 0;
  int ahead = 0;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
    const TicketIndex at = counter.line[i];
    if (at == ticket) return ahead;
    ahead += (day.tickets[at].state == TicketState::waiting ? 1 : 0) + counted(day, at);
  }
  return 0;
}

int told_ahead_at(const Day& day, int line, std::optional<TicketIndex> behind) {
  const Counter& counter = counter_of_line(day, line);
  if (!counter.kept) return counter.waiting;
  int ahead = 0;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
    const TicketIndex at = counter.line[i];
    ahead += day.tickets[at].state == TicketState::waiting ? 1 : 0;
    if (at == behind) break; // its own place
    ahead += counted(day, at);
  }
  return ahead;
}

} // namespace machiai::queue
