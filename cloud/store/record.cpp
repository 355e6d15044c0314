// SPDX-License-Identifier: Apache-2.0
// The clinic's events as they were kept, read again.
#include "cloud/store/link.hpp"
#include "core/wire/events.hpp"

namespace machiai::cloud::store {

namespace {

using base::Error;
using base::fail;

/// A day has some hundreds of numbers; a longer range would be made row by row for nothing.
constexpr std::uint32_t most_voided = 10'000;

std::vector<wire::EventLine> lines_of_rows(const pqxx::result& rows) {
  std::vector<wire::EventLine> lines;
  for (const auto& row : rows) {
    wire::EventLine line;
    line.seq = row[0].as<std::uint64_t>();
    line.group = row[1].as<std::uint64_t>();
    line.epoch = row[2].as<std::uint64_t>();
    line.kind = row[3].c_str();
    line.key = row[4].c_str();
    line.at = base::instant_from_ms(row[5].as<std::int64_t>());
    line.date = base::Date{row[6].as<int>()};
    line.body = row[7].c_str();
    lines.push_back(std::move(line));
  }
  return lines;
}

} // namespace

queue::Clinic clinic_of(const Profile& facility) {
  queue::Clinic clinic;
  clinic.id = facility.slug;
  clinic.name = facility.name;
  clinic.phone = facility.phone;
  for (const ServiceProfile& each : facility.services) {
    queue::Service service;
    service.id = each.id;
    service.name = each.name;
    service.prefix = each.prefix;
    service.kinds = each.kinds;
    service.hours = each.hours;
    clinic.services.push_back(std::move(service));
    clinic.absence = each.absence;
  }
  for (const RoomProfile& each : facility.rooms) {
    queue::Room room;
    room.id = each.id;
    room.name = each.name;
    clinic.rooms.push_back(std::move(room));
  }
  return clinic;
}

base::Result<queue::Event> event_of(const queue::Clinic& clinic, const wire::EventLine& line) {
  auto body = wire::event_from_json(clinic, line.kind, line.body);
  if (!body) return fail(Error::Code::invalid, body.error().reason);
  if (const auto* voided = std::get_if<queue::Voided>(&*body))
    if (voided->to - voided->from >= most_voided) return fail(Error::Code::invalid, "bad_event", "voided");
  queue::Event event;
  event.seq = line.seq;
  event.group = line.group;
  event.epoch = line.epoch;
  event.key = line.key;
  event.at = line.at;
  event.body = std::move(*body);
  return event;
}

std::vector<wire::EventLine> events_of_day(pqxx::transaction_base& work, int facility) {
  return lines_of_rows(work.exec_params(
      "WITH s AS (SELECT coalesce((SELECT station FROM seat WHERE facility_id = $1), 0) AS station) "
      "SELECT seq, group_seq, epoch, kind, key, at, date, body FROM event WHERE facility_id = $1 AND "
      "station = (SELECT station FROM s) AND seq >= coalesce("
      "(SELECT max(seq) FROM event WHERE facility_id = $1 AND station = (SELECT station FROM s) AND kind = "
      "'day_opened'), 0) ORDER BY seq",
      facility));
}

std::vector<wire::EventLine> events_since(pqxx::transaction_base& work, int facility, base::Date from) {
  return lines_of_rows(
      work.exec_params("SELECT seq, group_seq, epoch, kind, key, at, date, body FROM event WHERE "
                       "facility_id = $1 AND date >= $2 ORDER BY station, seq",
                       facility, from.days));
}

} // namespace machiai::cloud::store
