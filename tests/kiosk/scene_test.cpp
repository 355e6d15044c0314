// SPDX-License-Identifier: Apache-2.0
// What a finger meets: every target of every page in every format and language.
#include "fixture.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"
#include "probe.hpp"
#include "seat/breaks.hpp"

#include <catch2/catch.hpp>

#include <QImage>
#include <algorithm>

using namespace machiai;
using test::fixture;

namespace {

seat::Scene scene_of(const QString& file, const QString& page, const QString& lang, QSize size) {
  static const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  const auto view = fixture(file);
  const auto session = kiosk::sample_session(view, page, lang);
  REQUIRE(session);
  return kiosk::scene(kiosk::screen(&view, *session, page != "away", 1795483920000, 0), *phrases, size);
}

const QStringList pages{"home",    "kind", "type",  "asking", "done",
                        "warning", "help", "rules", "away",   "refused-closed"};
const QStringList files{"single",           "three",  "many",   "closed",
                        "closed_for_today", "paused", "before", "no_printer"};

bool has(const seat::Scene& scene, const QString& name, bool enabled) {
  for (const auto& touch : scene.touch)
    if (touch.name == name) return touch.enabled == enabled;
  return false;
}

/// All that is written, without spaces: one row may be drawn in several pieces.
std::string said(const seat::Scene& scene) {
  QString words;
  for (const auto& it : test::written_by(scene)) words += it.words;
  return words.remove(' ').remove(u'　').toStdString();
}

bool says(const std::string& all, const std::string& words) {
  return all.find(words) != std::string::npos;
}

} // namespace

TEST_CASE("who is called is told that and the room, and neither a wait nor a call to come") {
  for (const QSize size : {QSize(1080, 1920), QSize(1280, 800)})
    for (const char* page : {"called", "called-large"}) {
      const std::string all = said(scene_of("three", page, "ja", size));
      INFO(page << " " << size.width() << " " << all);
      CHECK(says(all, "お呼びしています"));
      CHECK(says(all, "診察室1へ"));
      CHECK_FALSE(says(all, "前にお待ちの方"));
      CHECK_FALSE(says(all, "およその待ち時間"));
      CHECK_FALSE(says(all, "計算中"));
      CHECK_FALSE(says(all, "画面と声で"));
    }
  CHECK(says(said(scene_of("three", "called", "easy", {1080, 1920})), "しんさつしつ1に"));
}

TEST_CASE("a kiosk that prints nothing says so, and its code is 420 px at least") {
  const std::string all = said(scene_of("no_printer", "done", "ja", {1080, 1920}));
  CHECK(says(all, "印刷できません。"));
  CHECK(says(all, "QRコードを"));
  auto view = fixture("no_printer");
  const auto session = kiosk::sample_session(view, "done", "ja");
  REQUIRE(session);
  const auto frame = kiosk::frame_for({1080, 1920}, kiosk::screen(&view, *session, true, 1795483920000, 0));
  CHECK(frame.code.width() >= 420);
  // Who has a slip already is not told that none can come.
  view.printing = true;
  auto known = *session;
  known.given.printing = false;
  static const auto phrases = kiosk::load_phrases();
  const auto scene =
      kiosk::scene(kiosk::screen(&view, known, true, 1795483920000, 0), *phrases, {1080, 1920});
  CHECK_FALSE(says(said(scene), "印刷できません"));
}

TEST_CASE("in large letters one's own number is no smaller than without") {
  const auto size_of = [](const QString& file, const QString& page, QSize window) {
    double px = 0;
    for (const auto& it : test::written_by(scene_of(file, page, "ja", window)))
      if (it.words == "36") px = std::max(px, it.px);
    return px;
  };
  for (const QString file : {"three", "no_printer"})
    for (const QSize window : {QSize(1080, 1920), QSize(1280, 800)}) {
      CAPTURE(file.toStdString(), window.width());
      CHECK(size_of(file, "done", window) > 100);
      CHECK(size_of(file, "done-large", window) >= size_of(file, "done", window));
    }
}

TEST_CASE("a word is not broken where smaller letters leave it whole") {
  const auto written = test::written_by(scene_of("no_printer", "called", "easy", {1080, 1920}));
  CHECK(std::any_of(written.begin(), written.end(),
                    [](const auto& it) { return it.words.contains("しんさつしつ"); }));
}

TEST_CASE("nobody waiting is no promise: the range is told when there is one") {
  static const auto phrases = kiosk::load_phrases();
  auto view = fixture("three");
  view.services[0].waiting = 0;
  view.services[0].wait = queue::WaitRange{5, 12};
  const auto home = [&](const char* lang) {
    const auto session = kiosk::sample_session(view, "home", lang);
    REQUIRE(session);
    return said(kiosk::scene(kiosk::screen(&view, *session, true, 1795483920000, 0), *phrases, {1080, 1920}));
  };
  CHECK(says(home("ja"), "お待ちの方はいません"));
  CHECK(says(home("ja"), "約5〜12分"));
  CHECK_FALSE(says(home("ja"), "すぐに"));
  CHECK(says(home("easy"), "5〜12ふん"));
  view.services[0].waiting = 1;
  view.services[0].wait = queue::WaitRange{5, 10};
  CHECK(says(home("easy"), "まっているひとひとり"));
  CHECK(says(home("easy"), "5〜10ぷん"));
}

