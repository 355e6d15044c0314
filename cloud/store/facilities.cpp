// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/facilities.hpp"

#include "cloud/store/counter.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/subscribers.hpp"
#include "cloud/token.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

constexpr auto code_life = std::chrono::hours{1};
/// Certificates of one facility in 24 hours; a station asks for one in two months.
constexpr int most_a_day = 10;
constexpr int cards_at_once = 5000;

const json::object* object_at(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains({name.data(), name.size()});
  return value == nullptr ? nullptr : value->if_object();
}

base::Status add_cards(pqxx::work& work, const Profile& profile, const json::object& document,
                       const std::string& card_key) {
  const json::value* cards = document.if_contains("cards");
  if (cards == nullptr || !cards->is_array()) return {};
  Column facilities;
  Column macs;
  for (const json::value& each : cards->get_array()) {
    const json::object* card = each.if_object();
    if (card == nullptr || !card->contains("card") || !card->contains("birth")) continue;
    const json::string* number = card->at("card").if_string();
    const json::string* birth = card->at("birth").if_string();
    if (number == nullptr || birth == nullptr) return fail(Error::Code::invalid, "bad_settings", "cards");
    facilities.add(profile.id);
    macs.add_bytes(pair_mac(card_key, profile.id, *number, *birth));
  }
  work.exec_params("INSERT INTO card (facility_id, mac) SELECT * FROM unnest($1::int[], $2::bytea[]) ON "
                   "CONFLICT DO NOTHING",
                   facilities.text(), macs.text());
  return {};
}

struct MacColumns {
  const Column& macs;
  const Column& typed;
};

/// So many are new, or gone.
std::int64_t change_macs(pqxx::work& work, int facility, const MacColumns& cards, bool remove) {
  constexpr const char* take_away = "DELETE FROM card WHERE facility_id = $1 AND mac = ANY($2::bytea[])";
  const auto of_before = work.exec_params(take_away, facility, cards.typed.text()).affected_rows();
  if (remove) return of_before + work.exec_params(take_away, facility, cards.macs.text()).affected_rows();
  const auto added = work.exec_params("INSERT INTO card (facility_id, mac) SELECT $1, * FROM "
                                      "unnest($2::bytea[]) ON CONFLICT DO NOTHING",
                                      facility, cards.macs.text())
                         .affected_rows();
  return added - std::min(added, of_before);
}

/// The subscriber that a facility's entry names; without one the clinic is its own.
base::Result<int> subscriber_for(pqxx::work& work, const json::value* named, const Profile& profile,
                                 base::Instant now) {
  if (named != nullptr) {
    const auto known = find_subscriber(work, named->is_string() ? std::string(named->get_string()) : "");
    if (!known) return fail(Error::Code::invalid, "bad_settings", "subscriber");
    return known->number;
  }
  if (const auto known = find_subscriber(work, profile.slug)) return known->number;
  json::object name{{"ja", profile.name.ja}};
  if (profile.name.en != profile.name.ja) name["en"] = profile.name.en;
  const auto own = add_subscriber(work, profile.slug, {{"name", std::move(name)}}, now);
  MACHIAI_TRY(own);
  return own->number;
}

/// Those of the document that are not there yet.
base::Status put_in_subscribers(pqxx::work& work, const json::object& root, base::Instant now) {
  const json::value* all = root.if_contains("subscribers");
  if (all == nullptr) return {};
  if (!all->is_array()) return fail(Error::Code::invalid, "bad_settings", "subscribers");
  for (const json::value& each : all->get_array()) {
    const json::value* id = each.is_object() ? each.get_object().if_contains("id") : nullptr;
    if (id == nullptr || !id->is_string()) return fail(Error::Code::invalid, "bad_settings", "subscribers");
    const std::string slug(id->get_string());
    if (find_subscriber(work, slug)) continue;
    json::object document = each.get_object();
    document.erase("id");
    MACHIAI_TRY(add_subscriber(work, slug, document, now));
  }
  return {};
}

