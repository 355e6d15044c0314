// SPDX-License-Identifier: Apache-2.0
// One row of the list: who, in which state, and what there is to say of the time.
#include "desk/scene.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

namespace {

/// "1st" of 1; a word of English alone.
QString ordinal(int n) {
  const int last = n / 10 % 10 == 1 ? 0 : n % 10;
  return QString::number(n) + (last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th");
}

/// "11:30 予約"
QString slot_words(const Context& c, const Row& row) {
  return c.say("time.slot", {{"t", QString::fromStdString(row.slot)}});
}

QString when_words(const Context& c, const Row& row) {
  if (row.state == "called" || row.state == "in_room")
    return c.name(row.room) + "　" + elapsed(c, row.seconds, row.state == "called");
  if (row.state == "absent" && row.absences == 0) return elapsed(c, row.seconds, false);
  if (row.state == "absent")
    return c.say("time.absence", {{"n", QString::number(row.absences)},
                                  {"nth", ordinal(row.absences)},
                                  {"t", elapsed(c, row.seconds, false)}});
  if (row.state == "booked" && !row.slot.empty()) return slot_words(c, row);
  if (row.state == "booked") return c.say("time.booked", {{"t", QString::fromStdString(row.clock)}});
  if (row.state == "waiting" || row.state == "hold") return elapsed(c, row.seconds, false);
  return QString::fromStdString(row.clock);
}

/// Beside the time of a row: where the ticket came from, and why it stands where it does.
struct Mark {
  QString words, icon;
  bool source = false;      ///< a paler one, without an icon
  bool dispensable = false; ///< goes first where space is short
};

std::vector<Mark> marks_of(const Context& c, const Row& row) {
  std::vector<Mark> marks;
  if (row.web && row.state == "waiting" && !row.slot.empty())
    marks.push_back({slot_words(c, row), {}, true, false});
  else if (row.web)
    marks.push_back({c.say("origin.web"), {}, true, true});
  if (!row.reason.empty() && (row.state == "waiting" || row.state == "hold"))
    marks.push_back({why_words(c, row.reason), row.state == "hold" ? "pause" : "updown", false, false});
  return marks;
}

constexpr double mark_pad = 9, mark_gap = 8, mark_icon = 17;

double mark_width(const Context& c, const Mark& mark, double px) {
  const double icon = mark.icon.isEmpty() ? 0 : mark_icon + 4;
  return 2 * mark_pad + icon + look::width(mark.words, {px, true, look::ink, c.lang});
}

double marks_width(const Context& c, const std::vector<Mark>& marks, double px) {
  double sum = 0;
  for (const Mark& mark : marks) sum += mark_width(c, mark, px) + mark_gap;
  return sum;
}

/// From `at` to the right, around its height; the last gets what is left of `room`. Returns where they end.
double paint_marks(QPainter& p, const Context& c, const std::vector<Mark>& marks, const QPointF& at,
                   double room, double px, bool next) {
  double x = at.x();
  for (const Mark& mark : marks) {
    const look::Type type{px, true, mark.source ? look::ai : look::ink, c.lang};
    const double wide = std::min(mark_width(c, mark, px), at.x() + room - x);
    const QRectF chip(x, at.y() - px * 0.85, wide, px * 1.7);
    look::panel_box(p, chip, 8, next ? look::panel : mark.source ? look::ai_pale : look::stone_fill);
    double left = chip.left() + mark_pad;
    if (!mark.icon.isEmpty()) {
      look::icon(p, mark.icon, QRectF(left, at.y() - mark_icon / 2, mark_icon, mark_icon), look::ink);
      left += mark_icon + 4;
    }
    look::line_text(p, QRectF(left, chip.top(), chip.right() - mark_pad + 2 - left, chip.height()),
                    mark.words, type);
    x = chip.right() + mark_gap;
  }
  return x;
}

/// How long it is likely to take still, where a place is left beside how long it has been.
void paint_range(QPainter& p, const Context& c, const QRectF& rest, const Row& row) {
  const QString words = range_words(c, row.wait);
  const look::Type type{17, false, look::ink_2, c.lang};
  const double wide = 22 + look::width(words, type);
  if (words.isEmpty() || wide > rest.width()) return;
  const double x = rest.right() - wide;
  look::icon(p, "hourglass", QRectF(x, rest.center().y() - 9, 18, 18), look::ink_2);
  look::line_text(p, QRectF(x + 22, rest.top(), wide - 21, rest.height()), words, type);
}

/// In one line where the row has the room, without the mark that says least if need be; else in two.
void paint_when(QPainter& p, const Context& c, const QRectF& place, const Row& row) {
  constexpr double mark_px = 16, least = 0.83;
  const QString when = when_words(c, row);
  const look::Type type{18, false, look::ink_2, c.lang};
  std::vector<Mark> marks = marks_of(c, row);
  const auto fits = [&](double scale) {
    return marks_width(c, marks, mark_px) + look::width(when, type) * scale <= place.width();
  };
  if (!fits(least)) std::erase_if(marks, [](const Mark& mark) { return mark.dispensable; });
  if (fits(least)) {
    const double y = place.center().y();
    const double x = paint_marks(p, c, marks, QPointF(place.left(), y), place.width(), mark_px, row.next);
    const QRectF rest = place.adjusted(x - place.left(), 0, 0, 0);
    look::line_text(p, rest, when, type, Qt::AlignLeft | Qt::AlignVCenter, least - 0.01);
    return paint_range(p, c, rest.adjusted(look::width(when, type) + 10, 0, 0, 0), row);
  }
  if (marks.empty())
    return void(look::text(p, place.adjusted(0, 3, 0, -3), when, {16, false, type.colour, c.lang}));
  const double middle = place.center().y();
  paint_marks(p, c, marks, QPointF(place.left(), middle - 12), place.width(), 15, row.next);
  look::line_text(p, QRectF(place.left(), middle + 2, place.width(), 22), when,
                  {16, false, type.colour, c.lang});
}

/// A long name in two lines rather than cut: it is called aloud by it.
void paint_name(QPainter& p, const QRectF& place, const QString& name) {
  const look::Type type{22, true, look::ink, "ja"};
  constexpr double least = 0.7;
  if (look::width(name, type) * least <= place.width())
    look::line_text(p, place, name, type, Qt::AlignLeft | Qt::AlignVCenter, least);
  else
    look::text(p, place, name, {18, true, look::ink, "ja"});
}

} // namespace

void paint_row(QPainter& p, const Context& c, const QRectF& box, const Row& row, bool pressed) {
  p.fillRect(box, row.next ? look::ai_pale : pressed ? look::paper : look::panel);
  if (row.next) p.fillRect(QRectF(box.left(), box.top(), 6, box.height()), look::ai_act);
  p.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), look::stone_fill);
  const double y = box.center().y();
  paint_stone(p, QRectF(box.left() + 12, y - 23, 70, 46), row.number, row.state, row.cut, row.next);
  paint_name(p, QRectF(box.left() + 96, box.top() + 2, 180, box.height() - 4),
             QString::fromStdString(row.name));
  look::line_text(p, QRectF(box.left() + 290, box.top(), 104, box.height()), kind_words(c, row.kind),
                  {18, false, look::ink_2, c.lang});
  paint_pill(p, c, QPointF(box.left() + 408, y), row.state);
  paint_when(p, c, QRectF(box.left() + 554, box.top(), box.width() - 598, box.height()), row);
  look::icon(p, row.selected ? "check" : "right", QRectF(box.right() - 38, y - 12, 24, 24),
             row.selected ? look::ai_act : look::line_strong);
  if (row.selected) look::panel_box(p, box.adjusted(2, 2, -2, -2), 8, Qt::transparent, look::ai_act, 4);
}

} // namespace machiai::desk
