// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/subscribers.hpp"

#include "cloud/store/facilities.hpp"
#include "core/base/text.hpp"

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

constexpr std::size_t longest_id = 32;
constexpr std::size_t longest_field = 100;

json::object part_of(const json::object& whole, const char* name) {
  const json::value* value = whole.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : json::object{};
}

base::Status check_field(const json::value& value, const char* where, bool may_be_empty) {
  if (!value.is_string() || (value.get_string().empty() && !may_be_empty) ||
      !base::check_text(std::string_view(value.get_string()), longest_field))
    return fail(Error::Code::invalid, "bad_settings", where);
  return {};
}

/// Null takes the field away.
void set_field(json::object& in, json::string_view name, const json::value& value) {
  if (value.is_null())
    in.erase(name);
  else
    in[name] = value;
}

Subscriber subscriber_in(const pqxx::row& row) {
  return {row[0].as<int>(), row[1].c_str(), object_in(row[2].c_str())};
}

} // namespace

base::Status check_subscriber(const json::object& document) {
  for (const auto& [name, value] : document) {
    if (name == "phone" || name == "address") {
      MACHIAI_TRY(check_field(value, name == "phone" ? "phone" : "address", true));
    } else if (name != "name" || !value.is_object()) {
      return fail(Error::Code::invalid, "bad_settings", std::string(name));
    }
  }
  const json::object name = part_of(document, "name");
  if (!name.contains("ja")) return fail(Error::Code::invalid, "bad_settings", "name");
  for (const auto& [lang, value] : name) MACHIAI_TRY(check_field(value, "name", lang != "ja"));
  return {};
}

Result<Subscriber> add_subscriber(pqxx::work& work, const std::string& id, const json::object& document,
                                  base::Instant now) {
  if (!base::is_plain_id(id, longest_id)) return fail(Error::Code::invalid, "bad_settings", "id");
  MACHIAI_TRY(check_subscriber(document));
  work.exec0("LOCK TABLE subscriber IN EXCLUSIVE MODE");
  const auto rows = work.exec_params(
      "INSERT INTO subscriber (subscriber_id, slug, document, added_at) SELECT coalesce(max(subscriber_id), "
      "0) + 1, $1, $2, $3 FROM subscriber ON CONFLICT (slug) DO NOTHING RETURNING subscriber_id, slug, "
      "document",
      id, json::serialize(document), base::to_ms(now));
  if (rows.empty()) return fail(Error::Code::conflict, "subscriber_exists");
  return subscriber_in(rows[0]);
}

Result<Subscriber> change_subscriber(pqxx::work& work, const std::string& subscriber,
                                     const json::object& changes) {
  work.exec0("LOCK TABLE subscriber IN EXCLUSIVE MODE");
  auto known = find_subscriber(work, subscriber);
  MACHIAI_TRY(known);
  for (const auto& [name, value] : changes) {
    json::value* field = known->document.if_contains(name);
    if (value.is_object() && field != nullptr && field->is_object())
      for (const auto& [lang, text] : value.get_object()) set_field(field->get_object(), lang, text);
    else
      set_field(known->document, name, value);
  }
  MACHIAI_TRY(check_subscriber(known->document));
  work.exec_params("UPDATE subscriber SET document = $2 WHERE subscriber_id = $1", known->number,
                   json::serialize(known->document));
  return known;
}

Result<Subscriber> find_subscriber(pqxx::transaction_base& work, const std::string& subscriber) {
  const auto rows =
      work.exec_params("SELECT subscriber_id, slug, document FROM subscriber WHERE slug = $1 OR "
                       "subscriber_id::text = $1 ORDER BY slug = $1 DESC",
                       subscriber);
  if (rows.empty()) return fail(Error::Code::not_found, "unknown_subscriber");
  return subscriber_in(rows[0]);
}

std::vector<Subscriber> subscribers(pqxx::transaction_base& work) {
  std::vector<Subscriber> all;
  for (const auto& row :
       work.exec("SELECT subscriber_id, slug, document FROM subscriber ORDER BY subscriber_id"))
    all.push_back(subscriber_in(row));
  return all;
}

std::vector<FacilityOf> facilities_of(pqxx::transaction_base& work, int subscriber) {
  std::vector<FacilityOf> all;
  for (const auto& row : work.exec_params("SELECT number, slug, profile, subscribed_at FROM facility WHERE "
                                          "subscriber_id = $1 ORDER BY number",
                                          subscriber)) {
    const json::object profile = object_in(row[2].c_str());
    all.push_back({row[0].as<int>(), row[1].c_str(), part_of(profile, "name"), part_of(profile, "contract"),
                   base::instant_from_ms(row[3].as<std::int64_t>())});
  }
  return all;
}

Result<std::string> subscriber_of(pqxx::transaction_base& work, const std::string& facility) {
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  const auto row = work.exec_params1("SELECT s.slug FROM facility f JOIN subscriber s ON s.subscriber_id = "
                                     "f.subscriber_id WHERE f.facility_id = $1",
                                     *found);
  return std::string(row[0].c_str());
}

base::Status move_facility(pqxx::work& work, const std::string& facility, const std::string& subscriber,
                           base::Instant now) {
  const auto to = find_subscriber(work, subscriber);
  MACHIAI_TRY(to);
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  const auto row =
      work.exec_params1("SELECT subscriber_id FROM facility WHERE facility_id = $1 FOR UPDATE", *found);
  if (row[0].as<int>() == to->number) return {};
  work.exec_params("UPDATE facility SET subscriber_id = $2, subscribed_at = $3 WHERE facility_id = $1",
                   *found, to->number, base::to_ms(now));
  return {};
}

} // namespace machiai::cloud::store
