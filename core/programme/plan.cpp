// SPDX-License-Identifier: Apache-2.0
#include "core/programme/plan.hpp"

#include "core/programme/guards.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace machiai::programme {

namespace {

constexpr int day_end = 86'400;
/// When nothing can be aired the plan looks again this often.
constexpr int look_again = 60;

/// A stretch of the day in which one slot, or none, is in force.
struct Segment {
  int from, to;
  const Slot* slot;
};

/// Never nothing, whatever a document says.
int seconds_of(const Item& item) {
  return std::max(1, item.seconds);
}

bool is_open(const std::vector<Hours>& open, int minute) {
  return std::any_of(open.begin(), open.end(),
                     [&](const Hours& h) { return h.from <= minute && minute < h.to; });
}

int second_of(base::Instant now, base::Date date) {
  const auto since = now - base::at_minute(date, 0);
  return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(since).count());
}

/// The second of the date at which the contract changes, as far as that is on this date.
int last_second(const Facts& facts, base::Date date) {
  if (!guard_on(Guard::contract) || !facts.until) return day_end;
  if (*facts.until >= base::at_minute({date.days + 1}, 0)) return day_end;
  return std::max(0, second_of(*facts.until, date));
}

class Day {
public:
  Day(const Programme& programme, const Review* review, base::Date date, const Facts& facts)
      : p_(programme), review_(review), approved_(review != nullptr && in_time(programme, *review)),
        date_(date), days_(days_of(date)), facts_(facts), limit_(last_second(facts, date)) {}

  std::vector<Play> plan() {
    const std::vector<const Slot*> today = slots_of_date();
    for (const Segment& segment : segments(today)) {
      const Segment covered{segment.from, std::min(segment.to, limit_), segment.slot};
      if (covered.from < covered.to) {
        if (segment.slot == nullptr) {
          calm(covered.from, covered.to, Reason::no_slot, nullptr);
        } else {
          fill(covered);
        }
      }
      // What stands from then on is the facts' of then.
      if (limit_ < segment.to)
        plays_.push_back(
            {std::max(limit_, segment.from), segment.to, nullptr, Reason::nothing_airable, segment.slot});
    }
    return std::move(plays_);
  }

  /// Whether a slot of the date names the item, and whether it shows another in its place.
  enum class Named : std::uint8_t { nowhere, swapped, shown };
  [[nodiscard]] Named named(std::string_view id) const {
    Named found = Named::nowhere;
    for (const Slot* slot : slots_of_date())
      for (const auto* choices : {&slot->items, &slot->ads})
        for (const Choice& choice : *choices) {
          const Item* item = after_swaps(*slot, choice.item);
          if (item != nullptr && item->id == id) return Named::shown;
          if (choice.item == id) found = Named::swapped;
        }
    return found;
  }

private:
  struct Candidate {
    const Item* item;
    int weight;
    int current = 0; ///< of the smooth weighted round-robin
  };
  using Ring = std::vector<Candidate>;

  [[nodiscard]] std::vector<const Slot*> slots_of_date() const {
    const auto exception = std::find_if(p_.exceptions.begin(), p_.exceptions.end(),
                                        [&](const Exception& e) { return e.date == date_; });
    std::vector<const Slot*> list;
    for (const Slot& slot : p_.slots) {
      const bool named =
          exception == p_.exceptions.end() ||
          std::find(exception->slots.begin(), exception->slots.end(), slot.id) != exception->slots.end();
      if (named && (slot.days & days_) != 0) list.push_back(&slot);
    }
    return list;
  }

  [[nodiscard]] bool in_force(const Slot& slot, int minute) const {
    if (minute < slot.hours.from || slot.hours.to <= minute) return false;
    return slot.when == When::always || is_open(facts_.open, minute) == (slot.when == When::open);
  }

  [[nodiscard]] std::vector<Segment> segments(const std::vector<const Slot*>& today) const {
    std::vector<Segment> list;
    for (int minute = 0; minute < 1440; ++minute) {
      const auto slot =
          std::find_if(today.begin(), today.end(), [&](const Slot* s) { return in_force(*s, minute); });
      const Slot* now = slot == today.end() ? nullptr : *slot;
      if (list.empty() || list.back().slot != now) list.push_back({minute * 60, minute * 60, now});
      list.back().to = minute * 60 + 60;
    }
    return list;
  }

