// SPDX-License-Identifier: Apache-2.0
// Rooms, next stones, absentees and earlier calls.
#include "display/board_painter.hpp"
#include "display/style.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace machiai::display {

using style::Side;
using style::Type;

namespace {

constexpr double spine_width = 124;
constexpr Type spine_type{88, true};

/// The outline of those who should stay near, the same on stones and on the words that explain it.
void near_outline(QPainter& p, const QPainterPath& path) {
  constexpr double pen = 6;
  p.strokePath(path, QPen(style::ai_act, pen));
}

/// A stone's number, as large as the stone's outline allows: a flat or dashed one is narrower at the number's
/// height.
void stone_number(QPainter& p, const QRectF& box, const std::string& number, double px, const QColor& colour,
                  bool narrow) {
  const QString text = style::text(number);
  Type type{px, true, text.size() > 3};
  const double wide = box.width() * (narrow ? .72 : .8);
  type = style::fitted(text, type, wide, 44);
  const double edge = (box.width() - wide) / 2;
  style::draw_line(p, box.adjusted(edge, 0, -edge, 0), Side::centre, text, type, colour);
}

/// Words in a stone's place: no stone, since they are no number, and with room for two lines.
void words_card(QPainter& p, const QRectF& box, const QStringList& lines) {
  constexpr double px = 44, pitch = 45;
  QPainterPath card;
  card.addRoundedRect(box, 16, 16);
  p.fillPath(card, style::yamabuki_pale);
  const double high = pitch * double(lines.size());
  QRectF row(box.left() + box.width() * .05, box.center().y() - high / 2, box.width() * .9, pitch);
  for (const QString& line : lines) {
    style::draw_line(p, row, Side::centre, line, {px, true}, style::ink);
    row.translate(0, pitch);
  }
}

void dashed_stone(QPainter& p, const QRectF& box, int cut) {
  constexpr double pen = 5;
  p.setBrush(style::yamabuki_pale);
  QPen dashes(style::ink, pen, Qt::CustomDashLine, Qt::FlatCap);
  dashes.setDashPattern({2, 1.6});
  p.setPen(dashes);
  p.drawPath(style::stone_path(box.adjusted(pen / 2, pen / 2, -pen / 2, -pen / 2), cut));
}

struct NextSizes {
  double label, number, stone, margin, pad;
};

NextSizes next_sizes(Shape shape) {
  switch (shape) {
  case Shape::portrait: return {196, 82, 148, 7, 16};
  case Shape::queue_only: return {212, 88, 150, 9, 16};
  default: return {200, 88, 150, 9, 16};
  }
}

/// "つぎ", and below it what the outlined stones mean.
void paint_next_label(QPainter& p, const QRectF& label, const NextZone& zone) {
  p.fillRect(label, style::stone);
  const QString word = style::text(zone.label);
  const Type type = style::fitted(word, spine_type, label.width() - 16, 56);
  if (zone.near.empty()) return style::draw_line(p, label, Side::centre, word, type, style::ink);
  constexpr double chip_height = 62;
  constexpr double gap = 8;
  const double top = label.center().y() - (type.px + gap + chip_height) / 2;
  style::draw_line(p, QRectF(label.left(), top, label.width(), type.px), Side::centre, word, type,
                   style::ink);
  const QRectF chip(label.left() + 8, top + type.px + gap, label.width() - 16, chip_height);
  QPainterPath outline;
  outline.addRoundedRect(chip, chip_height / 2, chip_height / 2);
  p.fillPath(outline, style::panel);
  near_outline(p, outline);
  style::draw_line(p, chip.adjusted(12, 0, -12, 0), Side::centre, style::text(zone.near), {44, true},
                   style::ink);
}

void paint_stone(QPainter& p, const QRectF& place, const Stone& stone, int cut, double px, bool absent) {
  constexpr double tag_px = 44;
  constexpr double tag_height = tag_px * 1.08 + 3;
  const bool tagged = !stone.tag.empty();
  const QRectF body = tagged ? place.adjusted(0, 0, 0, -tag_height) : place;
  if (const auto lines = style::text(stone.number).split('\n'); lines.size() > 1) {
    words_card(p, body, lines);
  } else {
    if (absent)
      dashed_stone(p, body, cut);
    else
      p.fillPath(style::stone_path(body, cut), style::stone);
    if (stone.near) near_outline(p, style::stone_path(body, cut));
    stone_number(p, body, stone.number, tagged ? px * .84 : px, style::ink, tagged || absent);
  }
  if (!tagged) return;
  constexpr double apart = 4; // two neighbours are not one word
  const QRectF below(place.left() + apart, body.bottom() + 3, place.width() - 2 * apart, tag_height - 3);
  style::draw_line(p, below, Side::centre, style::text(stone.tag), {tag_px, true}, style::ink);
}

void paint_room(QPainter& p, const QRectF& row, const RoomRow& room, double name_px, double number_px,
                double pad) {
  const QRectF inner = row.adjusted(pad - 4, 0, -pad, 0);
  const QString number = style::text(room.number);
  const Type number_type =
      style::fitted(number, {number_px, true, number.size() > 4}, inner.width() * .5, 64);
  const double number_wide = std::max(style::advance(number, number_type), number_px * 1.52);
  style::draw_line(p, inner, Side::right, number, number_type, style::ink);
  double taken = room.number.empty() ? 0 : number_wide + 18;
  if (room.called) {
    const double icon = std::round(number_px * .74);
    style::draw_icon(p, "ripple",
                     QRectF(inner.right() - number_wide - 18 - icon, row.center().y() - icon / 2, icon, icon),
                     style::ai_act);
    taken += icon + 12;
  }
  const QString name = style::text(room.name);
  const QRectF name_box = inner.adjusted(0, 0, -taken, 0);
  style::draw_name(p, name_box.adjusted(0, 2, 0, -2), Side::left, name, {name_px}, 64, style::ink);
}

} // namespace

