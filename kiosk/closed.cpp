// SPDX-License-Identifier: Apache-2.0
// When no number can be taken: why, and when one can.
#include "kiosk/scene.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

/// States with a title and a reason of their own.
bool has_own_words(const std::string& state) {
  return state == "full" || state == "paused" || state == "unopened";
}

/// "The morning is over" is only told while a later session of the day is to come.
QString closed_title(const Context& c) {
  const Screen& screen = c.screen;
  const bool known = !screen.opens.at.empty();
  const bool today = known && screen.opens.on.empty();
  if (has_own_words(screen.state)) return c.say(QString::fromStdString(screen.state) + ".title");
  if (screen.state == "before") return c.say(today ? "before.title" : "before.title.unknown");
  if (screen.face == Face::why) return c.say("before.title.unknown");
  const QString session = "closed.title." + QString::fromStdString(screen.session);
  return c.say(today && c.phrases->has(session) ? session : "closed.title");
}

QString next_words(const Context& c) {
  const Opening& opens = c.screen.opens;
  if (opens.on.empty()) return c.say("closed.next");
  if (opens.tomorrow) return c.say("closed.next.tomorrow");
  return c.say("closed.next.date", {{"date", date_words(c, opens.on)}});
}

void paint_closed(QPainter& p, const Context& c) {
  const QRectF box = c.frame.hero;
  const double k = box.height() / 700;
  const QString state = QString::fromStdString(c.screen.state);
  paint_hero(p, c, box, look::ai_deep, look::ash, state_icon(c.screen.state), c.say(state + ".spine"));
  const QRectF in = hero_inside(c, box);
  if (c.screen.face == Face::why)
    look::line_text(p, QRectF(in.left(), box.top() + 44 * k, in.width(), 62 * k), c.name(c.screen.why_label),
                    {c.px(48 * k), true, look::on_dark_2, c.lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  rich(p, QRectF(in.left(), box.top() + 112 * k, in.width(), 174 * k), closed_title(c),
       {64 * k, true, look::on_dark, c.lang}, 1.35);
  p.fillRect(QRectF(in.left(), box.top() + 312 * k, 120 * k, 8 * k), look::yamabuki);
  const bool known = !c.screen.opens.at.empty();
  look::line_text(p, QRectF(in.left(), box.top() + 348 * k, in.width(), 60 * k),
                  known ? next_words(c) : c.say(c.screen.state == "unopened" ? "unopened.ask" : "closed.ask"),
                  {c.px(44 * k), false, look::on_dark_2, c.lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  if (!known) {
    look::text(p, QRectF(in.left(), box.top() + 420 * k, in.width(), 160 * k), c.say("closed.ask.big"),
               {72 * k, true, look::on_dark, c.lang});
    return;
  }
  const QStringList parts = time_words(c, c.screen.opens.at, "opens").split('|');
  const auto type = [&](double px) { return look::Type{px * k, true, look::on_dark, c.lang}; };
  look::runs(
      p, in.left(), box.top() + 568 * k,
      {{parts.value(0), type(72)}, {parts.value(1), type(168), 24 * k}, {parts.value(2), type(72), 24 * k}},
      in.width());
}

void add_reason(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const QRectF box = c->frame.below;
    const double k = box.height() / 196;
    look::panel_box(p, box, 28 * k, look::ai_pale);
    look::icon(p, "info", QRectF(box.left() + 44 * k, box.center().y() - 38 * k, 76 * k, 76 * k), look::ai);
    const QRectF in = box.adjusted(152 * k, 8 * k, -36 * k, -8 * k);
    const QString words =
        c->say(has_own_words(c->screen.state) ? QString::fromStdString(c->screen.state) + ".reason"
                                              : "closed.reason");
    const look::Type type{c->px(44 * k), false, look::ink, c->lang};
    if (c->large())
      flow(p, in, words, type, c->frame.least, 1.24);
    else
      rich(p, in, words, type, 1.4);
  });
}

} // namespace

void add_closed(const Shared& c, seat::Scene& scene) {
  const bool one = c->screen.face == Face::why;
  scene.add([c](QPainter& p) { paint_closed(p, *c); });
  // The lying screen has no room for the reason beside the way back.
  const bool asked = c->large() && c->frame.portrait && c->screen.warning; // the question stands there
  if ((!one || c->frame.portrait) && !asked) add_reason(c, scene);
  if (one) {
    add_end(c, scene, c->frame.hero_end);
  } else if (c->frame.portrait) {
    Card card{c->say("ill"), c->say("ill.sub"), "hand", 2};
    add_card(c, scene, "ill", QRectF(48, 1116, 984, 204), card, true);
  }
}

} // namespace machiai::kiosk
