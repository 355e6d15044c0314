// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/slots.hpp"

#include "cloud/over.hpp"
#include "cloud/store/restored.hpp"

namespace machiai::cloud::store {

std::optional<base::Instant> slot_of(const pqxx::field& field) {
  return field.is_null() ? std::nullopt : std::optional(base::instant_from_ms(field.as<std::int64_t>()));
}

boost::json::value slot_text(const std::optional<base::Instant>& slot) {
  constexpr std::size_t to_the_minute = 16;
  return slot ? boost::json::value(base::iso_instant(*slot).substr(0, to_the_minute)) : boost::json::value();
}

void prepare_slots(pqxx::connection& c) {
  const std::string given_up = "('cancelled', 'void')";
  // A place that was given up is free again; one that was used is not. So what is over (cloud/over) counts
  // here, as long as it was not cancelled or void; for a card, which may have so many slots open, it does
  // not.
  c.prepare(
      "slots_of",
      "SELECT t.facility_id, t.date, t.service, t.slot, count(*) FROM ticket t JOIN unnest($1::int[], "
      "$2::int[], $3::text[]) AS u(f, d, s) ON t.facility_id = u.f AND t.date = u.d AND t.service = u.s "
      "WHERE t.slot IS NOT NULL AND t.state NOT IN " +
          given_up + " GROUP BY 1, 2, 3, 4");
  // In one order everywhere, that of the cards.
  c.prepare("lock_cards",
            "SELECT pg_advisory_xact_lock(hashtextextended(encode(u.c, 'hex'), u.f)) FROM unnest($1::int[], "
            "$2::bytea[]) AS u(f, c)");
  c.prepare("card_slots",
            "SELECT t.facility_id, t.card, count(*) FROM ticket t JOIN unnest($1::int[], $2::bytea[]) AS "
            "u(f, c) ON t.facility_id = u.f AND t.card = u.c WHERE t.slot > $3 AND t.state NOT IN " +
                over_list() + " GROUP BY 1, 2");
  c.prepare(
      "slots_taken",
      "SELECT slot, count(*) FROM ticket WHERE facility_id = $1 AND date BETWEEN $3 AND $4 AND service = "
      "$2 AND slot IS NOT NULL AND state NOT IN " +
          given_up + " GROUP BY slot");
}

CardSlots card_slots(pqxx::transaction_base& work, const std::set<CardSlots::key_type>& cards,
                     base::Instant now) {
  CardSlots open;
  if (cards.empty()) return open;
  Column facilities;
  Column macs;
  for (const auto& [facility, mac] : cards) {
    facilities.add(facility);
    macs.add_bytes(mac);
  }
  work.exec_prepared("lock_cards", facilities.text(), macs.text());
  for (const auto& row : work.exec_prepared("card_slots", facilities.text(), macs.text(), base::to_ms(now)))
    open[{row[0].as<int>(), unhex(row[1].c_str())}] = row[2].as<int>();
  return open;
}

std::map<CounterKey, SlotsTaken> slots_of(pqxx::transaction_base& work, const std::set<CounterKey>& keys) {
  std::map<CounterKey, SlotsTaken> all;
  if (keys.empty()) return all;
  Column facilities;
  Column dates;
  Column services;
  for (const CounterKey& key : keys) {
    facilities.add(key.facility);
    dates.add(key.date);
    services.add(key.service);
  }
  for (const auto& row : work.exec_prepared("slots_of", facilities.text(), dates.text(), services.text()))
    all[{row[0].as<int>(), row[1].as<int>(), row[2].as<std::string>()}]
       [base::instant_from_ms(row[3].as<std::int64_t>())] = row[4].as<int>();
  return all;
}

SlotsKnown slots_known(pqxx::connection& connection, int facility, const std::string& service,
                       base::Date from, base::Date to) {
  pqxx::read_transaction read(connection);
  SlotsKnown known{{}, unsure_until(read, facility, service)};
  for (const auto& row : read.exec_prepared("slots_taken", facility, service, from.days, to.days))
    known.taken[base::instant_from_ms(row[0].as<std::int64_t>())] = row[1].as<int>();
  return known;
}

} // namespace machiai::cloud::store
