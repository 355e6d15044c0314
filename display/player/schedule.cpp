// SPDX-License-Identifier: Apache-2.0
#include "display/player/schedule.hpp"

namespace machiai::display {

namespace {

Turn turn_of(const wire::Turn& told) {
  const std::string item = told.item == "scene" ? "" : told.item;
  return {item, told.sha256, told.from, told.until, told.reason, told.kind, told.programme, told.version};
}

} // namespace

Schedule schedule_of(const wire::Playbill& bill) {
  return {turn_of(bill.now), turn_of(bill.next), bill.muted};
}

std::optional<Turn> turn_at(const Schedule& schedule, base::Instant now) {
  // Before its beginning the first turn is in force, too: the hub has just said so, and clocks differ by a
  // little.
  if (now < schedule.now.until) return schedule.now;
  if (schedule.next && now >= schedule.next->from && now < schedule.next->until) return schedule.next;
  return std::nullopt;
}

} // namespace machiai::display
