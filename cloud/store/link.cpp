// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/link.hpp"

#include "cloud/near.hpp"
#include "cloud/store/counter.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/notices.hpp"
#include "cloud/store/predicted.hpp"
#include "cloud/store/seat.hpp"
#include "cloud/token.hpp"
#include "core/wire/events.hpp"

#include <algorithm>
#include <type_traits>

namespace machiai::cloud::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

/// The service an event is about, by its place among the clinic's; none of the whole day's.
std::optional<int> service_of(const queue::EventBody& body) {
  return std::visit(
      [](const auto& each) -> std::optional<int> {
        using Body = std::decay_t<decltype(each)>;
        if constexpr (requires { each.service; }) {
          return each.service;
        } else if constexpr (requires(const Body& b) { b.ticket.service; }) {
          return each.ticket.service;
        } else {
          return std::nullopt;
        }
      },
      body);
}

/// Personal data stays in the clinic.
std::string without_personal_data(const std::string& body) {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  if (error || !value.is_object()) return "{}";
  for (const char* name : {"card", "name", "note"})
    if (json::value* field = value.get_object().if_contains(name)) *field = "";
  return json::serialize(value);
}

class Keeper {
public:
  /// `station`: whose events they are.
  Keeper(pqxx::work& work, const Profile& facility, int station = 0)
      : work_(work), facility_(facility), clinic_(clinic_of(facility)), station_(station) {}

  /// The counters of all that follows `acked`, in the order in which bookings lock them, which is not the
  /// events'.
  void lock(const std::vector<wire::EventLine>& events, std::uint64_t acked) {
    std::set<CounterKey> counters;
    for (const wire::EventLine& line : events) {
      if (line.seq != acked + 1) continue;
      acked = line.seq;
      const auto event = event_of(clinic_, line);
      const auto at = event ? service_of(event->body) : std::nullopt;
      if (at)
        counters.insert({facility_.id, line.date.days, clinic_.services[static_cast<std::size_t>(*at)].id});
    }
    (void)lock_counters(work_, counters);
  }

  base::Status keep(const wire::EventLine& line) {
    const auto event = event_of(clinic_, line);
    // A counter that the cloud has not been told of: its events are kept for the day on which it is.
    if (!event && event.error().reason == "service_gone" && !is_known_by_now(line)) return put(line);
    MACHIAI_TRY(event);
    MACHIAI_TRY(put(line));
    learn_from(line, *event);
    return {};
  }

  /// What an event that is kept says of its counter's numbers.
  void learn_from(const wire::EventLine& line, const queue::Event& event) {
    const auto at = service_of(event.body);
    if (!at) return;
    const std::string& service = clinic_.services[static_cast<std::size_t>(*at)].id;
    const numbering::Cloud before = lock_cloud(work_, facility_.id, line.date, service);
    const numbering::Cloud after = numbering::learned(before, event.body);
    if (!(after == before)) save_cloud(work_, facility_.id, line.date, service, after);
    learn(service, line, event.body);
  }

private:
  base::Status put(const wire::EventLine& line) {
    work_.exec_params(
        "INSERT INTO event (facility_id, station, seq, group_seq, epoch, kind, key, at, date, body, hash) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        facility_.id, station_, line.seq, line.group, line.epoch, line.kind, line.key, base::to_ms(line.at),
        line.date.days, without_personal_data(line.body), line.hash);
    return {};
  }

  /// The profile may be newer than the link: then this event is for the next one, which knows the counter.
  bool is_known_by_now(const wire::EventLine& line) {
    const auto row =
        work_.exec_params1("SELECT profile FROM facility WHERE facility_id = $1 FOR SHARE", facility_.id);
    boost::system::error_code error;
    const json::value document = json::parse(row[0].c_str(), error);
    if (error || !document.is_object()) return false;
    const auto profile = read_profile(document.get_object());
    return profile && event_of(clinic_of(*profile), line);
  }

