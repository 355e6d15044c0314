// SPDX-License-Identifier: Apache-2.0
// Below the big button: what can be done with who is inside, who comes after, undo, the language.
#include "room/scene.hpp"

namespace machiai::room {

namespace look = seat::look;

namespace {

/// Dashed when there is nobody to act on, so that it does not look like something to press.
void paint_action(QPainter& p, const Context& c, const QRectF& box, const QString& icon, const QString& words,
                  bool pressed) {
  const bool on = c.screen.can_act;
  p.setBrush(pressed ? look::ai_pale : look::panel);
  QPen pen(look::line_strong, 3);
  if (!on) pen.setDashPattern({3, 2});
  p.setPen(pen);
  p.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 17, 17);
  // English says it in more letters: all four smaller, not each as it fits.
  const double px = c.lang == "en" && !c.frame.upright ? 21 : 28;
  const look::Type type{px, on, on ? look::ink : look::ink_2, c.lang};
  const double room = box.width() - 44 - 14 - 40;
  const double wide = std::min(room, look::width(words, type));
  const double left = box.center().x() - (44 + 14 + wide) / 2;
  look::icon(p, icon, QRectF(left, box.center().y() - 22, 44, 44), on ? look::ai_act : look::line_strong);
  look::line_text(p, QRectF(left + 58, box.top() + 10, wide + 2, box.height() - 20), words, type,
                  Qt::AlignLeft | Qt::AlignVCenter, 0.6);
}

void paint_stones(QPainter& p, const Context& c, const QRectF& in) {
  const double step = in.width() / 4;
  int at = 0;
  for (const Patient& each : c.screen.next) {
    const double x = in.left() + at * step;
    p.setPen(Qt::NoPen);
    p.setBrush(look::stone_fill);
    const QRectF stone(x + step / 2 - 50, in.center().y() - 52, 100, 66);
    p.drawPath(look::stone(stone, at));
    look::number(p, stone.adjusted(8, 6, -8, -6), QString::fromStdString(each.number), 40, look::ink);
    look::line_text(p, QRectF(x + 6, stone.bottom() + 6, step - 12, 30), kind_words(c, each.kind),
                    {21, false, look::ink, c.lang}, Qt::AlignCenter, 0.75);
    if (++at == 4) break;
  }
}

void paint_told(QPainter& p, const Context& c, const QRectF& box) {
  const bool urgent = c.screen.told.urgent;
  look::panel_box(p, box, 18, urgent ? look::kaki_pale : look::moss, urgent ? look::kaki : look::moss, 3);
  look::icon(p, urgent ? "warn" : "check", QRectF(box.left() + 22, box.center().y() - 22, 44, 44),
             urgent ? look::kaki : look::on_dark);
  look::text(p, box.adjusted(84, 10, -22, -10), told_words(c),
             {28, true, urgent ? look::kaki : look::on_dark, c.lang});
}

void paint_after(QPainter& p, const Context& c) {
  const QRectF box = c.frame.after;
  if (!c.screen.told.key.empty()) return paint_told(p, c, box);
  look::panel_box(p, box, 18, look::panel);
  p.save();
  p.setClipRect(QRectF(box.left(), box.top(), 110, box.height()), Qt::IntersectClip);
  look::panel_box(p, box, 18, look::stone_fill);
  p.restore();
  look::line_text(p, QRectF(box.left(), box.top(), 110, box.height()), c.say("next"),
                  {30, true, look::ink, c.lang}, Qt::AlignCenter);
  const QRectF in = box.adjusted(118, 0, -8, 0);
  if (!c.screen.next.empty())
    paint_stones(p, c, in);
  else if (c.screen.ready)
    look::line_text(p, in, c.say("next.none"), {26, false, look::ink_2, c.lang}, Qt::AlignCenter);
  if (!c.screen.reachable) look::hatch(p, box.adjusted(110, 0, 0, 0));
}

/// Nothing to take back: the place stays, so that nothing else moves.
void paint_no_undo(QPainter& p, const Context& c, const QRectF& box) {
  p.setBrush(look::panel);
  QPen pen(look::line_strong, 3);
  pen.setDashPattern({3, 2});
  p.setPen(pen);
  p.drawRoundedRect(box.adjusted(1.5, 1.5, -1.5, -1.5), 17, 17);
  const look::Type type{30, false, look::ink_2, c.lang};
  const double wide = look::width(c.say("undo"), type);
  const double left = box.center().x() - (52 + wide) / 2;
  look::icon(p, "undo", QRectF(left, box.center().y() - 19, 38, 38), look::line_strong);
  look::line_text(p, QRectF(left + 52, box.top(), wide + 2, box.height()), c.say("undo"), type);
}

void paint_undo(QPainter& p, const Context& c, const QRectF& box, bool pressed) {
  look::panel_box(p, box, 18, look::panel);
  const QRectF ring(box.left() + 18, box.center().y() - 30, 60, 60);
  p.setBrush(Qt::NoBrush);
  p.setPen(QPen(look::stone_fill, 7));
  p.drawEllipse(ring);
  p.setPen(QPen(look::ai_act, 7, Qt::SolidLine, Qt::FlatCap));
  p.drawArc(ring, 90 * 16, -static_cast<int>(c.screen.undo_share * 360 * 16));
  look::line_text(p, ring, QString::number(c.screen.undo_s), {24, true, look::ink, "ja"}, Qt::AlignCenter);
  const QRectF key = box.adjusted(94, 12, -12, -12);
  look::panel_box(p, key, 14, pressed ? look::ai : look::ai_act);
  const look::Type type{30, true, look::on_dark, c.lang};
  const double wide = look::width(c.say("undo"), type);
  const double left = key.center().x() - (50 + wide) / 2;
  look::icon(p, "undo", QRectF(left, key.center().y() - 19, 38, 38), look::on_dark);
  look::line_text(p, QRectF(left + 50, key.top(), wide + 2, key.height()), c.say("undo"), type);
}

} // namespace

