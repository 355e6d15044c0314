// SPDX-License-Identifier: Apache-2.0
// The pages of the kiosk: choosing, and everything that is one message.
#include "kiosk/scene.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

/// Where `count` choices stand: one column while the targets stay large, then two.
QList<QRectF> choice_boxes(const Frame& frame, int count) {
  const QRectF area = frame.choices;
  QList<QRectF> boxes;
  if (frame.portrait && count <= 3) {
    double y = area.top();
    for (int i = 0; i < count; ++i) {
      const double whole = count == 3 ? 276 + 2 * 232 : 0;
      const double fit = whole > 0 ? std::min(1.0, (area.height() - 2 * 28) / whole) : 1;
      const double high = (count == 1 ? 380 : i == 0 ? 276 : 232) * fit;
      boxes.append(QRectF(area.left(), y, area.width(), high));
      y += high + 28;
    }
    return boxes;
  }
  const int columns = frame.portrait ? (count > 5 ? 2 : 1) : (count > 8 ? 3 : count > 3 ? 2 : 1);
  const int rows = (count + columns - 1) / columns;
  const double gap = frame.portrait ? 20 : 16;
  const double wide = (area.width() - gap * (columns - 1)) / columns;
  const double most = frame.portrait ? 232 : count == 1 && frame.least > 0 ? 260 : 180;
  const double high = std::min(most, (area.height() - gap * (rows - 1)) / rows);
  for (int i = 0; i < count; ++i) {
    const int column = i / rows;
    const int row = i % rows;
    boxes.append(QRectF(area.left() + column * (wide + gap), area.top() + row * (high + gap), wide, high));
  }
  return boxes;
}

/// One sheet in large letters: two choices, and the row that leafs.
QList<QRectF> sheet_boxes(const Frame& frame) {
  const QRectF area = frame.choices;
  const double row = frame.portrait ? 132 : 112;
  const double high = (area.height() - row - 2 * 16) / 2;
  return {QRectF(area.left(), area.top(), area.width(), high),
          QRectF(area.left(), area.top() + high + 16, area.width(), high),
          QRectF(area.left(), area.bottom() - row, area.width(), row)};
}

/// A picture for the kind of counter; the name beside it says which one it is.
QString icon_of(const Choice& choice) {
  const QString name = QString::fromStdString(choice.label.ja + " " + choice.service);
  if (choice.state == "more") return "hand";
  if (choice.state != "open") return state_icon(choice.state);
  if (name.contains("接種") || name.contains("vaccin")) return "syringe";
  if (name.contains("予約") || name.contains("健診")) return "calendar";
  if (name.contains("小児") || name.contains("こども")) return "baby";
  if (name.contains("会計") || name.contains("券")) return "card";
  return "stetho";
}

QString sub_of(const Context& c, const Choice& choice) {
  if (choice.state == "more") return c.say("choice.more.sub");
  if (choice.state != "open") {
    QString state = c.say("choice." + QString::fromStdString(choice.state));
    if (choice.opens.at.empty()) return state;
    const QString opens = opening_words(c, choice.opens);
    return choice.state == "full" ? state + "　" + opens : opens;
  }
  const Count people = people_count(c, choice.waiting);
  QString words =
      choice.waiting == 0
          ? c.say("choice.none")
          : c.say("choice.waiting", {{"n", c.lang == "easy" ? people.number + people.unit : people.number}});
  if (choice.wait) {
    const QString unit = c.lang == "easy" ? minutes_unit(c, choice.wait->high) : QString();
    words += "　" + c.say("choice.wait", {{"low", QString::number(choice.wait->low)},
                                          {"high", QString::number(choice.wait->high) + unit}});
  }
  return words;
}

/// Words of the page that is one message.
struct Message {
  QString icon, spine, title, sub;
};

Message message_of(const Context& c) {
  if (c.screen.face == Face::help && c.screen.called)
    return {"hand", c.say("called.spine"), c.say("called.title"), c.say("called.sub")};
  if (c.screen.face == Face::help)
    return {"hand", c.say("away.spine"), c.say("help.title"), c.say("help.sub")};
  if (c.screen.face == Face::away)
    return {"hand", c.say("away.spine"), c.say("away.title"), c.say("away.sub")};
  if (c.screen.face == Face::code) return {"qr", c.say("away.spine"), c.say("help.title"), c.say("code.sub")};
  const QString reason = QString::fromStdString(c.screen.refusal);
  const bool unsure = reason == "hub_unreachable";
  const bool here = reason == "missed_call" || reason == "on_hold" || reason == "finished";
  const QString known = c.phrases->has("refused." + reason) ? "refused." + reason : "refused.default";
  return {"info", c.say(reason == "overloaded" ? "busy.spine" : "away.spine"),
          c.say(unsure ? "refused.title.unsure"
                : here ? "help.title"
                       : "refused.title"),
          c.say(known)};
}

} // namespace

