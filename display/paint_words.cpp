// SPDX-License-Identifier: Apache-2.0
// Notice band, guide panel and the bottom band.
#include "display/board_painter.hpp"
#include "display/style.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::display {

using style::Side;
using style::Type;

namespace {

constexpr double a_text = 86;

void notice_lines(QPainter& p, const QRectF& box, const std::string& text) {
  Type type{47};
  QStringList lines = style::broken(style::text(text), type, box.width());
  // A third line would leave the band: the words become one size smaller, then the rest is cut with an
  // ellipsis.
  if (lines.size() > 2) {
    type.px = 44;
    lines = style::broken(style::text(text), type, box.width());
  }
  if (lines.size() > 2) {
    lines = lines.mid(0, 2);
    lines[1].replace(lines[1].size() - 1, 1, QStringLiteral("…"));
  }
  const double pitch = type.px * 1.18;
  double y = box.center().y() - pitch * double(lines.size()) / 2;
  for (const QString& line : lines) {
    style::draw_line(p, QRectF(box.left(), y, box.width(), pitch), Side::left, line, type, style::ink);
    y += pitch;
  }
}

void page_dots(QPainter& p, const QRectF& rect, int page, int pages) {
  constexpr double dot = 12;
  constexpr double gap = 11;
  constexpr int most = 5;
  const int shown = std::min(pages, most);
  if (shown < 2) return;
  double y = rect.center().y() - (shown * dot + (shown - 1) * gap) / 2;
  p.setPen(Qt::NoPen);
  for (int i = 0; i < shown; ++i) {
    p.setBrush(i == page * shown / pages ? style::ai : style::line);
    p.drawEllipse(QRectF(rect.right() - 18 - dot, y, dot, dot));
    y += dot + gap;
  }
}

double cell_width(const Cell& cell) {
  double wide = style::advance(style::text(cell.label), {a_text});
  if (!cell.value.empty()) wide += style::advance(style::text(cell.value), {a_text, true});
  if (!cell.value.empty() && !cell.value_first && !cell.label.empty()) wide += 20;
  return wide + (cell.icon.empty() ? 0 : std::round(a_text * .86) + 20);
}

/// Icon, label, bold value, from `x` on; squeezed as a whole when the band is full.
void paint_cell(QPainter& p, const QRectF& row, double x, const Cell& cell, double squeeze) {
  p.save();
  p.translate(x, row.center().y());
  p.scale(squeeze, 1);
  double at = 0;
  const auto words = [&](const std::string& text, bool bold) {
    const Type type{a_text, bold};
    const double wide = style::advance(style::text(text), type);
    style::draw_line(p, QRectF(at, -a_text / 2, wide + 1, a_text), Side::left, style::text(text), type,
                     style::on_dark);
    at += wide;
  };
  if (!cell.icon.empty()) {
    const double icon = std::round(a_text * .86);
    style::draw_icon(p, cell.icon, QRectF(0, -icon / 2, icon, icon), style::yamabuki);
    at = icon + 20;
  }
  if (cell.value_first) words(cell.value, true);
  words(cell.label, false);
  if (!cell.value_first && !cell.value.empty()) {
    if (!cell.label.empty()) at += 20;
    words(cell.value, true);
  }
  p.restore();
}

/// Cells side by side: the first at the left, the last at the right, the rest spread between.
void paint_cells(QPainter& p, const QRectF& row, const std::vector<Cell>& cells) {
  constexpr double least_gap = 28;
  double total = 0;
  for (const Cell& cell : cells) total += cell_width(cell);
  const double gaps = double(cells.size()) - 1;
  const double squeeze = std::min(1.0, (row.width() - gaps * least_gap) / std::max(total, 1.0));
  const double gap = gaps > 0 ? (row.width() - total * squeeze) / gaps : 0;
  double x = row.left();
  for (const Cell& cell : cells) {
    paint_cell(p, row, x, cell, squeeze);
    x += cell_width(cell) * squeeze + gap;
  }
}

} // namespace