void paint_rooms(QPainter& p, const QRectF& rect, const RoomsZone& zone, Shape shape) {
  style::begin_panel(p, rect, style::panel);
  if (zone.stale) style::fill_hatched(p, rect);
  style::draw_spine(p, QRectF(rect.left(), rect.top(), spine_width, rect.height()), style::text(zone.spine),
                    zone.stale ? Type{70, true} : spine_type, zone.stale ? 1.04 : 1.06,
                    zone.stale ? style::ash : style::moss_pale, zone.stale ? style::ink : style::moss);
  const bool wide = shape == Shape::queue_only;
  const bool four = zone.rows.size() > 3;
  const double pad = shape == Shape::portrait ? 48 : wide ? 40 : 36;
  const double tall = rect.height() / double(std::max<std::size_t>(zone.rows.size(), 1));
  const double name_px = four ? std::min(72.0, tall * .93) : wide ? 92 : 86;
  const double number_px = four ? std::min(76.0, tall * .96) : wide ? 104 : 92;
  for (std::size_t i = 0; i < zone.rows.size(); ++i) {
    const QRectF row(rect.left() + spine_width, rect.top() + tall * double(i), rect.width() - spine_width,
                     tall);
    if (i > 0) p.fillRect(QRectF(row.left(), row.top() - 1.5, row.width(), 3), style::stone);
    paint_room(p, row, zone.rows[i], name_px, number_px, pad);
  }
  paint_page_dots(p, rect.adjusted(0, 0, 12, 0), zone.page, zone.pages, style::moss, style::line_strong);
  style::trim_corners(p, rect);
}

void paint_next(QPainter& p, const QRectF& rect, const NextZone& zone, Shape shape) {
  constexpr double divider = 4;
  const NextSizes s = next_sizes(shape);
  style::begin_panel(p, rect, style::panel);
  const QRectF label(rect.left(), rect.top(), s.label, rect.height());
  paint_next_label(p, label, zone);

  // The places and, beside absentees, a divider; places stay put when stones are missing.
  const QRectF row = rect.adjusted(s.label + s.pad, s.margin, -s.pad, -s.margin);
  const bool absent = !zone.absent.empty();
  const auto places = double(zone.places);
  const double stone_width = zone.places == 5 ? s.stone : s.stone * 1.26;
  const double parts = places * stone_width + (absent ? divider : 0);
  const double gap = (row.width() - parts) / (absent ? places : places - 1);
  double x = row.left();
  for (std::size_t i = 0; i < zone.stones.size(); ++i) {
    paint_stone(p, QRectF(x, row.top(), stone_width, row.height()), zone.stones[i], int(i), s.number, false);
    x += stone_width + gap;
  }
  if (absent) {
    const double pitch = stone_width + gap;
    QRectF place(row.right() + gap - double(zone.absent.size()) * pitch, row.top(), stone_width,
                 row.height());
    // Absentees who take turns have their dots in the divider's place.
    const double middle = place.left() - gap - divider / 2;
    constexpr double dots_right = 18 + 6; // of the column from its right edge
    if (zone.pages > 1) {
      paint_page_dots(p, QRectF(rect.left(), rect.top(), middle + dots_right - rect.left(), rect.height()),
                      zone.page, zone.pages, style::ink, style::line_strong);
    } else {
      p.setPen(Qt::NoPen);
      p.setBrush(style::line);
      p.drawRoundedRect(
          QRectF(middle - divider / 2, rect.center().y() - rect.height() * .32, divider, rect.height() * .64),
          2, 2);
    }
    for (const Stone& stone : zone.absent) {
      paint_stone(p, place, stone, 5, s.number, true);
      place.translate(pitch, 0);
    }
  }
  style::trim_corners(p, rect);
}

