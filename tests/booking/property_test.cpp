// SPDX-License-Identifier: Apache-2.0
// Random clinics at random moments, held against the rules said once more in the plainest way; and the same
// with each guard taken away: then something must be found, or the guard (or the test) is worth nothing.
#include "core/booking/acceptance.hpp"
#include "core/booking/budget.hpp"
#include "core/booking/draw.hpp"
#include "core/booking/guards.hpp"
#include "core/booking/slots.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <set>

using namespace machiai;
using booking::Guard;

namespace {

using Found = std::optional<std::string>;
constexpr int monday = 20780; // 2026-11-23

struct World {
  service::Provider provider;
  service::Contract contract;
  booking::Rules rules;
  booking::Load load;
};

class Dice {
public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  int below(int n) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  int minute() { return below(49) * 30; } // 0:00 to 24:00
  base::Instant moment() { return base::at_minute({monday + below(5)}, below(1440)); }
  std::uint64_t bits() { return engine_(); }

private:
  std::mt19937_64 engine_;
};

std::vector<booking::Window> windows(Dice& dice) {
  std::vector<booking::Window> all;
  for (int i = dice.below(3); i > 0; --i) {
    booking::Window window{{}, dice.minute(), 0};
    window.close = std::min(1440, window.open + 30 + dice.below(20) * 30);
    if (dice.one_in(2)) window.weekdays = {dice.below(7), dice.below(7), dice.below(7)};
    if (window.open < window.close) all.push_back(window);
  }
  return all;
}

std::vector<service::Span> spans(Dice& dice) {
  std::vector<service::Span> all;
  if (!dice.one_in(4)) return all;
  service::Span span{dice.moment(), std::nullopt, ""};
  if (!dice.one_in(3)) span.until = span.from + std::chrono::minutes{1 + dice.below(900)};
  all.push_back(span);
  return all;
}

World make(Dice& dice) {
  World world;
  if (dice.one_in(2))
    world.provider.hours.exceptions.push_back({{monday + dice.below(5)}, dice.minute(), 1440});
  world.provider.maintenance = spans(dice);
  world.contract.suspensions = spans(dice);
  world.contract.queue = !dice.one_in(8);
  if (dice.one_in(6)) world.contract.ended = base::Date{monday + dice.below(6)};
  if (dice.one_in(6)) world.contract.begins = base::Date{monday + dice.below(4)};
  world.rules.windows = windows(dice);
  if (dice.one_in(2))
    world.rules.exceptions.push_back({{monday + dice.below(5)}, windows(dice), dice.below(4)});
  world.rules.cap = dice.below(4);
  world.rules.walk_in_places = dice.below(3);
  world.rules.stopped = dice.one_in(4);
  if (dice.one_in(2)) world.rules.stopped_until = dice.moment();
  if (dice.one_in(2)) world.rules.through_by = 720;
  world.load.given = dice.below(4);
  world.load.paused = dice.one_in(2);
  world.load.away = dice.one_in(2);
  world.rules.refuse_when_away = dice.one_in(2);
  return world;
}

bool in_any(const std::vector<service::Span>& all, base::Instant now) {
  return std::any_of(all.begin(), all.end(), [&](const service::Span& each) {
    return now >= each.from && (!each.until.has_value() || now < *each.until);
  });
}

/// The rules without the load, said plainly.
std::string plainly(const World& w, base::Instant now) {
  const base::Date date = base::civil_date(now);
  const int minute = base::minute_of_day(now);
  if (w.contract.ended && date >= *w.contract.ended) return "ended";
  if (w.contract.begins && date < *w.contract.begins) return "not_begun";
  if (!w.contract.queue) return "signage_only";
  if (in_any(w.contract.suspensions, now)) return "suspended";
  if (in_any(w.provider.maintenance, now)) return "maintenance";
  int open = w.provider.hours.open;
  int close = w.provider.hours.close;
  for (const auto& each : w.provider.hours.exceptions)
    if (each.date == date) {
      open = each.open;
      close = each.close;
    }
  if (minute < open || minute >= close) return "outside_hours";
  if (w.rules.stopped && (!w.rules.stopped_until || now < *w.rules.stopped_until)) return "booking_stopped";
  const std::vector<booking::Window>* all = &w.rules.windows;
  bool exceptional = false;
  for (const auto& each : w.rules.exceptions)
    if (each.date == date) {
      all = &each.windows;
      exceptional = true;
    }
  bool any = false;
  int last = -1;
  for (const auto& each : *all) {
    const bool today = exceptional || each.weekdays.empty() ||
                       std::count(each.weekdays.begin(), each.weekdays.end(), base::weekday(date)) > 0;
    if (!today) continue;
    any = true;
    last = std::max(last, each.open);
    if (minute >= each.open && minute < each.close) return "";
  }
  if (!any) return "booking_day_off";
  return minute < last ? "booking_not_open" : "booking_closed";
}

int cap_plainly(const World& w, base::Date date) {
  int cap = w.rules.cap;
  for (const auto& each : w.rules.exceptions)
    if (each.date == date && each.cap) cap = *each.cap;
  return cap;
}

/// B1: open exactly when every rule allows it, else the first that does not is named. B2: opens_at and
/// closes_at are the next turns.
Found moments(Dice& dice) {
  const World w = make(dice);
  const base::Instant now = dice.moment();
  const auto told = booking::acceptance(w.provider, w.contract, w.rules, w.load, now);
  std::string expected = plainly(w, now);
  const int cap = cap_plainly(w, base::civil_date(now));
  const int held = w.rules.walk_in_places;
  if (expected.empty() && cap > 0 && w.load.given >= cap) expected = "booking_full";
  if (expected.empty() && cap > 0 && w.load.given >= cap - held) expected = "booking_full_remote";
  if (expected.empty() && w.load.away && w.rules.refuse_when_away) expected = "clinic_unreachable";
  const std::optional<int> left =
      cap > 0 ? std::optional(std::max(0, cap - held - w.load.given)) : std::nullopt;
  if (told.left != left) return "B1 another number of places left";
  if (told.reason != expected) return "B1 " + told.reason + " instead of " + expected;
  if (told.open != expected.empty()) return "B1 open with a reason";
  if (booking::refusal(w.provider, w.contract, w.rules, w.load, now) != expected) return "B1 two answers";
  const bool full = expected == "booking_full" || expected == "booking_full_remote";
  const bool away = expected == "clinic_unreachable"; // until when nobody knows
  if (away && told.opens_at) return "B2 opens with a clinic that is away";
  if (told.opens_at && !plainly(w, *told.opens_at).empty()) return "B2 opens when it does not";
  if (told.closes_at && plainly(w, *told.closes_at).empty()) return "B2 closes when it does not";
  for (auto t = now + std::chrono::minutes{1}; t < now + std::chrono::hours{60};
       t += std::chrono::minutes{7}) {
    const bool other_day = base::civil_date(t) != base::civil_date(now);
    const bool opens = plainly(w, t).empty() && (!full || other_day) && !away;
    if (!told.open && opens && (!told.opens_at || *told.opens_at > t)) return "B2 opens earlier";
    if (told.open && !plainly(w, t).empty() && (!told.closes_at || *told.closes_at > t))
      return "B2 closes earlier";
  }
  return std::nullopt;
}

/// B3: never more numbers than the cap, families whole, and nobody is refused who fits.
Found caps(Dice& dice) {
  std::vector<int> people;
  for (int i = dice.below(12); i >= 0; --i) people.push_back(1 + dice.below(6));
  const int left = dice.below(12) - 1;
  const auto served = booking::allot(people, left);
  int used = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const bool fits = left < 0 || used + people[i] <= left;
    if (served[i] != fits) return fits ? "B3 refused who fits" : "B3 more than the cap, or half a family";
    if (served[i]) used += people[i];
  }
  return std::nullopt;
}

