// SPDX-License-Identifier: Apache-2.0
// How many places of the slots are taken: counted from the tickets, under the lock of their date's counter
// whenever one more is given.
#pragma once

#include "cloud/store/counter.hpp"

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace machiai::cloud::store {

/// Of the column `slot`.
[[nodiscard]] std::optional<base::Instant> slot_of(const pqxx::field& field);
/// "2026-11-30T10:30", as a slot is named to and by the patient; null for none.
[[nodiscard]] boost::json::value slot_text(const std::optional<base::Instant>& slot);

/// People by the beginning of their slot.
using SlotsTaken = std::map<base::Instant, int>;

void prepare_slots(pqxx::connection& connection);

/// Of these counters, which are locked.
[[nodiscard]] std::map<CounterKey, SlotsTaken> slots_of(pqxx::transaction_base& work,
                                                        const std::set<CounterKey>& keys);

/// Slots to come by facility and keyed hash of the card.
using CardSlots = std::map<std::pair<int, std::string>, int>;
/// Of these cards, which from now on belong to this transaction: the same card is not booked elsewhere
/// meanwhile. After the counters, so that nobody waits for each other.
[[nodiscard]] CardSlots card_slots(pqxx::transaction_base& work, const std::set<CardSlots::key_type>& cards,
                                   base::Instant now);

struct SlotsKnown {
  SlotsTaken taken;
  std::optional<base::Date> unsure_until; ///< booking::Rules has what it means
};
/// Of the dates from `from` to `to`, both included.
[[nodiscard]] SlotsKnown slots_known(pqxx::connection& connection, int facility, const std::string& service,
                                     base::Date from, base::Date to);

} // namespace machiai::cloud::store
