// SPDX-License-Identifier: Apache-2.0
#include "kiosk/scene.hpp"

#include "core/base/clock.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

Frame portrait_frame() {
  Frame f;
  f.size = {1080, 1920};
  f.head = {48, 40, 984, 96};
  f.now = {48, 164, 984, 232};
  f.title = {48, 436, 984, 100};
  f.choices = {48, 556, 984, 796};
  f.help = {48, 1392, 984, 124};
  f.globe = {48, 1560, 984, 44};
  f.langs = {48, 1622, 984, 248};
  f.number = {48, 164, 984, 690};
  f.facts = {48, 882, 984, 236};
  f.call = {48, 1142, 984, 352};
  f.rule = {48, 1518, 984, 128};
  f.end = {48, 1680, 984, 156};
  f.hero = {48, 164, 984, 700};
  f.below = {48, 892, 984, 196};
  f.hero_end = {48, 1180, 984, 172};
  f.rules_title = {48, 164, 984, 100};
  f.rules = {48, 264, 984, 840};
  f.whole = {48, 164, 984, 1708};
  f.staff = {48, 16, 700, 132};
  return f;
}

Frame landscape_frame() {
  Frame f;
  f.size = {1280, 800};
  f.portrait = false;
  f.k = 0.6;
  f.spine = 84;
  f.lang_columns = 2;
  f.head = {24, 14, 1232, 64};
  f.now = {24, 92, 440, 172};
  f.langs = {24, 280, 440, 508};
  f.title = {488, 92, 768, 56};
  f.choices = {488, 156, 768, 498};
  f.help = {488, 670, 768, 118};
  f.number = {488, 92, 768, 286};
  f.facts = {488, 390, 768, 96};
  f.call = {488, 498, 768, 76};
  f.rule = {488, 586, 768, 76};
  f.end = {488, 674, 768, 114};
  f.hero = {488, 92, 768, 420};
  f.below = {488, 528, 768, 126};
  f.hero_end = {488, 528, 768, 118};
  f.rules_title = {488, 92, 768, 60};
  f.rules = {488, 152, 768, 360};
  f.whole = {24, 92, 1232, 684};
  f.staff = {24, 0, 700, 84};
  return f;
}

} // namespace

Frame frame_for(QSize window, const Screen& screen) {
  Frame f = window.height() >= window.width() ? portrait_frame() : landscape_frame();
  if (!has_note(screen)) return f;
  if (f.portrait) {
    f.note = {48, 416, 984, 104};
    f.title = {48, 532, 984, 84};
    f.choices = {48, 628, 984, 736};
  } else {
    f.note = {488, 88, 768, 60}; // in the title's place: the choices keep their height
    f.title = {};
  }
  return f;
}

namespace {

void add_page(const Shared& c, seat::Scene& scene) {
  switch (c->screen.face) {
  case Face::home:
  case Face::asking: return add_home(c, scene);
  case Face::kind: return add_kinds(c, scene);
  case Face::done: return add_number(c, scene);
  case Face::closed:
  case Face::why: return add_closed(c, scene);
  case Face::rules: return add_rules(c, scene);
  case Face::away:
  case Face::help:
  case Face::code:
  case Face::refused: return add_message(c, scene);
  case Face::wipe: return add_wipe(c, scene);
  }
}

/// An invisible button on the clinic's name: the window counts how long it is pressed.
void add_staff(const Shared& c, seat::Scene& scene) {
  if (c->screen.face == Face::asking) return;
  scene.touch.push_back({staff_button, c->name(c->screen.facility), c->frame.staff, {}});
}

} // namespace

seat::Scene scene(const Screen& screen, const seat::Phrases& phrases, QSize window) {
  const auto c = std::make_shared<const Context>(
      Context{screen, frame_for(window, screen), &phrases, QString::fromStdString(screen.lang)});
  seat::Scene result;
  result.size = c->frame.size;
  result.ground = look::paper;
  const Face face = screen.face;
  add_head(c, result);
  const bool number_page = face == Face::done;
  // The upright number page uses the whole glass; elsewhere languages never move.
  if (face != Face::wipe && (!number_page || !c->frame.portrait)) add_languages(c, result);
  add_page(c, result);
  if (face == Face::wipe) return result;
  if (!c->frame.portrait || face == Face::home || face == Face::asking || face == Face::kind)
    add_now(c, result);
  if (has_note(screen)) add_note(c, result);
  add_stay(c, result);
  add_staff(c, result);
  if (!number_page && face != Face::help) add_help_row(c, result);
  return result;
}

void rich(QPainter& painter, const QRectF& box, const QString& words, look::Type type, double pitch,
          bool centred) {
  const QStringList lines = words.split('\n');
  type.px = std::min(type.px, box.height() / (static_cast<double>(lines.size()) * pitch));
  QList<QList<look::Run>> rows;
  double widest = 1;
  bool bold = type.bold;
  for (const QString& row : lines) {
    QList<look::Run>& pieces = rows.emplace_back();
    double wide = 0;
    const QStringList parts = row.split('*');
    for (int i = 0; i < parts.size(); ++i) {
      if (i > 0) bold = !bold;
      look::Type face = type;
      face.bold = bold;
      if (!parts[i].isEmpty()) pieces.append({parts[i], face});
      wide += look::width(parts[i], face);
    }
    widest = std::max(widest, wide);
  }
  const double fit = std::min(1.0, box.width() / widest);
  const double step = type.px * fit * pitch;
  double y = box.center().y() - step * static_cast<double>(lines.size()) / 2;
  for (QList<look::Run>& pieces : rows) {
    double wide = 0;
    for (look::Run& piece : pieces) {
      piece.type.px = type.px * fit;
      wide += look::width(piece.words, piece.type);
    }
    const double left = centred ? box.center().x() - wide / 2 : box.left();
    look::runs(painter, left, y + step / 2 + type.px * fit * 0.38, pieces, box.width() + 2);
    y += step;
  }
}

