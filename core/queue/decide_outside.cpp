// SPDX-License-Identifier: Apache-2.0
// What comes from outside the clinic: requests, numbers the cloud gave while it owned the series, and what a
// restored cloud has forgotten. core/numbering says when; the rules of the ledger are here.
#include "core/base/text.hpp"
#include "core/queue/decider.hpp"
#include "core/queue/places.hpp"

namespace machiai::queue {

namespace {

constexpr std::size_t longest_cause = 64;

bool is_ticket(TicketIndex at) {
  return at != no_ticket && at != void_number;
}

/// The ticket or mark that the number has here.
TicketIndex at_number(const Counter& counter, const TicketRef& ref) {
  const auto series = counter.index.find(ref.series);
  if (series == counter.index.end() || ref.n > series->second.size()) return no_ticket;
  return series->second[ref.n - 1];
}

} // namespace

Result<bool> Decider::begin_day_of(base::Date date, std::vector<EventBody>& events) const {
  if (stops(Guard::of_its_date, !takes_date(day_, date, now_))) return fail(Code::conflict, "other_date");
  // The clock may say that the open date has passed; what is of that date does not end it.
  if (guard_on(Guard::of_its_date) && day_.opened && day_.date == date) return false;
  return begin_day(events);
}

Result<Decision> Decider::operator()(const SeeCloud& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  if (c.generation <= counter(*index).generation) return Decision{};
  return Decision{{CloudSeen{*index, c.generation}}, std::nullopt};
}

Result<Decision> Decider::operator()(const Reclaim& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  const Counter& now_serving = counter(*index);
  if (c.generation <= now_serving.generation) return Decision{};
  if (c.high > most_numbers) return fail(Code::invalid, "bad_number");
  Decision decision;
  const auto begun = begin_day_of(c.date, decision.events);
  MACHIAI_TRY(begun);
  const bool new_date = *begun;
  const std::uint32_t known = new_date ? 0 : next_number(now_serving, main_series) - 1;
  const std::uint32_t from = std::max(known, c.high) + 1;
  std::uint32_t high = from - 1;
  if ((new_date || !now_serving.owner || owns_unasked(now_serving)) && guard_on(Guard::jump_over_unknown)) {
    high += c.jump;
    decision.events.push_back(Voided{*index, main_series, from, high, "cloud_restored"});
  }
  if (high > most_numbers) return fail(Code::invalid, "bad_number");
  decision.events.push_back(OwnershipTaken{*index, std::max(now_serving.epoch, c.epoch) + 1, high});
  // Last: with it the cloud trusts what it knows, and these may come up one by one.
  decision.events.push_back(CloudSeen{*index, c.generation});
  return decision;
}

/// One request, one ticket (N2). The number that was shown outside stays; one that was given here meanwhile,
/// and whose answer did not arrive, is void.
bool Decider::settle_request(const Receive& c, int service, std::vector<EventBody>& events) const {
  const auto known = c.key.empty() ? day_.outside.end() : day_.outside.find(c.key);
  if (known == day_.outside.end()) return false;
  if (known->second == no_ticket) return !c.given && guard_on(Guard::refusal_stays);
  const Ticket& held = day_.tickets[known->second];
  if (!c.given) return guard_on(Guard::request_once);
  if (held.service == service && held.series == c.given->series && held.n == c.given->n) return true;
  if (is_live(held.state) && guard_on(Guard::origin_decides))
    events.push_back(Voided{held.service, held.series, held.n, held.n, "answered_outside"});
  return false;
}

/// Behind one who stands last, so that nobody who is there already is told more.
bool Decider::keeps_place(const Receive& c, const Counter& serving) const {
  const int every = serving.every >= 0 ? serving.every : c.every;
  if (c.key.empty() || is_slot(c.accepted, now_) || !keeps_behind(every, serving.asked + 1)) return false;
  const auto place = static_cast<std::ptrdiff_t>(place_by_acceptance(day_, serving, c.accepted));
  return std::none_of(serving.line.begin() + place, serving.line.end(), [&](TicketIndex at) {
    return is_live(day_.tickets[at].state) && !day_.tickets[at].slot;
  });
}

Result<Decision> Decider::operator()(const Receive& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  MACHIAI_TRY(check_person(c.name, c.card, {}));
  const Service& settings = clinic_.services[static_cast<std::size_t>(*index)];
  const std::string kind = c.kind.empty() && !settings.kinds.empty() ? settings.kinds.front() : c.kind;
  if (!kind.empty() && !has_kind(settings, kind)) return fail(Code::not_found, "unknown_kind");
  Decision decision;
  const auto begun = begin_day_of(c.date, decision.events);
  MACHIAI_TRY(begun);
  const bool new_date = *begun;
  const Counter empty;
  const Counter& now_serving = new_date ? empty : counter(*index);
  if (!new_date && settle_request(c, *index, decision.events)) {
    const auto known = day_.outside.find(c.key);
    if (known->second == no_ticket) return fail(Code::conflict, "refused_outside");
    return Decision{{}, ref(known->second)};
  }
  if (!c.given && stops(Guard::main_only_by_owner, !now_serving.owner))
    return fail(Code::conflict, "not_owner");
  const TicketRef given = c.given ? TicketRef{*index, c.given->series, c.given->n}
                                  : TicketRef{*index, main_series, next_number(now_serving, main_series)};
  if (given.n == 0 || given.n > most_numbers) return fail(Code::invalid, "bad_number");
  if (stops(Guard::adopted_once, is_ticket(at_number(now_serving, given))))
    return fail(Code::conflict, "number_taken");
  Taken taken{given, kind, c.card, c.name, 0, false, std::string{}, std::nullopt, c.accepted};
  if (!new_date) taken.ahead = told_ahead_at(day_, *index, std::nullopt);
  taken.keeps = keeps_place(c, now_serving);
  decision.events.push_back(std::move(taken));
  decision.subject = given;
  return decision;
}

Result<Decision> Decider::operator()(const RefuseOutside& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  MACHIAI_TRY(base::check_text(c.reason, longest_cause));
  const auto known = day_.outside.find(c.key);
  if (known != day_.outside.end() && known->second == no_ticket) return Decision{};
  Decision decision;
  MACHIAI_TRY(begin_day_of(c.date, decision.events));
  if (known != day_.outside.end() && decision.events.empty()) {
    const Ticket& held = day_.tickets[known->second];
    if (is_live(held.state))
      decision.events.push_back(Voided{held.service, held.series, held.n, held.n, "refused_outside"});
  }
  decision.events.push_back(Refused{*index, c.reason});
  return decision;
}

Result<Decision> Decider::operator()(const Explain& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  if (c.to > most_numbers || c.from == 0) return fail(Code::invalid, "bad_number");
  Decision decision;
  const auto begun = begin_day_of(c.date, decision.events);
  MACHIAI_TRY(begun);
  const bool new_date = *begun;
  const Counter empty;
  const Counter& now_serving = new_date ? empty : counter(*index);
  for (std::uint32_t n = c.from; n <= c.to; ++n) {
    if (at_number(now_serving, {*index, c.series, n}) != no_ticket) continue;
    auto* last = decision.events.empty() ? nullptr : std::get_if<Voided>(&decision.events.back());
    if (last != nullptr && last->to + 1 == n) {
      last->to = n;
    } else {
      decision.events.push_back(Voided{*index, c.series, n, n, c.reason});
    }
  }
  return decision;
}

} // namespace machiai::queue
