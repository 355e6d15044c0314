// SPDX-License-Identifier: Apache-2.0
#include "core/queue/retired.hpp"

namespace machiai::queue {

void keep_retired(Clinic& clinic, const Clinic& before) {
  for (Service service : before.services) {
    if (find_service(clinic, service.id)) continue;
    service.retired = true;
    clinic.services.push_back(std::move(service));
  }
  for (Room room : before.rooms) {
    if (find_room(clinic, room.id)) continue;
    room.retired = true;
    clinic.rooms.push_back(std::move(room));
  }
}

std::vector<std::string> keep_prefixes(Clinic& clinic, const Clinic& before, const Day& day,
                                       base::Instant now) {
  std::vector<std::string> waiting;
  // It lasts until four of the next morning, whatever was left open.
  if (!day.opened || now >= base::at_minute({day.date.days + 1}, day_ends_at_minute)) return waiting;
  for (std::size_t i = 0; i < clinic.services.size(); ++i) {
    const auto known = find_service(before, clinic.services[i].id);
    if (!known || day.counters[i].index.empty()) continue;
    const std::string& shown = before.services[static_cast<std::size_t>(*known)].prefix;
    if (clinic.services[i].prefix == shown) continue;
    clinic.services[i].prefix = shown;
    waiting.push_back(clinic.services[i].id);
  }
  return waiting;
}

} // namespace machiai::queue
