// SPDX-License-Identifier: Apache-2.0
#include "core/booking/slots.hpp"

#include "core/booking/guards.hpp"

#include <algorithm>

namespace machiai::booking {

namespace {

using base::Date;
using base::Instant;
using service::Contract;
using service::Provider;

bool has_day(const SlotSpan& span, Date date) {
  if (span.weekdays.empty() || !guard_on(Guard::slot_days)) return true;
  return std::find(span.weekdays.begin(), span.weekdays.end(), base::weekday(date)) != span.weekdays.end();
}

bool stands(const Contract& contract, Instant at) {
  const Date date = base::civil_date(at);
  if ((contract.ended && date >= *contract.ended) || (contract.begins && date < *contract.begins))
    return false;
  return std::none_of(contract.suspensions.begin(), contract.suspensions.end(),
                      [&](const service::Span& each) { return service::within(each, at); });
}

/// Why this slot is not for `people`; what is barred has been asked.
std::string why_not(const Rules& rules, const Slot& slot, int taken, int people, Instant now) {
  const Instant last = slot.begin - std::chrono::minutes{slot.closes_before};
  if (stops(Guard::slot_past, now >= last)) return "slot_past";
  const int ahead = base::civil_date(slot.begin).days - base::civil_date(now).days;
  if (stops(Guard::slot_ahead, ahead > slot.days_ahead)) return "slot_too_far";
  const bool unsure = rules.unsure_until && base::civil_date(slot.begin) <= *rules.unsure_until;
  if (stops(Guard::slot_unsure, unsure)) return "slot_unsure";
  if (stops(Guard::slot_places, taken + people > slot.places)) return "slot_full";
  return {};
}

} // namespace

std::vector<Slot> slots_on(const Contract& contract, const Rules& rules, Date date) {
  std::vector<Slot> slots;
  if (stops(Guard::slot_closed, closed_on(rules, date))) return slots;
  for (const SlotSpan& span : rules.slots) {
    if (!has_day(span, date) || span.minutes <= 0) continue;
    for (int minute = span.open; minute + span.minutes <= span.close; minute += span.minutes) {
      const Instant begin = base::at_minute(date, minute);
      if (stops(Guard::slot_contract, !stands(contract, begin))) continue;
      slots.push_back({begin, span.minutes, span.places, span.days_ahead, span.closes_before});
    }
  }
  std::sort(slots.begin(), slots.end(), [](const Slot& a, const Slot& b) { return a.begin < b.begin; });
  return slots;
}

std::string slot_refusal(const Provider& provider, const Contract& contract, const Rules& rules,
                         Instant begin, int taken, int people, Instant now) {
  if (std::string reason = barred(provider, contract, rules, now); !reason.empty()) return reason;
  const auto slots = slots_on(contract, rules, base::civil_date(begin));
  const auto found =
      std::find_if(slots.begin(), slots.end(), [&](const Slot& each) { return each.begin == begin; });
  return found == slots.end() ? "slot_unknown" : why_not(rules, *found, taken, people, now);
}

bool one_more_slot(int most, int open) {
  return most == 0 || !stops(Guard::slot_card, open >= most);
}

std::vector<SlotOffer> slot_offers(const Provider& provider, const Contract& contract, const Rules& rules,
                                   Date date, const std::map<Instant, int>& taken, Instant now) {
  std::vector<SlotOffer> offers;
  const std::string bar = barred(provider, contract, rules, now);
  for (const Slot& slot : slots_on(contract, rules, date)) {
    const auto found = taken.find(slot.begin);
    const int used = found == taken.end() ? 0 : found->second;
    offers.push_back(
        {slot, std::max(0, slot.places - used), bar.empty() ? why_not(rules, slot, used, 1, now) : bar});
  }
  return offers;
}

std::optional<int> slot_days_ahead(const Rules& rules) {
  std::optional<int> most;
  for (const SlotSpan& each : rules.slots) most = std::max(most.value_or(0), each.days_ahead);
  return most;
}

} // namespace machiai::booking
