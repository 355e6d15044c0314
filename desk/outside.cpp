// SPDX-License-Identifier: Apache-2.0
// What is taken from outside: of the view, and the keys that hold places for those who come themselves.
#include "core/queue/decide.hpp"
#include "core/queue/places.hpp"
#include "desk/model.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace machiai::desk {

namespace {

const queue::OutsideView* told_of(const queue::DeskView& view, std::string_view service) {
  if (!view.outside) return nullptr;
  const auto& all = view.outside->services;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.service == service; });
  return found == all.end() ? nullptr : &*found;
}

/// What the desk has set for today, if it has: "walk_ins" or "every".
std::optional<int> set_here(const queue::DeskView& view, std::string_view service, std::string_view what) {
  for (const auto& exception : view.exceptions) {
    if (exception.service != service || exception.what != what) continue;
    int places = 0;
    std::from_chars(exception.value.data(), exception.value.data() + exception.value.size(), places);
    return places;
  }
  return std::nullopt;
}

bool stopped_here(const queue::DeskView& view, std::string_view service) {
  return std::any_of(view.exceptions.begin(), view.exceptions.end(), [&](const auto& exception) {
    return exception.service == service && exception.what == "remote";
  });
}

/// From none kept to the most, one behind each booking.
constexpr std::array<int, 8> steps_of_every{0, 10, 8, 6, 5, 4, 3, 2};

/// One step more or less; what lies between two steps goes to the next of them.
std::optional<int> next_every(int now, bool more) {
  const auto rank = [](int every) {
    return every == 0 ? queue::most_every + 1 : every;
  }; // fewer places: higher
  const auto in_order = [&](int step) { return more ? rank(step) < rank(now) : rank(step) > rank(now); };
  if (more) {
    const auto found = std::find_if(steps_of_every.begin(), steps_of_every.end(), in_order);
    return found == steps_of_every.end() ? std::nullopt : std::optional(*found);
  }
  const auto found = std::find_if(steps_of_every.rbegin(), steps_of_every.rend(), in_order);
  return found == steps_of_every.rend() ? std::nullopt : std::optional(*found);
}

/// No more than there are numbers: a higher one would hold nothing else.
int most_held(const queue::OutsideView& told) {
  return told.cap > 0 ? std::min(told.cap, queue::most_walk_ins) : queue::most_walk_ins;
}

} // namespace

std::size_t services_at_once(bool linked, std::size_t services) {
  constexpr std::size_t plain = 4, with_outside = 3, with_pager = 2;
  if (!linked) return plain;
  return services <= with_outside ? with_outside : with_pager;
}

OutsideTab outside_of(const queue::DeskView& view, std::string_view service) {
  OutsideTab tab;
  const auto here = set_here(view, service, "walk_ins");
  const auto every_here = set_here(view, service, "every");
  tab.held_here = here.has_value();
  tab.held = here.value_or(0);
  tab.every_here = every_here.has_value();
  tab.every = every_here.value_or(0);
  const auto* told = told_of(view, service);
  if (told == nullptr) return tab;
  tab.known = true;
  tab.open = told->open;
  tab.reason = told->reason;
  tab.opens_at = told->opens_at;
  tab.opens_on = told->opens_on;
  tab.closes_at = told->closes_at;
  tab.windows = told->windows;
  tab.cap = told->cap;
  tab.given = told->given;
  tab.booked = told->booked;
  tab.through_by = told->through_by;
  tab.held = here.value_or(told->walk_ins_rule);
  tab.every = every_here.value_or(told->every_rule.value_or(0));
  if (!view.outside->current) tab.as_of = base::clock_text(view.outside->at);
  // Set here and not heard there: it counts from when it is.
  const bool stop_unheard = stopped_here(view, service) && told->reason != "booking_stopped";
  tab.unheard = !view.outside->current &&
                (told->walk_ins != tab.held || told->every.value_or(tab.every) != tab.every || stop_unheard);
  // Without a cap there is nothing to hold; what was held before there was none can still be let go.
  const bool counts = told->cap > 0 || tab.held > 0;
  tab.can_more = counts && tab.held < most_held(*told);
  tab.can_less = counts && tab.held > 0;
  // An earlier cloud would tell phones too few people ahead.
  tab.sets_every = !counts && told->every_rule.has_value();
  if (tab.sets_every) {
    tab.can_more = next_every(tab.every, true).has_value();
    tab.can_less = next_every(tab.every, false).has_value();
  }
  return tab;
}

std::optional<Step> touch_outside(const queue::DeskView& view, const Glass& glass, std::string_view name) {
  for (const bool more : {true, false}) {
    const auto service = after(name, more ? "walk-ins-more-" : "walk-ins-less-");
    if (!service) continue;
    const OutsideTab tab = outside_of(view, *service);
    if (!(more ? tab.can_more : tab.can_less)) return std::nullopt;
    if (tab.sets_every) {
      const int every = *next_every(tab.every, more);
      const bool by_rule = every == told_of(view, *service)->every_rule;
      return send(glass, name, "walk_ins",
                  boost::json::object{{"service", *service},
                                      {"places", tab.held_here ? tab.held : -1},
                                      {"every", by_rule ? -1 : every}});
    }
    const int places = tab.held + (more ? 1 : -1);
    // Back at what the rules say, nothing is different today any more.
    const bool as_ruled = places == told_of(view, *service)->walk_ins_rule;
    return send(glass, name, "walk_ins",
                boost::json::object{{"service", *service}, {"places", as_ruled ? -1 : places}});
  }
  return std::nullopt;
}

} // namespace machiai::desk
