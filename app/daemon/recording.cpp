// SPDX-License-Identifier: Apache-2.0
// The station's way to the ledger: what was decided becomes a batch, the batch durable, and only then is it
// answered, shown and printed.
#include "app/daemon/station.hpp"
#include "core/queue/places.hpp"
#include "core/store/projection.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/events.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;

namespace {

bool is_over(const store::PrintRow& row) {
  return row.state == "printed" || row.state == "cancelled";
}

} // namespace

void Station::launch(const hub::Caller& caller, const std::string& key,
                     std::optional<store::Digest> key_digest, std::uint64_t request, queue::Decision decision,
                     hub::Respond respond, const queue::Command* command) {
  Flight flight;
  flight.lang = caller.lang;
  flight.key = key_digest;
  const base::Instant now = clock_.now();
  const std::uint64_t group = working_.seq + 1;
  for (queue::EventBody& body : decision.events) {
    queue::Event event;
    event.seq = working_.seq + 1;
    event.group = group;
    event.key = key;
    event.actor = caller.person.empty() ? caller.role : caller.person;
    event.seat = caller.seat;
    event.at = now;
    event.body = std::move(body);
    queue::fold(settings_.clinic, working_, event);
    if (const auto* ref = wire::event_ticket(event.body))
      event.epoch = working_.counters[static_cast<std::size_t>(ref->service)].epoch;
    store::project_event(settings_.clinic, working_, event, batch_next_.tickets);
    batch_next_.events.push_back({event, working_.date, request});
    add_prints(flight, event, decision.slips);
    flight.events.push_back(std::move(event));
  }
  if (key_digest) keys_[*key_digest] = {request, working_.seq};
  batch_next_.prints.insert(batch_next_.prints.end(), flight.prints.begin(), flight.prints.end());
  flight.responds.push_back(std::move(respond));
  const auto print = flight.prints.empty() ? std::nullopt : std::optional(flight.prints.back().print);
  flight.reply = answer(flight.events.back(), working_.date, working_, print);
  if (command != nullptr && std::holds_alternative<queue::CloseDay>(*command))
    wire::add_closed(flight.reply.at("ok").as_object(), settings_.clinic, flight.events);
  if (const auto* here = std::get_if<queue::CheckIn>(command)) {
    json::object told = checked_in(*here, working_, {group, working_.seq});
    told["printing"] = !flight.prints.empty() && can_print();
    told["key"] = key;
    flight.reply = {{"ok", std::move(told)}};
  }
  if (weakness_.answer_before_commit) {
    for (const auto& early : flight.responds) early(flight.reply);
    flight.responds.clear();
  }
  if (weakness_.print_before_commit)
    for (const store::PrintRow& early : flight.prints) effects_.print(early);
  waiting_.push_back(std::move(flight));
  send_batch();
}

void Station::answer_behind(const std::string& lang, json::object reply, hub::Respond respond) {
  if (!in_flight_) return respond(std::move(reply));
  Flight flight; // an empty one: it lands, or is lost, behind what it rests on
  flight.lang = lang;
  flight.reply = std::move(reply);
  flight.responds.push_back(std::move(respond));
  (waiting_.empty() ? flying_ : waiting_).push_back(std::move(flight));
}

void Station::from_cloud(const queue::Command& command, const std::string& key,
                         std::function<void(bool)> done) {
  auto decided = queue::decide(settings_.clinic, working_, command, {"cloud", "link"}, clock_.now());
  if (!decided) {
    spdlog::info("link: a message was refused: {} ({})", decided.error().reason, decided.error().detail);
    return done(false);
  }
  // The answer goes out before the durable day has the events, and `done` reads that day.
  auto respond = [this, done = std::move(done)](const json::object& answer) {
    boost::asio::post(loop_, [done, ok = answer.contains("ok")] { done(ok); });
  };
  if (decided->events.empty()) return answer_behind("en", {{"ok", json::object{}}}, std::move(respond));
  launch({"cloud", "link", "en"}, key, std::nullopt, 0, std::move(*decided), std::move(respond));
}

