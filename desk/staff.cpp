// SPDX-License-Identifier: Apache-2.0
// Who works at this glass: log-in by a PIN, the change of persons, the return after a lost link.
#include "desk/model.hpp"

#include <algorithm>

namespace machiai::desk {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_pin = 8;

/// Nobody is logged in any more; what lay open belongs to that person.
void leave(Glass& glass) {
  open_panel(glass, Panel::none);
  glass.draft = {};
  Staff& staff = glass.found.staff;
  staff.person.clear();
  staff.pass.clear();
  staff.chosen.clear();
  staff.refused.clear();
}

void type_pin(Glass& glass, std::string_view key) {
  std::string& digits = glass.inside.digits;
  glass.found.staff.refused.clear();
  if (key == "clear")
    digits.clear();
  else if (key == "left")
    digits.resize(digits.empty() ? 0 : digits.size() - 1);
  else if (digits.size() < longest_pin)
    digits += key;
}

} // namespace

std::optional<Step> touch_staff(bool free, const Glass& glass, std::string_view name) {
  Glass next = glass;
  Staff& staff = next.found.staff;
  if (name == "logout") {
    if (!free || staff.person.empty()) return nothing(glass);
    return send(std::move(next), name, "logout", json::object{});
  }
  if (!staff.login || !staff.person.empty()) return std::nullopt;
  if (const auto person = after(name, "person-")) {
    staff.chosen = *person;
    staff.refused.clear();
    next.inside.digits.clear();
  } else if (name == "list-up" || name == "list-down") {
    next.inside.page = std::max(0, next.inside.page + (name == "list-up" ? -1 : 1));
  } else if (name == "close-panel" || name == "other-person") {
    staff.chosen.clear();
    next.inside.digits.clear();
  } else if (const auto key = after(name, "pad-"); key && !staff.chosen.empty()) {
    type_pin(next, *key);
  } else if (name == "login-do") {
    if (!free || staff.chosen.empty() || next.inside.digits.size() < static_cast<std::size_t>(shortest_pin))
      return nothing(glass);
    json::object args{{"person", staff.chosen}, {"pin", next.inside.digits}};
    next.inside.digits.clear();
    return send(std::move(next), name, "login", std::move(args));
  } else {
    return std::nullopt;
  }
  return nothing(std::move(next));
}

Glass reconnected(Glass glass) {
  glass.found.staff.known = false;
  // Asked anew; until the hub has answered, who was here is still shown.
  glass.found.inquiry = {};
  return glass;
}

void learn_staff(Glass& glass, const Order& order, const base::Result<json::object>& answer,
                 std::int64_t steady_ms, const json::object& refusal) {
  Staff& staff = glass.found.staff;
  if (order.command == "logout") {
    if (answer) leave(glass);
    return;
  }
  if (answer) {
    staff.login = true;
    staff.person = member_text(*answer, "person");
    staff.pass = member_text(*answer, "pass").empty() ? staff.pass : member_text(*answer, "pass");
    staff.chosen.clear();
    staff.refused.clear();
    staff.locked_until_ms = 0;
    const std::string name = member_text(*answer, "name");
    const bool known = std::any_of(staff.people.begin(), staff.people.end(),
                                   [&](const Person& each) { return each.id == staff.person; });
    if (!known) staff.people.push_back({staff.person, name});
    return;
  }
  // Nothing was said about the pass when the hub did not answer at all.
  if (answer.error().reason != "hub_unreachable") staff.pass.clear();
  const bool resumed = order.args.contains("pass");
  staff.refused = resumed ? "" : answer.error().reason;
  const json::value* seconds = refusal.if_contains("seconds");
  if (answer.error().reason == "pin_locked" && seconds != nullptr && seconds->is_number()) {
    boost::system::error_code error;
    staff.locked_until_ms = steady_ms + seconds->to_number<std::int64_t>(error) * 1000;
  }
}

} // namespace machiai::desk
