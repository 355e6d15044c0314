// SPDX-License-Identifier: Apache-2.0
// What the clinic decides of a programme: approval, swaps, and both in time.
#include "tests/programme/sample.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::programme;
using namespace machiai::programme::test;

namespace {

/// The same films once more, in a second slot.
Programme with_a_night() {
  Programme p = december();
  Slot night = p.slots[0];
  night.id = "night";
  night.hours = {19 * 60, 20 * 60};
  p.slots.push_back(night);
  return p;
}

} // namespace

TEST_CASE("approval and swaps end at the deadline") {
  const Programme p = december();
  const auto before = p.deadline - std::chrono::milliseconds{1};
  const auto in_time = approve(p, {}, "sato", before);
  REQUIRE(in_time);
  CHECK(in_time->approved == before);
  CHECK(approve(p, {}, "sato", p.deadline).error().reason == "deadline_passed");
  CHECK(approve(p, *in_time, "sato", before).error().reason == "approved_already");
  CHECK(swap(p, {}, {"", "teeth", "heart"}, p.deadline).error().reason == "deadline_passed");
  CHECK(swap(p, *in_time, {"", "teeth", "heart"}, before).error().reason == "approved_already");
  CHECK(swap(p, {}, {"", "teeth", "teeth"}, before).error().reason == "same_item");
  CHECK(swap(p, {}, {"", "teeth", "none"}, before).error().reason == "unknown_item");
  CHECK(swap(p, {}, {"night", "teeth", "heart"}, before).error().reason == "unknown_slot");
  CHECK(swap(p, {}, {"", "teeth", "soap"}, before).error().reason == "ad_for_ad"); // an ad for a film
  Programme other = p;
  other.items[1].rights[0] = {date("2027-01-01"), date("2027-01-31"), every_day, {}};
  CHECK(swap(other, {}, {"", "teeth", "heart"}, before).error().reason == "no_right");
}

TEST_CASE("who approves is told in text that misleads nobody") {
  const Programme p = december();
  const auto before = p.deadline - std::chrono::hours{1};
  CHECK(approve(p, {}, "佐藤 花子", before)->by == "佐藤 花子");
  CHECK(approve(p, {}, std::string(80, 'x'), before).has_value());
  CHECK(approve(p, {}, std::string(81, 'x'), before).error().reason == "name_too_long");
  for (const char* text : {"a\u202eb", "a\x01", "a\nb", "\xff"})
    CHECK(approve(p, {}, text, before).error().reason == "bad_text");
}

TEST_CASE("a swap takes effect with the approval, in its slot alone") {
  const Programme p = with_a_night();
  const auto before = p.deadline - std::chrono::hours{1};
  const auto swapped = swap(p, {}, {"day", "teeth", "sea"}, before);
  REQUIRE(swapped);
  CHECK(airs(plan_day(p, &*swapped, date("2026-12-07"), {}), "closure"));
  CHECK_FALSE(airs(plan_day(p, &*swapped, date("2026-12-07"), {}), "sea")); // not approved yet
  const auto review = approve(p, *swapped, "sato", before);
  const auto plays = plan_day(p, &*review, date("2026-12-07"), {});
  for (const Play& play : plays)
    if (play.item != nullptr && play.item->id == "teeth") CHECK(play.slot->id == "night");
  CHECK(airs(plays, "sea"));
  CHECK(airs(plays, "teeth"));
}

TEST_CASE("a swap is taken back by the item itself, in one slot or in all") {
  const Programme p = with_a_night();
  const auto before = p.deadline - std::chrono::hours{1};
  const auto swaps_of = [](const base::Result<Review>& review) { return review.value().swaps; };
  const auto day = swap(p, {}, {"day", "teeth", "sea"}, before);
  CHECK(swap(p, *day, {"night", "teeth", "teeth"}, before).error().reason == "same_item");
  CHECK(swap(p, *day, {"", "heart", "heart"}, before).error().reason == "same_item");
  CHECK(swap(p, *day, {"", "ghost", "ghost"}, before).error().reason == "unknown_item");
  CHECK(swap(p, *day, {"ghost", "teeth", "teeth"}, before).error().reason == "unknown_slot");
  CHECK(swap(p, *day, {"", "teeth", "teeth"}, p.deadline).error().reason == "deadline_passed");
  CHECK(swaps_of(swap(p, *day, {"day", "teeth", "teeth"}, before)).empty());
  CHECK(swaps_of(swap(p, *day, {"", "teeth", "teeth"}, before)).empty());
  const auto other = swap(p, *day, {"", "heart", "sea"}, before);
  CHECK(swaps_of(swap(p, *other, {"", "teeth", "teeth"}, before)) == std::vector<Swap>{{"", "heart", "sea"}});

  const auto all = swap(p, {}, {"", "teeth", "sea"}, before);
  const auto but_night = swap(p, *all, {"night", "teeth", "teeth"}, before);
  REQUIRE(but_night);
  const auto review = approve(p, *but_night, "sato", before);
  REQUIRE(review);
  const auto plays = plan_day(p, &*review, date("2026-12-07"), {});
  for (const Play& play : plays)
    if (play.item != nullptr && play.item->id == "teeth") CHECK(play.slot->id == "night");
  CHECK(airs(plays, "teeth"));
}