void Station::add_prints(Flight& flight, const queue::Event& event, bool arrivals) {
  const auto* taken = std::get_if<queue::Taken>(&event.body);
  const auto* again = std::get_if<queue::Reprinted>(&event.body);
  const bool arrived = arrivals && std::holds_alternative<queue::Arrived>(event.body);
  if (!has_printer() || (again == nullptr && !arrived && (taken == nullptr || !taken->print))) return;
  const queue::TicketRef ref = *wire::event_ticket(event.body);
  const auto at = queue::find_ticket(working_, ref);
  if (!at || (arrived && slips_.contains(*at))) return;
  store::PrintRow row;
  row.print = ++last_print_;
  row.date = working_.date;
  row.service = settings_.clinic.services[static_cast<std::size_t>(ref.service)].id;
  row.series = ref.series;
  row.n = ref.n;
  row.ahead = taken != nullptr ? taken->ahead : queue::told_ahead(working_, *at);
  row.wait = taken != nullptr ? taken->told : std::nullopt;
  row.reprint = row.marked = again != nullptr;
  row.state = "queued";
  row.issued = arrived ? event.at : working_.tickets[*at].taken;
  row.asked = row.changed = event.at;
  flight.prints.push_back(std::move(row));
}

void Station::record_print(store::PrintRow row, std::function<void(bool)> done) {
  if (weakness_.print_before_commit) std::exchange(done, [](bool) {})(true);
  Flight flight;
  batch_next_.prints.push_back(row);
  flight.prints.push_back(std::move(row));
  flight.done = std::move(done);
  waiting_.push_back(std::move(flight));
  send_batch();
}

void Station::record_airings(std::vector<programme::Aired> airings, std::function<void(bool)> done) {
  Flight flight;
  batch_next_.airings.insert(batch_next_.airings.end(), std::make_move_iterator(airings.begin()),
                             std::make_move_iterator(airings.end()));
  flight.done = std::move(done);
  waiting_.push_back(std::move(flight));
  send_batch();
}

void Station::send_batch() {
  if (in_flight_ || waiting_.empty()) return;
  in_flight_ = true;
  flying_.swap(waiting_);
  std::swap(batch_, batch_next_);
  batch_next_.clear();
  writer_.commit(batch_);
}

void Station::on_committed(const Writer::Outcome& outcome) {
  in_flight_ = false;
  ballast_gone_ = ballast_gone_ || outcome.squeezed;
  if (!outcome.status) return crash_all(outcome.status.error());
  storage_trouble_ = ballast_gone_ ? "disk_low" : "";
  std::deque<Flight> landed;
  landed.swap(flying_);
  // The next batch goes to the disk while this one is being answered.
  send_batch();
  // Those who asked hear of it before the rest is done: their machines wake up meanwhile. Nobody else's
  // command comes in between, so nobody sees a day that lags behind an answer.
  for (Flight& flight : landed)
    for (std::size_t at = 0; at < flight.responds.size(); ++at)
      flight.responds[at](at + 1 < flight.responds.size() ? flight.reply : std::move(flight.reply));
  for (Flight& flight : landed) land(flight);
  if (effects_.recorded) effects_.recorded();
  effects_.views_changed(all_views);
}

void Station::land(Flight& flight) {
  for (const queue::Event& event : flight.events) {
    queue::fold(settings_.clinic, durable_, event);
    forecaster_.note(durable_, event);
    // The newest of the day: one event under a wrong clock must not make that clock look right.
    const bool new_day = std::holds_alternative<queue::DayOpened>(event.body);
    last_event_at_ = new_day ? event.at : std::max(last_event_at_, event.at);
    const bool gone = std::holds_alternative<queue::Cancelled>(event.body) ||
                      std::holds_alternative<queue::Undone>(event.body);
    const auto* ref = wire::event_ticket(event.body);
    const auto at = gone && ref != nullptr ? queue::find_ticket(durable_, *ref) : std::nullopt;
    if (at && !queue::is_live(durable_.tickets[*at].state)) withdraw_prints(*at);
    if (at) print_again(*at);
    if (!new_day) continue;
    slips_.clear();
    withdrawn_.clear();
    judge();
  }
  for (const store::PrintRow& row : flight.prints) {
    // An undo may have been faster than the printer's thread, which withdraws.
    if (const auto at = keep_print(row)) print_again(*at);
    notice_printer(row);
    if (!flight.done) effects_.print(row);
  }
  if (flight.done) flight.done(true);
}