  void learn(const std::string& service, const wire::EventLine& line, const queue::EventBody& body) {
    if (const auto* taken = std::get_if<queue::Taken>(&body)) {
      give_way(service, line, taken->ticket);
      const bool counted = answered(service, line, *taken);
      number(service, line, taken->ticket.series, taken->ticket.n, taken->ticket.n, "", counted);
    } else if (const auto* voided = std::get_if<queue::Voided>(&body)) {
      number(service, line, voided->series, voided->from, voided->to, voided->reason);
    } else if (std::holds_alternative<queue::Refused>(body)) {
      refused(service, line);
    } else if (const auto* cancelled = std::get_if<queue::Cancelled>(&body)) {
      state(service, line, cancelled->ticket, "cancelled");
    } else if (const auto* finished = std::get_if<queue::Finished>(&body)) {
      state(service, line, finished->ticket, "done");
    } else if (const auto* missed = std::get_if<queue::NoShow>(&body)) {
      state(service, line, missed->ticket, "no_show");
    } else if (const auto* arrived = std::get_if<queue::Arrived>(&body)) {
      here(service, line, arrived->ticket, "confirmed");
    } else if (const auto* called = std::get_if<queue::Called>(&body)) {
      here(service, line, called->ticket, "called", "none");
      again(service, line, called->ticket, "cancelled"); // the call was first
    } else if (const auto* undone = std::get_if<queue::Undone>(&body)) {
      undo(line, *undone);
    } else if (const auto* remote = std::get_if<queue::RemoteSet>(&body)) {
      work_.exec_params(
          "UPDATE counter SET stopped = $4 WHERE facility_id = $1 AND date = $2 AND service = $3",
          facility_.id, line.date.days, service, !remote->open);
    } else if (const auto* held = std::get_if<queue::WalkInsSet>(&body)) {
      work_.exec_params(
          "UPDATE counter SET walk_ins = nullif($4::int, -1), walk_in_every = nullif($5::int, -1) WHERE "
          "facility_id = $1 AND date = $2 AND service = $3",
          facility_.id, line.date.days, service, held->places, held->every);
    }
  }

  /// The number is on paper at a clinic that gave it before it knew of us: whoever booked it gets another.
  void give_way(const std::string& service, const wire::EventLine& line, const queue::TicketRef& ref) {
    const std::string series = queue::series_text(ref.series);
    const auto rows = work_.exec_params(
        "SELECT t.token, t.state, t.request FROM number n JOIN ticket t ON t.facility_id = n.facility_id AND "
        "t.date = n.date AND t.service = n.service AND t.series = n.series AND t.n = n.n WHERE "
        "n.facility_id = $1 AND n.date = $2 AND n.service = $3 AND n.series = $4 AND n.n = $5 AND NOT "
        "n.adopted",
        facility_.id, line.date.days, service, series, ref.n);
    if (rows.empty()) return;
    const std::string secret = unhex(rows[0][0].c_str());
    if (!numbering::gives_way(link_key(secret), line.key)) return;
    // Its row is made anew, as the clinic's.
    work_.exec_params(
        "DELETE FROM number WHERE facility_id = $1 AND date = $2 AND service = $3 AND series = $4 AND "
        "n = $5",
        facility_.id, line.date.days, service, series, ref.n);
    const CounterKey key{facility_.id, line.date.days, service};
    if (std::string_view(rows[0][1].c_str()) == "booked")
      number_anew(key, secret, rows[0][2].c_str());
    else
      work_.exec_params(
          "UPDATE ticket SET series = NULL, n = NULL, told = state WHERE facility_id = $1 AND date = $2 "
          "AND token = $3",
          key.facility, key.date, hex(secret));
  }

  void number_anew(const CounterKey& key, const std::string& secret, const std::string& request) {
    auto counters = lock_counters(work_, {key});
    const Number number = give_alone(counters[key]);
    save_counters(work_, counters);
    number_ticket(work_, key, secret, number);
    // Who asks again is told what holds now.
    const auto rows = work_.exec_params("SELECT answer FROM request WHERE facility_id = $1 AND key = $2",
                                        key.facility, request);
    boost::system::error_code error;
    json::value answer = rows.empty() ? json::value() : json::parse(rows[0][0].c_str(), error);
    json::object* told = error ? nullptr : answer.if_object();
    if (told == nullptr || !told->contains("tickets")) return;
    const std::string token = to_text(Token{key.facility, base::Date{key.date}, secret});
    for (json::value& each : told->at("tickets").as_array())
      if (each.at("token") == json::value(token))
        each.as_object()["number"] = shown(*facility_.service(key.service), number.series, number.n);
    work_.exec_params("UPDATE request SET answer = $3 WHERE facility_id = $1 AND key = $2", key.facility,
                      request, json::serialize(answer));
  }

