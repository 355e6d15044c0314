// SPDX-License-Identifier: Apache-2.0
#include "core/queue/day.hpp"

#include <algorithm>

namespace machiai::queue {

namespace {

constexpr std::size_t kept_calls = 8;
/// Cloud and clinic by so much: who was accepted further ahead of now has a slot.
constexpr std::chrono::minutes clocks_differ{1};

/// One event being applied.
class Folder {
public:
  Folder(const Clinic& clinic, Day& day, const Event& event) : clinic_(clinic), day_(day), event_(event) {}

  void operator()(const DayOpened& e) {
    day_.date = e.date;
    day_.opened = true;
    day_.history.push_back(e.date);
    clear_tickets();
  }
  void operator()(const DayClosed&) {
    day_.opened = false;
    for (Counter& counter : day_.counters) counter.open = false;
  }
  void operator()(const CounterOpened& e) {
    remember_counter("counter_opened", e.service);
    Counter& counter = counter_of(e.service);
    counter.open = counter.ever_open = true;
    counter.session = e.session;
    counter.turned = event_.at;
  }
  void operator()(const CounterClosed& e) {
    const bool alone = day_.undo.empty() || day_.undo.front().group != event_.group;
    remember_counter(alone ? "counter_closed" : "day_closed", e.service);
    counter_of(e.service).open = false;
    counter_of(e.service).turned = event_.at;
  }
  void operator()(const OwnershipTaken& e) {
    Counter& counter = counter_of(e.service);
    counter.epoch = e.epoch;
    counter.owner = true;
    auto& main = counter.index[main_series];
    if (main.size() < e.high) main.resize(e.high, no_ticket);
  }
  void operator()(const OwnershipReleased& e) { counter_of(e.service).owner = false; }
  void operator()(const Voided& e) {
    auto& index = counter_of(e.service).index[e.series];
    if (index.size() < e.to) index.resize(e.to, no_ticket);
    for (std::uint32_t n = e.from; n <= e.to; ++n) {
      const TicketIndex at = index[n - 1];
      if (at != no_ticket && is_live(day_.tickets[at].state)) set_state(at, TicketState::voided);
      if (at == no_ticket) index[n - 1] = void_number;
    }
  }
  void operator()(const Refused&) { day_.outside[event_.key] = no_ticket; }
  void operator()(const CloudSeen& e) { counter_of(e.service).generation = e.generation; }

  void operator()(const Taken& e) {
    Counter& counter = counter_of(e.ticket.service);
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
    if (!e.name.empty() || !e.card.empty() || !e.note.empty())
      day_.people[at] = Person{e.name, e.card, e.note};
    auto& index = counter.index[e.ticket.series];
    if (index.size() < e.ticket.n) index.resize(e.ticket.n, no_ticket);
    index[e.ticket.n - 1] = at;
    // Without a key it is a number of an earlier station's kiosk: that patient was here.
    if (e.accepted && !event_.key.empty()) {
      day_.tickets[at].state = TicketState::booked;
      day_.tickets[at].outside = true;
      day_.tickets[at].slot = *e.accepted > event_.at + clocks_differ;
    } else {
      ++counter.waiting;
    }
    if (e.accepted) return stand_by_acceptance(at, *e.accepted);
    counter.line.insert(end_of_line(counter), at);
    undo_record("taken", at);
  }

