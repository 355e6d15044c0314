// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.hpp"
#include "core/base/easy.hpp"
#include "core/base/pii.hpp"
#include "core/base/text.hpp"

#include <catch2/catch.hpp>

#include <sstream>

using namespace machiai::base;

namespace {

Instant at(const char* date, int minute) {
  return at_minute(*parse_iso_date(date), minute);
}

template <class T>
concept Streams = requires(std::ostream& out, const T& value) {
  out << value;
};

} // namespace

TEST_CASE("a date is Japan's, not UTC's") {
  REQUIRE(iso_date(civil_date(instant_from_ms(0))) == "1970-01-01");
  REQUIRE(iso_date(civil_date(at("2026-11-24", 0))) == "2026-11-24");
  REQUIRE(iso_date(civil_date(at("2026-11-24", 0) - Millis{1})) == "2026-11-23");
  REQUIRE(clock_text(at("2026-11-24", 9 * 60 + 5)) == "9:05");
  REQUIRE(iso_instant(at("2026-11-24", 24 * 60)) == "2026-11-25T00:00:00.000+09:00");
}

TEST_CASE("every date of ten years goes to text and back") {
  for (int day = parse_iso_date("2024-01-01")->days; day < parse_iso_date("2034-01-01")->days; ++day) {
    const Date date{day};
    REQUIRE(parse_iso_date(iso_date(date)) == date);
    REQUIRE(civil_date(at_minute(date, 0)) == date);
    REQUIRE(civil_date(at_minute(date, 1439)) == date);
  }
  REQUIRE(weekday(*parse_iso_date("2026-11-23")) == 1);
}

TEST_CASE("what is no date is none") {
  for (const char* text :
       {"", "2026-02-30", "2026-13-01", "2026/11/24", "26-11-24", "2026-1-024", "abcd-ef-gh"})
    REQUIRE_FALSE(parse_iso_date(text).has_value());
}

TEST_CASE("names of every script pass, misleading characters do not") {
  for (const char* good : {"", "山田 太郎", "Nguyễn Văn An", "김철수", "Zoë O'Neil", "𠮷野家", "<b>&amp;%s"})
    REQUIRE(check_text(good, 64));
  for (const char* bad : {"a\tb", "a\x1b[31m", "\u202eabc", "a\u200bb", "\u2066x", "\ufeff", "\xc0\xaf",
                          "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe3\x81", "\u0085"})
    REQUIRE(check_text(bad, 64).error().reason == "bad_text");
}

TEST_CASE("a name may say which shape of a character it is written with, and only of one that has several") {
  for (const char* good : {"葛\U000E0100城", "辻\U000E0101", "𠮷\U000E0100野", "﨑\U000E0102", "葛\ufe00城"})
    REQUIRE(check_text(good, 64));
  for (const char* bad :
       {"\U000E0100", "a\U000E0100", "あ\U000E0100", "葛\U000E0100\U000E0101", "葛\U000E0001"})
    REQUIRE(check_text(bad, 64).error().reason == "bad_text");
  REQUIRE(is_blank("\ufe0f "));
}

TEST_CASE("length counts characters, and a huge text is refused at once") {
  std::string name;
  for (int i = 0; i < 64; ++i) name += "あ";
  REQUIRE(check_text(name, 64));
  REQUIRE(check_text(name + "あ", 64).error().reason == "name_too_long");
  for (const char* nothing : {"", " ", "　", "\u00a0", "\u3164 ", "\u2003"}) REQUIRE(is_blank(nothing));
  for (const char* something : {"あ", " x", "　み", "\xff"}) REQUIRE_FALSE(is_blank(something));
  REQUIRE(check_text(std::string(10'000'000, 'x'), 64).error().reason == "name_too_long");
}