  /// The number of a request that was sent on to the clinic: its ticket has it now. Whether it was one.
  bool answered(const std::string& service, const wire::EventLine& line, const queue::Taken& taken) {
    if (line.key.empty()) return false;
    for (const auto& row : work_.exec_params(
             "SELECT token FROM ticket WHERE facility_id = $1 AND date = $2 AND service = $3 AND state = "
             "'asking'",
             facility_.id, line.date.days, service)) {
      if (link_key(unhex(row[0].c_str())) != line.key) continue;
      work_.exec_params(
          "UPDATE ticket SET series = $4, n = $5, ahead = $6, state = 'booked' WHERE facility_id = $1 AND "
          "date = $2 AND token = $3",
          facility_.id, line.date.days, row[0].c_str(), queue::series_text(taken.ticket.series),
          taken.ticket.n, taken.ahead);
      return true;
    }
    return false;
  }

  /// The clinic's record has it that this request got no number.
  void refused(const std::string& service, const wire::EventLine& line) {
    for (const auto& row : work_.exec_params(
             "SELECT token FROM ticket WHERE facility_id = $1 AND date = $2 AND service = $3 AND state = "
             "'void' AND n IS NULL AND told IS NULL",
             facility_.id, line.date.days, service))
      if (link_key(unhex(row[0].c_str())) == line.key)
        work_.exec_params(
            "UPDATE ticket SET told = 'void' WHERE facility_id = $1 AND date = $2 AND token = $3",
            facility_.id, line.date.days, row[0].c_str());
  }

  /// What the clinic knows of the arrival; `was`: only in place of that.
  void here(const std::string& service, const wire::EventLine& line, const queue::TicketRef& ref,
            const char* arrival, const char* was = "") {
    work_.exec_params(
        "UPDATE ticket SET arrival = $6 WHERE facility_id = $1 AND date = $2 AND service = $3 AND series = "
        "$4 AND n = $5 AND $7 IN ('', arrival)",
        facility_.id, line.date.days, service, queue::series_text(ref.series), ref.n, arrival, was);
  }

  /// A ticket that was over in this way is not over after all.
  void again(const std::string& service, const wire::EventLine& line, const queue::TicketRef& ref,
             const char* was) {
    work_.exec_params(
        "UPDATE ticket SET state = 'booked', told = NULL WHERE facility_id = $1 AND date = $2 AND service = "
        "$3 AND series = $4 AND n = $5 AND state = $6",
        facility_.id, line.date.days, service, queue::series_text(ref.series), ref.n, was);
  }

  /// Every event of the command that is taken back; they stand together from `group` on.
  void undo(const wire::EventLine& line, const queue::Undone& undone) {
    for (const auto& row : work_.exec_params(
             "SELECT kind, body FROM event WHERE facility_id = $1 AND station = $4 AND seq >= $2 AND seq < "
             "$3 AND group_seq = $2 ORDER BY seq DESC",
             facility_.id, undone.group, line.seq, station_)) {
      const auto body = wire::event_from_json(clinic_, row[0].c_str(), row[1].c_str());
      const auto* ref = body ? wire::event_ticket(*body) : nullptr;
      if (ref == nullptr) continue;
      const std::string& service = clinic_.services[static_cast<std::size_t>(ref->service)].id;
      if (std::holds_alternative<queue::Taken>(*body)) one_less_given(service, line);
      if (std::holds_alternative<queue::Cancelled>(*body)) again(service, line, *ref, "cancelled");
      if (std::holds_alternative<queue::Finished>(*body)) again(service, line, *ref, "done");
      if (std::holds_alternative<queue::NoShow>(*body)) again(service, line, *ref, "no_show");
      if (std::holds_alternative<queue::Arrived>(*body)) here(service, line, *ref, "none");
      if (std::holds_alternative<queue::Called>(*body)) here(service, line, *ref, "none", "called");
    }
  }

