// SPDX-License-Identifier: Apache-2.0
// What the panels show beyond the screen below them: one ticket whole, those to compare with, spans of dates.
#include "core/base/card.hpp"
#include "desk/model.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>

namespace machiai::desk {

namespace {

int pages_of(std::size_t count, std::size_t at_once) {
  return static_cast<int>(std::max<std::size_t>(1, (count + at_once - 1) / at_once));
}

Card card_of(const queue::DeskView& view, const Glass& glass, const queue::TicketView& ticket,
             base::Instant now) {
  Card card;
  card.ticket = ticket.ticket;
  card.number = ticket.number;
  if (glass.names) {
    card.name = ticket.name;
    card.card = ticket.card;
    card.note = ticket.note;
  }
  card.kind = ticket.kind;
  card.state = shown_state(ticket);
  card.service = ticket.service;
  card.line = line_of(ticket);
  card.reason = ticket.reason;
  card.slip = ticket.slip;
  card.room = room_name(view, ticket.room);
  card.absences = ticket.absences;
  card.ahead = ticket.ahead;
  card.wait = ticket.wait;
  if (ticket.phoned) {
    card.phoned = ticket.phoned->result;
    card.phoned_clock = base::clock_text(ticket.phoned->at);
    card.phoned_times = ticket.phoned->times;
  }
  card.seconds = seconds_between(ticket.since, now) / 60 * 60;
  if (ticket.here || ticket.origin.empty()) card.taken = base::clock_text(ticket.here.value_or(ticket.taken));
  if (ticket.slot)
    card.slot = base::clock_text(*ticket.slot);
  else if (!ticket.origin.empty())
    card.asked = base::clock_text(ticket.taken);
  if (const auto* service = find_service(view, ticket.service)) card.kinds = service->kinds;
  return card;
}

/// In the order of the numbers as they were given; the one it is compared with is not among them.
std::vector<Other> others_of(const queue::DeskView& view, const Glass& glass) {
  std::vector<const queue::TicketView*> sorted;
  for (const auto& ticket : view.tickets)
    if (ticket.state != "void" && ticket.ticket != glass.ticket && line_of(ticket) == glass.service)
      sorted.push_back(&ticket);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->taken < b->taken; });
  std::vector<Other> others;
  for (const auto* ticket : sorted) others.push_back({ticket->ticket, ticket->number, ticket->state});
  return others;
}

/// Cuts a list down to the page shown.
template <class T> void cut(std::vector<T>& list, int page, std::size_t at_once) {
  const std::size_t first = std::min(list.size(), static_cast<std::size_t>(std::max(0, page)) * at_once);
  const std::size_t last = std::min(list.size(), first + at_once);
  list = std::vector<T>(list.begin() + static_cast<std::ptrdiff_t>(first),
                        list.begin() + static_cast<std::ptrdiff_t>(last));
}

template <class T> void page_through(std::vector<T>& list, std::size_t at_once, Screen& screen) {
  screen.pages = pages_of(list.size(), at_once);
  screen.inside.page = std::clamp(screen.inside.page, 0, screen.pages - 1);
  cut(list, screen.inside.page, at_once);
}

/// The parts a clinic asks about, each once: what is wrong with it, or that it is well.
std::vector<Chip> health_of(const Screen& screen) {
  std::vector<Chip> list;
  for (const std::vector<Chip>* chips : {&screen.chips, &screen.ahead})
    std::copy_if(chips->begin(), chips->end(), std::back_inserter(list),
                 [](const Chip& chip) { return chip.level != "ok"; });
  if (!screen.reachable) return list; // of the rest nothing is known now
  const auto add = [&](const char* part, bool well) {
    const bool told =
        std::any_of(list.begin(), list.end(), [&](const Chip& chip) { return chip.part == part; });
    if (!told) list.push_back({part, well ? "ok" : "none", {}});
  };
  // Well is what is known to be well: a voice speaks through a screen that is there.
  add("printer", true);
  add("voice", screen.display_on);
  add("display", screen.display_on);
  add("film", screen.display_on);
  add("kiosk", screen.kiosk_on);
  add("storage", true);
  if (screen.link.enrolled) add("cloud", screen.link.connected);
  return list;
}

int whole_seconds(std::int64_t ms) {
  return static_cast<int>(std::max<std::int64_t>(0, (ms + 999) / 1000));
}

} // namespace

void add_health(Screen& screen) {
  screen.health = health_of(screen);
  if (screen.panel != Panel::troubles) return;
  const bool several = screen.health.size() > health_at_once;
  page_through(screen.health, health_at_once - (several ? 1 : 0), screen);
}

Panel parent_of(Panel panel) {
  switch (panel) {
  case Panel::absent:
  case Panel::hold:
  case Panel::transfer:
  case Panel::amend:
  case Panel::history: return Panel::ticket;
  case Panel::cap:
  case Panel::hours:
  case Panel::close_day: return Panel::session;
  case Panel::message: return Panel::messages;
  case Panel::replay: return Panel::records;
  case Panel::pair: return Panel::devices;
  case Panel::notices: return Panel::programme;
  case Panel::notice: return Panel::notices;
  default: return Panel::none;
  }
}

const queue::ServiceView* find_service(const queue::DeskView& view, std::string_view id) {
  for (const auto& service : view.services)
    if (service.id == id) return &service;
  return nullptr;
}

