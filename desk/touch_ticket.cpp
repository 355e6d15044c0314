// SPDX-License-Identifier: Apache-2.0
// The ticket's panel and what opens from it: how absent, hold what for, whereto, what is written down.
#include "desk/model.hpp"

#include <charconv>

namespace machiai::desk {

namespace json = boost::json;

namespace {

std::optional<int> number_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One command about the ticket; the panel closes with it.
Step act_on(const queue::TicketView& ticket, Glass glass, std::string_view button, std::string command,
            json::object args = {}) {
  args["ticket"] = ticket.ticket;
  open_panel(glass, Panel::none);
  return send(std::move(glass), button, std::move(command), std::move(args));
}

/// By the clinic's rule, so many places back, or to the end; or the patient went home.
std::optional<Step> absent(const queue::TicketView& ticket, const Glass& glass, std::string_view name) {
  if (name == "absent-rule") return act_on(ticket, glass, name, "absent");
  if (name == "absent-last") return act_on(ticket, glass, name, "absent", {{"back", 0}});
  if (name == "went-home") return act_on(ticket, glass, name, "cancel");
  const auto places = after(name, "absent-back-");
  const auto back = places ? number_of(*places) : std::nullopt;
  if (!back) return std::nullopt;
  return act_on(ticket, glass, name, "absent", {{"back", *back}});
}

std::optional<Step> hold(const queue::TicketView& ticket, const Glass& glass, std::string_view name) {
  if (name == "hold-do") {
    if (glass.words.empty()) return nothing(glass);
    return act_on(ticket, glass, name, "hold", {{"reason", glass.words}});
  }
  const auto reason = after(name, "hold-for-");
  if (!reason) return std::nullopt;
  json::object args;
  if (*reason != "none") args["reason"] = *reason;
  return act_on(ticket, glass, name, "hold", std::move(args));
}

Step open_amend(const queue::TicketView& ticket, Glass glass) {
  open_panel(glass, Panel::amend);
  glass.draft = {ticket.service, ticket.kind, ticket.card, ticket.name, false, ticket.note};
  return nothing(std::move(glass));
}

Step amend(const queue::TicketView& ticket, Glass glass) {
  const Draft& draft = glass.draft;
  json::object args{
      {"ticket", ticket.ticket}, {"card", draft.card}, {"name", draft.name}, {"note", draft.note}};
  if (!draft.kind.empty()) args["kind"] = draft.kind;
  return send(std::move(glass), "amend-do", "amend", std::move(args));
}

} // namespace

std::optional<Step> touch_ticket(const queue::DeskView& view, bool free, const Glass& glass,
                                 std::string_view name) {
  if (const auto other = after(name, "other-")) {
    if (find_ticket(view, *other) == nullptr) return nothing(glass);
    Glass next = glass;
    // On the records panel neither of the two is chosen yet.
    if (next.ticket.empty()) {
      next.ticket = *other;
      next.pinned = true;
    } else if (next.ticket != *other) {
      next.inside.other = *other;
    }
    next.inside.page = 0;
    return nothing(std::move(next));
  }
  const auto* target = target_of(view, glass);
  if (target == nullptr) return std::nullopt;
  if (name == "amend") return open_amend(*target, glass);
  if (!free) return std::nullopt;
  if (can("absent", target->state) || name == "went-home")
    if (auto step = absent(*target, glass, name)) return step;
  if (can("hold", target->state))
    if (auto step = hold(*target, glass, name)) return step;
  if (const auto result = after(name, "phoned-"); result && can("phoned", target->state))
    return send(glass, name, "phoned", {{"ticket", target->ticket}, {"result", *result}});
  if (name == "amend-do") return amend(*target, glass);
  if (name == "skip" && can("skip", target->state)) return act_on(*target, glass, name, "skip");
  if (const auto to = after(name, "transfer-to-"); to && can("transfer", target->state))
    return act_on(*target, glass, name, "transfer", {{"to", *to}});
  return std::nullopt;
}

} // namespace machiai::desk