  void operator()(const Called& e) {
    const auto at = remembered("called", e.ticket);
    if (!at) return;
    const auto room = find_room(clinic_, e.room);
    set_state(*at, TicketState::called);
    day_.tickets[*at].room = static_cast<std::int16_t>(room.value_or(-1));
    counter_at(*at).last_called = *at;
    day_.undo.front().room = day_.tickets[*at].room;
    announce(*at, false);
  }
  void operator()(const Recalled& e) {
    const auto at = find_ticket(day_, e.ticket);
    if (!at) return;
    undo_record("recalled", *at).room = day_.tickets[*at].room;
    announce(*at, true);
  }
  void operator()(const Entered& e) {
    const auto at = find_ticket(day_, e.ticket);
    if (at) set_state(*at, TicketState::in_room);
  }
  void operator()(const MarkedAbsent& e) {
    const auto at = remembered("absent", e.ticket);
    if (!at) return;
    Ticket& ticket = day_.tickets[*at];
    if (!in_line(ticket.state)) {
      ++ticket.absences;
      move_before(*at, e.before);
    }
    set_state(*at, TicketState::absent);
    ticket.room = -1;
  }
  void operator()(const Held& e) {
    simple("hold", e.ticket, TicketState::hold);
    const auto at = find_ticket(day_, e.ticket);
    if (at && !e.reason.empty()) day_.tickets[*at].reason = reason_index(e.reason);
  }
  void operator()(const NoShow& e) { simple("no_show", e.ticket, TicketState::no_show); }
  void operator()(const Amended& e) {
    const auto at = find_ticket(day_, e.ticket);
    if (!at) return;
    UndoRecord& record = undo_record("amended", *at);
    record.kind = day_.tickets[*at].kind;
    if (const auto known = day_.people.find(*at); known != day_.people.end()) record.person = known->second;
    day_.people[*at] = Person{e.name, e.card, e.note};
    day_.tickets[*at].kind = kind_of(e.ticket, e.kind);
  }
  void operator()(const Transferred& e) {
    const auto at = remembered("transferred", e.ticket);
    if (!at) return;
    const bool here = day_.tickets[*at].state != TicketState::booked;
    set_state(*at, here ? TicketState::waiting : TicketState::booked);
    Counter& from = counter_at(*at);
    std::erase(from.line, *at);
    from.waiting -= here ? 1 : 0;
    rewind_head(from);
    Ticket& ticket = day_.tickets[*at];
    ticket.line = static_cast<std::uint16_t>(e.to);
    ticket.room = -1;
    ticket.reason = reason_index("transfer");
    auto& line = counter_at(*at).line;
    line.insert(place_before(counter_at(*at), e.before), *at);
    counter_at(*at).waiting += here ? 1 : 0;
    day_.undo.front().tickets.back().moved = true;
    rewind_head(counter_at(*at));
  }
  void operator()(const Arrived& e) { simple("arrived", e.ticket, TicketState::waiting); }
  void operator()(const Phoned& e) {
    const auto at = find_ticket(day_, e.ticket);
    if (!at) return;
    UndoRecord& record = undo_record("phoned", *at);
    if (const auto before = day_.phoned.find(*at); before != day_.phoned.end())
      record.phoned = before->second;
    const int times = record.phoned ? record.phoned->times + 1 : 1;
    day_.phoned[*at] = PhoneNote{e.result, event_.at, times};
  }
  void operator()(const RemoteSet& e) {
    remember_counter("remote_set", e.service);
    counter_of(e.service).remote_stopped = !e.open;
  }
  void operator()(const WalkInsSet& e) {
    remember_counter("walk_ins_set", e.service);
    counter_of(e.service).walk_ins = e.places;
  }
  void operator()(const CapSet& e) {
    remember_counter("cap_set", e.service);
    counter_of(e.service).cap = e.cap;
  }
  void operator()(const HoursSet& e) {
    remember_counter("hours_set", e.service);
    counter_of(e.service).hours = e.hours == "-" ? std::nullopt : parse_hours(e.hours);
  }
  void operator()(const MessagePut& e) {
    day_.messages.push_back({e.id, e.pattern, e.text, e.minutes, event_.at, e.until});
    undo_record("message_put", no_ticket).message = day_.messages.back();
    day_.last_message = std::max(day_.last_message, e.id);
  }
  void operator()(const MessageTaken& e) {
    const auto found = std::find_if(day_.messages.begin(), day_.messages.end(),
                                    [&](const Message& message) { return message.id == e.id; });
    if (found == day_.messages.end()) return;
    UndoRecord& record = undo_record("message_taken", no_ticket);
    record.message = *found;
    record.place = static_cast<std::size_t>(found - day_.messages.begin());
    day_.messages.erase(found);
  }
  void operator()(const NoticeShown& e) {
    undo_record("notice_shown", no_ticket).notice = day_.notice;
    day_.notice = Notice{event_.seq, e.form, e.lang, e.texts, event_.at, e.until};
  }
  void operator()(const NoticeCleared&) {
    undo_record("notice_cleared", no_ticket).notice = day_.notice;
    day_.notice.reset();
  }
  void operator()(const Resumed& e) { return_to_line("resumed", e.ticket, "hold"); }
  void operator()(const PutBack& e) {
    const auto at = find_ticket(day_, e.ticket);
    const bool was_absent = at && day_.tickets[*at].state == TicketState::absent;
    return_to_line("back", e.ticket, was_absent ? "returned" : "");
  }
  void operator()(const Cancelled& e) { simple("cancelled", e.ticket, TicketState::cancelled); }
  void operator()(const Finished& e) { simple("finished", e.ticket, TicketState::done); }
  void operator()(const Moved& e) {
    const auto at = remembered("moved", e.ticket);
    if (!at) return;
    move_before(*at, e.before);
    day_.tickets[*at].reason = reason_index(e.reason);
    day_.tickets[*at].touched = event_.seq;
  }
  void operator()(const Reprinted&) {}

