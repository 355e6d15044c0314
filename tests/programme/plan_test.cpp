// SPDX-License-Identifier: Apache-2.0
// What plays when, by example.
#include "core/programme/holidays.hpp"
#include "tests/programme/sample.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::programme;
using namespace machiai::programme::test;

namespace {

int seconds_of_kind(const std::vector<Play>& plays, Kind kind) {
  int sum = 0;
  for (const Play& play : plays)
    if (play.item != nullptr && play.item->kind == kind) sum += play.to - play.from;
  return sum;
}

std::vector<Play> day_of(const Programme& p, bool is_approved, const char* day, const Facts& facts = {}) {
  const Review review = approved(p);
  return plan_day(p, is_approved ? &review : nullptr, date(day), facts);
}

} // namespace

TEST_CASE("the sample has no fault") {
  CHECK(check(december()).empty());
}

TEST_CASE("a day is planned from midnight to midnight without a gap") {
  const Programme p = december();
  const auto plays = day_of(p, true, "2026-12-07");
  CHECK(plays.front().from == 0);
  CHECK(plays.back().to == 86'400);
  for (std::size_t i = 1; i < plays.size(); ++i) CHECK(plays[i].from == plays[i - 1].to);
  CHECK(plays.front().reason == Reason::no_slot);
}

TEST_CASE(
    "without approval the provider's turns become relaxation and the clinic's own stay where they were") {
  const Programme p = december();
  const auto with = day_of(p, true, "2026-12-07");
  const auto without = day_of(p, false, "2026-12-07");
  CHECK(seconds_of_kind(with, Kind::provided) > 0);
  CHECK(seconds_of_kind(with, Kind::ad) > 0);
  CHECK(seconds_of_kind(without, Kind::provided) == 0);
  CHECK(seconds_of_kind(without, Kind::ad) == 0);
  REQUIRE(with.size() == without.size());
  for (std::size_t i = 0; i < with.size(); ++i) {
    CHECK(with[i].from == without[i].from);
    CHECK(with[i].to == without[i].to);
    const bool provided = with[i].item != nullptr && needs_approval(with[i].item->kind);
    CHECK((without[i].reason == Reason::not_approved) == provided);
    if (!provided) CHECK(with[i].item == without[i].item);
  }
}

TEST_CASE(
    "relaxation films take the place of what is not approved, in turn; without any it is our own scene") {
  Programme p = december();
  p.items.push_back(item("forest", Kind::relaxation, 600));
  p.substitute = {"sea", "forest"};
  REQUIRE(check(p).empty());
  const auto plays = day_of(p, false, "2026-12-07");
  CHECK(airs(plays, "sea"));
  CHECK(airs(plays, "forest"));
  Facts no_bytes;
  no_bytes.ready = [](const Item&) { return false; };
  for (const Play& play : day_of(p, false, "2026-12-07", no_bytes)) CHECK(play.item == nullptr);
}

TEST_CASE("ads keep their share of the slot and of each hour of it") {
  const Programme p = december();
  const auto plays = day_of(p, true, "2026-12-07");
  const double slot_seconds = 9.5 * 3600;
  CHECK(seconds_of_kind(plays, Kind::ad) / slot_seconds == Approx(0.10).margin(0.01));
  for (int hour = 9; hour < 17; ++hour) {
    int ads = 0;
    for (const Play& play : plays)
      if (play.item != nullptr && play.item->kind == Kind::ad)
        ads += std::max(0, std::min(play.to, (hour + 1) * 3600) - std::max(play.from, hour * 3600));
    CHECK(ads / 3600.0 == Approx(0.10).margin(0.012));
  }
}

TEST_CASE("a play lies whole within its right") {
  Programme p = december();
  p.items[0].rights[0].hours = {{9 * 60, 12 * 60}};
  p.items[0].rights[0].days = static_cast<Days>(1U << 1U); // Mondays
  const auto monday = day_of(p, true, "2026-12-07");
  int shown = 0;
  for (const Play& play : monday)
    if (play.item != nullptr && play.item->id == "teeth") {
      ++shown;
      CHECK(play.from >= 9 * 3600);
      CHECK(play.to <= 12 * 3600);
    }
  CHECK(shown > 5);
  CHECK_FALSE(airs(day_of(p, true, "2026-12-08"), "teeth"));
}

TEST_CASE("nothing is begun that does not fit before its slot ends") {
  Programme p = december();
  p.slots[0].hours = {600, 603}; // three minutes: heart fits alone, or teeth, notice, ad
  const auto plays = day_of(p, true, "2026-12-07");
  for (const Play& play : plays)
    if (play.item != nullptr && play.slot != nullptr) CHECK(play.to <= 603 * 60);
  CHECK(plays.back().reason == Reason::no_slot);
}

TEST_CASE("a slot to 24:00 ends with the day, and one from 0:00 begins with it") {
  Programme p = december();
  p.slots[0].hours = {23 * 60, 1440};
  Slot early = p.slots[0];
  early.id = "early";
  early.hours = {0, 60};
  p.slots.push_back(early);
  REQUIRE(check(p).empty());
  const auto plays = day_of(p, true, "2026-12-31"); // the last night of the period
  CHECK(plays.front().slot->id == "early");
  CHECK(plays.back().to == 86'400);
  CHECK(plays.back().slot->id == "day");
  const std::vector<Loaded> loaded{{p, approved(p)}};
  CHECK(what_plays(loaded, {}, at("2026-12-31", 23, 59, 59)).slot == "day");
  CHECK(what_plays(loaded, {}, at("2027-01-01", 0)).reason == Reason::outside_period);
  CHECK(what_plays(loaded, {}, at("2026-11-30", 23, 59, 59)).reason == Reason::outside_period);
}

TEST_CASE("holidays are days of their own, and exceptions name their slots") {
  Programme p = december();
  p.from = date("2026-11-01");
  for (Item& each : p.items)
    for (Right& right : each.rights) right.from = p.from;
  p.slots[0].days = static_cast<Days>(every_day & ~holiday);
  const auto on = [&](const char* day) { return airs(day_of(p, true, day), "teeth"); };
  CHECK(on("2026-11-02"));
  CHECK_FALSE(on("2026-11-03")); // 文化の日
  CHECK_FALSE(on("2026-11-23")); // 勤労感謝の日
  p.exceptions = {{date("2026-12-29"), {}}, {date("2026-11-23"), {"day"}}};
  CHECK_FALSE(on("2026-12-29"));
  CHECK_FALSE(on("2026-11-23")); // still a holiday: the slot is not for holidays
  p.slots[0].days = every_day;
  CHECK(on("2026-11-23"));
  CHECK_FALSE(on("2026-12-29"));
}

TEST_CASE("national holidays") {
  for (const char* day : {"2026-01-01", "2026-01-12", "2026-02-11", "2026-02-23", "2026-03-20", "2026-04-29",
                          "2026-05-03", "2026-05-04", "2026-05-05", "2026-05-06", "2026-07-20", "2026-08-11",
                          "2026-09-21", "2026-09-22", "2026-09-23", "2026-10-12", "2026-11-03", "2026-11-23",
                          "2027-01-01", "2027-03-21", "2027-03-22", "2028-03-20", "2032-09-21"})
    CHECK(is_holiday(date(day)));
  for (const char* day : {"2026-12-25", "2026-05-07", "2026-09-24", "2026-02-24", "2027-03-23", "2026-12-31"})
    CHECK_FALSE(is_holiday(date(day)));
  int in_year = 0;
  for (base::Date d = date("2026-01-01"); d <= date("2026-12-31"); ++d.days) in_year += is_holiday(d) ? 1 : 0;
  CHECK(in_year == 18); // as the Cabinet Office lists them for Reiwa 8
}

TEST_CASE("slots may follow the clinic's hours") {
  Programme p = december();
  p.slots[0].when = When::open;
  Facts facts;
  facts.open = {{9 * 60, 12 * 60}};
  for (const Play& play : day_of(p, true, "2026-12-07", facts))
    if (play.slot != nullptr) {
      CHECK(play.from >= 9 * 3600);
      CHECK(play.to <= 12 * 3600);
    }
  CHECK(airs(day_of(p, true, "2026-12-07", facts), "teeth"));
}

TEST_CASE("an untrusted clock, no contract and a suspension show only our own scenes, and say why") {
  const Programme p = december();
  const std::vector<Loaded> loaded{{p, approved(p)}};
  const auto now = at("2026-12-07", 10);
  REQUIRE(what_plays(loaded, {}, now).reason == Reason::planned);
  const auto why = [&](auto change) {
    Facts facts;
    change(facts);
    const Airing airing = what_plays(loaded, facts, now);
    CHECK(airing.item.empty());
    CHECK(airing.kind == Kind::relaxation);
    return airing.reason;
  };
  CHECK(why([](Facts& f) { f.clock_trusted = false; }) == Reason::clock_unsure);
  CHECK(why([](Facts& f) { f.paused = true; }) == Reason::paused);
  CHECK(why([](Facts& f) { f.signage = false; }) == Reason::no_contract);
  CHECK(why([](Facts& f) { f.suspended = true; }) == Reason::suspended);
}

TEST_CASE("an approval at the deadline, or later, is none, whatever the record says") {
  const Programme p = december();
  Review late = approved(p);
  late.approved = p.deadline;
  for (const Play& play : plan_day(p, &late, date("2026-12-07"), {}))
    CHECK((play.item == nullptr || !needs_approval(play.item->kind)));
  CHECK(state_of({p, late}, p.deadline) == "not_approved");
  CHECK(explain({{p, late}}, {}, "teeth", at("2026-12-07", 10)).reasons.front() == "not_approved");
  late.approved = p.deadline - std::chrono::milliseconds{1};
  CHECK(state_of({p, late}, p.deadline) == "approved");
}

TEST_CASE("nothing is begun that the contract would not cover to its end") {
  const Programme p = december();
  const std::vector<Loaded> loaded{{p, approved(p)}};
  const Airing usual = what_plays(loaded, {}, at("2026-12-07", 10));
  REQUIRE(usual.reason == Reason::planned);
  Facts facts;
  facts.until = usual.until - std::chrono::milliseconds{1};
  const Airing other = what_plays(loaded, facts, usual.from);
  CHECK(other.until <= *facts.until);
  CHECK(other.item != usual.item);
  // A scene stands until the contract is asked again, not till midnight.
  facts.suspended = true;
  CHECK(what_plays(loaded, facts, usual.from).until == *facts.until);
  // Of another day's end the plan of this one takes no notice.
  Facts far;
  far.until = at("2026-12-09", 0);
  CHECK(what_plays(loaded, far, usual.from).until == usual.until);
}

TEST_CASE("an approval is of one version; the newest approved one is in force, else the newest") {
  Programme first = december();
  Programme second = december();
  second.version = 2;
  second.items[0].title = "new";
  std::vector<Loaded> loaded{{first, approved(first)}, {second, {}}};
  CHECK(in_force(loaded, date("2026-12-07"))->programme.version == 1);
  loaded[1].review = approved(second);
  CHECK(in_force(loaded, date("2026-12-07"))->programme.version == 2);
  loaded[1].review = approved(first); // of the other version
  CHECK(in_force(loaded, date("2026-12-07"))->programme.version == 1);
  loaded[0].review = {};
  loaded[1].review = {};
  CHECK(in_force(loaded, date("2026-12-07"))->programme.version == 2);
  CHECK(what_plays(loaded, {}, at("2026-12-07", 10)).reason == Reason::not_approved);
}

TEST_CASE("weights are kept, and a short slot shows each of its items over the days") {
  Programme p = december();
  p.slots[0].ad_share = 0;
  p.slots[0].order = Order::weighted;
  p.items[1].seconds = p.items[0].seconds;
  p.slots[0].items = {{"teeth", 3}, {"heart", 1}};
  int teeth = 0;
  int heart = 0;
  for (const Play& play : day_of(p, true, "2026-12-07")) {
    teeth += play.item != nullptr && play.item->id == "teeth" ? 1 : 0;
    heart += play.item != nullptr && play.item->id == "heart" ? 1 : 0;
  }
  CHECK(teeth == Approx(3 * heart).margin(3));
  p.slots[0].order = Order::sequence;
  p.slots[0].hours = {600, 602};
  std::set<std::string> seen;
  for (int day = 0; day < 4; ++day)
    for (const Play& play : plan_day(p, nullptr, {date("2026-12-07").days + day}, {}))
      if (play.slot != nullptr) seen.insert(play.slot->id);
  CHECK(seen.size() == 1);
  const Review review = approved(p);
  std::set<std::string> films;
  for (int day = 0; day < 4; ++day)
    for (const Play& play : plan_day(p, &review, {date("2026-12-07").days + day}, {}))
      if (play.item != nullptr) films.insert(play.item->id);
  CHECK(films.size() == 2);
}

TEST_CASE("why an item is not on the screen") {
  Programme p = december();
  p.items[0].rights[0].hours = {{9 * 60, 10 * 60}};
  std::vector<Loaded> loaded{{p, approved(p)}};
  const auto why = [&](const char* id, base::Instant now, const Facts& facts = {}) {
    return explain(loaded, facts, id, now).reasons.front();
  };
  CHECK(why("none", at("2026-12-07", 10)) == "unknown_item");
  CHECK(why("teeth", at("2027-02-07", 10)) == "outside_period");
  CHECK(explain(loaded, {}, "teeth", at("2027-02-07", 10)).reasons.size() == 1);
  CHECK(explain(loaded, {}, "none", at("2027-02-07", 10)).reasons.back() == "unknown_item");
  CHECK(explain({}, {}, "none", at("2026-12-07", 10)).reasons.back() == "unknown_item");
  CHECK(why("teeth", at("2026-12-07", 11)) == "outside_right");
  CHECK(why("sea", at("2026-12-07", 11)) == "not_in_slot");
  Facts no_bytes;
  no_bytes.ready = [](const Item&) { return false; };
  CHECK(why("closure", at("2026-12-07", 11), no_bytes) == "not_ready");
  const Airing now = what_plays(loaded, {}, at("2026-12-07", 11));
  CHECK(why(now.item.c_str(), at("2026-12-07", 11)) == "airing");
  CHECK(explain(loaded, {}, "closure", now.until - std::chrono::seconds{1}).reasons.front() ==
        (now.item == "closure" ? "airing" : "other_turn"));
  CHECK(explain(loaded, {}, "closure", at("2026-12-07", 8)).next.has_value());
  CHECK(why("closure", at("2026-12-07", 19)) == "no_slot");
  loaded[0].review = {};
  CHECK(why("heart", at("2026-12-07", 11)) == "not_approved");
}

TEST_CASE("what the clinic swapped out says so, and what had its turn earlier is no stranger to the slot") {
  Programme p = december();
  p.slots[0].ad_share = 0;
  p.slots[0].hours = {10 * 60, 10 * 60 + 5};
  p.slots[0].items = {{"teeth", 1}, {"closure", 1}};
  Review review = approved(p);
  review.swaps = {{"day", "teeth", "heart"}};
  const std::vector<Loaded> swapped{{p, review}}, plain{{p, approved(p)}}, waiting{{p, {}}};
  const auto why = [](const std::vector<Loaded>& loaded, const char* id, base::Instant now) {
    return explain(loaded, {}, id, now).reasons;
  };
  using Reasons = std::vector<std::string>;
  const base::Instant now = at("2026-12-07", 10);
  CHECK(why(swapped, "teeth", now) == Reasons{"swapped"});
  CHECK(why(swapped, "sea", now) == Reasons{"not_in_slot"});
  CHECK(why(swapped, "heart", now) != Reasons{"swapped"});
  CHECK(why(plain, "teeth", now) != Reasons{"swapped"});
  CHECK(why(waiting, "heart", now) == Reasons{"not_approved"});
  // In the last turn of the day the other one has been shown already.
  const auto plays = plan_day(p, &plain[0].review, date("2026-12-07"), {});
  const Play* last = nullptr;
  for (const Play& play : plays)
    if (play.item != nullptr) last = &play;
  REQUIRE(last != nullptr);
  const char* other = last->item->id == "teeth" ? "closure" : "teeth";
  CHECK(why(plain, other, base::at_minute(date("2026-12-07"), 0) + std::chrono::seconds{last->from}) ==
        Reasons{"other_turn"});
}

TEST_CASE("the items of a date are those that have a turn, each once") {
  Programme p = december();
  p.substitute = {"sea"};
  const auto ids = [&](const std::vector<Loaded>& loaded, const char* day, const Facts& facts = {}) {
    std::set<std::string> found;
    const auto items = items_of(loaded, date(day), facts);
    for (const Item* item : items) found.insert(item->id);
    CHECK(found.size() == items.size());
    return found;
  };
  using Ids = std::set<std::string>;
  CHECK(ids({{p, approved(p)}}, "2026-12-07") == Ids{"closure", "heart", "sea", "soap", "tea", "teeth"});
  CHECK(ids({{p, {}}}, "2026-12-07") == Ids{"closure", "sea"}); // nothing of the provider's is waited for
  CHECK(ids({{p, approved(p)}}, "2027-01-07").empty());
  Facts paused;
  paused.paused = true;
  CHECK(ids({{p, approved(p)}}, "2026-12-07", paused).empty());
}

namespace {

struct Moment {
  std::vector<Loaded> loaded;
  Facts facts;
  base::Instant now;
};

/// One in which what plays has that reason. Without a default: a reason that is new has to come here.
Moment moment_of(Reason reason) {
  Programme p = december();
  p.slots[0].ads.clear();
  Moment m{{{p, approved(p)}}, {}, at("2026-12-07", 11)};
  switch (reason) {
  case Reason::planned: break;
  case Reason::not_approved:
    m.loaded[0].review = {};
    m.now = at("2026-12-07", 8, 31);
    break;
  case Reason::outside_period: m.now = at("2027-02-07", 11); break;
  case Reason::no_slot: m.now = at("2026-12-07", 3); break;
  case Reason::nothing_airable: m.facts.ready = [](const Item&) { return false; }; break;
  case Reason::clock_unsure: m.facts.clock_trusted = false; break;
  case Reason::no_contract: m.facts.signage = false; break;
  case Reason::suspended: m.facts.suspended = true; break;
  case Reason::paused: m.facts.paused = true; break;
  }
  return m;
}

} // namespace

TEST_CASE("whatever the reason of what plays, it is explained") {
  for (int i = 0; i <= static_cast<int>(Reason::paused); ++i) {
    const auto reason = static_cast<Reason>(i);
    INFO(reason_name(reason));
    const Moment m = moment_of(reason);
    Airing playing = what_plays(m.loaded, m.facts, m.now);
    // Relaxation stands where the provider's film would have stood.
    for (base::Instant t = m.now; reason == Reason::not_approved && playing.reason != reason;
         t += std::chrono::seconds{10})
      playing = what_plays(m.loaded, m.facts, t);
    CHECK(playing.reason == reason);
    const auto told =
        explain(m.loaded, m.facts, "teeth", playing.from > m.now ? playing.from : m.now).reasons;
    REQUIRE_FALSE(told.empty());
    const auto has = [&](std::string_view name) {
      return std::find(told.begin(), told.end(), name) != told.end();
    };
    CHECK((reason == Reason::planned ? has("airing") || told.front() == "other_turn"
                                     : has(reason_name(reason))));
  }
  CHECK(reason_name(Reason::paused) == "paused"); // the last of them
}

TEST_CASE("a document's mistakes are all told, with their places") {
  Programme p = december();
  p.items[0].seconds = 0;
  p.items[1].rights.clear();
  p.items[2].id = "teeth";
  p.items[3].sponsor.clear();
  p.slots[0].items.push_back({"soap", 1});
  p.slots[0].ads.push_back({"ghost", 0});
  p.exceptions.push_back({date("2027-05-01"), {"ghost"}});
  p.exceptions.push_back({date("2027-05-01"), {}});
  p.substitute = {"heart"};
  p.to = date("2025-01-01");
  std::set<std::string> told;
  for (const Fault& fault : check(p)) told.insert(fault.where + " " + fault.reason);
  for (const char* expected :
       {"period bad_period", "items/0/seconds bad_number", "items/1/rights no_right", "items/2/id twice",
        "items/3/sponsor no_sponsor", "slots/0/items/3 an_ad", "slots/0/ads/2 unknown_item",
        "slots/0/ads/2/weight bad_number", "exceptions/0/date outside_period", "exceptions/1/date twice",
        "exceptions/0/slots unknown_slot", "substitute/0 not_relaxation"})
    CHECK(told.count(expected) == 1);
}

TEST_CASE("a period has 366 days at most, and no item the name of the station's own scene") {
  Programme p = december();
  p.to = date("2027-12-01");
  CHECK(check(p).empty());
  p.to = date("2027-12-02");
  REQUIRE(check(p).size() == 1);
  CHECK(check(p)[0].reason == "bad_period");
  p = december();
  p.items.push_back(item("scene", Kind::own, 20));
  REQUIRE(check(p).size() == 1);
  CHECK(check(p)[0].where == "items/6/id");
  CHECK(check(p)[0].reason == "reserved");
}

TEST_CASE("films that are not here are told at once, and after ten minutes where a cloud sends them") {
  const base::Instant since = at("2026-12-07", 9);
  const auto later = [&](int seconds) { return since + std::chrono::seconds(seconds); };
  CHECK(films_are_told(since, false, since));
  CHECK_FALSE(films_are_told(since, true, since));
  CHECK_FALSE(films_are_told(since, true, later(599)));
  CHECK(films_are_told(since, true, later(600)));
  CHECK_FALSE(films_are_told(std::nullopt, false, later(600)));
  // A clock that was set back tells nothing of a time that has not been yet.
  CHECK_FALSE(films_are_told(since, false, later(-1)));
}