base::Status add_facility(pqxx::work& work, json::object document, const std::string& card_key,
                          base::Instant now) {
  std::optional<json::value> named;
  if (const json::value* subscriber = document.if_contains("subscriber")) named = *subscriber;
  document.erase("subscriber"); // a column, so that there is one truth
  const json::object whole = document;
  document.erase("cards");
  auto profile = read_profile(document);
  MACHIAI_TRY(profile);
  const auto there = work.exec_params("SELECT 1 FROM facility WHERE slug = $1 OR number = $2", profile->slug,
                                      profile->number);
  if (!there.empty()) return {}; // and a start is not stopped by what an earlier program took in
  profile = read_profile(document, Written::now);
  MACHIAI_TRY(profile);
  profile->id = work.exec1("SELECT coalesce(max(facility_id), 0) + 1 FROM facility")[0].as<int>();
  const auto subscriber = subscriber_for(work, named ? &*named : nullptr, *profile, now);
  MACHIAI_TRY(subscriber);
  work.exec_params("INSERT INTO facility (facility_id, slug, number, profile, subscriber_id) VALUES ($1, $2, "
                   "$3, $4, $5)",
                   profile->id, profile->slug, profile->number, json::serialize(document), *subscriber);
  return add_cards(work, *profile, whole, card_key);
}

base::Result<std::string> still_ours(pqxx::transaction_base& work, const Shown& shown) {
  const auto rows = work.exec_prepared("certificate", shown.facility, shown.serial);
  if (rows.empty() || unhex(rows[0][1].c_str()) != shown.fingerprint)
    return fail(Error::Code::forbidden, "certificate_unknown");
  if (rows[0][3].as<bool>()) return fail(Error::Code::forbidden, "station_replaced");
  if (rows[0][2].as<bool>()) return fail(Error::Code::forbidden, "certificate_revoked");
  return std::string(rows[0][0].c_str());
}

/// By a commit whose answer got lost.
bool is_entered(pqxx::transaction_base& work, const Certified& certified) {
  const auto rows = work.exec_prepared("certificate", certified.facility, certified.serial);
  return !rows.empty() && unhex(rows[0][1].c_str()) == certified.fingerprint;
}

} // namespace

json::object object_in(const char* column) {
  boost::system::error_code error;
  auto value = json::parse(column, error);
  return error || !value.is_object() ? json::object{} : std::move(value.get_object());
}

Facilities load_facilities(pqxx::connection& connection) {
  pqxx::read_transaction read(connection);
  Facilities facilities;
  const auto setting = read.exec_prepared("setting", 0, "provider");
  if (!setting.empty()) {
    auto provider = read_provider(object_in(setting[0][0].c_str()));
    facilities.keep = read_keep(object_in(setting[0][0].c_str())).value_or(Keep{});
    if (provider) facilities.provider = std::move(*provider);
    if (!provider) spdlog::error("the provider's setting is wrong at {}", provider.error().detail);
  }
  for (const auto& row : read.exec_prepared("facilities")) {
    auto profile = read_profile(object_in(row[3].c_str()));
    if (!profile) {
      spdlog::error("facility {} is wrong at {}", row[0].as<int>(), profile.error().detail);
      continue;
    }
    profile->id = row[0].as<int>();
    profile->number = row[2].as<int>();
    profile->generation = row[4].as<int>();
    facilities.all.push_back(std::move(*profile));
  }
  return facilities;
}

base::Status add_facilities(pqxx::connection& connection, std::string_view document,
                            const std::string& card_key, base::Instant now) {
  boost::system::error_code error;
  const auto parsed = json::parse({document.data(), document.size()}, error);
  const json::object* root = error ? nullptr : parsed.if_object();
  const json::value* all = root == nullptr ? nullptr : root->if_contains("facilities");
  if (all == nullptr || !all->is_array())
    return fail(Error::Code::invalid, "bad_settings", "facilities.json");
  pqxx::work work(connection);
  work.exec("LOCK TABLE facility IN EXCLUSIVE MODE");
  MACHIAI_TRY(put_in_subscribers(work, *root, now));
  for (const json::value& each : all->get_array()) {
    if (!each.is_object()) return fail(Error::Code::invalid, "bad_settings", "facilities.json");
    MACHIAI_TRY(add_facility(work, each.get_object(), card_key, now));
  }
  if (const json::object* provider = object_at(*root, "provider")) {
    MACHIAI_TRY(read_provider(*provider));
    MACHIAI_TRY(read_keep(*provider));
    work.exec_params(
        "INSERT INTO setting (facility_id, name, document) VALUES (0, 'provider', $1) ON CONFLICT DO NOTHING",
        json::serialize(*provider));
  }
  work.commit();
  return {};
}