  void operator()(const Undone& e) {
    const auto record = std::find_if(day_.undo.begin(), day_.undo.end(),
                                     [&](const UndoRecord& r) { return r.group == e.group; });
    if (record == day_.undo.end()) return;
    if (record->what == "taken") set_state(record->ticket, TicketState::voided);
    if (record->what == "called") counter_at(record->ticket).last_called = record->called_before;
    for (const Snapshot& snapshot : record->tickets) restore(snapshot);
    for (const CounterSnapshot& before : record->counters) restore(before, record->what);
    restore_told(*record);
    const std::uint64_t from = record->group;
    const std::uint64_t to = record->last;
    std::erase_if(day_.calls, [&](const Call& call) { return call.seq >= from && call.seq <= to; });
    std::erase_if(day_.undo, [&](const UndoRecord& r) { return r.group == from || r.group == event_.group; });
  }

private:
  Counter& counter_of(int service) { return day_.counters[static_cast<std::size_t>(service)]; }
  Counter& counter_at(TicketIndex at) { return day_.counters[day_.tickets[at].line]; }

  void clear_tickets() {
    for (Counter& counter : day_.counters) {
      const std::uint64_t epoch = counter.epoch;
      counter = Counter{};
      counter.epoch = epoch;
    }
    day_.outside.clear();
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

  void came_now(Ticket& ticket) const {
    const auto since = std::chrono::floor<std::chrono::seconds>(event_.at - ticket.taken);
    ticket.came = static_cast<std::uint32_t>(std::max<std::int64_t>(since.count(), 0));
  }

  /// In front of the first in the line who was accepted later. No seat can undo it.
  void stand_by_acceptance(TicketIndex at, base::Instant accepted) {
    Counter& counter = counter_at(at);
    day_.tickets[at].taken = accepted;
    came_now(day_.tickets[at]);
    if (!event_.key.empty()) day_.outside[event_.key] = at;
    auto place = counter.line.begin() + static_cast<std::ptrdiff_t>(counter.head);
    while (place != counter.line.end() &&
           (!in_line(day_.tickets[*place].state) || day_.tickets[*place].taken <= accepted))
      ++place;
    counter.line.insert(place, at);
  }

  std::uint8_t kind_of(const TicketRef& ref, const std::string& kind) const {
    const auto& kinds = clinic_.services[static_cast<std::size_t>(ref.service)].kinds;
    const auto found = std::find(kinds.begin(), kinds.end(), kind);
    return found == kinds.end() ? std::uint8_t{0} : static_cast<std::uint8_t>(found - kinds.begin());
  }

  /// 255 reasons a day; a later one shares the last place rather than being refused.
  std::uint8_t reason_index(const std::string& reason) {
    const auto found = std::find(day_.reasons.begin(), day_.reasons.end(), reason);
    if (found != day_.reasons.end()) return static_cast<std::uint8_t>(found - day_.reasons.begin());
    if (day_.reasons.size() < 255) day_.reasons.push_back(reason);
    return static_cast<std::uint8_t>(day_.reasons.size() - 1);
  }

  void set_state(TicketIndex at, TicketState state) {
    Ticket& ticket = day_.tickets[at];
    Counter& counter = counter_at(at);
    counter.waiting +=
        (state == TicketState::waiting ? 1 : 0) - (ticket.state == TicketState::waiting ? 1 : 0);
    if (ticket.state == TicketState::booked) came_now(ticket);
    ticket.state = state;
    ticket.since = event_.at;
    ticket.touched = event_.seq;
    settle_head(counter);
  }

  void settle_head(Counter& counter) {
    while (counter.head < counter.line.size() && !is_live(day_.tickets[counter.line[counter.head]].state))
      ++counter.head;
  }

  /// Moves the ticket `remembered` last to stand in front of `before`, or to the end.
  void move_before(TicketIndex at, const TicketRef& before) {
    auto& line = counter_at(at).line;
    std::erase(line, at);
    line.insert(place_before(counter_at(at), before), at);
    day_.undo.front().tickets.back().moved = true;
    rewind_head(counter_at(at));
  }

  std::vector<TicketIndex>::iterator place_before(Counter& counter, const TicketRef& before) {
    auto& line = counter.line;
    const auto found = std::find(line.begin(), line.end(), find_ticket(day_, before).value_or(no_ticket));
    return found == line.end() ? end_of_line(counter) : found;
  }

  /// Behind all whose time has come: a slot of later today does not stand in the way of who is here now.
  std::vector<TicketIndex>::iterator end_of_line(Counter& counter) {
    auto place = counter.line.end();
    const auto begin = counter.line.begin() + static_cast<std::ptrdiff_t>(counter.head);
    while (place > begin) {
      const Ticket& last = day_.tickets[*(place - 1)];
      if (!last.slot || last.taken <= event_.at) break;
      --place;
    }
    return place;
  }

  void rewind_head(Counter& counter) {
    counter.head = 0;
    settle_head(counter);
  }

  void simple(const char* what, const TicketRef& ref, TicketState state) {
    const auto at = remembered(what, ref);
    if (!at) return;
    set_state(*at, state);
    const bool leaves = state == TicketState::hold || state == TicketState::cancelled;
    if (leaves || state == TicketState::no_show) day_.tickets[*at].room = -1;
  }

  void return_to_line(const char* what, const TicketRef& ref, const char* reason) {
    const auto at = remembered(what, ref);
    if (!at) return;
    set_state(*at, TicketState::waiting);
    day_.tickets[*at].room = -1;
    if (*reason != '\0') day_.tickets[*at].reason = reason_index(reason);
  }

  void announce(TicketIndex at, bool again) {
    day_.calls.push_front(Call{event_.seq, at, day_.tickets[at].room, event_.at, again});
    if (day_.calls.size() > kept_calls) day_.calls.pop_back();
  }

  /// The record of the command this event belongs to; one command is one record, named by its last event.
  UndoRecord& undo_record(const char* what, TicketIndex at) {
    if (day_.undo.empty() || day_.undo.front().group != event_.group) {
      day_.undo.emplace_front();
      if (day_.undo.size() > kept_undo) day_.undo.pop_back();
    }
    UndoRecord& record = day_.undo.front();
    record.group = event_.group;
    record.last = event_.seq;
    record.what = what;
    if (at != no_ticket) record.ticket = at;
    record.actor = event_.actor;
    record.seat = event_.seat;
    record.at = event_.at;
    return record;
  }

  /// Finds the ticket and remembers how it was.
  std::optional<TicketIndex> remembered(const char* what, const TicketRef& ref) {
    const auto at = find_ticket(day_, ref);
    if (!at) return std::nullopt;
    const auto& line = counter_at(*at).line;
    const auto place = std::find(line.begin(), line.end(), *at);
    UndoRecord& record = undo_record(what, *at);
    record.called_before = counter_at(*at).last_called;
    record.tickets.push_back({*at, day_.tickets[*at], place == line.begin() ? no_ticket : *(place - 1)});
    return at;
  }

  void remember_counter(const char* what, int service) {
    const Counter& c = counter_of(service);
    undo_record(what, no_ticket)
        .counters.push_back({service, c.open, c.ever_open, c.session, c.turned, c.cap, c.remote_stopped,
                             c.walk_ins, c.hours});
  }

  /// Only what the command had set: somebody may have set the rest since.
  void restore(const CounterSnapshot& before, const std::string& what) {
    Counter& counter = counter_of(before.service);
    if (what == "cap_set") {
      counter.cap = before.cap;
    } else if (what == "hours_set") {
      counter.hours = before.hours;
    } else if (what == "walk_ins_set") {
      counter.walk_ins = before.walk_ins;
    } else if (what == "remote_set") {
      counter.remote_stopped = before.remote_stopped;
    } else {
      counter.open = before.open;
      // A counter that has given a number meanwhile was open today.
      counter.ever_open = before.ever_open || !counter.line.empty();
      counter.session = before.session;
      counter.turned = before.turned;
    }
  }

  /// What was written down of a patient, or told to all.
  void restore_told(const UndoRecord& record) {
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

  void restore(const Snapshot& snapshot) {
    Ticket& ticket = day_.tickets[snapshot.index];
    Counter& from = counter_at(snapshot.index);
    if (ticket.state == TicketState::waiting) --from.waiting;
    if (snapshot.moved) std::erase(from.line, snapshot.index);
    const std::uint8_t kind = ticket.kind; // written down since, and no part of what is undone
    ticket = snapshot.before;
    ticket.kind = kind;
    ticket.touched = event_.seq;
    Counter& to = counter_at(snapshot.index);
    if (ticket.state == TicketState::waiting) ++to.waiting;
    if (snapshot.moved) {
      const auto behind = std::find(to.line.begin(), to.line.end(), snapshot.predecessor);
      to.line.insert(behind == to.line.end() ? to.line.begin() : behind + 1, snapshot.index);
    }
    rewind_head(from);
    rewind_head(to);
  }

  const Clinic& clinic_;
  Day& day_;
  const Event& event_;
};

} // namespace

void fold(const Clinic& clinic, Day& day, const Event& event) {
  std::visit(Folder(clinic, day, event), event.body);
  day.seq = event.seq;
}

} // namespace machiai::queue
