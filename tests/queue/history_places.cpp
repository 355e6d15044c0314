// SPDX-License-Identifier: Apache-2.0
// Kept places (docs/held-places.md): what a booking is told never grows but by people who come in front of it
// with a reason that is shown, who was expected and arrives, or an undo, which gives back what its command
// had taken.
#include "tests/queue/history_places.hpp"

#include "core/queue/places.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::test {

using namespace machiai::queue;

namespace {

/// Where the ticket stands in its line; none: nowhere.
std::optional<std::size_t> position(const Day& day, TicketIndex at) {
  const auto& line = day.counters[day.tickets[at].line].line;
  const auto found = std::find(line.begin(), line.end(), at);
  return found == line.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - line.begin()));
}

std::vector<TicketIndex> present(const Day& day, int service) {
  std::vector<TicketIndex> all;
  for (const TicketIndex at : day.counters[static_cast<std::size_t>(service)].line)
    if (day.tickets[at].state == TicketState::waiting) all.push_back(at);
  return all;
}

/// Stands in front of the other, is here and has not been called.
bool is_before(const Day& day, TicketIndex one, TicketIndex other) {
  if (one >= day.tickets.size() || day.tickets[one].state != TicketState::waiting ||
      day.tickets[one].line != day.tickets[other].line)
    return false;
  return position(day, one) < position(day, other);
}

/// Changes where the ticket itself stands, or whether it waits.
bool moves(const std::vector<Event>& done, const TicketRef& ref) {
  return std::any_of(done.begin(), done.end(), [&](const Event& event) {
    return std::visit(
        [&](const auto& e) {
          if constexpr (requires { e.ticket; })
            return e.ticket == ref && !std::is_same_v<std::decay_t<decltype(e)>, Arrived>;
          return false;
        },
        event.body);
  });
}

template <class E> const E* first_of(const std::vector<Event>& done) {
  for (const Event& event : done)
    if (const auto* body = std::get_if<E>(&event.body)) return body;
  return nullptr;
}

} // namespace

Command History::place_command(std::uint32_t bits) const {
  const std::uint32_t pick = bits >> 13;
  const std::string service = (bits >> 5 & 7) == 0 ? "shouni" : "naika";
  switch (bits >> 8 & 15) {
  case 0: return SetWalkIns{service, static_cast<int>(pick % 3) - 1, static_cast<int>(pick % 2 == 0 ? 0 : 3)};
  case 1: return SetWalkIns{service, -1, static_cast<int>(pick % 5) - 1};
  case 2:
  case 3: return Act{Verb::arrive, some_ticket(pick)};
  case 4: return Take{service, "", "", "", false};
  case 5: return OpenCounter{service};
  case 6: return Move{some_ticket(pick), some_ticket(pick >> 4), "urgent"};
  case 7: return Act{Verb::cancel, some_ticket(pick)};
  default: break;
  }
  const base::Date date = day_.opened && !has_passed(day_, now_) ? day_.date : business_date(day_, now_);
  Receive booking{service, date, fmt::format("b{}", asked_), std::nullopt, "", "", "", now_};
  booking.every = 2 + static_cast<int>(pick % 3);
  if (pick % 13 == 0) booking.accepted -= std::chrono::minutes{pick % 40}; // it was long on its way
  if (pick % 17 == 0) booking.accepted += std::chrono::minutes{30};        // a slot
  if (pick % 11 == 0 && asked_ > 0)                                        // its answer was lost: once more
    booking.key = fmt::format("b{}", asked_ - 1 - static_cast<int>(pick / 11) % std::min(asked_, 4));
  return booking;
}

History::Before History::before_places() const {
  if (!with_places_) return {};
  Before before{day_, {}};
  for (TicketIndex at = 0; at < day_.tickets.size(); ++at)
    if (in_line(day_.tickets[at].state)) before.told[at] = told_ahead(day_, at);
  return before;
}

