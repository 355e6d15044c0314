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

constexpr double word_gap = 20;

double cell_width(const Cell& cell) {
  double wide = style::advance(style::text(cell.label), {a_text}) +
                style::advance(style::text(cell.value), {a_text, true}) +
                style::advance(style::text(cell.after), {a_text});
  if (!cell.value.empty() && !cell.label.empty()) wide += word_gap;
  return wide + (cell.icon.empty() ? 0 : std::round(a_text * .86) + word_gap);
}

/// Icon, label, bold value, words behind it, from `x` on; squeezed as a whole when the band is full.
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
    at = icon + word_gap;
  }
  words(cell.label, false);
  if (!cell.value.empty() && !cell.label.empty()) at += word_gap;
  words(cell.value, true);
  words(cell.after, false);
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

constexpr double band_icon = 68;

void band_words(QPainter& p, const QRectF& box, Side side, const std::string& text, bool bold) {
  const QString words = style::text(text);
  style::draw_line(p, box, side, words, style::fitted(words, {a_text, bold}, box.width(), 64),
                   style::on_dark);
}

void band_sign(QPainter& p, const QRectF& box, const char* icon) {
  style::draw_icon(p, icon, QRectF(box.left(), box.center().y() - band_icon / 2, band_icon, band_icon),
                   style::yamabuki);
}

/// People and wait of one service from `left` to `right`; without people the value has all the room.
void paint_service_values(QPainter& p, const QRectF& row, const ServiceRow& service) {
  constexpr double gap = 16;
  constexpr double people_wide = 290; // icon and "128人"
  QRectF value = row;
  if (!service.people.empty()) {
    const QRectF people(row.left(), row.top(), people_wide, row.height());
    band_sign(p, people, "people");
    band_words(p, people.adjusted(band_icon + gap, 0, 0, 0), Side::left, service.people, true);
    value.setLeft(people.right() + gap);
  }
  if (service.taking && !service.value.empty()) {
    band_sign(p, value, "hourglass");
    value.setLeft(value.left() + band_icon + gap);
  }
  band_words(p, value, service.taking ? Side::left : Side::right, service.value, true);
}

/// Rows of services beside the clock.
void paint_service_rows(QPainter& p, const QRectF& rect, const Band& band) {
  constexpr double clock_wide = 300;
  const QRectF inner = rect.adjusted(40, 0, -40, 0);
  const double tall = rect.height() / double(services_a_page);
  for (std::size_t i = 0; i < band.rows.size(); ++i) {
    const ServiceRow& service = band.rows[i];
    const QRectF row(inner.left(), rect.top() + tall * double(i), inner.width() - clock_wide - 60, tall);
    if (i > 0) p.fillRect(QRectF(row.left(), row.top() - 1.5, row.width(), 3), style::ai_act);
    const double values = service.people.empty() ? row.width() * .62 : 880;
    const QRectF name(row.left(), row.top(), row.width() - values - 24, tall);
    band_words(p, name, Side::left, service.name, false);
    paint_service_values(p, QRectF(row.right() - values, row.top(), values, tall), service);
  }
  paint_page_dots(p, QRectF(inner.left(), rect.top(), inner.width() - clock_wide, rect.height()), band.page,
                  band.pages, style::yamabuki, style::line_strong);
  band_words(p, QRectF(inner.right() - clock_wide, rect.top(), clock_wide, rect.height()), Side::right,
             band.right.value, true);
}

/// Upright: a block of two lines for each service, the clock beside the first name.
void paint_service_blocks(QPainter& p, const QRectF& rect, const Band& band) {
  constexpr double clock_wide = 290;
  const QRectF inner = rect.adjusted(44, 4, -44, -4);
  const double line = inner.height() / double(2 * services_a_page);
  for (std::size_t i = 0; i < band.rows.size(); ++i) {
    const QRectF name(inner.left(), inner.top() + line * double(2 * i), inner.width(), line);
    if (i > 0) p.fillRect(QRectF(name.left(), name.top() - 1.5, name.width(), 3), style::ai_act);
    band_words(p, i == 0 ? name.adjusted(0, 0, -clock_wide, 0) : name, Side::left, band.rows[i].name, false);
    paint_service_values(p, name.translated(0, line), band.rows[i]);
  }
  const QRectF clock(inner.right() - clock_wide, inner.top(), clock_wide, line);
  band_words(p, clock, Side::right, band.right.value, true);
  paint_page_dots(p, rect.adjusted(0, 0, 4, 0), band.page, band.pages, style::yamabuki, style::line_strong);
}

} // namespace

void paint_page_dots(QPainter& p, const QRectF& rect, int page, int pages, const QColor& here,
                     const QColor& others) {
  constexpr double dot = 12;
  constexpr double gap = 11;
  constexpr int most = 5;
  const int shown = std::min(pages, most);
  if (shown < 2) return;
  double y = rect.center().y() - (shown * dot + (shown - 1) * gap) / 2;
  p.setPen(Qt::NoPen);
  for (int i = 0; i < shown; ++i) {
    p.setBrush(i == page * shown / pages ? here : others);
    p.drawEllipse(QRectF(rect.right() - 18 - dot, y, dot, dot));
    y += dot + gap;
  }
}

void paint_notice(QPainter& p, const QRectF& rect, const NoticeZone& zone) {
  constexpr double side = 104;
  constexpr double icon = 68;
  style::begin_panel(p, rect, style::panel);
  p.fillRect(QRectF(rect.left(), rect.top(), side, rect.height()), style::ai_pale);
  style::draw_icon(p, "notice",
                   QRectF(rect.left() + (side - icon) / 2, rect.center().y() - icon / 2, icon, icon),
                   style::ai);
  notice_lines(p, rect.adjusted(side + 24, 0, -56, 0), zone.text);
  paint_page_dots(p, rect, zone.page, zone.pages, style::ai, style::line);
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
    QRectF sign(rect.right() - 56 - hand, rect.center().y() - hand / 2, hand, hand);
    if (rect.height() > 2 * hand + 100) { // room for it under the words
      sign.moveTo(words.center().x() - hand / 2, rect.bottom() - hand - 60);
      words.setBottom(sign.top());
    } else {
      words.setRight(sign.left() - 24);
    }
    style::draw_icon(p, "hand", sign, style::ai_act);
  }
  const double pitch = a_text * (zone.small.empty() ? 1.35 : 1.16);
  const double small_height = zone.small.empty() ? 0 : 10 + 48 * 1.3;
  const double top = words.center().y() - (2 * pitch + small_height) / 2;
  const auto guide_line = [&](const std::string& utf8, double y, double tall, Type type) {
    const QString text = style::text(utf8);
    type = style::fitted(text, type, words.width(), type.px > 48 ? 64 : 44);
    style::draw_line(p, QRectF(words.left(), y, words.width(), tall), Side::left, text, type, style::ink);
  };
  guide_line(zone.line_1, top, pitch, {a_text, zone.first_bold});
  guide_line(zone.line_2, top + pitch, pitch, {a_text, true});
  guide_line(zone.small, top + 2 * pitch + 10, 48 * 1.3, {48});
  style::trim_corners(p, rect);
}

void paint_band(QPainter& p, const QRectF& rect, const Band& band, Shape shape) {
  // Reaches over the edge, so that the shift against burn-in shows no seam.
  p.fillRect(rect.adjusted(-8, 0, 8, 8), style::ai_deep);
  if (!band.rows.empty())
    return shape == Shape::portrait ? paint_service_blocks(p, rect, band) : paint_service_rows(p, rect, band);
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
