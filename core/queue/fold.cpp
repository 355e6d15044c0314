// SPDX-License-Identifier: Apache-2.0
#include "core/queue/folder.hpp"
#include "core/queue/guards.hpp"
#include "core/queue/places.hpp"

namespace machiai::queue {

namespace {

constexpr std::size_t kept_calls = 8;

} // namespace

void Folder::operator()(const DayOpened& e) {
  day_.date = e.date;
  day_.opened = true;
  day_.history.push_back(e.date);
  clear_tickets();
}
void Folder::operator()(const DayClosed&) {
  day_.opened = false;
  for (Counter& counter : day_.counters) counter.open = false;
}
void Folder::operator()(const CounterOpened& e) {
  remember_counter("counter_opened", e.service);
  Counter& counter = counter_of(e.service);
  counter.open = counter.ever_open = true;
  counter.session = e.session;
  counter.turned = event_.at;
}
void Folder::operator()(const CounterClosed& e) {
  remember_counter("counter_closed", e.service);
  Counter& counter = counter_of(e.service);
  counter.open = false;
  counter.turned = event_.at;
  counter.closed_by_hand = event_.actor != by_itself;
}
void Folder::operator()(const OwnershipTaken& e) {
  Counter& counter = counter_of(e.service);
  counter.epoch = e.epoch;
  counter.owner = true;
  numbers_up_to(counter, main_series, e.high);
}
void Folder::operator()(const OwnershipReleased& e) {
  counter_of(e.service).owner = false;
}
void Folder::operator()(const Voided& e) {
  auto* index = numbers_up_to(counter_of(e.service), e.series, e.to);
  if (index == nullptr || e.from == 0) return;
  for (std::uint32_t n = e.from; n <= e.to; ++n) {
    const TicketIndex at = (*index)[n - 1];
    if (at == void_number) continue;
    if (at != no_ticket && is_live(day_.tickets[at].state)) set_state(at, TicketState::voided);
    if (at == no_ticket) (*index)[n - 1] = void_number;
  }
}
void Folder::operator()(const Refused&) {
  day_.outside[event_.key] = no_ticket;
}
void Folder::operator()(const CloudSeen& e) {
  counter_of(e.service).generation = e.generation;
}
void Folder::operator()(const Taken& e) {
  Counter& counter = counter_of(e.ticket.service);
  auto* index = numbers_up_to(counter, e.ticket.series, e.ticket.n);
  if (index == nullptr || e.ticket.n == 0) return;
  const auto at = static_cast<TicketIndex>(day_.tickets.size());
  Ticket ticket;
  ticket.n = e.ticket.n;
  ticket.service = static_cast<std::uint16_t>(e.ticket.service);
  ticket.series = e.ticket.series;
  ticket.line = ticket.service;
  ticket.kind = kind_of(e.ticket, e.kind);
  ticket.touched = event_.seq;
  ticket.taken = ticket.since = event_.at;
  day_.tickets.push_back(ticket);
  if (!e.name.empty() || !e.card.empty() || !e.note.empty()) day_.people[at] = Person{e.name, e.card, e.note};
  (*index)[e.ticket.n - 1] = at;
  // Without a key it is a number of an earlier station's kiosk: that patient was here.
  if (e.accepted && !event_.key.empty()) {
    day_.tickets[at].state = TicketState::booked;
    day_.tickets[at].outside = day_.tickets[at].away = true;
    day_.tickets[at].slot = is_slot(*e.accepted, event_.at);
    if (e.keeps) {
      day_.tickets[at].place = Place::kept;
      counter.kept = true;
    }
    if (!day_.tickets[at].slot) ++counter.asked;
  } else {
    ++counter.waiting;
  }
  if (e.accepted) return stand_by_acceptance(at, *e.accepted);
  undo_record("taken", at);
  stand_at_place(at, e.behind);
}
void Folder::operator()(const Called& e) {
  const auto at = remembered("called", e.ticket);
  if (!at) return;
  day_.undo.front().places = let_go(*at);
  const auto room = find_room(clinic_, e.room);
  set_state(*at, TicketState::called);
  day_.tickets[*at].room = static_cast<std::int16_t>(room.value_or(-1));
  counter_at(*at).last_called = *at;
  day_.undo.front().room = day_.tickets[*at].room;
  announce(*at, false);
}
void Folder::operator()(const Recalled& e) {
  const auto at = find_ticket(day_, e.ticket);
  if (!at) return;
  undo_record("recalled", *at).room = day_.tickets[*at].room;
  announce(*at, true);
}
void Folder::operator()(const Entered& e) {
  if (event_.actor != by_itself) return simple("entered", e.ticket, TicketState::in_room);
  const auto at = find_ticket(day_, e.ticket);
  if (!at) return;
  set_state(*at, TicketState::in_room);
  day_.tickets[*at].settled = true;
}
void Folder::operator()(const MarkedAbsent& e) {
  const auto at = remembered("absent", e.ticket);
  if (!at) return;
  Ticket& ticket = day_.tickets[*at];
  const bool was_called = is_inside(ticket);
  if (was_called) ++ticket.absences;
  if (was_called || e.chosen) move_before(*at, e.before);
  set_state(*at, TicketState::absent);
  ticket.room = -1;
}
void Folder::operator()(const Held& e) {
  simple("hold", e.ticket, TicketState::hold);
  const auto at = find_ticket(day_, e.ticket);
  if (at && !e.reason.empty()) day_.tickets[*at].reason = reason_index(e.reason);
}
void Folder::operator()(const NoShow& e) {
  simple("no_show", e.ticket, TicketState::no_show);
}
void Folder::operator()(const Amended& e) {
  const auto at = find_ticket(day_, e.ticket);
  if (!at) return;
  UndoRecord& record = undo_record("amended", *at);
  record.kind = day_.tickets[*at].kind;
  if (const auto known = day_.people.find(*at); known != day_.people.end()) record.person = known->second;
  day_.people[*at] = Person{e.name, e.card, e.note};
  day_.tickets[*at].kind = kind_of(e.ticket, e.kind);
}
void Folder::operator()(const Transferred& e) {
  const auto at = remembered("transferred", e.ticket);
  if (!at) return;
  const bool here = !day_.tickets[*at].away;
  set_state(*at, in_line_again(*at));
  Counter& from = counter_at(*at);
  std::erase(from.line, *at);
  from.waiting -= here ? 1 : 0;
  rewind_head(from);
  Ticket& ticket = day_.tickets[*at];
  ticket.line = static_cast<std::uint16_t>(e.to);
  ticket.room = -1;
  ticket.in_place = false;
  if (guard_on(Guard::place_stays)) ticket.place = Place::none;
  ticket.reason = reason_index("transfer");
  auto& line = counter_at(*at).line;
  line.insert(place_before(counter_at(*at), e.before), *at);
  counter_at(*at).waiting += here ? 1 : 0;
  day_.undo.front().tickets.back().moved = true;
  rewind_head(counter_at(*at));
}
void Folder::operator()(const Arrived& e) {
  simple("arrived", e.ticket, TicketState::waiting);
}
void Folder::operator()(const Phoned& e) {
  const auto at = find_ticket(day_, e.ticket);
  if (!at) return;
  UndoRecord& record = undo_record("phoned", *at);
  if (const auto before = day_.phoned.find(*at); before != day_.phoned.end()) record.phoned = before->second;
  const int times = record.phoned ? record.phoned->times + 1 : 1;
  day_.phoned[*at] = PhoneNote{e.result, event_.at, times};
}
void Folder::operator()(const RemoteSet& e) {
  remember_counter("remote_set", e.service);
  counter_of(e.service).remote_stopped = !e.open;
}
void Folder::operator()(const WalkInsSet& e) {
  remember_counter("walk_ins_set", e.service);
  Counter& counter = counter_of(e.service);
  counter.walk_ins = e.places;
  if (e.every == 0 && guard_on(Guard::off_gives_up))
    counter.kept_from = static_cast<TicketIndex>(day_.tickets.size());
  counter.every = e.every;
}
void Folder::operator()(const CapSet& e) {
  remember_counter("cap_set", e.service);
  counter_of(e.service).cap = e.cap;
}
void Folder::operator()(const HoursSet& e) {
  remember_counter("hours_set", e.service);
  counter_of(e.service).hours = e.hours == "-" ? std::nullopt : parse_hours(e.hours);
}
void Folder::operator()(const MessagePut& e) {
  day_.messages.push_back({e.id, e.pattern, e.text, e.minutes, event_.at, e.until});
  undo_record("message_put", no_ticket).message = day_.messages.back();
  day_.last_message = std::max(day_.last_message, e.id);
}
void Folder::operator()(const MessageTaken& e) {
  const auto found = std::find_if(day_.messages.begin(), day_.messages.end(),
                                  [&](const Message& message) { return message.id == e.id; });
  if (found == day_.messages.end()) return;
  UndoRecord& record = undo_record("message_taken", no_ticket);
  record.message = *found;
  record.place = static_cast<std::size_t>(found - day_.messages.begin());
  day_.messages.erase(found);
}
void Folder::operator()(const NoticeShown& e) {
  undo_record("notice_shown", no_ticket).notice = day_.notice;
  day_.notice = Notice{event_.seq, e.form, e.lang, e.texts, event_.at, e.until};
}
void Folder::operator()(const NoticeCleared&) {
  undo_record("notice_cleared", no_ticket).notice = day_.notice;
  day_.notice.reset();
}
void Folder::operator()(const Resumed& e) {
  return_to_line("resumed", e.ticket, "hold");
}
void Folder::operator()(const PutBack& e) {
  const auto at = find_ticket(day_, e.ticket);
  const bool was_absent = at && day_.tickets[*at].state == TicketState::absent;
  return_to_line("back", e.ticket, was_absent ? "returned" : "");
}
void Folder::operator()(const Cancelled& e) {
  simple("cancelled", e.ticket, TicketState::cancelled);
}
void Folder::operator()(const Finished& e) {
  simple("finished", e.ticket, TicketState::done);
}
void Folder::operator()(const Moved& e) {
  const auto at = remembered("moved", e.ticket);
  if (!at) return;
  move_before(*at, e.before);
  if (guard_on(Guard::place_stays)) day_.tickets[*at].place = Place::none;
  day_.tickets[*at].reason = reason_index(e.reason);
  day_.tickets[*at].touched = event_.seq;
}
void Folder::operator()(const Reprinted&) {}
void Folder::clear_tickets() {
  for (Counter& counter : day_.counters) {
    const std::uint64_t epoch = counter.epoch;
    counter = Counter{};
    counter.epoch = epoch;
  }
  day_.outside.clear();
  day_.numbers = 0;
  day_.tickets.clear();
  day_.tickets.shrink_to_fit();
  day_.people.clear();
  day_.phoned.clear();
  day_.reasons.assign(1, std::string{});
  day_.calls.clear();
  day_.undo.clear();
  day_.messages.clear();
  day_.notice.reset();
  day_.last_message = 0;
}
std::vector<TicketIndex>* Folder::numbers_up_to(Counter& counter, const Series& series, std::uint32_t n) {
  auto& index = counter.index[series];
  if (n <= index.size()) return &index;
  const std::size_t more = n - index.size();
  if (more > most_numbers_held - day_.numbers) return nullptr;
  day_.numbers += more;
  index.resize(n, no_ticket);
  return &index;
}
void Folder::announce(TicketIndex at, bool again) {
  day_.calls.push_front(Call{event_.seq, at, day_.tickets[at].room, event_.at, again});
  if (day_.calls.size() > kept_calls) day_.calls.pop_back();
}

void fold(const Clinic& clinic, Day& day, const Event& event) {
  std::visit(Folder(clinic, day, event), event.body);
  day.seq = event.seq;
}

} // namespace machiai::queue
