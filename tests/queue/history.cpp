// SPDX-License-Identifier: Apache-2.0
#include "tests/queue/history.hpp"

#include "core/queue/places.hpp"
#include "tests/queue/history_places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace machiai::test {

using namespace machiai::queue;

namespace {

constexpr base::Instant monday_morning = base::instant_from_ms(1764028800000); // 2025-11-25T09:00+09:00

bool inside(TicketState state) {
  return state == TicketState::called || state == TicketState::in_room;
}

} // namespace

Clinic small_clinic() {
  Clinic clinic;
  clinic.id = "test";
  clinic.services = {{"naika", {}, "", {"return", "first"}, {}, {}, 0},
                     {"shouni", {}, "S", {"return"}, {}, {}, 0}};
  clinic.rooms = {{"1", {}}, {"2", {}}};
  clinic.absence = {2, 2};
  return clinic;
}

std::string fingerprint(const Clinic& clinic, const Day& day) {
  std::string text = fmt::format("{} {} ", day.date.days, day.opened);
  for (const Counter& counter : day.counters) {
    text += fmt::format("| {} {} {} {} w{} h{}: ", counter.open, counter.session, counter.epoch,
                        counter.owner, counter.waiting, counter.head);
    for (const TicketIndex at : counter.line) {
      const Ticket& t = day.tickets[at];
      text += fmt::format("{}{}{}r{}a{}{} ", shown_number(clinic, ref_of(t)), state_name(t.state), t.room,
                          t.reason, t.absences, keeps(day, at) ? "+" : "");
    }
    text +=
        fmt::format("cap{} walk{} every{} remote{} hours{} turned{} ever{} ", counter.cap, counter.walk_ins,
                    counter.every, counter.remote_stopped, counter.hours ? hours_text(*counter.hours) : "-",
                    base::to_ms(counter.turned), counter.ever_open);
  }
  for (const Message& each : day.messages) text += fmt::format("message{} ", each.id);
  if (day.notice) text += fmt::format("notice{} ", day.notice->id);
  for (TicketIndex at = 0; at < day.tickets.size(); ++at) {
    text += fmt::format("kind{}", day.tickets[at].kind);
    if (const auto person = day.people.find(at); person != day.people.end()) text += person->second.name;
    if (const auto phoned = day.phoned.find(at); phoned != day.phoned.end())
      text += fmt::format("{}{}", phoned->second.result, phoned->second.times);
    text += ' ';
  }
  // The oldest call makes room and does not come back.
  for (std::size_t i = 0; i < std::min<std::size_t>(day.calls.size(), 7); ++i)
    text += fmt::format("call{} ", day.calls[i].seq);
  return text;
}

namespace {

/// What of the day an event sets, other than a ticket's state; empty: nothing.
struct Matter {
  std::string operator()(const CounterOpened& e) const { return fmt::format("turn {}", e.service); }
  std::string operator()(const CounterClosed& e) const { return fmt::format("turn {}", e.service); }
  std::string operator()(const CapSet& e) const { return fmt::format("cap {}", e.service); }
  std::string operator()(const HoursSet& e) const { return fmt::format("hours {}", e.service); }
  std::string operator()(const WalkInsSet& e) const { return fmt::format("walk-ins {}", e.service); }
  std::string operator()(const RemoteSet& e) const { return fmt::format("remote {}", e.service); }
  std::string operator()(const MessagePut& e) const { return fmt::format("message {}", e.id); }
  std::string operator()(const MessageTaken& e) const { return fmt::format("message {}", e.id); }
  std::string operator()(const NoticeShown&) const { return "notice"; }
  std::string operator()(const NoticeCleared&) const { return "notice"; }
  std::string operator()(const Amended& e) const { return of("person", e.ticket); }
  std::string operator()(const Phoned& e) const { return of("phone", e.ticket); }
  template <class E> std::string operator()(const E&) const { return {}; }
  static std::string of(const char* what, const TicketRef& ref) {
    return fmt::format("{} {} {}{}", what, ref.service, series_text(ref.series), ref.n);
  }
};

/// Changes nothing of what another undo brings back: is only said, or is the passing of time, which no undo
/// takes back.
bool leaves_states(const Event& event) {
  const EventBody& body = event.body;
  return std::holds_alternative<Recalled>(body) || std::holds_alternative<Amended>(body) ||
         std::holds_alternative<Reprinted>(body) || std::holds_alternative<Phoned>(body) ||
         (std::holds_alternative<Entered>(body) && event.actor == by_itself);
}

} // namespace

