// SPDX-License-Identifier: Apache-2.0
#include "display/player/scaler.hpp"

#include <catch2/catch.hpp>

#include <QVideoFrameFormat>
#include <utility>

namespace {

using namespace machiai::display;
using Format = QVideoFrameFormat;

struct Kind {
  Format::PixelFormat pixels = Format::Format_YUV420P;
  Format::ColorSpace space = Format::ColorSpace_Undefined;
  Format::ColorRange range = Format::ColorRange_Unknown;
};

/// A frame that is all over what `value` says: brightness (0) or one of the colours (1, 2), column and row in
/// shares of the whole.
template <typename Value> QVideoFrame frame_of(const QSize& size, const Kind& kind, Value value) {
  Format format(size, kind.pixels);
  format.setColorSpace(kind.space);
  format.setColorRange(kind.range);
  QVideoFrame frame(format);
  REQUIRE(frame.map(QVideoFrame::WriteOnly));
  const auto fill = [&](int plane, int columns, int rows, auto of) {
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        const auto [part, across] = of(x);
        frame.bits(plane)[y * frame.bytesPerLine(plane) + x] =
            std::uint8_t(value(part, double(across) / columns, double(y) / rows));
      }
  };
  const int width = size.width();
  const int height = size.height();
  if (kind.pixels == Format::Format_UYVY) {
    fill(0, width * 2, height,
         [](int x) { return x % 2 == 1 ? std::pair(0, x - 1) : std::pair(1 + x / 2 % 2, x / 4 * 4); });
  } else {
    fill(0, width, height, [](int x) { return std::pair(0, x); });
    if (kind.pixels == Format::Format_NV12)
      fill(1, width, height / 2, [](int x) { return std::pair(1 + x % 2, x / 2 * 2); });
    else
      for (const int plane : {1, 2})
        fill(plane, width / 2, height / 2, [&](int x) { return std::pair(plane, x); });
  }
  frame.unmap();
  return frame;
}

QImage scaled(const QVideoFrame& frame, const QSize& size) {
  QImage image(size, QImage::Format_RGB32);
  image.fill(Qt::magenta);
  Scaler scaler;
  REQUIRE(scaler.scale(frame, image));
  return image;
}

QColor colour_of(const Kind& kind, int y, int u, int v, const QSize& size = {640, 480}) {
  const auto plain = [&](int plane, double, double) { return plane == 0 ? y : plane == 1 ? u : v; };
  return scaled(frame_of(size, kind, plain), {400, 300}).pixelColor(200, 150);
}

bool near(const QColor& a, const QColor& b, int most = 3) {
  return std::abs(a.red() - b.red()) <= most && std::abs(a.green() - b.green()) <= most &&
         std::abs(a.blue() - b.blue()) <= most;
}

int worst_between(const QImage& a, const QImage& b) {
  int worst = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x)
      for (const int shift : {0, 8, 16})
        worst =
            std::max(worst, std::abs(int(a.pixel(x, y) >> shift & 255) - int(b.pixel(x, y) >> shift & 255)));
  return worst;
}

} // namespace

TEST_CASE("the colours of a film are those of its matrix and range, whatever way they take") {
  // Red by BT.601 and BT.709, in broadcast and in full range (ITU-R BT.601-7 and BT.709-6, 2.5 and 3).
  const QColor red(255, 0, 0);
  for (const auto pixels : {Format::Format_YUV420P, Format::Format_NV12, Format::Format_UYVY}) {
    INFO(int(pixels));
    using enum Format::ColorSpace;
    using enum Format::ColorRange;
    CHECK(near(colour_of({pixels, ColorSpace_BT601, ColorRange_Video}, 81, 90, 240), red));
    CHECK(near(colour_of({pixels, ColorSpace_BT601, ColorRange_Full}, 76, 85, 255), red));
    CHECK(near(colour_of({pixels, ColorSpace_BT709, ColorRange_Video}, 63, 102, 240), red));
    CHECK(near(colour_of({pixels, ColorSpace_BT709, ColorRange_Full}, 54, 99, 255), red));
    // Who says nothing is taken for broadcast range, small for BT.601 and large for BT.709.
    CHECK(near(colour_of({pixels}, 81, 90, 240), red));
    CHECK(near(colour_of({pixels}, 63, 102, 240, {1280, 720}), red));
    CHECK_FALSE(near(colour_of({pixels}, 63, 102, 240), red, 8));
  }
}

TEST_CASE("the short way and the long way make the same picture") {
  const auto slopes = [](int plane, double x, double y) {
    return plane == 0 ? 40 + 150 * x : plane == 1 ? 80 + 90 * y : 160 - 80 * x;
  };
  for (const QSize size : {QSize(1280, 720), QSize(1920, 1080), QSize(640, 480), QSize(1278, 718)})
    for (const QSize to : {QSize(1056, 594), QSize(400, 300), size}) {
      INFO(size.width() << " to " << to.width());
      const QImage shorter = scaled(frame_of(size, {Format::Format_YUV420P}, slopes), to);
      CHECK(worst_between(shorter, scaled(frame_of(size, {Format::Format_UYVY}, slopes), to)) <= 10);
      CHECK(worst_between(shorter, scaled(frame_of(size, {Format::Format_NV12}, slopes), to)) <= 2);
    }
}

TEST_CASE("a picture made in bands has no seams") {
  // 720 rows to 594 go in bands of 40; the same to 593, which shares no factor with them, in one.
  const auto slope = [](int plane, double x, double y) { return plane == 0 ? 20 + 100 * x + 110 * y : 128; };
  const QImage banded = scaled(frame_of({1280, 720}, {Format::Format_YUV420P}, slope), {1056, 594});
  for (int y = 1; y < banded.height(); ++y)
    for (int x = 0; x < banded.width(); x += 105) {
      const int step = qGreen(banded.pixel(x, y)) - qGreen(banded.pixel(x, y - 1));
      REQUIRE(step >= 0);
      REQUIRE(step <= 2);
    }
  CHECK(worst_between(
            banded.scaled(264, 148),
            scaled(frame_of({1280, 720}, {Format::Format_YUV420P}, slope), {1056, 593}).scaled(264, 148)) <=
        3);
}

TEST_CASE("fine lines are mixed and not left out when a film becomes much smaller") {
  const auto lines = [](int plane, double, double y) {
    return plane > 0 ? 128 : int(y * 2160 + 0.5) % 4 == 0 ? 235 : 16;
  };
  const QImage small = scaled(frame_of({3840, 2160}, {Format::Format_YUV420P}, lines), {960, 540});
  for (int y = 5; y < 535; ++y) REQUIRE(std::abs(qGreen(small.pixel(480, y)) - 64) <= 8);
}