base::Result<int> find_facility(pqxx::transaction_base& work, const std::string& text) {
  const auto rows = work.exec_params(
      "SELECT facility_id FROM facility WHERE slug = $1 OR number::text = $1 ORDER BY slug = $1 DESC LIMIT 1",
      text);
  if (rows.empty()) return fail(Error::Code::not_found, "unknown_facility");
  return rows[0][0].as<int>();
}

base::Result<CardsChanged> change_cards(pqxx::connection& connection, const std::string& facility,
                                        const std::function<base::Result<std::optional<CardMacs>>(int)>& next,
                                        bool remove) {
  pqxx::work work(connection);
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  const int id = *found;
  CardsChanged done;
  bool more = true;
  while (more) {
    Column macs;
    Column typed;
    int gathered = 0;
    for (; gathered < cards_at_once; ++gathered) {
      const auto mac = next(id);
      MACHIAI_TRY(mac);
      more = mac->has_value();
      if (!more) break;
      macs.add_bytes((*mac)->mac);
      if ((*mac)->typed != (*mac)->mac) typed.add_bytes((*mac)->typed);
    }
    done.read += gathered;
    done.changed += change_macs(work, id, {macs, typed}, remove);
  }
  done.now = work.exec_params1("SELECT count(*) FROM card WHERE facility_id = $1", id)[0].as<std::int64_t>();
  work.commit();
  return done;
}

base::Result<std::string> make_code(pqxx::connection& connection, const std::string& facility,
                                    base::Instant now) {
  pqxx::work work(connection);
  const auto found = find_facility(work, facility);
  MACHIAI_TRY(found);
  std::string code = add_code(work, *found, now);
  work.commit();
  return code;
}

std::string add_code(pqxx::work& work, int facility, base::Instant now) {
  std::string code = enrol_code();
  work.exec_params("INSERT INTO code (facility_id, hash, until) VALUES ($1, $2, $3)", facility,
                   hex(sha256(code)), base::to_ms(now + code_life));
  return code;
}

base::Result<int> enrol(pqxx::connection& connection, const std::string& code, const Certified& certified,
                        std::optional<int> was, base::Instant now) {
  pqxx::work work(connection);
  const auto used = work.exec_prepared("use_code", certified.facility, hex(sha256(code)), base::to_ms(now));
  const bool again = used.affected_rows() != 1;
  if (again && !is_entered(work, certified)) return fail(Error::Code::forbidden, "enrol_refused");
  work.exec_prepared("stations_of", certified.facility);
  const auto seat = work.exec_params("SELECT station FROM seat WHERE facility_id = $1", certified.facility);
  const int station = seat.empty() ? 0 : seat[0][0].as<int>();
  if (again) return station;
  // The record of a station that was given up goes on nowhere; the code stays for the right machine.
  if (was && *was != station) return fail(Error::Code::conflict, "station_replaced");
  work.exec_prepared("revoke_all", certified.facility, base::to_ms(now));
  work.exec_prepared("add_certificate", certified.facility, certified.serial, certified.station,
                     hex(certified.fingerprint), base::to_ms(certified.not_after));
  // Whichever node has a link of those that were revoked looks at it now.
  notify(work, {certified.facility});
  work.commit();
  return station;
}

base::Result<std::string> station_of(pqxx::connection& connection, const Shown& shown) {
  pqxx::read_transaction read(connection);
  return still_ours(read, shown);
}

base::Status renew(pqxx::connection& connection, const Shown& shown, const Certified& certified,
                   base::Instant now) {
  pqxx::work work(connection);
  work.exec_prepared("stations_of", certified.facility);
  if (is_entered(work, certified)) return {};
  const auto station = still_ours(work, shown);
  MACHIAI_TRY(station);
  if (*station != certified.station) return fail(Error::Code::forbidden, "certificate_unknown");
  // All live equally long: those that end later than one given a day ago would have been given since.
  const auto life = certified.not_after - now;
  const auto given = work.exec_prepared1("given_since", certified.facility,
                                         base::to_ms(now + life - std::chrono::hours{24}));
  if (given[0].as<int>() >= most_a_day) return fail(Error::Code::limit, "renewed_too_often");
  work.exec_prepared("add_certificate", certified.facility, certified.serial, certified.station,
                     hex(certified.fingerprint), base::to_ms(certified.not_after));
  work.commit();
  return {};
}

} // namespace machiai::cloud::store
