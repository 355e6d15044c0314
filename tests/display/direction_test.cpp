// SPDX-License-Identifier: Apache-2.0
#include "display/player/direction.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::display;
using Kind = Order::Kind;

namespace {

constexpr base::Instant start = base::instant_from_ms(1'764'034'320'000);

Turn turn(const std::string& item, int from_s, int to_s) {
  return {item, "", start + std::chrono::seconds(from_s), start + std::chrono::seconds(to_s), "planned"};
}

DeckState deck(Phase phase, const Turn& on_it = {}, std::int64_t since_ms = 0) {
  DeckState state;
  state.phase = phase;
  state.turn = on_it;
  state.since_ms = state.picture_ms = since_ms;
  return state;
}

/// Film a for ten seconds, then film b; two idle decks.
Situation at(std::int64_t ms) {
  Situation s;
  s.schedule = Schedule{turn("a", 0, 10), turn("b", 10, 20)};
  s.decks = {deck(Phase::idle), deck(Phase::idle)};
  s.now = start + base::Millis{ms};
  s.ms = ms;
  return s;
}

/// a runs on deck 0.
Situation running(std::int64_t ms) {
  Situation s = at(ms);
  s.decks[0] = deck(Phase::running, turn("a", 0, 10), ms);
  s.on_air = 0;
  return s;
}

std::vector<Order> orders(const Situation& s, const Quarantine& quarantine = {}) {
  return direct(s, quarantine);
}

} // namespace

TEST_CASE("the turn in force is opened, and shown once its first picture is there") {
  Situation s = at(0);
  CHECK(orders(s) == std::vector<Order>{{Kind::open, 0, turn("a", 0, 10)}});
  s.decks[0] = deck(Phase::opening, turn("a", 0, 10));
  CHECK(orders(s).empty());
  s.decks[0].phase = Phase::ready;
  CHECK(orders(s) == std::vector<Order>{{Kind::air, 0, turn("a", 0, 10)}});
  s.decks[0].phase = Phase::running;
  s.on_air = 0;
  CHECK(orders(s).empty());
}

