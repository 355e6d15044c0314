// SPDX-License-Identifier: Apache-2.0
// The seat itself: head, who is inside, the big button.
#include "room/scene.hpp"
#include "seat/text.hpp"

namespace machiai::room {

namespace look = seat::look;
using seat::text_of;

namespace {

QString line_words(const Context& c) {
  const QString line = c.say(
      "line", {{"waiting", QString::number(c.screen.waiting)}, {"absent", QString::number(c.screen.absent)}});
  const QString session = text_of(c.screen.session);
  return session.isEmpty() ? line : c.say(session) + "　" + line;
}

void paint_link(QPainter& p, const Context& c, double right, double y) {
  const bool on = c.screen.reachable;
  const QString words = c.say(on ? "linked" : "unlinked");
  const look::Type type{20, !on, look::on_dark, c.lang};
  const double wide = look::width(words, type);
  look::line_text(p, QRectF(right - wide, y - 18, wide + 2, 36), words, type);
  look::icon(p, on ? "link" : "linkoff", QRectF(right - wide - 34, y - 13, 26, 26), look::yamabuki);
}

/// Number, name and what kind of visit, in the part of the panel beside the spine.
void paint_patient(QPainter& p, const Context& c, const Patient& who, const QRectF& in) {
  const bool upright = c.frame.upright;
  const QRectF number =
      upright ? QRectF(in.left(), in.top(), 236, in.height()) : QRectF(in.left(), in.top(), in.width(), 168);
  look::number(p, number, text_of(who.number), upright ? 150 : 168, look::ink);
  const double left = upright ? number.right() + 28 : in.left();
  const double wide = in.right() - left;
  double y = upright ? in.top() : number.bottom() + 6;
  look::text(p, QRectF(left, y, wide, upright ? 80 : 92), text_of(who.name), {36, true, look::ink, "ja"},
             Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  y += upright ? 84 : 94;
  QStringList about{kind_words(c, who.kind)};
  if (!who.card.empty()) about << c.say("card", {{"card", text_of(who.card)}});
  look::line_text(p, QRectF(left, y, wide, 34), about.join("　"), {24, false, look::ink_2, c.lang});
  if (!c.screen.reachable) return;
  const double base = in.bottom() - 44;
  look::icon(p, "clock", QRectF(left, base + 5, 34, 34), look::moss);
  look::line_text(
      p, QRectF(left + 44, base, wide - 44, 44),
      c.say("time", {{"m", QString::number(who.seconds / 60)}, {"s", QString::number(who.seconds % 60)}}),
      {28, false, look::ink, c.lang});
}

void paint_inside(QPainter& p, const Context& c) {
  const QRectF box = c.frame.inside;
  const auto& who = c.screen.inside;
  const std::string state = who ? who->state : "";
  look::panel_box(p, box, 18, look::panel);
  p.setClipRect(QRectF(box.left(), box.top(), 76, box.height()), Qt::IntersectClip);
  const bool called = state == "called";
  const QColor ground = !c.screen.reachable ? look::ash
                        : called            ? look::yamabuki
                        : who               ? look::moss_pale
                                            : look::stone_fill;
  look::panel_box(p, box, 18, ground);
  p.setClipping(false);
  const QColor ink = !c.screen.reachable || called ? look::ink : who ? look::moss : look::ink_2;
  look::upright(p, QRectF(box.left(), box.top() + 12, 76, box.height() - 24),
                c.say("spine." + (who ? text_of(state) : QString("empty"))),
                {c.lang == "en" ? 36.0 : 52.0, true, ink, c.lang});
  const QRectF inner(box.left() + 104, box.top() + 22, box.width() - 128, box.height() - 40);
  if (who)
    paint_patient(p, c, *who, inner);
  else if (c.screen.ready)
    look::text(p, inner, c.say("nobody"), {36, false, look::ink_2, c.lang}, Qt::AlignCenter);
  if (!c.screen.reachable) look::hatch(p, QRectF(box.left() + 76, box.top(), box.width() - 76, box.height()));
}

/// Nobody to call, or nobody to ask: an outline that says why.
void paint_outline(QPainter& p, const Context& c, const QRectF& box) {
  const bool stale = !c.screen.reachable;
  const QColor ink = stale && c.screen.ready ? look::kaki : look::ink_2;
  p.setBrush(look::panel);
  QPen pen(stale && c.screen.ready ? look::kaki : look::line_strong, stale ? 5 : 4);
  if (stale) pen.setDashPattern({3, 2});
  p.setPen(pen);
  p.drawRoundedRect(box.adjusted(3, 3, -3, -3), 26, 26);
  const QRectF in = box.adjusted(44, 28, -44, -28);
  if (!stale) {
    look::text(p, in, c.say("call.none"), {66, true, ink, c.lang});
    return;
  }
  const double top = in.height() * 0.42;
  look::text(p, QRectF(in.left(), in.top(), in.width(), top),
             c.say(c.screen.ready ? "call.stale" : "call.first"), {60, true, ink, c.lang},
             Qt::AlignLeft | Qt::AlignBottom);
  QString words = c.screen.away.empty() ? c.say("stale.how") : reason_words(c, c.screen.away);
  if (c.screen.ready)
    words +=
        "\n" + c.say("stale.age", {{"t", text_of(c.screen.as_of)}, {"age", age_words(c, c.screen.age_s)}});
  look::text(p, QRectF(in.left(), in.top() + top + 14, in.width(), in.height() - top - 14), words,
             {28, false, look::ink, c.lang}, Qt::AlignLeft | Qt::AlignTop);
}

void paint_call(QPainter& p, const Context& c, const QRectF& box, bool pressed) {
  const Patient& next = c.screen.next.front();
  QPainterPath edge;
  edge.addRoundedRect(box, 28, 28);
  p.fillPath(edge, pressed ? look::ai_act : look::ai);
  const double number_wide = box.width() * 0.42;
  const QRectF number(box.right() - number_wide - 36, box.top() + 20, number_wide, box.height() - 40);
  p.save();
  p.setClipPath(edge);
  look::ripple(p, number.center(), {150, 240, 340, 450}, 0.2, 4);
  p.restore();
  look::number(p, number, text_of(next.number), c.frame.upright ? 180 : 218, look::on_dark);
  const QRectF words(box.left() + 44, box.top(), number.left() - box.left() - 60, box.height());
  const double tall = c.frame.upright ? 58 : 72;
  const QString name = next.name.empty() ? QString() : c.say("san", {{"name", text_of(next.name)}});
  const look::Type name_type{32, false, look::on_dark_2, "ja"};
  // A long name takes two rows instead of small letters.
  const double name_tall = name.isEmpty() ? 0 : look::width(name, name_type) <= words.width() ? 46 : 84;
  double y = box.center().y() - (tall * 2 + 16 + name_tall + (c.screen.inside ? 40 : 0)) / 2;
  look::text(p, QRectF(words.left(), y, words.width(), tall * 2 + 8), c.say("call"),
             {tall * 0.92, true, look::on_dark, c.lang}, Qt::AlignLeft | Qt::AlignVCenter);
  y += tall * 2 + 16;
  look::text(p, QRectF(words.left(), y, words.width(), name_tall), name, name_type,
             Qt::AlignLeft | Qt::AlignVCenter, 0.7);
  if (c.screen.inside)
    look::line_text(p, QRectF(words.left(), y + name_tall + 2, words.width(), 36),
                    c.say("call.then", {{"n", text_of(c.screen.inside->number)}}),
                    {26, false, look::on_dark_2, c.lang});
}

} // namespace

void add_head(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const QRectF box = c->frame.head;
    const bool seat = c->screen.page == Page::seat;
    p.fillRect(box, look::ai_deep);
    look::icon(p, "door", QRectF(24, 16, 32, 32), look::yamabuki);
    QString title = seat ? c->name(c->screen.room) : c->say("entry.head");
    if (title.isEmpty()) title = c->say("entry.head");
    const look::Type type{27, true, look::on_dark, c->lang};
    const double wide = std::min(look::width(title, type), 360.0);
    look::line_text(p, QRectF(68, 10, wide + 2, 44), title, type);
    if (!seat) return;
    look::line_text(p, QRectF(box.right() - 124, 10, 100, 44), text_of(c->screen.clock),
                    {32, true, look::on_dark, "ja"}, Qt::AlignRight | Qt::AlignVCenter);
    const double second = c->frame.upright ? 82 : 32;
    paint_link(p, *c, c->frame.upright ? box.right() - 24 : box.right() - 140, second);
    if (!c->screen.ready) return;
    const double left = c->frame.upright ? 26 : 68 + wide + 22;
    const double right = c->frame.upright ? box.right() - 320 : box.right() - 440;
    look::line_text(p, QRectF(left, second - 18, right - left, 36), line_words(*c),
                    {21, false, look::on_dark_2, c->lang});
  });
}

void add_inside(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) { paint_inside(p, *c); });
}

void add_next(const Shared& c, seat::Scene& scene) {
  const QRectF box = c->frame.next;
  if (!c->screen.can_call) {
    scene.add([c, box](QPainter& p) { paint_outline(p, *c, box); });
    return;
  }
  const Patient& next = c->screen.next.front();
  const QString label = c->say("call.label", {{"n", text_of(next.number)}, {"name", text_of(next.name)}});
  scene.touch.push_back(
      {"call-next", label, box, [c, box](QPainter& p, bool pressed) { paint_call(p, *c, box, pressed); }});
}

} // namespace machiai::room
