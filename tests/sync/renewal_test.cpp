// SPDX-License-Identifier: Apache-2.0
#include "sync/renewal.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string>

using namespace machiai;
using namespace machiai::sync;

namespace {

constexpr std::chrono::hours day{24};
const base::Instant start = base::instant_from_ms(1'800'000'000'000);
const Life quarter{start, start + 90 * day};

bool due(base::Instant now, RenewalTries tries = {}, double spread = 0, bool trusted = true) {
  return renewal_due(quarter, spread, tries, now, trusted);
}

} // namespace

TEST_CASE("a certificate is renewed from two thirds of its life on, until it ends") {
  CHECK_FALSE(due(start));
  CHECK_FALSE(due(start + 60 * day - base::Millis{1}));
  CHECK(due(start + 60 * day));
  CHECK(due(start + 90 * day - base::Millis{1}));
  CHECK_FALSE(due(start + 90 * day)); // the cloud would refuse it
  CHECK_FALSE(due(start + 200 * day));
  // Of whatever length.
  const Life hour{start, start + std::chrono::hours{1}};
  CHECK_FALSE(renewal_due(hour, 0, {}, start + std::chrono::minutes{39}, true));
  CHECK(renewal_due(hour, 0, {}, start + std::chrono::minutes{40}, true));
}

TEST_CASE("the spread puts a renewal off by a week at most, long before the desk is told") {
  CHECK(renewed_from(quarter, 0) == start + 60 * day);
  CHECK_FALSE(due(start + 67 * day, {}, 0.999));
  CHECK(due(start + 68 * day, {}, 0.999));
  CHECK(renewed_from(quarter, 0.999) < start + 76 * day);
}

TEST_CASE("clinics that enrolled together do not renew together") {
  std::array<int, 100> bins{};
  for (int n = 0; n < 30'000; ++n) {
    const double spread = spread_of("clinic-" + std::to_string(n));
    REQUIRE(spread >= 0);
    REQUIRE(spread < 1);
    ++bins.at(static_cast<std::size_t>(spread * 100));
  }
  // 300 expected in each hundredth of the week; a spread that is none would put all into one.
  for (const int count : bins) {
    CHECK(count > 200);
    CHECK(count < 400);
  }
  CHECK(spread_of("minato") == spread_of("minato"));
  CHECK(spread_of("a") != spread_of("b"));
}

TEST_CASE("a clock that is wrong renews nothing") {
  CHECK(due(start + 70 * day, {}, 0, true));
  CHECK_FALSE(due(start + 70 * day, {}, 0, false));
}

TEST_CASE("after a failure it is tried again, minutes later at first and hours later in the end") {
  CHECK(renewal_pause(1, 0) == std::chrono::minutes{1});
  CHECK(renewal_pause(1, 0.999) < std::chrono::minutes{2});
  CHECK(renewal_pause(4, 0) == std::chrono::minutes{8});
  for (const unsigned failed : {9U, 50U, 4'000'000'000U}) {
    CHECK(renewal_pause(failed, 0) == std::chrono::hours{3});
    CHECK(renewal_pause(failed, 0.999) <= std::chrono::hours{6});
  }
  CHECK(renewal_pause(0, 0) == renewal_pause(1, 0));
  const base::Instant tried = start + 65 * day;
  CHECK_FALSE(due(tried + std::chrono::seconds{59}, {1, tried}));
  CHECK(due(tried + std::chrono::seconds{60}, {1, tried}));
  CHECK_FALSE(due(tried + std::chrono::minutes{7}, {4, tried}));
  CHECK(due(tried + std::chrono::minutes{8}, {4, tried}));
  // Without a failure the instant says nothing.
  CHECK(due(tried, {0, tried}));
  // The clock was set back, or right again: no waiting for an instant that is far ahead.
  CHECK(due(tried, {9, tried + 20 * day}));
}

TEST_CASE("the end is told two weeks before, once renewing has had its time") {
  CHECK_FALSE(ends_soon(quarter, start + 76 * day - base::Millis{1}));
  CHECK(ends_soon(quarter, start + 76 * day));
  CHECK(ends_soon(quarter, start + 90 * day - base::Millis{1}));
  CHECK_FALSE(ends_soon(quarter, start + 90 * day)); // then its refusal is told
  // A short one is not late before it is due.
  const Life short_one{start, start + 6 * day};
  CHECK_FALSE(ends_soon(short_one, start + 4 * day));
  CHECK(ends_soon(short_one, start + 5 * day));
}
