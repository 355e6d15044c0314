// SPDX-License-Identifier: Apache-2.0
// What films may take of the disk, what goes first, and until when they may be played.
#include "core/store/media_rules.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::store;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
const base::Instant now = *base::parse_iso_instant("2026-12-10T09:00:00+09:00");

MediaSpace roomy() {
  return {20 * gib, 0, 200 * gib, 100 * gib, 100 * gib, true};
}

std::string trouble(const MediaSpace& space, std::uint64_t bytes) {
  const auto status = may_take(space, bytes);
  return status ? "" : status.error().reason;
}

programme::Loaded december(const char* item, std::string sha256, programme::Kind kind, const char* until) {
  programme::Loaded loaded;
  loaded.programme.id = "2026-12";
  loaded.programme.from = *base::parse_iso_date("2026-12-01");
  loaded.programme.to = *base::parse_iso_date("2026-12-31");
  loaded.programme.items.push_back({item, kind, "", "", std::move(sha256), 10, {}, ""});
  loaded.programme.items[0].rights.push_back({loaded.programme.from, *base::parse_iso_date(until), {}, {}});
  return loaded;
}

Evictable film(const char* name, int days_old, bool provided = true, bool ended = false) {
  return {name, 10, now - std::chrono::hours{24 * days_old}, ended, provided};
}

} // namespace

TEST_CASE("the ledger's reserve is 1 GiB or 5 %, whichever is more", "[media]") {
  CHECK(ledger_reserve(0) == gib);
  CHECK(ledger_reserve(20 * gib) == gib);
  CHECK(ledger_reserve(200 * gib) == 10 * gib);
}

TEST_CASE("films never take the ledger's reserve, to the byte", "[media]") {
  MediaSpace space = roomy();
  space.ledger_free = 11 * gib;
  CHECK(trouble(space, gib).empty());
  CHECK(trouble(space, gib + 1) == "media_reserve");
  space.ledger_free = 3 * gib; // somebody else took it
  CHECK(trouble(space, 1) == "media_reserve");
  CHECK(over_the_limits(space) == 7 * gib);
  space.one_disk = false;
  CHECK(trouble(space, gib).empty());
  CHECK(over_the_limits(space) == 0);
  space.media_free = 5;
  CHECK(trouble(space, 6) == "media_disk_full");
}

TEST_CASE("films keep within their quota", "[media]") {
  MediaSpace space = roomy();
  space.used = 20 * gib - 5;
  CHECK(trouble(space, 5).empty());
  CHECK(trouble(space, 6) == "media_quota");
  space.used = 21 * gib; // the quota was lowered
  CHECK(media_room(space) == 0);
  CHECK(over_the_limits(space) == gib);
}

TEST_CASE("a film is needed by each programme that is not over", "[media]") {
  const auto loaded = december("teeth", "aa", programme::Kind::provided, "2026-12-31");
  const Needed needed = needed_media({loaded, loaded}, {*base::parse_iso_date("2026-12-31")});
  REQUIRE(needed.contains("aa"));
  CHECK(needed.at("aa") == std::vector<NeededBy>{{"2026-12", "teeth"}});
  CHECK(needed_media({loaded}, {*base::parse_iso_date("2027-01-01")}).empty());
}

TEST_CASE("a key ends at the midnight after the last day of the last right", "[media]") {
  const auto first = december("teeth", "aa", programme::Kind::provided, "2026-12-20");
  const auto second = december("teeth", "aa", programme::Kind::ad, "2026-12-15");
  CHECK(right_ends({first, second}, "aa") == base::parse_iso_instant("2026-12-21T00:00:00+09:00"));
  CHECK_FALSE(right_ends({first}, "bb"));
  CHECK_FALSE(right_ends({december("closure", "aa", programme::Kind::notice, "2026-12-15")}, "aa"));
}

TEST_CASE("what has ended goes first, then what can be fetched again, the clinic's own last", "[media]") {
  const std::vector<Evictable> films{film("own", 40, false), film("new", 1), film("old", 9),
                                     film("over", 2, true, true), film("fresh", 29, false)};
  CHECK(plan_eviction(films, {}, 1, now) == std::vector<std::string>{"over"});
  CHECK(plan_eviction(films, {}, 30, now) == std::vector<std::string>{"over", "old", "new"});
  CHECK(plan_eviction(films, {}, 31, now) == std::vector<std::string>{"over", "old", "new", "own"});
  CHECK(plan_eviction(films, {}, 1000, now).size() == 4); // the clinic's fresh one stays all the same
  CHECK(plan_eviction(films, {}, 0, now).empty());
}

TEST_CASE("what a programme needs is never given up", "[media]") {
  const Needed needed{{"old", {{"2026-12", "teeth"}}}};
  CHECK(plan_eviction({film("old", 9), film("new", 1)}, needed, 1000, now) ==
        std::vector<std::string>{"new"});
}