TEST_CASE("more counters than have room in what is now take turns") {
  static const auto phrases = kiosk::load_phrases();
  auto view = fixture("three");
  view.services[2].state = "open";
  for (const char* number : {"41", "42"}) {
    view.services.push_back(view.services[0]);
    view.services.back().id = number;
    view.services.back().calling = number;
  }
  const auto at = [&](std::int64_t steady_ms) {
    auto session = kiosk::sample_session(view, "home", "ja");
    REQUIRE(session);
    session->touched_ms = steady_ms;
    return said(
        kiosk::scene(kiosk::screen(&view, *session, true, 1795483920000, steady_ms), *phrases, {1080, 1920}));
  };
  CHECK_FALSE(says(at(0), "42"));
  CHECK(says(at(3 * kiosk::now_ms), "42"));
}

TEST_CASE("lines end where Japanese lets them") {
  const auto at = [](const QString& text, const QString& after) { return text.indexOf(after); };
  const QString name = "リハビリテーション科";
  CHECK_FALSE(seat::may_break(name, at(name, "ョ")));
  CHECK_FALSE(seat::may_break(name, at(name, "ー")));
  CHECK(seat::may_break(name, at(name, "科")));
  const QString date = "休診は1月3日までです";
  CHECK_FALSE(seat::may_break(date, at(date, "3")));
  CHECK_FALSE(seat::may_break(date, at(date, "月")));
  CHECK_FALSE(seat::may_break(date, at(date, "日まで")));
  CHECK(seat::good_break(date, at(date, "1")));
  const QString polite = "受付へお申し出ください。";
  CHECK_FALSE(seat::may_break(polite, at(polite, "。")));
  CHECK_FALSE(seat::good_break(polite, at(polite, "申")));
  CHECK_FALSE(seat::good_break(polite, at(polite, "出")));
  CHECK(seat::good_break(polite, at(polite, "お申")));
  const QString two = "小児科・アレルギー科";
  CHECK_FALSE(seat::may_break(two, at(two, "・")));
  CHECK(seat::good_break(two, at(two, "ア")));
}

TEST_CASE("every target is at least 20 mm, on the glass and apart from its neighbours") {
  for (const QSize size : {QSize(1080, 1920), QSize(1280, 800)})
    for (const QString& file : files)
      for (const QString& page : pages) {
        const seat::Scene scene = scene_of(file, page, "ja", size);
        INFO(file.toStdString() << " " << page.toStdString() << " " << size.width());
        REQUIRE_FALSE(scene.touch.empty());
        for (std::size_t i = 0; i < scene.touch.size(); ++i) {
          const auto& touch = scene.touch[i];
          INFO(touch.name.toStdString());
          // The staff's place to press is not meant to be found.
          if (touch.name != kiosk::staff_button) {
            CHECK(touch.box.width() >= 112);
            CHECK(touch.box.height() >= 112);
          }
          CHECK(QRectF(QPointF(0, 0), scene.size).contains(touch.box));
          CHECK_FALSE(touch.label.isEmpty());
          for (std::size_t j = i + 1; j < scene.touch.size(); ++j) {
            INFO(scene.touch[j].name.toStdString());
            CHECK_FALSE(touch.box.intersects(scene.touch[j].box));
          }
        }
      }
}

TEST_CASE("help stays on every page that does not already say it") {
  for (const QString& page : QStringList{"home", "kind", "rules", "away", "refused-closed"})
    CHECK(has(scene_of("single", page, "ja", {1080, 1920}), "help", true));
}

TEST_CASE("closed services are shown, and a touch asks why") {
  const auto scene = scene_of("three", "home", "ja", {1080, 1920});
  CHECK(has(scene, "take-shinsatsu", true));
  CHECK(has(scene, "take-yobou", true));
  CHECK(has(scene, "why-kensa", true));
  const auto why = scene_of("three", "why-kensa", "ja", {1080, 1920});
  CHECK(has(why, "help", true));
  CHECK(has(why, "home", true));
}

TEST_CASE("while the answer is awaited every choice is disabled") {
  const auto scene = scene_of("three", "asking", "ja", {1080, 1920});
  CHECK(has(scene, "take-shinsatsu", false));
  CHECK(has(scene, "take-yobou", false));
  CHECK(has(scene, "help", false));
}

TEST_CASE("every page paints in every language") {
  for (const QString& lang : QStringList{"ja", "easy", "en", "zh", "ko", "vi", "pt"})
    for (const QString& page : pages) {
      const seat::Scene scene = scene_of("single", page, lang, {1080, 1920});
      QImage image(270, 480, QImage::Format_RGB32);
      image.fill(scene.ground);
      const QImage blank = image;
      QPainter painter(&image);
      painter.scale(0.25, 0.25);
      for (const auto& piece : scene.pieces) piece(painter);
      for (const auto& touch : scene.touch)
        if (touch.paint) touch.paint(painter, false);
      painter.end();
      INFO(lang.toStdString() << " " << page.toStdString());
      CHECK(image != blank);
    }
}
