// SPDX-License-Identifier: Apache-2.0
#include "cloud/outside.hpp"

#include <algorithm>
#include <array>

namespace machiai::cloud {

namespace {

constexpr std::array given_up{"cancelled", "void", "not_drawn", "drawing"};

/// Minutes of `date` up to and with 24:00; none on another day.
std::optional<int> minute_on(base::Date date, base::Instant at) {
  const auto past = at - base::at_minute(date, 0);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(past).count();
  return minutes < 0 || minutes > 24 * 60 ? std::nullopt : std::optional(static_cast<int>(minutes));
}

int booked(const Scene& scene, const std::string& service) {
  const auto counts = [&](const store::TicketRow& each) {
    return each.service == service &&
           std::find(given_up.begin(), given_up.end(), each.state) == given_up.end();
  };
  return static_cast<int>(std::count_if(scene.day.tickets.begin(), scene.day.tickets.end(), counts));
}

queue::OutsideView outside_of(const Scene& scene, const ServiceProfile& service) {
  const base::Date date = scene.day.date;
  const store::CounterState& counter = counter_of(scene, service.id);
  const booking::Rules rules = rules_now(scene, service);
  const booking::Acceptance told = accepts(scene, service);
  queue::OutsideView view;
  view.service = service.id;
  view.open = told.open;
  view.reason = told.reason;
  if (told.opens_at) {
    view.opens_at = base::clock_text(*told.opens_at);
    const base::Date then = base::civil_date(*told.opens_at);
    if (then != date) view.opens_on = base::iso_date(then);
  }
  if (const auto until = told.open && told.closes_at ? minute_on(date, *told.closes_at) : std::nullopt)
    view.closes_at = minute_text(*until);
  for (const booking::Window& each : booking::windows_on(rules, date))
    view.windows.push_back(minute_text(each.open) + "-" + minute_text(each.close));
  view.cap = std::max(0, booking::cap_on(rules, date));
  view.given = counter.given;
  view.booked = booked(scene, service.id);
  view.walk_ins = rules.walk_in_places;
  view.walk_ins_rule = service.booking.walk_in_places;
  view.every = rules.walk_in_every;
  view.every_rule = service.booking.walk_in_every;
  view.absence_back = service.absence.back;
  view.absence_times = service.absence.times;
  if (rules.through_by) view.through_by = minute_text(*rules.through_by);
  return view;
}

} // namespace

queue::AcceptanceView outside_view(const Scene& scene) {
  queue::AcceptanceView view;
  view.date = base::iso_date(scene.day.date);
  for (const ServiceProfile& each : scene.facility.services) view.services.push_back(outside_of(scene, each));
  return view;
}

} // namespace machiai::cloud