History::History(bool with_places)
    : with_places_(with_places), clinic_(small_clinic()), day_(new_day(clinic_)), now_(monday_morning) {}

void History::broke(const std::string& what) const {
  if (!violation_) violation_ = fmt::format("after {} events: {}", events_.size(), what);
}

const Ticket* History::ticket(const TicketRef& ref) const {
  const auto at = find_ticket(day_, ref);
  return at ? &day_.tickets[*at] : nullptr;
}

void History::advance_clock(std::uint32_t bits) {
  using namespace std::chrono_literals;
  switch (bits % 32) {
  case 0: now_ += 24h; break;
  case 1: now_ += 5h; break;
  case 2: now_ -= 24h; break;
  case 3: now_ -= 20h * 365; break;
  case 4: now_ += 20min; break;
  case 5: now_ -= 3s; break;
  default: now_ += std::chrono::milliseconds{300 * (bits % 32)}; break;
  }
}

std::string History::some_ticket(std::uint32_t pick) const {
  if (day_.tickets.empty()) return "naika-20251124-1";
  const auto at = static_cast<TicketIndex>(pick % day_.tickets.size());
  return ticket_id(clinic_, day_.date, ref_of(day_.tickets[at]));
}

Command History::command(std::uint32_t bits) const {
  const std::uint32_t pick = bits >> 13;
  const std::string service = (bits >> 11 & 3) == 0 ? "shouni" : "naika";
  const std::string room = (bits >> 10 & 1) == 0 ? "1" : "2";
  if ((bits >> 29) == 7) return rare_command(bits, service, pick);
  switch (bits >> 5 & 31) {
  case 0:
  case 1: return OpenCounter{service};
  case 2: return CloseCounter{service};
  case 3:
  case 4:
  case 5:
  case 6:
  case 7:
  case 8: return Take{service, "", "", "", false};
  case 9:
  case 10:
  case 11: return CallNext{service, room, std::nullopt, std::nullopt};
  case 12: return CallNext{service, room, some_ticket(pick), std::nullopt};
  case 13: return CallNext{service, room, std::nullopt, some_ticket(pick)};
  case 14:
  case 15: return Act{Verb::absent, some_ticket(pick)};
  case 16: return Act{Verb::hold, some_ticket(pick)};
  case 17: return Act{Verb::resume, some_ticket(pick)};
  case 18:
  case 19: return Act{Verb::back, some_ticket(pick)};
  case 20: return Act{Verb::cancel, some_ticket(pick)};
  case 21: return Act{Verb::finish, some_ticket(pick)};
  case 22: {
    constexpr std::array verbs{Verb::no_show, Verb::recall, Verb::enter};
    return Act{verbs[pick % verbs.size()], some_ticket(pick)};
  }
  case 23: return Move{some_ticket(pick), some_ticket(pick >> 4), "test"};
  case 24:
  case 25:
  case 26: return Undo{};
  case 27: return ReleaseOwnership{service};
  case 28:
  case 29: return TakeOwnership{service, day_.counters[0].epoch + pick % 3, highest_main(service) + pick % 2};
  case 30: return Tick{};
  default: return Reprint{some_ticket(pick)};
  }
}