void paint_absent(QPainter& p, const QRectF& rect, const AbsentZone& zone) {
  style::begin_panel(p, rect, style::panel);
  style::draw_spine(p, QRectF(rect.left(), rect.top(), spine_width, rect.height()), style::text(zone.spine),
                    spine_type, 1.06, style::yamabuki_pale, style::ink);
  const QRectF row = rect.adjusted(spine_width + 36, 0, -36, 0);
  // Two side by side, in two rows when there are more.
  constexpr double wide = 172, gap = 20;
  const bool two_rows = zone.numbers.size() > 2 || zone.pages > 1;
  const double high = two_rows ? 98 : 140;
  const double first = rect.center().y() - (two_rows ? high + gap / 4 : high / 2);
  for (std::size_t i = 0; i < zone.numbers.size(); ++i) {
    const QRectF stone(row.left() + double(i % 2) * (wide + gap), first + double(i / 2) * (high + gap / 2),
                       wide, high);
    dashed_stone(p, stone, int(i));
    stone_number(p, stone, zone.numbers[i], two_rows ? 72 : 88, style::ink, true);
  }
  const double x = row.left() + double(std::min<std::size_t>(zone.numbers.size(), 2)) * (wide + gap);
  std::vector<const std::string*> lines{&zone.line_1, &zone.line_2};
  if (!zone.count.empty()) lines.insert(lines.begin(), &zone.count);
  QRectF words(x, rect.center().y() - 30 * double(lines.size()), row.right() - x, 60);
  for (const std::string* line : lines) {
    const QString text = style::text(*line);
    style::draw_line(p, words, Side::right, text, style::fitted(text, {48, true}, words.width(), 44),
                     style::ink);
    words.translate(0, 60);
  }
  paint_page_dots(p, rect.adjusted(0, 0, 12, 0), zone.page, zone.pages, style::ink, style::line_strong);
  style::trim_corners(p, rect);
}

void paint_previous(QPainter& p, const QRectF& rect, const PreviousZone& zone) {
  style::begin_panel(p, rect, style::panel);
  style::draw_spine(p, QRectF(rect.left(), rect.top(), spine_width, rect.height()), style::text(zone.spine),
                    spine_type, 1.06, style::stone, style::ink);
  const QRectF row = rect.adjusted(spine_width + 30, 0, -30, 0);
  for (std::size_t i = 0; i < zone.calls.size(); ++i) {
    const Previous& call = zone.calls[i];
    const double x = row.left() + double(i) * row.width() / 2;
    const QRectF stone(x, rect.center().y() - 59, 138, 118);
    p.fillPath(style::stone_path(stone, int(i)), style::ash);
    stone_number(p, stone, call.number, 80, style::ink, false);
    const QRectF words(stone.right() + 14, rect.center().y() - 55, row.width() / 2 - 138 - 18, 55);
    // A long name takes a second line above.
    const bool fits = style::advance(style::text(call.room), {44}) * .8 <= words.width();
    style::draw_name(p, fits ? words : words.adjusted(0, -44, 0, 0), Side::left, style::text(call.room), {44},
                     44, style::ink);
    style::draw_line(p, words.translated(0, 55), Side::left, style::text(call.time), {44}, style::ink);
  }
  style::trim_corners(p, rect);
}

} // namespace machiai::display
