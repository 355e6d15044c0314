// SPDX-License-Identifier: Apache-2.0
#include "kiosk/screen.hpp"

#include "core/wire/notices.hpp"

#include <algorithm>
#include <tuple>

namespace machiai::kiosk {

namespace {

/// Full is a state of its own: the reason and the way out differ from those of a closed counter. So is a
/// counter that people closed within its hours: it may open again at any moment, and the timetable knows
/// nothing of it. And one that the reception has not opened yet although its hours have begun.
std::string state_of(const queue::ServiceView& service) {
  const bool within_hours = !service.closes_at.empty();
  if (within_hours && service.state == "closed") return "paused";
  if (within_hours && service.state == "before") return "unopened";
  return service.state == "open" && service.full ? "full" : service.state;
}

/// It depends on people, and on no timetable.
bool by_hand(const std::string& state) {
  return state == "paused" || state == "unopened";
}

/// `today`: ISO date. A full counter stays full today, whatever the timetable says.
Opening opening_of(const queue::ServiceView& service, const std::string& today) {
  if (service.opens_at.empty() || by_hand(state_of(service))) return {};
  const bool later = !service.opens_on.empty() && service.opens_on != today;
  if (!later) return service.full ? Opening{} : Opening{service.opens_at, {}, false};
  const auto date = base::parse_iso_date(today);
  const bool tomorrow = date && base::iso_date(base::Date{date->days + 1}) == service.opens_on;
  return {service.opens_at, service.opens_on, tomorrow};
}

/// "9:00" before "14:30": the hour may have no leading zero. Unknown comes last.
bool earlier(const Opening& a, const Opening& b) {
  const auto key = [](const Opening& o) { return std::tuple(o.at.empty(), o.on, o.at.size(), o.at); };
  return key(a) < key(b);
}

Choice choice_of(const queue::ServiceView& service, const std::string& today) {
  return {(takes(service) ? "take-" : "why-") + service.id,
          service.id,
          service.name,
          state_of(service),
          opening_of(service, today),
          service.waiting,
          service.wait};
}

std::vector<Choice> choices_of(const queue::KioskView& view, const std::string& today) {
  std::vector<Choice> result;
  for (const auto& service : view.services) result.push_back(choice_of(service, today));
  if (result.size() > most_choices) {
    result.resize(most_choices - 1);
    Choice& more = result.emplace_back();
    more.name = "help-more";
    more.state = "more";
  }
  return result;
}

/// Leaves the choices of one sheet when the letters are large.
void leaf(Screen& screen, std::size_t sheet) {
  auto& choices = screen.choices;
  if (!screen.large || choices.size() <= large_choices) return;
  screen.sheets = (choices.size() + large_sheet - 1) / large_sheet;
  screen.sheet = std::min(sheet, screen.sheets - 1);
  const auto first = static_cast<std::ptrdiff_t>(screen.sheet * large_sheet);
  const auto last =
      std::min(first + static_cast<std::ptrdiff_t>(large_sheet), static_cast<std::ptrdiff_t>(choices.size()));
  choices = std::vector<Choice>(choices.begin() + first, choices.begin() + last);
}

bool any(const queue::KioskView& view, std::string_view state) {
  return std::any_of(view.services.begin(), view.services.end(),
                     [&](const auto& service) { return state_of(service) == state; });
}

void close(const queue::KioskView& view, const std::string& today, Screen& screen) {
  screen.state = any(view, "full")       ? "full"
                 : any(view, "unopened") ? "unopened"
                 : any(view, "paused")   ? "paused"
                 : any(view, "closed")   ? "closed"
                                         : "before";
  for (const auto& service : view.services)
    if (const Opening opening = opening_of(service, today); earlier(opening, screen.opens))
      screen.opens = opening;
}

void take_view(const queue::KioskView& view, Screen& screen) {
  screen.facility = view.facility;
  if (!view.date.empty()) screen.date = view.date;
  screen.session = view.session;
  screen.prints = view.printing;
  screen.absence_back = view.absence_back;
  screen.absence_times = view.absence_times;
  for (const auto& service : view.services) {
    if (service.state == "open")
      screen.now.push_back({service.name, service.calling, service.waiting, service.wait});
  }
}

/// More counters than have room beside each other move up, one after the other.
void take_turns(std::int64_t steady_ms, Screen& screen) {
  auto& now = screen.now;
  if (now.size() < 2) return;
  screen.now_first = static_cast<std::size_t>(steady_ms / now_ms) % now.size();
}

/// The temporary message whose turn it is; several take turns.
std::string message_now(const queue::KioskView& view, const std::string& lang, std::int64_t steady_ms) {
  std::vector<std::string> words;
  for (const auto& message : view.messages)
    if (std::string text = wire::notice_words(message, lang); !text.empty()) words.push_back(std::move(text));
  if (words.empty()) return {};
  return words[static_cast<std::size_t>(steady_ms / message_ms) % words.size()];
}

/// Something the next person should not find.
bool used(const Session& session) {
  return session.lang != session.home_lang || session.large || !session.card.empty() || session.sheet > 0;
}

void count_down(const Session& session, std::int64_t steady_ms, Screen& screen) {
  const Face face = screen.face;
  const bool wipe = face == Face::wipe;
  const bool start = face == Face::home || face == Face::away || face == Face::closed;
  if (face == Face::asking || (start && !used(session))) return;
  const std::int64_t whole = wipe ? wipe_ms : stay_of(session);
  const std::int64_t since = steady_ms - (wipe ? session.wiped_ms : session.touched_ms);
  const std::int64_t left = std::clamp<std::int64_t>(whole - since, 0, whole);
  screen.seconds_left = static_cast<int>((left + 999) / 1000);
  screen.warning = !wipe && left <= warn_ms;
}

/// What belongs to the one page that is shown.
void fill_face(const queue::KioskView& view, const Session& session, const std::string& today,
               std::int64_t steady_ms, Screen& screen) {
  const Face face = screen.face;
  if (face == Face::home || face == Face::asking) {
    screen.choices = choices_of(view, today);
    leaf(screen, session.sheet);
    screen.message = message_now(view, session.lang, steady_ms);
  }
  if (face == Face::asking) screen.pending = session.service;
  if (face == Face::closed) close(view, today, screen);
  const queue::ServiceView* chosen = find_service(&view, session.service);
  if (chosen != nullptr) screen.kinds = chosen->kinds;
  if (chosen != nullptr && face == Face::why) {
    screen.state = state_of(*chosen);
    screen.opens = opening_of(*chosen, today);
    screen.why_label = chosen->name;
  }
  if (const auto* service = find_service(&view, session.given.service)) screen.given_label = service->name;
}

} // namespace

const queue::ServiceView* find_service(const queue::KioskView* view, std::string_view id) {
  if (view == nullptr) return nullptr;
  const auto found = std::find_if(view->services.begin(), view->services.end(),
                                  [&](const queue::ServiceView& service) { return service.id == id; });
  return found == view->services.end() ? nullptr : &*found;
}

bool takes(const queue::ServiceView& service) {
  return service.state == "open" && !service.full;
}

Face face_of(const queue::KioskView* view, const Session& session, bool reachable) {
  switch (session.page) {
  // These hold good without the hub: a number that was given stays true.
  case Page::done: return Face::done;
  case Page::asking: return Face::asking;
  case Page::refused: return Face::refused;
  case Page::help: return Face::help;
  case Page::code: return Face::code;
  case Page::wipe: return Face::wipe;
  default: break;
  }
  if (view == nullptr || !reachable || view->services.empty()) return Face::away;
  if (session.page == Page::rules) return Face::rules;
  if (session.page == Page::typing) return Face::typing;
  const queue::ServiceView* chosen = find_service(view, session.service);
  if (session.page == Page::kind && chosen != nullptr && takes(*chosen)) return Face::kind;
  if (std::none_of(view->services.begin(), view->services.end(), takes)) return Face::closed;
  if (session.page == Page::why && chosen != nullptr && !takes(*chosen)) return Face::why;
  return Face::home;
}

Screen screen(const queue::KioskView* view, const Session& session, bool reachable, std::int64_t hub_ms,
              std::int64_t steady_ms) {
  Screen result;
  result.lang = session.lang;
  result.large = session.large;
  result.face = face_of(view, session, reachable);
  result.refusal = session.refusal;
  if (result.face == Face::typing) result.digits = session.digits;
  result.pad =
      session.pad && session.card.empty() && (result.face == Face::home || result.face == Face::closed);
  result.given = session.given;
  result.called = result.face == Face::help && session.called;
  result.stay_seconds = static_cast<int>(stay_of(session) / 1000);
  result.settled = steady_ms - session.paged_ms >= settle_ms;
  if (result.face == Face::home || result.face == Face::asking || result.face == Face::kind)
    result.card_end =
        session.card.substr(session.card.size() - std::min<std::size_t>(session.card.size(), 2));
  if (hub_ms > 0) {
    const base::Instant now = base::instant_from_ms(hub_ms);
    result.clock = base::clock_text(now);
    result.date = base::iso_date(base::civil_date(now));
  }
  // Openings are told against the calendar, not the business date.
  const std::string today = result.date;
  if (view != nullptr) {
    take_view(*view, result);
    take_turns(steady_ms, result);
    fill_face(*view, session, today.empty() ? result.date : today, steady_ms, result);
  }
  count_down(session, steady_ms, result);
  return result;
}

} // namespace machiai::kiosk
