// SPDX-License-Identifier: Apache-2.0
// A day replayed: as it stood at a moment, and for two tickets: "why was 12 before 11?"
#pragma once

#include "core/queue/day.hpp"

#include <vector>

namespace machiai::queue {

struct Replay {
  Day day;
  std::size_t events = 0; ///< so many of them were folded
};
/// As it stood at `at`: all events up to the last that was recorded by then. With a clock that was set back
/// meanwhile that is the last of several such moments.
[[nodiscard]] Replay replay(const Clinic& clinic, const std::vector<Event>& events, base::Instant at);

/// One event that concerns either ticket or changed which of them stands first.
struct OrderStep {
  Event event;
  enum class First { neither, one, other } first = First::neither; ///< after the event
  bool turned = false;                                             ///< the event changed `first`
};

/// Folds the day's events and keeps what explains the order of the two. First is who was called first; until
/// then who stands in front in the line they share; neither, while one of them has no number or they wait in
/// different lines.
[[nodiscard]] std::vector<OrderStep> order_story(const Clinic& clinic, const std::vector<Event>& events,
                                                 const TicketRef& one, const TicketRef& other);

} // namespace machiai::queue
