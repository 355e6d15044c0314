// SPDX-License-Identifier: Apache-2.0
// A number that somebody names on the telephone: its digits lead to its row.
#include "desk/model.hpp"

#include <algorithm>

namespace machiai::desk {

namespace {

constexpr std::size_t longest_number = 4;
constexpr std::size_t most_matches = 4;

/// "123" of "W1-123": people name the digits alone.
std::string_view spoken(std::string_view number) {
  const auto last = number.find_last_not_of("0123456789");
  return last == std::string_view::npos ? number : number.substr(last + 1);
}

Glass shown(const queue::DeskView& view, Glass glass, std::string_view id) {
  const auto* ticket = find_ticket(view, id);
  open_panel(glass, Panel::none);
  if (ticket == nullptr) return glass;
  if (glass.service != line_of(*ticket)) {
    glass.service = line_of(*ticket);
    glass.top = 0;
  }
  glass.ticket = ticket->ticket;
  const auto rows = listed(view, glass);
  if (std::find(rows.begin(), rows.end(), ticket) == rows.end()) glass.filter = "all";
  return in_sight(view, std::move(glass));
}

} // namespace

std::vector<const queue::TicketView*> numbered(const queue::DeskView& view, const Glass& glass) {
  std::vector<const queue::TicketView*> found;
  for (const auto& ticket : view.tickets)
    if (ticket.state != "void" && !glass.inside.digits.empty() &&
        spoken(ticket.number) == glass.inside.digits)
      found.push_back(&ticket);
  const auto far = [&](const queue::TicketView* ticket) {
    return (line_of(*ticket) == glass.service ? 0 : 2) + (is_over(*ticket) ? 1 : 0);
  };
  std::stable_sort(found.begin(), found.end(), [&](const auto* a, const auto* b) { return far(a) < far(b); });
  if (found.size() > most_matches) found.resize(most_matches);
  return found;
}

std::optional<Step> touch_find(const queue::DeskView& view, const Glass& glass, std::string_view name) {
  if (glass.panel != Panel::find) return std::nullopt;
  if (const auto id = after(name, "find-")) return nothing(shown(view, glass, *id));
  const auto key = after(name, "pad-");
  if (!key) return std::nullopt;
  Glass typed = glass;
  std::string& digits = typed.inside.digits;
  if (*key == "clear")
    digits.clear();
  else if (*key == "left")
    digits.resize(digits.empty() ? 0 : digits.size() - 1);
  else if (digits.size() < longest_number)
    digits += *key;
  return nothing(std::move(typed));
}

} // namespace machiai::desk
