// SPDX-License-Identifier: Apache-2.0
// The station's answers from a day replayed out of the ledger, on the reader's thread.
#include "app/daemon/station.hpp"
#include "core/queue/story.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/views.hpp"

#include <array>
#include <optional>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

constexpr std::size_t events_told = 20; ///< that came before the moment

base::Result<std::vector<queue::Event>> events_of(store::Ledger& ledger, base::Date date) {
  std::vector<queue::Event> events;
  MACHIAI_TRY(ledger.each_event_of(date, [&](store::EventRow&& row) -> base::Status {
    events.push_back(std::move(row.event));
    return {};
  }));
  return events;
}

struct Moment {
  base::Date date;
  std::optional<base::Instant> at; ///< none: all of it
};

/// "2026-11-24" and "10:32", "10:32:05" or a whole instant; without a date `today`.
base::Result<Moment> moment_of(const json::object& args, base::Date today) {
  const auto date = wire::text_argument(args, "date");
  MACHIAI_TRY(date);
  const auto time = wire::text_argument(args, "at");
  MACHIAI_TRY(time);
  const auto day = date->empty() ? std::optional(today) : base::parse_iso_date(*date);
  if (!day) return fail(Error::Code::invalid, "bad_date");
  if (time->empty()) return Moment{*day, std::nullopt};
  const bool whole = time->find('T') != std::string::npos;
  const std::string padded = time->find(':') == 1 ? "0" + *time : *time;
  const auto at = base::parse_iso_instant(whole ? *time : base::iso_date(*day) + "T" + padded);
  if (!at) return fail(Error::Code::invalid, "bad_time");
  return Moment{*day, at};
}

json::array lines_of(const queue::Clinic& clinic, const queue::Day& day, const std::string& only) {
  json::array services;
  for (std::size_t i = 0; i < clinic.services.size(); ++i) {
    if (!only.empty() && clinic.services[i].id != only) continue;
    json::array tickets;
    for (const queue::TicketView& ticket : queue::queue_view(clinic, day, static_cast<int>(i)))
      tickets.push_back(wire::to_json(ticket));
    services.push_back({{"service", clinic.services[i].id},
                        {"open", day.counters[i].open},
                        {"waiting", day.counters[i].waiting},
                        {"tickets", std::move(tickets)}});
  }
  return services;
}

} // namespace

/// The lines as they stood at a moment of a day, and what had happened just before.
base::Result<Station::Read> Station::replay_query(const hub::Caller& caller,
                                                  const hub::Request& request) const {
  const auto moment = moment_of(request.args, durable_.date);
  MACHIAI_TRY(moment);
  const auto service = wire::text_argument(request.args, "service");
  MACHIAI_TRY(service);
  if (!service->empty() && !queue::find_service(settings_.clinic, *service))
    return fail(Error::Code::not_found, "unknown_service");
  return [this, caller, when = *moment, only = *service](store::Ledger& ledger) -> json::object {
    const auto events = events_of(ledger, when.date);
    if (!events) return refusal(caller, events.error());
    const queue::Replay replay =
        queue::replay(settings_.clinic, *events, when.at.value_or(base::Instant::max()));
    json::array before;
    for (std::size_t i = replay.events; i > 0 && before.size() < events_told; --i)
      before.push_back(wire::event_to_told(settings_.clinic, (*events)[i - 1]));
    return {{"ok",
             {{"date", base::iso_date(when.date)},
              {"at", when.at ? base::iso_instant(*when.at) : ""},
              {"events", replay.events},
              {"services", lines_of(settings_.clinic, replay.day, only)},
              {"before", std::move(before)}}}};
  };
}

/// "Why was 12 before 11?": replays the day for the two.
base::Result<Station::Read> Station::order_query(const hub::Caller& caller,
                                                 const hub::Request& request) const {
  std::array<queue::TicketRef, 2> pair;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto text = wire::text_argument(request.args, i == 0 ? "ticket" : "other");
    MACHIAI_TRY(text);
    const auto at = queue::resolve_ticket(settings_.clinic, durable_, *text);
    MACHIAI_TRY(at);
    pair[i] = queue::ref_of(durable_.tickets[*at]);
  }
  if (pair[0] == pair[1]) return base::fail(Error::Code::invalid, "same_pair");
  return [this, caller, pair, date = durable_.date](store::Ledger& ledger) -> json::object {
    const auto events = events_of(ledger, date);
    if (!events) return refusal(caller, events.error());
    json::array steps;
    for (const auto& step : queue::order_story(settings_.clinic, *events, pair[0], pair[1]))
      steps.push_back(wire::step_to_json(settings_.clinic, step, pair[0], pair[1]));
    return {{"ok",
             {{"ticket", queue::shown_number(settings_.clinic, pair[0])},
              {"other", queue::shown_number(settings_.clinic, pair[1])},
              {"steps", std::move(steps)}}}};
  };
}

} // namespace machiai::daemon
