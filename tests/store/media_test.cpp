// SPDX-License-Identifier: Apache-2.0
// The media shelf: what is on it verifies, what does not goes into quarantine, and keys end with rights.
#include "core/store/media.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace machiai;
using namespace machiai::store;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t gib = std::uint64_t{1} << 30;
const base::Instant now = *base::parse_iso_instant("2026-12-10T09:00:00+09:00");
const base::Instant tomorrow = now + std::chrono::hours{24};

struct Clinic {
  Home home;
  Clinic() {
    std::string name = (fs::temp_directory_path() / "machiai-media-XXXXXX").string();
    home.dir = ::mkdtemp(name.data());
  }
  Clinic(const Clinic&) = delete;
  Clinic& operator=(const Clinic&) = delete;
  ~Clinic() { fs::remove_all(home.dir); }

  [[nodiscard]] MediaShelf shelf(bool stamps = true, std::uint64_t quota = 20 * gib) const {
    auto shelf = MediaShelf::open(home, quota, stamps);
    REQUIRE(shelf);
    return *shelf;
  }
  [[nodiscard]] vault::File file(const std::string& content) const {
    std::ofstream(home.dir / "plain", std::ios::binary | std::ios::trunc) << content;
    return *vault::File::open(home.dir / "plain", O_RDONLY);
  }
  [[nodiscard]] std::string put(MediaShelf& shelf, const std::string& content, const char* kind = "own",
                                base::Instant expires = vault::never) const {
    FilmLabel label;
    label.title = "はみがき";
    label.kind = kind;
    label.millis = 15000;
    const auto film = shelf.put(file(content), label, expires, now);
    REQUIRE(film);
    CHECK(film->state == (expires > now ? FilmState::ready : FilmState::ended));
    return film->sha256;
  }
  [[nodiscard]] fs::path vault_of(const std::string& sha256) const {
    return vault::film_files(home.media(), sha256).vault;
  }
  void damage(const std::string& sha256) const {
    std::fstream file(vault_of(sha256), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(150);
    file.put('\x55');
    file.put('\x56');
  }
};

const Film& only(const std::vector<Film>& films) {
  REQUIRE(films.size() == 1);
  return films.front();
}

programme::Loaded naming(const std::string& sha256, const char* until) {
  programme::Loaded loaded;
  loaded.programme.id = "2026-12";
  loaded.programme.to = *base::parse_iso_date("2026-12-31");
  loaded.programme.items.push_back({"teeth", programme::Kind::provided, "", "", sha256, 10, {}, ""});
  loaded.programme.items[0].rights.push_back({{}, *base::parse_iso_date(until), {}, {}});
  return loaded;
}

} // namespace

