// SPDX-License-Identifier: Apache-2.0
#include "cloud/view.hpp"

#include "cloud/near.hpp"
#include "cloud/store/slots.hpp"
#include "cloud/told.hpp"
#include "core/numbering/station.hpp"
#include "core/queue/places.hpp"
#include "core/queue/reasons.hpp"
#include "core/wire/messages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace machiai::cloud {

namespace {

namespace json = boost::json;
using base::Instant;

json::value instant(const std::optional<Instant>& at) {
  return at ? json::value(base::iso_instant(*at)) : json::value(nullptr);
}

json::object label(const queue::Label& label) {
  return {{"ja", label.ja}, {"en", label.en}, {"reading", label.reading}};
}

json::array numbers(const std::vector<int>& all) {
  return json::array(all.begin(), all.end());
}

json::object absence(const queue::AbsenceRule& rule) {
  return {{"back", rule.back}, {"times", rule.times}};
}

std::string words(const std::string& reason, std::string_view lang) {
  return reason.empty() ? std::string{} : wire::message(reason, lang);
}

/// When the clinic was last heard of today: that it was there yesterday says nothing of a link that is
/// broken.
std::optional<Instant> as_of(const Scene& scene) {
  const auto& at = scene.day.as_of;
  return at && base::civil_date(*at) == base::civil_date(scene.now) ? at : std::nullopt;
}

bool stale(const Scene& scene) {
  const auto at = as_of(scene);
  return !at || scene.now - *at > stale_after;
}

/// Until the clinic has spoken of the date its line is what was booked.
bool has_spoken(const Scene& scene) {
  return scene.day.told == scene.day.date;
}

/// What the clinic said last of the date, however long ago: a state does not go back because it is silent.
const json::object* last_told(const Scene& scene) {
  return has_spoken(scene) ? &scene.day.projection : nullptr;
}

/// The same while it is not too old for what changes by itself.
const json::object* told(const Scene& scene) {
  const auto& at = scene.day.as_of;
  return at && !scene.day.past && scene.now - *at <= void_after ? last_told(scene) : nullptr;
}

const json::object* member(const json::object* from, std::string_view name) {
  const json::value* value = from == nullptr ? nullptr : from->if_contains({name.data(), name.size()});
  return value == nullptr ? nullptr : value->if_object();
}

json::value field(const json::object* from, std::string_view name) {
  const json::value* value = from == nullptr ? nullptr : from->if_contains({name.data(), name.size()});
  return value == nullptr ? json::value(nullptr) : *value;
}

json::object acceptance(const Scene& scene, const ServiceProfile& service) {
  const booking::Acceptance told = accepts(scene, service);
  return {{"open", told.open},
          {"reason", told.reason},
          {"message", words(told.reason, scene.lang)},
          {"opens_at", instant(told.opens_at)},
          {"closes_at", instant(told.closes_at)},
          {"drawing_until", instant(told.drawing_until)},
          {"left", told.left ? json::value(*told.left) : json::value(nullptr)}};
}

json::array spans(const std::vector<booking::Window>& windows) {
  json::array all;
  for (const booking::Window& each : windows)
    all.push_back(json::object{{"opens", minute_text(each.open)}, {"closes", minute_text(each.close)}});
  return all;
}

/// Dates from today on with other windows than their weekday has, in order.
json::array exceptions(const Scene& scene, const ServiceProfile& service) {
  constexpr int shown_days = 31;
  std::map<std::int32_t, json::array> dates;
  for (const booking::DateException& each : service.booking.exceptions) {
    const int ahead = each.date.days - base::civil_date(scene.now).days;
    if (ahead < 0 || ahead > shown_days) continue;
    json::array windows = spans(booking::windows_on(service.booking, each.date));
    if (windows != spans(booking::usual_windows(service.booking, each.date)))
      dates[each.date.days] = std::move(windows);
  }
  json::array all;
  for (auto& [days, windows] : dates)
    all.push_back(json::object{{"date", base::iso_date(base::Date{days})}, {"windows", std::move(windows)}});
  return all;
}

json::object service_view(const Scene& scene, const ServiceProfile& service) {
  json::array hours;
  for (const queue::Hours& each : service.hours)
    hours.push_back(json::object{{"session", each.session},
                                 {"weekdays", numbers(each.weekdays)},
                                 {"opens", minute_text(each.open)},
                                 {"closes", minute_text(each.close)}});
  json::array windows;
  for (const booking::Window& each : service.booking.windows)
    windows.push_back(json::object{{"weekdays", numbers(each.weekdays)},
                                   {"opens", minute_text(each.open)},
                                   {"closes", minute_text(each.close)}});
  return {{"id", service.id},
          {"number", service.number},
          {"name", label(service.name)},
          {"prefix", service.prefix},
          {"kinds", json::array(service.kinds.begin(), service.kinds.end())},
          {"hours", std::move(hours)},
          {"windows", std::move(windows)},
          {"exceptions", exceptions(scene, service)},
          {"booking", acceptance(scene, service)},
          {"absence", absence(service.absence)},
          {"slots", !service.booking.slots.empty()},
          {"draw_seconds", service.booking.draw_seconds}};
}

json::array messages(const Scene& scene) {
  const json::object* said = told(scene);
  const json::value* all = said == nullptr ? nullptr : said->if_contains("messages");
  return all != nullptr && all->is_array() ? all->get_array() : json::array{};
}

/// What is announced of the service: what holds already is the facility's state, and how long the contract
/// runs is not the patients' business.
json::array announced(const Scene& scene) {
  constexpr std::array<std::string_view, 4> told{"maintenance_ahead", "suspension_ahead", "hours_changed",
                                                 "hours_change_ahead"};
  json::array all;
  for (const service::Announcement& each :
       service::announcements(scene.provider, scene.facility.contract, scene.now)) {
    if (std::find(told.begin(), told.end(), each.reason) == told.end()) continue;
    all.push_back(json::object{{"reason", each.reason},
                               {"words", each.reason == "suspension_ahead" ? std::string{} : each.words},
                               {"from", instant(each.from)},
                               {"until", instant(each.until)}});
  }
  return all;
}

bool is_live(const std::string& state) {
  return state == "booked" || state == "waiting" || state == "called" || state == "in_room" ||
         state == "absent" || state == "hold";
}

std::string clinic_name(const Scene& scene, const store::TicketRow& ticket) {
  return cloud::clinic_name(Placed{ticket.service, ticket.series, ticket.n, ticket.state}, scene.day.date);
}

/// Whoever asked before, and the places that are kept behind some of them: as the clinic will count them once
/// it has the line (core/queue/places).
int before(const Scene& scene, const store::TicketRow& ticket) {
  const ServiceProfile* service = scene.facility.service(ticket.service);
  const int every = service == nullptr ? 0 : rules_now(scene, *service).walk_in_every;
  int ahead = 0;
  std::uint32_t asked = 0;
  for (const store::TicketRow& each : scene.day.tickets) {
    if (each.service != ticket.service) continue;
    if (&each == &ticket) break;
    if (each.n == 0) continue;
    const bool place = !each.slot && queue::keeps_behind(every, ++asked);
    if (is_live(each.state)) ahead += place ? 2 : 1;
  }
  return ahead;
}

/// Whose slot has not come: they are not in the line yet.
int later_slots(const Scene& scene, const std::string& service) {
  return static_cast<int>(
      std::count_if(scene.day.tickets.begin(), scene.day.tickets.end(), [&](const store::TicketRow& each) {
        return each.service == service && is_live(each.state) && each.slot && *each.slot > scene.now;
      }));
}

/// Whether the clinic knows that the patient is here: whoever waits or was called is. One who was called and
/// is not there, or not called after all, is still expected.
std::string arrival_of(const store::TicketRow& ticket, const std::string& state) {
  if (state == "waiting" || state == "called" || state == "in_room" || state == "done") return "confirmed";
  return ticket.arrival == "called" ? "none" : ticket.arrival;
}

json::value number_of(const Scene& scene, const store::TicketRow& ticket) {
  const ServiceProfile* service = scene.facility.service(ticket.service);
  if (service == nullptr || ticket.n == 0) return nullptr;
  return json::value(shown(*service, ticket.series, ticket.n));
}

std::string state_of(const Scene& scene, const store::TicketRow& ticket) {
  if (ticket.state == "asking") return "drawing"; // drawn, and its number comes from the clinic
  if (ticket.state == "void" && ticket.n == 0) return "not_drawn";
  const json::value said =
      field(member(member(last_told(scene), "tickets"), clinic_name(scene, ticket)), "state");
  return said.is_string() && is_live(ticket.state) ? std::string(said.get_string()) : ticket.state;
}

/// A number as a slip's code names it (core/queue, ticket_id).
struct Name {
  const ServiceProfile& service;
  std::string shown;
};

std::optional<Name> read_name(const Scene& scene, std::string_view text) {
  for (const ServiceProfile& service : scene.facility.services) {
    const std::string before = service.id + "-" + base::compact_date(scene.day.date) + "-";
    if (!text.starts_with(before)) continue;
    const std::string_view rest = text.substr(before.size());
    const auto dot = rest.find('.');
    const std::string series(dot == std::string_view::npos ? "M" : rest.substr(0, dot));
    const std::string_view digits = dot == std::string_view::npos ? rest : rest.substr(dot + 1);
    int n = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (error != std::errc{} || end != digits.data() + digits.size() || n <= 0) continue;
    // One name a number: "012" and "M.12" are none.
    if (!queue::parse_series(series) ||
        cloud::clinic_name({service.id, series, n, {}}, scene.day.date) != text)
      continue;
    return Name{service, shown(service, series, n)};
  }
  return std::nullopt;
}

/// What the board shows of a number, and why it is out of the line no more than there.
std::string public_state(const json::value& said) {
  if (!said.is_string()) return "unknown";
  const std::string state(said.get_string());
  return is_live(state) ? state : "over";
}

json::array family_of(const Scene& scene, const store::TicketRow& ticket) {
  std::vector<const store::TicketRow*> others;
  if (ticket.request.empty()) return {}; // refused, and so were others who have nothing to do with it
  for (const store::TicketRow& each : scene.day.tickets)
    if (each.request == ticket.request && &each != &ticket) others.push_back(&each);
  std::sort(others.begin(), others.end(), [](const auto* a, const auto* b) { return a->place < b->place; });
  json::array all;
  for (const store::TicketRow* each : others)
    all.push_back(json::object{{"token", to_text({scene.facility.id, scene.day.date, each->secret})},
                               {"number", number_of(scene, *each)},
                               {"state", state_of(scene, *each)}});
  return all;
}

/// What is said of the notice by e-mail: nothing once its ticket is over.
json::value notice_of(const Scene& scene, const store::TicketRow& ticket) {
  const auto found = scene.day.notices.find(ticket.secret);
  if (found == scene.day.notices.end() || found->second.state == "over") return nullptr;
  const std::string& state = found->second.state;
  const bool ended = state == "sent" || state == "failed";
  return json::object{{"state", ended ? state : "waiting"}, {"near", found->second.near}};
}

bool may_notice(const Scene& scene, const store::TicketRow& ticket, bool open) {
  const auto found = scene.day.notices.find(ticket.secret);
  const bool sent = found != scene.day.notices.end() && found->second.state == "sent";
  return scene.mail && open && !sent && base::civil_date(scene.now) == scene.day.date;
}

json::array reasons_of(const Scene& scene, const json::object* said) {
  json::array all;
  const json::value reasons = field(said, "reasons");
  if (!reasons.is_array()) return all;
  for (const json::value& each : reasons.get_array())
    if (each.is_string()) {
      const std::string reason = queue::public_reason(std::string(each.get_string()));
      all.push_back(
          json::object{{"reason", reason}, {"message", wire::message("order_" + reason, scene.lang)}});
    }
  return all;
}

} // namespace

