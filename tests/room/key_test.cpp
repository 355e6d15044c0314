// SPDX-License-Identifier: Apache-2.0
// What a seat keeps, and how addresses are read.
#include "station.hpp"

#include <QFile>
#include <QFileInfo>

using namespace machiai;
using seat::Place;

TEST_CASE("an address is read as people type it, and nothing else is taken for one") {
  const Place usual{"192.168.1.20", 8443};
  for (const char* text : {"192.168.1.20", "192.168.1.20:8443", "https://192.168.1.20:8443/",
                           " https://192.168.1.20:8443 ", "１９２．１６８．１．２０：８４４３"}) {
    INFO(text);
    CHECK(seat::place_of(text) == usual);
  }
  CHECK(seat::place_of("clinic.local:9000") == Place{"clinic.local", 9000});
  CHECK(seat::place_of("[2001:db8::1]:9000") == Place{"2001:db8::1", 9000});
  CHECK(seat::place_of(seat::place_text({"2001:db8::1", 9000})) == Place{"2001:db8::1", 9000});
  for (const char* text : {"", "http://192.168.1.20", "192.168.1.20:0", "192.168.1.20:99999", "a b:c",
                           "https://user@host/", "host/page", "host?x", "wss://host", ":8443"}) {
    INFO(text);
    CHECK_FALSE(seat::place_of(text));
  }
}

TEST_CASE("the signs of an authority are those that the station's desk shows") {
  const test::Papers papers;
  const QString check = seat::check_of(papers.authority());
  CHECK(check.toStdString() == store::identity_check(papers.identity.ca).value());
  CHECK(seat::check_of(QByteArray::fromStdString(papers.identity.chain)).isEmpty());
  CHECK(seat::check_of("torn").isEmpty());
  CHECK(seat::check_of({}).isEmpty());
}

TEST_CASE("the key is kept for its owner alone, comes back whole, and is forgotten") {
  const QTemporaryDir dir;
  const test::Papers papers;
  const seat::KeyFile file(dir.filePath("deep/folder"));
  CHECK_FALSE(file.load());
  const seat::Key key{{"192.168.1.20", 8443}, papers.authority(), "room-a1", "secret", "1"};
  REQUIRE(file.save(key));
  CHECK(file.load() == key);
  const auto others =
      QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
  CHECK((QFileInfo(file.path()).permissions() & others) == QFileDevice::Permissions());
  CHECK((QFileInfo(dir.filePath("deep/folder")).permissions() & others) == QFileDevice::Permissions());
  REQUIRE(file.save(key));
  CHECK((QFileInfo(file.path()).permissions() & others) == QFileDevice::Permissions());
  file.forget();
  CHECK_FALSE(file.load());
}

TEST_CASE("a torn key is none") {
  const QTemporaryDir dir;
  const test::Papers papers;
  const seat::KeyFile file(dir.path());
  const seat::Key key{{"192.168.1.20", 8443}, papers.authority(), "room-a1", "secret", "1"};
  seat::Key without = key;
  SECTION("no secret") {
    without.secret.clear();
  }
  SECTION("no device") {
    without.device.clear();
  }
  SECTION("no authority: it would trust whoever answers") {
    without.authority.clear();
  }
  SECTION("two authorities") {
    without.authority += key.authority;
  }
  REQUIRE(file.save(without));
  CHECK_FALSE(file.load());
}

TEST_CASE("where nothing can be written, it says so") {
  const QTemporaryDir dir;
  QFile(dir.filePath("file")).open(QIODevice::WriteOnly);
  CHECK_FALSE(seat::KeyFile(dir.filePath("file/below")).save({}));
}
