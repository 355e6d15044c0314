// SPDX-License-Identifier: Apache-2.0
// The zones that stay in place on every page: head, help and languages.
#include "core/base/clock.hpp"
#include "kiosk/scene.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

QString head_words(const Context& c) {
  const QString date = date_words(c, c.screen.date);
  const QString session = QString::fromStdString(c.screen.session);
  const bool told = c.screen.face != Face::closed && c.screen.face != Face::away && !session.isEmpty();
  return told ? date + "　" + c.say("session." + session) : date;
}

void paint_language(QPainter& p, const QRectF& box, const Context& c, const QString& code, bool pressed) {
  const bool chosen = code == c.lang;
  const QString words = c.say("lang." + code);
  const QColor fill = chosen ? look::ai : pressed ? look::ai_pale : look::panel;
  look::panel_box(p, box, 20, fill, chosen ? look::ai : look::line_strong, 4);
  const double px = c.px(words.contains('\n') ? 31 : words.size() > 8 ? 33 : 36);
  const look::Type type{px, true, chosen ? look::on_dark : look::ai, code};
  double wide = 0;
  for (const QString& row : words.split('\n')) wide = std::max(wide, look::width(row, type));
  // Large letters may come near the edge: a name in two pieces is none.
  const double edge = wide + 24 > box.width() ? 5 : 12;
  const QRectF in = box.adjusted(edge, 4, -edge, -4);
  const bool beside = wide + 44 <= in.width();
  if (chosen && !beside)
    look::icon(p, "check", QRectF(box.left() + 10, box.top() + 8, 28, 28), look::on_dark);
  if (chosen && beside) {
    const double left = box.center().x() - (wide + 40) / 2;
    look::icon(p, "check", QRectF(left, box.center().y() - 16, 32, 32), look::on_dark);
    paint_lines(p, QRectF(left + 40, in.top(), wide, in.height()), {words.split('\n'), type}, 1.12,
                Qt::AlignHCenter);
    return;
  }
  paint_lines(p, in, fit_lines(words, type, in.width(), 2, std::max(c.frame.least, px * 0.7)), 1.12,
              Qt::AlignHCenter);
}

/// A small and a large letter side by side; drawn as a picture.
void paint_letters(QPainter& p, QPointF left, double high, const QString& glyph) {
  QPainterPath path;
  const QFont small = look::font({high * 0.55, true, look::ai_act, "ja"});
  const QFont big = look::font({high, true, look::ai_act, "ja"});
  path.addText(left + QPointF(0, high * 0.38), small, glyph);
  path.addText(left + QPointF(high * 0.55, high * 0.38), big, glyph);
  p.setPen(Qt::NoPen);
  p.setBrush(look::ai_act);
  p.drawPath(path);
}

void paint_large(QPainter& p, const QRectF& box, const Context& c, bool pressed) {
  look::panel_box(p, box, 20, c.large() || pressed ? look::ai_pale : look::panel, look::ai, 4);
  const QStringList rows = c.say(c.large() ? "large.off" : "large.on").split('\n');
  const look::Type type{c.px(31), true, look::ai, c.lang};
  double wide = 0;
  for (const QString& row : rows) wide = std::max(wide, look::width(row, type));
  const double high = std::min(56.0, (box.width() - 28 - wide - 10) / 1.5);
  const double left = box.center().x() - (high * 1.5 + 10 + wide) / 2;
  const bool kana = c.lang == "ja" || c.lang == "easy";
  paint_letters(p, QPointF(left, box.center().y()), high, kana ? "あ" : "A");
  paint_lines(p, QRectF(left + high * 1.5 + 10, box.top(), wide + 1, box.height()), {rows, type}, 1.12);
}

} // namespace

void add_head(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const QRectF box = c->frame.head;
    const double k = c->frame.portrait ? 1.0 : 0.66;
    const double clock = 64 * (c->frame.portrait ? 1.0 : 0.8);
    const QString time = QString::fromStdString(c->screen.clock);
    look::line_text(p, box, time, {clock, true, look::ink, "ja"}, Qt::AlignRight | Qt::AlignVCenter);
    const double room = box.width() - 40 - look::width(time, {clock, true, look::ink, "ja"});
    if (c->large()) { // the name alone, in the whole height
      const look::Type type{c->px(46 * k), true, look::ink, c->lang};
      const QString name = c->name(c->screen.facility);
      paint_lines(p, QRectF(box.left(), box.top(), room, box.height()),
                  cut_rows(fit_lines(name, type, room, c->frame.portrait ? 2 : 1, c->frame.least), room, 2),
                  1.08);
      return;
    }
    look::line_text(p, QRectF(box.left(), box.top(), room, 55 * k), c->name(c->screen.facility),
                    {46 * k, true, look::ink, c->lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.6);
    look::line_text(p, QRectF(box.left(), box.top() + 55 * k, room, 42 * k), head_words(*c),
                    {32 * k, false, look::ink_2, c->lang});
  });
}

