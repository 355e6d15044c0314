// SPDX-License-Identifier: Apache-2.0
// What the kiosk says aloud, and that it says it once.
#include "fixture.hpp"
#include "kiosk/guide.hpp"
#include "kiosk/spoken.hpp"
#include "kiosk/window.hpp"

#include <catch2/catch.hpp>

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>

using namespace machiai;

namespace {

kiosk::Screen page(const QString& name, const QString& lang = "ja") {
  const auto view = test::fixture("three");
  const auto session = kiosk::sample_session(view, name, lang);
  REQUIRE(session);
  return kiosk::screen(&view, *session, name != "away", 0, 0);
}

QString said(const QString& name, const QString& lang = "ja") {
  return kiosk::spoken(page(name, lang), *kiosk::load_spoken()).join(QString{});
}

} // namespace

TEST_CASE("with letters of the usual size, and in the other languages, nothing is said") {
  for (const char* name : {"home", "done", "help", "rules"}) {
    CHECK(said(name).isEmpty());
    for (const char* lang : {"en", "zh", "ko", "vi", "pt"})
      CHECK(said(QString(name) + "-large", lang).isEmpty());
    CHECK_FALSE(said(QString(name) + "-large").isEmpty());
    CHECK_FALSE(said(QString(name) + "-large", "easy").isEmpty());
  }
}

TEST_CASE("the number is said as it is read, with what to do next") {
  auto screen = page("done-large");
  screen.given = {"S-012", "naika", 8, true, queue::WaitRange{30, 45}};
  const auto say = *kiosk::load_spoken();
  CHECK(kiosk::spoken(screen, say).join(QString{}) ==
        "あなたの番号は、エスの12番です。番号票が出ます。おとりください。前にお待ちの方は、8人です。"
        "およその待ち時間は、30分から、45分です。画面と声で、お呼びします。");
  screen.given = {"7", "naika", 0, false, std::nullopt};
  CHECK(
      kiosk::spoken(screen, say).join(QString{}) ==
      "あなたの番号は、7番です。番号を、おぼえてください。つぎに、お呼びします。画面と声で、お呼びします。");
}

TEST_CASE("of several numbers each is said with its own wait") {
  auto screen = page("several-large");
  screen.given.printing = true;
  const auto say = *kiosk::load_spoken();
  CHECK(kiosk::spoken(screen, say).join(QString{}) ==
        "受付できました。あなたの番号は、36番と、エスの4番です。番号票が出ます。おとりください。36番に、つい"
        "てです。"
        "前にお待ちの方は、4人です。およその待ち時間は、25分から、40分です。エスの4番に、ついてです。"
        "つぎに、お呼びします。画面と声で、お呼びします。");
}

TEST_CASE("a card that was read is never said") {
  const auto words = said("card-large") + said("card-kind-large");
  auto home = page("home-large");
  home.pad = false; // a card was read: nobody has to type one
  CHECK(words == kiosk::spoken(home, *kiosk::load_spoken()).join(QString{}) + said("kind-large"));
}

TEST_CASE("who has booked hears which key is theirs, where there is one") {
  const QString key = "予約・順番をお取りの方、に、ふれてください。";
  CHECK(said("home-large").contains(key));
  auto home = page("home-large");
  home.pad = false;
  CHECK_FALSE(kiosk::spoken(home, *kiosk::load_spoken()).join(QString{}).contains(key));
}

TEST_CASE("times are said as a receptionist says them") {
  CHECK(kiosk::spoken_time("9:00") == "午前9時");
  CHECK(kiosk::spoken_time("14:30") == "午後2時30分");
  CHECK(kiosk::spoken_time("12:05") == "午後0時5分");
}

TEST_CASE("every page can be said, and every phrase is used by a page") {
  const auto say = *kiosk::load_spoken();
  auto screen = page("home-large");
  for (int face = 0; face <= static_cast<int>(kiosk::Face::wipe); ++face) {
    screen.face = static_cast<kiosk::Face>(face);
    const QStringList words = kiosk::spoken(screen, say);
    INFO(face);
    CHECK(words.isEmpty() == (screen.face == kiosk::Face::wipe));
    // A key that has no words would be said as it is.
    for (const QString& each : words) {
      CHECK_FALSE(say.has(each));
      CHECK_FALSE(each.contains('{'));
    }
  }
}

TEST_CASE("the window speaks when the page changes, and is silent when the letters shrink again") {
  seat::Link link{seat::Settings{.home = "/nonexistent", .role = "kiosk", .seat = "kiosk-1", .views = {}}};
  kiosk::Window window(link, *kiosk::load_phrases(), "ja");
  QList<QStringList> heard;
  QObject::connect(&window, &kiosk::Window::speaks, &window,
                   [&](const QStringList& each) { heard.append(each); });
  window.resize(540, 960);
  window.show();
  QApplication::processEvents();
  CHECK(heard.isEmpty());
  emit window.touched("large");
  REQUIRE(heard.size() == 1);
  CHECK_FALSE(heard.back().isEmpty());
  window.resize(600, 960);
  QApplication::processEvents();
  CHECK(heard.size() == 1); // drawn again, not said again
  emit window.touched("large");
  REQUIRE(heard.size() == 2);
  CHECK(heard.back().isEmpty());
}

TEST_CASE("the guide says a page in one go, and only the newest") {
  REQUIRE(sound::find_speech_tools({}));
  QTemporaryDir dir;
  kiosk::Guide guide({dir.filePath("cache"), {}, dir.filePath("out")});
  guide.say({"ご用件を、おえらびください。"});
  guide.say({"番号を、おとりしています。", "画面と声で、お呼びします。"});
  const auto log = [&] { return seat::read_file(dir.filePath("out/guide.log")).value_or(QByteArray()); };
  QElapsedTimer since;
  since.start();
  while (log().isEmpty() && since.elapsed() < 30'000)
    QApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
  CHECK(QString::fromUtf8(log()) == "番号を、おとりしています。画面と声で、お呼びします。\n");
  const auto wav = seat::read_file(dir.filePath("out/guide-1.wav"));
  REQUIRE(wav);
  const auto samples = sound::samples_of_wav(*wav);
  REQUIRE(samples);
  CHECK(sound::duration_ms(*samples) > 2000);
  guide.tone();
  CHECK(log().endsWith("tone\n"));
}