  /// Nobody has the number: it counts for no cap, here as there.
  void one_less_given(const std::string& service, const wire::EventLine& line) {
    work_.exec_params(
        "UPDATE counter SET given = given - 1 WHERE facility_id = $1 AND date = $2 AND service = $3",
        facility_.id, line.date.days, service);
  }

  /// A number that the clinic's record has (N3); of ours it is adopted, of others the row is made.
  void number(const std::string& service, const wire::EventLine& line, const queue::Series& series,
              std::uint32_t from, std::uint32_t to, const std::string& reason, bool counted = false) {
    const auto made =
        work_.exec_params("INSERT INTO number (facility_id, date, service, series, n, key, reason, "
                          "accepted_at, adopted) SELECT $1, $2, $3, "
                          "$4, g, nullif($7, ''), nullif($8, ''), $9, true FROM generate_series($5::int, "
                          "$6::int) AS g ON CONFLICT "
                          "(facility_id, date, service, series, n) DO UPDATE SET adopted = true, reason = "
                          "excluded.reason RETURNING "
                          "(xmax = 0)",
                          facility_.id, line.date.days, service, queue::series_text(series), from, to,
                          reason.empty() ? line.key : "", reason, base::to_ms(line.at));
    const auto fresh =
        std::count_if(made.begin(), made.end(), [](const auto& row) { return row[0].template as<bool>(); });
    if (reason.empty() && fresh > 0 && !counted)
      work_.exec_params(
          "UPDATE counter SET given = given + 1, live = live + 1 WHERE facility_id = $1 AND date = $2 AND "
          "service = $3",
          facility_.id, line.date.days, service);
    if (!reason.empty())
      work_.exec_params(
          "UPDATE ticket SET state = 'void' WHERE facility_id = $1 AND date = $2 AND service = $3 AND series "
          "= $4 AND n BETWEEN $5 AND $6 AND state NOT IN ('done', 'no_show', 'cancelled')",
          facility_.id, line.date.days, service, queue::series_text(series), from, to);
  }

  void state(const std::string& service, const wire::EventLine& line, const queue::TicketRef& ref,
             const char* state) {
    const auto rows = work_.exec_params(
        "UPDATE ticket SET state = $6, told = $6 WHERE facility_id = $1 AND date = $2 AND service = $3 AND "
        "series = $4 AND n = $5 RETURNING token",
        facility_.id, line.date.days, service, queue::series_text(ref.series), ref.n, state);
    if (std::string_view(state) != "cancelled") return;
    for (const auto& row : rows) pass_notice_on(work_, {facility_.id, line.date, unhex(row[0].c_str())});
  }

  pqxx::work& work_;
  const Profile& facility_;
  queue::Clinic clinic_;
  int station_;
};

/// A record that begins as an earlier station's did is that station's, whatever it was enrolled as.
base::Status is_no_earlier(pqxx::work& work, int facility, const numbering::Seat& seat,
                           const wire::EventLine& first) {
  if (seat.station == 0) return {};
  const auto rows = work.exec_params(
      "SELECT 1 FROM event WHERE facility_id = $1 AND station < $2 AND seq = $3 AND hash = $4 LIMIT 1",
      facility, static_cast<int>(seat.station), first.seq, first.hash);
  return rows.empty() ? base::Status{} : fail(Error::Code::conflict, "station_replaced");
}

/// Nobody is let in until the transaction is over.
bool is_last_link(pqxx::work& work, int facility, const Speaker& speaker) {
  const auto row = work.exec_params1("SELECT link = $2 FROM seat WHERE facility_id = $1 FOR SHARE", facility,
                                     speaker.link);
  return row[0].as<bool>();
}

/// The seat, locked, with what was heard just now.
base::Result<numbering::Seat> seat_of(pqxx::work& work, int facility, const Speaker& speaker,
                                      base::Instant now) {
  auto seat = numbering::heard(lock_seat(work, facility), speaker.nonce, speaker.lineage, now);
  if (seat && !is_last_link(work, facility, speaker)) return fail(Error::Code::conflict, "station_busy");
  return seat;
}

