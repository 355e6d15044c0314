// SPDX-License-Identifier: Apache-2.0
// Services on the board: what each says about itself, in pages when there are many, and a board that shows
// only some of them.
#pragma once

#include "core/queue/views.hpp"
#include "display/texts.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace machiai::display {

/// One service in the band: "内科 | 11人 | 30〜45分", or instead of the wait why no number is given.
struct ServiceRow {
  std::string name;
  std::string people; ///< empty: nobody waits and none is expected
  std::string value;
  bool taking = false; ///< gives numbers now
  bool operator==(const ServiceRow&) const = default;
};

inline constexpr std::size_t services_a_page = 2;
inline constexpr std::int64_t services_page_ms = 8'000;

[[nodiscard]] ServiceRow service_row(const queue::ServiceView& service, Lang lang);
/// The range of waiting, or why there is none: full, paused (closed inside its hours), closed or not open
/// yet, with the next opening when the view tells it. Empty where nobody waits and nothing is known.
[[nodiscard]] std::string service_value(const queue::ServiceView& service, Lang lang);

/// When numbers are given again.
struct Opening {
  std::string at; ///< "14:30"; empty: unknown
  std::string on; ///< its date; empty: today
};
/// The first of all services.
[[nodiscard]] Opening first_opening(const queue::BoardView& view, const std::string& today);

/// Closed by hand while its hours run: nobody knows when it goes on.
[[nodiscard]] bool is_paused(const queue::ServiceView& service);

struct ServicePage {
  std::vector<ServiceRow> rows;
  int page = 0;
  int pages = 1;
};
/// `staged`: the service of the call on stage, whose page is shown whatever page is turned; may be empty.
[[nodiscard]] ServicePage service_page(const std::vector<queue::ServiceView>& services, std::int64_t page_ms,
                                       const std::string& staged, Lang lang);

/// What a monitor is for; empty lists: everything.
struct Choice {
  std::vector<std::string> services;
  std::vector<std::string> rooms;
  [[nodiscard]] bool all() const { return services.empty() && rooms.empty(); }
};
/// The board of the chosen services and rooms alone. Sums and the range are theirs; messages stay.
[[nodiscard]] queue::BoardView chosen(queue::BoardView view, const Choice& choice);

} // namespace machiai::display
