// SPDX-License-Identifier: Apache-2.0
#include "cloud/clinic_day.hpp"

#include "cloud/store/link.hpp"
#include "core/queue/places.hpp"
#include "core/queue/reasons.hpp"
#include "core/queue/views.hpp"
#include "core/queue/visits.hpp"

#include <algorithm>
#include <map>

namespace machiai::cloud {

namespace {

namespace json = boost::json;

using Waits = std::map<std::string, queue::WaitRange, std::less<>>;

json::value range(const Waits& waits, const std::string& of) {
  const auto found = waits.find(of);
  if (found == waits.end()) return nullptr;
  return json::object{{"low", found->second.low}, {"high", found->second.high}};
}

json::value room_of(const queue::DeskView& desk, const std::string& id) {
  const auto found = std::find_if(desk.rooms.begin(), desk.rooms.end(),
                                  [&](const queue::RoomView& each) { return each.id == id; });
  if (id.empty() || found == desk.rooms.end()) return nullptr;
  const queue::Label& name = found->name;
  return json::object{{"id", id}, {"name", {{"ja", name.ja}, {"en", name.en}, {"reading", name.reading}}}};
}

/// People before each ticket as a notice counts them, with the places kept for walk-ins: who is here, and who
/// has booked and is still expected, which is as long as nobody behind them has been called. Who counted the
/// present alone would send for everybody who booked by night as soon as the counter opens.
std::map<queue::TicketIndex, int> expected_of(const queue::Day& day) {
  std::map<queue::TicketIndex, int> expected;
  for (const queue::Counter& counter : day.counters) {
    const std::size_t called = queue::places_called(day, counter);
    int ahead = 0;
    for (std::size_t i = 0; i < counter.line.size(); ++i) {
      expected[counter.line[i]] = ahead;
      ahead += queue::is_expected(day.tickets[counter.line[i]], i, called) ? 1 : 0;
      ahead += queue::keeps(day, counter.line[i]) ? 1 : 0;
    }
  }
  return expected;
}

using Reasons = std::map<std::string, std::uint64_t>; ///< with the last event that gave it

/// Since when the ticket stands where its reason put it: who came back, or over from another counter, since
/// then; who was moved, since it was taken.
base::Instant stands_since(const queue::Ticket& ticket, const std::string& reason) {
  const bool came = reason == "returned" || reason == "hold" || reason == "transfer";
  return came ? std::max(ticket.taken, ticket.since) : ticket.taken;
}

/// Why each ticket waits longer than its number says: the reasons of those in front of it, or just called,
/// who were not there when it was taken; and its own.
std::map<queue::TicketIndex, Reasons> reasons_of_jumps(const queue::Day& day) {
  struct Newest {
    base::Instant since{};
    std::uint64_t seq = 0;
  };
  std::map<queue::TicketIndex, Reasons> all;
  for (const queue::Counter& counter : day.counters) {
    std::map<std::string, Newest> in_front;
    for (const queue::TicketIndex at : counter.line) {
      const queue::Ticket& ticket = day.tickets[at];
      const std::string reason = queue::public_reason(day.reasons[ticket.reason]);
      if (queue::in_line(ticket.state))
        for (const auto& [why, newest] : in_front)
          if (newest.since > ticket.taken) all[at][why] = newest.seq;
      if (reason.empty()) continue;
      auto& own = all[at][reason];
      own = std::max(own, ticket.touched);
      if (ticket.state != queue::TicketState::waiting && ticket.state != queue::TicketState::called &&
          ticket.state != queue::TicketState::in_room)
        continue;
      Newest& known = in_front[reason];
      known.since = std::max(known.since, stands_since(ticket, reason));
      known.seq = std::max(known.seq, ticket.touched);
    }
  }
  return all;
}

json::array newest_first(const Reasons& reasons) {
  std::vector<std::pair<std::uint64_t, std::string>> ordered;
  for (const auto& [reason, seq] : reasons) ordered.emplace_back(seq, reason);
  std::sort(ordered.rbegin(), ordered.rend());
  json::array all;
  for (const auto& [seq, reason] : ordered) all.emplace_back(reason);
  return all;
}

bool is_to_come(const queue::TicketView& view) {
  return view.state == "waiting" || view.state == "booked";
}

json::object ticket(const queue::DeskView& desk, const queue::TicketView& view, int expected,
                    const Reasons& reasons, const Waits& waits) {
  const bool to_come = is_to_come(view);
  json::object told{{"state", view.state}, {"wait", to_come ? range(waits, view.ticket) : nullptr}};
  if (view.line != view.service) told["line"] = view.line;
  if (to_come) {
    told["ahead"] = view.ahead + view.kept_ahead.value_or(0);
    told["expected"] = expected;
  }
  if (view.state == "called" || view.state == "in_room") told["room"] = room_of(desk, view.room);
  if (!reasons.empty()) told["reasons"] = newest_first(reasons);
  return told;
}

} // namespace

ClinicDay::ClinicDay(const Profile& facility)
    : clinic_(store::clinic_of(facility)), day_(queue::new_day(clinic_)) {}

bool ClinicDay::is_of(const Profile& facility) const {
  const queue::Clinic other = store::clinic_of(facility);
  const auto same_service = [](const queue::Service& a, const queue::Service& b) {
    return a.id == b.id && a.name == b.name && a.prefix == b.prefix && a.kinds == b.kinds;
  };
  const auto same_room = [](const queue::Room& a, const queue::Room& b) {
    return a.id == b.id && a.name == b.name;
  };
  return std::equal(clinic_.services.begin(), clinic_.services.end(), other.services.begin(),
                    other.services.end(), same_service) &&
         std::equal(clinic_.rooms.begin(), clinic_.rooms.end(), other.rooms.begin(), other.rooms.end(),
                    same_room);
}

void ClinicDay::fold(const queue::Event& event) {
  if (std::holds_alternative<queue::DayOpened>(event.body)) waits_.clear();
  queue::fold(clinic_, day_, event);
}

bool ClinicDay::forecast(const wire::LinkWaits& waits) {
  if (date() != waits.date) return false;
  waits_.clear();
  for (const auto* all : {&waits.services, &waits.tickets})
    for (const wire::LinkWaits::Wait& each : *all) waits_.emplace(each.of, each.range);
  return true;
}

std::optional<base::Date> ClinicDay::date() const {
  return day_.opened || !day_.history.empty() ? std::optional(day_.date) : std::nullopt;
}

json::object ClinicDay::document(base::Instant now) const {
  // Of a date that has passed the desk shows nothing any more, but its tickets' pages keep what it came to.
  const bool passed = queue::has_passed(day_, now);
  const base::Instant last = base::at_minute({day_.date.days + 1}, 0) - base::Millis{1};
  const queue::DeskView desk = queue::desk_view(clinic_, day_, passed ? last : now);
  std::map<std::string, int, std::less<>> lines;
  for (const queue::TicketView& each : desk.tickets) lines[each.line] += is_to_come(each) ? 1 : 0;
  json::object services;
  for (const queue::ServiceView& each : desk.services)
    services[each.id] =
        json::object{{"state", each.state},
                     {"line", lines[each.id]},
                     {"calling", each.calling.empty() ? json::value(nullptr) : json::value(each.calling)},
                     {"waiting", each.waiting},
                     {"wait", each.state == "open" ? range(waits_, each.id) : nullptr}};
  json::object tickets;
  auto expected = expected_of(day_);
  auto reasons = reasons_of_jumps(day_);
  for (const queue::TicketView& each : desk.tickets)
    tickets[each.ticket] = ticket(desk, each, expected[each.at], reasons[each.at], waits_);
  json::array messages;
  for (const queue::Message& each : day_.messages)
    if (each.until > now)
      messages.push_back(json::object{{"id", std::to_string(each.id)},
                                      {"pattern", each.pattern},
                                      {"text", each.text},
                                      {"minutes", each.minutes},
                                      {"until", base::iso_instant(each.until)}});
  return {
      {"services", std::move(services)}, {"tickets", std::move(tickets)}, {"messages", std::move(messages)}};
}

} // namespace machiai::cloud