/// B4: while the prediction wavers within the slack, acceptance turns at most once.
Found wavering(Dice& dice) {
  booking::Rules rules;
  rules.windows = {{{}, 0, 1440}};
  rules.through_by = 720;
  booking::Load load;
  const base::Instant now = base::at_minute({monday}, 600);
  const base::Instant limit = base::at_minute({monday}, 720);
  int turned = 0;
  bool late = false;
  for (int i = 0; i < 40; ++i) {
    load.predicted_end = limit + std::chrono::minutes{dice.below(16) - 8};
    late = late || *load.predicted_end > limit;
    const bool pauses = booking::pauses(rules, load, now);
    if (*load.predicted_end > limit && !pauses) return "B4 takes bookings that would be through too late";
    turned += pauses != load.paused ? 1 : 0;
    load.paused = pauses;
  }
  if (turned > 1) return "B4 flutters";
  if (turned == 0 && late) return "B4 never stops";
  load.predicted_end = limit - std::chrono::minutes{rules.reopen_slack};
  if (booking::pauses(rules, load, now)) return "B4 never opens again";
  return std::nullopt;
}

/// B5: a draw serves everybody once, and in an order that who came first cannot change.
Found draws(Dice& dice) {
  std::vector<booking::Entry> entries;
  for (int i = 2 + dice.below(9); i > 0; --i) entries.push_back({std::to_string(dice.bits()), 1});
  const std::uint64_t seed = dice.bits();
  const auto ids = [](const std::vector<booking::Entry>& all, std::uint64_t with) {
    std::vector<std::string> order;
    for (const std::size_t at : booking::draw(all, with)) order.push_back(all.at(at).id);
    return order;
  };
  const auto order = ids(entries, seed);
  if (std::set<std::string>(order.begin(), order.end()).size() != entries.size())
    return "B5 not everybody once";
  auto shuffled = entries;
  std::reverse(shuffled.begin(), shuffled.end());
  std::rotate(shuffled.begin(), shuffled.begin() + dice.below(2), shuffled.end());
  if (ids(shuffled, seed) != order) return "B5 the order depends on who came first";
  return std::nullopt;
}

