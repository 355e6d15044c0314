// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/contract.hpp"

#include "cloud/profile.hpp"

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

json::object parsed(const char* text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  return error || !value.is_object() ? json::object{} : std::move(value.get_object());
}

Result<Entry> entry_of(pqxx::work& work, const std::string& facility) {
  const auto rows = work.exec_params(
      "SELECT facility_id, profile FROM facility WHERE slug = $1 OR number::text = $1 FOR UPDATE", facility);
  if (rows.empty()) return fail(Error::Code::not_found, "unknown_facility");
  return Entry{rows[0][0].as<int>(), parsed(rows[0][1].c_str())};
}

/// The nodes read the facilities anew; their links tell the stations.
void wake(pqxx::work& work) {
  work.exec("NOTIFY machiai, 'profiles'");
}

} // namespace

Result<json::object> contract_of(pqxx::connection& connection, const std::string& facility) {
  pqxx::work work(connection);
  const auto entry = entry_of(work, facility);
  MACHIAI_TRY(entry);
  const json::value* contract = entry->profile.if_contains("contract");
  return contract != nullptr && contract->is_object() ? contract->get_object() : json::object{};
}

base::Status set_contract(pqxx::connection& connection, const std::string& facility,
                          const json::object& contract) {
  pqxx::work work(connection);
  auto entry = entry_of(work, facility);
  MACHIAI_TRY(entry);
  entry->profile["contract"] = contract;
  MACHIAI_TRY(read_profile(entry->profile));
  work.exec_params("UPDATE facility SET profile = $2 WHERE facility_id = $1", entry->facility,
                   json::serialize(entry->profile));
  wake(work);
  work.commit();
  return {};
}

json::object provider_of(pqxx::connection& connection) {
  pqxx::read_transaction read(connection);
  const auto rows = read.exec("SELECT document FROM setting WHERE facility_id = 0 AND name = 'provider'");
  return rows.empty() ? json::object{} : parsed(rows[0][0].c_str());
}

base::Status set_provider(pqxx::connection& connection, const json::object& provider) {
  MACHIAI_TRY(read_provider(provider));
  pqxx::work work(connection);
  work.exec_params("INSERT INTO setting (facility_id, name, document) VALUES (0, 'provider', $1) "
                   "ON CONFLICT (facility_id, name) DO UPDATE SET document = $1",
                   json::serialize(provider));
  wake(work);
  work.commit();
  return {};
}

} // namespace machiai::cloud::store
