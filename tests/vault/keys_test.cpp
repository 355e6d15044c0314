// SPDX-License-Identifier: Apache-2.0
// An item's key works for its content, on its station, until its right ends.
#include "tests/vault/room.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace machiai;
using namespace machiai::vault;
using namespace machiai::vault::test;

namespace {

const base::Instant ends = *base::parse_iso_instant("2026-12-31T23:59:59+09:00");
const base::Instant before = ends - base::Millis{1};

struct Wrapped : Place {
  std::filesystem::path path = dir / "film.key";
  Key station = random_key();
  Digest content = sha_of(some_content(10));
  ItemKey item = new_item_key(content, ends);
  Wrapped() { REQUIRE(keep_item_key(path, station, item)); }
  [[nodiscard]] std::string trouble(base::Instant now) const {
    const auto key = usable_item_key(path, station, content, now);
    return key ? "" : key.error().reason;
  }
};

} // namespace

TEST_CASE("a wrapped key comes back, and only its owner can read the file", "[keys]") {
  const Wrapped w;
  const auto key = load_item_key(w.path, w.station, w.content);
  REQUIRE(key);
  CHECK(key->key.bytes == w.item.key.bytes);
  CHECK(key->id == w.item.id);
  CHECK(key->expires == ends);
  struct stat told {};
  REQUIRE(::stat(w.path.c_str(), &told) == 0);
  CHECK((told.st_mode & 0777) == 0600);
  const Content raw = bytes_of(w.path);
  CHECK(std::search(raw.begin(), raw.end(), key->key.bytes.begin(), key->key.bytes.begin() + 8) == raw.end());
}

TEST_CASE("a key ends with the right", "[keys][control]") {
  const Wrapped w;
  CHECK(w.trouble(before).empty());
  CHECK(w.trouble(ends) == "right_ended");
  const Without guard(Guard::expiry);
  CHECK(w.trouble(ends).empty());
}

TEST_CASE("a key that never ends", "[keys]") {
  Wrapped w;
  w.item.expires = never;
  REQUIRE(keep_item_key(w.path, w.station, w.item));
  CHECK(w.trouble(ends).empty());
}

TEST_CASE("no bit of a wrapped key can be changed, its expiry least of all", "[keys]") {
  const Wrapped w;
  const Content whole = bytes_of(w.path);
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Content changed = whole;
    changed[bit / 8] = static_cast<unsigned char>(changed[bit / 8] ^ 1U << bit % 8);
    write_bytes(w.path, changed);
    CHECK_FALSE(w.trouble(before).empty());
  }
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_bytes(w.path, Content(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    CHECK(w.trouble(before) == "bad_item_key");
  }
}

TEST_CASE("another station's key, another content's key", "[keys]") {
  const Wrapped w;
  CHECK(load_item_key(w.path, random_key(), w.content).error().reason == "foreign_key");
  CHECK(load_item_key(w.path, w.station, sha_of(some_content(11))).error().reason == "bad_item_key");
  CHECK(load_item_key(w.dir / "none.key", w.station, w.content).error().reason == "missing_media");
}

TEST_CASE("the station's key is made once, for its owner alone, and a broken one is not replaced", "[keys]") {
  const Place place;
  const auto path = place.dir / "keys" / "station.key";
  const auto first = station_key(path);
  REQUIRE(first);
  CHECK(station_key(path)->bytes == first->bytes);
  struct stat told {};
  REQUIRE(::stat(path.c_str(), &told) == 0);
  CHECK((told.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator(path.parent_path()), {}) == 1);
  std::filesystem::resize_file(path, 31);
  CHECK(station_key(path).error().reason == "bad_station_key");
  CHECK(std::filesystem::file_size(path) == 31);
}
