// SPDX-License-Identifier: Apache-2.0
// POST /v1/facilities/{facility}/bookings: the form of a booking, held against its schema, and its answer.
#include "cloud/card.hpp"
#include "cloud/routes.hpp"
#include "core/base/text.hpp"
#include "core/booking/slots.hpp"

#include <algorithm>

namespace machiai::cloud {

namespace http = boost::beast::http;
namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

namespace {

constexpr std::size_t most_people = 6;
constexpr std::size_t longest_person = 40;
constexpr int least_digits = 6;   ///< of a telephone
constexpr int most_days_back = 7; ///< as long as keys are known

std::string text_of(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains({name.data(), name.size()});
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

bool only(std::string_view text, std::size_t least, std::size_t most, std::string_view of) {
  return text.size() >= least && text.size() <= most && text.find_first_not_of(of) == std::string_view::npos;
}

Result<store::PersonAsked> read_person(const Profile& facility, const json::object& from,
                                       const std::string& card_key, base::Instant now,
                                       const std::string& place) {
  store::PersonAsked person;
  const std::string card = text_of(from, "card");
  const std::string birth = text_of(from, "birth");
  const std::string name = text_of(from, "name");
  const std::string phone = text_of(from, "phone");
  if (from.contains("card")) {
    if (!facility.by_card || !is_card(card)) return fail(Error::Code::invalid, "bad_card", place);
    if (!is_birth(birth, now)) return fail(Error::Code::invalid, "bad_birth", place);
    person.card = base::Pii(card);
    person.birth = base::Pii(birth);
    person.pair_mac = pair_mac(card_key, facility.id, card, birth);
    person.typed_pair_mac = typed_pair_mac(card_key, facility.id, card, birth);
    person.card_mac = card_mac(card_key, facility.id, card);
    return person;
  }
  if (!facility.by_name || base::is_blank(name)) return fail(Error::Code::invalid, "bad_name", place);
  if (const auto right = base::check_text(name, longest_person); !right)
    return fail(Error::Code::invalid, right.error().reason == "bad_text" ? "bad_text" : "bad_name", place);
  const auto digits =
      std::count_if(phone.begin(), phone.end(), [](char each) { return each >= '0' && each <= '9'; });
  if (!only(phone, 6, 20, "0123456789+() -") || digits < least_digits)
    return fail(Error::Code::invalid, "bad_phone", place);
  const json::value* born = from.if_contains("birth");
  const bool text = born == nullptr || born->is_string();
  if (!text || (!birth.empty() && !is_birth(birth, now)))
    return fail(Error::Code::invalid, "bad_birth", place);
  person.birth = base::Pii(birth);
  person.name = base::Pii(name);
  person.phone = base::Pii(phone);
  return person;
}

/// A slot of a date for which there can be a counter at all: callers do not choose what rows are made. The
/// rest is decided under that counter's lock, so that a key that was used gets its answer also when the slot
/// is past.
Result<base::Instant> read_slot(const ServiceProfile& service, const std::string& text, base::Instant now) {
  const auto begin = base::parse_iso_instant(text);
  if (!begin) return fail(Error::Code::invalid, "bad_slot");
  if (service.booking.slots.empty()) return fail(Error::Code::conflict, "slot_unknown");
  const int ahead = base::civil_date(*begin).days - base::civil_date(now).days;
  if (ahead > booking::most_days_ahead) return fail(Error::Code::conflict, "slot_too_far");
  if (ahead < -most_days_back) return fail(Error::Code::conflict, "slot_past");
  return *begin;
}

} // namespace

Result<store::BookingAsked> Routes::read_booking(const Request& request, Place& place) {
  if (!request.is_json()) return fail(Error::Code::invalid, "not_json");
  const std::string_view key = request.header("Idempotency-Key");
  if (!base::is_key(key) || key.size() < 16) return fail(Error::Code::invalid, "bad_key");
  boost::system::error_code error;
  const json::value body = json::parse(request.message.body(), error);
  const json::object* object = error ? nullptr : body.if_object();
  if (object == nullptr) return fail(Error::Code::invalid, "bad_body");
  store::BookingAsked asked;
  asked.facility = place.profile;
  asked.provider = node_.provider;
  asked.keep_days = node_.keep.people_days;
  asked.at = node_.clock.now();
  asked.key = key;
  asked.body = sha256(request.message.body());
  const std::string service_name = text_of(*object, "service");
  const ServiceProfile* service = place.profile->service(service_name);
  const json::value* people = object->if_contains("people");
  if (!object->contains("service") || service_name.empty())
    return fail(Error::Code::invalid, "bad_body", "service");
  if (service == nullptr && place.profile->contract.queue)
    return fail(Error::Code::not_found, "unknown_service");
  if (people == nullptr || !people->is_array() || people->get_array().empty() ||
      people->get_array().size() > most_people)
    return fail(Error::Code::invalid, "bad_people");
  if (service == nullptr) return fail(Error::Code::conflict, "signage_only");
  asked.service = service->id;
  asked.kind = object->contains("kind") ? text_of(*object, "kind") : service->kinds.front();
  if (std::find(service->kinds.begin(), service->kinds.end(), asked.kind) == service->kinds.end())
    return fail(Error::Code::invalid, "unknown_kind");
  if (const json::value* slot = object->if_contains("slot"); slot != nullptr && !slot->is_null()) {
    const auto begin = read_slot(*service, text_of(*object, "slot"), asked.at);
    MACHIAI_TRY(begin);
    asked.slot = *begin;
  }
  for (std::size_t at = 0; at < people->get_array().size(); ++at) {
    const json::value& each = people->get_array()[at];
    const std::string where = "people/" + std::to_string(at);
    if (!each.is_object()) return fail(Error::Code::invalid, "bad_people", where);
    auto person = read_person(*place.profile, each.get_object(), node_.card_key, asked.at, where);
    MACHIAI_TRY(person);
    asked.people.push_back(std::move(*person));
  }
  const json::value* notice = object->if_contains("notice");
  if (notice == nullptr || notice->is_null()) return asked;
  auto wish = read_notice(*notice, request.lang);
  MACHIAI_TRY(wish);
  if (!node_.mail) return fail(Error::Code::conflict, "mail_off");
  asked.notice = std::move(*wish);
  return asked;
}

Routes::Reply Routes::book(Request& request, const std::string& name) {
  Place* place = node_.find(std::string_view(name));
  if (place == nullptr) co_return fail(Error::Code::not_found, "unknown_facility");
  auto asked = read_booking(request, *place);
  if (!asked) co_return tl::unexpected(asked.error());
  const std::string service = asked->service;
  const std::string key = asked->key;
  const bool slotted = asked->slot.has_value();
  auto told = co_await node_.book(std::move(*asked));
  if (told && told->asking) {
    auto answer = co_await node_.settled(*place, key);
    if (!answer) co_return tl::unexpected(answer.error());
    told->answer = std::move(*answer);
  }
  if (told) {
    Response response{told->drawing ? 202 : 201, "application/json", std::move(told->answer)};
    response.headers.emplace_back("Cache-Control", "no-store");
    co_return response;
  }
  if (slotted) co_return refusal(told.error(), request.lang);
  Response response = refusal(told.error(), request.lang);
  const bool of_the_line = response.status == 409 || response.status == 503;
  if (!of_the_line || told.error().code == Error::Code::storage) co_return response;
  // When it opens again belongs to the refusal, as the status has it.
  std::optional<base::Instant> opens_at;
  const auto day = co_await node_.day(*place, true);
  const ServiceProfile* still = place->profile->service(service); // the entry may have changed meanwhile
  if (day && still != nullptr) opens_at = accepts(node_.scene(*place, **day, request.lang), *still).opens_at;
  const auto now = node_.clock.now();
  if (response.status == 503 && opens_at && *opens_at > now)
    set_retry_after(response, std::chrono::ceil<std::chrono::seconds>(*opens_at - now));
  json::object whole = json::parse(response.body).as_object();
  whole["error"].as_object()["opens_at"] =
      opens_at ? json::value(base::iso_instant(*opens_at)) : json::value(nullptr);
  response.body = json::serialize(whole);
  co_return response;
}

} // namespace machiai::cloud
