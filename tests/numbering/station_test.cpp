// SPDX-License-Identifier: Apache-2.0
#include "core/numbering/station.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::numbering;

namespace {

/// The cloud's end; `greet` is one hello.
struct Door {
  Seat seat{};
  base::Instant now = base::instant_from_ms(1795651200000);

  std::string greet(const Hello& hello, std::uint64_t* lineage = nullptr) {
    const auto admitted = admit(seat, hello, now);
    if (!admitted) return admitted.error().reason;
    seat = admitted->next;
    if (lineage != nullptr) *lineage = admitted->welcome.lineage;
    return "";
  }
  bool hears(const std::string& nonce, std::uint64_t lineage) {
    const auto next = heard(seat, nonce, lineage, now);
    if (next) seat = *next;
    if (!next) why = next.error().reason;
    return next.has_value();
  }
  std::string why;
  void later(int seconds) { now += std::chrono::seconds{seconds}; }
};

} // namespace

TEST_CASE("a second machine with the same identity waits, and then is told that it is a copy") {
  Door door;
  REQUIRE(door.greet({0, 0, "first", 5, 0, ""}).empty());
  REQUIRE(door.greet({0, 0, "second", 5, 0, ""}) == "station_busy");
  REQUIRE(door.hears("first", 1));
  REQUIRE(door.greet({0, 0, "second", 5, 0, ""}) == "station_copied");
  door.later(60);
  REQUIRE(door.greet({0, 0, "second", 5, 0, ""}) == "station_copied");
  REQUIRE_FALSE(door.hears("second", 0));
}

TEST_CASE("a copy that comes while the original is off is served, and the original no more") {
  Door door;
  std::uint64_t lineage = 0;
  REQUIRE(door.greet({0, 0, "first", 5, 0, ""}, &lineage).empty());
  REQUIRE(door.hears("first", lineage));
  door.later(60);
  std::uint64_t of_copy = 0;
  REQUIRE(door.greet({0, lineage, "copy", 5, 0, ""}, &of_copy).empty());
  REQUIRE(door.hears("copy", of_copy));
  REQUIRE_FALSE(door.hears("first", lineage));
  door.later(60);
  REQUIRE(door.greet({0, lineage, "first", 5, 0, ""}) == "station_copied");
  REQUIRE(door.greet({0, of_copy, "copy", 5, 0, ""}).empty());
}

TEST_CASE("a link that another start has ended is told that it is a copy only when that is certain") {
  Door door;
  REQUIRE(door.greet({0, 0, "first", 5, 0, ""}).empty());
  REQUIRE(door.hears("first", 1));
  door.later(60); // it stood still meanwhile
  REQUIRE(door.greet({0, 1, "second", 5, 0, ""}).empty());
  // Nobody has stored the second one's lineage: it may have died with the welcome, and the first is the one.
  REQUIRE_FALSE(door.hears("first", 1));
  REQUIRE(door.why == "station_busy");
  door.later(60);
  REQUIRE(door.greet({0, 1, "first", 5, 0, ""}).empty());
  REQUIRE(door.hears("first", 3));
  REQUIRE_FALSE(door.hears("second", 2));
  REQUIRE(door.why == "station_copied");
}

TEST_CASE("a station gives no number when what it is told of itself cannot be a mistake") {
  for (const char* certain : {"station_copied", "station_replaced", "record_forked"})
    REQUIRE(gives_none(certain, {}));
  for (const char* passing : {"offline", "portal_answers", "certificate_refused", "certificate_revoked",
                              "prove_record", "bad_frame", "storage_read_only", ""})
    REQUIRE_FALSE(gives_none(passing, std::chrono::hours{24}));
  // An earlier start of its own is dead, and not taken for alive for longer than this.
  REQUIRE_FALSE(gives_none("station_busy", {}));
  REQUIRE_FALSE(gives_none("station_busy", 2 * station_lease + std::chrono::seconds{60}));
  REQUIRE(gives_none("station_busy", busy_limit));
}

TEST_CASE("a restart is served at once when its connection has ended, and after the lease otherwise") {
  Door door;
  REQUIRE(door.greet({0, 0, "a", 5, 0, ""}).empty());
  REQUIRE(door.hears("a", 1));
  door.seat = left(door.seat, "a");
  REQUIRE(door.greet({0, 1, "b", 5, 0, ""}).empty());
  REQUIRE(door.greet({0, 1, "c", 5, 0, ""}) == "station_busy");
  door.later(30);
  // The welcome to "b" was lost with it: the machine still has the lineage before.
  REQUIRE(door.greet({0, 1, "c", 5, 0, ""}).empty());
}

TEST_CASE("a machine must have what the cloud has from it") {
  Door door;
  door.seat.acked = 100;
  door.seat.hash = "h100";
  REQUIRE(door.greet({0, 0, "a", 99, 99, "h99"}) == "record_forked");
  REQUIRE(door.greet({0, 0, "a", 120, 120, "h120"}) == "prove_record");
  REQUIRE(door.greet({0, 0, "a", 120, 100, "other"}) == "record_forked");
  REQUIRE(door.greet({0, 0, "a", 120, 100, "h100"}).empty());
}

TEST_CASE("a machine that was given up is not heard any more") {
  Door door;
  REQUIRE(door.greet({0, 0, "old", 5, 0, ""}).empty());
  door.seat = replaced(door.seat);
  REQUIRE_FALSE(door.hears("old", 1));
  REQUIRE(door.greet({0, 1, "old", 5, 0, ""}) == "station_replaced");
  REQUIRE(door.greet({1, 0, "new", 0, 0, ""}).empty());
}
