// SPDX-License-Identifier: Apache-2.0
// What the provider owes a facility at a moment: server hours, announced exceptions, maintenance, suspension,
// end of contract, and which of the two services it has.
#pragma once

#include "core/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::service {

/// Server hours of one date, other than the usual ones, announced beforehand (annex 2).
struct HoursException {
  base::Date date;
  int open = 0; ///< minutes of the day in Japan; open == close: not at all
  int close = 0;
};

/// §3-1(19): 6:00-24:00.
struct ServerHours {
  int open = 6 * 60;
  int close = 24 * 60;
  std::vector<HoursException> exceptions;
};

/// Maintenance (§13) or suspension (§12); without an end it lasts until somebody takes it back.
struct Span {
  base::Instant from{};
  std::optional<base::Instant> until;
  std::string reason; ///< words of the provider; may be empty
};

/// §4-1, §5: one facility, the queue alone, the signage alone, or both.
struct Contract {
  bool queue = true;
  bool signage = true;
  std::optional<base::Date> begins; ///< start of use (§7)
  std::optional<base::Date> ended;  ///< first date without service (§14, §16)
  std::vector<Span> suspensions;
};

/// What holds for all facilities of this cloud.
struct Provider {
  ServerHours hours;
  std::vector<Span> maintenance;
};

enum class State { ok, outside_hours, maintenance, suspended, ended };
[[nodiscard]] std::string_view state_name(State state);

/// The gravest state that holds; `reason` is the provider's words if there are any.
struct Standing {
  State state = State::ok;
  std::string reason;
  std::optional<base::Instant> until; ///< when this state ends, as far as it is known
};
[[nodiscard]] Standing standing(const Provider& provider, const Contract& contract, base::Instant now);

/// Server hours of that date.
[[nodiscard]] HoursException hours_on(const ServerHours& hours, base::Date date);
[[nodiscard]] bool within(const Span& span, base::Instant now);

} // namespace machiai::service
