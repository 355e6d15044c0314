// SPDX-License-Identifier: Apache-2.0
#include "core/wire/statistics.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace machiai::wire {

namespace json = boost::json;

namespace {

double tenths(double value) {
  return std::round(value * 10) / 10;
}

json::object waits_json(const std::vector<double>& waits) {
  return {{"n", waits.size()},
          {"median", tenths(queue::median(waits))},
          {"ninth_of_ten", tenths(queue::ninth_of_ten(waits))}};
}

json::object service_json(const queue::ServiceCount& service) {
  json::object by_kind;
  for (const auto& [kind, n] : service.kinds) by_kind[kind] = n;
  return {{"service", service.service},  {"taken", service.taken},
          {"done", service.done},        {"cancelled", service.cancelled},
          {"no_show", service.no_show},  {"absences", service.absences},
          {"kinds", std::move(by_kind)}, {"wait", waits_json(service.waits)}};
}

json::object forecast_json(const std::vector<queue::Outcome>& outcomes) {
  const queue::Accuracy accuracy = queue::accuracy(outcomes);
  return {{"n", accuracy.n},
          {"inside_percent", tenths(accuracy.inside * 100)},
          {"median_error", tenths(accuracy.median_error)},
          {"late_percent", tenths(accuracy.late * 100)}};
}

/// Empty where nobody was called: no wait is not a wait of nothing.
std::string wait_cells(const std::vector<double>& waits) {
  if (waits.empty()) return ",";
  return fmt::format("{:.1f},{:.1f}", queue::median(waits), queue::ninth_of_ten(waits));
}

std::vector<double> all_waits(const queue::DayCount& count) {
  std::vector<double> waits;
  for (const auto& service : count.services)
    waits.insert(waits.end(), service.waits.begin(), service.waits.end());
  return waits;
}

json::object row_json(const DayRow& day) {
  json::array services;
  for (const auto& service : day.count.services) services.push_back(service_json(service));
  json::array rooms;
  for (const auto& room : day.count.rooms)
    rooms.push_back({{"room", room.room}, {"visits", room.visits}, {"minutes", tenths(room.minutes)}});
  json::array arrivals(day.count.arrivals.begin(), day.count.arrivals.end());
  return {{"services", std::move(services)},   {"wait", waits_json(all_waits(day.count))},
          {"rooms", std::move(rooms)},         {"arrivals", std::move(arrivals)},
          {"printed", day.prints.printed},     {"print_failed", day.prints.failed},
          {"reprinted", day.prints.reprinted}, {"forecast", forecast_json(day.count.outcomes)}};
}

/// Adds a date to the whole; both come from the same settings.
void add(DayRow& total, const DayRow& day) {
  if (total.count.services.empty()) {
    total = day;
    return;
  }
  for (std::size_t i = 0; i < total.count.services.size(); ++i) {
    queue::ServiceCount& sum = total.count.services[i];
    const queue::ServiceCount& one = day.count.services[i];
    sum.taken += one.taken;
    sum.done += one.done;
    sum.cancelled += one.cancelled;
    sum.no_show += one.no_show;
    sum.absences += one.absences;
    for (const auto& [kind, n] : one.kinds) sum.kinds[kind] += n;
    sum.waits.insert(sum.waits.end(), one.waits.begin(), one.waits.end());
  }
  for (std::size_t i = 0; i < total.count.rooms.size(); ++i) {
    total.count.rooms[i].visits += day.count.rooms[i].visits;
    total.count.rooms[i].minutes += day.count.rooms[i].minutes;
  }
  for (std::size_t hour = 0; hour < total.count.arrivals.size(); ++hour)
    total.count.arrivals[hour] += day.count.arrivals[hour];
  total.count.outcomes.insert(total.count.outcomes.end(), day.count.outcomes.begin(),
                              day.count.outcomes.end());
  total.prints.printed += day.prints.printed;
  total.prints.failed += day.prints.failed;
  total.prints.reprinted += day.prints.reprinted;
}

} // namespace

json::object statistics_to_json(const std::vector<DayRow>& days) {
  json::array rows;
  DayRow total;
  for (const DayRow& day : days) {
    json::object row = row_json(day);
    row["date"] = base::iso_date(day.count.date);
    rows.push_back(std::move(row));
    add(total, day);
  }
  return {{"days", std::move(rows)}, {"total", row_json(total)}};
}

std::string statistics_csv(const std::vector<DayRow>& days) {
  std::string out = "date,of,name,taken,done,cancelled,no_show,absences,wait_median_min,wait_90_min,visits,"
                    "visit_min,printed,print_failed,reprinted\r\n";
  for (const DayRow& day : days) {
    const std::string date = base::iso_date(day.count.date);
    for (const auto& service : day.count.services)
      out += fmt::format("{},service,{},{},{},{},{},{},{},,,,,\r\n", date, service.service, service.taken,
                         service.done, service.cancelled, service.no_show, service.absences,
                         wait_cells(service.waits));
    for (const auto& room : day.count.rooms)
      out += fmt::format("{},room,{},,,,,,,,{},{:.1f},,,\r\n", date, room.room, room.visits, room.minutes);
    out += fmt::format("{},slips,,,,,,,,,,,{},{},{}\r\n", date, day.prints.printed, day.prints.failed,
                       day.prints.reprinted);
  }
  return out;
}

} // namespace machiai::wire
