// SPDX-License-Identifier: Apache-2.0
// Questions to the hub: what an open panel has to ask, and what the answers taught.
#include "desk/model.hpp"

#include <algorithm>

namespace machiai::desk {

namespace json = boost::json;

std::string member_text(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

namespace {

constexpr std::int64_t devices_every_ms = 3'000;

template <class T> T figure(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  boost::system::error_code error;
  if (value == nullptr || !value->is_number()) return T{};
  const T number = value->to_number<T>(error);
  return error ? T{} : number;
}

bool truth(const json::object& from, std::string_view name) {
  const json::value* value = from.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// The objects of a list; what is no object is passed over.
std::vector<const json::object*> rows(const json::object& from, std::string_view name) {
  std::vector<const json::object*> result;
  const json::value* value = from.if_contains(name);
  if (value == nullptr || !value->is_array()) return result;
  for (const json::value& each : value->get_array())
    if (each.is_object()) result.push_back(&each.get_object());
  return result;
}

/// "2026-11-24T10:32:05.120+09:00" -> "10:32:05".
std::string clock_of(const std::string& iso) {
  std::string clock = iso.size() >= 19 ? iso.substr(11, 8) : std::string{};
  if (clock.starts_with('0')) clock.erase(0, 1);
  return clock;
}

/// The event's kind, with what decides its words: how a telephone call went, what was undone.
std::string kind_of(const json::object& row) {
  std::string kind = member_text(row, "event");
  if (kind == "phoned") kind += "." + member_text(row, "result");
  if (kind == "undone" && member_text(row, "what") == "recalled") kind += ".recalled";
  if (kind == "undone" && member_text(row, "ticket").empty()) kind += ".setting";
  return kind;
}

Story read_story(const json::object& answer) {
  Story story;
  const bool of_two = answer.contains("steps");
  story.number = member_text(answer, of_two ? "ticket" : "number");
  story.other = of_two ? member_text(answer, "other") : std::string{};
  for (const json::object* row : rows(answer, of_two ? "steps" : "events")) {
    const std::string number = member_text(*row, "ticket");
    story.lines.push_back({clock_of(member_text(*row, "at")), kind_of(*row), member_text(*row, "actor"),
                           member_text(*row, "seat"), of_two ? number : story.number,
                           member_text(*row, "room"), member_text(*row, "reason"), member_text(*row, "first"),
                           truth(*row, "turned")});
  }
  return story;
}

/// "2026-11-24T10:02:31.000+09:00" -> "11/24 10:02".
std::string short_moment(const std::string& iso) {
  const auto at = base::parse_iso_instant(iso);
  return at ? day_and_clock(*at) : std::string{};
}

AccessLog read_access(const Order& order, const json::object& answer) {
  AccessLog log{member_text(order.args, "from"), member_text(order.args, "to"), {}};
  for (const json::object* row : rows(answer, "entries"))
    log.rows.push_back({short_moment(member_text(*row, "at")), member_text(*row, "person"),
                        member_text(*row, "seat"), member_text(*row, "what"), member_text(*row, "about")});
  std::reverse(log.rows.begin(), log.rows.end());
  return log;
}

/// What the stones and the sentence need; no name is kept.
Replay read_replay(const Order& order, const json::object& answer) {
  Replay replay;
  replay.date = member_text(order.args, "date");
  replay.at = member_text(order.args, "at");
  replay.service = member_text(order.args, "service");
  replay.next = member_text(answer, "next");
  for (const json::object* service : rows(answer, "services")) {
    if (member_text(*service, "service") != replay.service) continue;
    replay.open = truth(*service, "open");
    replay.waiting = figure<int>(*service, "waiting");
    for (const json::object* ticket : rows(*service, "tickets")) {
      if (member_text(*ticket, "state") == "void") continue; // a number that belongs to nobody
      replay.line.push_back(
          {member_text(*ticket, "ticket"), member_text(*ticket, "number"), member_text(*ticket, "state")});
    }
  }
  for (const json::object* row : rows(answer, "before")) {
    if (replay.last.empty()) replay.last = member_text(*row, "at");
    replay.before.push_back({clock_of(member_text(*row, "at")), kind_of(*row), member_text(*row, "actor"),
                             member_text(*row, "seat"), member_text(*row, "ticket"),
                             member_text(*row, "room"), member_text(*row, "reason"), "", false,
                             member_text(*row, "service")});
  }
  return replay;
}

ServiceSum read_service(const json::object& row) {
  ServiceSum sum;
  sum.service = member_text(row, "service");
  sum.taken = figure<int>(row, "taken");
  sum.done = figure<int>(row, "done");
  sum.cancelled = figure<int>(row, "cancelled");
  sum.no_show = figure<int>(row, "no_show");
  sum.absences = figure<int>(row, "absences");
  if (const json::value* wait = row.if_contains("wait"); wait != nullptr && wait->is_object()) {
    sum.waits = figure<int>(wait->get_object(), "n");
    sum.median = figure<double>(wait->get_object(), "median");
    sum.ninth = figure<double>(wait->get_object(), "ninth_of_ten");
  }
  return sum;
}

Counts read_counts(const json::object& answer) {
  Counts counts;
  for (const json::object* day : rows(answer, "days")) {
    DaySum& sum = counts.days.emplace_back(DaySum{member_text(*day, "date")});
    for (const json::object* service : rows(*day, "services")) {
      sum.taken += figure<int>(*service, "taken");
      sum.absences += figure<int>(*service, "absences");
    }
    sum.printed = figure<int>(*day, "printed");
    sum.print_failed = figure<int>(*day, "print_failed");
    if (const json::value* wait = day->if_contains("wait"); wait != nullptr && wait->is_object()) {
      sum.waits = figure<int>(wait->get_object(), "n");
      sum.median = figure<double>(wait->get_object(), "median");
    }
  }
  const json::value* found = answer.if_contains("total");
  if (found == nullptr || !found->is_object()) return counts;
  const json::object& total = found->get_object();
  for (const json::object* service : rows(total, "services"))
    counts.services.push_back(read_service(*service));
  for (const json::object* room : rows(total, "rooms"))
    counts.rooms.push_back(
        {member_text(*room, "room"), figure<int>(*room, "visits"), figure<double>(*room, "minutes")});
  if (const json::value* hours = total.if_contains("arrivals"); hours != nullptr && hours->is_array()) {
    const json::array& each = hours->get_array();
    for (std::size_t i = 0; i < std::min(each.size(), counts.arrivals.size()); ++i)
      counts.arrivals[i] = each[i].is_int64() ? static_cast<int>(each[i].get_int64()) : 0;
  }
  counts.printed = figure<int>(total, "printed");
  counts.print_failed = figure<int>(total, "print_failed");
  counts.reprinted = figure<int>(total, "reprinted");
  return counts;
}

Devices read_devices(const json::object& answer) {
  Devices devices;
  devices.known = true;
  devices.address = member_text(answer, "address");
  devices.trouble = member_text(answer, "trouble");
  for (const json::object* row : rows(answer, "devices"))
    devices.rows.push_back({member_text(*row, "device"), member_text(*row, "name"), member_text(*row, "room"),
                            member_text(*row, "paired").substr(0, 10), member_text(*row, "seen"),
                            truth(*row, "connected")});
  return devices;
}

Staff read_staff(Staff staff, const json::object& answer) {
  staff.known = true;
  staff.login = truth(answer, "login");
  staff.person = member_text(answer, "person");
  staff.people.clear();
  for (const json::object* row : rows(answer, "people"))
    staff.people.push_back({member_text(*row, "id"), member_text(*row, "name")});
  return staff;
}

/// What the open panel stands on; nothing when it needs no answer.
std::optional<Order> question(const queue::DeskView& view, const Glass& glass, std::int64_t hub_ms) {
  if (glass.panel == Panel::history && !glass.ticket.empty())
    return Order{"why", {{"ticket", glass.ticket}}, true};
  if (glass.panel == Panel::compare && !glass.inside.other.empty() &&
      find_ticket(view, glass.ticket) != nullptr)
    return Order{"order", {{"ticket", glass.ticket}, {"other", glass.inside.other}}, true};
  const bool counts = glass.inside.tab == "counts";
  if (glass.panel == Panel::records && (counts || glass.inside.tab == "access") && hub_ms > 0) {
    const auto [from, to] = span_of(glass.inside, base::civil_date(base::instant_from_ms(hub_ms)));
    return Order{
        counts ? "statistics" : "access", {{"from", base::iso_date(from)}, {"to", base::iso_date(to)}}, true};
  }
  if (glass.panel == Panel::replay && hub_ms > 0) {
    const auto date = span_of(glass.inside, base::civil_date(base::instant_from_ms(hub_ms))).first;
    json::object args{{"date", base::iso_date(date)}, {"service", replayed_service(glass)}};
    if (!glass.inside.at.empty()) args["at"] = glass.inside.at;
    return Order{"replay", std::move(args), true};
  }
  if (glass.panel == Panel::cap || glass.panel == Panel::hours)
    return Order{"counter", {{"service", glass.inside.about}}, true};
  if (glass.panel == Panel::devices || glass.panel == Panel::pair) return Order{"devices", {}, true};
  return std::nullopt;
}

std::string key_of(const Order& order) {
  return order.command + json::serialize(order.args);
}

} // namespace

Step inquire(const queue::DeskView* view, bool reachable, Glass glass, std::int64_t hub_ms,
             std::int64_t steady_ms) {
  if (!reachable) return nothing(std::move(glass));
  Staff& staff = glass.found.staff;
  if (!staff.known) {
    staff.known = true;
    return {std::move(glass), Order{"staff", {}, true}};
  }
  if (staff.login && staff.person.empty()) {
    // Once: a pass that is refused is forgotten, and the person types the PIN.
    if (staff.pass.empty() || !glass.pending.empty()) return nothing(std::move(glass));
    json::object args{{"pass", staff.pass}};
    return send(std::move(glass), "resume-login", "login", std::move(args));
  }
  if (view == nullptr) return nothing(std::move(glass));
  auto order = question(*view, glass, hub_ms);
  if (!order) return nothing(std::move(glass));
  Inquiry& asked = glass.found.inquiry;
  const std::string key = key_of(*order);
  if (asked.key == key) {
    const bool again = order->command == "devices" && steady_ms - asked.at_ms >= devices_every_ms;
    if (asked.flying || !again) return nothing(std::move(glass));
  }
  asked = {key, true, "", steady_ms};
  return {std::move(glass), std::move(*order)};
}

void learn(Glass& glass, const Order& order, const base::Result<json::object>& answer,
           std::int64_t steady_ms) {
  Found& found = glass.found;
  if (order.command == "staff") {
    // A hub that knows of no log-in has none; one that did not answer at all has said nothing.
    found.staff.answered = found.staff.answered || answer || answer.error().reason != "hub_unreachable";
    if (!answer && answer.error().reason == "hub_unreachable") found.staff.known = false;
    if (answer) found.staff = read_staff(std::move(found.staff), *answer);
    return;
  }
  // An answer to what is no longer asked is no answer to what is.
  if (found.inquiry.key != key_of(order)) return;
  found.inquiry.flying = false;
  found.inquiry.at_ms = steady_ms;
  found.inquiry.failed = answer ? std::string{} : answer.error().reason;
  if (!answer) return;
  if (order.command == "why" || order.command == "order") found.story = read_story(*answer);
  if (order.command == "access") found.access = read_access(order, *answer);
  if (order.command == "replay") found.replay = read_replay(order, *answer);
  if (order.command == "devices") found.devices = read_devices(*answer);
  if (order.command == "counter") {
    found.counter = {member_text(*answer, "service"), member_text(*answer, "hours"),
                     figure<int>(*answer, "cap")};
    if (glass.panel == Panel::hours && !glass.inside.parts_moved)
      glass.inside.parts = parts_of(found.counter.hours);
  }
  if (order.command != "statistics") return;
  found.counts = read_counts(*answer);
  found.counts.from = member_text(order.args, "from");
  found.counts.to = member_text(order.args, "to");
}

} // namespace machiai::desk
