// SPDX-License-Identifier: Apache-2.0
// 10,000 random programmes, each asked at steps of the clock, against what the terms and design promise; and
// the same with each guard taken away: then something must be found, or the guard (or the test) is worth
// nothing.
#include "core/programme/guards.hpp"
#include "tests/programme/sample.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

using namespace machiai;
using namespace machiai::programme;
using namespace machiai::programme::test;

namespace {

class Dice {
public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int from(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int percent) { return from(1, 100) <= percent; }

private:
  std::mt19937 random_;
};

const base::Date first = date("2026-11-20");

Hours some_hours(Dice& dice) {
  const int from = dice.chance(20) ? 0 : dice.from(0, 1430);
  return {from, dice.chance(20) ? 1440 : dice.from(from + 1, 1440)};
}

Days some_days(Dice& dice) {
  return dice.chance(70) ? every_day : static_cast<Days>(dice.from(1, 255));
}

Item some_item(Dice& dice, int n) {
  const Kind kind = dice.chance(40) ? Kind::provided : static_cast<Kind>(dice.from(0, 5));
  Item it = item("i" + std::to_string(n), kind, dice.from(3, dice.chance(10) ? 4000 : 200));
  it.rights.clear();
  for (int r = needs_approval(kind) ? 1 : dice.from(0, 1); r > 0; --r) {
    const base::Date from{first.days + dice.from(-8, 6)};
    Right right{from, {from.days + dice.from(2, 20)}, some_days(dice), {}};
    for (int h = dice.chance(50) ? 0 : dice.from(0, 2); h > 0; --h) right.hours.push_back(some_hours(dice));
    it.rights.push_back(right);
  }
  return it;
}

Programme some_programme(Dice& dice, int version) {
  Programme p;
  p.facility = "minato";
  p.id = "random";
  p.version = version;
  p.from = first;
  p.to = {first.days + dice.from(0, 14)};
  p.deadline = base::at_minute(p.from, 0) - std::chrono::hours{dice.from(0, 100)};
  for (int n = dice.from(1, 8); n > 0; --n) p.items.push_back(some_item(dice, n));
  for (int n = dice.from(0, 4); n > 0; --n) {
    Slot slot;
    slot.id = "s" + std::to_string(n);
    slot.days = some_days(dice);
    slot.hours = some_hours(dice);
    slot.when = dice.chance(70) ? When::always : static_cast<When>(dice.from(0, 2));
    slot.order = static_cast<Order>(dice.from(0, 1));
    for (const Item& each : p.items)
      if (dice.chance(70))
        (each.kind == Kind::ad ? slot.ads : slot.items).push_back({each.id, dice.from(1, 9)});
    slot.ad_share = slot.ads.empty() ? 0 : dice.from(0, 40);
    p.slots.push_back(slot);
  }
  if (dice.chance(30)) p.exceptions.push_back({first, {}});
  for (const Item& each : p.items)
    if (each.kind == Kind::relaxation && each.rights.empty()) p.substitute.push_back(each.id);
  return p;
}

struct World {
  std::vector<Loaded> loaded;
  Facts facts;                ///< without the contract's
  std::set<std::string> here; ///< items whose bytes are on the shelf
  base::Instant off{}, on{};  ///< without a contract from then, until then

