// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/counter.hpp"

#include "cloud/store/forget.hpp"
#include "cloud/token.hpp"
#include "core/booking/draw.hpp"
#include "core/numbering/cloud.hpp"
#include "core/numbering/station.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace machiai::cloud::store {

namespace {

template <class T, class Field> std::optional<T> optional_of(const Field& field) {
  return field.is_null() ? std::nullopt : std::optional(field.template as<T>());
}

/// Of the statement lock_counters.
template <class Row> Counters::value_type read_counter(const Row& row) {
  CounterRow counter;
  counter.owner = row[4].template as<bool>();
  counter.high = row[5].template as<int>();
  counter.web_high = row[6].template as<int>();
  counter.given = row[7].template as<int>();
  counter.live = row[8].template as<int>();
  counter.paused = row[9].template as<bool>();
  counter.draw_until = optional_of<std::int64_t>(row[10]);
  counter.draw_seed = optional_of<std::int64_t>(row[11]);
  counter.generation = row[12].template as<int>();
  counter.stopped = row[13].template as<bool>();
  counter.predicted = Predicted(row[14], row[15]);
  counter.walk_ins = optional_of<int>(row[16]);
  counter.walk_in_every = optional_of<int>(row[17]);
  counter.trusted = row[18].template as<bool>();
  return {{row[0].template as<int>(), row[1].template as<int>(), row[2].c_str()}, std::move(counter)};
}

void add(Column& column, const std::optional<std::int64_t>& value) {
  if (value) {
    column.add(*value);
  } else {
    column.add_null();
  }
}

struct Keys {
  Column facilities;
  Column dates;
  Column services;
  void add(const CounterKey& key) {
    facilities.add(key.facility);
    dates.add(key.date);
    services.add(key.service);
  }
};

/// A request of the draw and its tickets.
struct Family {
  std::string request;
  std::vector<std::string> tokens;
};

std::vector<Family> families(pqxx::transaction_base& work, const CounterKey& key) {
  std::vector<Family> all;
  for (const auto& row : work.exec_prepared("drawing_tickets", key.facility, key.date, key.service)) {
    const auto request = row[1].as<std::string>();
    if (all.empty() || all.back().request != request) all.push_back({request, {}});
    all.back().tokens.push_back(unhex(row[0].c_str()));
  }
  return all;
}

/// Where the numbers of a draw come from.
enum class Source { here, clinic, nowhere };

Source source_of(pqxx::transaction_base& work, const CounterKey& key, const CounterRow& counter,
                 const ServiceProfile* service, base::Instant now) {
  if (counter.owner || service == nullptr || !service->booking.refuse_when_away) return Source::here;
  // The clinic answers for its own day alone.
  const bool asked = key.date == base::civil_date(now).days && !linked_of(work, {key.facility}, now).empty();
  return asked ? Source::clinic : Source::nowhere;
}

/// In the order of the draw, which is their acceptance, and whose answer is waited for from now on.
void ask_clinic(pqxx::transaction_base& work, const CounterKey& key, const std::vector<std::string>& tokens,
                base::Instant now) {
  Column secrets;
  Column at;
  for (std::size_t turn = 0; turn < tokens.size(); ++turn) {
    secrets.add_bytes(tokens[turn]);
    at.add(base::to_ms(now) + static_cast<std::int64_t>(turn));
  }
  work.exec_params("UPDATE ticket t SET accepted_at = u.a FROM unnest($3::bytea[], $4::bigint[]) AS u(k, a) "
                   "WHERE t.facility_id = $1 AND t.date = $2 AND t.token = u.k",
                   key.facility, key.date, secrets.text(), at.text());
}

std::uint64_t new_seed() {
  std::uint64_t seed = 0;
  std::memcpy(&seed, random_bytes(sizeof seed).data(), sizeof seed);
  return seed & 0x7fffffffffffffffULL; // a bigint's
}

} // namespace

std::optional<Number> give(CounterRow& counter, bool linked) {
  ++counter.given;
  ++counter.live;
  numbering::Cloud cloud;
  cloud.owner = counter.owner;
  cloud.high = static_cast<std::uint32_t>(counter.high);
  cloud.generation = static_cast<std::uint32_t>(counter.generation);
  cloud.web_high = static_cast<std::uint32_t>(counter.web_high);
  const auto accepted = numbering::accept(cloud, std::nullopt, linked, numbering::Alone::web_series);
  if (accepted.what != numbering::Accepted::What::given) return std::nullopt;
  counter.high = static_cast<int>(accepted.next.high);
  counter.web_high = static_cast<int>(accepted.next.web_high);
  return Number{queue::series_text(accepted.number.series), static_cast<int>(accepted.number.n)};
}

Number give_alone(CounterRow& counter) {
  --counter.given;
  --counter.live;
  return *give(counter, false);
}

void number_ticket(pqxx::transaction_base& work, const CounterKey& key, const std::string& secret,
                   const Number& number) {
  work.exec_params(
      "UPDATE ticket SET series = $4, n = $5, state = 'booked' WHERE facility_id = $1 AND date = $2 "
      "AND token = $3",
      key.facility, key.date, hex(secret), number.series, number.n);
  work.exec_params(
      "INSERT INTO number (facility_id, date, service, series, n, key, place, accepted_at) SELECT "
      "facility_id, date, service, series, n, request, place, coalesce(slot, accepted_at) FROM "
      "ticket WHERE facility_id = $1 AND date = $2 AND token = $3",
      key.facility, key.date, hex(secret));
}

