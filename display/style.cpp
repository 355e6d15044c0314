// SPDX-License-Identifier: Apache-2.0
#include "display/style.hpp"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QHash>
#include <algorithm>
#include <array>
#include <cmath>

namespace machiai::display::style {

namespace {

const QStringList& families(bool mono) {
  static const QStringList text_faces{"BIZ UDPGothic", "Noto Sans CJK JP", "sans-serif"};
  static const QStringList mono_faces{"BIZ UDGothic", "Noto Sans Mono CJK JP", "monospace"};
  return mono ? mono_faces : text_faces;
}

bool breaks_after(QChar c) {
  return c == u' ' || c == u'、' || c == u'。' || c == u'　';
}

/// Kinsoku: marks and small kana do not begin a line.
bool may_begin(QChar c) {
  static const QString never =
      QStringLiteral("、。，．・：；？！」』）】〜ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々");
  return !never.contains(c);
}

bool is_latin(const QString& word) {
  return std::all_of(word.cbegin(), word.cend(), [](QChar c) { return c.unicode() < 0x250; });
}

/// How many characters of `rest` go on a line.
qsizetype line_length(const QString& rest, const Type& type, double width) {
  qsizetype fits = 0;
  while (fits < rest.size() && advance(rest.left(fits + 1), type) <= width) ++fits;
  if (fits == rest.size()) return fits;
  fits = std::max<qsizetype>(fits, 1);
  // A phrase end in the second half of the line is worth a shorter line.
  for (qsizetype at = fits; at > fits / 2; --at)
    if (breaks_after(rest[at - 1])) return at;
  qsizetype at = fits;
  const auto bad = [&](qsizetype i) {
    return !may_begin(rest[i]) || (rest[i].isDigit() && rest[i - 1].isDigit()) || rest[i - 1].isDigit();
  };
  while (at > 1 && bad(at)) --at;
  return at > 1 ? at : fits;
}

} // namespace

QFont font(const Type& type) {
  static QHash<quint64, QFont> cache;
  const quint64 key =
      (quint64(std::lround(type.px * 8)) << 2U) | (type.bold ? 2U : 0U) | (type.mono ? 1U : 0U);
  const auto found = cache.constFind(key);
  if (found != cache.constEnd()) return *found;
  QFont f(families(type.mono));
  f.setPixelSize(std::max(1, int(std::lround(type.px))));
  f.setWeight(type.bold ? QFont::Bold : QFont::Normal);
  f.setHintingPreference(QFont::PreferNoHinting);
  f.setStyleStrategy(QFont::PreferAntialias);
  cache.insert(key, f);
  return f;
}

double advance(const QString& text, const Type& type) {
  return QFontMetricsF(font(type)).horizontalAdvance(text);
}

Type fitted(const QString& text, Type type, double width, double least) {
  const double wide = advance(text, type);
  if (wide > width) type.px = std::max(least, type.px * width / wide);
  return type;
}

void draw_line(QPainter& painter, const QRectF& box, Side side, const QString& text, const Type& type,
               const QColor& colour) {
  if (text.isEmpty()) return;
  const QFontMetricsF metrics(font(type));
  const double wide = metrics.horizontalAdvance(text);
  const double squeeze = wide > box.width() && wide > 0 ? box.width() / wide : 1;
  const double shown = wide * squeeze;
  double x = box.left();
  if (side == Side::centre) x += (box.width() - shown) / 2;
  if (side == Side::right) x = box.right() - shown;
  const double baseline = box.center().y() + (metrics.ascent() - metrics.descent()) / 2;
  painter.setFont(font(type));
  painter.setPen(colour);
  if (squeeze >= 1) return painter.drawText(QPointF(x, baseline), text);
  painter.save();
  painter.translate(x, baseline);
  painter.scale(squeeze, 1);
  painter.drawText(QPointF(0, 0), text);
  painter.restore();
}

QStringList broken(const QString& text, const Type& type, double width) {
  QStringList lines;
  for (QString rest : text.split(u'\n')) {
    while (!rest.isEmpty()) {
      const qsizetype length = line_length(rest, type, width);
      lines.append(rest.left(length).trimmed());
      rest = rest.mid(length);
    }
  }
  return lines;
}

void draw_icon(QPainter& painter, const std::string& name, const QRectF& box, const QColor& colour) {
  if (!name.empty()) seat::look::icon(painter, QString::fromStdString(name), box, colour);
}

QPainterPath rounded(const QRectF& rect) {
  QPainterPath path;
  path.addRoundedRect(rect, radius, radius);
  return path;
}

void begin_panel(QPainter& painter, const QRectF& rect, const QColor& ground) {
  painter.save();
  painter.setClipRect(rect, Qt::IntersectClip);
  painter.fillRect(rect, ground);
}

void trim_corners(QPainter& painter, const QRectF& rect) {
  QPainterPath corners;
  corners.addRect(rect.adjusted(-1, -1, 1, 1));
  corners.addRoundedRect(rect, radius, radius);
  painter.restore();
  painter.fillPath(corners, paper);
}

void fill_hatched(QPainter& painter, const QRectF& box) {
  constexpr double period = 22;
  constexpr double stripe = 6;
  constexpr double first = 19; // centre of the first stripe, along the diagonal from the top left corner
  painter.fillRect(box, panel);
  painter.setPen(QPen(hatch, stripe, Qt::SolidLine, Qt::FlatCap));
  const double reach = box.width() + box.height();
  for (double d = first * M_SQRT2; d < reach; d += period * M_SQRT2)
    painter.drawLine(QPointF(box.left() + d + stripe, box.top() - stripe),
                     QPointF(box.left() + d - box.height() - stripe, box.bottom() + stripe));
}

QPainterPath stone_path(const QRectF& rect, int cut) {
  // Horizontal and vertical radii in % of the sides: top left, top right, bottom right, bottom left.
  constexpr std::array<std::array<double, 8>, 3> cuts{
      {{46, 54, 50, 50, 56, 52, 48, 44}, {54, 46, 48, 52, 52, 58, 42, 48}, {50, 50, 55, 45, 58, 50, 50, 42}}};
  const auto& c = cuts[static_cast<std::size_t>(cut % 3)];
  const auto across = [&](int i) { return rect.width() * c[std::size_t(i)] / 100; };
  const auto down = [&](int i) {
    // CSS scales radii that together exceed a side; the left side of each cut sums to 100 or less.
    const double left = std::max(100.0, c[4] + c[7]);
    const double right = std::max(100.0, c[5] + c[6]);
    return rect.height() * c[4 + std::size_t(i)] / (i == 0 || i == 3 ? left : right);
  };
  QPainterPath p;
  p.moveTo(rect.left(), rect.top() + down(0));
  p.arcTo(QRectF(rect.left(), rect.top(), 2 * across(0), 2 * down(0)), 180, -90);
  p.arcTo(QRectF(rect.right() - 2 * across(1), rect.top(), 2 * across(1), 2 * down(1)), 90, -90);
  p.arcTo(QRectF(rect.right() - 2 * across(2), rect.bottom() - 2 * down(2), 2 * across(2), 2 * down(2)), 0,
          -90);
  p.arcTo(QRectF(rect.left(), rect.bottom() - 2 * down(3), 2 * across(3), 2 * down(3)), 270, -90);
  p.closeSubpath();
  return p;
}

void draw_spine(QPainter& painter, const QRectF& rect, const QString& word, const Type& type, double pitch,
                const QColor& ground, const QColor& colour, const std::string& icon) {
  constexpr double icon_px = 88;
  constexpr double icon_gap = 20;
  painter.fillRect(rect, ground);
  const double icon_room = icon.empty() ? 0 : icon_px + (word.isEmpty() ? 0 : icon_gap);
  const bool turned = is_latin(word);
  Type fit = turned ? fitted(word, type, rect.height() - icon_room - 32, 44) : type;
  double step = fit.px * pitch;
  const double room = rect.height() - icon_room;
  if (!turned && !word.isEmpty() && step * double(word.size()) > room) {
    fit.px *= room / (step * double(word.size()));
    step = fit.px * pitch;
  }
  const double length = turned ? advance(word, fit) : step * double(word.size());
  double y = rect.center().y() - (length + icon_room) / 2;
  if (!icon.empty())
    draw_icon(painter, icon, QRectF(rect.center().x() - icon_px / 2, y, icon_px, icon_px), colour);
  y += icon_room;
  if (turned) {
    painter.save();
    painter.translate(rect.center().x(), y + length / 2);
    painter.rotate(-90);
    draw_line(painter, QRectF(-length / 2 - 1, -fit.px / 2, length + 2, fit.px), Side::centre, word, fit,
              colour);
    painter.restore();
    return;
  }
  // Each glyph stands at the top of its place, as in the pictures.
  for (const QChar glyph : word) {
    draw_line(painter, QRectF(rect.left(), y, rect.width(), fit.px), Side::centre, glyph, fit, colour);
    y += step;
  }
}

bool fonts_present() {
  return QFontDatabase::hasFamily("BIZ UDPGothic");
}

} // namespace machiai::display::style
