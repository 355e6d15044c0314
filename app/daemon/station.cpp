// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/station.hpp"

#include "core/base/text.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/events.hpp"
#include "core/wire/messages.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;

namespace {

constexpr std::chrono::seconds tick_every{1};

/// The body of a request in one spelling, so that a repeat with its arguments in another order is a repeat.
std::uint64_t request_digest(const hub::Request& request) {
  std::vector<std::string> parts;
  for (const auto& member : request.args)
    if (!member.value().is_null())
      parts.push_back(json::serialize(member.key()) + json::serialize(member.value()));
  std::sort(parts.begin(), parts.end());
  std::string text = request.cmd;
  for (const std::string& part : parts) text += "\n" + part;
  // SQLite's integers are signed; the top bit is left out.
  return store::digest(text).low >> 1;
}

} // namespace

Station::Station(boost::asio::io_context& loop, const base::Clock& clock, store::StationSettings settings,
                 store::Home home, store::Ledger ledger, store::Loaded loaded, Forecaster forecaster,
                 Weakness weakness)
    : loop_(loop), clock_(clock), settings_(std::move(settings)), home_(std::move(home)), weakness_(weakness),
      durable_(std::move(loaded.day)), last_print_(loaded.last_print), forecaster_(std::move(forecaster)),
      tick_timer_(loop),
      writer_(std::move(ledger), home_, [this](const Writer::Outcome& outcome) { on_committed(outcome); }) {
  working_ = durable_;
  keys_.reserve(loaded.keys.size() + 1024);
  for (const store::UsedKey& used : loaded.keys) keys_[used.key] = {used.request, used.seq};
  for (const store::PrintRow& row : loaded.prints) (void)keep_print(row);
  for (const queue::Ticket& ticket : durable_.tickets)
    last_event_at_ = std::max(last_event_at_, ticket.since);
}

void Station::start() {
  ballast_gone_ = !store::fill_ballast(home_);
  if (ballast_gone_) storage_trouble_ = "disk_low";
  for (const auto& [id, row] : open_prints_)
    if (!needs_person(row)) effects_.print(row);
  learn();
  tick();
}

/// Beside the reception's work: until it is done the screens say that too little is known.
void Station::learn() {
  const base::Date open_date = durable_.history.empty() ? base::civil_date(clock_.now()) : durable_.date;
  const bool taken = reader_.post([this, open_date] {
    auto ledger = store::Ledger::open_to_read(home_.ledger().string(), settings_.clinic);
    auto learned = ledger ? learn_from(*ledger, settings_.clinic, open_date)
                          : base::Result<Learned>(tl::unexpected(ledger.error()));
    boost::asio::post(loop_, [this, learned = std::move(learned)]() mutable {
      if (!learned) return spdlog::warn("the forecast cannot learn: {}", learned.error().reason);
      forecaster_.learned(std::move(*learned));
      effects_.views_changed(all_views);
    });
  });
  if (!taken) spdlog::warn("the forecast cannot learn: overloaded");
}

/// The date before the one that has just been opened: what was told then can be held against what came.
void Station::judge() {
  if (durable_.history.size() < 2) return;
  const base::Date date = durable_.history[durable_.history.size() - 2];
  const bool taken = reader_.post([this, date] {
    auto ledger = store::Ledger::open_to_read(home_.ledger().string(), settings_.clinic);
    auto outcomes = ledger ? outcomes_of(*ledger, settings_.clinic, date)
                           : base::Result<std::vector<queue::Outcome>>(tl::unexpected(ledger.error()));
    boost::asio::post(loop_, [this, date, outcomes = std::move(outcomes)]() mutable {
      if (!outcomes) return spdlog::warn("the forecast cannot be judged: {}", outcomes.error().reason);
      forecaster_.judge(date, std::move(*outcomes));
      effects_.views_changed(all_views);
    });
  });
  if (!taken) spdlog::warn("the forecast cannot be judged: overloaded");
}

void Station::stop() {
  tick_timer_.cancel();
}

