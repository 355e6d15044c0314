// SPDX-License-Identifier: Apache-2.0
#include "display/style.hpp"

#include "seat/breaks.hpp"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QHash>
#include <algorithm>
#include <array>
#include <cmath>

namespace machiai::display::style {

namespace {

enum class Face { plain, mono, korean, noto, chinese };

const QStringList& families(Face face) {
  static const std::array<QStringList, 5> all{
      QStringList{"BIZ UDPGothic", "Noto Sans CJK JP", "sans-serif"},
      QStringList{"BIZ UDGothic", "Noto Sans Mono CJK JP", "monospace"},
      QStringList{"Noto Sans CJK KR", "Noto Sans CJK JP", "sans-serif"},
      QStringList{"Noto Sans CJK JP", "sans-serif"},
      QStringList{"Noto Sans CJK SC", "Noto Sans CJK JP", "sans-serif"},
  };
  return all[static_cast<std::size_t>(face)];
}

bool is_hangul(QChar c) {
  return c.unicode() >= 0xAC00 && c.unicode() <= 0xD7A3;
}

/// Letters with the marks of Vietnamese, which the clinic's own face lacks.
bool is_stacked_latin(QChar c) {
  const auto u = c.unicode();
  return (u >= 0x1E00 && u < 0x1F00) || (u >= 0x100 && u < 0x250);
}

Face face_of_text(const QString& text) {
  static QHash<QString, Face> known;
  constexpr qsizetype most_known = 2000;
  if (const auto found = known.constFind(text); found != known.constEnd()) return *found;
  static const QFontMetricsF own{QFont(QStringLiteral("BIZ UDPGothic"))};
  static const bool own_there = QFontDatabase::hasFamily("BIZ UDPGothic");
  const auto foreign = [&](QChar c) { return c.unicode() >= 0x2E80 && own_there && !own.inFont(c); };
  Face face = Face::plain;
  if (std::any_of(text.begin(), text.end(), is_hangul))
    face = Face::korean;
  else if (std::any_of(text.begin(), text.end(), is_stacked_latin))
    face = Face::noto;
  else if (std::any_of(text.begin(), text.end(), foreign))
    face = Face::chinese;
  if (known.size() > most_known) known.clear();
  known.insert(text, face);
  return face;
}

Recorder* recorder = nullptr;

bool breaks_after(QChar c) {
  return c == u' ' || c == u'、' || c == u'。' || c == u'　';
}

bool is_latin(const QString& word) {
  return std::all_of(word.cbegin(), word.cend(),
                     [](QChar c) { return c.unicode() < 0x250 || is_stacked_latin(c); });
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
  for (qsizetype at = fits; 5 * at >= 2 * fits && at > 0; --at)
    if (at < rest.size() && seat::good_break(rest, at)) return at;
  qsizetype at = fits;
  while (at > 1 && !seat::may_break(rest, at)) --at;
  return at > 1 ? at : fits;
}

} // namespace

Recorder::Recorder(bool muted) : mute(muted) {
  recorder = this;
}

Recorder::~Recorder() {
  recorder = nullptr;
}

QFont font(const Type& type, const QString& text) {
  constexpr double tall_row = 60; // below, rows have air enough
  static QHash<quint64, QFont> cache;
  const Face own = face_of_text(text);
  const Face face = own == Face::plain && type.mono ? Face::mono : own;
  const quint64 key =
      (quint64(std::lround(type.px * 8)) << 4U) | (quint64(face) << 1U) | (type.bold ? 1U : 0U);
  const auto found = cache.constFind(key);
  if (found != cache.constEnd()) return *found;
  QFont f(families(face));
  // Vietnamese stands higher and hangs deeper than any Japanese line: a little smaller, it keeps to its row.
  const double size = face == Face::noto && type.px > tall_row ? type.px * .92 : type.px;
  f.setPixelSize(std::max(1, int(std::lround(size))));
  f.setWeight(type.bold ? QFont::Bold : QFont::Normal);
  f.setHintingPreference(QFont::PreferNoHinting);
  f.setStyleStrategy(QFont::PreferAntialias);
  cache.insert(key, f);
  return f;
}

double advance(const QString& text, const Type& type) {
  return QFontMetricsF(font(type, text)).horizontalAdvance(text);
}

Type fitted(const QString& text, Type type, double width, double least) {
  const double wide = advance(text, type);
  if (wide > width) type.px = std::max(least, type.px * width / wide);
  return type;
}

void draw_line(QPainter& painter, const QRectF& box, Side side, const QString& text, const Type& type,
               const QColor& colour) {
  if (text.isEmpty()) return;
  const QFont face = font(type, text);
  const QFontMetricsF metrics(face);
  const double wide = metrics.horizontalAdvance(text);
  const double squeeze = wide > box.width() && wide > 0 ? box.width() / wide : 1;
  const double shown = wide * squeeze;
  double x = box.left();
  if (side == Side::centre) x += (box.width() - shown) / 2;
  if (side == Side::right) x = box.right() - shown;
  // The faces of Noto ask for much air above them; their glyphs stand in the em square like our own.
  const Face kind = face_of_text(text);
  double sink = (metrics.ascent() - metrics.descent()) / 2;
  if (kind != Face::plain) sink = type.px * (kind == Face::noto ? .34 : .38);
  const double baseline = box.center().y() + sink;
  painter.save();
  painter.setFont(face);
  painter.setPen(colour);
  painter.translate(x, baseline);
  if (squeeze < 1) painter.scale(squeeze, 1);
  if (recorder != nullptr) {
    const QTransform map = painter.combinedTransform();
    const double across = std::hypot(map.m11(), map.m12());
    const double down = std::hypot(map.m21(), map.m22());
    recorder->said.push_back(
        {text, map.mapRect(metrics.tightBoundingRect(text)), face.pixelSize() * down, across / down, colour});
  }
  if (recorder == nullptr || !recorder->mute) painter.drawText(QPointF(0, 0), text);
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

void draw_name(QPainter& painter, const QRectF& box, Side side, const QString& text, const Type& type,
               double least, const QColor& colour) {
  constexpr double least_squeeze = .8;
  constexpr double least_px = 44;
  constexpr double pitch = 1.06;
  const Type one = fitted(text, type, box.width(), least);
  if (advance(text, one) * least_squeeze <= box.width())
    return draw_line(painter, box, side, text, one, colour);
  Type two = type;
  two.px = std::max(least_px, std::min(type.px, box.height() / (2 * pitch)));
  while (two.px > least_px && broken(text, two, box.width()).size() > 2) two.px -= 1;
  const Type whole = fitted(text, type, box.width(), least_px);
  if (whole.px >= two.px && advance(text, whole) <= box.width() + 1)
    return draw_line(painter, box, side, text, whole, colour);
  double wide = box.width();
  QStringList lines = broken(text, two, wide);
  constexpr double last_squeeze = .7; // rather than words in pieces or cut
  if (lines.size() > 2) lines = broken(text, two, wide /= last_squeeze);
  const qsizetype most = box.height() >= 2 * two.px * pitch - 1 ? 2 : 1;
  if (lines.size() > most) {
    const QString rest = text.mid(most > 1 ? lines[0].size() : 0).trimmed();
    lines.resize(most);
    lines.last() = QFontMetricsF(font(two, text)).elidedText(rest, Qt::ElideRight, wide);
  }
  const double step = two.px * pitch;
  QRectF row(box.left(), box.center().y() - step * double(lines.size()) / 2, box.width(), step);
  for (const QString& words : lines) {
    draw_line(painter, row, side, words, two, colour);
    row.translate(0, step);
  }
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
