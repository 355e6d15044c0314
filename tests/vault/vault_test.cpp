// SPDX-License-Identifier: Apache-2.0
// A vault gives back exactly what was put in, anywhere in it, or says that it cannot.
#include "tests/vault/room.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>

using namespace machiai;
using namespace machiai::vault;
using namespace machiai::vault::test;

namespace {

constexpr std::size_t three_chunks = 2 * chunk_size + 12345;

struct Sealed : Place {
  std::filesystem::path path = dir / "film.vault";
  ItemKey item = new_item_key({}, never);
  Content content;

  explicit Sealed(std::size_t size = three_chunks) : content(some_content(size)) {
    auto writer = Writer::create(path, item.key, item.id);
    REQUIRE(writer);
    REQUIRE(writer->append(content));
    REQUIRE(writer->finish());
  }
  [[nodiscard]] base::Result<Reader> open() const { return Reader::open(path, item.key, sha_of(content)); }
  /// "" when it opens and all of it verifies, else the reason.
  [[nodiscard]] std::string trouble() const {
    auto reader = open();
    if (!reader) return reader.error().reason;
    const auto verified = reader->verify();
    return verified ? "" : verified.error().reason;
  }
  /// What a deck would get: all bytes, or nothing.
  [[nodiscard]] std::optional<Content> played() const {
    auto reader = open();
    if (!reader) return std::nullopt;
    Content all(reader->size());
    if (!reader->read(0, all)) return std::nullopt;
    return all;
  }
  void change(std::size_t at, unsigned char bits) const {
    Content bytes = bytes_of(path);
    bytes[at] ^= bits;
    write_bytes(path, bytes);
  }
  /// Two whole chunks change their places.
  void swap_chunks() const {
    Content bytes = bytes_of(path);
    const auto first = bytes.begin() + header_size;
    const auto length = static_cast<std::ptrdiff_t>(chunk_size + chunk_extra);
    std::swap_ranges(first, first + length, first + length);
    write_bytes(path, bytes);
  }
};

} // namespace

TEST_CASE("content comes back whole, of every length around a chunk's border", "[vault]") {
  for (const std::size_t size : {std::size_t{1}, chunk_size - 1, chunk_size, chunk_size + 1, three_chunks}) {
    const Sealed sealed(size);
    CHECK(sealed.trouble().empty());
    CHECK(sealed.played() == sealed.content);
    CHECK(std::filesystem::file_size(sealed.path) == vault_size(size));
    CHECK_FALSE(std::filesystem::exists(sealed.path.string() + ".part"));
  }
}

TEST_CASE("not a line of the content can be read off the disk", "[vault]") {
  Sealed sealed(1);
  Content plain(three_chunks, 'A');
  auto writer = Writer::create(sealed.path, sealed.item.key, sealed.item.id);
  REQUIRE(writer->append(plain));
  REQUIRE(writer->finish());
  const Content raw = bytes_of(sealed.path);
  const Content run(8, 'A');
  CHECK(std::search(raw.begin(), raw.end(), run.begin(), run.end()) == raw.end());
}

TEST_CASE("a deck can seek: any stretch, also over borders and past the end", "[vault]") {
  const Sealed sealed;
  auto reader = sealed.open();
  REQUIRE(reader);
  std::mt19937 random(7);
  for (int n = 0; n < 300; ++n) {
    const std::size_t from = random() % (three_chunks + 100);
    Content room(1 + random() % (n % 2 == 0 ? 100 : chunk_size + 50));
    const auto got = reader->read(from, room);
    REQUIRE(got);
    const std::size_t expected = from >= three_chunks ? 0 : std::min(room.size(), three_chunks - from);
    REQUIRE(*got == expected);
    CHECK(std::equal(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*got),
                     sealed.content.begin() + static_cast<std::ptrdiff_t>(std::min(from, three_chunks))));
  }
  Content room(20);
  for (const std::size_t border : {chunk_size, 2 * chunk_size}) {
    REQUIRE(reader->read(border - 10, room));
    CHECK(std::equal(room.begin(), room.end(),
                     sealed.content.begin() + static_cast<std::ptrdiff_t>(border) - 10));
  }
}