QString rule_words(const Context& c) {
  if (c.screen.absence_back <= 0) return c.say("rule.end");
  return c.say("rule", {{"back", QString::number(c.screen.absence_back)},
                        {"times", QString::number(c.screen.absence_times)}});
}

QString date_words(const Context& c, const std::string& iso) {
  const auto date = base::parse_iso_date(iso);
  if (!date) return {};
  const QStringList parts = QString::fromStdString(iso).split('-');
  const QString month = QString::number(parts[1].toInt());
  return c.say("date", {{"m", month},
                        {"d", QString::number(parts[2].toInt())},
                        {"mon", c.say("months").split(',').value(month.toInt() - 1)},
                        {"w", c.say("weekdays").split(',').value(base::weekday(*date))}});
}

QString range_words(const Context& c, const queue::WaitRange& wait) {
  return c.say("range", {{"low", QString::number(wait.low)}, {"high", QString::number(wait.high)}});
}

QString opening_words(const Context& c, const Opening& opening) {
  const QString time = time_words(c, opening.at, "time");
  if (opening.on.empty()) return c.say("choice.opens", {{"time", time}});
  if (opening.tomorrow) return c.say("choice.opens.tomorrow", {{"time", time}});
  return c.say("choice.opens.date", {{"date", date_words(c, opening.on)}, {"time", time}});
}

QString state_icon(const std::string& state) {
  return state == "full" ? "people" : state == "before" ? "clock" : "moon";
}

QString time_words(const Context& c, const std::string& time, const QString& key) {
  const QString text = QString::fromStdString(time);
  const int hour = text.section(':', 0, 0).toInt();
  const QString minutes = text.section(':', 1);
  const int twelve = hour > 12 ? hour - 12 : hour;
  return c.say(key + (hour < 12 ? ".am" : ".pm"),
               {{"t", QString::number(twelve) + ":" + minutes}, {"t24", text}});
}

void paint_card(QPainter& p, const QRectF& box, const Card& card, const QString& lang, bool pressed) {
  const double f = std::min(1.0, box.height() / (card.primary ? 276.0 : 232.0));
  const QColor fill = card.quiet     ? look::paper
                      : card.primary ? (pressed ? look::ai_act : look::ai)
                                     : (pressed ? look::ai_pale : look::panel);
  const QColor edge = card.quiet ? look::line_strong : look::ai;
  look::panel_box(p, box, 32 * std::max(f, 0.6), fill, edge, card.primary ? 0 : (card.quiet ? 3 : 5));
  const bool narrow = box.width() < 320; // no room for a picture: the words matter more
  const double pad = (narrow ? 24 : 40) * f;
  const QSizeF stone = (card.primary ? QSizeF(196, 176) : QSizeF(176, 160)) * f;
  const QRectF at(QPointF(box.left() + pad, box.center().y() - stone.height() / 2), stone);
  if (!narrow) {
    p.setPen(Qt::NoPen);
    p.setBrush(card.quiet ? look::stone_fill : card.primary ? look::yamabuki : look::ai_pale);
    p.drawPath(look::stone(at, card.cut - 1));
    const double mark = (card.primary ? 104 : 96) * f;
    look::icon(p, card.icon, QRectF(at.center() - QPointF(mark, mark) / 2, QSizeF(mark, mark)),
               card.quiet     ? look::ink_2
               : card.primary ? look::ink
                              : look::ai);
  }
  const bool arrow = card.arrow && !card.quiet && !narrow;
  const double left = narrow ? box.left() + pad : at.right() + 36 * f;
  const double right = box.right() - pad - (arrow ? 72 * f : 0);
  const double big = (card.primary ? 88 : 76) * f;
  const double small =
      card.sub.isEmpty() ? 0 : std::max(30.0 * (f < 0.75 ? 0.8 : 1), (card.primary ? 40 : 38) * f);
  const double tall = big * 1.15 + (small > 0 ? 8 * f + small * 1.35 : 0);
  const double top = box.center().y() - tall / 2;
  const QColor words = card.quiet ? look::ink_2 : card.primary ? look::on_dark : look::ink;
  look::line_text(p, QRectF(left, top, right - left, big * 1.15), card.title, {big, true, words, lang},
                  Qt::AlignLeft | Qt::AlignVCenter, 0.45);
  if (small > 0)
    look::line_text(p, QRectF(left, top + big * 1.15 + 8 * f, right - left, small * 1.35), card.sub,
                    {small, false, card.primary ? look::on_dark_2 : look::ink_2, lang},
                    Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  if (arrow)
    look::icon(p, "right", QRectF(right, box.center().y() - 36 * f, 72 * f, 72 * f),
               card.primary ? look::yamabuki : look::ai_act);
}

void paint_key(QPainter& p, const QRectF& box, const QString& icon, const QString& words, double px,
               const QString& lang, bool pressed) {
  look::panel_box(p, box, 24, pressed ? look::ai_pale : look::panel, look::line_strong, 4);
  const double mark = px * 1.43;
  const double gap = px * 0.43;
  look::Type type{px, true, look::ink, lang};
  const double room = box.width() - 32 - mark - gap;
  const double wide = std::min(room, look::width(words, type));
  const double left = box.center().x() - (mark + gap + wide) / 2;
  look::icon(p, icon, QRectF(left, box.center().y() - mark / 2, mark, mark), look::ai_act);
  look::line_text(p, QRectF(left + mark + gap, box.top(), wide + 1, box.height()), words, type,
                  Qt::AlignLeft | Qt::AlignVCenter, 0.5);
}

} // namespace machiai::kiosk
