// SPDX-License-Identifier: Apache-2.0
#include "core/queue/decider.hpp"
#include "core/queue/places.hpp"

namespace machiai::queue {

std::uint32_t next_number(const Counter& counter, const Series& series) {
  const auto found = counter.index.find(series);
  std::uint32_t high = found == counter.index.end() ? 0 : static_cast<std::uint32_t>(found->second.size());
  // Without the guard: the mistake others made, "highest number still alive + 1".
  if (!guard_on(Guard::number_above_high))
    while (high > 0 && found->second[high - 1] >= void_number) --high;
  return high + 1;
}

bool Decider::begin_day(std::vector<EventBody>& events) const {
  if (day_.opened && !has_passed(day_, now_)) return false;
  if (day_.opened) events.push_back(DayClosed{day_.date});
  events.push_back(DayOpened{business_date(day_, now_)});
  return true;
}

void Decider::open_counter(int index, std::vector<EventBody>& events) const {
  const bool new_date = begin_day(events);
  if (!new_date && counter(index).open) return;
  // The clinic takes the main series over when its day begins; until then it was the other side's.
  if (!clinic_.linked && (new_date || !counter(index).ever_open))
    events.push_back(OwnershipTaken{index, counter(index).epoch + 1, 0});
  events.push_back(CounterOpened{index, session_at(clinic_, index, now_)});
}

Result<Decision> Decider::operator()(const OpenCounter& c) const {
  const auto index = service_in_use(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  open_counter(*index, decision.events);
  return decision;
}

Result<Decision> Decider::operator()(const CloseCounter& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  if (counter(*index).open) decision.events.push_back(CounterClosed{*index});
  return decision;
}

/// Its hours have begun, and nobody has opened it.
bool Decider::not_yet_opened(int index) const {
  const bool of_today = day_.opened && business_date(day_, now_) == day_.date;
  if (of_today && counter(index).ever_open) return false;
  const auto& hours =
      of_today ? hours_of(clinic_, day_, index) : usual_hours(clinic_, index, base::civil_date(now_));
  return hours_at(hours, now_) != nullptr;
}

Result<Decision> Decider::operator()(const Take& c) const {
  const auto index = service_in_use(c.service);
  MACHIAI_TRY(index);
  MACHIAI_TRY(check_person(c.name, c.card, c.note));
  const Service& settings = clinic_.services[static_cast<std::size_t>(*index)];
  const Counter& now_serving = counter(*index);
  if (stops(Guard::open_to_take, !now_serving.open))
    return fail(Code::conflict, not_yet_opened(*index) ? "not_opened" : "closed", settings.id);
  const std::string kind = c.kind.empty() && !settings.kinds.empty() ? settings.kinds.front() : c.kind;
  if (!kind.empty() && !has_kind(settings, kind)) return fail(Code::not_found, "unknown_kind");
  const bool main = !stops(Guard::main_only_by_owner, !now_serving.owner);
  const Series own{kiosk_series.letter, guard_on(Guard::station_series) ? clinic_.station : std::uint16_t{0}};
  const Series& series = main ? main_series : own;
  const TicketRef taken{*index, series, next_number(now_serving, series)};
  if (taken.n > most_numbers || is_full(clinic_, day_, *index))
    return fail(Code::limit, "cap_reached", settings.id);
  const auto place = place_for_walk_in(day_, *index);
  Taken event{
      taken,           kind,  written(c.card), written(c.name), told_ahead_at(day_, *index, place), c.print,
      written(c.note), c.told};
  if (place) event.behind = ref(*place);
  return Decision{{std::move(event)}, taken};
}

Result<TicketIndex> Decider::whom_to_call(const CallNext& c, int service_index) const {
  const auto next = has_passed(day_, now_) ? std::nullopt : next_present(day_, service_index);
  if (c.expect) {
    const auto expected = ticket(*c.expect);
    MACHIAI_TRY(expected);
    const bool called = is_inside(day_.tickets[*expected]);
    if (stops(Guard::still_next, !next || *expected != *next))
      return fail(Code::conflict, called ? "already_called" : "not_the_next", *c.expect);
  }
  if (!c.ticket) {
    if (!next) return fail(Code::conflict, "nobody_waiting");
    return *next;
  }
  const auto at = ticket(*c.ticket);
  MACHIAI_TRY(at);
  const Ticket& wanted = day_.tickets[*at];
  if (wanted.line != service_index) return fail(Code::conflict, "other_line", *c.ticket);
  if (stops(Guard::not_called_twice, is_inside(wanted)))
    return fail(Code::conflict, "already_called", *c.ticket);
  if (stops(Guard::live_only, !is_live(wanted.state))) return fail(Code::conflict, "finished", *c.ticket);
  return *at;
}

Result<Decision> Decider::operator()(const CallNext& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  const auto room = find_room(clinic_, c.room);
  if (!room || clinic_.rooms[static_cast<std::size_t>(*room)].retired)
    return fail(Code::not_found, "unknown_room");
  const auto& serving = clinic_.services[static_cast<std::size_t>(*index)].rooms;
  if (!serving.empty() && std::find(serving.begin(), serving.end(), c.room) == serving.end())
    return fail(Code::conflict, "room_not_for_service");
  const auto at = whom_to_call(c, *index);
  MACHIAI_TRY(at);
  Decision decision;
  // One button for the doctor: who was in this room has finished when the next is called to it.
  for (const Counter& each : day_.counters)
    for (std::size_t i = each.head; i < each.line.size(); ++i) {
      const Ticket& other = day_.tickets[each.line[i]];
      if (is_inside(other) && other.room == *room) decision.events.push_back(Finished{ref_of(other)});
    }
  decision.subject = ref(*at);
  decision.events.push_back(Called{ref(*at), c.room});
  return decision;
}

Result<Decision> decide(const Clinic& clinic, const Day& day, const Command& command, const Asker& asker,
                        base::Instant now) {
  return std::visit(Decider(clinic, day, asker, now), command);
}

} // namespace machiai::queue
