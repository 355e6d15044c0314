// SPDX-License-Identifier: Apache-2.0
#include "display/board_widget.hpp"
#include "display/scene.hpp"
#include "display/still.hpp"
#include "display/style.hpp"
#include "fixture.hpp"

using namespace machiai;
using namespace machiai::display;

namespace {

Frame frame_of(const fixture::Loaded& loaded) {
  Input input;
  input.view = &loaded.view;
  input.now = loaded.at;
  Frame frame;
  frame.board = make_board(input, false);
  return frame;
}

QImage picture(const std::string& name, StillOptions options = {}, QSize size = {1920, 1080},
               std::int64_t age = 0) {
  const auto loaded = fixture::board(name);
  return still(loaded.view, loaded.at, loaded.at + base::Millis{age}, options, size);
}

/// Share of the rectangle's pixels that have exactly this colour.
double share(const QImage& image, const QRect& rect, const QColor& colour) {
  int hits = 0;
  for (int y = rect.top(); y <= rect.bottom(); ++y)
    for (int x = rect.left(); x <= rect.right(); ++x) hits += image.pixelColor(x, y) == colour ? 1 : 0;
  return double(hits) / (rect.width() * rect.height());
}

/// No pixel differs visibly. The raster engine rounds a cached glyph's place otherwise than a fresh one's.
bool alike(const QImage& a, const QImage& b) {
  constexpr int visible = 8;
  const auto far = [](int x, int y) { return std::abs(x - y) > visible; };
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x) {
      const QRgb p = a.pixel(x, y);
      const QRgb q = b.pixel(x, y);
      if (far(qRed(p), qRed(q)) || far(qGreen(p), qGreen(q)) || far(qBlue(p), qBlue(q))) return false;
    }
  return a.size() == b.size();
}

} // namespace

TEST_CASE("a moving scene repaints the film zone and nothing else") {
  Frame before = frame_of(fixture::board("board-landscape"));
  Frame after = before;
  after.scene_s = .1;
  const Change change = changes(Shape::landscape, before, after);
  CHECK_FALSE(change.everything);
  CHECK(change.zones == std::vector<QRectF>{{24, 24, 1056, 594}});
  CHECK(changes(Shape::landscape, before, before).zones.empty());
}

TEST_CASE("a new call repaints call, rooms and next, but neither film nor notice nor the clock") {
  auto loaded = fixture::board("board-landscape");
  const Frame before = frame_of(loaded);
  loaded.view.calls.insert(loaded.view.calls.begin(), fixture::call(420, "25", base::to_ms(loaded.at)));
  loaded.view.rooms[0].number = "25";
  loaded.view.next.erase(loaded.view.next.begin());
  const Change change = changes(Shape::landscape, before, frame_of(loaded));
  const Layout l = layout_of(Shape::landscape, Face::calling, 0);
  CHECK(change.zones == std::vector<QRectF>{l.call, l.next, l.rooms});
}

TEST_CASE("another face, and the shift against burn-in, repaint everything") {
  const Frame open = frame_of(fixture::board("board-landscape"));
  CHECK(changes(Shape::landscape, open, frame_of(fixture::board("board-closed"))).everything);
  Frame later = open;
  later.running_ms = 600'000;
  CHECK(changes(Shape::landscape, open, later).everything);
}

TEST_CASE("during a call rooms, next, notice and band never move and the call's right edge is fixed") {
  for (const Shape shape : {Shape::landscape, Shape::portrait, Shape::queue_only}) {
    const Layout rest = layout_of(shape, Face::calling, 0);
    for (const double widen : {.3, 1.0}) {
      const Layout staged = layout_of(shape, Face::calling, widen);
      CHECK(staged.rooms == rest.rooms);
      CHECK(staged.next == rest.next);
      CHECK(staged.notice == rest.notice);
      CHECK(staged.band == rest.band);
      CHECK(staged.call.right() == Approx(rest.call.right()));
      CHECK_FALSE(staged.call.intersects(staged.film));
    }
  }
}

TEST_CASE("zones stay inside the screen and apart from each other") {
  for (const Shape shape : {Shape::landscape, Shape::portrait, Shape::queue_only})
    for (const Face face :
         {Face::connecting, Face::gone, Face::stale, Face::closed, Face::before, Face::calling}) {
      const Layout l = layout_of(shape, face, 0);
      const std::vector<QRectF> zones{l.film,   l.call,     l.next,  l.notice, l.rooms,
                                      l.absent, l.previous, l.guide, l.band};
      for (std::size_t i = 0; i < zones.size(); ++i) {
        if (zones[i].isEmpty()) continue;
        CHECK(QRectF(QPointF(), l.design).contains(zones[i]));
        for (std::size_t k = i + 1; k < zones.size(); ++k) CHECK_FALSE(zones[i].intersects(zones[k]));
      }
    }
}

TEST_CASE("the number is painted large: white on indigo at rest, on the hatched panel when stale") {
  REQUIRE(style::fonts_present());
  const QRect inner(1260, 130, 604, 320);
  const QImage rest = picture("board-landscape");
  CHECK(share(rest, inner, style::on_dark) > .15);
  CHECK(share(rest, inner, style::ai) > .4);
  const QImage stale = picture("board-landscape", {}, {1920, 1080}, 14 * 60'000);
  CHECK(share(stale, inner, style::ink) > .10);
  CHECK(share(stale, inner, style::hatch) > .05);
  CHECK(share(stale, inner, style::ai) == 0);
  const QImage gone = picture("board-landscape", {}, {1920, 1080}, 40 * 60'000);
  CHECK(share(gone, QRect(1104, 642, 792, 310), style::ink) < .02); // no room, no number
}

TEST_CASE("the same view at the same moment gives the same picture") {
  CHECK(alike(picture("board-called"), picture("board-called")));
  CHECK_FALSE(alike(picture("board-called"), picture("board-landscape")));
}

TEST_CASE("other sizes are scaled alike in both directions and letterboxed in paper") {
  const QImage wide = picture("board-landscape", {}, {2400, 1080});
  CHECK(share(wide, QRect(0, 0, 200, 1080), style::paper) == 1);
  CHECK(share(wide, QRect(2200, 0, 200, 900), style::paper) == 1);
  const QImage small = picture("board-landscape", {}, {960, 540});
  CHECK(small.pixelColor(480, 530) == style::ai_deep);
}

TEST_CASE("the inlet is the same for the same seed and time, and moves calmly") {
  const auto draw = [](double t, QSize size) {
    QImage image(size, QImage::Format_RGB32);
    QPainter painter(&image);
    Inlet(7).paint(painter, QRectF(QPointF(), size), t);
    return image;
  };
  CHECK(draw(3, {800, 450}) == draw(3, {800, 450}));
  const QImage a = draw(0, {800, 450});
  const QImage b = draw(.1, {800, 450});
  CHECK(a != b);
  // From one picture to the next the lightness of the whole stays within a thousandth: nothing flickers.
  const auto lightness = [](const QImage& image) {
    double sum = 0;
    for (int y = 0; y < image.height(); ++y)
      for (int x = 0; x < image.width(); ++x) sum += qGray(image.pixel(x, y));
    return sum / 255 / image.width() / image.height();
  };
  CHECK(std::abs(lightness(a) - lightness(b)) < .001);
  CHECK(std::abs(lightness(a) - lightness(draw(600, {800, 450}))) < .1);
}