/// B6: in any stretch of time no more wrong pairs are checked than the bucket holds and time gives back.
Found guesses(Dice& dice) {
  const booking::Budget budget{5 + dice.below(5), base::Millis{120'000}};
  booking::Spent spent;
  const base::Instant begin = base::at_minute({monday}, 0);
  base::Instant now = begin;
  int checked = 0;
  for (int i = 0; i < 60; ++i) {
    now += base::Millis{dice.below(60'000)};
    if (booking::rests_until(budget, spent, now) > now) continue;
    ++checked;
    spent = booking::after_failure(budget, spent, now);
    const auto most = budget.size + (now - begin) / budget.refill + 1;
    if (checked > most) return "B6 more guesses than the budget";
  }
  if (booking::rests_until(budget, spent, now + budget.refill * (budget.size + 1)) >
      now + budget.refill * (budget.size + 1))
    return "B6 never checks again";
  return std::nullopt;
}

std::vector<booking::SlotSpan> slot_spans(Dice& dice) {
  std::vector<booking::SlotSpan> all;
  for (const int open : {540, 840}) { // morning and afternoon
    if (dice.one_in(3)) continue;
    booking::SlotSpan span{
        {}, open, open + 30 + dice.below(8) * 15, 10 + dice.below(3) * 5, 1 + dice.below(3), 0, 0};
    if (dice.one_in(2)) span.weekdays = {dice.below(7), dice.below(7), dice.below(7)};
    span.days_ahead = dice.below(4);
    span.closes_before = dice.below(3) * 30;
    all.push_back(span);
  }
  return all;
}

/// The rules of slots said plainly, minute by minute.
std::string slot_plainly(const World& w, base::Instant begin, int taken, int people, base::Instant now) {
  World any_time = w; // windows are of the queue
  any_time.rules.windows = {{{}, 0, 1440}};
  any_time.rules.exceptions.clear();
  if (const auto bar = plainly(any_time, now); !bar.empty()) return bar;
  const base::Date date = base::civil_date(begin);
  for (const auto& each : w.rules.exceptions)
    if (each.date == date && each.windows.empty()) return "slot_unknown";
  if ((w.contract.ended && date >= *w.contract.ended) || (w.contract.begins && date < *w.contract.begins) ||
      in_any(w.contract.suspensions, begin))
    return "slot_unknown";
  for (const auto& span : w.rules.slots) {
    const auto& days = span.weekdays;
    if (!days.empty() && std::count(days.begin(), days.end(), base::weekday(date)) == 0) continue;
    const int minute = base::minute_of_day(begin);
    if (minute < span.open || minute + span.minutes > span.close || (minute - span.open) % span.minutes != 0)
      continue;
    if (begin - now <= std::chrono::minutes{span.closes_before}) return "slot_past";
    if (date.days - base::civil_date(now).days > span.days_ahead) return "slot_too_far";
    if (w.rules.unsure_until && date <= *w.rules.unsure_until) return "slot_unsure";
    return taken + people > span.places ? "slot_full" : "";
  }
  return "slot_unknown";
}

/// B7: a slot is booked exactly when every rule allows it, else the first that does not is named; what is
/// offered is what can be booked, and nothing else is.
Found slots(Dice& dice) {
  World w = make(dice);
  if (dice.one_in(2)) w.contract.queue = true;
  w.rules.slots = slot_spans(dice);
  const base::Instant now = dice.moment();
  if (dice.one_in(4)) w.rules.unsure_until = base::Date{base::civil_date(now).days + dice.below(4)};
  const base::Date date{base::civil_date(now).days + dice.below(5) - 1};
  std::map<base::Instant, int> taken;
  const auto used = [&](base::Instant at) { return taken.count(at) == 0 ? 0 : taken.at(at); };
  for (int minute = 540; minute < 1080; minute += 5)
    if (dice.one_in(2)) taken[base::at_minute(date, minute)] = dice.below(4);
  const auto offers = booking::slot_offers(w.provider, w.contract, w.rules, date, taken, now);
  std::map<base::Instant, booking::SlotOffer> offered;
  for (const auto& each : offers) offered[each.slot.begin] = each;
  if (offered.size() != offers.size()) return "B7 a slot twice";
  for (int minute = 535; minute < 1085; minute += 5) {
    const base::Instant at = base::at_minute(date, minute);
    const int people = 1 + dice.below(2);
    const auto expected = slot_plainly(w, at, used(at), people, now);
    const auto told = booking::slot_refusal(w.provider, w.contract, w.rules, at, used(at), people, now);
    if (told != expected) return "B7 " + told + " instead of " + expected;
    const auto one = slot_plainly(w, at, used(at), 1, now);
    const auto found = offered.find(at);
    if (one.empty() && found == offered.end()) return "B7 not offered what can be booked";
    if (found != offered.end() && found->second.reason != one) return "B7 offered otherwise than booked";
    if (one.empty() && found->second.free != found->second.slot.places - used(at)) return "B7 other places";
  }
  return std::nullopt;
}

/// B8: whatever is booked, used and given up, a card never has more slots to come than the clinic wants, and
/// is refused none below that.
Found hoards(Dice& dice) {
  const int most = dice.below(4);
  int open = 0;
  for (int i = 0; i < 12; ++i) {
    if (open > 0 && dice.one_in(3)) --open;
    const bool more = booking::one_more_slot(most, open);
    if (more != (most == 0 || open < most)) return "B8 a card has " + std::to_string(open) + " slots";
    if (more) ++open;
  }
  return std::nullopt;
}

Found play(std::uint64_t seed) {
  Dice dice(seed);
  for (const auto part : {moments, caps, wavering, draws, guesses, slots, hoards})
    if (auto found = part(dice)) return found;
  return std::nullopt;
}

Found hunt(int tries) {
  for (int i = 0; i < tries; ++i)
    if (auto found = play(20261126U + static_cast<std::uint64_t>(i))) return found;
  return std::nullopt;
}

struct Removed {
  explicit Removed(Guard guard) { booking::removed_guards = 1U << static_cast<unsigned>(guard); }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() { booking::removed_guards = 0; }
};

} // namespace

TEST_CASE("no clinic at any moment breaks the rules of booking") {
  const bool held = rc::check("B1-B8", [](std::uint64_t seed) {
    const auto found = play(seed);
    if (found) RC_FAIL(*found);
  });
  REQUIRE(held);
  const auto found = hunt(3000);
  INFO(found.value_or("none"));
  REQUIRE_FALSE(found.has_value());
}

TEST_CASE("each guard removed is noticed") {
  const auto guard = GENERATE(Guard::standing, Guard::queue_service, Guard::stop, Guard::exception,
                              Guard::window, Guard::cap, Guard::walk_ins, Guard::long_line, Guard::hysteresis,
                              Guard::clinic_away, Guard::draw_order, Guard::whole_family, Guard::budget,
                              Guard::slot_days, Guard::slot_closed, Guard::slot_contract, Guard::slot_past,
                              Guard::slot_ahead, Guard::slot_places, Guard::slot_unsure, Guard::slot_card);
  const Removed removed(guard);
  CAPTURE(static_cast<unsigned>(guard));
  REQUIRE(hunt(3000).has_value());
}

TEST_CASE("a draw favours nobody") {
  // 5,000 draws of 5: each stands in each place 1,000 times; six standard deviations are 170.
  std::vector<booking::Entry> entries{{"a", 1}, {"b", 2}, {"c", 1}, {"d", 3}, {"e", 1}};
  std::map<std::pair<std::size_t, std::size_t>, int> stood;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const auto order = booking::draw(entries, seed);
    for (std::size_t place = 0; place < order.size(); ++place) ++stood[{order[place], place}];
  }
  for (std::size_t who = 0; who < entries.size(); ++who)
    for (std::size_t place = 0; place < entries.size(); ++place)
      CHECK(std::abs(stood[{who, place}] - 1000) < 170);
}

TEST_CASE("the first minute of a window is a draw, wherever the window begins") {
  booking::Rules rules;
  rules.windows = {{{}, 300, 660}, {{}, 780, 900}};
  const service::Provider provider;
  const service::Contract contract;
  const base::Date date{monday};
  const auto drawing = [&](base::Instant now) {
    return booking::acceptance(provider, contract, rules, {}, now).drawing_until;
  };
  // The window begins at 5:00, the server's day at 6:00: the draw begins with the latter.
  CHECK(drawing(base::at_minute(date, 360)) == base::at_minute(date, 361));
  CHECK(drawing(base::at_minute(date, 361) - base::Millis{1}) == base::at_minute(date, 361));
  CHECK_FALSE(drawing(base::at_minute(date, 361)).has_value());
  CHECK(drawing(base::at_minute(date, 780)) == base::at_minute(date, 781));
  rules.draw_seconds = 0;
  CHECK_FALSE(drawing(base::at_minute(date, 360)).has_value());
}

TEST_CASE("an end of a stop, a maintenance or a suspension that was announced begins with a draw as well") {
  booking::Rules rules;
  rules.windows = {{{}, 360, 660}};
  service::Provider provider;
  service::Contract contract;
  const base::Date date{monday};
  const auto drawing = [&](int minute) {
    return booking::acceptance(provider, contract, rules, {}, base::at_minute(date, minute)).drawing_until;
  };
  rules.stopped = true;
  rules.stopped_until = base::at_minute(date, 400);
  CHECK(drawing(400) == base::at_minute(date, 401));
  CHECK_FALSE(drawing(401).has_value());
  provider.maintenance = {{base::at_minute(date, 420), base::at_minute(date, 430), ""}};
  CHECK(drawing(430) == base::at_minute(date, 431));
  contract.suspensions = {{base::at_minute(date, 420), base::at_minute(date, 440), ""}};
  CHECK_FALSE(drawing(430).has_value()); // it is suspended still
  CHECK(drawing(440) == base::at_minute(date, 441));
  rules.stopped = false; // what is not stopped was not opened again either
  rules.stopped_until = base::at_minute(date, 450);
  CHECK_FALSE(drawing(450).has_value());
}
