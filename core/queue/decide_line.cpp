// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.hpp"
#include "core/queue/decider.hpp"

namespace machiai::queue {

namespace {

constexpr std::size_t longest_reason = 40;
constexpr int most_places = 99;

/// The state a verb leads to; a ticket that is there already needs no event.
std::optional<TicketState> target_state(Verb verb) {
  switch (verb) {
  case Verb::enter: return TicketState::in_room;
  case Verb::absent: return TicketState::absent;
  case Verb::hold: return TicketState::hold;
  case Verb::cancel: return TicketState::cancelled;
  case Verb::finish: return TicketState::done;
  case Verb::arrive: return TicketState::waiting;
  case Verb::no_show: return TicketState::no_show;
  default: return std::nullopt;
  }
}

} // namespace

base::Status check_person(const std::string& name, const std::string& card, const std::string& note) {
  constexpr std::size_t longest = 64;
  constexpr std::size_t longest_note = 200;
  MACHIAI_TRY(base::check_text(name, longest));
  MACHIAI_TRY(base::check_text(card, longest));
  return base::check_text(note, longest_note);
}

std::string written(std::string text) {
  return base::is_blank(text) ? std::string{} : std::move(text);
}

bool has_kind(const Service& service, const std::string& kind) {
  return std::find(service.kinds.begin(), service.kinds.end(), kind) != service.kinds.end();
}

/// By the rule, or `back` places as the desk says: keeps a place behind so many present patients; after
/// `times` absences, or when fewer patients wait than that, at the end.
TicketRef Decider::place_after_absence(TicketIndex at, std::optional<int> back) const {
  const Ticket& ticket = day_.tickets[at];
  const Counter& serving = day_.counters[ticket.line];
  const int places = back.value_or(ticket.absences + 1 > clinic_.absence.times ? 0 : clinic_.absence.back);
  if (places <= 0) return {};
  auto place = std::find(serving.line.begin(), serving.line.end(), at);
  int passed = 0;
  for (++place; place < serving.line.end(); ++place) {
    if (day_.tickets[*place].state != TicketState::waiting) continue;
    if (passed++ == places) return ref(*place);
  }
  return {};
}

/// The event of a verb on a live ticket, or why it does not fit its state.
Result<EventBody> Decider::mark(const Act& c, TicketIndex at) const {
  const Ticket& t = day_.tickets[at];
  const TicketRef who = ref(at);
  const bool inside = is_inside(t);
  switch (c.verb) {
  case Verb::recall:
    if (!inside || t.room < 0) return fail(Code::conflict, "not_called");
    return Recalled{who, clinic_.rooms[static_cast<std::size_t>(t.room)].id};
  case Verb::enter:
    if (t.state != TicketState::called) return fail(Code::conflict, "not_called");
    return Entered{who};
  case Verb::absent: return MarkedAbsent{who, place_after_absence(at, c.back), c.back.has_value()};
  case Verb::hold: return Held{who, written(c.reason)};
  case Verb::resume:
    if (t.state != TicketState::hold) return fail(Code::conflict, "not_on_hold");
    return Resumed{who};
  case Verb::back:
    if (in_line(t.state)) return fail(Code::conflict, "not_called");
    return PutBack{who};
  case Verb::cancel: return Cancelled{who};
  case Verb::arrive:
    if (t.state != TicketState::booked) return fail(Code::conflict, "not_booked");
    return Arrived{who};
  case Verb::no_show:
    if (t.state == TicketState::in_room) return fail(Code::conflict, "not_waiting");
    return NoShow{who};
  case Verb::finish:
    if (!inside) return fail(Code::conflict, "not_called");
    return Finished{who};
  }
  return fail(Code::internal, "unknown_command");
}

Result<Decision> Decider::operator()(const Act& c) const {
  MACHIAI_TRY(base::check_text(c.reason, longest_reason));
  if (c.back && (*c.back < 0 || *c.back > most_places)) return fail(Code::invalid, "bad_argument");
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  const Ticket& t = day_.tickets[*at];
  const bool says_more = (c.verb == Verb::absent && c.back) ||
                         (c.verb == Verb::hold && !c.reason.empty() && day_.reasons[t.reason] != c.reason);
  if (target_state(c.verb) == t.state && !says_more) return Decision{{}, ref(*at)};
  if (stops(Guard::live_only, !is_live(t.state))) return fail(Code::conflict, "finished", c.ticket);
  auto event = mark(c, *at);
  MACHIAI_TRY(event);
  return Decision{{std::move(*event)}, ref(*at)};
}

Result<Decision> Decider::operator()(const Move& c) const {
  MACHIAI_TRY(base::check_text(c.reason, longest_reason));
  if (base::is_blank(c.reason)) return fail(Code::invalid, "reason_missing");
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  MACHIAI_TRY(may_move(*at));
  TicketRef before; // stays empty: to the end of the line
  TicketIndex next = no_ticket;
  if (!c.before.empty()) {
    const auto other = ticket(c.before);
    MACHIAI_TRY(other);
    if (*at == *other) return fail(Code::invalid, "same_ticket");
    if (day_.tickets[*at].line != day_.tickets[*other].line)
      return fail(Code::conflict, "other_line", c.before);
    MACHIAI_TRY(may_move(*other));
    before = ref(*other);
    next = *other;
  }
  if (stands_before(*at, next, c.reason)) return Decision{{}, ref(*at)};
  return Decision{{Moved{ref(*at), before, c.reason}}, ref(*at)};
}

/// Moved there for that reason already; `next` none: to the end.
bool Decider::stands_before(TicketIndex at, TicketIndex next, const std::string& reason) const {
  const Ticket& t = day_.tickets[at];
  const auto& line = day_.counters[t.line].line;
  const auto behind = std::find(line.begin(), line.end(), at) + 1;
  const bool there = behind == line.end() ? next == no_ticket : *behind == next;
  return there && t.place == Place::none && day_.reasons[t.reason] == reason;
}

base::Status Decider::may_move(TicketIndex at) const {
  if (stops(Guard::live_only, !is_live(day_.tickets[at].state))) return fail(Code::conflict, "finished");
  if (is_inside(day_.tickets[at])) return fail(Code::conflict, "not_waiting");
  return {};
}

/// Lets the next patient go first.
Result<Decision> Decider::operator()(const Skip& c) const {
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  const Ticket& t = day_.tickets[*at];
  if (t.state != TicketState::waiting) return fail(Code::conflict, "not_waiting");
  const auto& line = day_.counters[t.line].line;
  int passed = 0;
  TicketRef before;
  for (auto place = std::find(line.begin(), line.end(), *at) + 1; place != line.end(); ++place) {
    if (day_.tickets[*place].state != TicketState::waiting) continue;
    if (passed++ == 0) continue;
    before = ref(*place);
    break;
  }
  if (passed == 0) return fail(Code::conflict, "nobody_behind");
  return Decision{{Moved{ref(*at), before, "skip"}}, ref(*at)};
}

/// Where a patient who has not been called yet belongs in another line: by time of acceptance, whoever was
/// let in before his turn.
TicketRef Decider::place_by_arrival(TicketIndex at, int line) const {
  const Counter& serving = counter(line);
  for (std::size_t i = serving.head; i < serving.line.size(); ++i) {
    const Ticket& other = day_.tickets[serving.line[i]];
    const bool by_time = day_.reasons[other.reason].empty() || day_.reasons[other.reason] == "transfer";
    if (in_line(other.state) && !other.in_place && by_time && other.taken > day_.tickets[at].taken)
      return ref_of(other);
  }
  return {};
}

Result<Decision> Decider::operator()(const Transfer& c) const {
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  const auto to = service(c.to);
  MACHIAI_TRY(to);
  const Ticket& t = day_.tickets[*at];
  if (t.line == *to) return Decision{{}, ref(*at)};
  if (stops(Guard::live_only, !is_live(t.state))) return fail(Code::conflict, "finished", c.ticket);
  // Who chose the wrong counter loses nothing; who has been seen here goes on there as the last.
  const bool seen = is_inside(t) || t.absences > 0;
  return Decision{{Transferred{ref(*at), *to, seen ? TicketRef{} : place_by_arrival(*at, *to)}}, ref(*at)};
}

Result<Decision> Decider::operator()(const Amend& c) const {
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  const Ticket& t = day_.tickets[*at];
  const Service& settings = clinic_.services[t.service];
  const auto person = day_.people.find(*at);
  const Person known = person == day_.people.end() ? Person{} : person->second;
  const std::string kind = t.kind < settings.kinds.size() ? settings.kinds[t.kind] : std::string{};
  Amended amended{ref(*at), c.kind.value_or(kind), written(c.card.value_or(known.card)),
                  written(c.name.value_or(known.name)), written(c.note.value_or(known.note))};
  MACHIAI_TRY(check_person(amended.name, amended.card, amended.note));
  if (!amended.kind.empty() && !has_kind(settings, amended.kind))
    return fail(Code::not_found, "unknown_kind");
  if (amended.kind == kind && amended.card == known.card && amended.name == known.name &&
      amended.note == known.note)
    return Decision{{}, ref(*at)};
  return Decision{{std::move(amended)}, ref(*at)};
}

/// Undoing would bring somebody back into a room that has another patient by now.
bool Decider::room_taken_since(const UndoRecord& record) const {
  const auto is_own = [&](TicketIndex at) {
    return std::any_of(record.tickets.begin(), record.tickets.end(),
                       [&](const Snapshot& each) { return each.index == at; });
  };
  for (const Snapshot& snapshot : record.tickets) {
    if (!is_inside(snapshot.before)) continue;
    for (const Counter& serving : day_.counters)
      for (std::size_t i = serving.head; i < serving.line.size(); ++i) {
        const Ticket& other = day_.tickets[serving.line[i]];
        if (is_inside(other) && other.room == snapshot.before.room && other.touched > record.last &&
            !is_own(serving.line[i]))
          return true;
      }
  }
  return false;
}

Result<Decision> Decider::operator()(const Undo& c) const {
  const auto end = day_.undo.begin() + static_cast<std::ptrdiff_t>(std::min(day_.undo.size(), kept_undo - 1));
  const auto record = std::find_if(day_.undo.begin(), end, [&](const UndoRecord& r) {
    return r.seat == asker_.seat && (!c.group || r.group == *c.group);
  });
  if (record == end) return fail(Code::conflict, "nothing_to_undo");
  const auto age = now_ - record->at;
  const bool late = age < base::Millis{0} || age > std::chrono::seconds{clinic_.undo_seconds};
  if (stops(Guard::undo_in_time, late)) return fail(Code::conflict, "nothing_to_undo");
  if (stops(Guard::undo_unchanged, changed_since(day_, *record) || room_taken_since(*record)))
    return fail(Code::conflict, "nothing_to_undo");
  Decision decision;
  if (record->ticket != no_ticket) decision.subject = ref(record->ticket);
  // The cloud does not fold: it hears by the events it knows.
  for (const CounterSnapshot& before : record->counters) {
    if (record->what == "remote_set")
      decision.events.push_back(RemoteSet{before.service, !before.remote_stopped});
    if (record->what == "walk_ins_set")
      decision.events.push_back(WalkInsSet{before.service, before.walk_ins, before.every});
  }
  decision.events.push_back(Undone{record->group, decision.subject.value_or(TicketRef{}), record->what});
  return decision;
}

Result<Decision> Decider::operator()(const Phone& c) const {
  if (c.result != "reached" && c.result != "no_answer") return fail(Code::invalid, "bad_argument", "result");
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  // Who did not come is telephoned too.
  if (day_.tickets[*at].state == TicketState::voided) return fail(Code::conflict, "finished", c.ticket);
  return Decision{{Phoned{ref(*at), c.result}}, ref(*at)};
}

Result<Decision> Decider::operator()(const Reprint& c) const {
  const auto at = ticket(c.ticket);
  MACHIAI_TRY(at);
  if (day_.tickets[*at].state == TicketState::voided) return fail(Code::conflict, "finished", c.ticket);
  return Decision{{Reprinted{ref(*at)}}, ref(*at)};
}

} // namespace machiai::queue