/// What is due by the clock alone.
void Station::follow_clock() {
  followed_ = base::civil_date(clock_.now());
  const std::string by_itself{queue::by_itself};
  auto decided =
      queue::decide(settings_.clinic, working_, queue::Tick{}, {by_itself, "machiaid"}, clock_.now());
  // A clock that is not to be trusted turns no counter under the patients' eyes; people still can.
  if (decided && clock_unsure())
    std::erase_if(decided->events,
                  [](const queue::EventBody& body) { return !std::holds_alternative<queue::Entered>(body); });
  // A tick of its own is enough on the way; the next second brings another.
  if (decided && !decided->events.empty() && !tick_waits_) {
    tick_waits_ = true;
    launch({by_itself, "machiaid", "en"}, "", std::nullopt, 0, *decided,
           [this](const json::object&) { tick_waits_ = false; });
  }
}

void Station::tick() {
  follow_clock();
  if (ballast_gone_ && store::fill_ballast(home_)) {
    ballast_gone_ = false;
    if (storage_trouble_ == "disk_low" || storage_trouble_ == "disk_full") storage_trouble_.clear();
    effects_.views_changed(all_views);
  }
  // What a view says of the clock's time becomes another without an event: until when, how long, which day.
  if (const auto minute = base::to_ms(clock_.now()) / 60'000; std::exchange(minute_, minute) != minute)
    effects_.views_changed(all_views);
  tick_timer_.expires_after(tick_every);
  tick_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Station::handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) {
  if (query(caller, request, respond) || slow_query(caller, request, respond)) return;
  if (request.cmd == "slip_seen") return slip_seen(caller, request, std::move(respond));
  command(caller, std::move(request), std::move(respond));
}

json::object Station::refusal(const hub::Caller& caller, const Error& error) const {
  json::object body = wire::error_to_json(error, caller.lang);
  if (error.reason != "already_called" && error.reason != "not_the_next") return {{"error", std::move(body)}};
  // The one who lost the race hears who was first, and where.
  if (const auto at = queue::resolve_ticket(settings_.clinic, working_, error.detail)) {
    const queue::Ticket& ticket = working_.tickets[*at];
    body["number"] = queue::shown_number(settings_.clinic, queue::ref_of(ticket));
    if (ticket.room >= 0) body["room"] = settings_.clinic.rooms[static_cast<std::size_t>(ticket.room)].id;
    const auto record =
        std::find_if(working_.undo.begin(), working_.undo.end(),
                     [&](const queue::UndoRecord& r) { return r.what == "called" && r.ticket == *at; });
    if (record != working_.undo.end()) body["by"] = record->seat;
    if (const auto next = queue::next_present(working_, ticket.line))
      body["next"] =
          queue::ticket_id(settings_.clinic, working_.date, queue::ref_of(working_.tickets[*next]));
  }
  return {{"error", std::move(body)}};
}

json::object Station::answer(const queue::Event& event, base::Date date, const queue::Day& day,
                             std::optional<std::uint64_t> print) const {
  json::object body = wire::answer_of(settings_.clinic, date, event);
  if (print && std::holds_alternative<queue::Reprinted>(event.body)) body["print"] = *print;
  // What these leave a ticket in stands in no event of theirs.
  const bool open_ended = std::holds_alternative<queue::Undone>(event.body) ||
                          std::holds_alternative<queue::Moved>(event.body) ||
                          std::holds_alternative<queue::Amended>(event.body) ||
                          std::holds_alternative<queue::Resumed>(event.body) ||
                          std::holds_alternative<queue::PutBack>(event.body) ||
                          std::holds_alternative<queue::Transferred>(event.body);
  const queue::TicketRef* ref = wire::event_ticket(event.body);
  if (open_ended && ref != nullptr && date == day.date)
    if (const auto at = queue::find_ticket(day, *ref))
      body["state"] = queue::state_name(day.tickets[*at].state);
  if (body.contains("printing")) {
    body["printing"] = body["printing"].as_bool() && can_print();
    body["code"] = ticket_code(std::string(body["ticket"].as_string()));
  }
  return {{"ok", std::move(body)}};
}

/// Whether a slip can be promised. Of paper and doors cupsd hears only when a later job runs: where the
/// device itself cannot be asked, one is printed all the same, and a patient is sent to the desk by its task.
bool Station::can_print() const {
  constexpr std::array down{"printer_unreachable", "printer_missing", "printer_timeout", "offline",
                            "no_font"};
  constexpr std::array mended_by_hand{"paper_out", "door_open", "jam", "stopped"};
  const auto is_one_of = [this](const auto& reasons) {
    return std::find(reasons.begin(), reasons.end(), printer_trouble_) != reasons.end();
  };
  return has_printer() && !is_one_of(down) && !(printer_first_hand_ && is_one_of(mended_by_hand));
}

bool Station::too_fast(const hub::Caller& caller, std::string_view cmd) {
  if (caller.role != "kiosk" || (cmd != "take" && cmd != "check_in")) return false;
  constexpr std::ptrdiff_t most = 30;
  constexpr std::size_t most_of_all = 120; // a seat's name is what its caller says
  constexpr std::chrono::seconds window{10};
  const base::Instant now = clock_.now();
  while (!kiosk_takes_.empty() &&
         (now - kiosk_takes_.front().first > window || kiosk_takes_.front().first > now))
    kiosk_takes_.pop_front();
  const auto own = std::count_if(kiosk_takes_.begin(), kiosk_takes_.end(),
                                 [&](const auto& take) { return take.second == caller.seat; });
  if (own >= most || kiosk_takes_.size() >= most_of_all) return true;
  kiosk_takes_.emplace_back(now, caller.seat);
  return false;
}

void Station::command(const hub::Caller& caller, hub::Request&& request, hub::Respond respond) {
  auto parsed = wire::command_from_json(request.cmd, request.args);
  if (!parsed) return respond(refusal(caller, parsed.error()));
  std::optional<store::Digest> key;
  const std::uint64_t body = request_digest(request);
  if (!request.key.empty()) {
    if (!base::is_key(request.key)) return respond(refusal(caller, {Error::Code::invalid, "bad_key", {}}));
    key = store::digest(request.key);
    if (answer_repeated(caller, *key, body, *parsed, respond)) return;
  }
  // A machine that has slept past midnight ends its night before it does what it is told.
  if (base::civil_date(clock_.now()) != followed_) follow_clock();
  if (too_fast(caller, request.cmd)) return respond(refusal(caller, {Error::Code::limit, "overloaded", {}}));
  if (request.cmd == "reprint" && !has_printer())
    return respond(refusal(caller, {Error::Code::device, "no_printer", {}}));
  if (auto* take = std::get_if<queue::Take>(&*parsed)) {
    if (!turned_out_.empty()) return respond(refusal(caller, {Error::Code::conflict, turned_out_, {}}));
    take->told = told_now(take->service);
    if (const auto here = kiosk_check_in(caller, *take)) parsed = *here;
  }
  auto decision =
      queue::decide(settings_.clinic, working_, *parsed, {caller.role, caller.seat}, clock_.now());
  if (!decision) return answer_behind(caller.lang, refusal(caller, decision.error()), std::move(respond));
  if (decision->events.empty()) {
    const auto* here = std::get_if<queue::CheckIn>(&*parsed);
    json::object unchanged = here != nullptr
                                 ? checked_in(*here, working_, {1, 0})
                                 : wire::answer_unchanged(settings_.clinic, working_, *parsed, *decision);
    unchanged["key"] = request.key;
    json::object reply{{"ok", std::move(unchanged)}};
    if (key) unchanged_.push_back({*key, body, reply});
    if (unchanged_.size() > most_unchanged) unchanged_.pop_front();
    return answer_behind(caller.lang, std::move(reply), std::move(respond));
  }
  launch(caller, request.key, key, body, std::move(*decision), std::move(respond), &*parsed);
}

/// What one who comes now is told; nothing where too little is known.
std::optional<queue::WaitRange> Station::told_now(const std::string& service) {
  const auto index = queue::find_service(settings_.clinic, service);
  if (!index) return std::nullopt;
  const auto& walk_ins = forecaster_.waits(durable_, clock_.now()).walk_ins;
  const auto at = static_cast<std::size_t>(*index);
  if (at >= walk_ins.size() || !walk_ins[at]) return std::nullopt;
  return queue::shown_range(*walk_ins[at]);
}

namespace {

/// The slip that a person's wish to have it again has made.
std::optional<std::uint64_t> reprint_of(store::Ledger& ledger, const queue::Clinic& clinic,
                                        const store::EventRow& row) {
  const auto* again = std::get_if<queue::Reprinted>(&row.event.body);
  if (again == nullptr) return std::nullopt;
  const auto prints = ledger.prints(row.date);
  if (!prints) return std::nullopt;
  const auto found = std::find_if(prints->begin(), prints->end(), [&](const store::PrintRow& each) {
    return each.reprint && each.asked == row.event.at && each.series == again->ticket.series &&
           each.n == again->ticket.n &&
           queue::find_service(clinic, each.service) == std::optional(again->ticket.service);
  });
  return found == prints->end() ? std::nullopt : std::optional(found->print);
}

} // namespace

Station::Beside Station::beside(store::Ledger& ledger, const queue::Clinic& clinic,
                                const queue::Command& command, const store::EventRow& row) {
  Beside told{reprint_of(ledger, clinic, row), {}};
  if (!std::holds_alternative<queue::CloseDay>(command)) return told;
  for (std::uint64_t seq = row.event.group; seq <= row.event.seq; ++seq)
    if (auto each = ledger.event_at(seq)) told.events.push_back(std::move(each->event));
  return told;
}

/// One key, one answer: from the ledger, or together with the first when that is still on its way.
bool Station::answer_repeated(const hub::Caller& caller, const store::Digest& key, std::uint64_t digest,
                              const queue::Command& command, hub::Respond& respond) {
  const auto none = std::find_if(unchanged_.begin(), unchanged_.end(),
                                 [&](const Unchanged& each) { return each.key == key; });
  const auto used = keys_.find(key);
  if (none == unchanged_.end() && used == keys_.end()) return false;
  if (none != unchanged_.end() && none->request == digest) {
    answer_behind(caller.lang, none->reply, std::move(respond));
    return true;
  }
  if (none != unchanged_.end() || used->second.request != digest) {
    respond(refusal(caller, {Error::Code::conflict, "key_reused", {}}));
    return true;
  }
  for (auto* flights : {&flying_, &waiting_})
    for (Flight& flight : *flights)
      if (flight.key == key) {
        flight.responds.push_back(std::move(respond));
        return true;
      }
  const std::uint64_t seq = used->second.seq;
  const bool taken = reader_.post([this, caller, seq, command, respond] {
    auto ledger = store::Ledger::open_to_read(home_.ledger().string(), settings_.clinic);
    auto row = ledger ? ledger->event_at(seq) : base::Result<store::EventRow>(tl::unexpected(ledger.error()));
    Beside told = row ? beside(*ledger, settings_.clinic, command, *row) : Beside{};
    boost::asio::post(loop_, [this, caller, command, respond, row = std::move(row), told = std::move(told)] {
      respond(row ? answer_again(command, *row, told) : refusal(caller, row.error()));
    });
  });
  if (!taken) respond(refusal(caller, {Error::Code::limit, "overloaded", {}}));
  return true;
}

void Station::printer_changed(std::string reason, bool first_hand) {
  printer_trouble_ = std::move(reason);
  printer_first_hand_ = first_hand;
  effects_.views_changed(all_views);
}

void Station::seat_came(const hub::Caller& caller) {
  seats_[caller.place()] = {caller.seat, caller.role, true, ""};
  if (caller.role != "cli") effects_.views_changed({"desk"});
}

void Station::seat_left(const hub::Caller& caller) {
  if (const auto seat = seats_.find(caller.place()); seat != seats_.end()) seat->second.connected = false;
  if (caller.role == "cli") seats_.erase(caller.place());
  if (caller.role != "cli") effects_.views_changed({"desk"});
}

} // namespace machiai::daemon