TEST_CASE("keys and ids are plain") {
  REQUIRE(is_key("a-1/Z~"));
  REQUIRE_FALSE(is_key(""));
  REQUIRE_FALSE(is_key("a b"));
  REQUIRE_FALSE(is_key("あ"));
  REQUIRE_FALSE(is_key(std::string(65, 'a')));
  REQUIRE(is_plain_id("kiosk-1", 32));
  REQUIRE_FALSE(is_plain_id("../x", 32));
}

TEST_CASE("personal data cannot be streamed") {
  STATIC_REQUIRE(Streams<std::string>);
  STATIC_REQUIRE_FALSE(Streams<Pii<std::string>>);
  REQUIRE(Pii<std::string>("canary").reveal() == "canary");
}

TEST_CASE("an instant is read as ISO 8601 writes it, in Japan's time when no offset stands there") {
  const auto ms = [](const char* text) {
    const auto instant = parse_iso_instant(text);
    return instant ? to_ms(*instant) : -1;
  };
  const std::int64_t expected = 1'764'000'000'000; // 2025-11-24T16:00:00Z
  CHECK(ms("2025-11-25T01:00:00+09:00") == expected);
  CHECK(ms("2025-11-25T01:00") == expected);
  CHECK(ms("2025-11-24T16:00:00Z") == expected);
  CHECK(ms("2025-11-24 16:00:00.25Z") == expected + 250);
  CHECK(ms("2025-11-24T11:00:00-05:00") == expected);
  CHECK(ms("2025-11-24T11:00:00-0500") == expected);
  CHECK(ms("2025-11-24t16:00:00,25z") == expected + 250);
  CHECK(ms("2025-11-25") == expected - 3'600'000);
  CHECK(ms("20251124T160000Z") == expected);
  CHECK(ms("20251125T010000.25+0900") == expected + 250);
  CHECK(ms("20251125T0100") == expected);
  CHECK(ms("20251125T01") == expected);
  CHECK(ms("2025-11-25T01") == expected);
  CHECK(ms("2025-11-24T16Z") == expected);
  CHECK(ms("20251125") == expected - 3'600'000);
  CHECK(ms("2025-11-24T24:00") == ms("2025-11-25T00:00"));
  CHECK(iso_instant(*parse_iso_instant("2025-11-25T01:00:07.120+09:00")) == "2025-11-25T01:00:07.120+09:00");
  for (const char* bad : {"",
                          "2025-11-5",
                          "2025-11-25T",
                          "2025-11-25T24:00:01Z",
                          "2025-11-25T24:01Z",
                          "2025-11-25T25:00Z",
                          "2025-11-25T01:60:00Z",
                          "2025-11-25T01:00:60Z",
                          "2025-02-30T01:00:00Z",
                          "2025-11-25T01:00:00+25:00",
                          "2025-11-25T01:00:00Zjunk",
                          "2025-11-25T01:00:00.",
                          "2025-11-25T0100",
                          "20251125T01:00",
                          "20251125T1",
                          "2025112",
                          "202511250100",
                          "2025-1125",
                          "20251325T01",
                          "2025-11-25T01:",
                          "20251125T01000",
                          "2025-11-25T01:00.5",
                          "yesterday"})
    CHECK_FALSE(parse_iso_instant(bad).has_value());
}

TEST_CASE("Easy Japanese counts people, minutes and days as they are said") {
  CHECK(easy_people(1) == "ひとり");
  CHECK(easy_people(2) == "ふたり");
  CHECK(easy_people(11) == "11にん");
  for (const int minutes : {0, 1, 3, 4, 6, 8, 10, 30, 101}) CHECK(easy_minutes_unit(minutes) == "ぷん");
  for (const int minutes : {2, 5, 7, 9, 12, 45}) CHECK(easy_minutes_unit(minutes) == "ふん");
  CHECK(easy_day(1) == "ついたち");
  CHECK(easy_day(4) == "よっか");
  CHECK(easy_day(10) == "とおか");
  CHECK(easy_day(11) == "11にち");
  CHECK(easy_day(14) == "じゅうよっか");
  CHECK(easy_day(20) == "はつか");
  CHECK(easy_day(24) == "にじゅうよっか");
}
