// SPDX-License-Identifier: Apache-2.0
#include "desk/scene.hpp"

#include "core/wire/messages.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

QString service_name(const Context& c, const std::string& id) {
  for (const ServiceTab& service : c.screen.services)
    if (service.id == id) return c.name(service.name);
  return QString::fromStdString(id);
}

Shared context(const Screen& screen, const seat::Phrases& phrases, const QString& lang) {
  return std::make_shared<const Context>(Context{screen, &phrases, lang});
}

seat::Scene base_scene(const Shared& c) {
  seat::Scene scene;
  scene.size = design_size;
  scene.ground = look::paper;
  add_head(c, scene);
  add_list(c, scene);
  add_rooms(c, scene);
  add_call(c, scene);
  add_actions(c, scene);
  add_undo(c, scene);
  add_strip(c, scene);
  return scene;
}

look_runs starred(const QString& words, const look::Type& type) {
  look_runs result;
  const QStringList parts = words.split('*');
  for (int i = 0; i < parts.size(); ++i) {
    if (parts[i].isEmpty()) continue;
    look::Type face = type;
    face.bold = i % 2 == 1;
    result.append({parts[i], face});
  }
  return result;
}

QString range_words(const Context& c, const std::optional<queue::WaitRange>& range) {
  if (!range) return {};
  return c.say("time.range", {{"a", QString::number(range->low)}, {"b", QString::number(range->high)}});
}

QString short_date(const std::string& iso) {
  QString text = QString::fromStdString(iso);
  if (text.size() < 10) return text;
  return QString("%1/%2").arg(text.mid(5, 2).toInt()).arg(text.mid(8, 2).toInt());
}

