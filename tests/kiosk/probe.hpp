// SPDX-License-Identifier: Apache-2.0
// Reads a scene instead of looking at it: every piece of text that is painted, where, and how large.
#pragma once

#include "seat/stage.hpp"

#include <QImage>
#include <QPaintDevice>
#include <QPaintEngine>
#include <QPainter>
#include <vector>

namespace machiai::test {

struct Written {
  QString words;
  QRectF ink; ///< what the glyphs cover, design pixels
  double px = 0;
  int piece = 0; ///< which drawing function wrote it
  QColor colour{};
};

class Reader final : public QPaintEngine {
public:
  Reader() : QPaintEngine(QPaintEngine::AllFeatures) {}
  bool begin(QPaintDevice*) override { return true; }
  bool end() override { return true; }
  void updateState(const QPaintEngineState&) override {}
  void drawPixmap(const QRectF&, const QPixmap&, const QRectF&) override {}
  void drawPath(const QPainterPath&) override {}
  void drawPolygon(const QPointF*, int, PolygonDrawMode) override {}
  void drawRects(const QRectF* rects, int count) override {
    for (int i = 0; i < count; ++i) filled.push_back(painter()->worldTransform().mapRect(rects[i]));
  }
  [[nodiscard]] Type type() const override { return User; }
  void drawTextItem(const QPointF& at, const QTextItem& item) override {
    if (item.text().trimmed().isEmpty()) return;
    const QRectF ink = QFontMetricsF(item.font()).tightBoundingRect(item.text()).translated(at);
    written.push_back({item.text(), painter()->worldTransform().mapRect(ink),
                       static_cast<double>(item.font().pixelSize()), piece, painter()->pen().color()});
  }
  std::vector<Written> written;
  std::vector<QRectF> filled; ///< rectangles without round corners
  int piece = 0;
};

class Paper final : public QPaintDevice {
public:
  [[nodiscard]] QPaintEngine* paintEngine() const override { return &reader; }
  mutable Reader reader;

protected:
  [[nodiscard]] int metric(PaintDeviceMetric which) const override {
    switch (which) {
    case PdmWidth:
    case PdmHeight: return 2000;
    case PdmDpiX:
    case PdmDpiY:
    case PdmPhysicalDpiX:
    case PdmPhysicalDpiY: return 96;
    case PdmDevicePixelRatio: return 1;
    case PdmDevicePixelRatioScaled: return static_cast<int>(devicePixelRatioFScale());
    case PdmDepth: return 32;
    default: return QPaintDevice::metric(which);
    }
  }
};

/// Everything that a scene writes; pieces count from 1, its buttons from -1 downwards. `filled` gets its
/// rectangles.
inline std::vector<Written> written_by(const seat::Scene& scene, std::vector<QRectF>* filled = nullptr) {
  Paper paper;
  QPainter painter(&paper);
  for (const auto& piece : scene.pieces) {
    ++paper.reader.piece;
    painter.save();
    piece(painter);
    painter.restore();
  }
  for (const auto& touch : scene.touch) {
    paper.reader.piece = -static_cast<int>(&touch - scene.touch.data()) - 1;
    painter.save();
    if (touch.paint) touch.paint(painter, false);
    painter.restore();
  }
  painter.end();
  if (filled != nullptr) *filled = std::move(paper.reader.filled);
  return std::move(paper.reader.written);
}

} // namespace machiai::test
