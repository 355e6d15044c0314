// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/restored.hpp"

#include "cloud/near.hpp"
#include "cloud/over.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/days.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/store/statements.hpp"
#include "core/booking/slots.hpp"
#include "core/numbering/cloud.hpp"
#include "core/numbering/station.hpp"

#include <algorithm>

namespace machiai::cloud::store {

namespace {

using base::Error;
using base::fail;

/// A clinic that is open past midnight still has yesterday's date.
constexpr int dates_back = 1;

void restore_counters(pqxx::work& work, int generation, base::Date from) {
  for (const auto& row : work.exec_params(
           "SELECT facility_id, date, service, epoch, owner, high, generation, web_high, granting, trusted "
           "FROM counter WHERE date >= $1 FOR UPDATE",
           from.days)) {
    numbering::Cloud backup;
    backup.epoch = row[3].as<std::uint64_t>();
    backup.owner = row[4].as<bool>();
    backup.high = row[5].as<std::uint32_t>();
    backup.generation = row[6].as<std::uint32_t>();
    backup.web_high = row[7].as<std::uint32_t>();
    backup.granting = row[8].as<std::uint64_t>();
    backup.trusted = row[9].as<bool>();
    const auto next = numbering::restored(backup, static_cast<std::uint32_t>(generation));
    work.exec_params(
        "UPDATE counter SET owner = $4, generation = $5, web_high = $6, granting = $7, trusted = "
        "$8 WHERE facility_id = $1 AND date = $2 AND service = $3",
        row[0].as<int>(), row[1].as<int>(), row[2].c_str(), next.owner, next.generation, next.web_high,
        next.granting, next.trusted);
  }
}

/// As far ahead as anything of the service could be booked.
void hold_slots(pqxx::work& work, const Facilities& facilities, base::Date today) {
  for (const Profile& facility : facilities.all)
    for (const ServiceProfile& service : facility.services) {
      const int ahead = booking::slot_days_ahead(service.booking).value_or(0);
      work.exec_params("INSERT INTO restored (facility_id, service, until) VALUES ($1, $2, $3) ON CONFLICT "
                       "(facility_id, service) DO UPDATE SET until = greatest(restored.until, "
                       "excluded.until), settled = false",
                       facility.id, service.id, today.days + ahead);
    }
}

} // namespace

base::Result<int> restored(pqxx::connection& connection, int above, base::Instant now,
                           const std::function<base::Status(int)>& keep) {
  prepare(connection);
  const Facilities facilities = load_facilities(connection);
  pqxx::work work(connection);
  if (is_served(work)) return fail(Error::Code::conflict, "still_served");
  work.exec("LOCK TABLE facility IN EXCLUSIVE MODE");
  const int known = work.exec1("SELECT coalesce(max(generation), 1) FROM facility")[0].as<int>();
  const int generation = std::max(known, above) + 1;
  work.exec_params("UPDATE facility SET generation = $1", generation);
  const base::Date today = base::civil_date(now);
  restore_counters(work, generation, base::Date{today.days - dates_back});
  hold_slots(work, facilities, today);
  const auto nobody = numbering::restored(numbering::Seat{});
  work.exec_params("UPDATE seat SET heard = $1", base::to_ms(nobody.heard));
  MACHIAI_TRY(keep(generation));
  work.commit();
  return generation;
}

base::Status settle(pqxx::connection& connection, const std::string& facility) {
  pqxx::work work(connection);
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  work.exec_params("UPDATE restored SET settled = true WHERE facility_id = $1", *found);
  work.commit();
  return {};
}

bool remember(pqxx::connection& connection, const Token& token) {
  pqxx::work work(connection);
  const auto rows =
      work.exec_prepared("forgotten_number", token.facility, token.date.days, link_key(token.secret));
  if (rows.empty()) return false;
  const Placed placed{rows[0][0].c_str(), rows[0][1].c_str(), rows[0][2].as<int>(), {}};
  // What has ended meanwhile found no ticket here.
  const std::string said = last_said(work, token.facility, token.date, placed);
  const auto over = is_over(said) ? std::optional(said) : std::nullopt;
  work.exec_prepared("remember_ticket", token.facility, token.date.days, hex(token.secret), placed.service,
                     placed.series, placed.n, over.value_or("booked"), over);
  work.commit();
  return true;
}

void prepare_restored(pqxx::connection& c) {
  c.prepare("forgotten_number",
            "SELECT service, series, n FROM number WHERE facility_id = $1 AND date = $2 AND key = $3 AND "
            "reason IS NULL");
  c.prepare(
      "remember_ticket",
      "INSERT INTO ticket (facility_id, date, token, service, kind, request, place, series, n, state, "
      "told, accepted_at) SELECT facility_id, date, $3, service, coalesce(kind, ''), '', 0, series, n, "
      "$7, $8, accepted_at FROM number WHERE facility_id = $1 AND date = $2 AND service = $4 AND series "
      "= $5 AND n = $6 ON CONFLICT DO NOTHING");
  c.prepare("unsure_until",
            "SELECT until FROM restored WHERE facility_id = $1 AND service = $2 AND NOT settled");
}

std::optional<base::Date> unsure_until(pqxx::transaction_base& work, int facility,
                                       const std::string& service) {
  const auto rows = work.exec_prepared("unsure_until", facility, service);
  return rows.empty() ? std::nullopt : std::optional(base::Date{rows[0][0].as<int>()});
}

} // namespace machiai::cloud::store
