// SPDX-License-Identifier: Apache-2.0
#include "display/services.hpp"

#include <algorithm>

namespace machiai::display {

namespace {

std::string opening(const queue::ServiceView& service, Lang lang) {
  const SaidTime time = said_time(service.opens_at, lang);
  std::string when = time.before + time.digits;
  if (!service.opens_on.empty()) {
    std::string date = date_text(service.opens_on, lang);
    // In kana a date is long: the row has no room for the day of the week.
    if (lang == Lang::easy) date = date.substr(0, date.find('('));
    when = date + " " + service.opens_at;
  }
  return said(words(lang).opens, {when});
}

bool listed(const std::vector<std::string>& ids, const std::string& id) {
  return ids.empty() || std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// "9:00" is before "14:30".
bool sooner(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

/// The chosen counters as a whole: open when one is, before when none was yet.
void summarise(queue::BoardView& view) {
  view.state = "before";
  view.waiting = 0;
  view.wait.reset();
  view.opens_at.clear();
  for (const auto& service : view.services) {
    view.waiting += service.waiting;
    if (service.state == "open" || (service.state == "closed" && view.state == "before"))
      view.state = service.state;
    if (!service.opens_at.empty() && service.opens_on.empty() &&
        (view.opens_at.empty() || sooner(service.opens_at, view.opens_at)))
      view.opens_at = service.opens_at;
    if (!service.wait) continue;
    view.wait = view.wait ? queue::WaitRange{std::min(view.wait->low, service.wait->low),
                                             std::max(view.wait->high, service.wait->high)}
                          : *service.wait;
  }
}

} // namespace

bool is_paused(const queue::ServiceView& service) {
  return service.state == "closed" && !service.closes_at.empty();
}

std::string service_value(const queue::ServiceView& service, Lang lang) {
  const Words& w = words(lang);
  if (service.state == "open") {
    if (service.full) return w.full;
    if (!service.wait) return service.waiting == 0 ? std::string{} : w.wait_unknown;
    return minutes_text(service.wait->low, service.wait->high, lang);
  }
  if (is_paused(service)) return w.paused;
  if (!service.opens_at.empty()) return opening(service, lang);
  return service.state == "closed" ? w.service_closed : w.service_before;
}

ServiceRow service_row(const queue::ServiceView& service, Lang lang) {
  ServiceRow row{counter_text(service.name, lang), "", service_value(service, lang), false};
  row.taking = service.state == "open" && !service.full;
  if (service.state == "open" || service.waiting > 0) row.people = people_text(service.waiting, lang);
  return row;
}

Opening first_opening(const queue::BoardView& view, const std::string& today) {
  Opening first;
  for (const auto& service : view.services) {
    // The timetable knows nothing of a pause.
    if (service.opens_at.empty() || is_paused(service)) continue;
    const Opening each{service.opens_at, service.opens_on == today ? "" : service.opens_on};
    if (first.at.empty() || each.on < first.on || (each.on == first.on && sooner(each.at, first.at)))
      first = each;
  }
  return first.at.empty() ? Opening{view.opens_at, ""} : first;
}

ServicePage service_page(const std::vector<queue::ServiceView>& services, std::int64_t page_ms,
                         const std::string& staged, Lang lang) {
  ServicePage result;
  if (services.empty()) return result;
  result.pages = static_cast<int>((services.size() + services_a_page - 1) / services_a_page);
  result.page = static_cast<int>(page_ms / services_page_ms % result.pages);
  const auto called = std::find_if(services.begin(), services.end(),
                                   [&](const auto& each) { return !staged.empty() && each.id == staged; });
  if (called != services.end())
    result.page = static_cast<int>((called - services.begin()) / std::ptrdiff_t{services_a_page});
  const auto first = static_cast<std::size_t>(result.page) * services_a_page;
  for (std::size_t i = first; i < std::min(first + services_a_page, services.size()); ++i)
    result.rows.push_back(service_row(services[i], lang));
  return result;
}

queue::BoardView chosen(queue::BoardView view, const Choice& choice) {
  if (choice.all()) return view;
  const auto other = [&](const auto& each) { return !listed(choice.services, each.service); };
  std::erase_if(view.services, [&](const auto& each) { return !listed(choice.services, each.id); });
  std::erase_if(view.rooms, [&](const auto& each) { return !listed(choice.rooms, each.id); });
  std::erase_if(view.calls,
                [&](const auto& call) { return other(call) || !listed(choice.rooms, call.room); });
  const auto near_end = view.next.begin() + std::min<std::ptrdiff_t>(view.near, std::ssize(view.next));
  view.near = static_cast<int>(
      std::count_if(view.next.begin(), near_end, [&](const auto& each) { return !other(each); }));
  std::erase_if(view.next, other);
  std::erase_if(view.absent, other);
  if (!choice.services.empty()) summarise(view);
  return view;
}

} // namespace machiai::display
