// SPDX-License-Identifier: Apache-2.0
#include "kiosk/scan.hpp"

#include <catch2/catch.hpp>

using namespace machiai::kiosk;

namespace {

/// Types `text` and Enter with `gap_ms` between two keys.
std::optional<Scan> type(const std::string& text, std::int64_t gap_ms) {
  Keys keys;
  std::int64_t now = 1000;
  for (const char c : text) {
    Typed next = typed(std::move(keys), static_cast<unsigned char>(c), now += gap_ms);
    REQUIRE_FALSE(next.scan);
    keys = std::move(next.keys);
  }
  return typed(std::move(keys), enter_key, now + gap_ms).scan;
}

} // namespace

TEST_CASE("digits typed as fast as a scanner and ended by Enter are one card") {
  CHECK(type("0012734", 4) == Scan{Scan::Kind::card, "0012734"});
  CHECK(type("0012734", scan_gap_ms) == Scan{Scan::Kind::card, "0012734"});
}

TEST_CASE("what a hand types is no scan, also when its last keys were fast") {
  CHECK_FALSE(type("0012734", scan_gap_ms + 1));
  Keys keys = typed({}, '1', 0).keys;
  keys = typed(keys, '2', 500).keys;
  keys = typed(keys, '3', 505).keys;
  CHECK_FALSE(typed(keys, enter_key, 510).scan);
  CHECK_FALSE(type("12", 4));
  CHECK_FALSE(type("", 4));
  // An Enter that comes late ends nothing, and what follows begins anew.
  Typed late = typed(typed(typed(typed({}, '7', 0).keys, '8', 4).keys, '9', 8).keys, enter_key, 500);
  CHECK_FALSE(late.scan);
  CHECK(late.keys.text.empty());
}

TEST_CASE("a clock that steps back ends the scan instead of stretching it") {
  CHECK_FALSE(scanning(typed({}, '1', 1000).keys, 900));
}

TEST_CASE("absurd scans are one unknown scan: too long, or not printable ASCII") {
  CHECK(type(std::string(longest_scan, '1'), 4) == Scan{});
  CHECK(type(std::string(longest_scan + 1, '1'), 4) == Scan{});
  CHECK(type(std::string(4000, 'x'), 4) == Scan{});
  CHECK(type("12\x01"
             "345",
             4) == Scan{});
  CHECK(type("12\xe3"
             "345",
             4) == Scan{});
  Keys keys;
  for (int i = 0; i < 10'000; ++i) keys = typed(std::move(keys), 'x', 1).keys;
  CHECK(keys.text.size() <= longest_scan);
}

TEST_CASE("a card is digits of a sensible length, also in NW-7") {
  CHECK(read_scan("A0012734A") == Scan{Scan::Kind::card, "0012734"});
  CHECK(read_scan("b0012734d") == Scan{Scan::Kind::card, "0012734"});
  CHECK(read_scan(std::string(longest_card, '4')).kind == Scan::Kind::card);
  CHECK(read_scan(std::string(longest_card + 1, '4')).kind == Scan::Kind::unknown);
  CHECK(read_scan("12a4") == Scan{});
  CHECK(read_scan("E0012734E") == Scan{});
}

TEST_CASE("a ticket is its id or the token at the end of an address") {
  CHECK(read_scan("naika-20261124-36") == Scan{Scan::Kind::ticket, "naika-20261124-36"});
  CHECK(read_scan("naika-2-20261124-K3").kind == Scan::Kind::ticket);
  CHECK(read_scan("https://m.example.jp/t/Ab3_-x9Q2k") == Scan{Scan::Kind::token, "Ab3_-x9Q2k"});
  CHECK(type("https://m.example.jp:8443/f/minato#naika-20261124-W2.7", 4) ==
        Scan{Scan::Kind::ticket, "naika-20261124-W2.7"});
  // Typed for the other keyboard's signs.
  CHECK(read_scan("https'//m.example.jp/f/minato#naika-20261124-K3") ==
        Scan{Scan::Kind::ticket, "naika-20261124-K3"});
  CHECK(read_scan("https://m.example.jp/f/minato#naika") == Scan{});
  for (const char* other : {"-20261124-36", "naika-2026112-36", "naika-20261124-", "https://example.jp/",
                            "https://example.jp", "https://example.jp/t/a?b=cdefghij", "hello", "naika",
                            "20261124-36", "javascript:alert(1)//abcdefgh"}) {
    INFO(other);
    CHECK(read_scan(other) == Scan{});
  }
}
