// SPDX-License-Identifier: Apache-2.0
// The page of one's own number.
#include "kiosk/scene.hpp"
#include "qr/code.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

/// More numbers than these of one card are on the slips alone.
constexpr std::size_t most_rows = 4;
constexpr double slip_pitch = 1.12;

/// Why to remember the number: this kiosk prints none, or this person has a slip already.
const char* slip_key(const Context& c) {
  if (c.screen.given.printing) return "done.slip";
  // In large letters there is no room for why.
  if (c.screen.prints || c.large()) return "done.remember";
  return c.frame.code.isEmpty() ? "done.no_slip" : "done.no_slip.code";
}

void paint_number(QPainter& p, const Context& c) {
  const QRectF box = c.frame.number;
  const double k = box.height() / 690;
  const double spine = c.frame.spine;
  QPainterPath clip;
  clip.addRoundedRect(box, 20, 20);
  p.setClipPath(clip);
  p.fillRect(box, look::ai);
  look::ripple(p, QPointF(box.left() + (box.width() + spine) / 2 - 14 * k, box.top() + 330 * k),
               {230 * k, 350 * k, 480 * k, 630 * k, 790 * k}, 0.17, 4 * std::max(k, 0.6));
  const QRectF board(box.left(), box.top(), spine, box.height());
  p.fillRect(board, look::yamabuki);
  const QString spine_key = c.screen.given.how == Given::How::arrived ? "done.arrived"
                            : c.screen.given.how == Given::How::known ? "done.known"
                                                                      : "done.spine";
  look::upright(p, board.adjusted(0, 16, 0, -16), c.say(spine_key), {spine * 0.66, true, look::ink, c.lang});
  const QRectF in = box.adjusted(spine + 44 * k, 34 * k, -44 * k, -36 * k);
  QString head = c.name(c.screen.given_label);
  const QString english = c.say("done.english");
  if (!english.isEmpty()) head += "　" + english;
  const double px = c.px(std::max(24.0, 44 * k));
  // Beside a code only the number and what to do with it have room in large letters.
  const bool tight = c.large() && !c.frame.portrait && !c.frame.code.isEmpty();
  const double row = tight ? 0 : c.large() ? px * 1.2 : 52 * k;
  if (!tight)
    look::line_text(p, QRectF(in.left(), in.top(), in.width(), row), head,
                    {px, false, look::on_dark_2, c.lang});
  const double foot = tight ? 2.3 * c.frame.least : std::max(40.0, 64 * k);
  const look::Type type{c.px(std::max(32.0, 54 * k)), true, look::on_dark, c.lang};
  const QString slip = c.say(slip_key(c));
  const double room = in.width() - foot - 20;
  Lines lines{{slip}, type};
  if (!c.large() && look::width(slip, type) > room) {
    const double least = c.frame.portrait ? 28 : 17;
    lines = fit_lines(slip, {std::max(least, 44 * k), true, look::on_dark, c.lang}, room, 2, least);
  }
  const double high = std::max(foot, static_cast<double>(lines.rows.size()) * line_step(lines, slip_pitch));
  look::number(p, QRectF(in.left(), in.top() + row, in.width(), in.height() - row - high - 8 * k),
               QString::fromStdString(c.screen.given.number), 440 * std::max(k, 0.45), look::on_dark);
  const QRectF below(in.left(), in.bottom() - high, in.width(), high);
  if (tight)
    return paint_lines(p, below, fit_lines(slip, type, in.width(), 2, c.frame.least), slip_pitch,
                       Qt::AlignHCenter);
  if (c.large()) // the words need the icon's place
    return look::line_text(p, below, slip, type, Qt::AlignCenter, 0.5);
  double wide = 0;
  for (const QString& line : lines.rows) wide = std::max(wide, look::width(line, lines.type));
  wide = std::min(wide, room);
  const double left = in.center().x() - (foot + 20 + wide) / 2;
  look::icon(p, c.screen.given.printing ? "ticket" : "info",
             QRectF(left, below.center().y() - foot / 2, foot, foot), look::yamabuki);
  paint_lines(p, QRectF(left + foot + 20, below.top(), wide + 2, high), lines, slip_pitch);
}

