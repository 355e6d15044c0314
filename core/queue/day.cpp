// SPDX-License-Identifier: Apache-2.0
#include "core/queue/day.hpp"

#include "core/queue/guards.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::queue {

std::string_view state_name(TicketState state) {
  switch (state) {
  case TicketState::booked: return "booked";
  case TicketState::waiting: return "waiting";
  case TicketState::called: return "called";
  case TicketState::in_room: return "in_room";
  case TicketState::absent: return "absent";
  case TicketState::hold: return "hold";
  case TicketState::done: return "done";
  case TicketState::cancelled: return "cancelled";
  case TicketState::voided: return "void";
  case TicketState::no_show: return "no_show";
  }
  return "void";
}

bool is_live(TicketState state) {
  return state != TicketState::done && state != TicketState::cancelled && state != TicketState::voided &&
         state != TicketState::no_show;
}

Day new_day(const Clinic& clinic) {
  Day day;
  day.counters.resize(clinic.services.size());
  return day;
}

TicketRef ref_of(const Ticket& ticket) {
  return {ticket.service, ticket.series, ticket.n};
}

std::optional<TicketIndex> find_ticket(const Day& day, const TicketRef& ref) {
  if (ref.service < 0 || static_cast<std::size_t>(ref.service) >= day.counters.size()) return std::nullopt;
  const Counter& counter = day.counters[static_cast<std::size_t>(ref.service)];
  const auto series = counter.index.find(ref.series);
  if (series == counter.index.end() || ref.n == 0 || ref.n > series->second.size()) return std::nullopt;
  const TicketIndex index = series->second[ref.n - 1];
  if (index == no_ticket || index == void_number) return std::nullopt;
  return index;
}

std::string ticket_id(const Clinic& clinic, base::Date date, const TicketRef& ref) {
  std::string id = clinic.services[static_cast<std::size_t>(ref.service)].id;
  id += '-';
  id += base::compact_date(date);
  id += '-';
  if (ref.series != main_series) id += series_text(ref.series);
  if (ref.series.generation != 0) id += '.';
  id += std::to_string(ref.n);
  return id;
}

std::string shown_number(const Clinic& clinic, const TicketRef& ref) {
  const std::string& prefix = clinic.services[static_cast<std::size_t>(ref.service)].prefix;
  if (ref.series != main_series) return fmt::format("{}{}-{}", prefix, series_text(ref.series), ref.n);
  return prefix.empty() ? fmt::format("{}", ref.n) : fmt::format("{}-{}", prefix, ref.n);
}

std::optional<TicketIndex> next_present(const Day& day, int service) {
  const Counter& counter = day.counters[static_cast<std::size_t>(service)];
  for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
    const TicketState state = day.tickets[counter.line[i]].state;
    const bool passed_over =
        state == TicketState::absent || state == TicketState::hold || state == TicketState::booked;
    if (state == TicketState::waiting || (passed_over && !guard_on(Guard::present_only)))
      return counter.line[i];
  }
  return std::nullopt;
}

int people_ahead(const Day& day, TicketIndex ticket) {
  const Counter& counter = day.counters[day.tickets[ticket].line];
  if (!is_live(day.tickets[ticket].state)) return 0;
  int ahead = 0;
  for (std::size_t i = counter.head; i < counter.line.size(); ++i) {
    if (counter.line[i] == ticket) return ahead;
    if (day.tickets[counter.line[i]].state == TicketState::waiting) ++ahead;
  }
  return 0;
}

namespace {

/// What a record or a counter's snapshot is about, other than a ticket's state: the later of two of one
/// matter stands.
std::string_view matter_of(std::string_view what) {
  if (what == "counter_opened" || what == "counter_closed") return "turn";
  if (what == "message_put" || what == "message_taken") return "message";
  if (what == "notice_shown" || what == "notice_cleared") return "notice";
  return what;
}

bool same_matter(const UndoRecord& a, const UndoRecord& b) {
  const std::string_view matter = matter_of(a.what);
  if (matter == matter_of(b.what)) {
    if (matter == "message") return a.message.id == b.message.id;
    if (matter == "notice") return true;
    if (matter == "amended" || matter == "phoned") return a.ticket == b.ticket;
  }
  return std::any_of(a.counters.begin(), a.counters.end(), [&](const CounterSnapshot& one) {
    return std::any_of(b.counters.begin(), b.counters.end(), [&](const CounterSnapshot& other) {
      return one.service == other.service && matter_of(one.what) == matter_of(other.what);
    });
  });
}

} // namespace

