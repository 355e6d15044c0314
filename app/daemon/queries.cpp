// SPDX-License-Identifier: Apache-2.0
// The station's answers that change nothing: views, lists, histories, its own health.
#include "app/daemon/station.hpp"
#include "core/base/text.hpp"
#include "core/store/seen_time.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/messages.hpp"
#include "core/wire/statistics.hpp"
#include "core/wire/views.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;

namespace {

/// What a seat told (queue::SeatView::trouble, by colons) without one reason.
std::string without_trouble(std::string_view troubles, std::string_view reason) {
  std::string rest;
  while (!troubles.empty()) {
    const std::string_view each = troubles.substr(0, troubles.find(':'));
    troubles.remove_prefix(std::min(each.size() + 1, troubles.size()));
    if (!each.empty() && each != reason) rest.append(rest.empty() ? "" : ":").append(each);
  }
  return rest;
}

constexpr std::chrono::seconds link_grace{15};

base::Result<std::vector<wire::DayRow>> count_days(store::Ledger& ledger, const queue::Clinic& clinic,
                                                   base::Date from, base::Date to) {
  const auto dates = ledger.dates(from, to);
  MACHIAI_TRY(dates);
  std::vector<wire::DayRow> rows;
  for (const base::Date date : *dates) {
    queue::DayCounter counter(clinic);
    MACHIAI_TRY(ledger.each_event_of(date, [&](store::EventRow&& row) -> base::Status {
      counter.note(row.event);
      return {};
    }));
    const auto prints = ledger.prints(date);
    MACHIAI_TRY(prints);
    wire::DayRow day{counter.count(), {}};
    for (const store::PrintRow& print : *prints) {
      day.prints.printed += print.state == "printed" ? 1 : 0;
      day.prints.failed += print.state == "failed" || print.state == "unknown" ? 1 : 0;
      day.prints.reprinted += print.reprint ? 1 : 0;
    }
    rows.push_back(std::move(day));
  }
  return rows;
}

json::object print_json(const queue::Clinic& clinic, const store::PrintRow& row) {
  queue::PrintView view;
  const int service = queue::find_service(clinic, row.service).value_or(0);
  const queue::TicketRef ref{service, row.series, row.n};
  view.print = row.print;
  view.ticket = queue::ticket_id(clinic, row.date, ref);
  view.number = queue::shown_number(clinic, ref);
  view.reprint = row.marked;
  view.state = row.state;
  view.reason = row.reason;
  view.at = row.changed;
  return wire::to_json(view);
}

} // namespace

bool Station::clock_unsure() const {
  const base::Instant now = clock_.now();
  if (!store::is_believable(now)) return true;
  if (!cloud_clock_) return store::is_behind(now, last_event_at_);
  const auto since = std::chrono::steady_clock::now() - cloud_clock_->heard;
  return store::differs(now, cloud_clock_->at + std::chrono::duration_cast<base::Millis>(since));
}

/// A link that breaks and comes back is no trouble; one that a person has to see to is one at once.
bool Station::link_is_away() const {
  if (!link_.enrolled || link_.connected) return false;
  return link_.reason != "cloud_away" || clock_.now() - link_.since >= link_grace;
}

/// What the cloud says of every counter that it has; none: the link is not up, or it has not said so yet.
const std::vector<queue::OutsideView>* Station::counters_at_cloud() const {
  const bool told = link_.connected && outside_ && outside_->current;
  return told ? &outside_->services : nullptr;
}

bool Station::counter_not_at_cloud() const {
  const auto* known = counters_at_cloud();
  if (known == nullptr) return false;
  return std::any_of(
      settings_.clinic.services.begin(), settings_.clinic.services.end(), [&](const queue::Service& ours) {
        return !ours.retired &&
               std::none_of(known->begin(), known->end(),
                            [&](const queue::OutsideView& each) { return each.service == ours.id; });
      });
}

bool Station::counter_only_at_cloud() const {
  const auto* known = counters_at_cloud();
  return known != nullptr && std::any_of(known->begin(), known->end(), [&](const queue::OutsideView& each) {
           return !queue::find_service(settings_.clinic, each.service);
         });
}

/// Phones would promise a patient who misses the call another place than the one they get.
bool Station::absence_differs() const {
  const queue::AbsenceRule& ours = settings_.clinic.absence;
  const auto* known = counters_at_cloud();
  if (known == nullptr) return false;
  return std::any_of(known->begin(), known->end(), [&](const queue::OutsideView& each) {
    return each.absence_back.value_or(ours.back) != ours.back ||
           each.absence_times.value_or(ours.times) != ours.times;
  });
}

