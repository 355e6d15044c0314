// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/take_over.hpp"

#include "cloud/store/counter.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/store/link.hpp"
#include "cloud/store/seat.hpp"
#include "cloud/store/statements.hpp"
#include "cloud/token.hpp"
#include "core/queue/day.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace machiai::cloud::store {

namespace {

using base::Error;
using base::fail;

/// A clinic that is open past midnight still has yesterday's date.
constexpr int dates_it_may_hold = 1;

void void_numbers(pqxx::work& work, int facility, const LostNumbers& lost, base::Instant now) {
  work.exec_params("INSERT INTO number (facility_id, date, service, series, n, reason, accepted_at) SELECT "
                   "$1, $2, $3, $4, g, 'owner_lost', $5 FROM generate_series($6::int, $7::int) AS g ON "
                   "CONFLICT DO NOTHING",
                   facility, lost.date.days, lost.service, queue::series_text(queue::main_series),
                   base::to_ms(now), lost.from, lost.to);
}

/// The lost station's day as far as it came up.
queue::Day day_of(pqxx::work& work, const Profile& facility) {
  const queue::Clinic clinic = clinic_of(facility);
  queue::Day day = queue::new_day(clinic);
  for (const wire::EventLine& line : events_of_day(work, facility.id))
    if (const auto event = event_of(clinic, line)) queue::fold(clinic, day, *event);
  return day;
}

/// A range that is made row by row, and goes down to the next station as one.
constexpr std::uint32_t most_above = 9'000;

base::Result<OnPaper> by_service(const Profile& facility, const OnPaper& above) {
  OnPaper named;
  for (const auto& [wanted, n] : above) {
    const auto found =
        std::find_if(facility.services.begin(), facility.services.end(), [&](const auto& each) {
          return wanted.empty() || each.id == wanted || std::to_string(each.number) == wanted;
        });
    if (found == facility.services.end()) return fail(Error::Code::not_found, "unknown_service", wanted);
    if (n == 0 || n > most_above || (wanted.empty() && facility.services.size() > 1))
      return fail(Error::Code::invalid, "bad_argument", "--above");
    named[found->id] = std::max(named[found->id], n);
  }
  return named;
}

/// In the order in which bookings lock them. Dates to come of a restored cloud are the next station's to
/// settle, as they were the lost one's: it cannot have given of them. What is on paper is of `open`.
std::vector<LostNumbers> take_counters(pqxx::work& work, int facility, const OnPaper& above, base::Date open,
                                       base::Instant now) {
  const base::Date today = base::civil_date(now);
  std::set<std::pair<int, std::string>> wanted;
  for (const auto& row : work.exec_params(
           "SELECT date, service FROM counter WHERE facility_id = $1 AND date >= $2 AND (trusted OR date <= "
           "$3)",
           facility, today.days - dates_it_may_hold, today.days))
    wanted.insert({row[0].as<int>(), row[1].as<std::string>()});
  for (const auto& [service, n] : above) wanted.insert({open.days, service});
  std::vector<LostNumbers> all;
  for (const auto& [date, service] : wanted) {
    LostNumbers lost{base::Date{date}, service, 0, 0};
    const auto on_paper = lost.date == open ? above.find(service) : above.end();
    const auto taken = numbering::take_over(lock_cloud(work, facility, lost.date, service),
                                            on_paper == above.end() ? 0 : on_paper->second);
    save_cloud(work, facility, lost.date, service, taken.next);
    // What its forecast said holds no longer.
    work.exec_params("UPDATE counter SET paused = false, predicted_end = NULL, predicted_at = NULL WHERE "
                     "facility_id = $1 AND date = $2 AND service = $3",
                     facility, lost.date.days, lost.service);
    if (taken.void_from == 0) continue;
    lost.from = taken.void_from;
    lost.to = taken.void_to;
    void_numbers(work, facility, lost, now);
    all.push_back(std::move(lost));
  }
  return all;
}

/// The business date that it had open, if that is not long over.
base::Date open_date(const queue::Day& day, base::Instant now) {
  const base::Date today = base::civil_date(now);
  return day.opened && day.date.days >= today.days - dates_it_may_hold && day.date <= today ? day.date
                                                                                            : today;
}

/// Those whom its kiosk gave a number, and who still wait, keep it at the next station.
void hand_on_waiting(pqxx::work& work, const Profile& facility, const queue::Day& day) {
  Column services;
  Column series;
  Column numbers;
  Column kinds;
  for (const queue::Ticket& ticket : day.tickets) {
    if (!queue::is_live(ticket.state)) continue;
    const ServiceProfile& service = facility.services[ticket.service];
    services.add(service.id);
    series.add(queue::series_text(ticket.series));
    numbers.add(static_cast<std::int64_t>(ticket.n));
    kinds.add(ticket.kind < service.kinds.size() ? service.kinds[ticket.kind] : std::string{});
  }
  work.exec_params(
      "UPDATE number SET reason = NULL, kind = u.k FROM unnest($3::text[], $4::text[], $5::int[], "
      "$6::text[]) AS u(s, a, n, k) WHERE number.facility_id = $1 AND number.date = $2 AND number.service = "
      "u.s AND number.series = u.a AND number.n = u.n AND number.key IS NOT NULL AND NOT EXISTS (SELECT 1 "
      "FROM ticket t WHERE t.facility_id = number.facility_id AND t.date = number.date AND t.service = "
      "number.service AND t.series = number.series AND t.n = number.n)",
      facility.id, day.date.days, services.text(), series.text(), numbers.text(), kinds.text());
}

/// The next station's record is empty: all numbers from today on go down once more, those of visits that are
/// over as void. Gives how many are somebody's who still waits or will come.
std::int64_t hand_on(pqxx::work& work, const Profile& facility, base::Instant now) {
  const int today = base::civil_date(now).days;
  work.exec_params("UPDATE number SET adopted = false, kind = NULL, reason = CASE WHEN EXISTS (SELECT 1 "
                   "FROM ticket t WHERE t.facility_id = number.facility_id AND t.date = number.date AND "
                   "t.service = number.service AND t.series = number.series AND t.n = number.n AND t.state "
                   "= 'booked') THEN NULL ELSE coalesce(reason, 'of_before') END WHERE facility_id = $1 AND "
                   "date >= $2",
                   facility.id, today);
  const queue::Day day = day_of(work, facility);
  if (day.date.days >= today) hand_on_waiting(work, facility, day);
  // Who was here is here, and what was said of the others is said anew.
  work.exec_params(
      "UPDATE ticket SET told = NULL, arrival = CASE WHEN arrival IN ('confirmed', 'called') THEN 'asked' "
      "ELSE arrival END WHERE facility_id = $1 AND date >= $2 AND state = 'booked'",
      facility.id, today);
  return work
      .exec_params1("SELECT count(*) FROM number WHERE facility_id = $1 AND date >= $2 AND reason IS NULL",
                    facility.id, today)[0]
      .as<std::int64_t>();
}

} // namespace

