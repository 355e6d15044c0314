// SPDX-License-Identifier: Apache-2.0
// Who comes with a card or a ticket.
#include "core/base/card.hpp"
#include "core/queue/decider.hpp"

namespace machiai::queue {

namespace {

bool missed(TicketState state) {
  return state == TicketState::absent || state == TicketState::hold;
}

/// Why a machine does not let them in; none of the reasons says more of the patient than the machine may
/// show.
Result<Decision> turned_away(const Day& day, const std::vector<TicketIndex>& tickets) {
  const bool absent = std::any_of(tickets.begin(), tickets.end(), [&](TicketIndex at) {
    return day.tickets[at].state == TicketState::absent;
  });
  return fail(Code::conflict, absent ? "missed_call" : "on_hold");
}

} // namespace

Result<std::vector<TicketIndex>> tickets_of(const Clinic& clinic, const Day& day, const CheckIn& c,
                                            base::Instant now) {
  if (!c.ticket.empty()) {
    const auto at = resolve_ticket(clinic, day, c.ticket);
    MACHIAI_TRY(at);
    if (has_passed(day, now)) return fail(Code::not_found, "unknown_ticket");
    if (stops(Guard::live_only, !is_live(day.tickets[*at].state)))
      return fail(Code::conflict, "finished", c.ticket);
    return std::vector{*at};
  }
  const auto line = find_service(clinic, c.service);
  const std::string card = base::card_key(c.card);
  std::vector<TicketIndex> found;
  if (!has_passed(day, now))
    for (const auto& [at, person] : day.people) {
      const Ticket& ticket = day.tickets[at];
      if (is_live(ticket.state) && (!line || ticket.line == *line) && base::card_key(person.card) == card)
        found.push_back(at);
    }
  if (card.empty() || found.empty()) return fail(Code::not_found, "not_booked_today");
  std::sort(found.begin(), found.end());
  return found;
}

Result<Decision> Decider::operator()(const CheckIn& c) const {
  MACHIAI_TRY(check_person({}, c.card, {}));
  const auto tickets = tickets_of(clinic_, day_, c, now_);
  MACHIAI_TRY(tickets);
  Decision decision;
  decision.slips = c.print;
  for (const TicketIndex at : *tickets) {
    const TicketState state = day_.tickets[at].state;
    if (stops(Guard::missed_to_desk, missed(state))) continue;
    if (!decision.subject) decision.subject = ref(at);
    if (!stops(Guard::booked_arrives, state != TicketState::booked))
      decision.events.push_back(Arrived{ref(at)});
  }
  if (!decision.subject) return turned_away(day_, *tickets);
  return decision;
}

std::optional<CheckIn> check_in_instead(const Clinic& clinic, const Day& day, const Take& take,
                                        base::Instant now) {
  if (base::card_key(take.card).empty() || !find_service(clinic, take.service)) return std::nullopt;
  CheckIn here{take.card, {}, take.service, take.print};
  if (!stops(Guard::one_place_a_card, tickets_of(clinic, day, here, now).has_value())) return std::nullopt;
  return here;
}

} // namespace machiai::queue
