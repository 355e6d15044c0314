// SPDX-License-Identifier: Apache-2.0
#include "display/scenes/scenery.hpp"

#include <catch2/catch.hpp>

#include <QDir>
#include <cmath>

using namespace machiai::display;

namespace {

QImage picture(Scenery& scenery, int scene, double t, QSize size = {528, 297}) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(Qt::black);
  QPainter painter(&image);
  scenery.paint_scene(scene, painter, QRectF(QPointF(), QSizeF(size)), t);
  return image;
}

struct Difference {
  double mean = 0;    ///< of the light of the whole picture, 0-255
  double changed = 0; ///< share of pixels that differ by more than 40
};

Difference difference(const QImage& a, const QImage& b) {
  double sum = 0;
  int changed = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const int step = qGray(b.pixel(x, y)) - qGray(a.pixel(x, y));
      sum += step;
      changed += std::abs(step) > 40 ? 1 : 0;
    }
  const double pixels = double(a.width()) * a.height();
  return {std::abs(sum / pixels), changed / pixels};
}

} // namespace

TEST_CASE("every scene fills its place in any shape, and is never dark") {
  Scenery scenery;
  REQUIRE(scenery.count() >= 5);
  for (int i = 0; i < scenery.count(); ++i)
    for (const QSize size : {QSize(528, 297), QSize(300, 400)}) {
      const QImage image = picture(scenery, i, 5, size);
      double light = 0;
      int black = 0;
      for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
          light += qGray(image.pixel(x, y));
          black += qGray(image.pixel(x, y)) < 16 ? 1 : 0;
        }
      INFO("scene " << i);
      CHECK(light / (double(image.width()) * image.height()) > 50);
      CHECK(black == 0);
    }
}

TEST_CASE("every scene moves, but calmly: no picture flashes against the one before it") {
  Scenery scenery;
  for (int i = 0; i < scenery.count(); ++i) {
    INFO("scene " << i);
    CHECK(picture(scenery, i, 3) != picture(scenery, i, 5));
    CHECK(picture(scenery, i, 3) == picture(scenery, i, 3));
    QImage before = picture(scenery, i, 20);
    for (double t = 20.1; t < 22; t += .1) {
      const QImage after = picture(scenery, i, t);
      const Difference d = difference(before, after);
      CHECK(d.mean < .5);
      CHECK(d.changed < .01);
      before = after;
    }
  }
}

TEST_CASE("a flash would be found") { // control of the test above
  Scenery scenery;
  QImage bright = picture(scenery, 0, 20);
  QPainter(&bright).fillRect(bright.rect(), QColor(255, 255, 255, 60));
  CHECK(difference(picture(scenery, 0, 20), bright).mean > .5);
}

TEST_CASE("scenes take turns, each coming in over the one before") {
  CHECK(scene_turn(0, 5).scene == 0);
  CHECK(scene_turn(0, 5).mix == 0);
  CHECK(scene_turn(scene_s - scene_fade_s, 5).mix == 0);
  CHECK(scene_turn(scene_s - scene_fade_s / 2, 5).mix == Approx(.5));
  CHECK(scene_turn(scene_s, 5).scene == 1);
  CHECK(scene_turn(scene_s, 5).mix == 0);
  CHECK(scene_turn(4 * scene_s, 5).next == 0);
  CHECK(scene_turn(-1, 5).scene == 0);
}

TEST_CASE("while one scene goes and another comes, no picture jumps") {
  Scenery scenery;
  const auto at = [&](double t) {
    QImage image(528, 297, QImage::Format_RGB32);
    QPainter painter(&image);
    scenery.paint(painter, QRectF(0, 0, 528, 297), t);
    return image;
  };
  QImage before = at(scene_s - scene_fade_s - .1);
  for (double t = scene_s - scene_fade_s; t < scene_s + .3; t += .1) {
    const QImage after = at(t);
    CHECK(difference(before, after).mean < 4);
    before = after;
  }
}

/// For the eye: writes each scene at full size to the directory PICTURES.
TEST_CASE("pictures of the scenes", "[.pictures]") {
  Scenery scenery;
  if (!qEnvironmentVariableIsSet("PICTURES")) return; // to be looked at, where somebody wants to
  const QDir folder(qEnvironmentVariable("PICTURES"));
  for (int i = 0; i < scenery.count(); ++i)
    picture(scenery, i, 42, {1056, 594}).save(folder.filePath(QString("scene-%1.png").arg(i)));
}

TEST_CASE("a scene on a screen that was turned is drawn anew, not stretched") {
  for (int i = 1; i < Scenery().count(); ++i) {
    Scenery turned, fresh;
    picture(turned, i, 5, {528, 940});
    CHECK(difference(picture(turned, i, 5), picture(fresh, i, 5)).changed < 0.01);
  }
}
