// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/forward.hpp"

#include "cloud/store/counter.hpp"
#include "cloud/store/forget.hpp"
#include "cloud/store/slots.hpp"
#include "cloud/token.hpp"
#include "core/numbering/cloud.hpp"
#include "core/queue/places.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

/// Beyond the patience of the one who waits for the answer.
constexpr base::Millis nobody_waits{1500};

struct Asked {
  std::string secret;
  std::string service;
  std::string series;
  int n = 0;
  int ahead = 0;
  int place = 0;
  std::optional<base::Instant> slot;
};

std::vector<Asked> tickets_of(pqxx::work& work, int facility, int date, const std::string& key) {
  std::vector<Asked> all;
  for (const auto& row : work.exec_params(
           "SELECT token, service, coalesce(series, ''), coalesce(n, 0), coalesce(ahead, 0), place, slot "
           "FROM ticket WHERE facility_id = $1 AND date = $2 AND request = $3 AND state <> 'cancelled' ORDER "
           "BY place",
           facility, date, key))
    all.push_back({unhex(row[0].c_str()), row[1].c_str(), row[2].c_str(), row[3].as<int>(), row[4].as<int>(),
                   row[5].as<int>(), slot_of(row[6])});
  return all;
}

/// The counter is locked: what the clinic's events say now waits until this is durable.
void give_missing(pqxx::work& work, int facility, int date, CounterRow& counter, int every,
                  std::vector<Asked>& all) {
  const int asked = static_cast<int>(all.size());
  int ahead = queue::told_at_most(every, counter.given - asked, counter.live - asked);
  for (Asked& each : all) {
    if (each.n > 0) continue;
    const Number number = give_alone(counter);
    each.series = number.series;
    each.n = number.n;
    each.ahead = ahead++;
    work.exec_params("UPDATE ticket SET ahead = $4 WHERE facility_id = $1 AND date = $2 AND token = $3",
                     facility, date, hex(each.secret), each.ahead);
    number_ticket(work, {facility, date, each.service}, each.secret, number);
  }
}

/// The clinic would rather give none than one of another series. A number that it gives late is void: it is
/// told of the refusal until its record has it (store/link).
void refuse_all(pqxx::work& work, const Profile& facility, const CounterKey& key, const std::string& request,
                CounterRow& counter) {
  Column tokens;
  // The same request, sent again, is another one.
  for (const auto& row : work.exec_params(
           "UPDATE ticket SET request = '', state = CASE WHEN n IS NULL THEN 'void' ELSE 'cancelled' END "
           "WHERE facility_id = $1 AND date = $2 AND request = $3 AND state IN ('asking', 'booked') "
           "RETURNING n IS NULL, token",
           facility.id, key.date, request)) {
    --counter.live;
    if (row[0].as<bool>()) --counter.given;
    tokens.add_bytes(unhex(row[1].c_str()));
  }
  forget_these(work, facility.id, key.date, tokens);
  work.exec_params("DELETE FROM request WHERE facility_id = $1 AND key = $2", facility.id, request);
}

std::string answer_of(const Profile& facility, base::Date date, const std::vector<Asked>& all) {
  const std::string service_id = all.empty() ? std::string{} : all.front().service;
  const ServiceProfile* service = facility.service(service_id);
  json::array tickets;
  for (const Asked& each : all)
    tickets.push_back(
        json::object{{"token", to_text(Token{facility.id, date, each.secret})},
                     {"number", service == nullptr ? json::value(nullptr)
                                                   : json::value(shown(*service, each.series, each.n))},
                     {"state", "booked"},
                     {"ahead", each.slot ? json::value(nullptr) : json::value(each.ahead)},
                     {"wait", nullptr}});
  return json::serialize(json::object{{"facility", facility.slug},
                                      {"service", service_id},
                                      {"slot", slot_text(all.empty() ? std::nullopt : all.front().slot)},
                                      {"drawn_at", nullptr},
                                      {"tickets", std::move(tickets)}});
}

} // namespace

base::Result<std::optional<std::string>> settle(pqxx::connection& connection, const Profile& facility,
                                                const std::string& key, bool give_up) {
  pqxx::work work(connection);
  const auto rows = work.exec_params("SELECT answer, date FROM request WHERE facility_id = $1 AND key = $2",
                                     facility.id, key);
  if (rows.empty()) return fail(Error::Code::conflict, "clinic_unreachable"); // given up meanwhile
  const int date = rows[0][1].as<int>();
  std::vector<Asked> all = tickets_of(work, facility.id, date, key);
  const auto missing = [&] {
    return std::any_of(all.begin(), all.end(), [](const Asked& each) { return each.n == 0; });
  };
  // Of a draw it was answered before its numbers were asked for.
  if (!missing() && !std::string_view(rows[0][0].c_str()).empty())
    return std::optional(std::string(rows[0][0].c_str()));
  if (missing() && !give_up) return std::nullopt;
  if (missing()) {
    // Looked at again under the lock: the clinic may have answered at this very moment.
    const CounterKey counter{facility.id, date, all.front().service};
    auto counters = lock_counters(work, {counter});
    all = tickets_of(work, facility.id, date, key);
    // The number that it had before the restore may have been told: the clinic's record is coming with it.
    if (missing() && !counters[counter].trusted) return fail(Error::Code::storage, "not_recorded");
    const ServiceProfile* service = facility.service(counter.service);
    if (missing() && service != nullptr && service->booking.refuse_when_away && !counters[counter].owner) {
      refuse_all(work, facility, counter, key, counters[counter]);
      save_counters(work, counters);
      notify(work, {facility.id});
      work.commit();
      return fail(Error::Code::conflict, "clinic_unreachable");
    }
    const int rule = service == nullptr ? 0 : service->booking.walk_in_every;
    const int every = counters[counter].walk_in_every.value_or(rule);
    give_missing(work, facility.id, date, counters[counter], every, all);
    save_counters(work, counters);
  }
  // The same request, sent twice, was given up by the other meanwhile.
  if (all.empty()) return fail(Error::Code::conflict, "clinic_unreachable");
  std::string answer = answer_of(facility, base::Date{date}, all);
  work.exec_params("UPDATE request SET answer = $3 WHERE facility_id = $1 AND key = $2 AND answer = ''",
                   facility.id, key, answer);
  notify(work, {facility.id});
  work.commit();
  return std::optional(std::move(answer));
}

std::vector<Overdue> overdue(pqxx::connection& connection, base::Instant now) {
  pqxx::read_transaction read(connection);
  std::vector<Overdue> all;
  const auto before = base::to_ms(now - numbering::forward_patience - nobody_waits);
  for (const auto& row :
       read.exec_params("SELECT DISTINCT t.facility_id, t.request FROM ticket t JOIN counter c ON "
                        "c.facility_id = t.facility_id AND c.date = t.date AND c.service = t.service WHERE "
                        "t.state = 'asking' AND t.accepted_at < $1 AND c.trusted LIMIT 256",
                        before))
    all.push_back({row[0].as<int>(), row[1].as<std::string>()});
  return all;
}

} // namespace machiai::cloud::store
