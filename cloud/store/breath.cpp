// SPDX-License-Identifier: Apache-2.0
// What is told down a link with each breath; what comes up is kept in link.cpp.
#include "cloud/store/counter.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/link.hpp"
#include "cloud/store/seat.hpp"
#include "cloud/token.hpp"

namespace machiai::cloud::store {

namespace {

constexpr int most_offers = 64;

/// Of how many places one is kept for walk-ins; what the clinic has set for today it knows itself.
int rule_of(const Profile& facility, const std::string& service) {
  const ServiceProfile* known = facility.service(service);
  return known == nullptr ? 0 : known->booking.walk_in_every;
}

/// Requests that wait for the clinic's number, in the order in which they were accepted; and what was refused
/// because the clinic did not answer, as often as it takes: it may have given a number.
void ask_numbers(pqxx::work& work, const Profile& facility, base::Date date, std::uint32_t generation,
                 const std::string& service, std::vector<wire::LinkFrame>& frames) {
  // As the index `ticket_open` has it.
  const auto rows = work.exec_params(
      "SELECT t.token, t.kind, coalesce(t.slot, t.accepted_at), p.card, p.name, t.state = 'asking' FROM "
      "ticket t LEFT JOIN person p ON p.facility_id = t.facility_id AND p.date = t.date AND p.token = "
      "t.token "
      "WHERE t.facility_id = $1 AND t.date = $2 AND t.service = $3 AND (t.state = 'asking' OR (t.state = "
      "'void' AND t.n IS NULL AND t.told IS NULL)) ORDER BY t.state, t.accepted_at, t.request, t.place LIMIT "
      "$4",
      facility.id, date.days, service, most_offers);
  for (const auto& row : rows) {
    numbering::About about{service, date, "", "", ""};
    std::string key = link_key(unhex(row[0].c_str()));
    if (!row[5].as<bool>()) {
      numbering::Offer offer;
      offer.what = numbering::Offer::What::refused;
      offer.generation = generation;
      offer.key = std::move(key);
      offer.reason = "clinic_unreachable";
      frames.emplace_back(wire::LinkSays{about, offer});
      continue;
    }
    about.kind = row[1].c_str();
    about.card = row[3].is_null() ? "" : row[3].c_str();
    about.name = row[4].is_null() ? "" : row[4].c_str();
    frames.emplace_back(wire::LinkSays{
        about, numbering::Request{std::move(key), base::instant_from_ms(row[2].as<std::int64_t>()),
                                  rule_of(facility, service)}});
  }
}

/// Void numbers that follow each other go down as one.
bool joins_last(std::vector<wire::LinkFrame>& frames, const numbering::Offer& offer) {
  auto* says = frames.empty() ? nullptr : std::get_if<wire::LinkSays>(&frames.back());
  auto* last = says == nullptr ? nullptr : std::get_if<numbering::Offer>(&says->message);
  if (last == nullptr || last->what != offer.what || last->series != offer.series ||
      last->reason != offer.reason || last->to + 1 != offer.n)
    return false;
  last->to = offer.n;
  return true;
}

void offer_numbers(pqxx::work& work, const Profile& facility, base::Date date, std::uint32_t generation,
                   const std::string& service, std::vector<wire::LinkFrame>& frames) {
  const auto rows = work.exec_params("SELECT n.series, n.n, n.reason, n.accepted_at, t.token, t.kind, "
                                     "p.card, p.name, n.kind FROM number n LEFT JOIN ticket t ON "
                                     "t.facility_id = n.facility_id AND t.date = n.date AND t.service = "
                                     "n.service AND t.series = n.series AND t.n = n.n "
                                     "LEFT JOIN person p ON p.facility_id = t.facility_id AND p.date = "
                                     "t.date AND p.token = t.token WHERE n.facility_id = "
                                     "$1 AND n.date = $2 AND n.service = $3 AND NOT n.adopted ORDER BY "
                                     "n.accepted_at, n.series, n.n LIMIT $4",
                                     facility.id, date.days, service, most_offers);
  for (const auto& row : rows) {
    numbering::Offer offer;
    offer.generation = generation;
    offer.series = queue::parse_series(row[0].c_str()).value_or(queue::main_series);
    offer.n = offer.to = row[1].as<std::uint32_t>();
    offer.accepted = base::instant_from_ms(row[3].as<std::int64_t>());
    numbering::About about{service, date, "", "", ""};
    const bool of_earlier_kiosk = row[4].is_null() && !row[8].is_null();
    if (of_earlier_kiosk) {
      about.kind = row[8].c_str();
    } else if (row[4].is_null() || !row[2].is_null()) {
      offer.what = numbering::Offer::What::voided;
      offer.reason = row[2].is_null() ? "of_before" : row[2].c_str();
      if (joins_last(frames, offer)) continue;
    } else {
      offer.key = link_key(unhex(row[4].c_str()));
      offer.every = rule_of(facility, service);
      about.kind = row[5].c_str();
      about.card = row[6].is_null() ? "" : row[6].c_str();
      about.name = row[7].is_null() ? "" : row[7].c_str();
    }
    frames.emplace_back(wire::LinkSays{about, offer});
  }
}

} // namespace

std::vector<wire::LinkFrame> breath(pqxx::connection& connection, const Profile& facility, base::Date date) {
  std::vector<wire::LinkFrame> frames;
  pqxx::work work(connection);
  std::set<CounterKey> counters;
  for (const ServiceProfile& each : facility.services) counters.insert({facility.id, date.days, each.id});
  (void)lock_counters(work, counters); // in the order in which bookings do, which is not the profile's
  for (const ServiceProfile& service : facility.services) {
    const numbering::Cloud cloud = lock_cloud(work, facility.id, date, service.id);
    std::vector<wire::LinkFrame> offers;
    offer_numbers(work, facility, date, cloud.generation, service.id, offers);
    for (const numbering::Message& each : numbering::breath(cloud, offers.empty()))
      frames.emplace_back(wire::LinkSays{numbering::About{service.id, date, "", "", ""}, each});
    for (wire::LinkFrame& each : offers) frames.push_back(std::move(each));
    ask_numbers(work, facility, date, cloud.generation, service.id, frames);
  }
  // Until the clinic's own events say the same, which takes the row out of here.
  const auto rows = work.exec_params("SELECT t.service, t.token, t.state FROM ticket t JOIN number n ON "
                                     "n.facility_id = t.facility_id AND n.date = t.date "
                                     "AND n.service = t.service AND n.series = t.series AND n.n = t.n WHERE "
                                     "t.facility_id = $1 AND t.date = $2 AND "
                                     "n.adopted AND ((t.state = 'cancelled' AND t.told IS DISTINCT FROM "
                                     "'cancelled') OR (t.state = 'booked' AND "
                                     "t.arrival = 'asked')) LIMIT 64",
                                     facility.id, date.days);
  for (const auto& row : rows) {
    const std::string key = link_key(unhex(row[1].c_str()));
    if (std::string_view(row[2].c_str()) == "cancelled")
      frames.emplace_back(wire::LinkCancel{row[0].c_str(), date, key});
    else
      frames.emplace_back(wire::LinkArrive{row[0].c_str(), date, key});
  }
  work.commit();
  return frames;
}

} // namespace machiai::cloud::store
