// SPDX-License-Identifier: Apache-2.0
#include "core/queue/decide.hpp"

#include "core/base/text.hpp"
#include "core/queue/guards.hpp"

#include <algorithm>

namespace machiai::queue {

namespace {

using base::Error;
using base::fail;
using base::Result;
using Code = Error::Code;

/// Counters still open at this minute of the next morning are closed; until then a night clinic runs on past
/// midnight under its own date.
constexpr int day_ends_at_minute = 4 * 60;

class Decider {
public:
  Decider(const Clinic& clinic, const Day& day, const Asker& asker, base::Instant now)
      : clinic_(clinic), day_(day), asker_(asker), now_(now) {}

  Result<Decision> operator()(const OpenCounter& c) const;
  Result<Decision> operator()(const CloseCounter& c) const;
  Result<Decision> operator()(const Take& c) const;
  Result<Decision> operator()(const CallNext& c) const;
  Result<Decision> operator()(const Act& c) const;
  Result<Decision> operator()(const Move& c) const;
  Result<Decision> operator()(const Undo& c) const;
  Result<Decision> operator()(const Reprint& c) const;
  Result<Decision> operator()(const TakeOwnership& c) const;
  Result<Decision> operator()(const ReleaseOwnership& c) const;
  Result<Decision> operator()(const Tick& c) const;

private:
  Result<int> service(const std::string& id) const {
    if (const auto found = find_service(clinic_, id)) return *found;
    return fail(Code::not_found, "unknown_service");
  }
  Result<TicketIndex> ticket(const std::string& text) const { return resolve_ticket(clinic_, day_, text); }
  const Counter& counter(int index) const { return day_.counters[static_cast<std::size_t>(index)]; }
  TicketRef ref(TicketIndex at) const { return ref_of(day_.tickets[at]); }

  bool any_open() const {
    return std::any_of(day_.counters.begin(), day_.counters.end(), [](const Counter& c) { return c.open; });
  }
  void close_counters(std::vector<EventBody>& events) const;
  Result<TicketIndex> whom_to_call(const CallNext& c, int service_index) const;
  Result<EventBody> mark(Verb verb, TicketIndex at) const;
  TicketRef place_after_absence(TicketIndex at) const;
  bool room_taken_since(const UndoRecord& record) const;

