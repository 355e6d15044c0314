// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/media.hpp"

#include "cloud/store/database.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/wakeup.hpp"

#include <map>
#include <utility>

namespace machiai::cloud::store {

using base::Error;
using base::fail;
using base::Result;

namespace {

/// Of our own among the advisory locks of this database.
constexpr const char* media_one_at_a_time = "SELECT pg_advisory_lock(7223812)";

void wake(pqxx::work& work, int facility) {
  for (const std::string& text : wake_up_texts({facility}, Changed::shelf))
    work.exec_params("SELECT pg_notify('machiai', $1)", text);
}

/// Facilities with a programme that is not over and names the film.
std::vector<int> who_needs(pqxx::work& work, const std::string& sha256, base::Instant now) {
  std::vector<int> facilities;
  for (const auto& row : work.exec_params(
           "SELECT DISTINCT p.facility_id FROM programme_film f JOIN programme p ON p.facility_id = "
           "f.facility_id AND p.programme = f.programme AND p.version = f.version WHERE f.sha256 = "
           "$1 AND p.until_date >= $2 ORDER BY 1",
           sha256, base::civil_date(now).days))
    facilities.push_back(row[0].as<int>());
  return facilities;
}

} // namespace

void hold_media(pqxx::connection& connection) {
  pqxx::nontransaction work(connection);
  work.exec(media_one_at_a_time);
}

Result<FacilityName> facility_named(pqxx::connection& connection, const std::string& facility) {
  pqxx::work work(connection);
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  const auto row = work.exec_params1("SELECT slug FROM facility WHERE facility_id = $1", *found);
  return FacilityName{*found, row[0].c_str()};
}

void add_media(pqxx::connection& connection, const MediaRow& row, base::Instant now) {
  pqxx::work work(connection);
  work.exec_params(
      "INSERT INTO media (facility_id, sha256, bytes, title, kind, millis, width, height, added_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (facility_id, sha256) DO UPDATE SET "
      "bytes = excluded.bytes, title = excluded.title, kind = excluded.kind, millis = "
      "excluded.millis, width = excluded.width, height = excluded.height",
      row.facility, row.sha256, static_cast<std::int64_t>(row.bytes), row.title, row.kind, row.millis,
      row.width, row.height, base::to_ms(row.added));
  for (const int facility : who_needs(work, row.sha256, now))
    if (row.facility == 0 || row.facility == facility) wake(work, facility);
  work.commit();
}

std::vector<MediaRow> media(pqxx::connection& connection, std::optional<int> facility) {
  pqxx::work work(connection);
  std::vector<MediaRow> rows;
  for (const auto& row :
       work.exec_params("SELECT facility_id, sha256, bytes, title, kind, millis, width, height, added_at "
                        "FROM media WHERE $1::int "
                        "IS NULL OR facility_id IN (0, $1) ORDER BY added_at, sha256, facility_id",
                        facility)) {
    MediaRow& film = rows.emplace_back();
    film.facility = row[0].as<int>();
    film.sha256 = row[1].c_str();
    film.bytes = row[2].as<std::uint64_t>();
    film.title = row[3].c_str();
    film.kind = row[4].c_str();
    film.millis = row[5].as<int>();
    film.width = row[6].as<int>();
    film.height = row[7].as<int>();
    film.added = base::instant_from_ms(row[8].as<std::int64_t>());
  }
  return rows;
}

Result<bool> remove_media(pqxx::connection& connection, int facility, const std::string& sha256,
                          base::Instant now) {
  pqxx::work work(connection);
  for (const int each : who_needs(work, sha256, now))
    if (facility == 0 || facility == each)
      return fail(Error::Code::conflict, "content_needed", std::to_string(each));
  const auto gone =
      work.exec_params("DELETE FROM media WHERE facility_id = $1 AND sha256 = $2", facility, sha256);
  if (gone.affected_rows() == 0) return fail(Error::Code::not_found, "content_missing", sha256.substr(0, 12));
  const auto others = work.exec_params("SELECT 1 FROM media WHERE sha256 = $1 UNION ALL SELECT 1 FROM "
                                       "programme WHERE sha256 = $1 LIMIT 1",
                                       sha256);
  work.commit();
  return others.empty();
}

void add_programme(pqxx::connection& connection, const ProgrammeRow& row) {
  pqxx::work work(connection);
  work.exec_params(
      "INSERT INTO programme (facility_id, programme, version, sha256, bytes, from_date, until_date, "
      "deadline, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      row.facility, row.programme, row.version, row.sha256, static_cast<std::int64_t>(row.bytes),
      row.from.days, row.until.days, base::to_ms(row.deadline), base::to_ms(row.added));
  Column hashes, items, dates;
  for (const Need& need : row.needs) {
    hashes.add(need.sha256);
    items.add(need.item);
    dates.add(static_cast<std::int64_t>(need.from.days));
  }
  work.exec_params(
      "INSERT INTO programme_film (facility_id, programme, version, sha256, item, from_date) SELECT $1, $2, "
      "$3, * FROM unnest($4::text[], $5::text[], $6::int[])",
      row.facility, row.programme, row.version, hashes.text(), items.text(), dates.text());
  wake(work, row.facility);
  work.commit();
}

std::vector<ProgrammeRow> programmes(pqxx::connection& connection, int facility) {
  pqxx::read_transaction work(connection);
  std::vector<ProgrammeRow> rows;
  std::map<std::pair<std::string, int>, std::size_t> at;
  for (const auto& row :
       work.exec_params("SELECT programme, version, sha256, bytes, from_date, until_date, deadline, "
                        "added_at FROM programme WHERE facility_id = $1 ORDER BY from_date, "
                        "programme, version",
                        facility)) {
    ProgrammeRow& made = rows.emplace_back();
    made.facility = facility;
    made.programme = row[0].c_str();
    made.version = row[1].as<int>();
    made.sha256 = row[2].c_str();
    made.bytes = row[3].as<std::uint64_t>();
    made.from = base::Date{row[4].as<int>()};
    made.until = base::Date{row[5].as<int>()};
    made.deadline = base::instant_from_ms(row[6].as<std::int64_t>());
    made.added = base::instant_from_ms(row[7].as<std::int64_t>());
    at[{made.programme, made.version}] = rows.size() - 1;
  }
  for (const auto& row :
       work.exec_params("SELECT programme, version, sha256, item, from_date FROM programme_film WHERE "
                        "facility_id = $1 ORDER BY programme, version, from_date, item",
                        facility)) {
    const auto found = at.find({row[0].c_str(), row[1].as<int>()});
    if (found != at.end())
      rows[found->second].needs.push_back({row[2].c_str(), row[3].c_str(), base::Date{row[4].as<int>()}});
  }
  return rows;
}

} // namespace machiai::cloud::store