void add_title(const Shared& c, seat::Scene& scene, const QString& key) {
  if (c->frame.title.isEmpty()) return;
  scene.add([c, key](QPainter& p) {
    look::line_text(p, c->frame.title, c->say(key),
                    {68 * (c->frame.portrait ? 1 : 0.65), true, look::ink, c->lang},
                    Qt::AlignLeft | Qt::AlignVCenter, 0.5);
  });
}

void add_card(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box, const Card& chosen,
              bool enabled) {
  Card card = chosen;
  card.least = c->frame.least;
  card.k = c->frame.k;
  scene.touch.push_back({name, card.title, box,
                         [=](QPainter& p, bool pressed) { paint_card(p, box, card, c->lang, pressed); },
                         enabled});
}

/// A message on indigo: an upright board with an icon, and the rest drawn by `inside`.
void paint_hero(QPainter& p, const Context& c, const QRectF& box, const QColor& ground, const QColor& board,
                const QString& icon, const QString& spine) {
  QPainterPath clip;
  clip.addRoundedRect(box, 20, 20);
  p.setClipPath(clip);
  p.fillRect(box, ground);
  const double k = box.height() / 700;
  look::ripple(p, QPointF(box.left() + 560 * box.width() / 984, box.top() + 760 * k),
               {260 * k, 400 * k, 550 * k, 720 * k}, 0.14, 4 * std::max(k, 0.6));
  const QRectF strip(box.left(), box.top(), c.frame.spine, box.height());
  p.fillRect(strip, board);
  const double mark = c.frame.spine * 0.71;
  const bool upright = spine.size() <= 5 && !spine.contains(' ');
  const double size = c.frame.spine * 0.677;
  const double tall =
      upright ? static_cast<double>(spine.size()) * size * 1.06 : box.height() * (c.large() ? 0.68 : 0.6);
  const double top = box.center().y() - (mark + 26 * k + tall) / 2;
  look::icon(p, icon, QRectF(strip.center().x() - mark / 2, top, mark, mark), look::ink);
  look::upright(p, QRectF(strip.left(), top + mark + 26 * k, strip.width(), tall), spine,
                {size, true, look::ink, c.lang}, 1.06);
}

QRectF hero_inside(const Context& c, const QRectF& box) {
  const double pad = 52 * c.frame.k;
  return box.adjusted(c.frame.spine + pad, pad, -pad, -pad);
}

void add_leaves(const Shared& c, seat::Scene& scene, const QRectF& row, bool asking) {
  const double half = (row.width() - 16) / 2;
  const std::size_t sheet = c->screen.sheet;
  const auto key = [&](const QString& name, const QString& icon, double x, bool there) {
    const QRectF box(x, row.top(), half, row.height());
    const QString words = c->say(name);
    scene.touch.push_back(
        {name, words, box,
         [=](QPainter& p, bool pressed) {
           if (there) paint_key(p, box, {icon, words, c->frame.least, c->frame.least}, c->lang, pressed);
         },
         there && !asking});
  };
  key("sheet-back", "left", row.left(), sheet > 0);
  key("sheet-next", "right", row.left() + half + 16, sheet + 1 < c->screen.sheets);
}

void add_home(const Shared& c, seat::Scene& scene) {
  const bool looking = c->screen.face == Face::asking && c->screen.pending.empty();
  add_title(c, scene, looking ? "checking" : "title");
  const auto& choices = c->screen.choices;
  const bool leafed = c->screen.sheets > 1;
  QList<QRectF> boxes = choice_boxes(c->frame, static_cast<int>(choices.size()));
  if (leafed) boxes = sheet_boxes(c->frame);
  const bool asking = c->screen.face == Face::asking;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Choice& choice = choices[i];
    const bool pending = asking && choice.service == c->screen.pending;
    const bool open = choice.state == "open" || choice.state == "more";
    Card card;
    card.title = choice.state == "more"        ? c->say("choice.more")
                 : choices.size() == 1 && open ? c->say("take")
                                               : c->name(choice.label);
    card.sub = sub_of(*c, choice);
    card.icon = icon_of(choice);
    card.cut = static_cast<int>(i) + 1;
    card.primary = open && i == 0 && !asking;
    card.quiet = !open || (asking && !pending);
    if (choices.size() == 1 && open) card.sub = c->name(choice.label) + "　" + card.sub;
    if (pending) {
      card.primary = true;
      card.arrow = false;
      card.icon = "hourglass";
      card.title = c->say("asking");
      card.sub = c->say("asking.sub");
    }
    add_card(c, scene, QString::fromStdString(choice.name), boxes[static_cast<int>(i)], card, !asking);
  }
  if (leafed) add_leaves(c, scene, boxes.back(), asking);
}

