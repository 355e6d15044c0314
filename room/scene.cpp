// SPDX-License-Identifier: Apache-2.0
#include "room/scene.hpp"

#include "core/wire/messages.hpp"

namespace machiai::room {

namespace look = seat::look;

namespace {

Frame lying() {
  Frame f;
  f.size = {1280, 800};
  f.head = {0, 0, 1280, 64};
  f.inside = {24, 84, 420, 404};
  f.next = {468, 84, 788, 404};
  for (int i = 0; i < 4; ++i) f.actions[i] = {24.0 + i * 312, 504, 296, 124};
  f.after = {24, 644, 700, 132};
  f.undo = {740, 644, 372, 132};
  f.lang = {1128, 644, 128, 132};
  f.title = {40, 84, 600, 50};
  f.how = {40, 136, 600, 62};
  f.address = {40, 238, 600, 112};
  f.code = {40, 396, 600, 112};
  f.reason = {40, 524, 600, 104};
  f.pad = {680, 84, 576, 544};
  f.keep = {40, 644, 220, 132};
  f.go = {680, 644, 432, 132};
  f.check = {40, 244, 1216, 320};
  f.differs = {40, 644, 360, 132};
  f.same = {680, 644, 432, 132};
  return f;
}

Frame upright() {
  Frame f;
  f.size = {800, 1280};
  f.upright = true;
  f.head = {0, 0, 800, 108};
  f.inside = {24, 124, 752, 228};
  f.next = {24, 368, 752, 336};
  for (int i = 0; i < 4; ++i) f.actions[i] = {24.0 + (i % 2) * 384, 720.0 + (i / 2) * 132.0, 368, 116};
  f.after = {24, 984, 752, 144};
  f.undo = {24, 1144, 600, 120};
  f.lang = {640, 1144, 136, 120};
  f.title = {40, 124, 720, 50};
  f.how = {40, 176, 720, 62};
  f.address = {40, 276, 720, 112};
  f.code = {40, 430, 720, 112};
  f.reason = {40, 550, 720, 76};
  f.pad = {40, 634, 720, 496};
  f.keep = {24, 1144, 180, 120};
  f.go = {220, 1144, 404, 120};
  f.check = {40, 300, 720, 320};
  f.differs = {24, 1144, 240, 120};
  f.same = {280, 1144, 344, 120};
  return f;
}

} // namespace

Frame frame_for(QSize window) {
  return window.height() > window.width() ? upright() : lying();
}

seat::Scene scene(const Screen& screen, const seat::Phrases& phrases, QSize window) {
  const auto c = std::make_shared<const Context>(
      Context{screen, frame_for(window), &phrases, QString::fromStdString(screen.lang)});
  seat::Scene scene;
  scene.size = c->frame.size;
  scene.ground = look::paper;
  add_head(c, scene);
  if (screen.page == Page::compare) {
    add_compare(c, scene);
  } else if (screen.page != Page::seat) {
    add_entry(c, scene);
  } else {
    // In the order in which Tab comes by.
    add_next(c, scene);
    add_inside(c, scene);
    add_actions(c, scene);
    add_after(c, scene);
    add_undo(c, scene);
  }
  add_lang(c, scene);
  return scene;
}

void add_key(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box, const Key& key) {
  const auto paint = [c, box, key](QPainter& p, bool pressed) {
    const bool solid = key.primary && key.enabled;
    const QColor fill = solid ? (pressed ? look::ai : look::ai_act) : pressed ? look::ai_pale : look::panel;
    look::panel_box(p, box, 18, fill,
                    solid        ? fill
                    : key.chosen ? look::ai_act
                                 : look::line_strong,
                    key.chosen ? 6 : 3);
    const QColor ink = solid ? look::on_dark : key.enabled ? look::ink : look::ink_2;
    const look::Type type{key.px, key.enabled, ink, c->lang};
    const double mark = key.icon.isEmpty() ? 0 : 44;
    const double gap = key.icon.isEmpty() || key.words.isEmpty() ? 0 : 14;
    const double room = box.width() - 28 - mark - gap;
    const double words = std::min(room, look::width(key.words, type));
    const double left = box.center().x() - (mark + gap + words) / 2;
    if (mark > 0)
      look::icon(p, key.icon, QRectF(left, box.center().y() - mark / 2, mark, mark),
                 solid         ? look::on_dark
                 : key.enabled ? look::ai_act
                               : look::line_strong);
    const QRectF at(left + mark + gap, box.top() + 8, words + 2, box.height() - 16);
    look::line_text(p, at, key.words, type, Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  };
  scene.touch.push_back({name, key.words, box, paint, key.enabled});
}

QString kind_words(const Context& c, const std::string& kind) {
  const QString key = QString::fromStdString(kind);
  if (c.phrases->has(key)) return c.say(key);
  return key.startsWith("reason.") ? c.say("reason.other") : key;
}

QString reason_words(const Context& c, const std::string& reason) {
  const QString key = QString::fromStdString(reason);
  if (c.phrases->has(key)) return c.say(key);
  return QString::fromStdString(wire::message(reason, c.lang.toStdString()));
}

QString told_words(const Context& c) {
  const Told& told = c.screen.told;
  if (told.key.empty()) return {};
  const QString number = QString::fromStdString(told.number);
  if (!told.urgent) return c.say(QString::fromStdString(told.key), {{"n", number}});
  if (told.key != "lost") return reason_words(c, told.key);
  QString who = c.say(c.screen.by_room ? "another" : "reception");
  if (const QString room = c.name(c.screen.by); !room.isEmpty()) who = room;
  QString words = c.say("lost", {{"n", number}, {"who", who}});
  if (!told.next.empty()) words += "\n" + c.say("lost.next", {{"n", QString::fromStdString(told.next)}});
  return words;
}

QString age_words(const Context& c, int seconds) {
  if (seconds < 60) return c.say("age.seconds", {{"n", QString::number(seconds)}});
  const int minutes = seconds / 60;
  if (minutes < 100) return c.say("age.minutes", {{"n", QString::number(minutes)}});
  return c.say("age.hours", {{"h", QString::number(minutes / 60)}, {"m", QString::number(minutes % 60)}});
}

} // namespace machiai::room