  [[nodiscard]] const Item* after_swaps(const Slot& slot, const std::string& id) const {
    const std::string* shown = &id;
    if (approved_)
      for (const Swap& swap : review_->swaps)
        if (swap.item == id && (swap.slot.empty() || swap.slot == slot.id)) shown = &swap.with;
    return find_item(p_, *shown);
  }

  [[nodiscard]] Ring ring_of(const Slot& slot, const std::vector<Choice>& choices) const {
    Ring ring;
    for (const Choice& choice : choices)
      if (const Item* item = after_swaps(slot, choice.item)) ring.push_back({item, choice.weight});
    return ring;
  }

  [[nodiscard]] bool can(const Item& item, int at, int end) const {
    const int to = at + seconds_of(item);
    if (guard_on(Guard::whole_plays) && to > end) return false;
    if (guard_on(Guard::right) && !may_air(item, date_, days_, at, to)) return false;
    // What is not approved is not looked for on the shelf: something else plays in its place.
    return replaced(item) || is_ready(item);
  }
  [[nodiscard]] bool replaced(const Item& item) const {
    return guard_on(Guard::approval) && !approved_ && needs_approval(item.kind);
  }
  [[nodiscard]] bool is_ready(const Item& item) const {
    return !guard_on(Guard::bytes) || !facts_.ready || facts_.ready(item);
  }

  /// The next in the document's order that can be aired; days begin one further, so that a short slot shows
  /// all of its items over the days.
  const Item* next_in_order(const Ring& ring, std::size_t& turn, int at, int end) const {
    for (std::size_t tried = 0; tried < ring.size(); ++tried) {
      const Item* item = ring[turn++ % ring.size()].item;
      if (can(*item, at, end)) return item;
    }
    return nullptr;
  }

  /// Smooth weighted round-robin among those that can be aired: each has its share, and none bunches.
  const Item* next_by_weight(Ring& ring, int at, int end) const {
    int total = 0;
    Candidate* best = nullptr;
    for (Candidate& each : ring) {
      if (!can(*each.item, at, end)) continue;
      total += each.weight;
      each.current += each.weight;
      if (best == nullptr || each.current > best->current) best = &each;
    }
    if (best == nullptr) return nullptr;
    best->current -= total;
    return best->item;
  }

  void fill(const Segment& segment) {
    const Slot& slot = *segment.slot;
    Ring items = ring_of(slot, slot.items);
    Ring ads = ring_of(slot, slot.ads);
    std::size_t turn = items.empty() ? 0 : static_cast<std::size_t>(date_.days) % items.size();
    double owed = 0; ///< seconds of ads, by their share of the time in which one could have been aired
    for (int at = segment.from; at < segment.to;) {
      const bool ads_can = std::any_of(ads.begin(), ads.end(),
                                       [&](const Candidate& c) { return can(*c.item, at, segment.to); });
      const Item* item = nullptr;
      // An ad when at least half of the next one is due: the share is kept to within half an ad.
      if (ads_can && slot.ad_share > 0) item = due_ad(ads, owed, at, segment.to);
      const bool is_ad = item != nullptr;
      if (item == nullptr)
        item = slot.order == Order::sequence ? next_in_order(items, turn, at, segment.to)
                                             : next_by_weight(items, at, segment.to);
      const int to = item != nullptr ? at + seconds_of(*item) : next_chance(items, ads, at, segment.to);
      if (ads_can) owed += slot.ad_share / 100.0 * (to - at);
      if (is_ad) owed -= to - at;
      if (item == nullptr) {
        calm(at, to, Reason::nothing_airable, &slot);
      } else if (replaced(*item)) {
        plays_.push_back({at, to, next_calm(), Reason::not_approved, &slot});
      } else {
        plays_.push_back({at, to, item, Reason::planned, &slot});
      }
      at = to;
    }
  }

  /// The next look at which something can be aired, or the end.
  [[nodiscard]] int next_chance(const Ring& items, const Ring& ads, int at, int end) const {
    const auto any = [&](const Ring& ring, int then) {
      return std::any_of(ring.begin(), ring.end(),
                         [&](const Candidate& c) { return can(*c.item, then, end); });
    };
    for (int then = at - at % look_again + look_again; then < end; then += look_again)
      if (any(items, then) || any(ads, then)) return then;
    return end;
  }