QString elapsed(const Context& c, int seconds, bool by_second) {
  if (by_second && seconds < 600)
    return QString("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QChar('0'));
  const int minutes = seconds / 60;
  if (minutes < 100) return c.say("time.minutes", {{"n", QString::number(minutes)}});
  return c.say("time.hours", {{"h", QString::number(minutes / 60)}, {"m", QString::number(minutes % 60)}});
}

QString reason_words(const Context& c, const std::string& reason) {
  const QString key = QString::fromStdString(reason);
  // Two reasons are known only at this glass; all others have their words on the wire.
  if (c.phrases->has(key)) return c.say(key);
  if (c.phrases->has("trouble." + key)) return c.say("trouble." + key);
  return QString::fromStdString(wire::message(reason, c.lang.toStdString()));
}

StateLook look_of(const std::string& state) {
  if (state == "called") return {"ripple", look::ai, look::on_dark, {}};
  if (state == "in_room") return {"door", look::moss_pale, look::moss, {}};
  if (state == "absent") return {"chair", look::yamabuki_pale, look::ink, look::ink};
  if (state == "booked") return {"clock", look::panel, look::ai, look::ai};
  if (state == "hold") return {"pause", look::fuji_pale, look::fuji, {}};
  if (state == "done") return {"check", look::ash, look::ink, {}};
  if (state == "cancelled" || state == "void" || state == "no_show")
    return {"cross", look::panel, look::ink_2, look::line_strong};
  return {"person", look::stone_fill, look::ink, {}};
}

QString actor_words(const Context& c, const std::string& actor) {
  const QString key = "actor." + QString::fromStdString(actor);
  if (c.phrases->has(key)) return c.say(key);
  for (const Person& person : c.screen.found.staff.people)
    if (person.id == actor) return QString::fromStdString(person.name);
  return QString::fromStdString(actor);
}

QString kind_words(const Context& c, const std::string& kind) {
  const QString key = "kind." + QString::fromStdString(kind);
  return c.phrases->has(key) ? c.say(key) : QString::fromStdString(kind);
}

QString why_words(const Context& c, const std::string& reason) {
  const QString key = "reason." + QString::fromStdString(reason);
  return c.phrases->has(key) ? c.say(key) : QString::fromStdString(reason);
}

void paint_stale(QPainter& p, const QRectF& box, double radius) {
  QPainterPath clip;
  clip.addRoundedRect(box, radius, radius);
  p.save();
  p.setClipPath(clip);
  look::hatch(p, box); // no veil: people are called by what lies below
  p.restore();
}

double paint_pill(QPainter& p, const Context& c, QPointF at, const std::string& state) {
  const StateLook is = look_of(state);
  const QString words = c.say("ticket." + QString::fromStdString(state));
  const look::Type type{19, true, is.ink, c.lang};
  const double wide = 10 + 23 + 7 + look::width(words, type) + 13;
  const QRectF box(at.x(), at.y() - 18, wide, 36);
  p.setPen(Qt::NoPen);
  if (is.dashes.isValid()) {
    QPen pen(is.dashes, 2);
    pen.setDashPattern({3, 2});
    p.setPen(pen);
  }
  p.setBrush(is.fill);
  p.drawRoundedRect(box.adjusted(1, 1, -1, -1), 17, 17);
  look::icon(p, is.icon, QRectF(box.left() + 10, box.center().y() - 11.5, 23, 23), is.ink);
  look::line_text(p, QRectF(box.left() + 40, box.top(), wide - 40, 36), words, type);
  return wide;
}

void paint_stone(QPainter& p, const QRectF& box, const std::string& number, const std::string& state, int cut,
                 bool on_pale) {
  const StateLook is = look_of(state);
  const bool plate = state == "in_room";
  QPen edge(Qt::NoPen);
  if (is.dashes.isValid()) {
    edge = QPen(is.dashes, 3);
    edge.setDashPattern({2.2, 1.6});
  }
  p.setPen(edge);
  p.setBrush(on_pale && state == "waiting" ? look::panel : is.fill);
  const double inset = is.dashes.isValid() ? 1.5 : 0;
  const QRectF at = box.adjusted(inset, inset, -inset, -inset);
  if (plate)
    p.drawRoundedRect(at, 10, 10);
  else
    p.drawPath(look::stone(at, cut));
  look::number(p, box.adjusted(6, 4, -6, -4), QString::fromStdString(number), box.height() * 0.65, is.ink);
}

void paint_action(QPainter& p, const QRectF& box, const ActionLook& is, bool pressed, const QString& lang) {
  QColor fill = !is.enabled ? look::paper : pressed ? look::ai_pale : look::panel;
  QColor edge = is.enabled ? look::line_strong : look::line;
  QColor mark = is.enabled ? look::ai_act : look::line_strong;
  QColor ink = is.enabled ? look::ink : look::line_strong;
  QColor faint = is.enabled ? look::ink_2 : look::line_strong;
  if (is.primary && is.enabled) {
    fill = edge = pressed ? look::ai_deep : look::ai_act;
    mark = ink = faint = look::on_dark;
  }
  look::panel_box(p, box, 14, fill, edge, 2);
  const double k = std::min(1.0, box.height() / 132);
  const double tall = (44 + 3 + 26 + 3 + 20) * k;
  const double top = box.center().y() - tall / 2;
  look::icon(p, is.icon, QRectF(box.center().x() - 22 * k, top, 44 * k, 44 * k), mark);
  look::line_text(p, QRectF(box.left() + 8, top + 47 * k, box.width() - 16, 28 * k), is.title,
                  {22, true, ink, lang}, Qt::AlignCenter, 0.6);
  look::line_text(p, QRectF(box.left() + 8, top + 76 * k, box.width() - 16, 22 * k), is.sub,
                  {16, false, faint, lang}, Qt::AlignCenter, 0.7);
}

namespace {

/// In two at the space, or between the parts of a Japanese name, that leaves the shortest lines; else whole.
QStringList halves(const QString& words, const look::Type& type) {
  QStringList best{words};
  double least = look::width(words, type);
  for (int i = 1; i + 1 < words.size(); ++i) {
    const QChar before = words[i - 1], at = words[i];
    if (at != u' ' && at != u'　' && at != u'（' && before != u'・' && before != u'）') continue;
    const QStringList two{words.left(i).trimmed(), words.mid(i).trimmed()};
    const double wide = std::max(look::width(two[0], type), look::width(two[1], type));
    if (wide >= least) continue;
    least = wide;
    best = two;
  }
  return best;
}

} // namespace

KeyWords key_words(const QString& words, const look::Type& type, QSizeF room) {
  constexpr double one_line_least = 0.7, least = 0.5, pitch = 1.15, smallest = 13;
  const auto widest = [&](const QStringList& lines, double px) {
    double wide = 0;
    for (const QString& line : lines)
      wide = std::max(wide, look::width(line, {px, type.bold, type.colour, type.lang}));
    return wide;
  };
  KeyWords result{{words}, type.px, false};
  double end = type.px * least;
  if (widest(result.lines, type.px * one_line_least) > room.width()) result.lines = halves(words, type);
  if (result.lines.size() > 1) {
    result.px = std::min(type.px, std::floor(room.height() / (2 * pitch)));
    end = std::min(result.px, smallest);
  }
  while (result.px - 1 >= end && widest(result.lines, result.px) > room.width()) result.px -= 1;
  result.cut = widest(result.lines, result.px) > room.width() + 1;
  if (!result.cut) return result;
  // The end of a name tells it from its neighbour as often as its beginning.
  const QFontMetricsF metrics(look::font({result.px, type.bold, type.colour, type.lang}));
  for (QString& line : result.lines) line = metrics.elidedText(line, Qt::ElideMiddle, room.width());
  return result;
}

void add_key(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box,
             const QString& words, bool enabled, bool primary, bool chosen, double px) {
  const auto paint = [=](QPainter& p, bool pressed) {
    QColor fill = primary ? look::ai_act : chosen ? look::ai : look::panel;
    QColor ink = primary || chosen ? look::on_dark : look::ink;
    QColor edge = primary || chosen ? fill : look::line_strong;
    if (!enabled) {
      fill = look::paper;
      ink = look::line_strong;
      edge = look::line;
    } else if (pressed) {
      fill = primary || chosen ? look::ai_deep : look::ai_pale;
    }
    look::panel_box(p, box, 12, fill, edge, 2);
    QRectF inside = box.adjusted(10, 2, -10, -2);
    const double mark = chosen ? px + 5 : 0; // colour is never alone: the chosen one also carries a mark
    const KeyWords put = key_words(words, {px, true, ink, c->lang}, {inside.width() - mark, inside.height()});
    const look::Type type{put.px, true, ink, c->lang};
    double wide = 0;
    for (const QString& line : put.lines) wide = std::max(wide, look::width(line, type));
    if (chosen) {
      look::icon(p, "check",
                 QRectF(box.center().x() - (wide + px) / 2 - 3, box.center().y() - px / 2, px, px), ink);
      inside.translate(px / 2 + 2, 0);
    }
    const double high = put.lines.size() > 1 ? put.px * 1.15 : inside.height();
    QRectF row(inside.left(), inside.center().y() - high * static_cast<double>(put.lines.size()) / 2,
               inside.width(), high);
    for (const QString& line : put.lines) {
      look::line_text(p, row, line, type, Qt::AlignCenter, 1);
      row.translate(0, high);
    }
  };
  scene.touch.push_back({name, words, box, paint, enabled});
}

void add_pad(const Shared& c, seat::Scene& scene, const QString& prefix, const QRectF& box, QSizeF gap,
             bool enabled) {
  const QStringList keys{"1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "left"};
  const double wide = (box.width() - 2 * gap.width()) / 3;
  const double high = (box.height() - 3 * gap.height()) / 4;
  for (int i = 0; i < keys.size(); ++i) {
    const int row = i / 3;
    const QRectF at(box.left() + (i % 3) * (wide + gap.width()), box.top() + row * (high + gap.height()),
                    wide, high);
    const bool digit = keys[i].size() == 1;
    const QString words = keys[i] == "clear" ? c->say("receive.clear") : digit ? keys[i] : c->say("pad.left");
    add_key(c, scene, prefix + keys[i], at, words, enabled, false, false, digit ? 28 : 20);
  }
}

} // namespace machiai::desk
