// SPDX-License-Identifier: Apache-2.0
// Programmes come signed, whole, for this facility and in order, or not at all.
#include "core/store/programmes.hpp"
#include "core/wire/programme.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

using namespace machiai;
using namespace machiai::store;

namespace {

const base::Instant now = *base::parse_iso_instant("2026-11-20T09:00:00+09:00");

struct Clinic {
  Home home;
  std::string key;
  Clinic() {
    std::string name = (std::filesystem::temp_directory_path() / "machiai-programmes-XXXXXX").string();
    home.dir = ::mkdtemp(name.data());
    key = *make_provider_key(home);
  }
  Clinic(const Clinic&) = delete;
  Clinic& operator=(const Clinic&) = delete;
  ~Clinic() { std::filesystem::remove_all(home.dir); }

  [[nodiscard]] std::string reason(std::string_view text, base::Instant when = now) const {
    const auto taken = take_programme(home, "minato", text, when);
    return taken ? "" : taken.error().reason;
  }
};

std::string document(int version = 1, const char* id = "2026-12", const char* from = "2026-12-01",
                     const char* to = "2026-12-31", const char* facility = "minato",
                     const char* deadline = "2026-11-25T18:00:00+09:00") {
  return R"({"format":1,"facility":")" + std::string(facility) + R"(","programme":")" + id +
         R"(","version":)" + std::to_string(version) + R"(,"period":{"from":")" + from + R"(","to":")" + to +
         R"("},"deadline":")" + deadline +
         R"(","items":[{"id":"film","kind":"provided","title":"歯 \"A\"",)"
         R"("sha256":")" +
         std::string(64, 'a') +
         R"(","seconds":60,"rights":[{"from":"2026-01-01","to":"2027-12-31"}]}],)"
         R"("slots":[{"id":"day","from":"8:30","to":"24:00","days":["mon","holiday"],"items":["film"]}]})";
}

} // namespace

TEST_CASE("a signed programme is taken in, and read again after a restart") {
  const Clinic clinic;
  const auto text = signed_programme(clinic.home, document());
  REQUIRE(text);
  CHECK(clinic.reason(*text).empty());
  const auto shelf = load_programmes(clinic.home, "minato");
  REQUIRE(shelf->loaded.size() == 1);
  CHECK(shelf->loaded[0].programme.items[0].title == "歯 \"A\"");
  CHECK(shelf->loaded[0].programme.slots[0].hours.to == 1440);
  CHECK_FALSE(shelf->loaded[0].review.approved);
  REQUIRE(approve_programme(clinic.home, "minato", "", "sato", now));
  CHECK(load_programmes(clinic.home, "minato")->loaded[0].review.by == "sato");
}

TEST_CASE("what is forged, foreign, old, replayed or in the way is refused with its reason") {
  const Clinic clinic;
  const auto sign = [&](const std::string& text) { return *signed_programme(clinic.home, text); };
  CHECK(clinic.reason(document()) == "not_signed");
  std::string forged = sign(document());
  forged.replace(forged.find("\"seconds\": 60"), 13, "\"seconds\": 61");
  CHECK(clinic.reason(forged) == "bad_signature");
  const Clinic stranger;
  CHECK(clinic.reason(*signed_programme(stranger.home, document())) == "untrusted_key");
  CHECK(clinic.reason(sign(document(1, "2026-12", "2026-12-01", "2026-12-31", "elsewhere"))) == "foreign");
  CHECK(clinic.reason(sign(document(1, "old", "2026-10-01", "2026-10-31"))) == "expired");
  CHECK(clinic.reason(sign(document(2))).empty());
  CHECK(clinic.reason(sign(document(2))) == "replayed");
  CHECK(clinic.reason(sign(document(1))) == "replayed");
  CHECK(clinic.reason(sign(document(3))).empty());
  CHECK(clinic.reason(sign(document(1, "other", "2026-12-31", "2027-01-31"))) == "period_overlaps");
  CHECK(clinic.reason(sign(document(1, "other", "2027-01-01", "2027-01-31"))).empty());
  CHECK(clinic.reason(std::string(2 << 20, ' ')) == "programme_too_large");
}

TEST_CASE("the signature covers every byte that means something") {
  const Clinic clinic;
  const std::string good = *signed_programme(clinic.home, document());
  REQUIRE(check_programme(clinic.home, "minato", good));
  // A copy with other white space and order is the same document.
  std::string spaced = good;
  spaced.insert(spaced.find('\n'), "   ");
  CHECK(check_programme(clinic.home, "minato", spaced));
  int accepted = 0;
  for (std::size_t length = 0; length < good.size() - 2; ++length)
    accepted += check_programme(clinic.home, "minato", good.substr(0, length)) ? 1 : 0;
  CHECK(accepted == 0);
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const unsigned bit : {0U, 3U, 6U}) {
      std::string flipped = good;
      flipped[at] = static_cast<char>(static_cast<unsigned char>(flipped[at]) ^ (1U << bit));
      const auto checked = check_programme(clinic.home, "minato", flipped);
      // What still passes must be the very document: only white space has changed.
      if (checked) CHECK(wire::readable(boost::json::parse(flipped).as_object()) == good);
    }
}