std::string minute_text(int minute) {
  const std::string rest = std::to_string(minute % 60);
  return std::to_string(minute / 60) + (rest.size() < 2 ? ":0" : ":") + rest;
}

const store::CounterState& counter_of(const Scene& scene, const std::string& service) {
  static const store::CounterState none;
  const auto found = scene.day.counters.find(service);
  return found == scene.day.counters.end() ? none : found->second;
}

booking::Rules rules_now(const Scene& scene, const ServiceProfile& service) {
  const store::CounterState& counter = counter_of(scene, service.id);
  return rules_on(service, counter.stopped, scene.day.date, counter.walk_ins, counter.walk_in_every);
}

booking::Acceptance accepts(const Scene& scene, const ServiceProfile& service) {
  const store::CounterState& counter = counter_of(scene, service.id);
  // Its station is heard more often than that as long as it can be asked.
  const bool silent = !scene.day.as_of || scene.now - *scene.day.as_of > numbering::station_lease;
  const booking::Load load{counter.given, counter.predicted.at(scene.now), counter.paused,
                           !counter.owner && silent};
  return booking::acceptance(scene.provider, scene.facility.contract, rules_now(scene, service), load,
                             scene.now);
}

json::object facility_view(const Scene& scene) {
  const Profile& facility = scene.facility;
  const auto standing = service::standing(scene.provider, facility.contract, scene.now);
  json::array kinds;
  if (facility.by_card) kinds.emplace_back("card");
  if (facility.by_name) kinds.emplace_back("first");
  json::array services;
  for (const ServiceProfile& each : facility.services) services.push_back(service_view(scene, each));
  const bool ok = standing.state == service::State::ok;
  const std::string state(service::state_name(standing.state));
  // Why a contract rests is between the provider and the clinic.
  const bool publicly = standing.state == service::State::maintenance && !standing.reason.empty();
  return {
      {"id", facility.slug},
      {"number", facility.number},
      {"name", label(facility.name)},
      {"phone", facility.phone},
      {"address",
       json::object{{"postal", facility.postal}, {"text", facility.address}, {"access", facility.access}}},
      {"state", state},
      {"state_message", ok         ? std::string{}
                        : publicly ? standing.reason
                                   : words(state, scene.lang)},
      {"state_until", instant(standing.until)},
      {"announcements", announced(scene)},
      {"options", json::object{{"queue", facility.contract.queue},
                               {"signage", facility.contract.signage},
                               {"mail", scene.mail && facility.contract.queue}}},
      {"booking_kinds", std::move(kinds)},
      {"services", std::move(services)},
      {"messages", messages(scene)},
      {"as_of", instant(as_of(scene))},
      {"stale", stale(scene)}};
}