  [[nodiscard]] Facts facts_at(base::Instant now) const {
    Facts told = facts;
    told.signage = now < off || on <= now;
    if (now < on) told.until = now < off ? off : on;
    return told;
  }
};

World some_world(unsigned seed) {
  Dice dice(seed);
  World world;
  for (int version = dice.from(1, 2); version > 0; --version) {
    Loaded each{some_programme(dice, version), {}};
    if (dice.chance(50)) {
      each.review = {each.programme.id,
                     each.programme.version,
                     each.programme.deadline - std::chrono::hours{1},
                     "cli",
                     {}};
      if (dice.chance(10)) *each.review.approved += std::chrono::hours{1}; // at the deadline: too late
      if (dice.chance(20)) ++each.review.version;                          // of a version that is not here
      if (dice.chance(30)) each.review.swaps.push_back({"", "i1", "i2"});
    }
    world.loaded.push_back(each);
  }
  for (int n = 1; n <= 8; ++n)
    if (dice.chance(85)) world.here.insert("i" + std::to_string(n));
  for (int n = dice.from(0, 2); n > 0; --n) world.facts.open.push_back(some_hours(dice));
  world.facts.clock_trusted = !dice.chance(5);
  world.off = base::at_minute({first.days + dice.from(0, 14)}, dice.from(0, 1439)) +
              std::chrono::milliseconds{dice.from(0, 59'999)};
  world.on = world.off + std::chrono::minutes{dice.from(1, 3000)};
  return world;
}

/// Plays of what needs approval that were seen at all; without them the promises would be kept by an empty
/// screen.
int plays_seen = 0;

/// The terms in their own words, without the planner.
void judge(const World& world, const Airing& airing, base::Instant now, std::vector<std::string>& wrong) {
  const base::Date day = base::civil_date(now);
  if (!(airing.from <= now && now < airing.until)) wrong.emplace_back("not now");
  if (airing.item.empty()) {
    if (airing.kind != Kind::relaxation) wrong.emplace_back("a scene is relaxation");
    return;
  }
  if (!world.facts.clock_trusted) wrong.emplace_back("clock");
  if (now < world.on && airing.until > world.off) wrong.emplace_back("contract");
  const auto found = std::find_if(world.loaded.begin(), world.loaded.end(), [&](const Loaded& each) {
    return each.programme.version == airing.version;
  });
  if (found == world.loaded.end() || day < found->programme.from || found->programme.to < day)
    return wrong.emplace_back("period"), void();
  const Review& review = found->review;
  const bool is_approved =
      review.approved && review.version == airing.version && *review.approved < found->programme.deadline;
  const Item* shown = find_item(found->programme, airing.item);
  if (shown == nullptr || shown->kind != airing.kind) return wrong.emplace_back("item"), void();
  plays_seen += needs_approval(shown->kind) ? 1 : 0;
  if (needs_approval(shown->kind) && !is_approved) wrong.emplace_back("approval");
  if (world.here.count(airing.item) == 0) wrong.emplace_back("bytes");
  const auto from = (airing.from - base::at_minute(day, 0)) / std::chrono::seconds{1};
  const auto to = (airing.until - base::at_minute(day, 0)) / std::chrono::seconds{1};
  if (airing.reason != Reason::planned) return;
  if (to - from != shown->seconds) wrong.emplace_back("cut");
  if (!may_air(*shown, day, static_cast<int>(from), static_cast<int>(to))) wrong.emplace_back("right");
  const auto slot = std::find_if(found->programme.slots.begin(), found->programme.slots.end(),
                                 [&](const Slot& s) { return s.id == airing.slot; });
  if (slot == found->programme.slots.end() || from < slot->hours.from * 60 || to > slot->hours.to * 60)
    wrong.emplace_back("slot");
}

/// Walks forward from a random moment by the turns' ends, then jumps, also backwards as a mended clock does.
std::vector<std::string> live(unsigned seed) {
  World world = some_world(seed);
  world.facts.ready = [&](const Item& item) { return world.here.count(item.id) != 0; };
  Dice dice(seed + 1'000'000);
  std::vector<std::string> wrong;
  for (int jump = 0; jump < 3; ++jump) {
    base::Instant now = base::at_minute({first.days + dice.from(-1, 15)}, dice.from(0, 1439)) +
                        std::chrono::milliseconds{dice.from(0, 59'999)};
    for (int step = 0; step < 4; ++step) {
      const Airing airing = what_plays(world.loaded, world.facts_at(now), now);
      judge(world, airing, now, wrong);
      const base::Instant last = airing.until - std::chrono::milliseconds{1};
      const Airing same = what_plays(world.loaded, world.facts_at(last), last);
      if (same.item != airing.item || same.until != airing.until) wrong.emplace_back("not the same turn");
      if (next_change(world.loaded, world.facts_at(now), now) != airing.until)
        wrong.emplace_back("next change");
      now = airing.until;
    }
  }
  return wrong;
}

std::set<std::string> live_many(unsigned count) {
  std::set<std::string> wrong;
  for (unsigned seed = 0; seed < count; ++seed)
    for (const std::string& each : live(seed)) wrong.insert(each);
  return wrong;
}

/// A day of one slot in which some ad can always be aired; the longest of its items, in seconds.
struct AdDay {
  Programme programme = december();
  int longest = 0;

  explicit AdDay(unsigned seed) {
    Dice dice(seed);
    programme.slots[0].hours = {0, 1440};
    programme.slots[0].ad_share = dice.from(1, 50);
    for (Item& each : programme.items) {
      each.seconds = each.kind == Kind::ad ? dice.from(10, 40) : dice.from(15, 240);
      if (each.kind != Kind::relaxation) longest = std::max(longest, each.seconds);
    }
  }
  /// What the ads have of [from, to) beyond their share of it, in seconds.
  [[nodiscard]] double excess(const std::vector<Play>& plays, int from, int to) const {
    double ads = 0;
    for (const Play& play : plays)
      if (play.item != nullptr && play.item->kind == Kind::ad)
        ads += std::max(0, std::min(play.to, to) - std::max(play.from, from));
    return ads - programme.slots[0].ad_share / 100.0 * (to - from);
  }
};

/// The worst share over the hours of a day.
double worst_share_error() {
  double worst = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const AdDay day(seed);
    const Review review = approved(day.programme);
    const auto plays = plan_day(day.programme, &review, date("2026-12-07"), {});
    worst = std::max(worst, std::abs(day.excess(plays, 0, 86'400)) / 86'400);
  }
  return worst;
}

/// The worst of single hours, of the whole items that an hour's end may cut in two, and of spans of hours.
struct HourErrors {
  double in_items = 0;  ///< of one hour, in the longest item of the slot
  double of_spans = 0;  ///< share of `span` hours, wherever they begin
  double mean_hour = 0; ///< share of one hour
};
constexpr int span_hours = 6;

HourErrors hour_errors() {
  HourErrors errors;
  int hours = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    const AdDay day(seed);
    const Review review = approved(day.programme);
    const auto plays = plan_day(day.programme, &review, date("2026-12-07"), {});
    for (int hour = 0; hour < 24; ++hour, ++hours) {
      const double excess = std::abs(day.excess(plays, hour * 3600, hour * 3600 + 3600));
      errors.in_items = std::max(errors.in_items, excess / day.longest);
      errors.mean_hour += excess / 3600;
      if (hour + span_hours > 24) continue;
      const double span = day.excess(plays, hour * 3600, (hour + span_hours) * 3600);
      errors.of_spans = std::max(errors.of_spans, std::abs(span) / (span_hours * 3600));
    }
  }
  errors.mean_hour /= hours;
  return errors;
}

struct Removed {
  explicit Removed(Guard guard) { removed_guards = 1U << static_cast<unsigned>(guard); }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() { removed_guards = 0; }
};

} // namespace

TEST_CASE("10,000 random programmes break no promise") {
  plays_seen = 0;
  CHECK(live_many(10'000).empty());
  CHECK(plays_seen > 5'000);
}

TEST_CASE("ads have their share within one percent") {
  CHECK(worst_share_error() < 0.01);
}

TEST_CASE("ads have their share of each hour, to within what one item takes of it") {
  const HourErrors errors = hour_errors();
  CHECK(errors.mean_hour < 0.01);
  CHECK(errors.of_spans < 0.01);
  CHECK(errors.in_items < 1);
}

TEST_CASE("each guard removed is noticed") {
  const auto [guard, finds] = GENERATE(table<Guard, const char*>({{Guard::approval, "approval"},
                                                                  {Guard::in_time, "approval"},
                                                                  {Guard::right, "right"},
                                                                  {Guard::bytes, "bytes"},
                                                                  {Guard::whole_plays, "slot"},
                                                                  {Guard::clock, "clock"},
                                                                  {Guard::contract, "contract"},
                                                                  {Guard::review_of_version, "approval"}}));
  CAPTURE(static_cast<unsigned>(guard));
  const Removed removed(guard);
  CHECK(live_many(400).count(finds) == 1);
}

TEST_CASE("without the guard of the share the ads take over") {
  const Removed removed(Guard::share);
  CHECK(worst_share_error() > 0.3);
  const HourErrors errors = hour_errors();
  CHECK(errors.mean_hour > 0.3);
  CHECK(errors.of_spans > 0.3);
  CHECK(errors.in_items > 1);
}