/// What a reception does now and then.
Command History::rare_command(std::uint32_t bits, const std::string& service, std::uint32_t pick) const {
  switch (bits >> 5 & 15) {
  case 0:
  case 1:
  case 2: return Transfer{some_ticket(pick), service};
  case 3:
  case 4: return Skip{some_ticket(pick)};
  case 5: return Act{Verb::absent, some_ticket(pick), static_cast<int>(pick % 4)};
  case 6: return Move{some_ticket(pick), "", "test"};
  case 7:
    if (pick % 3 == 0) return Phone{some_ticket(pick), pick % 2 == 0 ? "reached" : "no_answer"};
    return Amend{some_ticket(pick), pick % 2 == 0 ? "first" : "return", std::nullopt,
                 fmt::format("患者{}", pick % 5), std::nullopt};
  case 8: return CloseDay{};
  case 9:
    if (pick % 3 == 0) return SetWalkIns{service, static_cast<int>(pick % 12) - 1};
    return SetCap{service, static_cast<int>(pick % 40) - 1};
  case 10: return SetHours{service, pick % 2 == 0 ? "9:00-12:00" : "-"};
  case 11: return PutMessage{"delay", "", static_cast<int>(pick % 60), 30};
  case 12:
    if (pick % 3 == 0) return SetRemote{service, pick % 2 == 0};
    return TakeMessage{pick % 4};
  case 13: return ShowNotice{"free", "ja", {{"title", "お知らせ"}}, static_cast<int>(pick % 40)};
  case 14: return ClearNotice{};
  default: return Act{Verb::hold, some_ticket(pick), std::nullopt, "test"};
  }
}

void History::step(std::uint32_t bits) {
  if (violation_) return;
  advance_clock(bits);
  const Command asked = with_places_ && (bits >> 27) % 3 == 0 ? place_command(bits) : command(bits);
  const Asker asker{std::string(std::holds_alternative<Tick>(asked) ? by_itself : "desk"),
                    (bits >> 12 & 1) == 0 ? "desk-1" : "desk-2"};
  const auto decision = decide(clinic_, day_, asked, asker, now_);
  if (decision) accept(asked, *decision, asker);
  check_after();
}

void History::accept(const Command& asked, const Decision& decision, const Asker& asker) {
  check_before(asked, decision);
  const std::uint64_t group = day_.seq + 1;
  before_group_[group] = fingerprint(clinic_, day_);
  const Before before = before_places();
  const std::size_t first = events_.size();
  for (const EventBody& body : decision.events) {
    Event event;
    event.seq = day_.seq + 1;
    event.group = group;
    event.actor = asker.actor;
    event.seat = asker.seat;
    event.at = now_;
    event.body = body;
    if (const auto* asks = std::get_if<Receive>(&asked)) event.key = asks->key;
    if (const auto* undone = std::get_if<Undone>(&body)) check_undo(*undone, group);
    fold(clinic_, day_, event);
    events_.push_back(event);
    note(event);
  }
  if (const auto* undone = decision.events.empty() ? nullptr : std::get_if<Undone>(&decision.events.back()))
    if (undone->what != "taken" && undone->group == last_group_ && !stays_in_part(undone->group) &&
        fingerprint(clinic_, day_) != before_group_[undone->group])
      broke("undo of " + undone->what + " did not restore " + before_group_[undone->group] + " but " +
            fingerprint(clinic_, day_));
  check_places(before, asked, {events_.begin() + static_cast<std::ptrdiff_t>(first), events_.end()}, group);
  if (std::holds_alternative<Receive>(asked)) ++asked_;
  if (!decision.events.empty()) last_group_ = group;
}

/// What must hold of a command that was accepted, judged on the day before it.
void History::check_before(const Command& asked, const Decision& decision) {
  if (const auto* take = std::get_if<Take>(&asked)) {
    if (open_.count(*find_service(clinic_, take->service)) == 0) broke("a closed counter gave a number");
    if (decision.events.size() != 1) broke("N2: one request, one ticket");
  }
  const auto* call = std::get_if<CallNext>(&asked);
  if (call == nullptr) return;
  const auto& called = std::get<Called>(decision.events.back());
  const Ticket* who = ticket(called.ticket);
  if (who == nullptr) return broke("called nobody");
  if (!call->ticket && who->state != TicketState::waiting) broke("call-next took one who is not present");
  if (inside(who->state)) broke("called one who was called already");
  if (!is_live(who->state)) broke("called one who had finished");
  if (call->expect && ticket_id(clinic_, day_.date, called.ticket) != *call->expect)
    broke("called another than shown");
}