base::Result<TakenOver> take_over(pqxx::connection& connection, const std::string& facility,
                                  bool though_linked, const OnPaper& above, base::Instant now) {
  prepare(connection);
  const Facilities known = load_facilities(connection);
  pqxx::work work(connection);
  const auto named = find_facility(work, facility);
  MACHIAI_TRY(named);
  const auto found = std::find_if(known.all.begin(), known.all.end(),
                                  [&](const Profile& each) { return each.id == *named; });
  if (found == known.all.end()) return fail(Error::Code::not_found, "unknown_facility");
  const auto on_paper = by_service(*found, above);
  MACHIAI_TRY(on_paper);
  work.exec_prepared("stations_of", found->id);
  const numbering::Seat seat = lock_seat(work, found->id);
  if (seat.lineage == 0 && seat.acked == 0) return fail(Error::Code::not_found, "no_station");
  if (!though_linked && !numbering::waited_enough(seat.heard, now, numbering::station_lease))
    return fail(Error::Code::conflict, "station_linked");
  TakenOver done;
  done.record = seat.acked;
  done.heard = seat.heard;
  done.lost = take_counters(work, found->id, *on_paper, open_date(day_of(work, *found), now), now);
  done.handed_on = hand_on(work, *found, now); // before the seat: the day is still the lost one's
  const numbering::Seat next = numbering::replaced(seat);
  done.station = next.station;
  save_seat(work, found->id, next);
  work.exec_params("UPDATE certificate SET replaced = true, revoked_at = coalesce(revoked_at, $2) WHERE "
                   "facility_id = $1",
                   found->id, base::to_ms(now));
  done.code = add_code(work, found->id, now);
  // Its link ends, on whichever node it is.
  notify(work, {found->id});
  work.commit();
  return done;
}

} // namespace machiai::cloud::store
