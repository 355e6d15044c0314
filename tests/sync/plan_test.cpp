// SPDX-License-Identifier: Apache-2.0
#include "sync/plan.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::sync;

TEST_CASE("events go up in order, a frame at a time, until the window is full") {
  Progress p{10, 10, 200};
  REQUIRE(plan_sync(p, 100, 64) == Range{11, 74});
  p.sent = 74;
  REQUIRE(plan_sync(p, 100, 64) == Range{75, 110});
  p.sent = 110;
  REQUIRE_FALSE(plan_sync(p, 100, 64).has_value());
  p.acked = 74;
  REQUIRE(plan_sync(p, 100, 64) == Range{111, 174});
  p = {200, 200, 200};
  REQUIRE_FALSE(plan_sync(p, 100, 64).has_value());
  // A new connection begins where the cloud says, whatever was sent on the old one.
  REQUIRE(plan_sync({10, 0, 12}, 100, 64) == Range{11, 12});
}

TEST_CASE("every event goes up once, whatever the acknowledgements are") {
  for (std::uint64_t step = 1; step < 40; ++step) {
    Progress p{0, 0, 1000};
    std::uint64_t next = 1;
    while (p.acked < p.durable) {
      if (const auto range = plan_sync(p, 100, 64)) {
        REQUIRE(range->from == next);
        REQUIRE(range->to >= range->from);
        next = range->to + 1;
        p.sent = range->to;
      }
      p.acked = std::min(p.sent, p.acked + step);
    }
    REQUIRE(next == 1001);
  }
}

TEST_CASE("the pauses double up to a minute and are spread") {
  REQUIRE(back_off(0, 0.0) == base::Millis{250});
  REQUIRE(back_off(0, 0.999) < base::Millis{500});
  REQUIRE(back_off(3, 0.0) == base::Millis{2000});
  for (const unsigned attempt : {7U, 20U, 4'000'000'000U}) {
    REQUIRE(back_off(attempt, 0.0) == base::Millis{30'000});
    REQUIRE(back_off(attempt, 0.999) <= base::Millis{60'000});
  }
}

TEST_CASE("a silent link is pinged and given up within 30 s") {
  const Steady start{std::chrono::hours{1}};
  const auto at = [&](int s) { return start + std::chrono::seconds{s}; };
  REQUIRE(plan_beat(at(0), at(0), at(7)) == Beat::wait);
  REQUIRE(plan_beat(at(0), at(0), at(8)) == Beat::ping);
  REQUIRE(plan_beat(at(0), at(8), at(10)) == Beat::wait);
  REQUIRE(plan_beat(at(0), at(16), at(25)) == Beat::dead);
  REQUIRE(plan_beat(at(20), at(16), at(25)) == Beat::wait);
}