/// A day is not closed again by an undo, nor an epoch given back, nor does time go back for one in a room.
bool History::stays_in_part(std::uint64_t group) const {
  return std::any_of(events_.begin(), events_.end(), [&](const Event& event) {
    return event.group == group &&
           (std::holds_alternative<DayOpened>(event.body) ||
            std::holds_alternative<OwnershipTaken>(event.body) ||
            (std::holds_alternative<Entered>(event.body) && event.actor == by_itself));
  });
}

/// Groups that were taken back, and those that did so.
std::set<std::uint64_t> History::gone() const {
  std::set<std::uint64_t> gone;
  for (const Event& event : events_)
    if (const auto* undone = std::get_if<Undone>(&event.body)) gone.insert({undone->group, event.group});
  return gone;
}

/// What the group set, nobody has set since, but for those who were undone.
void History::check_matters(const Undone& undone, std::uint64_t group) const {
  const std::set<std::uint64_t> gone = this->gone();
  std::set<std::string> matters;
  for (const Event& event : events_) {
    const std::string matter = std::visit(Matter{}, event.body);
    if (matter.empty()) continue;
    if (event.group == undone.group) matters.insert(matter);
    if (event.group > undone.group && matters.count(matter) != 0 && gone.count(event.group) == 0 &&
        event.group != group)
      broke("undo went over a later " + matter);
  }
}

void History::check_undo(const Undone& undone, std::uint64_t group) const {
  check_matters(undone, group);
  std::uint64_t last = undone.group;
  std::set<TicketRef> touched;
  const std::set<std::uint64_t> gone = this->gone();
  base::Instant at{};
  for (const Event& event : events_) {
    const auto ref = std::visit(
        [](const auto& e) -> std::optional<TicketRef> {
          if constexpr (requires { e.ticket; }) return e.ticket;
          return std::nullopt;
        },
        event.body);
    if (event.group == undone.group) {
      last = event.seq;
      at = event.at;
      if (ref && !leaves_states(event)) touched.insert(*ref);
    } else if (event.seq > last && event.group > undone.group && ref && touched.count(*ref) != 0 &&
               !leaves_states(event) && gone.count(event.group) == 0) {
      broke("undo went over somebody's later action");
    }
  }
  if (now_ - at > std::chrono::seconds{clinic_.undo_seconds}) broke("undo came too late");
}

void History::note(const Event& event) {
  if (const auto* opened = std::get_if<DayOpened>(&event.body)) {
    if (!dates_opened_.insert(opened->date.days).second) broke("N11: a business day opened twice");
    high_.clear();
    requests_.clear();
    finished_.clear();
    owner_.clear();
    open_.clear();
  } else if (const auto* closed = std::get_if<DayClosed>(&event.body)) {
    if (!dates_closed_.insert(closed->date.days).second) broke("N11: a business day closed twice");
    open_.clear();
  } else if (const auto* counter = std::get_if<CounterOpened>(&event.body)) {
    open_.insert(counter->service);
  } else if (const auto* shut = std::get_if<CounterClosed>(&event.body)) {
    open_.erase(shut->service);
  } else if (const auto* owner = std::get_if<OwnershipTaken>(&event.body)) {
    if (owner->epoch <= epoch_[owner->service]) broke("N4: an epoch fell");
    epoch_[owner->service] = owner->epoch;
    owner_[owner->service] = true;
    auto& high = high_[{owner->service, main_series}];
    high = std::max(high, owner->high);
  } else if (const auto* released = std::get_if<OwnershipReleased>(&event.body)) {
    owner_[released->service] = false;
  } else if (const auto* taken = std::get_if<Taken>(&event.body)) {
    if (!event.key.empty() && !requests_.insert(event.key).second) broke("N2: a request got two tickets");
    note_taken(*taken);
  } else if (const auto* arrived = std::get_if<Arrived>(&event.body)) {
    came_.insert(ticket_id(clinic_, day_.date, arrived->ticket));
  } else if (const auto* entered = std::get_if<Entered>(&event.body)) {
    came_.insert(ticket_id(clinic_, day_.date, entered->ticket));
  } else if (std::holds_alternative<Undone>(event.body)) {
    open_.clear();
    for (int service = 0; service < 2; ++service)
      if (day_.counters[static_cast<std::size_t>(service)].open) open_.insert(service);
    for (auto it = finished_.begin(); it != finished_.end();)
      it = is_live(state_of(it->first)) ? finished_.erase(it) : std::next(it);
  }
}

