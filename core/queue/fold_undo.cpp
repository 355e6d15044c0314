// SPDX-License-Identifier: Apache-2.0
#include "core/queue/folder.hpp"

namespace machiai::queue {

namespace {

/// What a command is called that did one thing and now another. Hours may close their counter; beside
/// anything else a counter that is closed, or whose hours are set, is of the day's end.
std::string told_with(const std::string& before, const std::string& now) {
  if (before.empty() || (before == "counter_closed" && now == "hours_set")) return now;
  const bool day_ends =
      before == "day_closed" || before == "hours_set" || now == "counter_closed" || now == "hours_set";
  return day_ends ? "day_closed" : now;
}

} // namespace

void Folder::operator()(const Undone& e) {
  const auto record = std::find_if(day_.undo.begin(), day_.undo.end(),
                                   [&](const UndoRecord& r) { return r.group == e.group; });
  if (record == day_.undo.end()) return;
  if (record->what == "taken") set_state(record->ticket, TicketState::voided);
  if (record->what == "called") counter_at(record->ticket).last_called = record->called_before;
  for (const Snapshot& snapshot : record->tickets) restore(snapshot);
  for (const CounterSnapshot& before : record->counters) restore(before, *record);
  restore_told(*record);
  keep_again(*record);
  const std::uint64_t from = record->group;
  const std::uint64_t to = record->last;
  std::erase_if(day_.calls, [&](const Call& call) { return call.seq >= from && call.seq <= to; });
  std::erase_if(day_.undo, [&](const UndoRecord& r) { return r.group == from || r.group == event_.group; });
}

UndoRecord& Folder::undo_record(const char* what, TicketIndex at) {
  if (day_.undo.empty() || day_.undo.front().group != event_.group) {
    day_.undo.emplace_front();
    if (day_.undo.size() > kept_undo) day_.undo.pop_back();
  }
  UndoRecord& record = day_.undo.front();
  record.group = event_.group;
  record.last = event_.seq;
  record.what = told_with(record.what, what);
  if (at != no_ticket) record.ticket = at;
  record.actor = event_.actor;
  record.seat = event_.seat;
  record.at = event_.at;
  return record;
}

std::optional<TicketIndex> Folder::remembered(const char* what, const TicketRef& ref) {
  const auto at = find_ticket(day_, ref);
  if (!at) return std::nullopt;
  const auto& line = counter_at(*at).line;
  const auto place = std::find(line.begin(), line.end(), *at);
  UndoRecord& record = undo_record(what, *at);
  record.called_before = counter_at(*at).last_called;
  record.tickets.push_back({*at, day_.tickets[*at], place == line.begin() ? no_ticket : *(place - 1)});
  return at;
}

void Folder::remember_counter(const char* what, int service) {
  const Counter& c = counter_of(service);
  undo_record(what, no_ticket)
      .counters.push_back({service, c.open, c.ever_open, c.session, c.turned, c.closed_by_hand, c.cap,
                           c.remote_stopped, c.walk_ins, c.every, c.kept_from, c.hours, what});
}

void Folder::turn_back(Counter& counter, const CounterSnapshot& before) {
  counter.open = before.open;
  // A counter that has given a number meanwhile was open today.
  counter.ever_open = before.ever_open || !counter.line.empty();
  counter.session = before.session;
  counter.turned = before.turned;
  counter.closed_by_hand = before.closed_by_hand;
}

void Folder::restore(const CounterSnapshot& before, const UndoRecord& record) {
  Counter& counter = counter_of(before.service);
  const std::string& what = before.what;
  if (what == "cap_set") {
    counter.cap = before.cap;
  } else if (what == "hours_set") {
    counter.hours = before.hours;
  } else if (what == "walk_ins_set") {
    counter.walk_ins = before.walk_ins;
    counter.every = before.every;
    // What was told meanwhile, while none were kept before, is given up with it.
    if (before.every != 0) counter.kept_from = before.kept_from;
  } else if (what == "remote_set") {
    counter.remote_stopped = before.remote_stopped;
  } else if (counter.turned == record.at) { // nobody has turned it since
    turn_back(counter, before);
  }
}

void Folder::restore_told(const UndoRecord& record) {
  if (record.what == "amended") {
    day_.people.erase(record.ticket);
    if (record.person) day_.people[record.ticket] = *record.person;
    day_.tickets[record.ticket].kind = record.kind;
  } else if (record.what == "phoned") {
    day_.phoned.erase(record.ticket);
    if (record.phoned) day_.phoned[record.ticket] = *record.phoned;
  } else if (record.what == "message_put") {
    std::erase_if(day_.messages, [&](const Message& each) { return each.id == record.message.id; });
  } else if (record.what == "message_taken") {
    const std::size_t place = std::min(record.place, day_.messages.size());
    day_.messages.insert(day_.messages.begin() + static_cast<std::ptrdiff_t>(place), record.message);
  } else if (record.what == "notice_shown" || record.what == "notice_cleared") {
    day_.notice = record.notice;
  }
}

void Folder::keep_again(const UndoRecord& record) {
  for (const TicketIndex at : record.places) {
    Ticket& ticket = day_.tickets[at];
    if (!in_line(ticket.state)) continue;
    if (record.what == "taken") {
      // Who was put in between meanwhile stands in front of it.
      const auto& line = counter_at(at).line;
      const auto next = std::find(line.begin(), line.end(), at) + 1;
      if (next == line.end() || *next != record.ticket) continue;
      if (ticket.place == Place::taken) ticket.place = Place::kept;
    } else if (ticket.place == Place::none && ticket.touched <= record.last) {
      ticket.place = Place::kept;
    }
  }
}

void Folder::restore(const Snapshot& snapshot) {
  Ticket& ticket = day_.tickets[snapshot.index];
  Counter& from = counter_at(snapshot.index);
  if (ticket.state == TicketState::waiting) --from.waiting;
  // Where it was handed on and moved in one command, each snapshot brings it back into the line of its own.
  const bool moved = snapshot.moved || ticket.line != snapshot.before.line;
  if (moved) std::erase(from.line, snapshot.index);
  // Written down since, or taken by somebody since, and no part of what is undone.
  const std::uint8_t kind = ticket.kind;
  const bool taken = ticket.place == Place::taken;
  ticket = snapshot.before;
  ticket.kind = kind;
  if (taken) ticket.place = Place::taken;
  Counter& to = counter_at(snapshot.index);
  if (ticket.state == TicketState::waiting) ++to.waiting;
  if (moved) {
    const auto behind = std::find(to.line.begin(), to.line.end(), snapshot.predecessor);
    to.line.insert(behind == to.line.end() ? to.line.begin() : behind + 1, snapshot.index);
  }
  rewind_head(from);
  rewind_head(to);
}

} // namespace machiai::queue
