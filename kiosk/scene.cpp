// SPDX-License-Identifier: Apache-2.0
#include "kiosk/scene.hpp"

#include "core/base/clock.hpp"
#include "core/base/easy.hpp"

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

/// Large letters: three rows of languages, fewer things elsewhere.
void enlarge(Frame& f) {
  if (f.portrait) {
    f.least = 44;
    f.lang_columns = 3;
    f.langs = {48, 1492, 984, 380};
    f.globe = {};
    f.help = {48, 1340, 984, 132};
    f.choices = {48, 552, 984, 764};
    f.facts = {48, 878, 984, 250}; // below a number as large as ever
    f.call = {48, 1152, 984, 190};
    f.rule = {48, 1366, 984, 296};
    f.end = {48, 1686, 984, 186};
    f.hero_end = {48, 1136, 984, 172};
  } else {
    f.least = 33; // 44 px on 1920x1080
    f.number = {488, 92, 768, 286};
    f.facts = {488, 386, 768, 134};
    f.call = {};
    f.rule = {488, 528, 768, 132};
  }
}

/// With its 29 modules or more and the quiet zone a code is 40 mm at least (224 px, see the targets).
void make_room_for_code(Frame& f) {
  const bool large = f.least > 0;
  if (!f.portrait) {
    f.code_panel = f.code = {970, 92, 286, 286};
    f.number.setWidth(466);
  } else if (large) {
    f.number.setHeight(566);
    f.facts = {48, 754, 984, 230};
    f.code_panel = {680, 1008, 352, 408};
    f.code = {706, 1014, 300, 300};
    f.code_words = {692, 1314, 328, 98};
    f.call = {48, 1008, 608, 408};
    f.rule = {48, 1440, 984, 228};
    f.end = {48, 1692, 984, 180};
  } else {
    // The number gives the height for a code of 420 px.
    f.number.setHeight(566);
    f.facts.moveTop(758);
    f.code_panel = {588, 1018, 444, 476};
    f.code = {600, 1022, 420, 420};
    f.code_words = {600, 1442, 420, 48};
    f.call = {48, 1018, 516, 476};
  }
}

void make_room_for_note(Frame& f) {
  const bool large = f.least > 0;
  if (f.portrait) {
    f.note = {48, 416, 984, large ? 160.0 : 104.0};
    f.title = large ? QRectF() : QRectF(48, 532, 984, 84);
    f.choices.setTop(large ? 596 : 628);
  } else {
    f.note = {488, 88, 768, large ? 112.0 : 60.0}; // in the title's place: the choices keep their height
    f.title = {};
    if (large) f.choices.setTop(216);
  }
}

} // namespace

Frame frame_for(QSize window, const Screen& screen) {
  Frame f = window.height() >= window.width() ? portrait_frame() : landscape_frame();
  if (screen.large) enlarge(f);
  if (has_note(screen)) make_room_for_note(f);
  if (screen.face == Face::done && !screen.given.printing && !screen.given.code.empty())
    make_room_for_code(f);
  return f;
}

namespace {

void add_page(const Shared& c, seat::Scene& scene) {
  switch (c->screen.face) {
  case Face::home:
  case Face::asking: return add_home(c, scene);
  case Face::kind: return add_kinds(c, scene);
  case Face::typing: return add_typing(c, scene);
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
  if (!c->frame.portrait || face == Face::home || face == Face::asking || face == Face::kind ||
      face == Face::typing)
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
  const Count back = people_count(c, c.screen.absence_back);
  return c.say("rule", {{"back", c.lang == "easy" ? back.number + back.unit : back.number},
                        {"times", QString::number(c.screen.absence_times)}});
}

QString date_words(const Context& c, const std::string& iso) {
  const auto date = base::parse_iso_date(iso);
  if (!date) return {};
  const QStringList parts = QString::fromStdString(iso).split('-');
  const QString month = QString::number(parts[1].toInt());
  return c.say("date", {{"m", month},
                        {"d", c.lang == "easy" ? QString::fromStdString(base::easy_day(parts[2].toInt()))
                                               : QString::number(parts[2].toInt())},
                        {"mon", c.say("months").split(',').value(month.toInt() - 1)},
                        {"w", c.say("weekdays").split(',').value(base::weekday(*date))}});
}

Count people_count(const Context& c, int people) {
  if (c.lang != "easy") return {QString::number(people), c.say("unit.people")};
  const QString words = QString::fromStdString(base::easy_people(people));
  const QString number = QString::number(people);
  return words.startsWith(number) ? Count{number, words.mid(number.size())} : Count{words, {}};
}

QString minutes_unit(const Context& c, int minutes) {
  if (c.lang != "easy") return c.say("unit.minutes");
  const std::string_view unit = base::easy_minutes_unit(minutes);
  return QString::fromUtf8(unit.data(), static_cast<qsizetype>(unit.size()));
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
  const bool later = state == "before" || state == "paused" || state == "unopened";
  return state == "full" ? "people" : later ? "clock" : "moon";
}

QString time_words(const Context& c, const std::string& time, const QString& key) {
  const QString text = QString::fromStdString(time);
  const int hour = text.section(':', 0, 0).toInt();
  const QString minutes = text.section(':', 1);
  const int twelve = hour > 12 ? hour - 12 : hour;
  return c.say(key + (hour < 12 ? ".am" : ".pm"),
               {{"t", QString::number(twelve) + ":" + minutes}, {"t24", text}});
}

} // namespace machiai::kiosk
