// SPDX-License-Identifier: Apache-2.0
// 100,000 random histories against N1-N4, N6-N8 and N11, and the same with each guard taken away: then they
// must find something, or the guard (or the test) is worth nothing. Of N2 the rules know that a take is one
// ticket, and a booking's request that comes again none; the keys of the clinic's own seats are the daemon's
// (tests/fault/kill.py). N5, nothing told before it is durable, is no rule either: kill.py holds it for
// answers, paper.py for slips, and tests/sim/book.cpp, which judges N1-N12, for messages to and from the
// cloud.
#include "core/queue/guards.hpp"
#include "tests/queue/history.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <random>

using machiai::queue::Guard;
using machiai::test::History;

namespace {

std::optional<std::string> play(const std::vector<std::uint32_t>& steps, bool with_places = false) {
  History history(with_places);
  for (const std::uint32_t bits : steps) history.step(bits);
  history.finish();
  return history.violation();
}

/// Whether some history out of `tries` breaks an invariant.
std::optional<std::string> hunt(int tries, bool with_places = false) {
  std::mt19937 random(20261124);
  for (int i = 0; i < tries; ++i) {
    std::vector<std::uint32_t> steps(120);
    for (auto& bits : steps) bits = random();
    if (auto violation = play(steps, with_places)) return violation;
  }
  return std::nullopt;
}

struct Removed {
  explicit Removed(Guard guard) { machiai::queue::removed_guards = 1U << static_cast<unsigned>(guard); }
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() { machiai::queue::removed_guards = 0; }
};

} // namespace

TEST_CASE("no history breaks the invariants of the numbers") {
  const bool held = rc::check("N1-N4, N6-N8, N11", [] {
    const auto steps = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
    const auto violation = play(steps);
    if (violation) RC_FAIL(*violation);
  });
  REQUIRE(held);
}

TEST_CASE("long histories hold too") {
  const auto violation = hunt(3000);
  INFO(violation.value_or("none"));
  REQUIRE_FALSE(violation.has_value());
}

// A tick brings the called one in and closes the counter; the one is absent after all; the counter opens.
TEST_CASE("a counter's closing may be undone although the same tick's patient went on") {
  REQUIRE(play({11264, 11360, 13600, 15296, 2501, 14090}) == std::nullopt);
}

TEST_CASE("each guard removed is noticed") {
  const auto guard =
      GENERATE(Guard::number_above_high, Guard::main_only_by_owner, Guard::epoch_rises, Guard::day_opens_once,
               Guard::open_to_take, Guard::present_only, Guard::not_called_twice, Guard::still_next,
               Guard::live_only, Guard::undo_unchanged, Guard::undo_in_time);
  const Removed removed(guard);
  CAPTURE(static_cast<unsigned>(guard));
  REQUIRE(hunt(20000).has_value());
}

TEST_CASE("with places kept for walk-ins the numbers' invariants hold, and no told count grows unexplained") {
  const bool held = rc::check("N1-N4, N6-N8, N11, kept places", [] {
    const auto steps = *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
    const auto violation = play(steps, true);
    if (violation) RC_FAIL(*violation);
  });
  REQUIRE(held);
  const auto violation = hunt(3000, true);
  INFO(violation.value_or("none"));
  REQUIRE_FALSE(violation.has_value());
}

TEST_CASE("each guard of the kept places and their bookings removed is noticed") {
  const auto guard =
      GENERATE(Guard::request_once, Guard::told_with_places, Guard::place_once, Guard::near_not_overtaken,
               Guard::passed_places_go, Guard::place_stays, Guard::late_stands_last, Guard::off_gives_up);
  const Removed removed(guard);
  CAPTURE(static_cast<unsigned>(guard));
  const auto violation = hunt(20000, true);
  INFO(violation.value_or("none"));
  CHECK(violation.has_value());
}
