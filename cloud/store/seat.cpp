// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/seat.hpp"

namespace machiai::cloud::store {

numbering::Seat lock_seat(pqxx::work& work, int facility) {
  work.exec_params("INSERT INTO seat (facility_id) VALUES ($1) ON CONFLICT DO NOTHING", facility);
  const auto row =
      work.exec_params1("SELECT station, lineage, known, nonce, heard, acked, hash FROM seat WHERE "
                        "facility_id = $1 FOR UPDATE",
                        facility);
  numbering::Seat seat;
  seat.station = static_cast<std::uint16_t>(row[0].as<int>());
  seat.lineage = row[1].as<std::uint64_t>();
  seat.known = row[2].as<std::uint64_t>();
  seat.nonce = row[3].c_str();
  seat.heard = base::instant_from_ms(row[4].as<std::int64_t>());
  seat.acked = row[5].as<std::uint64_t>();
  seat.hash = row[6].c_str();
  return seat;
}

void save_seat(pqxx::work& work, int facility, const numbering::Seat& seat) {
  work.exec_params(
      "UPDATE seat SET station = $2, lineage = $3, known = $4, nonce = $5, heard = $6, acked = $7, hash = $8 "
      "WHERE facility_id = $1",
      facility, static_cast<int>(seat.station), seat.lineage, seat.known, seat.nonce, base::to_ms(seat.heard),
      seat.acked, seat.hash);
}

numbering::Cloud lock_cloud(pqxx::work& work, int facility, base::Date date, const std::string& service) {
  work.exec_params(
      "INSERT INTO counter (facility_id, date, service, generation, owner, trusted) SELECT $1, $2, $3, "
      "f.generation, r.until IS NULL, r.until IS NULL FROM facility f LEFT JOIN restored r ON r.facility_id "
      "= f.facility_id AND r.service = $3 AND $2 <= r.until WHERE f.facility_id = $1 ON CONFLICT DO NOTHING",
      facility, date.days, service);
  const auto row =
      work.exec_params1("SELECT epoch, owner, high, generation, web_high, granting, trusted FROM counter "
                        "WHERE facility_id = $1 AND date = $2 AND service = $3 FOR UPDATE",
                        facility, date.days, service);
  numbering::Cloud cloud;
  cloud.epoch = row[0].as<std::uint64_t>();
  cloud.owner = row[1].as<bool>();
  cloud.high = row[2].as<std::uint32_t>();
  cloud.generation = row[3].as<std::uint32_t>();
  cloud.web_high = row[4].as<std::uint32_t>();
  cloud.granting = row[5].as<std::uint64_t>();
  cloud.trusted = row[6].as<bool>();
  return cloud;
}

void save_cloud(pqxx::work& work, int facility, base::Date date, const std::string& service,
                const numbering::Cloud& cloud) {
  work.exec_params(
      "UPDATE counter SET epoch = $4, owner = $5, high = $6, web_high = $7, granting = $8, trusted = $9 "
      "WHERE facility_id = $1 AND date = $2 AND service = $3",
      facility, date.days, service, cloud.epoch, cloud.owner, cloud.high, cloud.web_high, cloud.granting,
      cloud.trusted);
}

} // namespace machiai::cloud::store