std::set<int> linked_of(pqxx::transaction_base& work, const std::set<int>& facilities, base::Instant now) {
  std::set<int> linked;
  if (facilities.empty()) return linked;
  Column ids;
  for (const int id : facilities) ids.add(id);
  for (const auto& row : work.exec_prepared("seats_heard", ids.text())) {
    // It may have been heard since the request was read.
    const auto age = now - base::instant_from_ms(row[1].as<std::int64_t>());
    if (age < numbering::station_lease && -age < numbering::station_lease) linked.insert(row[0].as<int>());
  }
  return linked;
}

Said locking(const std::set<CounterKey>& keys) {
  Keys wanted;
  for (const CounterKey& key : keys) wanted.add(key);
  return {"lock_counters", {wanted.facilities.text(), wanted.dates.text(), wanted.services.text()}};
}

Counters locked(const Answer& answer) {
  Counters counters;
  for (int row = 0; row < answer.size(); ++row) counters.insert(read_counter(answer[row]));
  return counters;
}

Counters lock_counters(pqxx::transaction_base& work, const std::set<CounterKey>& keys) {
  const auto [name, wanted] = locking(keys);
  Counters counters;
  for (int tries = 0; tries < 2 && counters.size() < keys.size(); ++tries) {
    if (tries > 0) work.exec_prepared("make_counters", wanted[0], wanted[1], wanted[2]);
    for (const auto& row : work.exec_prepared(name, wanted[0], wanted[1], wanted[2]))
      counters.insert(read_counter(row));
  }
  return counters;
}

std::vector<std::string> counter_columns(const Counters& counters) {
  Keys keys;
  Column high;
  Column web_high;
  Column given;
  Column live;
  Column until;
  Column seed;
  for (const auto& [key, counter] : counters) {
    keys.add(key);
    high.add(counter.high);
    web_high.add(counter.web_high);
    given.add(counter.given);
    live.add(counter.live);
    add(until, counter.draw_until);
    add(seed, counter.draw_seed);
  }
  return {keys.facilities.text(), keys.dates.text(), keys.services.text(), high.text(), web_high.text(),
          given.text(),           live.text(),       until.text(),         seed.text()};
}

void save_counters(pqxx::transaction_base& work, const Counters& counters) {
  work.exec_prepared("save_counters", pqxx::prepare::make_dynamic_params(counter_columns(counters)));
}

bool draw_counter(pqxx::transaction_base& work, const CounterKey& key, CounterRow& counter,
                  const ServiceProfile* service, std::optional<int> most, base::Instant now) {
  if (!counter.draw_until || counter.draw_seed || *counter.draw_until > base::to_ms(now)) return false;
  const std::vector<Family> all = families(work, key);
  std::vector<booking::Entry> entries;
  for (const Family& each : all)
    entries.push_back({each.tokens.front(), static_cast<int>(each.tokens.size())});
  counter.draw_seed = static_cast<std::int64_t>(new_seed());
  const auto order = booking::draw(entries, static_cast<std::uint64_t>(*counter.draw_seed));
  std::vector<int> people;
  for (const std::size_t at : order) people.push_back(entries[at].people);
  const Source source = source_of(work, key, counter, service, now);
  const auto served = source == Source::nowhere
                          ? std::vector<bool>(people.size(), false)
                          : booking::allot(people, most ? std::max(0, *most - counter.given) : -1);

  Column tokens;
  Column series;
  Column numbers;
  Column states;
  Keys keys;
  Column given_series;
  Column given_numbers;
  Column requests;
  Column places;
  Column at;
  Column nowhere;
  std::vector<std::string> asked;
  for (std::size_t turn = 0; turn < order.size(); ++turn) {
    const Family& family = all[order[turn]];
    for (std::size_t place = 0; place < family.tokens.size(); ++place) {
      tokens.add_bytes(family.tokens[place]);
      const bool by_clinic = served[turn] && source == Source::clinic;
      states.add(by_clinic      ? std::string_view("asking")
                 : served[turn] ? std::string_view("booked")
                                : std::string_view("not_drawn"));
      const auto given = served[turn] ? give(counter, by_clinic) : std::nullopt;
      if (by_clinic) asked.push_back(family.tokens[place]);
      if (!served[turn]) nowhere.add_bytes(family.tokens[place]);
      if (!given) {
        series.add_null();
        numbers.add_null();
        continue;
      }
      const Number& number = *given;
      series.add(number.series);
      numbers.add(number.n);
      keys.add(key);
      given_series.add(number.series);
      given_numbers.add(number.n);
      requests.add(family.request);
      places.add(static_cast<std::int64_t>(place));
      at.add(base::to_ms(now));
    }
  }
  work.exec_prepared("draw_tickets", key.facility, key.date, tokens.text(), series.text(), numbers.text(),
                     states.text());
  work.exec_prepared("add_numbers", keys.facilities.text(), keys.dates.text(), keys.services.text(),
                     given_series.text(), given_numbers.text(), requests.text(), places.text(), at.text());
  if (!asked.empty()) ask_clinic(work, key, asked, now);
  forget_these(work, key.facility, key.date, nowhere);
  return true;
}

Column wake_up_column(const std::set<int>& facilities, Changed what) {
  Column column;
  for (const std::string& text : wake_up_texts(facilities, what)) column.add(text);
  return column;
}

void notify(pqxx::transaction_base& work, const std::set<int>& facilities, Changed what) {
  if (!facilities.empty()) work.exec_prepared("notify", wake_up_column(facilities, what).text());
}

void announce(pqxx::connection& connection, const std::set<int>& facilities) {
  pqxx::work work(connection);
  work.exec0("SET LOCAL synchronous_commit = off");
  notify(work, facilities, Changed::events);
  work.commit();
}

} // namespace machiai::cloud::store