std::pair<base::Date, base::Date> span_of(const Inside& inside, base::Date today) {
  using namespace std::chrono;
  if (inside.span == "week") {
    const int since_monday = (base::weekday(today) + 6) % 7;
    const base::Date monday{today.days - since_monday - 7 * inside.back};
    return {monday, base::Date{monday.days + 6}};
  }
  if (inside.span == "month") {
    const year_month_day day{sys_days{days{today.days}}};
    const year_month month = day.year() / day.month() - months{inside.back};
    const auto number = [](sys_days at) {
      return base::Date{static_cast<std::int32_t>(at.time_since_epoch().count())};
    };
    return {number(sys_days{month / 1}), number(sys_days{month / last})};
  }
  const base::Date date{today.days - inside.back};
  return {date, date};
}

const queue::TicketView* with_card(const queue::DeskView& view, std::string_view card) {
  const std::string key = base::card_key(card);
  const queue::TicketView* found = nullptr;
  for (const auto& ticket : view.tickets) {
    if (key.empty() || is_over(ticket) || base::card_key(ticket.card) != key) continue;
    if (found == nullptr || (ticket.state == "booked" && found->state != "booked")) found = &ticket;
  }
  return found;
}

void add_panels(const queue::DeskView& view, const Glass& glass, base::Instant now, std::int64_t steady_ms,
                Screen& screen) {
  if (const auto* target = target_of(view, glass)) screen.card = card_of(view, glass, *target, now);
  if (glass.panel == Panel::receive)
    if (const auto* known = with_card(view, glass.draft.card))
      screen.known = Known{known->ticket, known->number, known->state};
  if (glass.panel == Panel::find)
    for (const auto* ticket : numbered(view, glass))
      screen.matches.push_back(
          {ticket->ticket, ticket->number, glass.names ? ticket->name : std::string{}, shown_state(*ticket)});
  screen.messages = view.messages;
  screen.accuracy = view.accuracy;
  const auto [from, to] = span_of(glass.inside, base::civil_date(now));
  screen.span_from = base::iso_date(from);
  screen.span_to = base::iso_date(to);
  if (const auto* first = find_ticket(view, glass.ticket)) screen.compared = first->number;
  if (glass.panel == Panel::compare) {
    screen.others = others_of(view, glass);
    page_through(screen.others, others_at_once, screen);
  }
  // A story that waits for its answer is still that of another question.
  if (glass.found.inquiry.flying) screen.found.story = {};
  if (glass.panel == Panel::history || !glass.inside.other.empty()) {
    screen.others.clear();
    if (glass.panel == Panel::compare) screen.whole = screen.found.story;
    page_through(screen.found.story.lines, glass.panel == Panel::history ? lines_at_once + 1 : lines_at_once,
                 screen);
  }
  if (glass.panel == Panel::session)
    screen.pages = pages_of(view.services.size(), services_at_once(view.link.enrolled, view.services.size()));
  if (glass.panel == Panel::replay) page_through(screen.found.replay.line, stones_at_once, screen);
  if (glass.panel == Panel::records && glass.inside.tab == "access")
    page_through(screen.found.access.rows, entries_at_once, screen);
  if (glass.panel == Panel::devices) page_through(screen.found.devices.rows, devices_at_once, screen);
  if (!glass.found.pairing.code.empty())
    screen.code_seconds = whole_seconds(glass.found.pairing.until_ms - base::to_ms(now));
  screen.lock_seconds = whole_seconds(glass.found.staff.locked_until_ms - steady_ms);
}

std::string day_and_clock(base::Instant at) {
  const std::string date = base::iso_date(base::civil_date(at));
  return std::to_string(std::stoi(date.substr(5, 2))) + "/" + std::to_string(std::stoi(date.substr(8, 2))) +
         " " + base::clock_text(at);
}

Strip strip_of(const wire::Playbill& bill, std::int64_t hub_ms) {
  Strip strip;
  strip.known = true;
  strip.kind = bill.now.item == "scene" ? "scene" : bill.now.kind;
  strip.title = bill.now.title;
  strip.title_en = bill.now.title_en;
  strip.reason = bill.now.reason;
  strip.paused = bill.paused;
  strip.muted = bill.muted;
  const base::Instant now = base::instant_from_ms(hub_ms);
  // A turn that ends with the day has no end worth telling.
  if (bill.now.until < base::at_minute(base::civil_date(now), 1440))
    strip.until = base::clock_text(bill.now.until);
  strip.next_kind = bill.next.item == "scene" ? "scene" : bill.next.kind;
  strip.next_title = bill.next.title;
  strip.next_title_en = bill.next.title_en;
  if (!bill.waiting.empty() && now < bill.deadline) {
    strip.waiting = bill.waiting;
    strip.deadline = day_and_clock(bill.deadline);
  }
  return strip;
}

Strip with_notice(Strip strip, const queue::DeskView* view, std::int64_t hub_ms) {
  if (view == nullptr || !view->notice || view->notice->until <= base::instant_from_ms(hub_ms)) return strip;
  strip.known = true;
  strip.urgent = true;
  strip.kind = "urgent";
  strip.title.clear();
  strip.title_en.clear();
  strip.reason = "urgent_notice";
  if (strip.next_kind.empty()) strip.next_kind = "scene";
  strip.until = base::clock_text(view->notice->until);
  return strip;
}

} // namespace machiai::desk
