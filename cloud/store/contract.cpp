// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/contract.hpp"

#include "cloud/keep.hpp"
#include "cloud/over.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/store/link.hpp"
#include "core/booking/slots.hpp"

#include <algorithm>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

struct Entry {
  int facility = 0;
  json::object profile;
};

/// Nobody else changes it until the transaction is over.
Result<Entry> entry_of(pqxx::work& work, const std::string& facility) {
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  const auto row =
      work.exec_params1("SELECT profile FROM facility WHERE facility_id = $1 FOR UPDATE", *found);
  return Entry{*found, object_in(row[0].c_str())};
}

/// Parts that are entered elsewhere, or by which others know the facility.
void keep_parts(json::object& wanted, const json::object& known) {
  for (const char* name : {"id", "number", "contract"}) {
    const json::value* value = known.if_contains(name);
    if (value == nullptr) wanted.erase(name);
    if (value != nullptr) wanted[name] = *value;
  }
  wanted.erase("subscriber"); // shown beside it, and moved by its own verb
}

/// A number that was shown never changes (N6): not by what stands before it either.
base::Status check_prefix(pqxx::work& work, int facility, const ServiceProfile& before,
                          const ServiceProfile& after, base::Date today) {
  if (before.prefix == after.prefix) return {};
  const auto given =
      work.exec_params("SELECT 1 FROM counter WHERE facility_id = $1 AND service = $2 AND date >= $3 AND "
                       "(high > 0 OR web_high > 0) LIMIT 1",
                       facility, before.id, today.days);
  return given.empty() ? base::Status{} : fail(Error::Code::conflict, "prefix_in_use", before.id);
}

/// Where other slots lie across one that is booked, its people would be counted in none of them. A date
/// without windows is another thing: who has booked it is told that it is off.
base::Status check_slots(pqxx::work& work, int facility, const ServiceProfile& after, base::Date today) {
  booking::Rules rules = after.booking;
  rules.exceptions.clear();
  for (const auto& row :
       work.exec_params("SELECT DISTINCT date, slot FROM ticket WHERE facility_id = $1 AND service = $2 AND "
                        "date >= $3 AND slot IS NOT NULL AND state NOT IN " +
                            over_list(),
                        facility, after.id, today.days)) {
    const auto slots = booking::slots_on({}, rules, base::Date{row[0].as<int>()});
    const auto begin = base::instant_from_ms(row[1].as<std::int64_t>());
    if (std::none_of(slots.begin(), slots.end(),
                     [&](const booking::Slot& each) { return each.begin == begin; }))
      return fail(Error::Code::conflict, "slots_booked", after.id + " " + base::iso_instant(begin));
  }
  return {};
}

/// What people have of a counter stays; one that is no longer there must not have anybody waiting.
base::Status check_kept(pqxx::work& work, int facility, const Profile& before, const Profile& after,
                        base::Date today) {
  for (const ServiceProfile& each : before.services) {
    if (const ServiceProfile* kept = after.service(each.id); kept != nullptr) {
      MACHIAI_TRY(check_prefix(work, facility, each, *kept, today));
      if (each.booking.slots != kept->booking.slots) MACHIAI_TRY(check_slots(work, facility, *kept, today));
      continue;
    }
    const auto waiting = work.exec_params(
        "SELECT 1 FROM ticket WHERE facility_id = $1 AND service = $2 AND date >= $3 AND state NOT IN " +
            over_list() + " LIMIT 1",
        facility, each.id, today.days);
    if (!waiting.empty()) return fail(Error::Code::conflict, "service_has_tickets", each.id);
  }
  return {};
}

/// The nodes read the facilities anew; their links tell the stations.
void wake(pqxx::work& work) {
  work.exec("NOTIFY machiai, 'profiles'");
}

} // namespace

Result<json::object> change_contract(pqxx::connection& connection, const std::string& facility,
                                     const TermsChange& made) {
  pqxx::work work(connection);
  auto entry = entry_of(work, facility);
  MACHIAI_TRY(entry);
  const json::value* kept = entry->profile.if_contains("contract");
  const json::object known = kept != nullptr && kept->is_object() ? kept->get_object() : json::object{};
  auto wanted = made(known);
  MACHIAI_TRY(wanted);
  if (*wanted == known) return wanted;
  entry->profile["contract"] = *wanted;
  MACHIAI_TRY(read_profile(entry->profile));
  work.exec_params("UPDATE facility SET profile = $2 WHERE facility_id = $1", entry->facility,
                   json::serialize(entry->profile));
  wake(work);
  work.commit();
  return wanted;
}

Result<json::object> change_profile(pqxx::connection& connection, const std::string& facility,
                                    const ProfileChange& change, base::Date today) {
  pqxx::work work(connection);
  const auto entry = entry_of(work, facility);
  MACHIAI_TRY(entry);
  auto wanted = change.made(entry->profile);
  MACHIAI_TRY(wanted);
  keep_parts(*wanted, entry->profile);
  if (*wanted == entry->profile) return wanted;
  const auto before = read_profile(entry->profile);
  auto after = read_profile(*wanted, change.written);
  MACHIAI_TRY(after);
  after->id = entry->facility;
  if (before) MACHIAI_TRY(check_kept(work, entry->facility, *before, *after, today));
  if (before) learn_added(work, *before, *after, today);
  work.exec_params("UPDATE facility SET profile = $2 WHERE facility_id = $1", entry->facility,
                   json::serialize(*wanted));
  wake(work);
  work.commit();
  return wanted;
}

Result<json::object> change_provider(pqxx::connection& connection, const TermsChange& made) {
  pqxx::work work(connection);
  // A row to lock, which stays only where something is said in it.
  work.exec("INSERT INTO setting (facility_id, name, document) VALUES (0, 'provider', '{}') ON CONFLICT DO "
            "NOTHING");
  const auto row =
      work.exec1("SELECT document FROM setting WHERE facility_id = 0 AND name = 'provider' FOR UPDATE");
  const json::object known = object_in(row[0].c_str());
  auto wanted = made(known);
  MACHIAI_TRY(wanted);
  if (*wanted == known) return wanted;
  MACHIAI_TRY(read_provider(*wanted));
  MACHIAI_TRY(read_keep(*wanted));
  work.exec_params("UPDATE setting SET document = $1 WHERE facility_id = 0 AND name = 'provider'",
                   json::serialize(*wanted));
  wake(work);
  work.commit();
  return wanted;
}

} // namespace machiai::cloud::store
