// SPDX-License-Identifier: Apache-2.0
// GET /v1/facilities/{facility}/services/{service}/slots: which times can be booked. Numbers of places alone;
// nobody is told of.
#include "cloud/routes.hpp"
#include "cloud/store/slots.hpp"
#include "core/booking/slots.hpp"
#include "core/wire/messages.hpp"

#include <algorithm>
#include <charconv>

namespace machiai::cloud {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr int most_days = 14;
constexpr int usual_days = 7;

struct Question {
  base::Date from;
  int days = usual_days;
};

/// `from` is today or later, as far ahead as anything can be booked.
Result<Question> read_asked(const Request& request, base::Date today) {
  Question asked{today, usual_days};
  const std::string from = request.argument("from");
  const std::string days = request.argument("days");
  if (!from.empty()) {
    const auto date = base::parse_iso_date(from);
    if (!date || *date < today || date->days > today.days + booking::most_days_ahead)
      return fail(Error::Code::invalid, "bad_argument", "from");
    asked.from = *date;
  }
  if (days.empty()) return asked;
  const auto [end, error] = std::from_chars(days.data(), days.data() + days.size(), asked.days);
  if (error != std::errc{} || end != days.data() + days.size() || asked.days < 1 || asked.days > most_days)
    return fail(Error::Code::invalid, "bad_argument", "days");
  return asked;
}

/// When a slot that is too far ahead can be booked.
json::value opens(const booking::SlotOffer& offer, base::Date date) {
  if (offer.reason != "slot_too_far") return nullptr;
  return json::value(base::iso_date(base::Date{date.days - offer.slot.days_ahead}));
}

json::object told(const booking::SlotOffer& offer, base::Date date, std::string_view lang) {
  return {{"slot", store::slot_text(offer.slot.begin)},
          {"minutes", offer.slot.minutes},
          {"places", offer.slot.places},
          {"free", offer.reason.empty() ? offer.free : 0},
          {"reason", offer.reason},
          {"opens", opens(offer, date)},
          {"message", offer.reason.empty() ? std::string{} : wire::message(offer.reason, lang)}};
}

} // namespace

Routes::Reply Routes::slots(Request& request, const std::string& name) {
  Place* place = node_.find(std::string_view(request.path[facility_part]));
  if (place == nullptr) co_return fail(Error::Code::not_found, "unknown_facility");
  const auto profile = place->profile;
  const ServiceProfile* service = profile->service(name);
  if (service == nullptr) co_return fail(Error::Code::not_found, "unknown_service");
  const auto now = node_.clock.now();
  const auto today = base::civil_date(now);
  const auto asked = read_asked(request, today);
  if (!asked) co_return tl::unexpected(asked.error());
  const auto day = co_await node_.day(*place, false);
  if (!day) co_return tl::unexpected(day.error());
  const base::Date last{asked->from.days + asked->days - 1};
  const store::Database::Work<store::SlotsKnown> work =
      [id = profile->id, which = service->id, from = asked->from,
       last](pqxx::connection& connection) -> Result<store::SlotsKnown> {
    return store::slots_known(connection, id, which, from, last);
  };
  const auto known = co_await node_.database.run<store::SlotsKnown>(work);
  if (!known) co_return tl::unexpected(known.error());
  const auto counter = (*day)->counters.find(service->id);
  const bool stopped = counter != (*day)->counters.end() && counter->second.stopped;
  json::array days;
  for (base::Date date = asked->from; date <= last; ++date.days) {
    auto rules = rules_on(*service, stopped && date == today, date);
    rules.unsure_until = known->unsure_until;
    json::array slots;
    for (const auto& each :
         booking::slot_offers(*node_.provider, profile->contract, rules, date, known->taken, now))
      slots.push_back(told(each, date, request.lang));
    days.push_back(json::object{{"date", base::iso_date(date)}, {"slots", std::move(slots)}});
  }
  std::string body = json::serialize(
      json::object{{"facility", profile->slug}, {"service", service->id}, {"days", std::move(days)}});
  std::string etag = etag_of(body);
  Response response = with_etag(request, std::move(body), std::move(etag), "public, max-age=2");
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  co_return response;
}

} // namespace machiai::cloud
