// SPDX-License-Identifier: Apache-2.0
#include "core/queue/statistics.hpp"

#include "core/queue/forecast_parts.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::queue {

namespace {

using parts::minutes_between;

/// Nearest rank: the smallest value that `share` of all do not exceed.
double rank_of(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto place = static_cast<std::size_t>(std::lround(share * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
  return values[place];
}

} // namespace

double median(std::vector<double> values) {
  return rank_of(std::move(values), 0.5);
}

double ninth_of_ten(std::vector<double> values) {
  return rank_of(std::move(values), 0.9);
}

void DayCounter::note(const Event& event) {
  if (std::holds_alternative<DayOpened>(event.body)) *this = DayCounter(*clinic_);
  fold(*clinic_, day_, event);
  visits_.note(day_, event);
  if (const auto* taken = std::get_if<Taken>(&event.body)) {
    if (taken->told) told_[taken->ticket] = *taken->told;
  } else if (const auto* called = std::get_if<Called>(&event.body)) {
    calls_[called->ticket][event.group] = event.at;
  } else if (const auto* undone = std::get_if<Undone>(&event.body)) {
    calls_[undone->ticket].erase(undone->group);
  }
}

DayCount DayCounter::count() const {
  DayCount count{day_.date, {}, {}, {}, {}};
  for (const Service& service : clinic_->services)
    count.services.push_back({service.id, 0, 0, 0, 0, 0, {}, {}});
  for (const Room& room : clinic_->rooms) count.rooms.push_back({room.id, 0, 0});
  for (const Ticket& ticket : day_.tickets) {
    if (ticket.state == TicketState::voided) continue;
    const auto& kinds = clinic_->services[ticket.service].kinds;
    ServiceCount& service = count.services[ticket.service];
    ++service.taken;
    if (ticket.kind < kinds.size()) ++service.kinds[kinds[ticket.kind]];
    service.done += ticket.state == TicketState::done ? 1 : 0;
    service.cancelled += ticket.state == TicketState::cancelled ? 1 : 0;
    service.no_show += ticket.state == TicketState::no_show ? 1 : 0;
    service.absences += ticket.absences;
    ++count.arrivals[static_cast<std::size_t>(base::minute_of_day(ticket.taken) / 60)];
    const auto calls = calls_.find(ref_of(ticket));
    if (calls == calls_.end() || calls->second.empty()) continue;
    const double wait = std::max(0.0, minutes_between(here_since(ticket), calls->second.begin()->second));
    service.waits.push_back(wait);
    if (const auto told = told_.find(ref_of(ticket)); told != told_.end()) {
      const double low = told->second.low;
      const double high = told->second.high;
      count.outcomes.push_back({(low + high) / 2, low, high, wait});
    }
  }
  for (const SessionLog& log : visits_.sessions())
    for (const Visit& visit : log.visits) {
      RoomCount& room = count.rooms[static_cast<std::size_t>(visit.room)];
      ++room.visits;
      if (visit.ended) room.minutes += minutes_between(visit.called, *visit.ended);
    }
  return count;
}

} // namespace machiai::queue
