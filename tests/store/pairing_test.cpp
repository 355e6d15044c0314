// SPDX-License-Identifier: Apache-2.0
// Codes that let a device in, the file of those that are in, and the station's certificates.
#include "core/store/identity.hpp"
#include "core/store/pairing.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

using namespace machiai;
using namespace machiai::store;
using namespace std::chrono_literals;

namespace {

const PairingCodes::Moment start{std::chrono::hours{1}};

/// A code that is not this one.
std::string not_this(const std::string& code) {
  return code == "000000" ? "000001" : "000000";
}

struct Scratch {
  Home home;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "machiai-pairing-XXXXXX").string();
    home.dir = ::mkdtemp(name.data());
    std::filesystem::create_directories(home.dir / "data");
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(home.dir); }
};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

const base::Instant now = base::instant_from_ms(1764000000000 + 400LL * 86400000);

} // namespace

TEST_CASE("a code lets one device in, once") {
  PairingCodes codes;
  const auto offer = codes.offer("tablet", "room", "1", start);
  REQUIRE(offer);
  CHECK(offer->code.size() == 6);
  const auto used = codes.redeem(offer->code, start + 1s);
  REQUIRE(used);
  CHECK(used->room == "1");
  CHECK_FALSE(codes.redeem(offer->code, start + 2s));
}

TEST_CASE("a code lives for five minutes") {
  PairingCodes codes;
  const auto early = codes.offer("a", "room", "1", start);
  const auto late = codes.offer("b", "room", "2", start);
  REQUIRE(early);
  REQUIRE(late);
  CHECK(codes.redeem(early->code, start + 5min - 1ms));
  CHECK_FALSE(codes.redeem(late->code, start + 5min));
}

TEST_CASE("the fifth wrong code makes every open code void") {
  PairingCodes codes;
  const auto offer = codes.offer("a", "room", "1", start);
  REQUIRE(offer);
  SECTION("four leave it") {
    for (int i = 0; i < 4; ++i) CHECK_FALSE(codes.redeem(not_this(offer->code), start));
    CHECK(codes.redeem(offer->code, start));
  }
  SECTION("five do not") {
    for (int i = 0; i < 5; ++i) CHECK_FALSE(codes.redeem(not_this(offer->code), start));
    CHECK_FALSE(codes.redeem(offer->code, start));
  }
}

TEST_CASE("after twenty wrong codes in ten minutes pairing rests for ten") {
  PairingCodes codes;
  for (int i = 0; i < 19; ++i) CHECK_FALSE(codes.redeem("nothing", start));
  const auto offer = codes.offer("a", "room", "1", start);
  REQUIRE(offer);
  SECTION("wrong ones of long ago are forgotten") {
    CHECK_FALSE(codes.redeem("nothing", start + 10min));
    CHECK_FALSE(codes.rests(start + 10min));
  }
  SECTION("a right code is refused like a wrong one meanwhile") {
    CHECK_FALSE(codes.redeem("nothing", start + 1min));
    CHECK(codes.rests(start + 1min));
    CHECK_FALSE(codes.redeem(offer->code, start + 2min));
    const auto refused = codes.offer("b", "room", "1", start + 2min);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "pairing_rests");
    CHECK_FALSE(codes.rests(start + 11min));
    CHECK(codes.offer("b", "room", "1", start + 11min));
  }
}

TEST_CASE("at most eight codes are open") {
  PairingCodes codes;
  for (std::size_t i = 0; i < PairingCodes::most_codes; ++i) CHECK(codes.offer("a", "room", "1", start));
  CHECK_FALSE(codes.offer("a", "room", "1", start));
  CHECK(codes.offer("a", "room", "1", start + 5min));
}