std::vector<queue::TroubleView> Station::troubles() const {
  std::vector<queue::TroubleView> list;
  if (!storage_trouble_.empty())
    list.push_back({"storage", storage_trouble_ == "disk_low" ? "warn" : "fault", storage_trouble_});
  if (has_printer() && !printer_trouble_.empty())
    list.push_back({"printer", printer_trouble_ == "paper_low" ? "warn" : "fault", printer_trouble_});
  if (!has_printer()) list.push_back({"printer", "warn", "no_printer"});
  if (clock_unsure()) list.push_back({"clock", "fault", "clock_unsure"});
  if (!turned_out_.empty()) {
    list.push_back({"cloud", "fault", turned_out_});
  } else if (link_is_away()) {
    list.push_back({"cloud", "warn", link_.reason});
  }
  if (counter_not_at_cloud()) list.push_back({"cloud", "warn", "service_not_at_cloud"});
  if (counter_only_at_cloud()) list.push_back({"cloud", "warn", "service_only_at_cloud"});
  if (absence_differs()) list.push_back({"cloud", "warn", "absence_differs"});
  if (certificate_late_) list.push_back({"cloud", "warn", "certificate_ends_soon"});
  if (films_late()) list.push_back({"cloud", "warn", "films_missing"});
  if (programme_troubles_.refused) list.push_back({"film", "warn", "programme_refused"});
  if (programme_troubles_.reviews_lost) list.push_back({"film", "warn", "bad_reviews"});
  if (programme_troubles_.films_missing && !films_late()) list.push_back({"film", "warn", "films_not_here"});
  for (const auto& [name, seat] : seats_)
    if (seat.connected)
      for (queue::TroubleView& trouble : queue::seat_troubles(seat)) list.push_back(std::move(trouble));
  return list;
}

queue::DeskView Station::desk() {
  const base::Instant now = clock_.now();
  queue::DeskView view = queue::desk_view(settings_.clinic, durable_, now, &forecaster_.waits(durable_, now));
  view.accuracy = forecaster_.accuracy();
  for (queue::TicketView& ticket : view.tickets)
    if (const auto slip = slips_.find(ticket.at); slip != slips_.end()) ticket.slip = slip->second.second;
  for (const auto& [id, row] : open_prints_) {
    // A slip of a date that is over is nobody's task any more; its day counts it (statistics).
    if (!needs_person(row) || row.date != durable_.date) continue;
    const int service = queue::find_service(settings_.clinic, row.service).value_or(0);
    const queue::TicketRef ref{service, row.series, row.n};
    view.prints.push_back({row.print, queue::ticket_id(settings_.clinic, row.date, ref),
                           queue::shown_number(settings_.clinic, ref), row.marked, row.state, row.reason,
                           row.changed});
  }
  for (const auto& [name, seat] : seats_)
    if (seat.role != "cli") view.seats.push_back(seat);
  view.troubles = troubles();
  view.link = link_;
  view.outside = outside_today();
  view.standing = standing_;
  return view;
}

/// Board and kiosk tell whoever looks at a phone in vain.
void Station::tell_phones_rest(std::vector<queue::MessageView>& messages) const {
  if (!phones_rest_.pattern.empty()) messages.push_back(phones_rest_);
}

json::object Station::view(const std::string& name) {
  if (name == "desk") return wire::to_json(desk());
  const base::Instant now = clock_.now();
  if (name == "rooms") return wire::to_json(queue::rooms_view(settings_.clinic, durable_, now));
  const queue::Waits& waits = forecaster_.waits(durable_, now);
  if (name == "board") {
    queue::BoardView board = queue::board_view(settings_.clinic, durable_, now, &waits);
    tell_phones_rest(board.messages);
    return wire::to_json(board);
  }
  queue::KioskView kiosk = queue::kiosk_view(settings_.clinic, durable_, now, &waits);
  kiosk.printing = can_print();
  tell_phones_rest(kiosk.messages);
  return wire::to_json(kiosk);
}

queue::OutsideWaits Station::outside_waits() {
  return forecaster_.outside(durable_, clock_.now());
}

json::object Station::queue_json(int service) {
  json::array tickets;
  for (const queue::TicketView& ticket :
       queue::queue_view(settings_.clinic, durable_, service, &forecaster_.waits(durable_, clock_.now())))
    tickets.push_back(wire::to_json(ticket));
  const queue::Counter& counter = durable_.counters[static_cast<std::size_t>(service)];
  const bool passed = queue::has_passed(durable_, clock_.now());
  return {{"service", settings_.clinic.services[static_cast<std::size_t>(service)].id},
          {"open", counter.open},
          {"waiting", counter.waiting},
          {"remote_stopped", !passed && counter.remote_stopped},
          {"walk_ins", passed ? -1 : counter.walk_ins},
          {"every", passed ? -1 : counter.every},
          {"date", durable_.history.empty() ? "" : base::iso_date(durable_.date)},
          {"tickets", std::move(tickets)}};
}