bool changed_since(const Day& day, const UndoRecord& record) {
  const auto is_newer = [&](const UndoRecord& other) { return other.group > record.group; };
  const auto in_newer = [&](TicketIndex at, bool moved) {
    const auto is_meant = [&](const Snapshot& each) { return each.index == at && (each.moved || !moved); };
    return std::any_of(day.undo.begin(), day.undo.end(), [&](const UndoRecord& other) {
      return is_newer(other) && std::any_of(other.tickets.begin(), other.tickets.end(), is_meant);
    });
  };
  // Whom time brought into the room was touched by the last record of them: a newer one is never dropped
  // first.
  const auto touched = [&](TicketIndex at) {
    return day.tickets[at].touched > record.last && (!day.tickets[at].settled || in_newer(at, false));
  };
  if (record.what == "taken" && touched(record.ticket)) return true;
  // Behind whom somebody stood: where he is now is no place to go back to.
  const auto gone = [&](const Snapshot& snapshot) {
    const TicketIndex at = snapshot.moved ? snapshot.predecessor : no_ticket;
    return at != no_ticket && (day.tickets[at].line != snapshot.before.line || in_newer(at, true) ||
                               (touched(at) && in_line(day.tickets[at].state)));
  };
  for (const Snapshot& snapshot : record.tickets)
    if (touched(snapshot.index) || gone(snapshot)) return true;
  return std::any_of(day.undo.begin(), day.undo.end(),
                     [&](const UndoRecord& other) { return is_newer(other) && same_matter(record, other); });
}

int cap_of(const Clinic& clinic, const Day& day, int service) {
  const int of_today = day.counters[static_cast<std::size_t>(service)].cap;
  return of_today >= 0 ? of_today : clinic.services[static_cast<std::size_t>(service)].cap;
}

bool is_full(const Clinic& clinic, const Day& day, int service) {
  const int cap = cap_of(clinic, day, service);
  if (cap <= 0) return false;
  const auto is_given = [&](TicketIndex at) {
    return at == no_ticket || (at != void_number && day.tickets[at].state != TicketState::voided);
  };
  std::ptrdiff_t given = 0;
  for (const auto& [series, index] : day.counters[static_cast<std::size_t>(service)].index)
    given += std::count_if(index.begin(), index.end(), is_given);
  return given >= cap;
}

const std::vector<Hours>& hours_of(const Clinic& clinic, const Day& day, int service) {
  const auto& of_today = day.counters[static_cast<std::size_t>(service)].hours;
  return of_today ? *of_today : usual_hours(clinic, service, day.date);
}

namespace {

bool is_present(const Day& day, const Counter& counter) {
  return std::any_of(counter.line.begin() + static_cast<std::ptrdiff_t>(counter.head), counter.line.end(),
                     [&](TicketIndex at) {
                       const TicketState state = day.tickets[at].state;
                       return state == TicketState::waiting || is_inside(day.tickets[at]);
                     });
}

} // namespace

bool has_passed(const Day& day, base::Instant now) {
  if (!day.opened || business_date(day, now) == day.date) return false;
  const bool same_night =
      now < base::at_minute({day.date.days + 1}, day_ends_at_minute) && now >= base::at_minute(day.date, 0);
  return std::none_of(day.counters.begin(), day.counters.end(), [&](const Counter& counter) {
    return counter.open || (same_night && is_present(day, counter));
  });
}

base::Date business_date(const Day& day, base::Instant now) {
  const base::Date civil = base::civil_date(now);
  if (day.history.empty() || civil == day.date) return civil;
  const bool opened_before = std::find(day.history.begin(), day.history.end(), civil) != day.history.end();
  if (stops(Guard::day_opens_once, opened_before)) return day.date;
  // A clock that stepped back a little keeps the day; one that had run far ahead is believed again.
  constexpr int believable_step_days = 2;
  const bool far_ahead_before = day.date.days - civil.days > believable_step_days;
  return civil > day.date || far_ahead_before ? civil : day.date;
}

bool takes_date(const Day& day, base::Date date, base::Instant now) {
  if (day.opened && day.date == date) return true;
  // Of a new date nothing is taken while the night still belongs to the one before.
  return (!day.opened || has_passed(day, now)) && business_date(day, now) == date;
}

} // namespace machiai::queue
