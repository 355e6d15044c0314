// SPDX-License-Identifier: Apache-2.0
// The staff's PINs, how wrong ones are borne, and the access log.
#include "core/store/staff.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace machiai;
using namespace machiai::store;
using namespace std::chrono_literals;

namespace {

const PinLocks::Moment start{std::chrono::hours{1}};

struct Scratch {
  Home home;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "machiai-staff-XXXXXX").string();
    home.dir = ::mkdtemp(name.data());
    std::filesystem::create_directories(home.dir / "data");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(home.dir); }
};

} // namespace

TEST_CASE("a PIN is four to eight digits") {
  for (const char* good : {"0000", "1234", "12345678"}) CHECK(is_pin(good));
  for (const char* bad : {"", "123", "123456789", "12a4", " 1234", "１２３４"}) CHECK_FALSE(is_pin(bad));
}

TEST_CASE("a PIN is kept as Argon2id and found again") {
  const auto hash = pin_hash("4711");
  REQUIRE(hash);
  CHECK(hash->rfind("$argon2id$", 0) == 0);
  CHECK(pin_matches(*hash, "4711"));
  CHECK_FALSE(pin_matches(*hash, "4712"));
  CHECK_FALSE(pin_matches("", "4711"));
  CHECK(*pin_hash("4711") != *hash); // salted
}

TEST_CASE("the fifth wrong PIN in a row closes that person's log-in, and only that") {
  PinLocks locks;
  for (int i = 0; i < 4; ++i) locks.wrong("sato", start);
  CHECK(locks.rest("sato", start) == 0s);
  SECTION("a right one in between forgives them") {
    locks.right("sato");
    locks.wrong("sato", start);
    CHECK(locks.rest("sato", start) == 0s);
  }
  SECTION("the next one does it, for longer each time, five minutes at most") {
    locks.wrong("sato", start);
    CHECK(locks.rest("sato", start) == 60s);
    CHECK(locks.rest("sato", start + 59s) == 1s);
    CHECK(locks.rest("sato", start + 60s) == 0s);
    CHECK(locks.rest("tanaka", start) == 0s);
    locks.wrong("sato", start + 60s);
    CHECK(locks.rest("sato", start + 60s) == 120s);
    for (int i = 0; i < 40; ++i) locks.wrong("sato", start + 60s);
    CHECK(locks.rest("sato", start + 60s) == 300s);
  }
}

TEST_CASE("staff survive a restart; a broken list is told, not taken for an empty one") {
  const Scratch scratch;
  REQUIRE(load_staff(scratch.home)->empty());
  REQUIRE(write_durable_file(scratch.home.staff(), staff_text({{"sato", "佐藤", "$argon2id$x"}})));
  const auto people = load_staff(scratch.home);
  REQUIRE(people);
  REQUIRE(people->size() == 1);
  CHECK(people->front().name == "佐藤");
  struct stat status {};
  REQUIRE(::stat(scratch.home.staff().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  for (const char* text : {"", "{", R"({"people":1})", R"({"people":[7]})", R"({"people":[{"id":"a"}]})"}) {
    REQUIRE(write_durable_file(scratch.home.staff(), text));
    const auto broken = load_staff(scratch.home);
    REQUIRE_FALSE(broken);
    CHECK(broken.error().reason == "bad_staff");
  }
}

TEST_CASE("the access log is read by dates over the end of a month") {
  const Scratch scratch;
  const base::Date last{20'787}; // 2026-11-30
  REQUIRE(base::iso_date(last) == "2026-11-30");
  for (int day = -1; day <= 1; ++day)
    REQUIRE(note_access(scratch.home, {base::at_minute({last.days + day}, 600), "sato", "desk-1", "why",
                                       "naika-20261130-" + std::to_string(day + 2)}));
  {
    std::ofstream torn(scratch.home.access() / "2026-12.jsonl", std::ios::app);
    torn << R"({"at":17641)";
  }
  const auto two = read_access(scratch.home, last, {last.days + 1}, 100);
  REQUIRE(two);
  REQUIRE(two->size() == 2);
  CHECK(two->front().about == "naika-20261130-2");
  CHECK(two->front().person == "sato");
  const auto newest = read_access(scratch.home, {last.days - 1}, {last.days + 1}, 1);
  REQUIRE(newest->size() == 1);
  CHECK(newest->front().about == "naika-20261130-3");
  CHECK(read_access(scratch.home, {last.days - 60}, {last.days - 50}, 10)->empty());
}