  const Item* due_ad(Ring& ads, double owed, int at, int end) const {
    Ring tried = ads;
    const Item* item = next_by_weight(tried, at, end);
    if (item == nullptr || (guard_on(Guard::share) && owed + 1e-9 < seconds_of(*item) / 2.0)) return nullptr;
    ads = std::move(tried);
    return item;
  }

  /// A relaxation film in turn; none when there is none whose bytes are here.
  const Item* next_calm() {
    for (std::size_t tried = 0; tried < p_.substitute.size(); ++tried) {
      const Item* item = find_item(p_, p_.substitute[calm_turn_++ % p_.substitute.size()]);
      if (item != nullptr && item->kind == Kind::relaxation && is_ready(*item)) return item;
    }
    return nullptr;
  }

  /// Relaxation films one after the other, or one scene of our own for the whole stretch.
  void calm(int from, int to, Reason reason, const Slot* slot) {
    while (from < to) {
      const Item* item = next_calm();
      const int until = item == nullptr ? to : std::min(to, from + seconds_of(*item));
      plays_.push_back({from, until, item, reason, slot});
      from = until;
    }
  }

  const Programme& p_;
  const Review* review_;
  bool approved_;
  base::Date date_;
  Days days_;
  const Facts& facts_;
  int limit_; ///< nothing of the programme goes on beyond this second
  std::size_t calm_turn_ = 0;
  std::vector<Play> plays_;
};

std::optional<Reason> nothing_at_all(const Facts& facts) {
  if (guard_on(Guard::contract) && !facts.signage) return Reason::no_contract;
  if (guard_on(Guard::contract) && facts.suspended) return Reason::suspended;
  if (guard_on(Guard::clock) && !facts.clock_trusted) return Reason::clock_unsure;
  if (facts.paused) return Reason::paused;
  return std::nullopt;
}

base::Instant instant_of(base::Date date, int second) {
  return base::at_minute(date, 0) + std::chrono::seconds{second};
}

Airing scene_until_midnight(base::Date date, Reason reason) {
  Airing airing;
  airing.reason = reason;
  airing.from = instant_of(date, 0);
  airing.until = instant_of(date, day_end);
  return airing;
}

const Review* review_of(const Loaded& loaded) {
  const bool same =
      loaded.review.programme == loaded.programme.id && loaded.review.version == loaded.programme.version;
  return same || !guard_on(Guard::review_of_version) ? &loaded.review : nullptr;
}

/// Whatever the contract will be later.
Airing planned_at(const std::vector<Loaded>& loaded, const Facts& facts, base::Instant now) {
  const base::Date date = base::civil_date(now);
  if (const auto nothing = nothing_at_all(facts)) return scene_until_midnight(date, *nothing);
  const Loaded* found = in_force(loaded, date);
  if (found == nullptr) return scene_until_midnight(date, Reason::outside_period);
  const std::vector<Play> plays = plan_day(found->programme, review_of(*found), date, facts);
  const int second = second_of(now, date);
  const auto play = std::find_if(plays.begin(), plays.end(),
                                 [&](const Play& p) { return p.from <= second && second < p.to; });
  if (play == plays.end()) return scene_until_midnight(date, Reason::no_slot);
  Airing airing;
  if (play->item != nullptr) {
    airing.item = play->item->id;
    airing.kind = play->item->kind;
    airing.sha256 = play->item->sha256;
  }
  airing.reason = play->reason;
  airing.from = instant_of(date, play->from);
  airing.until = instant_of(date, play->to);
  if (play->slot != nullptr) airing.slot = play->slot->id;
  airing.programme = found->programme.id;
  airing.version = found->programme.version;
  return airing;
}

} // namespace

std::string_view reason_name(Reason reason) {
  constexpr std::array<std::string_view, 9> names{"planned",     "not_approved",    "outside_period",
                                                  "no_slot",     "nothing_airable", "clock_unsure",
                                                  "no_contract", "suspended",       "paused"};
  return names[static_cast<std::size_t>(reason)];
}

std::vector<Play> plan_day(const Programme& programme, const Review* review, base::Date date,
                           const Facts& facts) {
  return Day(programme, review, date, facts).plan();
}

