// SPDX-License-Identifier: Apache-2.0
// What an answer changes at the glass: panels that are done close, a refusal is told and keeps what was
// typed.
#include "desk/model.hpp"

#include <algorithm>
#include <array>

namespace machiai::desk {

namespace json = boost::json;

namespace {

std::string ticket_of(const Order& order) {
  const std::string expected = member_text(order.args, "expect");
  return expected.empty() ? member_text(order.args, "ticket") : expected;
}

/// The hub wants a log-in first. What was pressed has not been done, and whoever logs in is told so.
void lock(Glass& glass, const Order& order, const json::object& refusal) {
  Staff& staff = glass.found.staff;
  staff.login = true;
  staff.person.clear(); // a pass is tried once more before a PIN is asked for
  staff.chosen.clear();
  staff.known = !staff.people.empty(); // else the names are still to be asked for
  glass.inside.digits.clear();
  if (order.query) return;
  staff.lost = order.command;
  staff.lost_number = member_text(refusal, "number");
  if (!staff.lost_number.empty()) return;
  const std::string ticket = ticket_of(order);
  staff.lost_number = ticket.substr(ticket.rfind('-') == std::string::npos ? 0 : ticket.rfind('-') + 1);
}

std::vector<std::string> names_of(const json::object& answer, const char* list) {
  std::vector<std::string> names;
  const json::value* found = answer.if_contains(list);
  if (found == nullptr || !found->is_array()) return names;
  for (const json::value& each : found->get_array())
    if (each.is_string()) names.emplace_back(each.get_string());
  return names;
}

void done(Glass& glass, const Order& order, const json::object& answer) {
  const std::string& command = order.command;
  constexpr std::array closes{"take", "check_in", "move", "amend", "close_day"};
  if (std::find(closes.begin(), closes.end(), command) != closes.end()) open_panel(glass, Panel::none);
  if (command == "take" || command == "check_in" || command == "amend") glass.draft = {};
  if (command == "close_day") glass.closed = names_of(answer, "services");
  if (command == "open" && glass.panel == Panel::session) open_panel(glass, Panel::none);
  if (command == "cap" || command == "hours") open_panel(glass, Panel::session);
  if (command == "notice") open_panel(glass, Panel::programme);
  if (command == "message") open_panel(glass, Panel::messages);
  if (command == "pair") {
    boost::system::error_code error;
    const json::value* until = answer.if_contains("until");
    glass.found.pairing = {member_text(answer, "code"),
                           member_text(answer, "address"),
                           member_text(answer, "name"),
                           member_text(answer, "room"),
                           until != nullptr && until->is_number() ? until->to_number<std::int64_t>(error) : 0,
                           member_text(answer, "check")};
  }
  if (command == "unpair") {
    glass.inside.confirm.clear();
    glass.found.inquiry = {}; // the list is asked for anew
  }
  // A later action is proof enough that the lost one has been seen.
  glass.found.staff.lost.clear();
}

} // namespace

Glass answered(Glass glass, const Order& order, const base::Result<json::object>& answer,
               std::int64_t steady_ms, const json::object& refusal) {
  if (!order.query) glass.pending.clear();
  const bool of_staff = order.command == "login" || order.command == "logout";
  if (!answer && answer.error().reason == "login_needed" && !of_staff && order.command != "staff") {
    lock(glass, order, refusal);
    if (!order.query) return glass;
  }
  if (order.query) {
    learn(glass, order, answer, steady_ms);
    return glass;
  }
  if (of_staff) {
    learn_staff(glass, order, answer, steady_ms, refusal);
    return glass;
  }
  if (answer) {
    done(glass, order, *answer);
    return glass;
  }
  glass.notice = {answer.error().reason,        ticket_of(order),
                  steady_ms + notice_ms,        member_text(refusal, "by"),
                  member_text(refusal, "room"), member_text(refusal, "number")};
  return glass;
}

} // namespace machiai::desk
