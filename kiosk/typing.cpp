// SPDX-License-Identifier: Apache-2.0
// The number of a card, typed at the glass: for cards that no scanner reads.
#include "kiosk/scene.hpp"

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

constexpr double key_gap = 16;
constexpr double least_key = 112; ///< 20 mm

/// Upright three columns as on a telephone, lying five: there is no height for four rows.
struct Pad {
  QRectF field, done, del;
  QList<QRectF> digits; ///< 1 to 9, then 0
};

Pad pad_of(const Frame& frame) {
  const QRectF area = frame.choices;
  const int columns = frame.portrait ? 3 : 5;
  const int rows = frame.portrait ? 4 : 3;
  const double most = frame.portrait ? 150 : least_key;
  const double field = std::max(44.0, area.height() - rows * (most + key_gap));
  const double top = std::min(field, frame.portrait ? 132.0 : 120.0);
  const double high = (area.height() - top - rows * key_gap) / rows;
  const double wide = (area.width() - key_gap * (columns - 1)) / columns;
  const auto cell = [&](int row, int column) {
    return QRectF(area.left() + column * (wide + key_gap),
                  area.top() + top + key_gap + row * (high + key_gap), wide, high);
  };
  Pad pad;
  for (int i = 0; i < 9; ++i) pad.digits.append(cell(i / columns, i % columns));
  pad.digits.append(frame.portrait ? cell(3, 1) : cell(1, 4));
  pad.del = frame.portrait ? cell(3, 0) : cell(2, 0).united(cell(2, 1));
  pad.done = frame.portrait ? cell(3, 2) : cell(2, 2).united(cell(2, 4));
  pad.field = QRectF(area.left(), area.top(), area.width(), top);
  return pad;
}

void paint_pad_words(QPainter& p, const QRectF& box, const Context& c, const QString& words, double px,
                     const QColor& ink) {
  const double least = std::max(c.frame.least, px * 0.6);
  paint_lines(p, box.adjusted(10, 4, -10, -4),
              fit_lines(words, {std::max(px, least), true, ink, c.lang}, box.width() - 20, 1, least), 1.1,
              Qt::AlignHCenter);
}

void add_pad_key(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box,
                 const QString& words, bool enabled, bool primary) {
  const double px =
      name.startsWith("digit-") ? std::min(72.0, box.height() * 0.5) : 44 * (c->frame.portrait ? 1 : 0.75);
  scene.touch.push_back({name, words, box,
                         [=](QPainter& p, bool pressed) {
                           const QColor fill = !enabled  ? look::paper
                                               : primary ? (pressed ? look::ai_act : look::ai)
                                                         : (pressed ? look::ai_pale : look::panel);
                           look::panel_box(p, box, 24, fill, enabled ? look::ai : look::line_strong, 4);
                           const QColor ink = !enabled ? look::ink_2 : primary ? look::on_dark : look::ink;
                           paint_pad_words(p, box, *c, words, px, ink);
                         },
                         enabled});
}

} // namespace

void add_typing(const Shared& c, seat::Scene& scene) {
  add_title(c, scene, "type.title");
  const Pad pad = pad_of(c->frame);
  const QString typed = QString::fromStdString(c->screen.digits);
  scene.add([=](QPainter& p) {
    look::panel_box(p, pad.field, 20, look::panel, look::ai, 4);
    look::Type type{pad.field.height() * 0.62, true, look::ink, "ja"};
    type.px = std::max(type.px, c->frame.least);
    const double wide = look::width(typed, type);
    if (wide > pad.field.width() - 40) type.px *= (pad.field.width() - 40) / wide;
    look::line_text(p, pad.field.adjusted(20, 0, -20, 0), typed, type, Qt::AlignCenter, 1);
  });
  for (int i = 0; i < pad.digits.size(); ++i) {
    const QString digit = QString::number((i + 1) % 10);
    add_pad_key(c, scene, "digit-" + digit, pad.digits[i], digit, c->screen.settled, false);
  }
  const bool enough = c->screen.digits.size() >= shortest_scan;
  add_pad_key(c, scene, "delete", pad.del, c->say("type.delete"), !typed.isEmpty(), false);
  add_pad_key(c, scene, "card-done", pad.done, c->say("type.done"), enough, true);
}

} // namespace machiai::kiosk