/// Those who came in front of the ticket and whose reason the board and the phone show, or who were expected
/// there.
int History::shown_jumps(const Before& before, TicketIndex at) const {
  int jumps = 0;
  for (TicketIndex other = 0; other < day_.tickets.size(); ++other) {
    if (other == at || !is_before(day_, other, at) || is_before(before.day, other, at)) continue;
    const std::string& reason = day_.reasons[day_.tickets[other].reason];
    const bool here_now = other < before.day.tickets.size() &&
                          before.day.tickets[other].state == TicketState::booked &&
                          before.day.tickets[other].line == day_.tickets[at].line;
    const bool put_back = other < before.day.tickets.size() && !in_line(before.day.tickets[other].state);
    if (here_now || put_back || (!reason.empty() && reason != walk_in_place)) ++jumps;
  }
  return jumps;
}

/// An undo gives back what its command had taken, or brings people back in front of who was moved since;
/// whoever asked since meets their places too.
int History::given_back(const Before& before, const Undone& undone, TicketIndex at) const {
  const auto known = fell_.find(undone.group);
  if (known == fell_.end()) return 0;
  int again = 0;
  for (TicketIndex other = 0; other < day_.tickets.size(); ++other)
    if (other != at && is_before(day_, other, at) && !is_before(before.day, other, at)) ++again;
  if (at < known->second.second) return std::max(again, known->second.first);
  for (const TicketIndex place : kept_places(day_, day_.tickets[at].line))
    if (!keeps(before.day, place) && position(day_, place) < position(day_, at)) ++again;
  return again;
}

void History::check_growth(const Before& before, const std::vector<Event>& done, std::uint64_t group) {
  const auto* undone = first_of<Undone>(done);
  int fell = 0;
  for (const auto& [at, told] : before.told) {
    if (!in_line(day_.tickets[at].state) || day_.tickets[at].slot) continue;
    const int now = told_ahead(day_, at);
    fell = std::max(fell, told - now);
    if (now < people_ahead(day_, at)) broke("fewer people were told than are ahead");
    if (moves(done, ref_of(day_.tickets[at]))) continue;
    const int allowed = undone != nullptr ? given_back(before, *undone, at) : shown_jumps(before, at);
    if (now - told > allowed)
      broke(fmt::format("told {} people ahead of {}, then {}, without a reason", told,
                        shown_number(clinic_, ref_of(day_.tickets[at])), now));
  }
  fell_[group] = {fell, before.day.tickets.size()};
}

/// Of two bookings nobody moved the earlier stands first; and nobody is put in front of who stays near the
/// door.
void History::check_taken(const Before& before, const Taken& taken) const {
  const auto at = find_ticket(day_, taken.ticket);
  if (!at) return;
  const int service = taken.ticket.service;
  if (!taken.accepted) {
    const auto here = present(before.day, service);
    for (std::size_t i = 0; i < std::min<std::size_t>(3, here.size()); ++i)
      if (!is_before(day_, here[i], *at) && taken.behind.n != 0)
        broke("a walk-in was put in front of one who stays near the door");
    if (taken.behind.n != 0 && taken.ahead != told_ahead(day_, *at)) broke("the slip tells another count");
    return;
  }
  const auto& line = day_.counters[static_cast<std::size_t>(service)].line;
  auto next = std::find(line.begin(), line.end(), *at) + 1;
  while (next < line.end() && !in_line(day_.tickets[*next].state)) ++next;
  if (next < line.end() && day_.tickets[*next].in_place)
    broke("a booking went by the time of a walk-in at a kept place");
}

/// Who was next is called: no place is kept in front of them any more.
void History::check_passed(const Before& before, const Called& called) const {
  const auto at = find_ticket(day_, called.ticket);
  if (!at || next_present(before.day, day_.tickets[*at].line) != *at) return;
  for (const TicketIndex place : kept_places(day_, day_.tickets[*at].line))
    if (position(day_, place) < position(day_, *at)) broke("a place was kept that had been passed");
}

void History::check_places(const Before& before, const Command& asked, const std::vector<Event>& done,
                           std::uint64_t group) {
  if (!with_places_ || first_of<DayOpened>(done) != nullptr) return;
  check_growth(before, done, group);
  if (const auto* taken = first_of<Taken>(done)) check_taken(before, *taken);
  if (const auto* called = first_of<Called>(done)) check_passed(before, *called);
  const auto* set = std::get_if<SetWalkIns>(&asked);
  const auto service = set == nullptr ? std::nullopt : find_service(clinic_, set->service);
  if (service && !done.empty() && set->every == 0 && !kept_places(day_, *service).empty())
    broke("places are kept that were given up");
}

} // namespace machiai::test