TEST_CASE("every kind of truncation is found when it is opened, and so is what was added", "[vault]") {
  const Sealed sealed;
  const Content whole = bytes_of(sealed.path);
  std::vector<std::size_t> lengths{0, 1, header_size - 1, header_size, header_size + 1, whole.size() - 1};
  for (std::size_t chunk = 1; chunk <= 2; ++chunk)
    for (const int off : {-1, 0, 1})
      lengths.push_back(header_size + chunk * (chunk_size + chunk_extra) + static_cast<std::size_t>(off));
  for (std::size_t length = 0; length < whole.size(); length += 997) lengths.push_back(length);
  for (const std::size_t length : lengths) {
    write_bytes(sealed.path, Content(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    const auto reader = sealed.open();
    REQUIRE_FALSE(reader);
    CHECK(reader.error().reason == "vault_bad");
  }
  Content longer = whole;
  longer.push_back(0);
  write_bytes(sealed.path, longer);
  CHECK(sealed.trouble() == "vault_bad");
}

TEST_CASE("without the authenticated size a vault cut off between chunks would open", "[vault][control]") {
  const Sealed sealed;
  const auto cut = header_size + chunk_size + chunk_extra;
  std::filesystem::resize_file(sealed.path, cut);
  CHECK_FALSE(sealed.open());
  const Without guard(Guard::size);
  auto reader = sealed.open();
  REQUIRE(reader);
  Content room(chunk_size);
  CHECK(reader->read(0, room));
}

TEST_CASE("1,000 flipped bits: each is found, and none reaches a deck", "[vault]") {
  const Sealed sealed;
  const std::size_t size = std::filesystem::file_size(sealed.path);
  std::mt19937 random(11);
  int found = 0;
  for (int n = 0; n < 1000; ++n) {
    const std::size_t at = n < 128 ? static_cast<std::size_t>(n) : random() % size;
    const auto bit = static_cast<unsigned char>(1U << random() % 8);
    sealed.change(at, bit);
    found += sealed.trouble().empty() ? 0 : 1;
    CHECK_FALSE(sealed.played());
    sealed.change(at, bit);
  }
  CHECK(found == 1000);
  CHECK(sealed.trouble().empty());
}

TEST_CASE("without the header's tag a changed size or hash would be believed", "[vault][control]") {
  const Sealed sealed;
  sealed.change(30, 1); // within the SHA-256
  CHECK_FALSE(Reader::open(sealed.path, sealed.item.key));
  const Without guard(Guard::header);
  CHECK(Reader::open(sealed.path, sealed.item.key));
}

TEST_CASE("chunks that change places are found, and without their associated data they would play",
          "[vault][control]") {
  {
    const Sealed sealed;
    sealed.swap_chunks();
    CHECK(sealed.trouble() == "vault_bad");
    CHECK_FALSE(sealed.played());
  }
  const Without guard(Guard::place);
  const Sealed sealed;
  CHECK(sealed.trouble().empty());
  sealed.swap_chunks();
  const auto played = sealed.played();
  REQUIRE(played);
  CHECK(*played != sealed.content);
  CHECK(sealed.trouble() == "vault_bad"); // the SHA-256 is the second line
}

TEST_CASE("a chunk of another vault under the same key does not fit", "[vault]") {
  const Sealed sealed;
  const auto other = sealed.dir / "other.vault";
  auto writer = Writer::create(other, sealed.item.key, random_of<FileId>());
  REQUIRE(writer->append(some_content(three_chunks, 2)));
  REQUIRE(writer->finish());
  Content bytes = bytes_of(sealed.path);
  const Content foreign = bytes_of(other);
  std::copy_n(foreign.begin() + header_size, chunk_size + chunk_extra, bytes.begin() + header_size);
  write_bytes(sealed.path, bytes);
  CHECK_FALSE(sealed.played());
  std::filesystem::copy_file(other, sealed.path, std::filesystem::copy_options::overwrite_existing);
  CHECK(sealed.trouble() == "vault_bad");
  const Without guard(Guard::content);
  CHECK(sealed.played());
}

TEST_CASE("a wrong key opens nothing", "[vault]") {
  const Sealed sealed;
  const auto reader = Reader::open(sealed.path, random_key(), sha_of(sealed.content));
  REQUIRE_FALSE(reader);
  CHECK(reader.error().reason == "vault_bad");
}

TEST_CASE("a half-written vault has no name, and is found also when somebody gives it one", "[vault]") {
  const Place place;
  const auto path = place.dir / "film.vault";
  const ItemKey item = new_item_key({}, never);
  {
    auto writer = Writer::create(path, item.key, item.id);
    REQUIRE(writer->append(some_content(three_chunks)));
    CHECK_FALSE(std::filesystem::exists(path));
    std::filesystem::copy_file(path.string() + ".part", path);
    CHECK(Reader::open(path, item.key).error().reason == "vault_half");
  }
  CHECK_FALSE(std::filesystem::exists(path.string() + ".part"));
}

TEST_CASE("one writer a path; what a dead one left is written over", "[vault]") {
  const Place place;
  const auto path = place.dir / "film.vault";
  const ItemKey item = new_item_key({}, never);
  write_bytes(path.string() + ".part", some_content(2 * three_chunks));
  auto first = Writer::create(path, item.key, item.id);
  REQUIRE(first);
  CHECK(Writer::create(path, item.key, item.id).error().reason == "media_busy");
  const Content content = some_content(10);
  REQUIRE(first->append(content));
  REQUIRE(first->finish());
  CHECK(Reader::open(path, item.key)->verify());
  CHECK(Writer::create(path, item.key, item.id));
}

TEST_CASE("content that is not what was promised gets no name", "[vault]") {
  const Place place;
  const auto path = place.dir / "film.vault";
  const ItemKey item = new_item_key({}, never);
  {
    auto writer = Writer::create(path, item.key, item.id);
    REQUIRE(writer->append(some_content(100)));
    CHECK(writer->finish(sha_of(some_content(100, 2))).error().reason == "hash_differs");
  }
  CHECK(std::filesystem::is_empty(place.dir));
}

TEST_CASE("a later version's vault is told from a damaged one", "[vault]") {
  const Sealed sealed(10);
  sealed.change(8, 2); // version 3
  CHECK(sealed.trouble() == "vault_newer");
}

TEST_CASE("when the disk takes no more, that is said and nothing is left", "[vault]") {
  const Place place;
  const ItemKey item = new_item_key({}, never);
  struct rlimit before {};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_IGN);
  const struct rlimit little { chunk_size + 1000, before.rlim_max };
  base::Status appended;
  {
    auto writer = Writer::create(place.dir / "film.vault", item.key, item.id);
    ::setrlimit(RLIMIT_FSIZE, &little);
    appended = writer->append(some_content(three_chunks));
    ::setrlimit(RLIMIT_FSIZE, &before);
  }
  ::signal(SIGXFSZ, SIG_DFL);
  REQUIRE_FALSE(appended);
  CHECK(appended.error().reason == "media_disk_full");
  CHECK(std::filesystem::is_empty(place.dir));
}