  const Clinic& clinic_;
  const Day& day_;
  const Asker& asker_;
  base::Instant now_;
};

std::uint32_t next_number(const Counter& counter, char series) {
  const auto found = counter.index.find(series);
  std::uint32_t high = found == counter.index.end() ? 0 : static_cast<std::uint32_t>(found->second.size());
  // Without the guard: the mistake others made, "highest number still alive + 1".
  if (!guard_on(Guard::number_above_high))
    while (high > 0 && found->second[high - 1] == no_ticket) --high;
  return high + 1;
}

void Decider::close_counters(std::vector<EventBody>& events) const {
  for (std::size_t i = 0; i < day_.counters.size(); ++i)
    if (day_.counters[i].open) events.push_back(CounterClosed{static_cast<int>(i)});
}

Result<Decision> Decider::operator()(const OpenCounter& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  const base::Date date = business_date(day_, now_);
  const bool new_date = !day_.opened || (date != day_.date && !any_open());
  if (new_date) {
    if (day_.opened) decision.events.push_back(DayClosed{day_.date});
    decision.events.push_back(DayOpened{date});
  }
  if (!new_date && counter(*index).open) return decision;
  // The clinic takes the main series over when its day begins; until then it was the other side's.
  if (new_date || !counter(*index).ever_open)
    decision.events.push_back(OwnershipTaken{*index, counter(*index).epoch + 1, 0});
  decision.events.push_back(CounterOpened{*index, session_at(clinic_, now_)});
  return decision;
}

Result<Decision> Decider::operator()(const CloseCounter& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  if (counter(*index).open) decision.events.push_back(CounterClosed{*index});
  return decision;
}

Result<Decision> Decider::operator()(const Take& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  constexpr std::size_t longest = 64;
  MACHIAI_TRY(base::check_text(c.name, longest));
  MACHIAI_TRY(base::check_text(c.card, longest));
  const Service& settings = clinic_.services[static_cast<std::size_t>(*index)];
  const Counter& now_serving = counter(*index);
  if (stops(Guard::open_to_take, !now_serving.open)) return fail(Code::conflict, "closed", settings.id);
  const std::string kind = c.kind.empty() && !settings.kinds.empty() ? settings.kinds.front() : c.kind;
  if (!kind.empty() && std::find(settings.kinds.begin(), settings.kinds.end(), kind) == settings.kinds.end())
    return fail(Code::not_found, "unknown_kind");
  const bool main = !stops(Guard::main_only_by_owner, !now_serving.owner);
  const TicketRef taken{*index, main ? main_series : kiosk_series,
                        next_number(now_serving, main ? main_series : kiosk_series)};
  if (settings.cap > 0 && taken.n > static_cast<std::uint32_t>(settings.cap))
    return fail(Code::limit, "cap_reached", settings.id);
  return Decision{{Taken{taken, kind, c.card, c.name, now_serving.waiting, c.print}}, taken};
}

Result<TicketIndex> Decider::whom_to_call(const CallNext& c, int service_index) const {
  const auto next = next_present(day_, service_index);
  if (!c.ticket) {
    if (!next) return fail(Code::conflict, "nobody_waiting");
    if (c.expect) {
      const auto expected = ticket(*c.expect);
      MACHIAI_TRY(expected);
      if (stops(Guard::still_next, *expected != *next))
        return fail(Code::conflict, "already_called", *c.expect);
    }
    return *next;
  }
  const auto at = ticket(*c.ticket);
  MACHIAI_TRY(at);
  const Ticket& wanted = day_.tickets[*at];
  if (wanted.service != service_index) return fail(Code::not_found, "unknown_ticket", *c.ticket);
  const bool called = wanted.state == TicketState::called || wanted.state == TicketState::in_room;
  if (stops(Guard::not_called_twice, called)) return fail(Code::conflict, "already_called", *c.ticket);
  if (stops(Guard::live_only, !is_live(wanted.state))) return fail(Code::conflict, "finished", *c.ticket);
  return *at;
}

Result<Decision> Decider::operator()(const CallNext& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  const auto room = find_room(clinic_, c.room);
  if (!room) return fail(Code::not_found, "unknown_room");
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
      const bool inside = other.state == TicketState::called || other.state == TicketState::in_room;
      if (inside && other.room == *room) decision.events.push_back(Finished{ref_of(other)});
    }
  decision.subject = ref(*at);
  decision.events.push_back(Called{ref(*at), c.room});
  return decision;
}

/// Keeps a place behind `back` present patients; after `times` absences, or with no such many, at the end.
TicketRef Decider::place_after_absence(TicketIndex at) const {
  const Ticket& ticket = day_.tickets[at];
  const Counter& serving = day_.counters[ticket.service];
  if (clinic_.absence.back <= 0 || ticket.absences + 1 > clinic_.absence.times) return {};
  auto place = std::find(serving.line.begin(), serving.line.end(), at);
  int passed = 0;
  for (++place; place < serving.line.end(); ++place) {
    if (day_.tickets[*place].state != TicketState::waiting) continue;
    if (passed++ == clinic_.absence.back) return ref(*place);
  }
  return {};
}

/// The event of a verb on a live ticket, or why it does not fit its state.
Result<EventBody> Decider::mark(Verb verb, TicketIndex at) const {
  const Ticket& t = day_.tickets[at];
  const TicketRef who = ref(at);
  const bool inside = t.state == TicketState::called || t.state == TicketState::in_room;
  switch (verb) {
  case Verb::recall:
    if (!inside || t.room < 0) return fail(Code::conflict, "not_called");
    return Recalled{who, clinic_.rooms[static_cast<std::size_t>(t.room)].id};
  case Verb::enter:
    if (t.state != TicketState::called) return fail(Code::conflict, "not_called");
    return Entered{who};
  case Verb::absent: return MarkedAbsent{who, place_after_absence(at)};
  case Verb::hold: return Held{who};
  case Verb::resume:
    if (t.state != TicketState::hold) return fail(Code::conflict, "not_on_hold");
    return Resumed{who};
  case Verb::back:
    if (t.state == TicketState::waiting) return fail(Code::conflict, "not_called");
    return PutBack{who};
  case Verb::cancel: return Cancelled{who};
  case Verb::finish:
    if (!inside) return fail(Code::conflict, "not_called");
    return Finished{who};
  }
  return fail(Code::internal, "unknown_command");
}

/// The state a verb leads to; a ticket that is there already needs no event.
std::optional<TicketState> target_state(Verb verb) {
  switch (verb) {
  case Verb::enter: return TicketState::in_room;
  case Verb::absent: return TicketState::absent;
  case Verb::hold: return TicketState::hold;
  case Verb::cancel: return TicketState::cancelled;
  case Verb::finish: return TicketState::done;
  default: return std::nullopt;
  }
}

Result<Decision> Decider::operator()(const Act& c) const {
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  const Ticket& t = day_.tickets[*at];
  if (target_state(c.verb) == t.state) return Decision{{}, ref(*at)};
  if (stops(Guard::live_only, !is_live(t.state))) return fail(Code::conflict, "finished", c.ticket);
  auto event = mark(c.verb, *at);
  MACHIAI_TRY(event);
  return Decision{{std::move(*event)}, ref(*at)};
}

Result<Decision> Decider::operator()(const Move& c) const {
  constexpr std::size_t longest_reason = 40;
  MACHIAI_TRY(base::check_text(c.reason, longest_reason));
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  const auto before = ticket(c.before);
  MACHIAI_TRY(before);
  if (*at == *before) return fail(Code::invalid, "same_ticket");
  if (day_.tickets[*at].service != day_.tickets[*before].service)
    return fail(Code::not_found, "unknown_ticket", c.before);
  for (const TicketIndex each : {*at, *before}) {
    if (stops(Guard::live_only, !is_live(day_.tickets[each].state))) return fail(Code::conflict, "finished");
    if (day_.tickets[each].state == TicketState::called || day_.tickets[each].state == TicketState::in_room)
      return fail(Code::conflict, "not_waiting");
  }
  return Decision{{Moved{ref(*at), ref(*before), c.reason.empty() ? "other" : c.reason}}, ref(*at)};
}

/// Undoing would bring somebody back into a room that has another patient by now.
bool Decider::room_taken_since(const UndoRecord& record) const {
  const auto inside = [](const Ticket& t) {
    return t.state == TicketState::called || t.state == TicketState::in_room;
  };
  for (const Snapshot& snapshot : record.tickets) {
    if (!inside(snapshot.before)) continue;
    for (const Counter& serving : day_.counters)
      for (std::size_t i = serving.head; i < serving.line.size(); ++i) {
        const Ticket& other = day_.tickets[serving.line[i]];
        if (inside(other) && other.room == snapshot.before.room && other.touched > record.last) return true;
      }
  }
  return false;
}

Result<Decision> Decider::operator()(const Undo&) const {
  const auto record = std::find_if(day_.undo.begin(), day_.undo.end(),
                                   [&](const UndoRecord& r) { return r.seat == asker_.seat; });
  if (record == day_.undo.end()) return fail(Code::conflict, "nothing_to_undo");
  const auto age = now_ - record->at;
  const bool late = age < base::Millis{0} || age > std::chrono::seconds{clinic_.undo_seconds};
  if (stops(Guard::undo_in_time, late)) return fail(Code::conflict, "nothing_to_undo");
  const auto changed = [&](TicketIndex at) { return day_.tickets[at].touched > record->last; };
  bool changed_since = changed(record->ticket);
  for (const Snapshot& snapshot : record->tickets) changed_since = changed_since || changed(snapshot.index);
  if (stops(Guard::undo_unchanged, changed_since || room_taken_since(*record)))
    return fail(Code::conflict, "nothing_to_undo");
  return Decision{{Undone{record->group, ref(record->ticket), record->what}}, ref(record->ticket)};
}

Result<Decision> Decider::operator()(const Reprint& c) const {
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  if (day_.tickets[*at].state == TicketState::voided) return fail(Code::conflict, "finished", c.ticket);
  return Decision{{Reprinted{ref(*at)}}, ref(*at)};
}

Result<Decision> Decider::operator()(const TakeOwnership& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  const Counter& serving = counter(*index);
  if (stops(Guard::epoch_rises, c.epoch <= serving.epoch)) return fail(Code::conflict, "stale_epoch");
  return Decision{{OwnershipTaken{*index, c.epoch, c.high}}, std::nullopt};
}

Result<Decision> Decider::operator()(const ReleaseOwnership& c) const {
  const auto index = service(c.service);
  MACHIAI_TRY(index);
  Decision decision;
  if (counter(*index).owner) decision.events.push_back(OwnershipReleased{*index, counter(*index).epoch});
  return decision;
}

Result<Decision> Decider::operator()(const Tick&) const {
  Decision decision;
  // Past its end only the counters close. The day itself closes when the next one opens, so that a clock
  // that is set back finds it open and no date ever opens twice (N11).
  if (base::minute_of_day(now_) >= day_ends_at_minute && business_date(day_, now_) != day_.date)
    close_counters(decision.events);
  for (const Counter& serving : day_.counters)
    for (std::size_t i = serving.head; i < serving.line.size(); ++i) {
      const Ticket& t = day_.tickets[serving.line[i]];
      if (t.state == TicketState::called && now_ - t.since >= std::chrono::seconds{clinic_.settle_seconds})
        decision.events.push_back(Entered{ref_of(t)});
    }
  return decision;
}

/// "naika-20261124-12" or "naika/12" -> the shown number and its service; otherwise the number alone.
struct Named {
  std::optional<int> service;
  std::string number;
  bool of_today = true;
};

Named split_name(const Clinic& clinic, const Day& day, const std::string& text) {
  if (const auto slash = text.find('/'); slash != std::string::npos)
    return {find_service(clinic, text.substr(0, slash)).value_or(-1), text.substr(slash + 1)};
  const auto last = text.rfind('-');
  if (last == std::string::npos || last < 9) return {std::nullopt, text};
  const std::string date = text.substr(last - 8, 8);
  const auto service = text[last - 9] == '-' ? find_service(clinic, text.substr(0, last - 9)) : std::nullopt;
  if (!service) return {std::nullopt, text};
  return {service, text.substr(last + 1), date == base::compact_date(day.date)};
}

/// "12" -> main 12, "K3" -> kiosk 3.
std::optional<TicketRef> parse_number(int service, std::string number) {
  TicketRef ref{service, main_series, 0};
  if (!number.empty() && (number[0] == kiosk_series || number[0] == web_series)) {
    ref.series = number[0];
    number.erase(0, 1);
  }
  if (number.empty() || number.size() > 9 || number.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  ref.n = static_cast<std::uint32_t>(std::stoul(number));
  return ref;
}

} // namespace

Result<TicketIndex> resolve_ticket(const Clinic& clinic, const Day& day, const std::string& text) {
  const Named named = split_name(clinic, day, text);
  std::optional<TicketIndex> found;
  for (int service = 0; service < static_cast<int>(clinic.services.size()); ++service) {
    if (named.service && *named.service != service) continue;
    std::string number = named.number;
    const std::string prefix = clinic.services[static_cast<std::size_t>(service)].prefix + "-";
    if (prefix.size() > 1 && number.rfind(prefix, 0) == 0) number.erase(0, prefix.size());
    if (number.size() > 2 && number[1] == '-') number.erase(1, 1); // "K-3" as shown
    const auto ref = parse_number(service, number);
    const auto at = ref && named.of_today ? find_ticket(day, *ref) : std::nullopt;
    if (!at) continue;
    if (found) return fail(Code::conflict, "ambiguous_ticket");
    found = at;
  }
  if (!found) return fail(Code::not_found, "unknown_ticket");
  return *found;
}

Result<Decision> decide(const Clinic& clinic, const Day& day, const Command& command, const Asker& asker,
                        base::Instant now) {
  return std::visit(Decider(clinic, day, asker, now), command);
}

} // namespace machiai::queue