const Loaded* in_force(const std::vector<Loaded>& loaded, base::Date date) {
  const Loaded* best = nullptr;
  const auto rank = [](const Loaded& each) {
    const Review* review = review_of(each);
    return std::pair{review != nullptr && in_time(each.programme, *review), each.programme.version};
  };
  for (const Loaded& each : loaded)
    if (in_period(each.programme, date) && (best == nullptr || rank(*best) < rank(each))) best = &each;
  return best;
}

std::string_view state_of(const Loaded& loaded, base::Instant now) {
  if (in_time(loaded.programme, loaded.review)) return "approved";
  if (now >= loaded.programme.deadline) return "not_approved";
  return loaded.review.swaps.empty() ? "waiting" : "swapped";
}

std::vector<const Item*> items_of(const std::vector<Loaded>& loaded, base::Date date, const Facts& facts) {
  std::vector<const Item*> items;
  const Loaded* found = in_force(loaded, date);
  if (found == nullptr || nothing_at_all(facts)) return items;
  for (const Play& play : plan_day(found->programme, review_of(*found), date, facts))
    if (play.item != nullptr && std::find(items.begin(), items.end(), play.item) == items.end())
      items.push_back(play.item);
  return items;
}

Airing what_plays(const std::vector<Loaded>& loaded, const Facts& facts, base::Instant now) {
  Airing airing = planned_at(loaded, facts, now);
  if (facts.until && *facts.until > now) airing.until = std::min(airing.until, *facts.until);
  return airing;
}

base::Instant next_change(const std::vector<Loaded>& loaded, const Facts& facts, base::Instant now) {
  return what_plays(loaded, facts, now).until;
}

Explanation explain(const std::vector<Loaded>& loaded, const Facts& facts, std::string_view id,
                    base::Instant now) {
  Explanation told;
  const base::Date date = base::civil_date(now);
  if (const auto nothing = nothing_at_all(facts)) told.reasons.emplace_back(reason_name(*nothing));
  const Loaded* found = in_force(loaded, date);
  if (found == nullptr) {
    told.reasons.emplace_back("outside_period");
    const bool known = std::any_of(loaded.begin(), loaded.end(), [&](const Loaded& each) {
      return find_item(each.programme, id) != nullptr;
    });
    if (!known) told.reasons.emplace_back("unknown_item");
    return told;
  }
  const Item* item = find_item(found->programme, id);
  if (item == nullptr) {
    told.reasons.emplace_back("unknown_item");
    return told;
  }
  const int second = second_of(now, date);
  Day day(found->programme, review_of(*found), date, facts);
  const std::vector<Play> plays = day.plan();
  bool here = false, shown = day.named(id) == Day::Named::shown;
  Reason whole = Reason::planned;
  for (const Play& play : plays) {
    const bool now_playing = play.from <= second && second < play.to;
    if (now_playing) whole = play.reason;
    if (play.item == nullptr || play.item->id != id) continue;
    shown = true;
    here = here || now_playing;
    if (play.from > second && !told.next) told.next = instant_of(date, play.from);
  }
  if (here && told.reasons.empty()) {
    told.reasons.emplace_back("airing");
    return told;
  }
  const Review* review = review_of(*found);
  const bool approved = review != nullptr && in_time(found->programme, *review);
  if (!approved && needs_approval(item->kind)) told.reasons.emplace_back("not_approved");
  if (!may_air(*item, date, second, second + item->seconds)) told.reasons.emplace_back("outside_right");
  if (facts.ready && !facts.ready(*item)) told.reasons.emplace_back("not_ready");
  if (whole == Reason::no_slot || whole == Reason::nothing_airable)
    told.reasons.emplace_back(reason_name(whole));
  const bool swapped = day.named(id) == Day::Named::swapped;
  if (told.reasons.empty())
    told.reasons.emplace_back(shown ? "other_turn" : swapped ? "swapped" : "not_in_slot");
  return told;
}

bool films_are_told(std::optional<base::Instant> since, bool linked, base::Instant now) {
  constexpr std::chrono::minutes to_arrive{10};
  return since && now - *since >= (linked ? base::Millis(to_arrive) : base::Millis{0});
}

} // namespace machiai::programme