void paint_notice(QPainter& p, const QRectF& rect, const NoticeZone& zone, const NoticeZone& before,
                  double fade) {
  constexpr double side = 104;
  constexpr double icon = 68;
  style::begin_panel(p, rect, style::panel);
  p.fillRect(QRectF(rect.left(), rect.top(), side, rect.height()), style::ai_pale);
  style::draw_icon(p, "notice",
                   QRectF(rect.left() + (side - icon) / 2, rect.center().y() - icon / 2, icon, icon),
                   style::ai);
  const QRectF words = rect.adjusted(side + 24, 0, -56, 0);
  if (fade < 1) {
    p.setOpacity(1 - fade);
    notice_lines(p, words, before.text);
    p.setOpacity(fade);
  }
  notice_lines(p, words, zone.text);
  p.setOpacity(1);
  page_dots(p, rect, zone.page, zone.pages);
  style::trim_corners(p, rect);
}

void paint_guide(QPainter& p, const QRectF& rect, const GuideZone& zone) {
  constexpr double spine = 124;
  style::begin_panel(p, rect, style::panel);
  const QRectF side(rect.left(), rect.top(), spine, rect.height());
  if (zone.spine.empty()) {
    p.fillRect(side, style::yamabuki);
    style::draw_icon(p, "speaker", QRectF(side.center().x() - 46, side.center().y() - 46, 92, 92),
                     style::ink);
  } else {
    style::draw_spine(p, side, style::text(zone.spine), {88, true}, 1.06, style::ai_pale, style::ai);
  }
  const double left_pad = zone.spine.empty() ? 40 : 56;
  QRectF words = rect.adjusted(spine + left_pad, 0, -40, 0);
  if (zone.hand) {
    constexpr double hand = 200;
    style::draw_icon(p, "hand", QRectF(rect.right() - 56 - hand, rect.center().y() - hand / 2, hand, hand),
                     style::ai_act);
    words.setRight(rect.right() - 56 - hand - 24);
  }
  const double pitch = a_text * (zone.small.empty() ? 1.35 : 1.16);
  const double small_height = zone.small.empty() ? 0 : 10 + 48 * 1.3;
  const double top = rect.center().y() - (2 * pitch + small_height) / 2;
  const QRectF line(words.left(), top, words.width(), pitch);
  style::draw_line(p, line, Side::left, style::text(zone.line_1), {a_text, zone.first_bold}, style::ink);
  style::draw_line(p, line.translated(0, pitch), Side::left, style::text(zone.line_2), {a_text, true},
                   style::ink);
  const QRectF small(words.left(), top + 2 * pitch + 10, words.width(), 48 * 1.3);
  style::draw_line(p, small, Side::left, style::text(zone.small), {48}, style::ink);
  style::trim_corners(p, rect);
}

void paint_band(QPainter& p, const QRectF& rect, const Band& band, Shape shape) {
  // Reaches over the edge, so that the shift against burn-in shows no seam.
  p.fillRect(rect.adjusted(-8, 0, 8, 8), style::ai_deep);
  if (shape != Shape::portrait) {
    std::vector<Cell> cells = band.cells;
    cells.push_back(band.right);
    return paint_cells(p, rect.adjusted(32, 0, -32, 0), cells);
  }
  const QRectF inner = rect.adjusted(44, 6, -44, -6);
  const double half = inner.height() / 2;
  const QRectF upper(inner.left(), inner.top(), inner.width(), half);
  const QRectF lower = upper.translated(0, half);
  if (band.cells.size() > 1) {
    paint_cells(p, upper, {band.cells[0], band.right});
    return paint_cells(p, lower, {band.cells[1]});
  }
  paint_cells(p, upper, band.cells);
  paint_cells(p, lower, {Cell{}, band.right});
}

} // namespace machiai::display
