// SPDX-License-Identifier: Apache-2.0
#include "core/booking/acceptance.hpp"

#include "core/booking/guards.hpp"

#include <algorithm>
#include <set>

namespace machiai::booking {

namespace {

using base::Date;
using base::Instant;
using service::Contract;
using service::Provider;
using service::State;

constexpr int days_looked_ahead = 14;

const DateException* exception_of(const Rules& rules, Date date) {
  if (!guard_on(Guard::exception)) return nullptr;
  const auto found = std::find_if(rules.exceptions.rbegin(), rules.exceptions.rend(),
                                  [&](const DateException& each) { return each.date == date; });
  return found == rules.exceptions.rend() ? nullptr : &*found;
}

std::vector<Window> by_opening(std::vector<Window> windows) {
  std::sort(windows.begin(), windows.end(), [](const Window& a, const Window& b) { return a.open < b.open; });
  return windows;
}

/// The window that `now` lies in.
std::optional<Window> window_at(const Rules& rules, Instant now) {
  const int minute = base::minute_of_day(now);
  for (const Window& each : windows_on(rules, base::civil_date(now)))
    if (minute >= each.open && minute < each.close) return each;
  return std::nullopt;
}

bool stopped(const Rules& rules, Instant now) {
  return rules.stopped && (!rules.stopped_until || now < *rules.stopped_until);
}

/// By the rules alone, whatever the load.
std::string why_closed(const Provider& provider, const Contract& contract, const Rules& rules, Instant now) {
  if (std::string reason = barred(provider, contract, rules, now); !reason.empty()) return reason;
  if (!guard_on(Guard::window) || window_at(rules, now)) return {};
  const auto windows = windows_on(rules, base::civil_date(now));
  if (windows.empty()) return "booking_day_off";
  return base::minute_of_day(now) < windows.back().open ? "booking_not_open" : "booking_closed";
}

/// Every moment of the next days at which the rules can begin or cease to take bookings.
std::vector<Instant> turns(const Provider& provider, const Contract& contract, const Rules& rules,
                           Instant now) {
  std::vector<Instant> all;
  const auto spans = [&](const std::vector<service::Span>& list) {
    for (const service::Span& span : list) {
      all.push_back(span.from);
      if (span.until) all.push_back(*span.until);
    }
  };
  spans(provider.maintenance);
  spans(contract.suspensions);
  if (rules.stopped_until) all.push_back(*rules.stopped_until);
  std::set<Date> dates;
  // Days ahead of now, and of when the service is there again.
  for (const Instant from : {now, service::standing(provider, contract, now).until.value_or(now)})
    for (int ahead = 0; ahead <= days_looked_ahead; ++ahead)
      dates.insert(Date{base::civil_date(from).days + ahead});
  for (const Date date : dates) {
    all.push_back(base::at_minute(date, 0)); // contracts begin and end with a date
    const auto hours = service::hours_on(provider.hours, date);
    all.push_back(base::at_minute(date, hours.open));
    all.push_back(base::at_minute(date, hours.close));
    for (const Window& window : windows_on(rules, date)) {
      all.push_back(base::at_minute(date, window.open));
      all.push_back(base::at_minute(date, window.close));
    }
  }
  std::erase_if(all, [&](Instant each) { return each <= now; });
  std::sort(all.begin(), all.end());
  return all;
}

/// The next moment after `now` at which the rules are open (or not); `other_date`: not on this date any more.
std::optional<Instant> next(const Provider& provider, const Contract& contract, const Rules& rules,
                            Instant now, bool open, bool other_date = false) {
  const Date today = base::civil_date(now);
  for (const Instant turn : turns(provider, contract, rules, now)) {
    if (other_date && base::civil_date(turn) == today) continue;
    if (why_closed(provider, contract, rules, turn).empty() == open) return turn;
  }
  return std::nullopt;
}

} // namespace

std::string barred(const Provider& provider, const Contract& contract, const Rules& rules, Instant now) {
  const State state = service::standing(provider, contract, now).state;
  const bool no_term = state == State::ended || state == State::not_begun;
  if (no_term && guard_on(Guard::standing)) return std::string(service::state_name(state));
  if (stops(Guard::queue_service, !contract.queue)) return "signage_only";
  if (stops(Guard::standing, state != State::ok)) return std::string(service::state_name(state));
  if (stops(Guard::stop, stopped(rules, now))) return "booking_stopped";
  return {};
}

bool closed_on(const Rules& rules, Date date) {
  const DateException* exception = exception_of(rules, date);
  return exception != nullptr && exception->windows.empty();
}

std::optional<Instant> drawing_until(const Provider& provider, const Contract& contract, const Rules& rules,
                                     Instant now) {
  const auto window = window_at(rules, now);
  if (!window || rules.draw_seconds <= 0) return std::nullopt;
  const Date today = base::civil_date(now);
  Instant opened =
      base::at_minute(today, std::max(window->open, service::hours_on(provider.hours, today).open));
  const auto opens = [&](const std::optional<Instant>& at) {
    if (at && *at <= now) opened = std::max(opened, *at);
  };
  if (rules.stopped) opens(rules.stopped_until);
  for (const auto* spans : {&provider.maintenance, &contract.suspensions})
    for (const service::Span& each : *spans) opens(each.until);
  const Instant until = opened + std::chrono::seconds{rules.draw_seconds};
  return now >= opened && now < until ? std::optional(until) : std::nullopt;
}

std::vector<Window> usual_windows(const Rules& rules, Date date) {
  const int day = base::weekday(date);
  std::vector<Window> windows;
  std::copy_if(rules.windows.begin(), rules.windows.end(), std::back_inserter(windows),
               [&](const Window& each) {
                 return each.weekdays.empty() ||
                        std::find(each.weekdays.begin(), each.weekdays.end(), day) != each.weekdays.end();
               });
  return by_opening(std::move(windows));
}

std::vector<Window> windows_on(const Rules& rules, Date date) {
  const DateException* exception = exception_of(rules, date);
  return exception != nullptr ? by_opening(exception->windows) : usual_windows(rules, date);
}

int cap_on(const Rules& rules, Date date) {
  const DateException* exception = exception_of(rules, date);
  return exception != nullptr && exception->cap ? *exception->cap : rules.cap;
}

std::optional<int> places_outside(const Rules& rules, Date date) {
  const int cap = cap_on(rules, date);
  if (cap <= 0) return std::nullopt;
  return std::max(0, cap - (guard_on(Guard::walk_ins) ? rules.walk_in_places : 0));
}

std::string full(const Rules& rules, Date date, int numbers) {
  const auto places = places_outside(rules, date);
  if (!places || numbers <= *places) return {};
  return numbers > cap_on(rules, date) ? "booking_full" : "booking_full_remote";
}

std::string none_for(const Rules& rules, Date date, int given, int people) {
  std::string alone = full(rules, date, given + 1);
  if (!alone.empty() || full(rules, date, given + people).empty()) return alone;
  return "booking_few";
}

bool pauses(const Rules& rules, const Load& load, Instant now) {
  if (!guard_on(Guard::long_line) || !rules.through_by || !load.predicted_end) return false;
  const Instant limit = base::at_minute(base::civil_date(now), *rules.through_by);
  const bool held = load.paused && guard_on(Guard::hysteresis);
  return *load.predicted_end > (held ? limit - std::chrono::minutes{rules.reopen_slack} : limit);
}

std::string refusal(const Provider& provider, const Contract& contract, const Rules& rules, const Load& load,
                    Instant now) {
  std::string reason = why_closed(provider, contract, rules, now);
  if (reason.empty() && guard_on(Guard::cap)) reason = full(rules, base::civil_date(now), load.given + 1);
  if (reason.empty() && pauses(rules, load, now)) reason = "booking_paused";
  if (reason.empty() && stops(Guard::clinic_away, load.away && rules.refuse_when_away))
    reason = "clinic_unreachable";
  return reason;
}

Acceptance acceptance(const Provider& provider, const Contract& contract, const Rules& rules,
                      const Load& load, Instant now) {
  Acceptance told;
  if (const auto places = places_outside(rules, base::civil_date(now)))
    told.left = std::max(0, *places - load.given);
  told.reason = refusal(provider, contract, rules, load, now);
  told.open = told.reason.empty();
  const bool none_left = told.reason == "booking_full" || told.reason == "booking_full_remote";
  const bool by_load = none_left || told.reason == "booking_paused" || told.reason == "clinic_unreachable";
  if (told.open || by_load) {
    told.closes_at = next(provider, contract, rules, now, false);
  } else {
    told.opens_at = next(provider, contract, rules, now, true);
  }
  if (none_left) told.opens_at = next(provider, contract, rules, now, true, true);
  if (told.open) told.drawing_until = drawing_until(provider, contract, rules, now);
  return told;
}

} // namespace machiai::booking