/// One of the two facts: an icon with its label over a large figure.
void paint_fact(QPainter& p, const QRectF& box, const QString& icon, const QString& label,
                const QList<look::Run>& figure, double k, const QString& lang) {
  const double lift = k < 1 ? 0.2 : 1; // the lying screen saves height where it can
  look::icon(p, icon, QRectF(box.left(), box.top() + 38 * lift, 48 * k, 48 * k), look::ink_2);
  look::line_text(p, QRectF(box.left() + 62 * k, box.top() + 36 * lift, box.width() - 62 * k, 52 * k), label,
                  {42 * k, false, look::ink_2, lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  look::runs(p, box.left(), box.bottom() - 54 * lift, figure, box.width());
}

/// In large letters: the words above, what they say below, both in as many rows as they need.
void paint_large_fact(QPainter& p, const QRectF& box, const Context& c, const QString& label,
                      const QList<look::Run>& figure) {
  const double px = c.frame.least;
  look::line_text(
      p, QRectF(box.left(), box.top() + px * (box.height() > px * 5 ? 0.3 : 0.1), box.width(), px * 1.2),
      label, {px, false, look::ink_2, c.lang}, Qt::AlignLeft | Qt::AlignVCenter, 1.0);
  const QRectF below(box.left(), box.top() + px * 1.3, box.width(), box.height() - px * 1.4);
  if (figure.size() > 1) {
    QList<look::Run> runs = figure;
    for (look::Run& run : runs) run.type.px = c.px(run.type.px);
    const auto wide = [&] {
      double sum = 0;
      for (const look::Run& run : runs) sum += run.gap + look::width(run.words, run.type);
      return sum;
    };
    while (wide() > below.width() && runs.front().type.px > px) runs.front().type.px -= 1;
    look::runs(p, below.left(), below.center().y() + runs.front().type.px * 0.38, runs, below.width());
    return;
  }
  look::Type type = figure.front().type;
  type.px = c.px(type.px);
  paint_lines(p, below, fit_lines(figure.front().words, type, below.width(), 2, px), 1.12);
}

QString enter_words(const Context& c, const queue::Label& room) {
  return room.ja.empty() ? c.say("done.enter.shown") : c.say("done.enter", {{"room", c.room(room)}});
}

/// Who is before one of several numbers; in large letters a sign says what is counted.
QString before_words(const Context& c, const GivenOne& one) {
  if (one.called) return one.room.ja.empty() ? c.say("done.called") : enter_words(c, one.room);
  if (one.ahead == 0) return c.say("done.next");
  const Count count = people_count(c, one.ahead);
  const QString people = count.number + " " + count.unit;
  return c.large() ? people : c.say("ahead.short") + " " + people;
}

/// Several numbers, a row each: which, who is before it, how long.
void paint_each(QPainter& p, const Context& c) {
  const QRectF box = c.frame.facts;
  const auto& several = c.screen.given.several;
  const std::size_t rows = std::min(several.size(), most_rows);
  const double pad = 44 * (c.frame.portrait ? 1.0 : 0.6);
  const double high = (box.height() - pad * 0.5) / static_cast<double>(rows);
  const double least = c.large() ? c.frame.least : 0;
  const double px = std::max(std::min(high * 0.62, c.frame.portrait ? 66.0 : 44.0), least);
  const look::Type bold{px, true, look::ink, c.lang};
  const look::Type plain{std::max(px * 0.78, least), false, look::ink, c.lang};
  double numbers = 0;
  for (const GivenOne& one : several)
    numbers = std::max(numbers, look::width(QString::fromStdString(one.number), bold));
  const double gap = px * 0.6;
  QRectF row(box.left() + pad, box.top() + pad * 0.25, box.width() - 2 * pad, high);
  for (std::size_t i = 0; i < rows; ++i, row.translate(0, high)) {
    const GivenOne& one = several[i];
    if (i > 0) p.fillRect(QRectF(row.left(), row.top(), row.width(), 2), look::line);
    const bool told = one.wait && one.ahead > 0 && !one.called;
    const QString wait = told ? range_words(c, *one.wait) + " " + minutes_unit(c, one.wait->high) : QString();
    const double right = told ? look::width(wait, bold) + gap : 0;
    look::line_text(p, QRectF(row.left(), row.top(), numbers + 2, high), QString::fromStdString(one.number),
                    bold);
    QRectF middle = row.adjusted(numbers + gap, 0, -right, 0);
    if (c.large() && one.ahead > 0 && !one.called) {
      look::icon(p, "people", QRectF(middle.left(), middle.center().y() - px / 2, px, px), look::ink_2);
      middle.setLeft(middle.left() + px * 1.3);
    }
    look::line_text(p, middle, before_words(c, one), plain, Qt::AlignLeft | Qt::AlignVCenter, 0.5);
    look::line_text(p, row, wait, bold, Qt::AlignRight | Qt::AlignVCenter);
  }
}

/// Somebody who is called is told that, and neither a wait nor that a call will come. Where the room's place
/// is missing below, it is told here as well.
void paint_called(QPainter& p, const Context& c) {
  const QRectF box = c.frame.facts;
  const double k = c.frame.portrait ? 1.0 : 0.5;
  look::panel_box(p, box, 28 * std::max(k, 0.6), look::yamabuki);
  const double mark = 96 * k;
  const double left = box.left() + 44 * std::max(k, 0.6);
  look::icon(p, "ripple", QRectF(left, box.center().y() - mark / 2, mark, mark), look::ink);
  const QRectF in(left + mark + 36 * k, box.top() + 4, box.right() - left - mark - 72 * k, box.height() - 8);
  QString words = c.say("done.called");
  if (c.frame.call.isEmpty()) words += ' ' + enter_words(c, c.screen.given.room);
  flow(p, in, words, {c.px(84 * k), true, look::ink, c.lang}, std::max(c.frame.least, 40 * k), 1.2);
}

void paint_facts(QPainter& p, const Context& c) {
  const QRectF box = c.frame.facts;
  const double k = c.frame.portrait ? 1.0 : 0.5;
  look::panel_box(p, box, 28 * std::max(k, 0.6), look::panel);
  if (!c.screen.given.several.empty()) return paint_each(p, c);
  if (c.screen.given.called) return paint_called(p, c);
  const auto figure = [&](const QString& number, const QString& unit, double px) {
    return QList<look::Run>{{number, {px * k, true, look::ink, c.lang}},
                            {unit, {50 * k, false, look::ink, c.lang}, 20 * k}};
  };
  const int ahead = c.screen.given.ahead;
  const auto& wait = c.screen.given.wait;
  const auto told = wait ? figure(range_words(c, *wait), minutes_unit(c, wait->high), 92)
                         : QList<look::Run>{{c.say("done.wait.unknown"), {64 * k, true, look::ink, c.lang}}};
  const auto next = QList<look::Run>{{c.say("done.next"), {56 * k, true, look::ink, c.lang}}};
  const Count people = people_count(c, ahead);
  const auto before = ahead == 0 ? next : figure(people.number, people.unit, 104);
  if (c.large()) {
    const double pad = 40 * c.frame.k;
    const QRectF half(box.left() + pad, box.top(), box.width() / 2 - 1.5 * pad, box.height());
    paint_large_fact(p, half, c, c.say("ahead.short"), before);
    paint_large_fact(p, half.translated(box.width() / 2, 0), c, c.say("wait"), told);
    return;
  }
  constexpr double split = 0.44;
  const QRectF left = box.adjusted(44 * std::max(k, 0.6), 0, -box.width() * (1 - split) - 24 * k, 0);
  paint_fact(p, left, "people", c.say("done.ahead"), before, k, c.lang);
  const double edge = box.left() + box.width() * split;
  p.fillRect(QRectF(edge, box.center().y() - 80 * k, 3, 160 * k), look::line);
  paint_fact(p, QRectF(edge + 38 * k, box.top(), box.right() - edge - 60 * k, box.height()), "hourglass",
             c.say("done.wait"), told, k, c.lang);
}

/// Black on white whatever the look: it is for cameras.
void paint_code(QPainter& p, const Context& c) {
  look::panel_box(p, c.frame.code_panel, 20, Qt::white);
  const auto code = qr::encode(c.screen.given.code, 3);
  if (!code) return;
  const QRectF box = c.frame.code;
  const double module = box.width() / (code->width + 2 * qr::quiet);
  const QPointF from = box.topLeft() + QPointF(qr::quiet, qr::quiet) * module;
  p.setRenderHint(QPainter::Antialiasing, false);
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if (code->at(x, y))
        p.fillRect(QRectF(from + QPointF(x, y) * module, QSizeF(module, module)), Qt::black);
  p.setRenderHint(QPainter::Antialiasing, true);
  if (c.frame.code_words.isEmpty()) return;
  const look::Type type{c.px(30), true, look::ink, c.lang};
  paint_lines(p, c.frame.code_words,
              fit_lines(c.say("done.code"), type, c.frame.code_words.width(), c.large() ? 3 : 1, c.px(24)),
              1.12, Qt::AlignHCenter);
}

/// How one is called; in the last seconds it asks whether to stay instead.
void paint_call(QPainter& p, const Context& c) {
  const QRectF box = c.frame.call;
  const bool asks = c.screen.warning;
  const double k = c.frame.portrait ? 1.0 : 0.5;
  look::panel_box(p, box, 28 * std::max(k, 0.6), asks ? look::yamabuki : look::panel);
  const double wide = 176 * k;
  const double high = std::min(160 * k, box.height() - 8);
  const bool narrow = c.frame.portrait && !c.frame.code.isEmpty(); // the words matter more
  const QRectF stone(box.left() + (narrow ? 0 : 44 * k), box.center().y() - high / 2, narrow ? 0 : wide,
                     high);
  p.setPen(Qt::NoPen);
  p.setBrush(asks ? look::panel : look::ai_pale);
  if (!narrow) p.drawPath(look::stone(stone, 1));
  const double mark = 96 * k;
  if (!narrow)
    look::icon(p,
               asks                    ? "hand"
               : c.screen.given.called ? "door"
                                       : "speaker",
               QRectF(stone.center() - QPointF(mark, mark) / 2, QSizeF(mark, mark)), look::ai);
  if (c.screen.given.called && !asks) {
    const QRectF in(stone.right() + 40 * k, box.top() + 4, box.right() - stone.right() - 76 * k,
                    box.height() - 8);
    return flow(p, in, enter_words(c, c.screen.given.room), {c.px(92 * k), true, look::ink, c.lang},
                std::max(c.frame.least, 44 * k), 1.2);
  }
  if (c.large()) {
    const QString words =
        asks ? c.say("stay") + '\n' + c.say("stay.sub", {{"n", QString::number(c.screen.stay_seconds)}})
             : c.say("done.call");
    const QRectF in(stone.right() + 32, box.top() + 4, box.right() - stone.right() - 60, box.height() - 8);
    flow(p, in, words, {c.px(46), true, look::ink, c.lang}, c.frame.least, 1.2);
    return;
  }
  const QString title = c.say(asks ? "stay" : "done.call");
  const QString sub =
      asks ? c.say("stay.sub", {{"n", QString::number(c.screen.stay_seconds)}}) : c.say("done.call.sub");
  const QRectF in(stone.right() + 40 * k, box.top(), box.right() - stone.right() - 76 * k, box.height());
  if (!c.frame.portrait) {
    look::line_text(p, asks ? QRectF(in.left(), in.top() + 6, in.width(), 36) : in, title,
                    {30, true, look::ink, c.lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.5);
    if (asks)
      look::line_text(p, QRectF(in.left(), in.top() + 42, in.width(), 28), sub,
                      {22, false, look::ink, c.lang});
    return;
  }
  if (narrow) {
    const double half = in.height() * 0.45;
    flow(p, in.adjusted(0, 24, 0, -(in.height() - half)), title, {50, true, look::ink, c.lang}, 32, 1.2);
    return flow(p, in.adjusted(0, half, 0, -24), sub, {38, false, asks ? look::ink : look::ink_2, c.lang}, 28,
                1.3);
  }
  look::line_text(p, QRectF(in.left(), in.top() + 84, in.width(), 64), title, {50, true, look::ink, c.lang},
                  Qt::AlignLeft | Qt::AlignVCenter, 0.5);
  rich(p, QRectF(in.left(), in.top() + 166, in.width(), 110), sub,
       {38, false, asks ? look::ink : look::ink_2, c.lang}, 1.42);
}

/// The rule; in large letters its place also holds the question of the last seconds.
void paint_rule(QPainter& p, const Context& c) {
  const QRectF box = c.frame.rule;
  if (c.large()) {
    const bool asks = c.screen.warning && c.frame.call.isEmpty();
    look::panel_box(p, box, 24, asks ? look::yamabuki : look::yamabuki_pale);
    const double pad = 36 * c.frame.k;
    flow(p, box.adjusted(pad, 4, -pad, -4),
         asks ? c.say("stay") + '\n' + c.say("stay.sub", {{"n", QString::number(c.screen.stay_seconds)}})
              : rule_words(c),
         {c.frame.least, false, look::ink, c.lang}, c.frame.least, 1.2);
    return;
  }
  const double k = box.height() / 128;
  look::panel_box(p, box, 24 * k, look::yamabuki_pale);
  look::icon(p, "info", QRectF(box.left() + 36 * k, box.center().y() - 30 * k, 60 * k, 60 * k), look::ink);
  rich(p, box.adjusted(118 * k, 8 * k, -24 * k, -8 * k), rule_words(c), {37 * k, false, look::ink, c.lang},
       1.35);
}

/// A check mark would say that all is done.
bool goes_back(const Context& c) {
  return c.screen.face == Face::why || c.screen.face == Face::refused;
}

void paint_end(QPainter& p, const QRectF& box, const Context& c, bool pressed) {
  const double k = std::min(1.0, box.height() / 156);
  look::panel_box(p, box, 24, pressed ? look::ai_act : look::ai);
  const look::Type title{c.px(62 * k), true, look::on_dark, c.lang};
  const look::Type sub{c.px(34 * k), false, c.screen.warning ? look::yamabuki : look::on_dark_2, c.lang};
  const bool back = goes_back(c);
  const QString words = c.say(back ? "back" : "end");
  const QString seconds = QString::number(c.screen.seconds_left);
  const QString soon = c.say("end.soon", {{"n", seconds}});
  // Large letters keep to what must be known: the seconds when they are few.
  const QString rest =
      c.large() ? QString() : c.say("end.rest", {{"n", QString::number(c.screen.stay_seconds)}});
  const QString below = c.screen.warning ? soon : rest;
  const bool alone = below.isEmpty();
  const double wide =
      std::min(box.width() - 150 * k, std::max(look::width(words, title), look::width(below, sub)));
  const double left = box.center().x() - (wide + 112 * k) / 2;
  look::icon(p, back ? "left" : "check", QRectF(left, box.center().y() - 42 * k, 84 * k, 84 * k),
             look::yamabuki);
  const double x = left + 112 * k;
  const double high = title.px * 1.24;
  const double row = alone ? 0 : sub.px * 1.27;
  const double top = box.center().y() - (high + row) / 2;
  look::line_text(p, QRectF(x, top, wide + 2, high), words, title, Qt::AlignLeft | Qt::AlignVCenter, 0.5);
  look::line_text(p, QRectF(x, top + high, wide + 2, row), below, sub, Qt::AlignLeft | Qt::AlignVCenter, 0.5);
}

void paint_another(QPainter& p, const QRectF& box, const Context& c, bool pressed) {
  const double k = std::min(1.0, box.height() / 156);
  look::panel_box(p, box, 24, pressed ? look::ai_pale : look::panel, look::line_strong, 4);
  look::icon(p, "plus", QRectF(box.center().x() - 26 * k, box.top() + 28 * k, 52 * k, 52 * k), look::ai_act);
  look::line_text(p, QRectF(box.left() + 12, box.top() + 84 * k, box.width() - 24, 50 * k), c.say("another"),
                  {38 * k, true, look::ink, c.lang}, Qt::AlignCenter, 0.5);
}

void add_large_ends(const Shared& c, seat::Scene& scene, const QRectF& box) {
  const double wide = c->frame.portrait ? 284 : 240;
  const QRectF another(box.left(), box.top(), wide, box.height());
  const QRectF end = box.adjusted(wide + 16, 0, 0, 0);
  const QString words = c->say("another");
  scene.touch.push_back(
      {"another", words, another, [=](QPainter& p, bool pressed) {
         paint_key(p, another, {"plus", words, c->frame.least, c->frame.least}, c->lang, pressed);
       }});
  add_end(c, scene, end);
}

} // namespace

void add_number(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) { paint_number(p, *c); });
  scene.add([c](QPainter& p) { paint_facts(p, *c); });
  if (!c->frame.code.isEmpty()) scene.add([c](QPainter& p) { paint_code(p, *c); });
  if (!c->frame.call.isEmpty()) scene.add([c](QPainter& p) { paint_call(p, *c); });
  scene.add([c](QPainter& p) { paint_rule(p, *c); });
  const QRectF box = c->frame.end;
  const double wide = c->frame.portrait ? 300 : 220;
  if (c->large()) return add_large_ends(c, scene, box);
  const QRectF another(box.left(), box.top(), wide, box.height());
  scene.touch.push_back({"another", c->say("another"), another,
                         [=](QPainter& p, bool pressed) { paint_another(p, another, *c, pressed); }});
  add_end(c, scene, box.adjusted(wide + 24, 0, 0, 0));
}

void add_end(const Shared& c, seat::Scene& scene, const QRectF& box) {
  scene.touch.push_back({"home", c->say(goes_back(*c) ? "back" : "end"), box,
                         [=](QPainter& p, bool pressed) { paint_end(p, box, *c, pressed); }});
}

} // namespace machiai::kiosk
