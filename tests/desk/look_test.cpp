// SPDX-License-Identifier: Apache-2.0
// How names are drawn.
#include "seat/look.hpp"

#include <catch2/catch.hpp>

#include <QImage>
#include <QPainter>

using namespace machiai;

namespace {

/// Dark dots of words that are drawn alone, from a column on.
int ink(const QString& words, int from) {
  QImage image(400, 60, QImage::Format_RGB32);
  image.fill(Qt::white);
  QPainter painter(&image);
  seat::look::line_text(painter, QRectF(0, 0, 400, 60), words, {32});
  int dark = 0;
  for (int y = 0; y < image.height(); ++y)
    for (int x = from; x < image.width(); ++x) dark += qGray(image.pixel(x, y)) < 128 ? 1 : 0;
  return dark;
}

} // namespace

TEST_CASE("a name with a mark of the shape of its character is drawn without a box for the mark") {
  for (const char* plain : {"葛城 花子", "辻 太郎", "𠮷野"}) {
    QString marked = QString::fromUtf8(plain);
    const qsizetype first = marked.at(0).isSurrogate() ? 2 : 1;
    const bool standard = GENERATE(false, true);
    const char32_t mark = standard ? 0xfe00 : 0xe0101;
    marked.insert(first, QString::fromUcs4(&mark, 1));
    CAPTURE(plain, standard);
    CHECK(seat::look::width(marked, {32}) == Approx(seat::look::width(plain, {32})));
    // The shape itself may be another; what stands behind it is as it was, and there is no more ink.
    CHECK(ink(marked, 34) == Approx(ink(plain, 34)).epsilon(0.05));
    CHECK(ink(marked, 0) == Approx(ink(plain, 0)).epsilon(0.05));
  }
}