void add_languages(const Shared& c, seat::Scene& scene) {
  static const QStringList codes{"ja", "easy", "en", "zh", "ko", "vi", "pt"};
  if (!c->frame.globe.isEmpty()) {
    scene.add([c](QPainter& p) {
      const QRectF box = c->frame.globe;
      look::icon(p, "globe", QRectF(box.left(), box.top() + 2, 40, 40), look::ink);
      look::line_text(p, box.adjusted(54, 0, 0, 0), c->say("languages"), {34, false, look::ink, "ja"});
    });
  }
  const QRectF area = c->frame.langs;
  const int columns = c->frame.lang_columns;
  const int rows = (static_cast<int>(codes.size()) + columns) / columns; // with the button for large letters
  constexpr double gap = 16;
  const double wide = (area.width() - gap * (columns - 1)) / columns;
  const double high = (area.height() - gap * (rows - 1)) / rows;
  const auto cell = [&](int i) {
    const int column = i % columns;
    const int row = i / columns;
    return QRectF(area.left() + column * (wide + gap), area.top() + row * (high + gap), wide, high);
  };
  for (int i = 0; i < codes.size(); ++i) {
    const QRectF box = cell(i);
    const QString& code = codes[i];
    scene.touch.push_back({"lang-" + code, c->say("lang." + code).replace('\n', ' '), box,
                           [=](QPainter& p, bool pressed) { paint_language(p, box, *c, code, pressed); }});
  }
  add_large(c, scene, cell(columns * rows - 1));
}

void add_large(const Shared& c, seat::Scene& scene, const QRectF& box) {
  const QString label = c->say(c->large() ? "large.off" : "large.on").replace('\n', ' ');
  scene.touch.push_back(
      {"large", label, box, [=](QPainter& p, bool pressed) { paint_large(p, box, *c, pressed); }});
}

void add_help_row(const Shared& c, seat::Scene& scene) {
  const Face face = c->screen.face;
  // The card "ill" and the page "rules" already say what the second button would.
  const bool rules = face == Face::home || face == Face::asking;
  const bool ask = face == Face::why || face == Face::code;
  const bool back = face == Face::kind || face == Face::typing;
  // In large letters two keys have room: the rule is told on the number's page as well.
  const bool pad = c->screen.pad;
  const bool third = pad && rules && !c->large();
  const int keys = third ? 3 : rules || back || pad || !c->screen.card_end.empty() ? 2 : 1;
  const QRectF box = c->frame.help;
  const double wide = (box.width() - 16 * (keys - 1)) / keys;
  const QRectF first(box.left(), box.top(), wide, box.height());
  const QRectF second = first.translated(wide + 16, 0);
  const double px = c->px(c->frame.portrait ? 42 : 32);
  const bool enabled = face != Face::asking;
  const auto key = [&](const QString& name, const QString& icon, const QString& words, const QRectF& at) {
    scene.touch.push_back({name, QString(words).replace('\n', ' '), at,
                           [=](QPainter& p, bool pressed) {
                             paint_key(p, at, {icon, words, px, c->frame.least}, c->lang, pressed);
                           },
                           enabled});
  };
  if (back) {
    key("home", "left", c->say("back"), first);
    key("help", "hand", c->say("help"), second);
    return;
  }
  key("help", "hand", c->say(ask ? "ask" : "help"), first);
  if (!c->screen.card_end.empty())
    key("home", "cross", c->say("card.cancel"), second);
  else if (pad)
    key("card-type", "card", c->say("card.type"), second);
  else if (rules)
    key("rules", "info", c->say("rules"), second);
  if (third) key("rules", "info", c->say("rules"), second.translated(wide + 16, 0));
}

} // namespace machiai::kiosk