void History::note_taken(const Taken& taken) {
  const std::string id = ticket_id(clinic_, day_.date, taken.ticket);
  if (!given_.insert(id).second) broke("N1: " + id + " was given twice");
  if (taken.ticket.series == main_series && !owner_[taken.ticket.service])
    broke("N4: a main number without the epoch");
  auto& high = high_[{taken.ticket.service, taken.ticket.series}];
  if (taken.ticket.n != high + 1) broke(fmt::format("N3/N8: {} after {}", taken.ticket.n, high));
  high = taken.ticket.n;
}

void History::check_after() {
  for (int service = 0; service < 2; ++service) check_line(service);
  check_rooms();
  for (const Ticket& t : day_.tickets) {
    const std::string id = ticket_id(clinic_, day_.date, ref_of(t));
    const std::string number = shown_number(clinic_, ref_of(t));
    if (shown_.emplace(id, number).first->second != number) broke("N6: a number changed");
    if (t.outside && t.state == TicketState::waiting && came_.count(id) == 0)
      broke("one who has booked waits and never came");
    if (is_live(t.state)) {
      if (finished_.count(id) != 0) broke("a finished ticket came back without undo");
    } else {
      finished_[id] = t.state;
    }
  }
}

void History::check_line(int service) {
  const Counter& counter = day_.counters[static_cast<std::size_t>(service)];
  int waiting = 0;
  std::set<TicketIndex> seen;
  for (std::size_t i = 0; i < counter.line.size(); ++i) {
    const TicketIndex at = counter.line[i];
    if (!seen.insert(at).second) broke("a ticket stands twice in the line");
    if (i < counter.head && is_live(day_.tickets[at].state)) broke("a live ticket fell out of the line");
    if (day_.tickets[at].state != TicketState::waiting) continue;
    if (people_ahead(day_, at) != waiting)
      broke("people ahead counts others than the rules would call first");
    ++waiting;
  }
  if (waiting != counter.waiting) broke("the count of waiting patients drifted");
  const auto in_service = std::count_if(day_.tickets.begin(), day_.tickets.end(),
                                        [&](const Ticket& t) { return t.line == service; });
  if (static_cast<std::size_t>(in_service) != counter.line.size()) broke("a ticket is missing from its line");
}

void History::check_rooms() {
  std::map<int, int> occupants;
  for (const Ticket& t : day_.tickets)
    if (inside(t.state) && ++occupants[t.room] > 1) broke("two patients in one room");
}

void History::finish() {
  if (violation_) return;
  Day again = new_day(clinic_);
  for (const Event& event : events_) fold(clinic_, again, event);
  if (fingerprint(clinic_, again) != fingerprint(clinic_, day_)) broke("N7: a replay gave another day");
}

std::uint32_t History::highest_main(const std::string& service) const {
  const auto found = high_.find({*find_service(clinic_, service), main_series});
  return found == high_.end() ? 0 : found->second;
}

TicketState History::state_of(const std::string& id) const {
  const auto at = resolve_ticket(clinic_, day_, id);
  return at ? day_.tickets[*at].state : TicketState::voided;
}

} // namespace machiai::test
