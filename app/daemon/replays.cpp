// SPDX-License-Identifier: Apache-2.0
// The station's answers from a day replayed out of the ledger, on the reader's thread.
#include "app/daemon/station.hpp"
#include "core/queue/story.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/events.hpp"
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
  const auto moment = moment_of(request.args, told_date());
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
              {"next", replay.events < events->size() ? base::iso_instant((*events)[replay.events].at) : ""},
              {"services", lines_of(settings_.clinic, replay.day, only)},
              {"before", std::move(before)}}}};
  };
}

/// The day that is open or was the last; of a station that is new, today.
base::Date Station::told_date() const {
  return durable_.date == base::Date{} ? base::civil_date(clock_.now()) : durable_.date;
}

base::Result<base::Date> Station::date_argument(const json::object& args) const {
  const auto text = wire::text_argument(args, "date");
  MACHIAI_TRY(text);
  if (text->empty()) return told_date();
  const auto date = base::parse_iso_date(*text);
  if (!date) return fail(Error::Code::invalid, "bad_date");
  return *date;
}

/// The end of a day: the open one as it stands, an earlier one out of the ledger.
base::Result<Station::DayTold> Station::day_of(store::Ledger& ledger, base::Date date) const {
  auto events = events_of(ledger, date);
  MACHIAI_TRY(events);
  queue::Day day = queue::replay(settings_.clinic, *events, base::Instant::max()).day;
  return DayTold{std::move(*events), std::move(day)};
}

/// The history of a ticket, of the open day or of an earlier one.
base::Result<Station::Read> Station::why_query(const hub::Caller& caller, const hub::Request& request) const {
  const auto date = date_argument(request.args);
  MACHIAI_TRY(date);
  const auto text = wire::text_argument(request.args, "ticket");
  MACHIAI_TRY(text);
  return [this, caller, text = *text, date = *date](store::Ledger& ledger) -> json::object {
    const auto told = day_of(ledger, date);
    if (!told) return refusal(caller, told.error());
    const queue::Day& day = told->day;
    const auto at = queue::resolve_ticket(settings_.clinic, day, text);
    if (!at) return refusal(caller, at.error());
    const queue::Ticket& ticket = day.tickets[*at];
    const queue::TicketRef ref = queue::ref_of(ticket);
    json::array events;
    for (const queue::Event& event : told->events) {
      const auto* about = wire::event_ticket(event.body);
      if (about == nullptr || *about != ref) continue;
      json::object line = wire::event_to_told(settings_.clinic, event);
      line.erase("ticket");
      events.push_back(std::move(line));
    }
    return {{"ok",
             {{"ticket", queue::ticket_id(settings_.clinic, day.date, ref)},
              {"number", queue::shown_number(settings_.clinic, ref)},
              {"state", queue::state_name(ticket.state)},
              {"ahead", queue::people_ahead(day, *at)},
              {"reason", day.reasons[ticket.reason]},
              {"events", std::move(events)}}}};
  };
}

/// "Why was 12 before 11?": replays the day for the two.
base::Result<Station::Read> Station::order_query(const hub::Caller& caller,
                                                 const hub::Request& request) const {
  const auto date = date_argument(request.args);
  MACHIAI_TRY(date);
  const auto one = wire::text_argument(request.args, "ticket");
  MACHIAI_TRY(one);
  const auto other = wire::text_argument(request.args, "other");
  MACHIAI_TRY(other);
  return
      [this, caller, date = *date, texts = std::array{*one, *other}](store::Ledger& ledger) -> json::object {
        const auto told = day_of(ledger, date);
        if (!told) return refusal(caller, told.error());
        std::array<queue::TicketRef, 2> pair;
        for (std::size_t i = 0; i < pair.size(); ++i) {
          const auto at = queue::resolve_ticket(settings_.clinic, told->day, texts[i]);
          if (!at) return refusal(caller, at.error());
          pair[i] = queue::ref_of(told->day.tickets[*at]);
        }
        if (pair[0] == pair[1]) return refusal(caller, {Error::Code::invalid, "same_pair", {}});
        json::array steps;
        for (const auto& step : queue::order_story(settings_.clinic, told->events, pair[0], pair[1]))
          steps.push_back(wire::step_to_json(settings_.clinic, step, pair[0], pair[1]));
        return {{"ok",
                 {{"ticket", queue::shown_number(settings_.clinic, pair[0])},
                  {"other", queue::shown_number(settings_.clinic, pair[1])},
                  {"steps", std::move(steps)}}}};
      };
}

} // namespace machiai::daemon
