// SPDX-License-Identifier: Apache-2.0
// The call zone and the caption: the largest words of the wall.
#include "display/board_painter.hpp"
#include "display/style.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::display {

using style::Side;
using style::Type;

namespace {

constexpr double side_pad = 32;
constexpr double head_px = 44;
constexpr double head_height = 53;
constexpr double message_px = 86;
constexpr double message_digits_px = 150;

struct Tones {
  QColor spine, ground, head, ink;
  bool hatched = false;
};

Tones tones_of(Face face) {
  switch (face) {
  case Face::calling:
  case Face::before: return {style::yamabuki, style::ai, style::on_dark_2, style::on_dark};
  case Face::stale: return {style::ash, style::panel, style::ink_2, style::ink, true};
  default: return {style::ash, style::ai_deep, style::on_dark_2, style::on_dark};
  }
}

void ring(QPainter& p, const QPointF& centre, double rx, double opacity, double pen) {
  QColor white = Qt::white;
  white.setAlphaF(float(std::max(.04, opacity)));
  p.setPen(QPen(white, pen));
  p.drawEllipse(centre, rx, rx * .6);
}

/// Standing ripples around the number, and those that run out from it during a call.
void paint_ripples(QPainter& p, const QRectF& rect, const Motion& motion, const CallSizes& sizes) {
  const QPointF centre(rect.left() + rect.width() * .60, rect.top() + rect.height() * .56);
  constexpr double rest[] = {210, 320, 440, 570, 710};
  constexpr double staged[] = {250, 380, 520, 680, 860};
  const double t = motion.widen;
  p.save();
  p.setClipRect(rect.adjusted(sizes.spine, 0, 0, 0), Qt::IntersectClip);
  p.setBrush(Qt::NoBrush);
  for (int i = 0; i < 5; ++i)
    ring(p, centre, sizes.ripple * (rest[i] + (staged[i] - rest[i]) * t), (.13 + .11 * t) * (1 - i * .17),
         3 + 2 * t);
  for (const double run : motion.rings)
    if (run >= 0) ring(p, centre, 120 + 780 * run, .42 * (1 - run), 7 - 3 * run);
  p.restore();
}

void paint_head(QPainter& p, const QRectF& head, const CallZone& zone, const Tones& tones) {
  const Type type{head_px, zone.face == Face::stale, false};
  if (zone.late) {
    const QString text = style::text(zone.as_of);
    const QRectF chip(head.right() - style::advance(text, {head_px, true}) - 40, head.top() - 6,
                      style::advance(text, {head_px, true}) + 40, head.height() + 12);
    p.setPen(Qt::NoPen);
    p.setBrush(style::yamabuki);
    p.drawRoundedRect(chip, 14, 14);
    return style::draw_line(p, chip, Side::centre, text, {head_px, true}, style::ink);
  }
  const QString as_of = style::text(zone.as_of);
  const double taken = style::advance(as_of, type) + (zone.refreshed ? 48 : 0);
  const QRectF left = head.adjusted(0, 0, -taken - 16, 0);
  style::draw_line(p, left, Side::left, style::text(zone.small), {head_px}, tones.head);
  style::draw_line(p, head, Side::right, as_of, type, zone.face == Face::stale ? tones.ink : tones.head);
  if (zone.refreshed)
    style::draw_icon(p, "redo", QRectF(head.right() - taken, head.center().y() - 19, 38, 38), tones.head);
}

void paint_number(QPainter& p, const QRectF& box, const CallZone& zone, double role_px, const QColor& ink) {
  const QString number = style::text(zone.number);
  const NumberFit fit = fit_number(int(number.size()), role_px, box.width());
  style::draw_line(p, box, Side::centre, number, {fit.px, true, fit.mono}, ink);
}

/// Words in the number's place, in the middle of it.
void paint_lines(QPainter& p, const QRectF& box, const std::vector<SaidTime>& lines, const QColor& ink) {
  const auto tall = [](const SaidTime& line) { return line.digits.empty() ? message_px * 1.2 : 172.0; };
  double total = 0;
  for (const SaidTime& line : lines) total += tall(line);
  constexpr double clear_of_head = 14; // the chip of a late board reaches below its line
  const double room = box.height() - clear_of_head;
  const double close = std::min(1.0, room / total);
  double y = box.bottom() - room / 2 - total * close / 2;
  for (const SaidTime& line : lines) {
    const QRectF row(box.left(), y, box.width(), tall(line) * close);
    y += tall(line) * close;
    const QString words = style::text(line.before);
    if (line.digits.empty()) {
      const Type type = style::fitted(words, {std::max(56.0, message_px * close), true}, row.width(), 56);
      style::draw_line(p, row, Side::centre, words, type, ink);
      continue;
    }
    const QString digits = style::text(line.digits);
    const double words_wide = style::advance(words, {message_px, true});
    const Type large =
        style::fitted(digits, {message_digits_px * close, true}, row.width() - words_wide, 100);
    const double left = row.center().x() - (words_wide + style::advance(digits, large)) / 2;
    // Both stand on one line of writing: the smaller words sink by what the digits are taller.
    const QRectF low(left, row.top() + (large.px - message_px) * .38, words_wide + 1, row.height());
    style::draw_line(p, low, Side::left, words, {message_px, true}, ink);
    style::draw_line(p, QRectF(left + words_wide, row.top(), row.width(), row.height()), Side::left, digits,
                     large, ink);
  }
}

void paint_below(QPainter& p, const QRectF& box, const CallZone& zone, double role_px, const QColor& ink) {
  constexpr double gap = 20;
  const QString text = style::text(zone.below);
  const double icon = zone.door ? std::round(role_px * .98) : 0;
  const double taken = zone.door ? icon + gap : 0;
  const Type type = style::fitted(text, {role_px, true}, box.width() - taken, 64);
  if (style::advance(text, type) * .8 > box.width() - taken) {
    const QRectF words = box.adjusted(taken, std::min(0.0, box.height() - 2 * 48 * 1.06), 0, 0);
    if (zone.door)
      style::draw_icon(p, "door", QRectF(box.left(), words.center().y() - icon / 2, icon, icon), ink);
    return style::draw_name(p, words, Side::left, text, {role_px, true}, 64, ink);
  }
  const double wide = std::min(style::advance(text, type), box.width() - taken);
  const double left = box.center().x() - (wide + taken) / 2;
  if (zone.door) style::draw_icon(p, "door", QRectF(left, box.center().y() - icon / 2, icon, icon), ink);
  style::draw_line(p, QRectF(left + taken, box.top(), wide + .5, box.height()), Side::left, text, type, ink);
}

double below_px(const CallZone& zone, const CallSizes& sizes) {
  if (zone.face == Face::stale) return 86;
  return zone.face == Face::closed || zone.face == Face::before ? 100 : sizes.room;
}

} // namespace