/// What stands for one counter today: its hours as text ("" for closed), its cap (0: none), the numbers held
/// for walk-ins and of how many places of the line one is kept for them (-1: as the cloud's rules say).
json::object Station::counter_json(int service) const {
  const base::Instant now = clock_.now();
  const queue::Service& settings = settings_.clinic.services[static_cast<std::size_t>(service)];
  const bool passed = queue::has_passed(durable_, now); // yesterday's exceptions stand for nothing
  const auto& all = passed ? queue::usual_hours(settings_.clinic, service, base::civil_date(now))
                           : queue::hours_of(settings_.clinic, durable_, service);
  const int weekday = base::weekday(base::civil_date(now));
  std::string text;
  for (const queue::Hours& hours : all) {
    const auto& days = hours.weekdays;
    if (!days.empty() && std::find(days.begin(), days.end(), weekday) == days.end()) continue;
    text += fmt::format("{}{}:{:02}-{}:{:02}", text.empty() ? "" : ",", hours.open / 60, hours.open % 60,
                        hours.close / 60, hours.close % 60);
  }
  return {{"service", settings.id},
          {"hours", text},
          {"cap", passed ? settings.cap : queue::cap_of(settings_.clinic, durable_, service)},
          {"walk_ins", passed ? -1 : durable_.counters[static_cast<std::size_t>(service)].walk_ins},
          {"every", passed ? -1 : durable_.counters[static_cast<std::size_t>(service)].every}};
}

std::optional<queue::AcceptanceView> Station::outside_today() const {
  const bool today = outside_ && outside_->date == base::iso_date(base::civil_date(clock_.now()));
  return today ? outside_ : std::nullopt;
}

bool Station::films_late() const {
  return downloads_ && downloads_->at("late").as_bool();
}

json::object Station::link_json() const {
  if (!link_.enrolled) return {{"enrolled", false}};
  const auto outside = outside_today();
  json::array standing;
  for (const queue::StandingView& each : standing_) standing.push_back(wire::to_json(each));
  return {{"enrolled", true},
          {"connected", link_.connected},
          {"since", base::iso_instant(link_.since)},
          {"reason", link_.reason},
          {"certificate_until", base::iso_instant(certificate_until_)},
          {"outside", outside ? json::value(wire::to_json(*outside)) : json::value(nullptr)},
          {"standing", std::move(standing)},
          {"downloads", downloads_ ? json::value(*downloads_) : json::value(nullptr)}};
}

json::object Station::status_json() const {
  json::array troubles_json;
  for (const queue::TroubleView& trouble : troubles())
    troubles_json.push_back({{"part", trouble.part}, {"level", trouble.level}, {"reason", trouble.reason}});
  json::array seats;
  for (const auto& [name, seat] : seats_) {
    json::object told{
        {"seat", seat.seat}, {"role", seat.role}, {"connected", seat.connected}, {"trouble", seat.trouble}};
    if (const auto surface = surfaces_.find(name); surface != surfaces_.end())
      told["surface"] = surface->second;
    seats.push_back(std::move(told));
  }
  json::array services;
  const bool passed = queue::has_passed(durable_, clock_.now());
  for (std::size_t i = 0; i < settings_.clinic.services.size(); ++i)
    services.push_back({{"id", settings_.clinic.services[i].id},
                        {"open", durable_.counters[i].open},
                        {"waiting", durable_.counters[i].waiting},
                        {"remote_stopped", !passed && durable_.counters[i].remote_stopped},
                        {"walk_ins", passed ? -1 : durable_.counters[i].walk_ins},
                        {"every", passed ? -1 : durable_.counters[i].every},
                        {"epoch", durable_.counters[i].epoch},
                        {"owner", durable_.counters[i].owner}});
  return {{"version", MACHIAI_VERSION},
          {"facility", settings_.clinic.id},
          {"date", durable_.opened ? base::iso_date(durable_.date) : ""},
          {"now", base::iso_instant(clock_.now())},
          {"seq", durable_.seq},
          {"tickets", durable_.tickets.size()},
          {"services", std::move(services)},
          {"printer", {{"queue", settings_.printer.queue}, {"trouble", printer_trouble_}}},
          {"storage", {{"trouble", storage_trouble_}}},
          {"cloud", link_json()},
          {"seats", std::move(seats)},
          {"troubles", std::move(troubles_json)}};
}

