// SPDX-License-Identifier: Apache-2.0
#include "display/player/direction.hpp"
#include "display/player/scaler.hpp"
#include "frames.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace machiai::display;

const QColor red(200, 40, 30), blue(20, 60, 220);

QImage film_of(const QSize& size, const QColor& colour) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(colour);
  return image;
}

struct Zone {
  Shape shape;
  double widen;
  Frame frame;
  QRect place;
};

/// The film's place in every layout that has one, at rest and with a call on stage.
std::vector<Zone> zones() {
  std::vector<Zone> all;
  for (const Shape shape : {Shape::landscape, Shape::portrait})
    for (const std::size_t services : {1, 4})
      for (const double widen : {0.0, 1.0}) {
        Frame frame = fixture::frame_of(fixture::busy(services, 3), {.shape = shape});
        frame.motion.widen = widen;
        const QRectF zone = layout_of(shape, frame.board.face, widen, frame.board.several).film;
        all.push_back({shape, widen, frame, zone.toAlignedRect()});
      }
  return all;
}

/// The place, as it is painted, without the round corners.
QImage inside(const Zone& zone, const Frame& frame) {
  const QImage place = fixture::painted(frame, zone.shape).copy(zone.place);
  return place.copy(place.rect().adjusted(0, 21, 0, -21));
}

bool all_of(const QImage& image, const QColor& colour) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.pixelColor(x, y) != colour) return false;
  return true;
}

} // namespace

TEST_CASE("a film of the house profile fills its place to the edges, upright and lying") {
  for (const Zone& zone : zones()) {
    for (const QSize whole : {QSize(1280, 720), QSize(1920, 1080)}) {
      INFO(int(zone.shape) << ' ' << zone.widen << ' ' << whole.width());
      Frame frame = zone.frame;
      frame.film = film_of(fitted(whole, zone.place.size()), red);
      CHECK(all_of(inside(zone, frame), red));
      // While the place changes its size the picture of the other one is stretched.
      frame.film = film_of(fitted(whole, zone.place.size() * 0.75), red);
      CHECK(all_of(inside(zone, frame), red));
    }
  }
}

TEST_CASE("a film of another shape stands whole in the middle of the ground") {
  for (const Zone& zone : zones()) {
    for (const QSize whole : {QSize(640, 480), QSize(720, 1280)}) {
      Frame frame = zone.frame;
      const QSize size = fitted(whole, zone.place.size());
      CHECK(size.height() == zone.place.height());
      CHECK(std::abs(size.width() * whole.height() - size.height() * whole.width()) <= whole.height());
      frame.film = film_of(size, red);
      const QImage place = inside(zone, frame);
      const int beside = (place.width() - size.width()) / 2;
      const auto column = [&](int x, int width) { return place.copy(x, 0, width, place.height()); };
      CHECK(all_of(column(0, beside - 1), style::ai_deep));
      CHECK(all_of(column(beside + 1, size.width() - 2), red));
      CHECK(all_of(column(place.width() - beside + 1, beside - 1), style::ai_deep));
    }
  }
}

TEST_CASE("films are cut, and anything else gives way softly once it has been seen") {
  using enum Showing;
  constexpr std::int64_t seen = limits::worth_a_fade_ms;
  CHECK(crossfade_ms(film, 60'000, film) == 0);
  CHECK(crossfade_ms(scene, 60'000, scene) == 0);
  for (const auto& [from, to] : {std::pair{still, still},
                                 {still, film},
                                 {film, still},
                                 {still, scene},
                                 {scene, still},
                                 {film, scene},
                                 {scene, film}}) {
    CHECK(crossfade_ms(from, seen, to) == limits::crossfade_ms);
    CHECK(crossfade_ms(from, seen - 1, to) == 0);
  }
  CHECK(limits::crossfade_ms >= 300);
  CHECK(limits::crossfade_ms <= 500);
}

TEST_CASE("what fades is between the one and the other, and the scene below is whole") {
  const Zone zone = zones().front();
  const auto shown = [&](const QImage& before, const QImage& film, double fade) {
    Frame frame = zone.frame;
    frame.film_before = before;
    frame.film = film;
    frame.film_fade = fade;
    return inside(zone, frame);
  };
  const QImage one = film_of(zone.place.size(), red), other = film_of(zone.place.size(), blue);
  CHECK(all_of(shown(one, other, 0), red));
  CHECK(all_of(shown(one, other, 1), blue));
  const QColor half = shown(one, other, 0.5).pixelColor(200, 100);
  CHECK(std::abs(half.red() - 110) <= 2);
  CHECK(std::abs(half.blue() - 125) <= 2);
  const QImage scene = shown({}, {}, 1);
  CHECK(shown(one, {}, 0) == shown({}, one, 1));
  CHECK(shown({}, one, 0) == scene);
  // Both ways through the middle are the same picture: a film over the scene.
  const QImage in = shown({}, one, 0.5), out = shown(one, {}, 0.5);
  for (const QPoint at : {QPoint(100, 60), QPoint(500, 300), QPoint(900, 500)})
    for (const auto part : {&QColor::red, &QColor::green, &QColor::blue}) {
      const int mean = ((scene.pixelColor(at).*part)() + (red.*part)()) / 2;
      CHECK(std::abs((in.pixelColor(at).*part)() - mean) <= 2);
      CHECK(std::abs((out.pixelColor(at).*part)() - mean) <= 2);
    }
}

TEST_CASE("a step of a fade paints the film's place again and nothing else") {
  const Zone zone = zones().front();
  Frame from = zone.frame, to = zone.frame;
  from.film = to.film = film_of(zone.place.size(), red);
  CHECK(changes(zone.shape, from, to).zones.empty());
  to.film_fade = 0.5;
  const Change change = changes(zone.shape, from, to);
  CHECK_FALSE(change.everything);
  REQUIRE(change.zones.size() == 1);
  CHECK(change.zones.front().toAlignedRect() == zone.place);
  // Over a scene, which goes on meanwhile.
  from = to;
  to.scene_s += 0.1;
  CHECK(changes(zone.shape, from, to).zones.size() == 1);
  // Over a film the scene's time is nobody's.
  from.film_before = to.film_before = film_of(zone.place.size(), blue);
  CHECK(changes(zone.shape, from, to).zones.empty());
}