/// Pressed on the phone, and the clinic had called: it goes by the call.
void take_cancels_back(pqxx::work& work, int facility, base::Date date, const json::object& document) {
  for (const auto& row : work.exec_prepared("open_cancels", facility, date.days)) {
    const Placed ticket{row[1].c_str(), row[2].c_str(), row[3].as<int>(), "cancelled"};
    if (is_called(document, date, ticket))
      work.exec_prepared("set_state", facility, date.days, row[0].c_str(), "booked");
  }
}

} // namespace

base::Result<numbering::Welcome> admit(pqxx::connection& connection, int facility,
                                       const numbering::Hello& hello, const std::string& link,
                                       base::Instant now) {
  pqxx::work work(connection);
  const auto admitted = numbering::admit(lock_seat(work, facility), hello, now);
  MACHIAI_TRY(admitted);
  save_seat(work, facility, admitted->next);
  work.exec_params("UPDATE seat SET link = $2 WHERE facility_id = $1", facility, link);
  work.commit();
  return admitted->welcome;
}

base::Status heard(pqxx::connection& connection, int facility, const Speaker& speaker, base::Instant now) {
  pqxx::work work(connection);
  const auto seat = seat_of(work, facility, speaker, now);
  MACHIAI_TRY(seat);
  save_seat(work, facility, *seat);
  work.commit();
  return {};
}

void left(pqxx::connection& connection, int facility, const Speaker& speaker) {
  pqxx::work work(connection);
  const auto seat = numbering::left(lock_seat(work, facility), speaker.nonce);
  if (!is_last_link(work, facility, speaker)) return;
  save_seat(work, facility, seat);
  work.commit();
}

base::Result<std::uint64_t> keep_events(pqxx::connection& connection, const Profile& facility,
                                        const Speaker& speaker, const std::vector<wire::EventLine>& events,
                                        base::Instant now) {
  pqxx::work work(connection);
  auto seat = seat_of(work, facility.id, speaker, now);
  MACHIAI_TRY(seat);
  Keeper keeper(work, facility, seat->station);
  keeper.lock(events, seat->acked);
  for (const wire::EventLine& each : events) {
    if (each.seq != seat->acked + 1) continue;
    if (seat->acked == 0) MACHIAI_TRY(is_no_earlier(work, facility.id, *seat, each));
    MACHIAI_TRY(keeper.keep(each));
    seat->acked = each.seq;
    seat->hash = each.hash;
  }
  save_seat(work, facility.id, *seat);
  work.commit();
  return seat->acked;
}

std::vector<wire::LinkFrame> claim(pqxx::connection& connection, const Profile& facility,
                                   const Speaker& speaker, const numbering::About& about,
                                   const numbering::Claim& claim) {
  std::vector<wire::LinkFrame> frames;
  if (facility.service(about.service) == nullptr) return frames;
  pqxx::work work(connection);
  if (!is_last_link(work, facility.id, speaker)) return frames;
  const numbering::Cloud before = lock_cloud(work, facility.id, about.date, about.service);
  const auto step = numbering::receive(before, claim);
  if (!(step.next == before)) save_cloud(work, facility.id, about.date, about.service, step.next);
  work.commit();
  for (const numbering::Message& each : step.send) frames.emplace_back(wire::LinkSays{about, each});
  return frames;
}

void learn_added(pqxx::work& work, const Profile& before, const Profile& after, base::Date today) {
  Keeper keeper(work, after);
  const queue::Clinic without = clinic_of(before);
  const queue::Clinic with = clinic_of(after);
  for (const wire::EventLine& line : events_since(work, after.id, today)) {
    if (event_of(without, line)) continue;
    if (const auto event = event_of(with, line)) keeper.learn_from(line, *event);
  }
}

void save_projection(pqxx::connection& connection, const Profile& facility, const Speaker& speaker,
                     base::Date date, const json::object& document, base::Instant heard, base::Instant now) {
  pqxx::work work(connection);
  if (!is_last_link(work, facility.id, speaker)) return;
  work.exec_prepared("save_projection", facility.id, date.days, json::serialize(document),
                     base::to_ms(heard));
  follow_projection(work, facility, date, document, now); // locks the counters, as all do before tickets
  take_cancels_back(work, facility.id, date, document);
  mark_notices(work, facility.id, date, document, now);
  work.commit();
}

} // namespace machiai::cloud::store