TEST_CASE("a file changed on the disk is left out and told; the others are read") {
  const Clinic clinic;
  REQUIRE(clinic.reason(*signed_programme(clinic.home, document(1))).empty());
  REQUIRE(clinic.reason(*signed_programme(clinic.home, document(2))).empty());
  const auto file = clinic.home.programmes() / "2026-12.v2.json";
  std::string text = *read_file(file);
  text.replace(text.find("2026-12-31"), 10, "2026-12-30");
  REQUIRE(write_durable_file(file, text));
  const auto shelf = load_programmes(clinic.home, "minato");
  REQUIRE(shelf->loaded.size() == 1);
  CHECK(shelf->loaded[0].programme.version == 1);
  REQUIRE(shelf->refused.size() == 1);
  CHECK(shelf->refused[0] == std::pair<std::string, std::string>{"2026-12.v2.json", "bad_signature"});
}

TEST_CASE("the decision is about the newest version whose deadline is ahead, and is kept") {
  const Clinic clinic;
  REQUIRE(clinic.reason(*signed_programme(clinic.home, document(1))).empty());
  REQUIRE(clinic.reason(*signed_programme(clinic.home, document(2))).empty());
  CHECK(approve_programme(clinic.home, "minato", "none", "cli", now).error().reason == "unknown_programme");
  CHECK(swap_item(clinic.home, "minato", "", {"", "film", "none"}, now).error().reason == "unknown_item");
  const auto review = approve_programme(clinic.home, "minato", "", "cli", now);
  REQUIRE(review);
  CHECK(review->version == 2);
  const auto late = *base::parse_iso_instant("2026-11-25T18:00:00+09:00");
  REQUIRE(clinic.reason(*signed_programme(clinic.home, document(3))).empty());
  CHECK(approve_programme(clinic.home, "minato", "", "cli", late).error().reason == "deadline_passed");
  CHECK(load_programmes(clinic.home, "minato")->loaded.size() == 3);
  REQUIRE(write_durable_file(clinic.home.programmes() / "reviews.json", "{"));
  const auto shelf = load_programmes(clinic.home, "minato");
  REQUIRE(shelf);
  CHECK(shelf->loaded.size() == 3);
  CHECK_FALSE(shelf->loaded[1].review.approved);
  CHECK(shelf->refused == std::vector{std::pair<std::string, std::string>{"reviews.json", "bad_reviews"}});
  CHECK(approve_programme(clinic.home, "minato", "", "cli", now).error().reason == "bad_reviews");
  CHECK(swap_item(clinic.home, "minato", "", {"", "film", "none"}, now).error().reason == "bad_reviews");
}

TEST_CASE("without a name the next is approved that waits for it, and whose deadline has not passed") {
  const Clinic clinic;
  const auto enter = [&](int version, const char* id, const char* from, const char* to,
                         const char* deadline) {
    const auto text = signed_programme(clinic.home, document(version, id, from, to, "minato", deadline));
    REQUIRE(clinic.reason(*text).empty());
  };
  const auto approved = [&](const char* id) {
    const auto review = approve_programme(clinic.home, "minato", id, "sato", now);
    return review ? review->programme + " v" + std::to_string(review->version) : review.error().reason;
  };
  constexpr auto over = "2026-11-19T18:00:00+09:00", soon = "2026-11-25T18:00:00+09:00",
                 later = "2026-12-25T18:00:00+09:00";
  enter(2, "2026-12", "2026-12-01", "2026-12-31", soon);
  enter(3, "2026-12", "2026-12-01", "2026-12-31", soon);
  enter(1, "2027-01", "2027-01-01", "2027-01-31", later);
  CHECK(approved("") == "2026-12 v3");
  // December waits for nothing any more, and its older version is none that was left out.
  CHECK(approved("") == "2027-01 v1");
  CHECK(approved("") == "approved_already");
  CHECK(approved("2026-12") == "approved_already");
  enter(4, "2026-12", "2026-12-01", "2026-12-31", over);
  CHECK(approved("2026-12") == "deadline_passed");
  enter(5, "2026-12", "2026-12-01", "2026-12-31", soon);
  enter(6, "2026-12", "2026-12-01", "2026-12-31", over);
  CHECK(approved("2026-12") == "2026-12 v5");
}

TEST_CASE("a key is made once and read back only whole") {
  const Clinic clinic;
  CHECK(make_provider_key(clinic.home).error().reason == "key_exists");
  CHECK(trust_provider(clinic.home, "AAAA").error().reason == "bad_public_key");
  CHECK(*trust_provider(clinic.home, *read_file(clinic.home.keys() / "provider.pub")) == clinic.key);
  REQUIRE(write_durable_file(clinic.home.keys() / "provider.key", "broken"));
  CHECK(signed_programme(clinic.home, document()).error().reason == "no_key");
}
