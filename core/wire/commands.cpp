// SPDX-License-Identifier: Apache-2.0
#include "core/wire/commands.hpp"

#include "core/queue/places.hpp"
#include "core/wire/events.hpp"
#include "core/wire/messages.hpp"

#include <algorithm>
#include <array>

namespace machiai::wire {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;

constexpr std::size_t longest_argument = 4096;

constexpr std::array verbs{
    std::pair{std::string_view{"recall"}, queue::Verb::recall},
    std::pair{std::string_view{"enter"}, queue::Verb::enter},
    std::pair{std::string_view{"absent"}, queue::Verb::absent},
    std::pair{std::string_view{"hold"}, queue::Verb::hold},
    std::pair{std::string_view{"resume"}, queue::Verb::resume},
    std::pair{std::string_view{"back"}, queue::Verb::back},
    std::pair{std::string_view{"cancel"}, queue::Verb::cancel},
    std::pair{std::string_view{"finish"}, queue::Verb::finish},
    std::pair{std::string_view{"arrive"}, queue::Verb::arrive},
    std::pair{std::string_view{"no_show"}, queue::Verb::no_show},
};

/// Takes arguments one after the other and remembers the first that was wrong.
class Arguments {
public:
  explicit Arguments(const json::object& args) : args_(args) {}
  std::string need(const char* name) {
    std::string text = may(name);
    if (text.empty()) ok_ = false;
    return text;
  }
  std::string may(const char* name) {
    auto text = text_argument(args_, name);
    if (!text) ok_ = false;
    return text ? std::move(*text) : std::string{};
  }
  std::optional<std::string> maybe(const char* name) {
    std::string text = may(name);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
  }
  /// Absent and null: none; an empty text is a value.
  std::optional<std::string> given(const char* name) {
    const json::value* found = args_.if_contains(name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    return may(name);
  }
  template <class T> std::optional<T> number(const char* name) {
    const json::value* found = args_.if_contains(name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    boost::system::error_code error;
    const T value = found->is_number() ? found->to_number<T>(error) : T{};
    if (!found->is_number() || error) ok_ = false;
    return value;
  }
  template <class T> T need_number(const char* name) {
    const auto value = number<T>(name);
    if (!value) ok_ = false;
    return value.value_or(T{});
  }
  bool need_flag(const char* name) {
    if (args_.if_contains(name) == nullptr) ok_ = false;
    return flag(name, false);
  }
  std::vector<queue::NoticeText> texts(const char* name) {
    std::vector<queue::NoticeText> all;
    const json::value* found = args_.if_contains(name);
    if (found == nullptr || found->is_null()) return all;
    if (!found->is_object()) ok_ = false;
    if (!ok_) return all;
    for (const auto& each : found->as_object()) {
      ok_ = ok_ && each.value().is_string() && each.value().as_string().size() <= longest_argument;
      if (ok_) all.push_back({std::string(each.key()), std::string(each.value().as_string())});
    }
    return all;
  }
  bool flag(const char* name, bool otherwise) {
    const json::value* found = args_.if_contains(name);
    if (found == nullptr) return otherwise;
    if (!found->is_bool()) ok_ = false;
    return found->is_bool() ? found->as_bool() : otherwise;
  }
  Result<queue::Command> as(queue::Command command) const {
    if (!ok_) return fail(Error::Code::invalid, "bad_argument");
    return command;
  }

private:
  const json::object& args_;
  bool ok_ = true;
};

json::object about(const queue::Clinic& clinic, base::Date date, const queue::TicketRef& ref) {
  return {{"ticket", queue::ticket_id(clinic, date, ref)},
          {"number", queue::shown_number(clinic, ref)},
          {"service", clinic.services[static_cast<std::size_t>(ref.service)].id}};
}

/// Adds what is particular to an event kind.
struct Answer {
  const queue::Clinic& clinic;
  base::Date date;

  json::object operator()(const queue::Taken& e) const {
    auto answer = about(clinic, date, e.ticket);
    answer["ahead"] = e.ahead;
    answer["printing"] = e.print;
    answer["wait"] =
        e.told ? json::value{{"low", e.told->low}, {"high", e.told->high}} : json::value(nullptr);
    return answer;
  }
  json::object operator()(const queue::Called& e) const {
    auto answer = with_state(e.ticket, "called");
    answer["room"] = e.room;
    return answer;
  }
  json::object operator()(const queue::Undone& e) const {
    auto answer = e.ticket.n == 0 ? json::object{} : about(clinic, date, e.ticket);
    answer["undone"] = e.what;
    return answer;
  }
  json::object operator()(const queue::Phoned& e) const {
    auto answer = about(clinic, date, e.ticket);
    answer["result"] = e.result;
    return answer;
  }
  json::object operator()(const queue::Recalled& e) const {
    auto answer = about(clinic, date, e.ticket);
    answer["room"] = e.room;
    return answer;
  }
  json::object operator()(const queue::Reprinted& e) const { return about(clinic, date, e.ticket); }
  json::object operator()(const queue::Entered& e) const { return with_state(e.ticket, "in_room"); }
  json::object operator()(const queue::MarkedAbsent& e) const { return with_state(e.ticket, "absent"); }
  json::object operator()(const queue::Held& e) const { return with_state(e.ticket, "hold"); }
  json::object operator()(const queue::Resumed& e) const { return with_state(e.ticket, "waiting"); }
  json::object operator()(const queue::PutBack& e) const { return with_state(e.ticket, "waiting"); }
  json::object operator()(const queue::Cancelled& e) const { return with_state(e.ticket, "cancelled"); }
  json::object operator()(const queue::Finished& e) const { return with_state(e.ticket, "done"); }
  json::object operator()(const queue::Moved& e) const {
    auto answer = about(clinic, date, e.ticket);
    answer["reason"] = e.reason;
    return answer;
  }
  json::object operator()(const queue::CounterOpened& e) const { return of_service(e.service, "open"); }
  json::object operator()(const queue::CounterClosed& e) const { return of_service(e.service, "closed"); }
  json::object operator()(const queue::DayOpened&) const { return {}; }
  json::object operator()(const queue::DayClosed&) const { return {}; }
  json::object operator()(const queue::OwnershipTaken& e) const { return of_service(e.service, "owner"); }
  json::object operator()(const queue::OwnershipReleased& e) const {
    return of_service(e.service, "released");
  }
  json::object operator()(const queue::Amended& e) const { return about(clinic, date, e.ticket); }
  json::object operator()(const queue::Arrived& e) const { return with_state(e.ticket, "waiting"); }
  json::object operator()(const queue::RemoteSet& e) const {
    return {{"service", clinic.services[static_cast<std::size_t>(e.service)].id}, {"open", e.open}};
  }
  json::object operator()(const queue::WalkInsSet& e) const {
    return {{"service", clinic.services[static_cast<std::size_t>(e.service)].id}, {"places", e.places}};
  }
  json::object operator()(const queue::NoShow& e) const { return with_state(e.ticket, "no_show"); }
  json::object operator()(const queue::Transferred& e) const {
    auto answer = with_state(e.ticket, "waiting");
    answer["line"] = clinic.services[static_cast<std::size_t>(e.to)].id;
    return answer;
  }
  json::object operator()(const queue::CapSet& e) const {
    return {{"service", clinic.services[static_cast<std::size_t>(e.service)].id}, {"cap", e.cap}};
  }
  json::object operator()(const queue::HoursSet& e) const {
    return {{"service", clinic.services[static_cast<std::size_t>(e.service)].id}, {"hours", e.hours}};
  }
  json::object operator()(const queue::MessagePut& e) const {
    return {{"message", e.id}, {"pattern", e.pattern}, {"until", base::clock_text(e.until)}};
  }
  json::object operator()(const queue::MessageTaken& e) const { return {{"message", e.id}}; }
  json::object operator()(const queue::NoticeShown& e) const {
    return {{"template", e.form}, {"until", base::clock_text(e.until)}};
  }
  json::object operator()(const queue::NoticeCleared&) const { return {{"cleared", true}}; }
  json::object operator()(const queue::Voided& e) const { return of_service(e.service, "void"); }
  json::object operator()(const queue::Refused& e) const { return of_service(e.service, "refused"); }
  json::object operator()(const queue::CloudSeen& e) const { return of_service(e.service, "linked"); }

private:
  json::object with_state(const queue::TicketRef& ref, const char* state) const {
    auto answer = about(clinic, date, ref);
    answer["state"] = state;
    return answer;
  }
  json::object of_service(int service, const char* state) const {
    return {{"service", clinic.services[static_cast<std::size_t>(service)].id}, {"state", state}};
  }
};

} // namespace

Result<std::string> text_argument(const json::object& args, const char* name) {
  const json::value* found = args.if_contains(name);
  if (found == nullptr || found->is_null()) return std::string{};
  if (!found->is_string()) return fail(Error::Code::invalid, "bad_argument", name);
  const auto& text = found->as_string();
  // Longer texts still reach the rule's own check as far as this, so that it can say what is too long.
  return std::string(text.data(), std::min(text.size(), longest_argument));
}

Result<queue::Command> command_from_json(std::string_view name, const json::object& args) {
  Arguments a(args);
  if (name == "take")
    return a.as(queue::Take{a.need("service"), a.may("kind"), a.may("card"), a.may("name"),
                            a.flag("print", true), a.may("note")});
  if (name == "call")
    return a.as(queue::CallNext{a.need("service"), a.need("room"), a.maybe("ticket"), a.maybe("expect")});
  if (name == "check_in") {
    queue::CheckIn here{a.may("card"), a.may("ticket")};
    here.print = a.flag("print", true);
    if (here.card.empty() == here.ticket.empty()) return fail(Error::Code::invalid, "bad_argument");
    return a.as(std::move(here));
  }
  if (name == "open") return a.as(queue::OpenCounter{a.need("service")});
  if (name == "close") return a.as(queue::CloseCounter{a.need("service")});
  if (name == "move") {
    // Named, even when it is empty: the end of the line is meant, not forgotten.
    const auto before = a.given("before");
    if (!before) return fail(Error::Code::invalid, "bad_argument", "before");
    return a.as(queue::Move{a.need("ticket"), *before, a.may("reason")});
  }
  if (name == "skip") return a.as(queue::Skip{a.need("ticket")});
  if (name == "transfer") return a.as(queue::Transfer{a.need("ticket"), a.need("to")});
  if (name == "amend")
    return a.as(
        queue::Amend{a.need("ticket"), a.given("kind"), a.given("card"), a.given("name"), a.given("note")});
  if (name == "close_day") return a.as(queue::CloseDay{});
  if (name == "cap") return a.as(queue::SetCap{a.need("service"), a.need_number<int>("cap")});
  if (name == "hours") return a.as(queue::SetHours{a.need("service"), a.may("hours")});
  if (name == "remote") return a.as(queue::SetRemote{a.need("service"), a.need_flag("open")});
  if (name == "walk_ins")
    return a.as(queue::SetWalkIns{a.need("service"), a.need_number<int>("places"), a.number<int>("every")});
  if (name == "message") {
    queue::PutMessage put{a.need("pattern"), a.may("text"), a.number<int>("minutes").value_or(0)};
    put.show_minutes = a.number<int>("show_minutes").value_or(put.show_minutes);
    return a.as(std::move(put));
  }
  if (name == "unmessage") return a.as(queue::TakeMessage{a.need_number<std::uint32_t>("message")});
  if (name == "notice") {
    queue::ShowNotice show{a.need("template"), a.may("lang"), a.texts("fields")};
    if (show.lang.empty()) show.lang = "ja";
    show.minutes = a.number<int>("minutes").value_or(show.minutes);
    return a.as(std::move(show));
  }
  if (name == "notice_clear") return a.as(queue::ClearNotice{});
  if (name == "phoned") return a.as(queue::Phone{a.need("ticket"), a.need("result")});
  if (name == "undo") return a.as(queue::Undo{a.number<std::uint64_t>("undo")});
  if (name == "reprint") return a.as(queue::Reprint{a.need("ticket")});
  for (const auto& [verb_name, verb] : verbs)
    if (verb_name == name)
      return a.as(queue::Act{verb, a.need("ticket"), a.number<int>("back"), a.may("reason")});
  return fail(Error::Code::not_found, "unknown_command");
}

json::object answer_of(const queue::Clinic& clinic, base::Date date, const queue::Event& event) {
  json::object answer = std::visit(Answer{clinic, date}, event.body);
  answer["key"] = event.key;
  return answer;
}

void add_closed(json::object& answer, const queue::Clinic& clinic, const std::vector<queue::Event>& events) {
  json::array services;
  for (const queue::Event& event : events)
    if (const auto* closed = std::get_if<queue::CounterClosed>(&event.body))
      services.emplace_back(clinic.services[static_cast<std::size_t>(closed->service)].id);
  answer["services"] = std::move(services);
  if (answer.erase("hours") > 0) answer["state"] = "closed"; // it was, and has no hours to come any more
}

json::object answer_unchanged(const queue::Clinic& clinic, const queue::Day& day,
                              const queue::Command& command, const queue::Decision& decision) {
  json::object answer{{"unchanged", true}};
  if (const auto* open = std::get_if<queue::OpenCounter>(&command))
    answer.insert({{"service", open->service}, {"state", "open"}});
  if (const auto* close = std::get_if<queue::CloseCounter>(&command))
    answer.insert({{"service", close->service}, {"state", "closed"}});
  if (std::holds_alternative<queue::CloseDay>(command)) add_closed(answer, clinic, {});
  if (!decision.subject) return answer;
  for (auto& member : about(clinic, day.date, *decision.subject)) answer[member.key()] = member.value();
  if (const auto at = queue::find_ticket(day, *decision.subject))
    answer["state"] = queue::state_name(day.tickets[*at].state);
  return answer;
}

json::object answer_checked_in(const queue::Clinic& clinic, const queue::Day& day,
                               const std::vector<queue::TicketIndex>& tickets, std::uint64_t first,
                               std::uint64_t last) {
  json::array list;
  for (const queue::TicketIndex at : tickets) {
    const queue::Ticket& ticket = day.tickets[at];
    using State = queue::TicketState;
    if (ticket.state == State::absent || ticket.state == State::hold) continue;
    json::object each = about(clinic, day.date, queue::ref_of(ticket));
    each["state"] = queue::state_name(ticket.state);
    each["ahead"] = ticket.state == State::waiting ? queue::told_ahead(day, at) : 0;
    if (ticket.room >= 0) {
      const queue::Label& room = clinic.rooms[static_cast<std::size_t>(ticket.room)].name;
      each["room"] = {{"ja", room.ja}, {"en", room.en}, {"reading", room.reading}};
    }
    each["arrived"] = ticket.touched >= first && ticket.touched <= last;
    list.push_back(std::move(each));
  }
  json::object answer = list.empty() ? json::object{} : list.front().as_object();
  answer["tickets"] = std::move(list);
  return answer;
}

void add_details(json::object& to, const queue::EventBody& body) {
  if (const auto* moved = std::get_if<queue::Moved>(&body)) to["reason"] = moved->reason;
  if (const auto* held = std::get_if<queue::Held>(&body); held != nullptr && !held->reason.empty())
    to["reason"] = held->reason;
  if (const auto* phoned = std::get_if<queue::Phoned>(&body)) to["result"] = phoned->result;
  if (const auto* undone = std::get_if<queue::Undone>(&body)) to["what"] = undone->what;
  if (const auto* called = std::get_if<queue::Called>(&body)) to["room"] = called->room;
  if (const auto* again = std::get_if<queue::Recalled>(&body)) to["room"] = again->room;
}

namespace {

/// The service an event is about that is about no ticket; -1: none.
int service_of(const queue::EventBody& body) {
  return std::visit(
      [](const auto& e) {
        if constexpr (requires { e.service; }) return static_cast<int>(e.service);
        return -1;
      },
      body);
}

} // namespace

json::object event_to_told(const queue::Clinic& clinic, const queue::Event& event) {
  json::object out{{"seq", event.seq},
                   {"at", base::iso_instant(event.at)},
                   {"event", event_kind(event.body)},
                   {"actor", event.actor},
                   {"seat", event.seat}};
  if (const auto* ref = event_ticket(event.body)) out["ticket"] = queue::shown_number(clinic, *ref);
  if (const auto* taken = std::get_if<queue::Taken>(&event.body); taken != nullptr && taken->behind.n != 0) {
    out["reason"] = queue::walk_in_place;
    out["behind"] = queue::shown_number(clinic, taken->behind);
  }
  if (const auto* sent = std::get_if<queue::Transferred>(&event.body))
    out["to"] = clinic.services[static_cast<std::size_t>(sent->to)].id;
  if (const int service = service_of(event.body); service >= 0)
    out["service"] = clinic.services[static_cast<std::size_t>(service)].id;
  add_details(out, event.body);
  return out;
}

json::object step_to_json(const queue::Clinic& clinic, const queue::OrderStep& step,
                          const queue::TicketRef& one, const queue::TicketRef& other) {
  json::object out = event_to_told(clinic, step.event);
  out["turned"] = step.turned;
  using First = queue::OrderStep::First;
  out["first"] = step.first == First::neither
                     ? std::string{}
                     : queue::shown_number(clinic, step.first == First::one ? one : other);
  return out;
}

json::object error_to_json(const Error& error, std::string_view lang) {
  return {{"code", base::code_name(error.code)},
          {"reason", error.reason},
          {"message", message(error.reason, lang)},
          {"detail", error.detail}};
}

} // namespace machiai::wire