TEST_CASE("the next turn is opened ahead on the other deck, and not sooner than needed") {
  CHECK(orders(running(6'999)).empty());
  CHECK(orders(running(7'000)) == std::vector<Order>{{Kind::open, 1, turn("b", 10, 20)}});
}

TEST_CASE("the cut comes with the turn, not with the end of the file; then the old film is closed") {
  Situation s = running(9'999);
  s.decks[0].phase = Phase::over;
  s.decks[1] = deck(Phase::ready, turn("b", 10, 20), 7'200);
  CHECK(orders(s).empty());
  s.ms = 10'000;
  s.now = start + base::Millis{10'000};
  CHECK(orders(s) == std::vector<Order>{{Kind::air, 1, turn("b", 10, 20)}});
  s.on_air = 1;
  s.decks[1] = deck(Phase::running, turn("b", 10, 20), 10'000);
  CHECK(orders(s) == std::vector<Order>{{Kind::rest, 0}});
}

TEST_CASE("a film that is over long before its turn gives way to a scene") {
  Situation s = running(5'000);
  s.decks[0].phase = Phase::over;
  CHECK(orders(s) == std::vector<Order>{{Kind::scene, scene_on_air, {}, "film_short"}});
  s.on_air = scene_on_air;
  CHECK(orders(s).empty());
  // A still has no end of its own, and a film's last moment is not worth a scene.
  s = running(5'000);
  s.decks[0].phase = Phase::over;
  s.decks[0].still = true;
  CHECK(orders(s).empty());
  s = running(8'600);
  s.decks[0].phase = Phase::over;
  for (const Order& order : orders(s)) CHECK(order.kind == Kind::open);
}

TEST_CASE("the last picture stays while the next film opens, for a second") {
  Situation s = running(10'900);
  s.decks[1] = deck(Phase::opening, turn("b", 10, 20), 10'000);
  s.waiting_since_ms = 10'000;
  CHECK(orders(s).empty());
  s.decks[1] = deck(Phase::away);
  CHECK(orders(s).empty());
  s.ms = 11'000;
  s.decks[0].picture_ms = 11'000;
  REQUIRE_FALSE(orders(s).empty());
  CHECK(orders(s).front() == Order{Kind::scene, scene_on_air, {}, "film_late"});
}

TEST_CASE("a film that does not open, or falls silent, is given up with its process") {
  Situation s = at(1'000);
  s.decks[0] = deck(Phase::opening, turn("a", 0, 10), 0);
  CHECK(orders(s) == std::vector<Order>{{Kind::condemn, 0, {}, "film_slow", true}});
  s = running(8'000);
  s.decks[0].since_ms = s.decks[0].picture_ms = 5'000;
  CHECK(orders(s) == std::vector<Order>{{Kind::condemn, 0, {}, "film_stalled", true}});
  s.decks[0].picture_ms = 5'001;
  CHECK(orders(s).front().kind != Kind::condemn);
}

TEST_CASE("a still and a film at its end are silent for good reason") {
  Situation s = running(6'900);
  s.decks[0].since_ms = s.decks[0].picture_ms = 0;
  s.decks[0].still = true;
  CHECK(orders(s).empty());
  s.decks[0].still = false;
  s.decks[0].phase = Phase::over;
  for (const Order& order : orders(s)) CHECK(order.kind != Kind::condemn);
}

TEST_CASE("what failed is quarantined; a scene stands in its turn, and it is not opened ahead") {
  Situation s = running(8'000);
  s.decks[1] = deck(Phase::failed, turn("b", 10, 20));
  s.decks[1].trouble = "film_unplayable";
  CHECK(orders(s) == std::vector<Order>{{Kind::condemn, 1, {}, "film_unplayable", false}});
  Quarantine quarantine;
  quarantine.add("b", "film_unplayable", 8'000);
  s.decks[1] = deck(Phase::idle);
  CHECK(orders(s, quarantine).empty());
  s = running(10'000);
  CHECK(orders(s, quarantine).front() == Order{Kind::scene, scene_on_air, {}, "film_unplayable"});
}

TEST_CASE("a scene is shown when one is planned, when nothing is known, and when the plan has run out") {
  Situation s = running(10'000);
  s.schedule->next = turn("", 10, 20);
  CHECK(orders(s).front() ==
        Order{Kind::scene, scene_on_air, turn("", 10, 20), "planned"}); // a turn: it fades in
  s.schedule.reset();
  CHECK(orders(s).front() == Order{Kind::scene, scene_on_air, {}, "no_turn"});
  s = running(20'000);
  CHECK(orders(s).front() == Order{Kind::scene, scene_on_air, {}, "no_turn"});
}

TEST_CASE("a plan that changes in the middle of a turn is followed at once") {
  Situation s = running(3'000);
  s.waiting_since_ms = 3'000;
  s.schedule = Schedule{turn("c", 3, 10), turn("b", 10, 20)};
  CHECK(orders(s) == std::vector<Order>{{Kind::open, 1, turn("c", 3, 10)}});
  s.decks[1] = deck(Phase::ready, turn("c", 3, 10), 3'000);
  CHECK(orders(s) == std::vector<Order>{{Kind::air, 1, turn("c", 3, 10)}});
}

TEST_CASE("one item may have two turns in a row") {
  Situation s = running(7'000);
  s.schedule->next = turn("a", 10, 20);
  CHECK(orders(s) == std::vector<Order>{{Kind::open, 1, turn("a", 10, 20)}});
}

TEST_CASE("a film shown by nobody is shown again when it is due and still there") {
  Situation s = running(2'000);
  s.on_air = scene_on_air;
  CHECK(orders(s) == std::vector<Order>{{Kind::air, 0, turn("a", 0, 10)}});
}

TEST_CASE("quarantine ends; a first crash is short, a missing file is asked for again soon") {
  Quarantine q;
  q.add("a", "film_crashed", 0);
  q.add("b", "film_missing", 0);
  q.add("c", "film_unplayable", 0);
  CHECK(q.against("a", limits::again_ms - 1) == "film_crashed");
  CHECK_FALSE(q.against("a", limits::again_ms));
  q.add("a", "film_crashed", limits::again_ms);
  CHECK(q.against("a", limits::quarantine_ms));
  CHECK(q.against("b", limits::missing_ms - 1));
  CHECK_FALSE(q.against("b", limits::missing_ms));
  CHECK(q.against("c", limits::quarantine_ms - 1));
  CHECK_FALSE(q.against("d", 0));
}

TEST_CASE("processes that keep dying are started seldom") {
  CHECK(next_start_ms({1, 2, 3, 4}) == 0);
  CHECK(next_start_ms({1, 2, 3, 4, 5}) == 1 + limits::restarts_within_ms);
}

TEST_CASE("the player looks again at the next cut, at the latest") {
  Situation s = running(9'990);
  CHECK(next_look_ms(s, 250) == 10);
  CHECK(next_look_ms(running(5'000), 250) == 250);
  s = at(300);
  s.decks[0] = deck(Phase::opening, turn("a", 0, 10), 0);
  CHECK(next_look_ms(s, 2'000) == 700);
}
