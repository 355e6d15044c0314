// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/days.hpp"

#include "cloud/over.hpp"
#include "cloud/store/counter.hpp"
#include "cloud/store/notices.hpp"
#include "cloud/store/slots.hpp"

#include <algorithm>
#include <tuple>

namespace machiai::cloud::store {

namespace {

using base::Error;
using base::fail;

TicketRow ticket_of(const pqxx::row& row) {
  TicketRow ticket;
  ticket.secret = unhex(row[0].c_str());
  ticket.service = row[1].c_str();
  ticket.kind = row[2].c_str();
  ticket.request = row[3].c_str();
  ticket.place = row[4].as<int>();
  ticket.series = row[5].is_null() ? "" : row[5].c_str();
  ticket.n = row[6].is_null() ? 0 : row[6].as<int>();
  ticket.state = row[7].c_str();
  ticket.arrival = row[8].c_str();
  ticket.accepted = base::instant_from_ms(row[9].as<std::int64_t>());
  ticket.slot = slot_of(row[10]);
  return ticket;
}

void read_projection(pqxx::transaction_base& read, int facility, Day& day) {
  const auto rows = read.exec_prepared("projection", facility, day.date.days);
  if (rows.empty()) return;
  day.told = base::Date{rows[0][0].as<int>()};
  boost::system::error_code error;
  const auto value = boost::json::parse(rows[0][1].c_str(), error);
  if (!error && value.is_object()) day.projection = value.get_object();
  day.as_of = base::instant_from_ms(rows[0][2].as<std::int64_t>());
  day.past = rows[0][3].as<bool>();
}

/// By acceptance, or by their slots; within it, numbers of the two series by themselves. Numbers of the main
/// series follow acceptance (N8): who was drawn was accepted with the draw, whoever asked first in that
/// minute.
void into_line(std::vector<TicketRow>& tickets) {
  const auto in_main = [](const TicketRow& each) { return each.series == "M" && !each.slot; };
  std::sort(tickets.begin(), tickets.end(), [](const TicketRow& a, const TicketRow& b) {
    return std::tie(a.service, a.n) < std::tie(b.service, b.n);
  });
  const TicketRow* last = nullptr;
  for (TicketRow& each : tickets) {
    if (!in_main(each)) continue;
    const bool after = last != nullptr && last->service == each.service;
    each.placed = after ? std::max(last->placed, each.accepted) : each.accepted;
    last = &each;
  }
  for (TicketRow& each : tickets)
    if (!in_main(each)) each.placed = each.slot.value_or(each.accepted);
  std::sort(tickets.begin(), tickets.end(), [](const TicketRow& a, const TicketRow& b) {
    return std::tie(a.service, a.placed, a.series, a.n, a.place) <
           std::tie(b.service, b.placed, b.series, b.n, b.place);
  });
}

struct Held : Placed {
  std::string arrival;
};

/// The ticket, locked; its counter before it, as bookings and draws do: a draw that is being held goes first.
base::Result<Held> hold(pqxx::work& work, const Token& token) {
  const std::string secret = hex(token.secret);
  work.exec_prepared("lock_counter_of", token.facility, token.date.days, secret);
  const auto rows = work.exec_prepared("lock_ticket", token.facility, token.date.days, secret);
  if (rows.empty()) return fail(Error::Code::not_found, "unknown_ticket");
  const auto& row = rows[0];
  return Held{{row[0].c_str(), row[4].c_str(), row[5].as<int>(), row[1].c_str()}, row[2].c_str()};
}

} // namespace

Day load_day(pqxx::connection& connection, int facility, base::Date date) {
  pqxx::read_transaction read(connection);
  Day day;
  day.date = date;
  for (const auto& row : read.exec_prepared("day_counters", facility, date.days)) {
    CounterState counter{row[1].as<int>(), row[3].as<int>(),  row[4].as<int>(),           row[5].as<bool>(),
                         std::nullopt,     row[8].as<bool>(), Predicted(row[9], row[10]), std::nullopt,
                         std::nullopt,     row[12].as<bool>()};
    if (!row[11].is_null()) counter.walk_ins = row[11].as<int>();
    if (!row[13].is_null()) counter.walk_in_every = row[13].as<int>();
    if (!row[6].is_null() && !row[7].as<bool>())
      counter.draw_until = base::instant_from_ms(row[6].as<std::int64_t>());
    day.counters[row[0].c_str()] = counter;
  }
  for (const auto& row : read.exec_prepared("day_tickets", facility, date.days))
    day.tickets.push_back(ticket_of(row));
  into_line(day.tickets);
  for (std::size_t at = 0; at < day.tickets.size(); ++at) day.by_secret[day.tickets[at].secret] = at;
  for (const auto& row : read.exec_prepared("day_notices", facility, date.days))
    day.notices[unhex(row[0].c_str())] = {row[1].c_str(), row[2].as<int>()};
  read_projection(read, facility, day);
  return day;
}

std::string last_said(pqxx::transaction_base& read, int facility, base::Date date, const Placed& ticket) {
  Day day;
  day.date = date;
  read_projection(read, facility, day);
  return day.told == date ? std::string(state_said(day.projection, date, ticket)) : std::string{};
}

base::Status cancel(pqxx::connection& connection, const Token& token) {
  pqxx::work work(connection);
  // Until the end nothing else becomes the clinic's last word; before the counter, as its writer locks them.
  const auto word = word_held(work, token.facility);
  const auto held = hold(work, token);
  MACHIAI_TRY(held);
  if (held->state == "cancelled") return {};
  if (held->state == "asking")
    return fail(Error::Code::conflict, "drawing"); // the clinic is giving it a number
  if (is_over(held->state)) return fail(Error::Code::conflict, "ticket_over");
  if (word && word->date == token.date && is_called(word->document, token.date, *held))
    return fail(Error::Code::conflict, "called_already");
  work.exec_prepared("set_state", token.facility, token.date.days, hex(token.secret), "cancelled");
  pass_notice_on(work, token);
  if (held->state != "drawing")
    work.exec_prepared("one_less", token.facility, token.date.days, held->service);
  notify(work, {token.facility});
  work.commit();
  return {};
}

base::Status arrive(pqxx::connection& connection, const Token& token) {
  pqxx::work work(connection);
  const auto word = word_held(work, token.facility);
  const auto held = hold(work, token);
  MACHIAI_TRY(held);
  if (is_over(held->state)) return fail(Error::Code::conflict, "ticket_over");
  if (held->state == "drawing" || held->state == "asking") return fail(Error::Code::conflict, "drawing");
  // Who was called once and is expected again, back in the line, may well say so.
  const bool called = word && word->date == token.date && is_called(word->document, token.date, *held);
  if (held->arrival != "none" && (held->arrival != "called" || called)) return {};
  work.exec_prepared("set_arrival", token.facility, token.date.days, hex(token.secret), "asked");
  notify(work, {token.facility});
  work.commit();
  return {};
}

} // namespace machiai::cloud::store