void paint_call(QPainter& p, const QRectF& rect, const CallZone& zone, const CallSizes& sizes,
                const Motion& motion) {
  const Tones tones = tones_of(zone.face);
  style::begin_panel(p, rect, tones.ground);
  if (tones.hatched)
    style::fill_hatched(p, rect);
  else
    paint_ripples(p, rect, motion, sizes);
  const std::string icon = zone.icon.empty() && sizes.spine_icon ? std::string("ripple") : zone.icon;
  style::draw_spine(p, QRectF(rect.left(), rect.top(), sizes.spine, rect.height()), style::text(zone.spine),
                    {sizes.spine_text, true}, 1.03, tones.spine, style::ink, icon);
  const QRectF inner = rect.adjusted(sizes.spine + side_pad, sizes.pad_top, -side_pad, -sizes.pad_bottom);
  const QRectF head(inner.left(), inner.top(), inner.width(), head_height);
  paint_head(p, head, zone, tones);
  const double room_px = below_px(zone, sizes);
  const double room_height = zone.below.empty() ? 0 : room_px * 1.05;
  const QRectF below(inner.left(), inner.bottom() - room_height, inner.width(), room_height);
  const QRectF middle(inner.left(), head.bottom(), inner.width(), below.top() - head.bottom());
  const double number_px = zone.face == Face::stale ? std::min(300.0, sizes.number) : sizes.number;
  if (zone.number.empty())
    paint_lines(p, middle, zone.lines, tones.ink);
  else
    paint_number(p, middle, zone, number_px, tones.ink);
  if (!zone.below.empty()) paint_below(p, below, zone, room_px, tones.ink);
  style::trim_corners(p, rect);
}

void paint_caption(QPainter& p, const QRectF& rect, const Caption& caption) {
  constexpr double pad = 28;
  constexpr double icon = 76;
  constexpr double gap = 24;
  constexpr double pitch = 44 * 1.24;
  p.fillPath(style::rounded(rect), style::panel);
  style::draw_icon(p, "speaker", QRectF(rect.left() + pad, rect.center().y() - icon / 2, icon, icon),
                   style::ai_act);
  const QRectF words = rect.adjusted(pad + icon + gap, 0, -pad, 0);
  const QRectF upper(words.left(), words.center().y() - pitch, words.width(), pitch);
  style::draw_name(p, upper, Side::left, style::text(caption.upper), {44, true}, 44, style::ink);
  style::draw_name(p, upper.translated(0, pitch), Side::left, style::text(caption.lower), {44}, 44,
                   style::ink);
}

} // namespace machiai::display
