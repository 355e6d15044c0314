// SPDX-License-Identifier: Apache-2.0
// What a finger meets: every target of every page in every format and language.
#include "fixture.hpp"
#include "kiosk/scene.hpp"
#include "kiosk/window.hpp"

#include <catch2/catch.hpp>

#include <QImage>

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

} // namespace

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
