// SPDX-License-Identifier: Apache-2.0
// What is told beside the page: temporary messages, the card that was read, "do you want to continue", and
// the lock for wiping.
#include "kiosk/scene.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

struct Strip {
  QString icon;
  QString words;
  QString sub;
  QColor fill;
};

/// One row, or two when `sub` has no room behind the words.
void paint_strip(QPainter& p, const QRectF& box, const Strip& strip, double px, const Context& c) {
  const QString lang = c.lang;
  px = c.px(px);
  look::panel_box(p, box, std::min(24.0, box.height() / 4), strip.fill);
  const double mark = std::min(box.height() - 16, 60.0 * px / 44);
  const double pad = mark * 0.4;
  look::icon(p, strip.icon, QRectF(box.left() + pad, box.center().y() - mark / 2, mark, mark), look::ink);
  const QRectF in = box.adjusted(2 * pad + mark, 4, -pad, -4);
  const look::Type bold{px, true, look::ink, lang};
  const look::Type plain{c.px(px * 0.82), false, look::ink, lang};
  if (c.large()) {
    const look::Type type{px, strip.fill == look::yamabuki, look::ink, lang};
    const int most = std::max(1, static_cast<int>(in.height() / (px * 1.15)));
    const QString both = strip.sub.isEmpty() ? strip.words : strip.words + '\n' + strip.sub;
    Lines lines = fit_lines(both, type, in.width(), most, px);
    if (lines.rows.size() > most) lines = fit_lines(strip.words, type, in.width(), most, px);
    paint_lines(p, in, lines, 1.15);
    return;
  }
  if (strip.sub.isEmpty()) {
    rich(p, in, strip.words, {px * 0.84, false, look::ink, lang}, 1.25);
    return;
  }
  const double wide = look::width(strip.words, bold) + px + look::width(strip.sub, plain);
  if (wide <= in.width()) {
    look::runs(p, in.left(), in.center().y() + px * 0.36, {{strip.words, bold}, {strip.sub, plain, px}},
               in.width());
    return;
  }
  const double half = in.height() / 2;
  const auto fitted = [&](look::Type type) {
    type.px = std::min(type.px, half * 0.84);
    return type;
  };
  look::line_text(p, QRectF(in.left(), in.top(), in.width(), half), strip.words, fitted(bold),
                  Qt::AlignLeft | Qt::AlignVCenter, 0.5);
  look::line_text(p, QRectF(in.left(), in.top() + half, in.width(), half), strip.sub, fitted(plain),
                  Qt::AlignLeft | Qt::AlignVCenter, 0.5);
}

Strip stay_strip(const Context& c) {
  return {"hand", c.say("stay"), c.say("stay.sub", {{"n", QString::number(c.screen.stay_seconds)}}),
          look::yamabuki};
}

bool is_hero(Face face) {
  return face == Face::away || face == Face::closed || face == Face::why || face == Face::help ||
         face == Face::code || face == Face::refused;
}

} // namespace

bool has_note(const Screen& screen) {
  const bool choosing = screen.face == Face::home || screen.face == Face::asking || screen.face == Face::kind;
  if (screen.face == Face::typing) return screen.warning;
  return choosing && (screen.warning || !screen.card_end.empty() || !screen.message.empty());
}

void add_note(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const Screen& screen = c->screen;
    Strip strip{"notice", QString::fromStdString(screen.message), {}, look::yamabuki_pale};
    if (!screen.card_end.empty())
      strip = {"card", c->say("card.read"),
               c->say("card.end", {{"n", QString::fromStdString(screen.card_end)}}), look::ai_pale};
    if (screen.warning) strip = stay_strip(*c);
    paint_strip(p, c->frame.note, strip, c->frame.portrait ? 44 : 30, *c);
  });
}

void add_stay(const Shared& c, seat::Scene& scene) {
  const Face face = c->screen.face;
  if (!c->screen.warning || (!is_hero(face) && face != Face::rules)) return;
  scene.add([c](QPainter& p) {
    QRectF box = c->frame.rules_title;
    if (is_hero(c->screen.face) && c->large() && c->frame.portrait) {
      box = c->frame.below;
    } else if (is_hero(c->screen.face)) {
      const QRectF hero = c->frame.hero;
      const double k = hero.height() / 700;
      const QRectF in = hero_inside(*c, hero);
      box = QRectF(in.left() - 24 * k, hero.top() + 592 * k, in.width() + 48 * k, 90 * k);
    }
    paint_strip(p, box, stay_strip(*c), c->frame.portrait ? 40 : 28, *c);
  });
}

void add_wipe(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const QRectF box = c->frame.whole;
    const double k = c->frame.portrait ? 1 : 0.5;
    paint_hero(p, *c, box, look::ai, look::yamabuki, "wipe", c->say("wipe.spine"));
    const QRectF in = hero_inside(*c, box);
    const double mid = box.center().y();
    look::icon(p, "wipe", QRectF(in.left(), mid - 560 * k, 260 * k, 260 * k), look::yamabuki);
    rich(p, QRectF(in.left(), mid - 250 * k, in.width(), 240 * k), c->say("wipe.title"),
         {84 * k, true, look::on_dark, c->lang}, 1.3);
    look::number(p, QRectF(in.left(), mid + 20 * k, in.width(), 360 * k),
                 QString::number(c->screen.seconds_left), 360 * k, look::on_dark);
    rich(p, QRectF(in.left(), mid + 410 * k, in.width(), 150 * k), c->say("wipe.sub"),
         {46 * k, false, look::on_dark_2, c->lang}, 1.45);
  });
}

} // namespace machiai::kiosk
