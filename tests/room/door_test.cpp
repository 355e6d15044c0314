// SPDX-License-Identifier: Apache-2.0
// Coming to a key, against stations that are right, foreign, old or none.
#include "seat/door.hpp"
#include "station.hpp"

#include <QTest>

using namespace machiai;
using test::FakeStation;
using test::Papers;

namespace {

/// The answer of one question, waited for.
template <class T> base::Result<T> wait(const std::function<void(seat::Door::Then<T>)>& ask) {
  std::optional<base::Result<T>> got;
  ask([&](const base::Result<T>& answer) { got = answer; });
  REQUIRE(QTest::qWaitFor([&] { return got.has_value(); }, 20'000));
  return *got;
}

struct Visit {
  seat::Door door;
  base::Result<QByteArray> look(const seat::Place& place) {
    return wait<QByteArray>([&](auto then) { door.look(place, then); });
  }
  base::Result<seat::Key> redeem(const seat::Place& place, const QByteArray& authority, const QString& code) {
    return wait<seat::Key>([&](auto then) { door.redeem(place, authority, code, then); });
  }
  base::Result<QString> ask(const seat::Key& key) {
    return wait<QString>([&](auto then) { door.ask(key, then); });
  }
};

} // namespace

TEST_CASE("the way to a key: authority, code, known, revoked") {
  const Papers papers;
  FakeStation station(papers);
  Visit visit;
  const auto authority = visit.look(station.place());
  REQUIRE(authority);
  CHECK(*authority == papers.authority());
  CHECK(visit.redeem(station.place(), *authority, "000000").error().reason == "pairing_refused");
  const auto key = visit.redeem(station.place(), *authority, "042817");
  REQUIRE(key);
  CHECK(*key == station.key());
  CHECK(visit.ask(*key).value() == "1");
  station.known = false;
  CHECK(visit.ask(*key).error().reason == "device_revoked");
}

TEST_CASE("a station of another authority gets neither code nor key") {
  const Papers ours;
  const Papers theirs;
  FakeStation station(theirs);
  // It may even give out our authority's certificate: it has not its key.
  station.authority = ours.authority();
  Visit visit;
  CHECK(visit.look(station.place()).value() == ours.authority());
  station.requests.clear();
  CHECK(visit.redeem(station.place(), ours.authority(), "042817").error().reason == "station_foreign");
  seat::Key key = station.key();
  key.authority = ours.authority();
  CHECK(visit.ask(key).error().reason == "station_foreign");
  CHECK(station.requests.isEmpty());
  // The negative control: trusted, the same station gets both.
  CHECK(visit.redeem(station.place(), theirs.authority(), "042817"));
  CHECK(station.requests.size() == 2);
}

TEST_CASE("a certificate for another address is foreign") {
  const Papers papers({"192.0.2.1"});
  FakeStation station(papers);
  CHECK(Visit().redeem(station.place(), papers.authority(), "042817").error().reason == "station_foreign");
  CHECK(station.requests.isEmpty());
}

TEST_CASE("a certificate whose time is over tells of a clock") {
  const Papers papers({"127.0.0.1"}, std::chrono::hours{24 * 30});
  const Papers old({"127.0.0.1"}, std::chrono::hours{24 * 500});
  FakeStation well(papers);
  CHECK(Visit().redeem(well.place(), papers.authority(), "042817"));
  // Its authority's earliest date keeps an old one from being older than it can be.
  FakeStation early(Papers({"127.0.0.1"}, std::chrono::hours{-24 * 30}));
  CHECK(Visit().redeem(early.place(), early.authority, "042817").error().reason == "clock_differs");
}

TEST_CASE("nobody there, and somebody else there") {
  Visit visit;
  quint16 port = 0;
  {
    const Papers papers;
    FakeStation station(papers);
    port = station.port();
    station.authority = "<html>";
    CHECK(visit.look(station.place()).error().reason == "not_a_station");
    station.authority.clear();
    CHECK(visit.look(station.place()).error().reason == "not_a_station");
  }
  CHECK(visit.look({"127.0.0.1", port}).error().reason == "station_unreachable");
}