/// The disk refused: nothing of this batch, or of what was decided on top of it, has happened.
void Station::crash_all(const Error& error) {
  spdlog::error("ledger: commit refused ({}, {})", error.reason, error.detail);
  storage_trouble_ = error.reason;
  working_ = durable_;
  batch_next_ = {};
  unchanged_.clear(); // some of it may have been decided against what is lost
  std::deque<Flight> lost;
  lost.swap(flying_);
  std::move(waiting_.begin(), waiting_.end(), std::back_inserter(lost));
  waiting_.clear();
  for (Flight& flight : lost) {
    if (flight.key) keys_.erase(*flight.key);
    if (flight.done) flight.done(false);
    for (const auto& respond : flight.responds) respond(refusal({"", "", flight.lang}, error));
  }
  effects_.views_changed(all_views);
}

std::optional<queue::TicketIndex> Station::keep_print(const store::PrintRow& row) {
  const auto service = queue::find_service(settings_.clinic, row.service);
  const auto at = service && row.date == durable_.date
                      ? queue::find_ticket(durable_, {*service, row.series, row.n})
                      : std::nullopt;
  if (at) {
    auto& slip = slips_[*at];
    if (row.print >= slip.first) {
      slip = {row.print, row.state};
      withdrawn_.erase(*at);
      if (row.state == "cancelled") withdrawn_[*at] = row;
    }
  }
  // A newer slip of the ticket settles the trouble of an older one, after a restart too.
  if (row.reprint)
    std::erase_if(open_prints_, [&](const auto& entry) {
      const store::PrintRow& old = entry.second;
      return needs_person(old) && old.print < row.print && old.date == row.date &&
             old.service == row.service && old.n == row.n && old.series == row.series;
    });
  if (is_over(row)) {
    open_prints_.erase(row.print);
  } else {
    open_prints_[row.print] = row;
  }
  return at;
}

/// cupsd does not tell a printer that is switched off from a slow one; a slip that timed out does, until
/// another comes out.
void Station::notice_printer(const store::PrintRow& row) {
  const bool timed_out = row.state == "failed" && row.reason == "printer_timeout";
  if (timed_out && printer_trouble_.empty()) printer_trouble_ = row.reason;
  // That a person has seen an old slip says nothing of the printer.
  if (row.state == "printed" && row.reason.empty() && printer_trouble_ == "printer_timeout")
    printer_trouble_.clear();
}

void Station::withdraw_prints(queue::TicketIndex ticket) {
  const queue::TicketRef ref = queue::ref_of(durable_.tickets[ticket]);
  for (const auto& [id, row] : open_prints_)
    if (row.n == ref.n && row.series == ref.series &&
        row.service == settings_.clinic.services[static_cast<std::size_t>(ref.service)].id &&
        row.state == "queued")
      effects_.withdraw(id);
}

void Station::print_again(queue::TicketIndex ticket) {
  const auto known = withdrawn_.find(ticket);
  if (known == withdrawn_.end() || !queue::is_live(durable_.tickets[ticket].state)) return;
  store::PrintRow row = std::move(known->second);
  withdrawn_.erase(known);
  row.print = ++last_print_;
  row.state = "queued";
  row.reason.clear();
  row.cups_job = row.attempt = 0;
  row.asked = row.changed = clock_.now();
  Flight flight;
  batch_next_.prints.push_back(row);
  flight.prints.push_back(std::move(row));
  waiting_.push_back(std::move(flight));
  send_batch();
}

} // namespace machiai::daemon
