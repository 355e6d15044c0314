// SPDX-License-Identifier: Apache-2.0
// Slot booking (時間帯予約): which slots a date has, and whether one of them can still be booked. A slot is
// known by the moment at which it begins.
#pragma once

#include "core/booking/acceptance.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace machiai::booking {

/// Nothing is booked further ahead than this; tickets of later dates are taken for forged.
inline constexpr int most_days_ahead = 60;

struct Slot {
  base::Instant begin{};
  int minutes = 0;
  int places = 0;
  int days_ahead = 0;
  int closes_before = 0;
  bool operator==(const Slot&) const = default;
};

/// The slots of that date, by time: of its weekday, none on a date without windows, none while the contract
/// will be suspended or over.
[[nodiscard]] std::vector<Slot> slots_on(const service::Contract& contract, const Rules& rules,
                                         base::Date date);

/// Why so many `people` cannot have it when `taken` of its places are, or empty: what barred() says,
/// "slot_unknown", "slot_past", "slot_too_far", "slot_unsure" (what was taken is not known), "slot_full".
[[nodiscard]] std::string slot_refusal(const service::Provider& provider, const service::Contract& contract,
                                       const Rules& rules, base::Instant begin, int taken, int people,
                                       base::Instant now);

/// Slots to come that one card may have at a facility, unless that says otherwise.
inline constexpr int usual_slots_a_card = 2;
/// Whether a card that has `open` of them may have one more; `most` 0: no limit.
[[nodiscard]] bool one_more_slot(int most, int open);

/// A slot as it is told to whoever looks for one.
struct SlotOffer {
  Slot slot;
  int free = 0;
  std::string reason; ///< why one person cannot have it; or empty
};
/// `taken`: people by the beginning of their slot.
[[nodiscard]] std::vector<SlotOffer> slot_offers(const service::Provider& provider,
                                                 const service::Contract& contract, const Rules& rules,
                                                 base::Date date, const std::map<base::Instant, int>& taken,
                                                 base::Instant now);

/// The furthest that any of them can be booked ahead, in days; none: there are no slots.
[[nodiscard]] std::optional<int> slot_days_ahead(const Rules& rules);

} // namespace machiai::booking