TEST_CASE("a film that was put is ready, and reads as it was", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string content(200'000, 'f');
  const std::string sha256 = clinic.put(shelf, content);
  CHECK(shelf.ready(sha256, now));
  CHECK_FALSE(shelf.ready(std::string(64, 'a'), now));
  auto reader = shelf.read(sha256, now);
  REQUIRE(reader);
  std::vector<unsigned char> room(content.size());
  REQUIRE(reader->read(0, room) == content.size());
  CHECK(std::string(room.begin(), room.end()) == content);
  const auto films = shelf.films(now);
  CHECK(only(films).label.title == "はみがき");
  CHECK(only(films).label.millis == 15000);
  CHECK(only(films).label.added == now);
}

TEST_CASE("a new start believes the stamps only when it is told to", "[media]") {
  const Clinic clinic;
  auto first = clinic.shelf();
  const std::string sha256 = clinic.put(first, "film");
  CHECK(clinic.shelf(true).ready(sha256, now));
  auto daemon = clinic.shelf(false);
  CHECK_FALSE(daemon.ready(sha256, now));
  CHECK(only(daemon.films(now)).state == FilmState::unverified);
  REQUIRE(daemon.verify(sha256, now));
  CHECK(daemon.ready(sha256, now));
}

TEST_CASE("a film whose file changed is not ready, then found bad and put into quarantine", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string sha256 = clinic.put(shelf, std::string(100, 'f'));
  clinic.damage(sha256);
  fs::last_write_time(clinic.vault_of(sha256), fs::file_time_type::clock::now() + std::chrono::seconds{5});
  REQUIRE(shelf.look());
  CHECK_FALSE(shelf.ready(sha256, now));
  CHECK(shelf.verify(sha256, now).error().reason == "vault_bad");
  CHECK_FALSE(fs::exists(clinic.vault_of(sha256)));
  for (auto* each : {&shelf}) {
    CHECK(only(each->films(now)).state == FilmState::bad);
    CHECK(only(each->films(now)).reason == "vault_bad");
  }
  auto later = clinic.shelf();
  CHECK(only(later.films(now)).state == FilmState::bad);
  CHECK(only(later.films(now)).label.title == "はみがき");
  CHECK(clinic.put(later, std::string(100, 'f')) == sha256);
  CHECK(later.ready(sha256, now));
  CHECK(only(clinic.shelf().films(now)).state == FilmState::ready);
}

TEST_CASE("a change that keeps length and time is found by the next start", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string sha256 = clinic.put(shelf, std::string(100, 'f'));
  const auto time = fs::last_write_time(clinic.vault_of(sha256));
  clinic.damage(sha256);
  fs::last_write_time(clinic.vault_of(sha256), time);
  std::vector<unsigned char> room(100);
  CHECK_FALSE(shelf.read(sha256, now)->read(0, room)); // it would not have reached the screen before either
  auto daemon = clinic.shelf(false);
  CHECK(daemon.verify(sha256, now).error().reason == "vault_bad");
}

TEST_CASE(
    "each way of being broken is found: cut, emptied, half written, exchanged, without or with a wrong key",
    "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string other = clinic.put(shelf, "other film");
  const std::string content(70'000, 'f');
  const auto found = [&](const char* reason, const auto& spoil) {
    const std::string sha256 = clinic.put(shelf, content);
    spoil(sha256);
    auto daemon = clinic.shelf(false);
    CHECK(daemon.verify(sha256, now).error().reason == reason);
    CHECK_FALSE(daemon.ready(sha256, now));
    (void)daemon.remove(sha256);
    REQUIRE(shelf.look());
  };
  const auto& at = [&](const std::string& sha256) { return clinic.vault_of(sha256); };
  found("vault_bad", [&](const std::string& s) { fs::resize_file(at(s), fs::file_size(at(s)) - 1); });
  found("vault_bad", [&](const std::string& s) { fs::resize_file(at(s), 0); });
  found("vault_half", [&](const std::string& s) {
    std::fstream(at(s), std::ios::binary | std::ios::in | std::ios::out) << std::string(128, '\0');
  });
  found("vault_bad",
        [&](const std::string& s) { fs::copy_file(at(other), at(s), fs::copy_options::overwrite_existing); });
  found("bad_item_key", [&](const std::string& s) {
    fs::copy_file(vault::film_files(clinic.home.media(), other).key,
                  vault::film_files(clinic.home.media(), s).key, fs::copy_options::overwrite_existing);
  });
  found("missing_media",
        [&](const std::string& s) { fs::remove(vault::film_files(clinic.home.media(), s).key); });
  CHECK(clinic.shelf().ready(other, now));
}

TEST_CASE("another station's films are locked, not destroyed", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string sha256 = clinic.put(shelf, "film");
  fs::remove(clinic.home.station_key());
  auto other = clinic.shelf(false);
  CHECK(other.verify(sha256, now).error().reason == "foreign_key");
  CHECK(only(other.films(now)).state == FilmState::locked);
  CHECK(only(other.films(now)).reason == "foreign_key");
  CHECK(fs::exists(clinic.vault_of(sha256)));
}

TEST_CASE("a film ends with its right, and a sweep deletes key and film", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string sha256 = clinic.put(shelf, "film", "provided", tomorrow);
  CHECK(shelf.ready(sha256, tomorrow - base::Millis{1}));
  CHECK_FALSE(shelf.ready(sha256, tomorrow));
  CHECK(shelf.read(sha256, tomorrow).error().reason == "right_ended");
  CHECK(only(shelf.films(tomorrow)).state == FilmState::ended);
  CHECK(shelf.sweep({}, now)->ended == 0);
  CHECK(shelf.ready(sha256, now));
  CHECK(shelf.sweep({}, tomorrow)->ended == 1);
  CHECK(shelf.films(now).empty());
  CHECK_FALSE(fs::exists(vault::film_files(clinic.home.media(), sha256).key));
}

TEST_CASE("a right that a programme prolongs or shortens moves the key's end", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string sha256 = clinic.put(shelf, "film", "provided", tomorrow);
  CHECK(shelf.sweep({naming(sha256, "2026-12-20")}, tomorrow)->ended == 0);
  CHECK(clinic.shelf().ready(sha256, tomorrow));
  CHECK(only(clinic.shelf().films(now)).expires == base::parse_iso_instant("2026-12-21T00:00:00+09:00"));
  CHECK(shelf.sweep({naming(sha256, "2026-12-09")}, now)->ended == 1);
}

TEST_CASE("a sweep clears what a crash left behind, but not what is being written", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string kept = clinic.put(shelf, "film");
  const auto dir = clinic.home.media() / "aa";
  fs::create_directories(dir);
  for (const char* name : {"x.vault.part", "x.key", "x.json"}) std::ofstream(dir / name) << "left";
  const vault::ItemKey item = vault::new_item_key({}, vault::never);
  auto writer = vault::Writer::create(dir / "y.vault", item.key, item.id);
  REQUIRE(writer);
  CHECK(shelf.sweep({}, now)->leftovers == 3);
  CHECK(fs::exists(dir / "y.vault.part"));
  CHECK(shelf.ready(kept, now));
}

TEST_CASE("quarantine is emptied after a week", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  const std::string sha256 = clinic.put(shelf, "film");
  REQUIRE(shelf.condemn(sha256, "vault_bad", now));
  CHECK(shelf.sweep({}, now + std::chrono::hours{24 * 7 - 1})->leftovers == 0);
  CHECK(shelf.films(now).size() == 1);
  CHECK(shelf.sweep({}, now + std::chrono::hours{24 * 7})->leftovers == 1);
  CHECK(shelf.films(now).empty());
  CHECK(fs::is_empty(clinic.home.media() / "quarantine"));
}

TEST_CASE("a full shelf refuses, and gives up what no programme needs to take what one does", "[media]") {
  const Clinic clinic;
  const std::string content(10'000, 'a');
  auto shelf = clinic.shelf(true, 25'000);
  const std::string needed = clinic.put(shelf, content, "provided", tomorrow);
  const std::string spare = clinic.put(shelf, content + "b", "provided", tomorrow);
  const Needed by_programme{{needed, {{"2026-12", "teeth"}}}};
  const auto third = clinic.file(content + "cc");
  CHECK(shelf.put(third, {}, vault::never, now).error().reason == "media_quota");
  CHECK(shelf.make_room(50'000, by_programme, now) == 0U); // would not do: nothing is lost in vain
  CHECK(shelf.ready(spare, now));
  CHECK(shelf.make_room(10'200, by_programme, now) == 1U);
  CHECK_FALSE(shelf.ready(spare, now));
  CHECK(shelf.ready(needed, now));
  CHECK(shelf.put(third, {}, vault::never, now));
  auto smaller = clinic.shelf(true, 5'000);
  CHECK(smaller.sweep({naming(needed, "2026-12-31")}, now)->evicted ==
        0); // the third is the clinic's own, fresh
  CHECK(smaller.ready(needed, now));
}

TEST_CASE("an empty file and a missing film are refused", "[media]") {
  const Clinic clinic;
  auto shelf = clinic.shelf();
  CHECK(shelf.put(clinic.file(""), {}, vault::never, now).error().reason == "media_empty");
  CHECK(shelf.remove(std::string(64, 'a')).error().reason == "missing_media");
  for (const char* name : {"../../clinic", "", "AA"}) {
    CHECK(shelf.verify(name, now).error().reason == "bad_hash");
    CHECK(shelf.remove(name).error().reason == "bad_hash");
    CHECK(shelf.condemn(name, "vault_bad", now).error().reason == "bad_hash");
  }
}
