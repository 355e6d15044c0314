// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/subscriber.hpp"

#include "app/cloud/reach.hpp"
#include "cloud/store/subscribers.hpp"

#include <cstdio>

namespace machiai::cloud {

namespace json = boost::json;
using base::Result;

namespace {

json::object facility_in_words(const store::FacilityOf& facility) {
  const bool moved = facility.since > base::Instant{};
  return {{"id", facility.id},
          {"number", facility.number},
          {"name", facility.name},
          {"since", moved ? json::value(base::iso_instant(facility.since)) : json::value(nullptr)},
          {"contract", facility.contract}};
}

json::object subscriber_in_words(pqxx::transaction_base& work, const store::Subscriber& subscriber) {
  json::object told{{"id", subscriber.id}, {"number", subscriber.number}};
  for (const auto& [name, value] : subscriber.document) told[name] = value;
  json::array facilities;
  for (const store::FacilityOf& each : store::facilities_of(work, subscriber.number))
    facilities.push_back(facility_in_words(each));
  told["facilities"] = std::move(facilities);
  return told;
}

} // namespace

int tell_with_subscriber(pqxx::connection& connection, const std::string& facility, json::object told) {
  pqxx::read_transaction read(connection);
  const auto whose = store::subscriber_of(read, facility);
  if (!whose) return refuse(code_of(whose.error()), whose.error());
  told["subscriber"] = *whose;
  std::printf("%s\n", json::serialize(told).c_str());
  return exit_done;
}

json::object SubscriberVerbs::fields() const {
  json::object fields;
  json::object name;
  if (!name_.empty()) name["ja"] = name_;
  if (!name_en_.empty()) name["en"] = name_en_;
  if (no_name_en_) name["en"] = nullptr;
  if (!name.empty()) fields["name"] = std::move(name);
  if (!phone_.empty()) fields["phone"] = phone_;
  if (no_phone_) fields["phone"] = nullptr;
  if (!address_.empty()) fields["address"] = address_;
  if (no_address_) fields["address"] = nullptr;
  return fields;
}

Result<json::value> SubscriberVerbs::done(pqxx::work& work, base::Instant now) const {
  if (verb_ == "list") {
    json::array all;
    for (const store::Subscriber& each : store::subscribers(work))
      all.push_back(subscriber_in_words(work, each));
    return all;
  }
  if (verb_ == "move") MACHIAI_TRY(store::move_facility(work, facility_, subscriber_, now));
  const auto one = verb_ == "add"      ? store::add_subscriber(work, subscriber_, fields(), now)
                   : verb_ == "change" ? store::change_subscriber(work, subscriber_, fields())
                                       : store::find_subscriber(work, subscriber_);
  MACHIAI_TRY(one);
  return subscriber_in_words(work, *one);
}

void SubscriberVerbs::add_to(CLI::App& app, Options& options) {
  CLI::App* subscriber =
      app.add_subcommand("subscriber", "who has agreed with the provider, and whose each facility is");
  subscriber->require_subcommand(1);
  CLI::App* add = subscriber->add_subcommand("add", "another one, without facilities");
  CLI::App* change = subscriber->add_subcommand("change", "its name, telephone or address");
  CLI::App* show = subscriber->add_subcommand("show", "one with its facilities and their contracts");
  CLI::App* list = subscriber->add_subcommand("list", "all of them");
  CLI::App* move = subscriber->add_subcommand("move", "gives a facility to another; its contract stays");
  move->add_option("facility", facility_, "short name or facility number")->required();
  for (CLI::App* each : {add, change, show, move})
    each->add_option("subscriber", subscriber_, "short name, or the subscriber's number")->required();
  for (CLI::App* each : {add, change}) {
    CLI::Option* name = each->add_option("--name", name_, "as it stands in the contract");
    if (each == add) name->required();
    CLI::Option* name_en = each->add_option("--name-en", name_en_, "in English");
    CLI::Option* phone = each->add_option("--phone", phone_, "for the provider");
    CLI::Option* address = each->add_option("--address", address_, "for the provider");
    if (each == add) continue;
    each->add_flag("--no-name-en", no_name_en_, "takes the name in English away")->excludes(name_en);
    each->add_flag("--no-phone", no_phone_, "takes the telephone away")->excludes(phone);
    each->add_flag("--no-address", no_address_, "takes the address away")->excludes(address);
  }
  for (CLI::App* each : {add, change, show, list, move}) {
    each->add_option("--home", options.home, "the cloud's directory")->required();
    each->add_option("--database", options.database, "as serve has it");
    each->callback([this, each] { verb_ = each->get_name(); });
  }
}

int SubscriberVerbs::run(const Options& options) const {
  const base::SystemClock clock;
  return beside_serving(options, [&](pqxx::connection& connection) {
    pqxx::work work(connection);
    const auto told = done(work, clock.now());
    if (!told) {
      base::Error why = told.error();
      if (why.reason == "bad_settings") why.reason = "bad_argument"; // there is no file that has the mistake
      return refuse(code_of(why), why);
    }
    work.commit();
    std::printf("%s\n", json::serialize(*told).c_str());
    return exit_done;
  });
}

} // namespace machiai::cloud
