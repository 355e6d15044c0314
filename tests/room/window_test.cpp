// SPDX-License-Identifier: Apache-2.0
// The window on a station that is played by the test: pairing, keys, a lost link, a revoked key.
#include "room/window.hpp"
#include "station.hpp"

#include <QAbstractButton>
#include <QApplication>
#include <QFile>
#include <QTest>

using namespace machiai;
using room::Page;
using test::FakeStation;
using test::Papers;

namespace {

struct Seat {
  explicit Seat(const QString& folder, room::Entry entry = {})
      : keys(folder), window(keys, *room::load_phrases(), "ja", std::move(entry)) {
    window.resize(1280, 800);
    window.show();
    window.activateWindow();
  }
  bool becomes(const std::function<bool()>& done) { return QTest::qWaitFor(done, 20'000); }
  bool offers(const QString& name) {
    return becomes([&] { return window.offers(name); });
  }
  bool at(Page page) {
    return becomes([&] { return window.shown().page == page; });
  }
  void type(const QString& text) {
    for (const QChar c : text) QTest::keyClick(&window, c.toLatin1());
  }
  seat::KeyFile keys;
  room::Window window;
};

/// A seat that is paired and shows the morning.
struct Paired {
  Paired() {
    REQUIRE(seat::KeyFile(dir.path()).save(station->key()));
    seat = std::make_unique<Seat>(dir.path());
    REQUIRE(seat->offers("call-next"));
  }
  QTemporaryDir dir;
  Papers papers;
  std::unique_ptr<FakeStation> station = std::make_unique<FakeStation>(papers);
  std::unique_ptr<Seat> seat;
};

} // namespace

TEST_CASE("a seat is paired by keys alone, but agrees to the signs only by a deliberate press") {
  const QTemporaryDir dir;
  const Papers papers;
  FakeStation station(papers);
  Seat seat(dir.filePath("key"));
  CHECK(seat.window.shown().page == Page::enter);
  seat.type(station.address());
  QTest::keyClick(&seat.window, Qt::Key_Return);
  seat.type("0428179");
  QTest::keyClick(&seat.window, Qt::Key_Backspace);
  seat.type("7");
  CHECK(seat.window.shown().entry.code == "042817");
  QTest::keyClick(&seat.window, Qt::Key_Return);
  REQUIRE(seat.at(Page::compare));
  CHECK(seat.window.shown().entry.check == seat::check_of(papers.authority()).toStdString());
  QTest::keyClick(&seat.window, Qt::Key_Return);
  QTest::keyClick(&seat.window, Qt::Key_Space);
  CHECK(seat.window.shown().page == Page::compare);
  CHECK_FALSE(station.requests.join(' ').contains("042817"));
  seat.window.walk(Qt::Key_Right);
  auto* same = seat.window.findChild<QAbstractButton*>("same");
  same->setFocus(Qt::TabFocusReason);
  QTest::keyClick(same, Qt::Key_Return);
  REQUIRE(seat.offers("call-next"));
  CHECK(seat.keys.load() == station.key());
  CHECK(seat.window.shown().room.ja == "診察室1");
}

TEST_CASE(
    "with address, code and signs given it pairs by itself; with wrong signs it tells nobody the code") {
  const QTemporaryDir dir;
  const Papers papers;
  FakeStation station(papers);
  room::Entry entry;
  entry.address = station.address().toStdString();
  entry.code = "042817";
  SECTION("the right signs") {
    entry.expected = seat::check_of(papers.authority()).toStdString();
    Seat seat(dir.path(), entry);
    CHECK(seat.offers("call-next"));
  }
  SECTION("other signs") {
    entry.expected = seat::check_of(Papers().authority()).toStdString();
    Seat seat(dir.path(), entry);
    CHECK(seat.becomes([&] { return seat.window.shown().entry.reason == "check_differs"; }));
    CHECK_FALSE(station.requests.join(' ').contains("042817"));
    CHECK_FALSE(seat.keys.load());
  }
  SECTION("a wrong code") {
    entry.code = "999999";
    entry.expected = seat::check_of(papers.authority()).toStdString();
    Seat seat(dir.path(), entry);
    CHECK(seat.becomes([&] { return seat.window.shown().entry.reason == "pairing_refused"; }));
    CHECK_FALSE(seat.keys.load());
  }
}

TEST_CASE("space and Enter call the next, once each, and never by being held down") {
  Paired p;
  QTest::keyClick(&p.seat->window, Qt::Key_Space);
  QTest::keyClick(&p.seat->window, Qt::Key_Return);
  REQUIRE(p.seat->becomes([&] { return p.seat->window.shown().told.key == "done.call"; }));
  CHECK(p.station->came("call").size() == 1);
  CHECK(p.station->came("call")[0].at("args").at("room") == "1");
  // Past the guard a held key still calls nobody; a fresh press does.
  QTest::qWait(static_cast<int>(room::guard_ms) + 100);
  for (const Qt::Key key : {Qt::Key_Space, Qt::Key_Return, Qt::Key_F1}) {
    QKeyEvent repeat(QEvent::KeyPress, key, Qt::NoModifier, {}, true);
    QCoreApplication::sendEvent(&p.seat->window, &repeat);
  }
  QTest::qWait(50);
  CHECK(p.station->came("call").size() == 1);
  QTest::keyClick(&p.seat->window, Qt::Key_Return);
  CHECK(p.seat->becomes([&] { return p.station->came("call").size() == 2; }));
  CHECK(p.station->came("call")[0].at("key") != p.station->came("call")[1].at("key"));
}

TEST_CASE("no button has the focus before somebody walks by keys, also when the pages have changed") {
  Paired p;
  REQUIRE(p.seat->becomes([&] { return p.seat->window.isActiveWindow(); }));
  const auto pressed = [&] { return QApplication::focusWidget() == &p.seat->window; };
  CHECK(pressed());
  p.station->peer->abort();
  CHECK(p.seat->becomes([&] { return p.station->connections == 2; }));
  REQUIRE(p.seat->offers("call-next"));
  CHECK(pressed());
  QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
  CHECK(QApplication::focusWidget()->objectName() == "call-next");
  p.station->known = false;
  p.station->peer->abort();
  REQUIRE(p.seat->at(Page::enter));
  CHECK(pressed());
}

TEST_CASE("the function keys are the buttons") {
  Paired p;
  const QList<std::pair<Qt::Key, const char*>> keys{
      {Qt::Key_F3, "recall"}, {Qt::Key_F4, "absent"}, {Qt::Key_F5, "hold"}, {Qt::Key_F6, "finish"}};
  for (const auto& [key, verb] : keys) {
    QTest::keyClick(&p.seat->window, key);
    const std::string done = std::string("done.") + verb;
    CHECK(p.seat->becomes([&] { return p.seat->window.shown().told.key == done; }));
    CHECK(p.station->came(verb).size() == 1);
  }
}

TEST_CASE("the focus of a button that goes out comes to call-next, not to a neighbour") {
  Paired p;
  auto* finish = p.seat->window.findChild<QAbstractButton*>("finish");
  finish->setFocus(Qt::TabFocusReason);
  REQUIRE(p.seat->becomes([&] { return finish->hasFocus(); }));
  // The room is empty now, others wait.
  boost::json::object data;
  const auto bytes = seat::read_file(QString(FIXTURES) + "/morning.json");
  data = boost::json::parse(std::string_view(bytes->constData(), bytes->size())).as_object();
  data["rooms"].as_array()[0].as_object()["inside"] = nullptr;
  p.station->say({{"view", "rooms"}, {"rev", 9}, {"at", test::at_ms}, {"data", data}});
  REQUIRE(p.seat->becomes([&] { return !p.seat->window.offers("finish"); }));
  CHECK(p.seat->window.findChild<QAbstractButton*>("call-next")->hasFocus());
  p.station->show("quiet");
  REQUIRE(p.seat->becomes([&] { return !p.seat->window.offers("call-next"); }));
  CHECK_FALSE(p.seat->window.findChild<QAbstractButton*>("lang")->hasFocus());
}

TEST_CASE("a lost link is told, and what was on its way is repeated with its key when it is back") {
  Paired p;
  p.station->answers = false;
  emit p.seat->window.touched("finish");
  REQUIRE(p.seat->becomes([&] { return p.station->came("finish").size() == 1; }));
  p.station->answers = true;
  p.station->peer->abort();
  REQUIRE(p.seat->becomes([&] { return p.station->came("finish").size() == 2; }));
  CHECK(p.station->came("finish")[0] == p.station->came("finish")[1]);
  CHECK(p.seat->becomes([&] { return p.seat->window.shown().told.key == "done.finish"; }));
  const quint16 port = p.station->port();
  p.station.reset();
  REQUIRE(p.seat->offers("pair-anew"));
  CHECK(p.seat->window.shown().inside->number == "24");
  CHECK(p.seat->keys.load());
  p.station = std::make_unique<FakeStation>(p.papers, port);
  CHECK(p.seat->offers("call-next"));
}

TEST_CASE("another machine at the station's address is not believed") {
  Paired p;
  const quint16 port = p.station->port();
  p.station.reset();
  const Papers theirs;
  FakeStation stranger(theirs, port);
  stranger.known = false; // it would say that the key is revoked
  REQUIRE(p.seat->becomes([&] { return p.seat->window.shown().away == "station_foreign"; }));
  CHECK(p.seat->keys.load());
  CHECK(stranger.connections == 0);
  CHECK(stranger.requests.isEmpty());
}

TEST_CASE("a revoked seat says so, forgets its key and goes back to the pairing page") {
  Paired p;
  p.station->known = false;
  p.station->peer->abort();
  REQUIRE(p.seat->at(Page::enter));
  CHECK(p.seat->window.shown().entry.reason == "device_revoked");
  CHECK_FALSE(p.seat->keys.load());
  CHECK_FALSE(QFile::exists(p.seat->keys.path()));
  CHECK_FALSE(p.seat->window.shown().inside);
}
