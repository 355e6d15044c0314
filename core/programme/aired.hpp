// SPDX-License-Identifier: Apache-2.0
// The honest record of what was shown (P9): one item, shown once, on one screen. What the sponsor's report,
// the clinic and the provider count are these records alone.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace machiai::programme {

struct Aired {
  std::string id;   ///< UUID, made by the screen that showed it; sending it twice changes nothing
  std::string seat; ///< that screen
  std::string item, sha256, kind, sponsor;
  std::string programme;
  int version = 0;
  base::Instant from{}, until{};    ///< its turn in the plan
  base::Instant started{}, ended{}; ///< its pictures on the screen
  base::Millis called{};            ///< of that time a call had part of its place and its sound
  std::string reason; ///< why it ended: "planned", "changed", "stopped", "crash", or what was wrong
  bool operator==(const Aired&) const = default;
};

enum class Outcome : std::uint8_t {
  whole,
  cut_short,       ///< P8: not its whole turn, whatever took it away
  blocked_by_call, ///< its whole turn, but calls had more than a quarter of it
};
[[nodiscard]] std::string_view outcome_name(Outcome outcome);
[[nodiscard]] Outcome outcome_of(const Aired& aired);
/// Shown of its turn, in thousandths.
[[nodiscard]] int shown_permille(const Aired& aired);

/// Whether a record can be true. Error invalid "bad_airing" with the member in `detail`.
[[nodiscard]] base::Status check_aired(const Aired& aired, base::Instant now);

enum class By : std::uint8_t { item, sponsor, date };
struct AiredTotal {
  std::string name; ///< of the item, the sponsor, or an ISO date
  int plays = 0, whole = 0, cut_short = 0, blocked_by_call = 0;
  base::Millis shown{};
};
/// In the order of the names; records without a sponsor count under "".
[[nodiscard]] std::vector<AiredTotal> totals(const std::vector<Aired>& records, By by);

} // namespace machiai::programme
