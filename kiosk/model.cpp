// SPDX-License-Identifier: Apache-2.0
#include "kiosk/model.hpp"

#include "kiosk/screen.hpp"

#include <algorithm>
#include <utility>

namespace machiai::kiosk {

namespace json = boost::json;

namespace {

/// The choices again, for the same person.
Session home(Session session) {
  session.page = Page::home;
  session.service.clear();
  session.refusal.clear();
  session.card.clear();
  session.digits.clear();
  session.unknown.reset();
  session.given = {};
  session.sheet = 0;
  return session;
}

/// As the next person finds it.
Session anew(Session session) {
  session.lang = session.home_lang;
  session.large = false;
  return home(std::move(session));
}

/// What follows `prefix` in `name`, or nothing.
std::optional<std::string_view> after(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

Step ask(const queue::KioskView& view, Session session, std::string_view kind) {
  session.page = Page::asking;
  json::object args{{"service", session.service}, {"print", view.printing}};
  if (!kind.empty()) args["kind"] = kind;
  if (!session.card.empty()) args["card"] = session.card;
  return {std::move(session), Order{"take", std::move(args)}};
}

Step choose(const queue::KioskView& view, Session session, std::string_view id) {
  const queue::ServiceView* service = find_service(&view, id);
  if (service == nullptr) return {std::move(session), std::nullopt};
  session.service = service->id;
  if (!takes(*service)) {
    session.page = Page::why;
    return {std::move(session), std::nullopt};
  }
  if (service->kinds.size() < 2) return ask(view, std::move(session), {});
  session.page = Page::kind;
  return {std::move(session), std::nullopt};
}

/// What a button does whether or not the hub is there.
void turn_page(Session& session, std::string_view name) {
  if (const auto lang = after(name, "lang-")) session.lang = *lang;
  if (name == "help" || name == "help-more" || name == "ill") {
    session.called = session.called && session.page == Page::help;
    session.page = Page::help;
  }
  if (name == "rules") session.page = Page::rules;
  if (name == "home" || name == "another") session = home(std::move(session));
  if (name == "card-type" && session.pad) {
    session = home(std::move(session));
    session.page = Page::typing;
  }
  if (name == "sheet-next") ++session.sheet;
  if (name == "sheet-back" && session.sheet > 0) --session.sheet;
  if (name != "large") return;
  session.large = !session.large;
  session.sheet = 0;
}

/// A key of the pad. The second tap of what led here is none.
void type_card(Session& session, std::string_view name, bool settled) {
  if (!settled) return;
  if (const auto digit = after(name, "digit-"); digit && session.digits.size() < longest_card)
    session.digits += *digit;
  if (name == "delete" && !session.digits.empty()) session.digits.pop_back();
}

Step press(const queue::KioskView* view, Session session, std::string_view name) {
  // A page that the view no longer holds was already shown as the choices.
  if (view != nullptr && face_of(view, session, true) == Face::home) session.page = Page::home;
  const bool settled = session.touched_ms - session.paged_ms >= settle_ms;
  turn_page(session, name);
  if (view == nullptr) return {std::move(session), std::nullopt};
  if (session.page == Page::typing) type_card(session, name, settled);
  if (session.page == Page::typing && name == "card-done" && session.digits.size() >= shortest_scan)
    return scanned(view, session, {Scan::Kind::card, session.digits}, session.touched_ms);
  auto id = after(name, "take-");
  if (!id) id = after(name, "why-");
  if (id && session.page == Page::home) return choose(*view, std::move(session), *id);
  if (const auto kind = after(name, "kind-"); kind && session.page == Page::kind && settled)
    return ask(*view, std::move(session), *kind);
  return {std::move(session), std::nullopt};
}

int integer(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->as_int64()) : 0;
}

std::string word(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

/// The range the patient was told; nothing when it was null or makes no sense.
std::optional<queue::WaitRange> range(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_object()) return std::nullopt;
  const queue::WaitRange told{integer(value->as_object(), "low"), integer(value->as_object(), "high")};
  if (told.low < 0 || told.high < told.low || told.high == 0) return std::nullopt;
  return told;
}

bool flag(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->as_bool();
}

queue::Label room(const json::object& object) {
  const json::value* value = object.if_contains("room");
  if (value == nullptr || !value->is_object()) return {};
  const json::object& label = value->get_object();
  return {word(label, "ja"), word(label, "en"), word(label, "reading")};
}

bool is_called(const std::string& state) {
  return state == "called" || state == "in_room";
}

/// The numbers of a check-in; it has arrived when one of them has, and is called when the first is.
void take_tickets(const json::array& tickets, Given& given) {
  given.number.clear();
  given.how = Given::How::known;
  for (const json::value& each : tickets) {
    if (!each.is_object()) continue;
    const json::object& ticket = each.get_object();
    given.number += (given.number.empty() ? "" : "・") + word(ticket, "number");
    if (flag(ticket, "arrived")) given.how = Given::How::arrived;
    given.several.push_back({word(ticket, "number"), integer(ticket, "ahead"),
                             is_called(word(ticket, "state")), range(ticket, "wait"), room(ticket)});
  }
  if (given.several.size() < 2) given.several.clear();
}

Given given_of(const json::object& answer) {
  Given given{word(answer, "number"), word(answer, "service"), integer(answer, "ahead"),
              flag(answer, "printing"), range(answer, "wait")};
  given.code = word(answer, "code");
  if (!given.code.starts_with("https://")) given.code.clear(); // no cloud: nothing that a phone could open
  const json::value* tickets = answer.if_contains("tickets");
  if (tickets == nullptr || !tickets->is_array()) return given;
  take_tickets(tickets->get_array(), given);
  if (tickets->get_array().size() > 1) given.service.clear(); // no one name is over all of them
  given.called = is_called(word(answer, "state"));
  given.room = room(answer);
  return given;
}

} // namespace

Step touched(const queue::KioskView* view, Session session, std::string_view name, std::int64_t steady_ms) {
  if (session.page == Page::wipe) return {std::move(session), std::nullopt};
  session.touched_ms = steady_ms;
  if (session.page == Page::asking) return {std::move(session), std::nullopt};
  const Page before = session.page;
  Step step = press(view, std::move(session), name);
  if (step.session.page != before) step.session.paged_ms = steady_ms;
  return step;
}

Step scanned(const queue::KioskView* view, Session session, const Scan& scan, std::int64_t steady_ms) {
  // Nothing may push away a number that is being made, or one that somebody is reading.
  if (session.page == Page::asking || session.page == Page::done || session.page == Page::wipe)
    return {std::move(session), std::nullopt};
  session.touched_ms = steady_ms;
  const Page before = session.page;
  const bool card = scan.kind == Scan::Kind::card;
  std::optional<Order> order;
  if (view != nullptr && (card || scan.kind == Scan::Kind::ticket)) {
    if (!card || session.page != Page::kind) session = home(std::move(session));
    const bool useful = std::any_of(view->services.begin(), view->services.end(), takes);
    session.unknown = !card || !useful ? Page::code : session.page;
    if (card) session.card = scan.text;
    session.page = Page::asking;
    order = Order{"check_in", {{card ? "card" : "ticket", scan.text}, {"print", view->printing}}};
  } else {
    session = home(std::move(session));
    session.page = Page::code;
  }
  if (session.page != before) session.paged_ms = steady_ms;
  return {std::move(session), std::move(order)};
}

std::string_view trouble_of(const Session& session) {
  return session.page == Page::help ? "patient_waits" : "";
}

Session told_desk(Session session) {
  session.called = session.page == Page::help;
  return session;
}

std::int64_t stay_of(const Session& session) {
  return session.page == Page::help && session.called ? call_ms : stay_ms;
}

Session wiping(Session session, std::int64_t steady_ms) {
  if (session.page == Page::asking) return session;
  session = anew(std::move(session));
  session.page = Page::wipe;
  session.wiped_ms = session.touched_ms = session.paged_ms = steady_ms;
  return session;
}

Session answered(Session session, const base::Result<json::object>& answer, std::int64_t steady_ms) {
  session.touched_ms = session.paged_ms = steady_ms;
  const auto unknown = std::exchange(session.unknown, std::nullopt);
  const auto says = [&](std::string_view reason) { return !answer && answer.error().reason == reason; };
  if (unknown && (says("not_booked_today") || says("unknown_ticket"))) {
    session.page = *unknown;
    if (session.page == Page::code) session.card.clear();
    return session;
  }
  session.card.clear();
  if (!answer) {
    session.page = Page::refused;
    session.refusal = answer.error().reason;
    return session;
  }
  session.given = given_of(*answer);
  session.page = session.given.number.empty() ? Page::refused : Page::done;
  return session;
}

Session ticked(Session session, std::int64_t steady_ms) {
  if (session.page == Page::asking) return session;
  const bool over = session.page == Page::wipe ? steady_ms - session.wiped_ms >= wipe_ms
                                               : steady_ms - session.touched_ms >= stay_of(session);
  return over ? anew(std::move(session)) : session;
}

} // namespace machiai::kiosk