void add_actions(const Shared& c, seat::Scene& scene) {
  static constexpr const char* names[] = {"recall", "absent", "hold", "finish"};
  static constexpr const char* icons[] = {"speaker", "chair", "pause", "check"};
  for (int i = 0; i < 4; ++i) {
    const QRectF box = c->frame.actions[i];
    const QString words = c->say(names[i]);
    scene.touch.push_back({names[i], words, box,
                           [c, box, icon = QString(icons[i]), words](QPainter& p, bool pressed) {
                             paint_action(p, *c, box, icon, words, pressed);
                           },
                           c->screen.can_act});
  }
}

void add_after(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) { paint_after(p, *c); });
}

void add_undo(const Shared& c, seat::Scene& scene) {
  const QRectF box = c->frame.undo;
  if (!c->screen.reachable)
    return add_key(c, scene, "pair-anew", box, {.icon = "redo", .words = c->say("pair-anew"), .px = 28});
  if (c->screen.undo_s == 0) return scene.add([c, box](QPainter& p) { paint_no_undo(p, *c, box); });
  scene.touch.push_back({"undo", c->say("undo"), box,
                         [c, box](QPainter& p, bool pressed) { paint_undo(p, *c, box, pressed); }});
}

void add_lang(const Shared& c, seat::Scene& scene) {
  const QRectF box = c->frame.lang;
  const QString other = c->lang == "en" ? "ja" : "en";
  const bool enabled = c->screen.page != Page::looking && c->screen.page != Page::joining;
  scene.touch.push_back(
      {"lang", c->say("lang.label"), box,
       [c, box, other](QPainter& p, bool pressed) {
         look::panel_box(p, box, 18, pressed ? look::ai_pale : look::panel, look::line_strong, 3);
         look::icon(p, "globe", QRectF(box.center().x() - 22, box.top() + 22, 44, 44), look::ai_act);
         look::line_text(p, QRectF(box.left() + 6, box.top() + 70, box.width() - 12, 40), c->say("lang"),
                         {22, true, look::ink, other}, Qt::AlignCenter, 0.6);
       },
       enabled});
}

} // namespace machiai::room