void add_kinds(const Shared& c, seat::Scene& scene) {
  add_title(c, scene, "kind.title");
  const auto boxes = choice_boxes(c->frame, static_cast<int>(c->screen.kinds.size()));
  for (std::size_t i = 0; i < c->screen.kinds.size(); ++i) {
    const QString kind = QString::fromStdString(c->screen.kinds[i]);
    const bool known = c->phrases->has("kind." + kind);
    Card card;
    card.title = known ? c->say("kind." + kind) : kind;
    card.sub = known ? c->say("kind." + kind + ".sub") : QString();
    card.icon = kind == "first" ? "person" : kind == "return" ? "card" : "list";
    card.cut = static_cast<int>(i) + 2;
    add_card(c, scene, "kind-" + kind, boxes[static_cast<int>(i)], card, c->screen.settled);
  }
}

void add_message(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const Message m = message_of(*c);
    const bool help = c->screen.face == Face::help;
    const QRectF box = c->frame.hero;
    const double k = box.height() / 700;
    paint_hero(p, *c, box, help ? look::ai : look::ai_deep, help ? look::yamabuki : look::ash, m.icon,
               m.spine);
    const QRectF in = hero_inside(*c, box);
    rich(p, QRectF(in.left(), box.top() + 120 * k, in.width(), 230 * k), m.title,
         {84 * k, true, look::on_dark, c->lang}, 1.3);
    p.fillRect(QRectF(in.left(), box.top() + 388 * k, 120 * k, 8 * k), look::yamabuki);
    const look::Type type{c->px(46 * k), false, look::on_dark_2, c->lang};
    if (!c->large())
      rich(p, QRectF(in.left(), box.top() + 430 * k, in.width(), 150 * k), m.sub, type, 1.45);
    else if (c->frame.portrait || !c->screen.warning)
      flow(p, QRectF(in.left(), box.top() + 410 * k, in.width(), 270 * k), m.sub, type, c->frame.least, 1.3);
  });
  if (c->screen.face != Face::away) add_end(c, scene, c->frame.hero_end);
}

void add_rules(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const Frame& f = c->frame;
    const double k = f.portrait ? 1 : 0.6;
    const QRectF area = f.rules;
    if (!c->screen.warning)
      look::line_text(p, f.rules_title, c->say("rules"), {68 * k, true, look::ink, c->lang},
                      Qt::AlignLeft | Qt::AlignVCenter, 0.5);
    const QStringList words{c->say("rules.order"), c->say("rules.moves"), rule_words(*c)};
    const QStringList icons{"people", "updown", "chair"};
    const double gap = 24 * k;
    const double high = (area.height() - 3 * gap) / 3;
    for (int i = 0; i < 3; ++i) {
      const QRectF box(area.left(), area.top() + gap + i * (high + gap), area.width(), high);
      look::panel_box(p, box, 28 * k, i == 2 ? look::yamabuki_pale : look::panel);
      if (c->large() && !f.portrait) {
        flow(p, box.adjusted(20, 4, -20, -4), words[i], {c->px(0), false, look::ink, c->lang}, f.least, 1.2);
        continue;
      }
      const QRectF stone(box.left() + 36 * k, box.center().y() - 72 * k, 160 * k, 144 * k);
      p.setPen(Qt::NoPen);
      p.setBrush(i == 2 ? look::panel : look::ai_pale);
      p.drawPath(look::stone(stone, i));
      look::icon(p, icons[i], QRectF(stone.center() - QPointF(44, 44) * k, QSizeF(88, 88) * k), look::ai);
      const QRectF at(stone.right() + 36 * k, box.top() + 8 * k, box.right() - stone.right() - 68 * k,
                      box.height() - 16 * k);
      const look::Type type{44 * k, false, look::ink, c->lang};
      if (c->large())
        flow(p, at, words[i], type, f.least, 1.26);
      else
        rich(p, at, words[i], type, 1.4);
    }
  });
  add_end(c, scene, c->frame.hero_end);
}

} // namespace machiai::kiosk
