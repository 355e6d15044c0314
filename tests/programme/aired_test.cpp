// SPDX-License-Identifier: Apache-2.0
// What counts as shown, as cut short, as blocked by a call; and which records cannot be true.
#include "core/programme/aired.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::programme;

namespace {

constexpr base::Instant start = base::instant_from_ms(1'764'034'320'000);

/// A minute's turn, shown for so many seconds.
Aired shown(int seconds, int called = 0) {
  Aired a;
  a.id = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
  a.item = "soap";
  a.kind = "ad";
  a.sponsor = "せっけん社";
  a.programme = "2026-12";
  a.sha256 = std::string(64, 'a');
  a.reason = "planned";
  a.from = a.started = start;
  a.until = start + std::chrono::seconds(60);
  a.ended = start + std::chrono::seconds(seconds);
  a.called = std::chrono::seconds(called);
  return a;
}

std::string wrong(const Aired& aired) {
  const auto status = check_aired(aired, start + std::chrono::minutes(2));
  return status ? "" : status.error().detail;
}

} // namespace

TEST_CASE("a play is whole, cut short, or blocked by calls") {
  CHECK(outcome_of(shown(60)) == Outcome::whole);
  CHECK(outcome_of(shown(59)) == Outcome::whole); // told after the cut
  CHECK(outcome_of(shown(58)) == Outcome::cut_short);
  CHECK(outcome_of(shown(60, 15)) == Outcome::whole);
  CHECK(outcome_of(shown(60, 16)) == Outcome::blocked_by_call);
  CHECK(outcome_of(shown(30, 30)) == Outcome::cut_short);
  Aired late = shown(60);
  late.started += std::chrono::seconds(20); // the screen came up in the middle of the turn
  CHECK(outcome_of(late) == Outcome::cut_short);
  CHECK(shown_permille(late) == 666);
  CHECK(shown_permille(shown(0)) == 0);
}

TEST_CASE("totals by item, sponsor and date count each record once") {
  std::vector<Aired> records{shown(60), shown(20), shown(60, 40), shown(60)};
  records[3].item = "teeth";
  records[3].sponsor = "";
  records[3].started += std::chrono::hours(24);
  records[3].ended += std::chrono::hours(24);
  const auto items = totals(records, By::item);
  REQUIRE(items.size() == 2);
  CHECK(items[0].name == "soap");
  CHECK(items[0].plays == 3);
  CHECK(items[0].whole == 1);
  CHECK(items[0].cut_short == 1);
  CHECK(items[0].blocked_by_call == 1);
  CHECK(items[0].shown == std::chrono::seconds(140));
  const auto sponsors = totals(records, By::sponsor);
  REQUIRE(sponsors.size() == 2);
  CHECK(sponsors[0].name.empty());
  CHECK(sponsors[1].plays == 3);
  CHECK(totals(records, By::date).size() == 2);
}

TEST_CASE("a record that cannot be true is refused") {
  CHECK(wrong(shown(60)).empty());
  const auto with = [](auto change) {
    Aired a = shown(60);
    change(a);
    return wrong(a);
  };
  CHECK(with([](Aired& a) { a.id = "not-a-uuid"; }) == "id");
  CHECK(with([](Aired& a) { a.item = "<script>"; }) == "item");
  CHECK(with([](Aired& a) { a.item.clear(); }) == "item");
  CHECK(with([](Aired& a) { a.sha256 = "XYZ"; }) == "sha256");
  CHECK(with([](Aired& a) { a.until = a.from; }) == "until");
  CHECK(with([](Aired& a) { a.until += std::chrono::hours(48); }) == "until");
  CHECK(with([](Aired& a) { a.ended = a.started - base::Millis{1}; }) == "ended");
  CHECK(with([](Aired& a) { a.ended += std::chrono::hours(1); }) == "ended");
  CHECK(with([](Aired& a) {
          a.started += std::chrono::hours(5); // in the future
          a.ended += std::chrono::hours(5);
        }) == "ended");
  CHECK(with([](Aired& a) { a.called = std::chrono::seconds(61); }) == "called");
  CHECK(with([](Aired& a) { a.reason = "line\nbreak"; }) == "reason");
}