json::object status_view(const Scene& scene) {
  const json::object* said = member(told(scene), "services");
  json::array services;
  for (const ServiceProfile& service : scene.facility.services) {
    const json::object* line = member(said, service.id);
    const store::CounterState& counter = counter_of(scene, service.id);
    json::value waiting = field(line, "waiting");
    if (!has_spoken(scene)) waiting = counter.live - later_slots(scene, service.id);
    const json::value state = field(member(member(last_told(scene), "services"), service.id), "state");
    services.push_back(
        json::object{{"id", service.id},
                     {"state", state.is_string() ? state : json::value("before")},
                     {"calling", field(line, "calling")},
                     {"waiting", waiting},
                     {"wait", field(line, "wait")},
                     {"last_number", counter.last > 0 ? json::value(shown(service, "M", counter.last))
                                                      : json::value(nullptr)},
                     {"booking", acceptance(scene, service)}});
  }
  const auto standing = service::standing(scene.provider, scene.facility.contract, scene.now);
  return {{"facility", scene.facility.slug},
          {"date", base::iso_date(scene.day.date)},
          {"state", service::state_name(standing.state)},
          {"services", std::move(services)},
          {"messages", messages(scene)},
          {"as_of", instant(as_of(scene))},
          {"stale", stale(scene)}};
}

