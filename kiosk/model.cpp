// SPDX-License-Identifier: Apache-2.0
#include "kiosk/model.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace json = boost::json;

namespace {

const queue::ServiceView* find(const queue::KioskView* view, std::string_view id) {
  if (view == nullptr) return nullptr;
  const auto found = std::find_if(view->services.begin(), view->services.end(),
                                  [&](const queue::ServiceView& service) { return service.id == id; });
  return found == view->services.end() ? nullptr : &*found;
}

Session home(Session session) {
  session.page = Page::home;
  session.service.clear();
  session.refusal.clear();
  session.given = {};
  return session;
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
  return {std::move(session), Order{"take", std::move(args)}};
}

Step choose(const queue::KioskView& view, Session session, std::string_view id) {
  const queue::ServiceView* service = find(&view, id);
  if (service == nullptr || service->state != "open") return {std::move(session), std::nullopt};
  session.service = service->id;
  if (service->kinds.size() < 2) return ask(view, std::move(session), {});
  session.page = Page::kind;
  return {std::move(session), std::nullopt};
}

Choice choice_of(const queue::ServiceView& service) {
  return {"take-" + service.id, service.id,      service.name, service.state,
          service.opens_at,     service.waiting, service.wait};
}

std::vector<Choice> choices_of(const queue::KioskView& view) {
  std::vector<Choice> result;
  for (const auto& service : view.services) result.push_back(choice_of(service));
  if (result.size() > most_choices) {
    result.resize(most_choices - 1);
    Choice& more = result.emplace_back();
    more.name = "help-more";
    more.state = "more";
  }
  return result;
}

bool any_open(const queue::KioskView& view) {
  return std::any_of(view.services.begin(), view.services.end(),
                     [](const queue::ServiceView& service) { return service.state == "open"; });
}

/// "9:00" before "14:30": the hour has no leading zero.
bool earlier(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

void close(const queue::KioskView& view, Screen& screen) {
  screen.face = Face::closed;
  screen.before = std::all_of(view.services.begin(), view.services.end(),
                              [](const auto& service) { return service.state == "before"; });
  for (const auto& service : view.services) {
    if (!service.opens_at.empty() && (screen.opens_at.empty() || earlier(service.opens_at, screen.opens_at)))
      screen.opens_at = service.opens_at;
  }
}

void take_view(const queue::KioskView& view, Screen& screen) {
  screen.facility = view.facility;
  screen.date = view.date;
  screen.session = view.session;
  screen.absence_back = view.absence_back;
  screen.absence_times = view.absence_times;
  for (const auto& service : view.services) {
    if (service.state == "open")
      screen.now.push_back({service.name, service.calling, service.waiting, service.wait});
  }
}

/// Whether the page of the session can still be shown by this view.
Face face_of(const queue::KioskView* view, const Session& session, bool reachable) {
  switch (session.page) {
  // These three hold good without the hub: a number that was given stays true.
  case Page::done: return Face::done;
  case Page::asking: return Face::asking;
  case Page::refused: return Face::refused;
  case Page::help: return Face::help;
  default: break;
  }
  if (view == nullptr || !reachable || view->services.empty()) return Face::away;
  if (session.page == Page::rules) return Face::rules;
  const queue::ServiceView* chosen = find(view, session.service);
  if (session.page == Page::kind && chosen != nullptr && chosen->state == "open") return Face::kind;
  return any_open(*view) ? Face::home : Face::closed;
}

bool reads_kanji(std::string_view lang) {
  return lang == "ja" || lang == "easy" || lang == "zh";
}

int integer(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->as_int64()) : 0;
}

std::string word(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

} // namespace

Step touched(const queue::KioskView* view, Session session, std::string_view name, std::int64_t steady_ms) {
  session.touched_ms = steady_ms;
  if (session.page == Page::asking) return {std::move(session), std::nullopt};
  if (const auto lang = after(name, "lang-")) session.lang = *lang;
  if (name == "home" || name == "another") return {home(std::move(session)), std::nullopt};
  if (name == "help" || name == "help-more" || name == "ill") session.page = Page::help;
  if (name == "rules") session.page = Page::rules;
  if (view == nullptr) return {std::move(session), std::nullopt};
  if (const auto id = after(name, "take-"); id && session.page == Page::home)
    return choose(*view, std::move(session), *id);
  if (const auto kind = after(name, "kind-"); kind && session.page == Page::kind)
    return ask(*view, std::move(session), *kind);
  return {std::move(session), std::nullopt};
}

Session answered(Session session, const base::Result<json::object>& answer, std::int64_t steady_ms) {
  session.touched_ms = steady_ms;
  if (!answer) {
    session.page = Page::refused;
    session.refusal = answer.error().reason;
    return session;
  }
  const json::value* printing = answer->if_contains("printing");
  session.given = {word(*answer, "number"), word(*answer, "service"), integer(*answer, "ahead"),
                   printing != nullptr && printing->is_bool() && printing->as_bool()};
  session.page = session.given.number.empty() ? Page::refused : Page::done;
  return session;
}

Session ticked(Session session, std::int64_t steady_ms) {
  if (session.page == Page::asking || steady_ms - session.touched_ms < stay_ms) return session;
  session.lang = session.home_lang;
  return home(std::move(session));
}

Screen screen(const queue::KioskView* view, const Session& session, bool reachable, std::int64_t hub_ms,
              std::int64_t steady_ms) {
  Screen result;
  result.lang = session.lang;
  result.face = face_of(view, session, reachable);
  result.refusal = session.refusal;
  result.given = session.given;
  if (hub_ms > 0) {
    const base::Instant now = base::instant_from_ms(hub_ms);
    result.clock = base::clock_text(now);
    result.date = base::iso_date(base::civil_date(now));
  }
  if (view != nullptr) {
    take_view(*view, result);
    if (result.date.empty() && hub_ms > 0)
      result.date = base::iso_date(base::civil_date(base::instant_from_ms(hub_ms)));
    if (result.face == Face::home || result.face == Face::asking) result.choices = choices_of(*view);
    if (result.face == Face::closed) close(*view, result);
  }
  if (const auto* service = find(view, session.service)) result.kinds = service->kinds;
  if (result.face == Face::asking) result.pending = session.service;
  if (const auto* service = find(view, session.given.service)) {
    result.given_label = service->name;
    result.given_wait = service->wait;
  }
  const bool leaves = result.face != Face::home && result.face != Face::away && result.face != Face::closed &&
                      result.face != Face::asking;
  if (leaves) {
    const std::int64_t left =
        std::clamp<std::int64_t>(stay_ms - (steady_ms - session.touched_ms), 0, stay_ms);
    result.seconds_left = static_cast<int>((left + 999) / 1000);
    result.warning = left <= warn_ms;
  }
  return result;
}

std::string label_in(const queue::Label& label, std::string_view lang) {
  if (!reads_kanji(lang) && !label.en.empty()) return label.en;
  return label.ja;
}

} // namespace machiai::kiosk
