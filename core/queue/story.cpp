// SPDX-License-Identifier: Apache-2.0
#include "core/queue/story.hpp"

#include <algorithm>

namespace machiai::queue {

namespace {

using First = OrderStep::First;

bool was_called(TicketState state) {
  return state == TicketState::called || state == TicketState::in_room || state == TicketState::done;
}

First who_is_first(const Day& day, TicketIndex one, TicketIndex other) {
  const Ticket& a = day.tickets[one];
  const Ticket& b = day.tickets[other];
  if (was_called(a.state) != was_called(b.state)) return was_called(a.state) ? First::one : First::other;
  if (a.line != b.line || was_called(a.state)) return First::neither;
  const auto& line = day.counters[a.line].line;
  const auto place = [&](TicketIndex at) { return std::find(line.begin(), line.end(), at); };
  return place(one) < place(other) ? First::one : First::other;
}

bool concerns(const EventBody& body, const TicketRef& one, const TicketRef& other) {
  return std::visit(
      [&](const auto& e) {
        if constexpr (requires { e.ticket; }) return e.ticket == one || e.ticket == other;
        return false;
      },
      body);
}

} // namespace

Replay replay(const Clinic& clinic, const std::vector<Event>& events, base::Instant at) {
  const auto by_then =
      std::find_if(events.rbegin(), events.rend(), [&](const Event& e) { return e.at <= at; });
  Replay told{new_day(clinic), static_cast<std::size_t>(events.rend() - by_then)};
  for (std::size_t i = 0; i < told.events; ++i) fold(clinic, told.day, events[i]);
  return told;
}

std::vector<OrderStep> order_story(const Clinic& clinic, const std::vector<Event>& events,
                                   const TicketRef& one, const TicketRef& other) {
  std::vector<OrderStep> story;
  Day day = new_day(clinic);
  First first = First::neither;
  for (const Event& event : events) {
    fold(clinic, day, event);
    const auto a = find_ticket(day, one);
    const auto b = find_ticket(day, other);
    First now = a && b ? who_is_first(day, *a, *b) : First::neither;
    // Both have been called: the order in which that happened stands.
    if (now == First::neither && a && b && was_called(day.tickets[*a].state)) now = first;
    const bool turned = now != first;
    first = now;
    if (turned || concerns(event.body, one, other)) story.push_back({event, now, turned});
  }
  return story;
}

} // namespace machiai::queue