std::optional<json::object> ticket_view(const Scene& scene, const Token& token) {
  const auto found = scene.day.by_secret.find(token.secret);
  if (found == scene.day.by_secret.end()) return std::nullopt;
  const store::TicketRow& ticket = scene.day.tickets[found->second];
  const ServiceProfile* service = scene.facility.service(ticket.service);
  if (service == nullptr) return std::nullopt;
  const json::object* said = member(member(told(scene), "tickets"), clinic_name(scene, ticket));
  const json::value moved = field(said, "line"); // in whose line it stands after a transfer
  const std::string stands_at = moved.is_string() ? std::string(moved.get_string()) : service->id;
  const json::object* line = member(member(told(scene), "services"), stands_at);
  const std::string state = state_of(scene, ticket);
  const base::Date today = base::civil_date(scene.now);
  const bool in_line = scene.day.date >= today &&
                       (state == "booked" || state == "waiting" || state == "absent" || state == "hold");
  json::value ahead = field(said, "ahead");
  if (!has_spoken(scene) && !ticket.slot) ahead = before(scene, ticket);
  const store::CounterState& counter = counter_of(scene, service->id);
  return json::object{
      {"token", to_text(token)},
      {"facility", json::object{{"id", scene.facility.slug},
                                {"name", label(scene.facility.name)},
                                {"phone", scene.facility.phone}}},
      {"service", json::object{{"id", service->id}, {"name", label(service->name)}}},
      {"date", base::iso_date(scene.day.date)},
      {"number", number_of(scene, ticket)},
      {"slot", store::slot_text(ticket.slot)},
      {"state", state},
      {"arrival", arrival_of(ticket, state)},
      {"ahead", in_line ? ahead : json::value(nullptr)},
      {"wait", in_line ? field(said, "wait") : json::value(nullptr)},
      {"room", field(said, "room")},
      {"calling", field(line, "calling")},
      {"drawn_at", state == "drawing" ? instant(counter.draw_until) : json::value(nullptr)},
      {"accepted_at", base::iso_instant(ticket.accepted)},
      {"reasons", reasons_of(scene, said)},
      {"absence", absence(service->absence)},
      {"may",
       json::object{
           {"cancel", in_line || ticket.state == "drawing"}, // while the clinic is asked it cannot be
           {"arrive", today == scene.day.date && state == "booked" && arrival_of(ticket, state) == "none"},
           {"notice", may_notice(scene, ticket, in_line || state == "drawing")}}},
      {"notice", notice_of(scene, ticket)},
      {"family", family_of(scene, ticket)},
      {"messages", messages(scene)},
      {"as_of", instant(as_of(scene))},
      {"stale", stale(scene)}};
}

std::optional<json::object> number_view(const Scene& scene, std::string_view ticket) {
  const auto name = read_name(scene, ticket);
  if (!name) return std::nullopt;
  const std::string state = public_state(field(member(member(last_told(scene), "tickets"), ticket), "state"));
  const json::object* said = member(member(told(scene), "tickets"), ticket);
  return json::object{
      {"facility", scene.facility.slug},
      {"ticket", ticket},
      {"service", json::object{{"id", name->service.id}, {"name", label(name->service.name)}}},
      {"date", base::iso_date(scene.day.date)},
      {"number", name->shown},
      {"state", state},
      {"ahead", field(said, "ahead")},
      {"wait", field(said, "wait")},
      {"room", field(said, "room")},
      {"as_of", instant(as_of(scene))},
      {"stale", stale(scene)}};
}

} // namespace machiai::cloud
