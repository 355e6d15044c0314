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

/// So many spans and exceptions that are not over, and words of a span so long, are told to a station.
constexpr std::size_t most_spans = 64, most_exceptions = 400;
constexpr std::size_t longest_reason = 200; ///< characters

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

enum class State { ok, outside_hours, maintenance, suspended, not_begun, ended };
[[nodiscard]] std::string_view state_name(State state);

/// The gravest state that holds; `reason` is the provider's words if there are any.
struct Standing {
  State state = State::ok;
  std::string reason;
  std::optional<base::Instant> until; ///< when it is ok next, as far as it is known
};
[[nodiscard]] Standing standing(const Provider& provider, const Contract& contract, base::Instant now);

/// Whether the films of a facility may be aired at a moment (P2): what needs no server goes by the contract
/// alone, not by hours or maintenance.
struct Signage {
  bool covered = true;                ///< the contract has it, has begun and has not ended (§4-1, §7, §16)
  bool suspended = false;             ///< §12
  std::optional<base::Instant> until; ///< when that changes next, as far as it is known
  bool operator==(const Signage&) const = default;
};
[[nodiscard]] Signage signage(const Contract& contract, base::Instant now);

/// One thing that a clinic should know of: it holds, or will within the time in which it is announced.
struct Announcement {
  std::string reason; ///< "contract_ended", "contract_not_begun", "contract_suspended", "maintenance_now",
                      ///< "hours_changed", and those ahead: "contract_ends", "suspension_ahead",
                      ///< "maintenance_ahead", "hours_change_ahead"
  std::string words;  ///< the provider's
  std::optional<base::Instant> from, until;
  bool now = false;
};
/// The gravest first. An end is told 31 days ahead, a suspension or maintenance two days, other server hours
/// on the day before and on the day.
[[nodiscard]] std::vector<Announcement> announcements(const Provider& provider, const Contract& contract,
                                                      base::Instant now);

/// Server hours of that date.
[[nodiscard]] HoursException hours_on(const ServerHours& hours, base::Date date);
[[nodiscard]] bool within(const Span& span, base::Instant now);
/// Those that hold or are to come.
[[nodiscard]] std::vector<Span> not_over(std::vector<Span> spans, base::Instant now);
[[nodiscard]] std::vector<HoursException> not_over(std::vector<HoursException> exceptions, base::Instant now);

} // namespace machiai::service
