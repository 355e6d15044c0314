// SPDX-License-Identifier: Apache-2.0
// The two turns of the programme that the hub tells the display: the one in force and the one after it.
#pragma once

#include "core/base/clock.hpp"
#include "core/wire/playbill.hpp"

#include <optional>
#include <string>

namespace machiai::display {

struct Turn {
  std::string item;   ///< empty: a scene of our own
  std::string sha256; ///< of its file, if told
  base::Instant from{}, until{};
  std::string reason;
  std::string kind = {}, programme = {};
  int version = 0;

  [[nodiscard]] bool scene() const { return item.empty(); }
  bool operator==(const Turn&) const = default;
};

/// One item may have two turns in a row: they are told apart by when they begin.
[[nodiscard]] inline bool same_turn(const Turn& a, const Turn& b) {
  return a.item == b.item && a.from == b.from;
}

struct Schedule {
  Turn now;
  std::optional<Turn> next;
  bool muted = false; ///< by hand, at the reception
};

/// As the hub told it (wire::playbill_from_json).
[[nodiscard]] Schedule schedule_of(const wire::Playbill& bill);

/// The turn of that moment. After both have run out, without news of a third: none.
[[nodiscard]] std::optional<Turn> turn_at(const Schedule& schedule, base::Instant now);

} // namespace machiai::display