TEST_CASE("devices survive a restart, their secrets do not lie about") {
  const Scratch scratch;
  const std::string secret = new_secret();
  CHECK(secret.size() == 64);
  std::vector<Device> devices{
      {new_device_id("room"), "診察室1のタブレット", "room", "1", secret_digest(secret), now,
       base::civil_date(now)},
      {new_device_id("room"), "古い端末", "room", "2", secret_digest("other"), now, {}, true}};
  REQUIRE(load_devices(scratch.home)->empty());
  REQUIRE(write_durable_file(scratch.home.devices(), devices_text(devices)));
  CHECK(mode_of(scratch.home.devices()) == 0600U);
  CHECK(read_file(scratch.home.devices())->find(secret) == std::string::npos);
  auto loaded = load_devices(scratch.home);
  REQUIRE(loaded);
  REQUIRE(loaded->size() == 1); // the revoked one is gone
  CHECK(loaded->front().name == "診察室1のタブレット");
  CHECK(loaded->front().paired == now);
  CHECK(find_device(*loaded, devices[0].id, secret) == &loaded->front());
  CHECK(find_device(*loaded, devices[0].id, secret + "0") == nullptr);
  CHECK(find_device(*loaded, devices[1].id, secret) == nullptr);
  loaded->front().revoked = true;
  CHECK(find_device(*loaded, devices[0].id, secret) == nullptr);
}

TEST_CASE("a broken file of devices is told, not taken for an empty one") {
  const Scratch scratch;
  for (const char* text : {"", "{", "[]", R"({"devices":7})", R"({"devices":[{"id":"a"}]})"}) {
    REQUIRE(write_file(scratch.home.devices(), text, true));
    const auto loaded = load_devices(scratch.home);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().reason == "bad_devices");
  }
}

TEST_CASE("the station makes its certificates once and renews only the server's") {
  const Scratch scratch;
  const std::vector<std::string> names{"localhost", "127.0.0.1", "192.0.2.7"};
  const auto first = station_identity(scratch.home, now, names);
  REQUIRE(first);
  CHECK(mode_of(scratch.home.tls() / "ca.key") == 0600U);
  CHECK(mode_of(scratch.home.tls() / "server.key") == 0600U);
  CHECK(mode_of(scratch.home.tls()) == 0700U);
  const auto chain_after = [&](base::Instant at, const std::vector<std::string>& wanted) {
    const auto again = station_identity(scratch.home, at, wanted);
    REQUIRE(again);
    CHECK(again->ca == first->ca);
    return again->chain;
  };
  const auto day = std::chrono::days{1};
  CHECK(chain_after(now + 260 * day, names) == first->chain);
  SECTION("past two thirds of its life") {
    CHECK(chain_after(now + 266 * day, names) != first->chain);
  }
  SECTION("with another address") {
    CHECK(chain_after(now, {"localhost", "192.0.2.8"}) != first->chain);
  }
  SECTION("with fewer names it stays") {
    CHECK(chain_after(now, {"localhost"}) == first->chain);
  }
  SECTION("after the clock was set back") {
    CHECK(chain_after(now - 30 * day, names) != first->chain);
  }
}

TEST_CASE("the signs to compare are those of the CA: ten bytes, the same each time, others for another CA") {
  const Scratch one;
  const Scratch other;
  const auto first = station_identity(one.home, now, {"localhost"});
  const auto second = station_identity(other.home, now, {"localhost"});
  REQUIRE((first && second));
  const auto check = identity_check(first->ca);
  REQUIRE(check);
  CHECK(check->size() == 24U);
  CHECK(check->find_first_not_of("0123456789ABCDEF ") == std::string::npos);
  CHECK(identity_check(station_identity(one.home, now + std::chrono::days{300}, {"192.0.2.8"})->ca).value() ==
        *check);
  CHECK(identity_check(second->ca).value() != *check);
  // The server's certificate comes first in the chain, and has others.
  CHECK(identity_check(first->chain).value() != *check);
  CHECK(identity_check("torn").error().reason == "bad_identity");
}

TEST_CASE("a CA that cannot be read is never replaced") {
  const Scratch scratch;
  REQUIRE(station_identity(scratch.home, now, {"localhost"}));
  REQUIRE(write_file(scratch.home.tls() / "ca.key", "torn", true));
  const auto again = station_identity(scratch.home, now, {"localhost"});
  REQUIRE_FALSE(again);
  CHECK(again.error().reason == "bad_identity");
  CHECK(*read_file(scratch.home.tls() / "ca.key") == "torn");
}
