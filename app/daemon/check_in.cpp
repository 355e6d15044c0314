// SPDX-License-Identifier: Apache-2.0
// What is answered to who comes with a card or a ticket.
#include "app/daemon/station.hpp"
#include "core/wire/commands.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace machiai::daemon {

namespace json = boost::json;

std::optional<queue::CheckIn> Station::kiosk_check_in(const hub::Caller& caller,
                                                      const queue::Take& take) const {
  if (caller.role != "kiosk") return std::nullopt;
  return queue::check_in_instead(settings_.clinic, working_, take, clock_.now());
}

std::string Station::ticket_code(const std::string& ticket) const {
  return site_.empty() ? ticket : site_ + "/f/" + settings_.clinic.id + "#" + ticket;
}

json::object Station::checked_in(const queue::CheckIn& here, const queue::Day& day,
                                 std::pair<std::uint64_t, std::uint64_t> events) {
  const auto tickets = queue::tickets_of(settings_.clinic, day, here, clock_.now());
  if (!tickets) return {};
  json::object told = wire::answer_checked_in(settings_.clinic, day, *tickets, events.first, events.second);
  told["printing"] = false;
  told["wait"] = nullptr;
  if (!told.contains("ticket")) return told;
  told["code"] = ticket_code(std::string(told.at("ticket").as_string()));
  // As it was before the arrival; the tickets were expected already.
  std::map<std::string, queue::WaitRange, std::less<>> waits;
  const auto id = [&](queue::TicketIndex at) {
    return at < day.tickets.size()
               ? queue::ticket_id(settings_.clinic, day.date, queue::ref_of(day.tickets[at]))
               : std::string{};
  };
  for (const auto& [at, range] : outside_waits().tickets) waits[id(at)] = range;
  for (const auto& [at, guess] : forecaster_.waits(durable_, clock_.now()).tickets)
    waits.emplace(id(at), queue::shown_range(guess));
  for (json::value& each : told.at("tickets").as_array()) {
    json::object& ticket = each.as_object();
    const auto wait = waits.find(std::string_view(ticket.at("ticket").as_string()));
    ticket["wait"] = nullptr;
    if (ticket.at("state") == "waiting" && wait != waits.end())
      ticket["wait"] = {{"low", wait->second.low}, {"high", wait->second.high}};
  }
  told["wait"] = told.at("tickets").as_array().front().at("wait");
  return told;
}

/// One key, one answer: as after the event, as far as it is still so.
json::object Station::answer_again(const queue::Command& command, const store::EventRow& row,
                                   const Beside& beside) {
  const auto* here = std::get_if<queue::CheckIn>(&command);
  const auto* take = std::get_if<queue::Take>(&command);
  const bool arrived = std::holds_alternative<queue::Arrived>(row.event.body) && row.date == durable_.date;
  if (!arrived || (here == nullptr && take == nullptr)) {
    json::object told = answer(row.event, row.date, durable_, beside.print);
    if (std::holds_alternative<queue::CloseDay>(command))
      wire::add_closed(told.at("ok").as_object(), settings_.clinic, beside.events);
    return told;
  }
  const queue::CheckIn again = here != nullptr ? *here : queue::CheckIn{take->card, {}, take->service};
  json::object told = checked_in(again, durable_, {row.event.group, row.event.seq});
  if (!told.contains("ticket")) return answer(row.event, row.date, durable_);
  const bool slip = std::any_of(slips_.begin(), slips_.end(), [&](const auto& each) {
    const std::uint64_t touched = durable_.tickets[each.first].touched;
    return touched >= row.event.group && touched <= row.event.seq;
  });
  told["printing"] = slip && can_print();
  told["key"] = row.event.key;
  return {{"ok", std::move(told)}};
}

} // namespace machiai::daemon