bool Station::query(const hub::Caller& caller, hub::Request& request, hub::Respond& respond) {
  const std::string& cmd = request.cmd;
  if (cmd == "board" || cmd == "desk" || cmd == "kiosk" || cmd == "rooms") {
    respond({{"ok", view(cmd)}});
  } else if (cmd == "status") {
    respond({{"ok", status_json()}});
  } else if (cmd == "queue" || cmd == "counter") {
    const auto id = wire::text_argument(request.args, "service");
    const auto service = id ? queue::find_service(settings_.clinic, *id) : std::nullopt;
    respond(service ? json::object{{"ok", cmd == "queue" ? queue_json(*service) : counter_json(*service)}}
                    : refusal(caller, {Error::Code::not_found, "unknown_service", {}}));
  } else if (cmd == "attend") {
    for (auto& [name, seat] : seats_) seat.trouble = without_trouble(seat.trouble, "patient_waits");
    effects_.views_changed({"desk"});
    respond({{"ok", json::object{}}});
  } else if (cmd == "report") {
    const auto trouble = wire::text_argument(request.args, "trouble");
    const auto surface = wire::text_argument(request.args, "surface");
    const bool known = surface && (surface->empty() || *surface == "raster" || *surface == "gpu");
    if (!trouble || !known || !(trouble->empty() || base::is_plain_id(*trouble, 64))) {
      respond(refusal(caller, {Error::Code::invalid, "bad_argument", {}}));
      return true;
    }
    if (!surface->empty()) surfaces_[caller.place()] = *surface;
    seats_[caller.place()].trouble = *trouble;
    effects_.views_changed({"desk"});
    respond({{"ok", json::object{}}});
  } else {
    return false;
  }
  return true;
}

/// Counts business dates from..to; with "csv" as a table.
base::Result<Station::Read> Station::statistics_query(const hub::Caller& caller,
                                                      const hub::Request& request) const {
  constexpr int longest = 366; // days
  const base::Date today = base::civil_date(clock_.now());
  std::array<base::Date, 2> span{today, today};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto text = wire::text_argument(request.args, i == 0 ? "from" : "to");
    MACHIAI_TRY(text);
    if (text->empty()) continue;
    const auto date = base::parse_iso_date(*text);
    if (!date) return base::fail(Error::Code::invalid, "bad_date");
    span[i] = *date;
  }
  if (span[1] < span[0] || span[1].days - span[0].days > longest)
    return base::fail(Error::Code::invalid, "bad_date");
  const json::value* format = request.args.if_contains("csv");
  const bool csv = format != nullptr && format->is_bool() && format->as_bool();
  return [this, caller, span, csv](store::Ledger& ledger) -> json::object {
    const auto rows = count_days(ledger, settings_.clinic, span[0], span[1]);
    if (!rows) return refusal(caller, rows.error());
    if (csv) return {{"ok", {{"csv", wire::statistics_csv(*rows)}}}};
    return {{"ok", wire::statistics_to_json(*rows)}};
  };
}

/// Reads the ledger itself, on the reader's thread, over a connection of its own.
bool Station::slow_query(const hub::Caller& caller, hub::Request& request, hub::Respond& respond) {
  Read read;
  if (request.cmd == "verify") {
    read = [this, caller](store::Ledger& ledger) -> json::object {
      const auto verified = ledger.verify();
      if (!verified) return refusal(caller, verified.error());
      return {{"ok",
               {{"holds", verified->broken.empty()},
                {"events", verified->events},
                {"tickets", verified->tickets},
                {"days", verified->days},
                {"broken", json::value_from(verified->broken)}}}};
    };
  } else if (request.cmd == "prints") {
    read = [this, caller, date = durable_.date](store::Ledger& ledger) -> json::object {
      const auto rows = ledger.prints(date);
      if (!rows) return refusal(caller, rows.error());
      json::array list;
      for (const store::PrintRow& row : *rows) list.push_back(print_json(settings_.clinic, row));
      return {{"ok", {{"prints", std::move(list)}}}};
    };
  } else if (request.cmd == "why" || request.cmd == "order" || request.cmd == "replay" ||
             request.cmd == "statistics") {
    auto prepared = request.cmd == "why"      ? why_query(caller, request)
                    : request.cmd == "order"  ? order_query(caller, request)
                    : request.cmd == "replay" ? replay_query(caller, request)
                                              : statistics_query(caller, request);
    if (!prepared) {
      respond(refusal(caller, prepared.error()));
      return true;
    }
    read = std::move(*prepared);
  } else {
    return false;
  }
  const bool taken = reader_.post([this, caller, respond, read] {
    auto ledger = store::Ledger::open_to_read(home_.ledger().string(), settings_.clinic);
    json::object reply = ledger ? read(*ledger) : refusal(caller, ledger.error());
    boost::asio::post(loop_, [respond, reply = std::move(reply)]() mutable { respond(std::move(reply)); });
  });
  if (!taken) respond(refusal(caller, {Error::Code::limit, "overloaded", {}}));
  return true;
}

} // namespace machiai::daemon
