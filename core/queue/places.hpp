// SPDX-License-Identifier: Apache-2.0
// 空番: places of the line that are kept between bookings for those who come themselves
// (docs/held-places.md).
#pragma once

#include "core/queue/day.hpp"

#include <optional>
#include <vector>

namespace machiai::queue {

/// So many who are here and next are asked to stay near the door: nobody is put in front of them.
inline constexpr std::size_t near_the_door = 3;
inline constexpr int most_every = 50;
/// Reason of one who stands at a kept place.
inline constexpr const char* walk_in_place = "walk_in_place";

/// Every so many-th place of a line: 0 none, 3 one behind each two bookings.
[[nodiscard]] constexpr bool is_every(int every) {
  return every == 0 || (every >= 2 && every <= most_every);
}
/// Whether a place is kept behind the `n`th booking of a counter's date, from 1. Who cancels counts on.
[[nodiscard]] constexpr bool keeps_behind(int every, std::uint32_t n) {
  return every >= 2 && n % static_cast<std::uint32_t>(every - 1) == 0;
}
/// People before one who books now, as they are told, where no line is at hand: of so many bookings so many
/// are live, and which of them have a place behind them is not known.
[[nodiscard]] constexpr int told_at_most(int every, int given, int live) {
  const int ahead = live > 0 ? live : 0;
  const int places = every < 2 || given <= 0 ? 0 : given / (every - 1);
  return ahead + (places < ahead ? places : ahead);
}
/// Accepted ahead of its own time: the time of a slot.
[[nodiscard]] bool is_slot(base::Instant accepted, base::Instant now);

/// Where in the counter's line one stands who asked outside: in front of the first who was accepted later.
[[nodiscard]] std::size_t place_by_acceptance(const Day& day, const Counter& counter, base::Instant accepted);

/// A place is kept behind the ticket now.
[[nodiscard]] bool keeps(const Day& day, TicketIndex at);
/// The bookings of the line with a place behind them, in calling order.
[[nodiscard]] std::vector<TicketIndex> kept_places(const Day& day, int line);
/// Behind whom one who comes now stands; none: at the end of the line.
[[nodiscard]] std::optional<TicketIndex> place_for_walk_in(const Day& day, int line);

/// People before somebody as they are told: who the rules would call first, and the places kept in front,
/// which others may still take.
[[nodiscard]] int told_ahead(const Day& day, TicketIndex ticket);
/// The same for one who comes now, behind that ticket or at the end of the line.
[[nodiscard]] int told_ahead_at(const Day& day, int line, std::optional<TicketIndex> behind);

} // namespace machiai::queue
