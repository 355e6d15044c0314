// SPDX-License-Identifier: Apache-2.0
// The right side: rooms, the call, the six actions, and the bar that takes the last one back.
#include "desk/scene.hpp"

#include <algorithm>
#include <array>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr QRectF rooms_zone{780, 74, 484, 72};
constexpr QRectF call_zone{780, 158, 484, 188};
constexpr QRectF actions_zone{780, 358, 484, 276};
constexpr QRectF undo_zone{16, 646, 1248, 66};

/// With more rooms than this their keys are too narrow for two lines.
constexpr std::size_t wide_rooms = 3;
/// And with more than this they stand in two rows, from below the head down to the call.
constexpr std::size_t one_row = 6;
constexpr QRectF two_rows{780, 62, 484, 93};

/// The end of a room's name tells it from its neighbours.
void paint_room_name(QPainter& p, const Context& c, const QRectF& in, const RoomTab& room,
                     const look::Type& type) {
  const QString name = c.name(room.name);
  const QString whole_end =
      QFontMetricsF(look::font(type)).elidedText(name, Qt::ElideLeft, std::max(0.0, in.width()));
  look::line_text(p, in.adjusted(0, 0, 1, 0), whole_end, type);
}

/// The number alone, as large as its place allows: it is never cut.
void paint_number_inside(QPainter& p, const QRectF& in, const QString& number, double px) {
  const look::Type type{px, true, look::ink, "ja"};
  const QFont face = number.size() > 3 ? look::narrow_font(type) : look::font(type);
  const double wide = std::min(in.width(), QFontMetricsF(face).horizontalAdvance(number));
  look::number(p, QRectF(in.left(), in.top(), wide, in.height()), number, px, look::ink);
}

void paint_inside(QPainter& p, const Context& c, const QRectF& in, const RoomTab& room) {
  const QString number = QString::fromStdString(room.number);
  if (number.isEmpty()) return look::line_text(p, in, c.say("room.empty"), {20, false, look::ink_2, c.lang});
  const QString words = number + " " + c.say("room." + QString::fromStdString(room.state));
  const look::Type least{17, true, look::ink, c.lang};
  if (look::width(words, least) > in.width()) return paint_number_inside(p, in, number, 24);
  look::line_text(p, in, words, {24, true, look::ink, c.lang});
}

/// Name, number, and what still has a place of the state and its time: three lines in a narrow key.
void paint_narrow_room(QPainter& p, const Context& c, const QRectF& box, const RoomTab& room,
                       const QString& time) {
  const QRectF in = box.adjusted(8, 0, -8, 0);
  const look::Type small{14, false, look::ink_2, c.lang};
  paint_room_name(p, c, QRectF(in.left(), box.top() + 6, in.width(), 18), room, small);
  const QRectF middle(in.left(), box.top() + 25, in.width(), 24);
  if (room.number.empty()) {
    look::icon(p, "door", QRectF(in.left(), middle.top() + 3, 18, 18), look::ink_2);
    const look::Type type{18, false, look::ink_2, c.lang};
    const QString free = c.say("room.empty.short");
    if (look::width(free, type) <= in.width() - 22)
      look::line_text(p, middle.adjusted(22, 0, 0, 0), free, type);
    return;
  }
  paint_number_inside(p, middle, QString::fromStdString(room.number), 24);
  const QRectF below(in.left() + 18, box.top() + 50, in.width() - 18, 17);
  look::icon(p, look_of(room.state).icon, QRectF(in.left(), below.top() + 1, 15, 15), look::ink_2);
  const QString state = c.say("room." + QString::fromStdString(room.state));
  for (const QString& words : {state + " " + time, time, state})
    if (look::width(words.trimmed(), small) <= below.width() && !words.isEmpty())
      return look::line_text(p, below, words.trimmed(), small);
}

/// Half as high: the name, and below it the number, or the door alone of a room that is free.
void paint_low_room(QPainter& p, const Context& c, const QRectF& box, const RoomTab& room) {
  const QRectF in = box.adjusted(8, 0, -8, 0);
  paint_room_name(p, c, QRectF(in.left(), box.top() + 3, in.width(), 19), room,
                  {15, false, look::ink_2, c.lang});
  constexpr double mark = 17;
  const QRectF below(in.left(), box.top() + 22, in.width(), 21);
  const QString icon = room.number.empty() ? "door" : look_of(room.state).icon;
  look::icon(p, icon, QRectF(below.left(), below.center().y() - mark / 2, mark, mark), look::ink_2);
  if (!room.number.empty())
    paint_number_inside(p, below.adjusted(mark + 6, 0, 0, 0), QString::fromStdString(room.number), 20);
}

void paint_room(QPainter& p, const Context& c, const QRectF& box, const RoomTab& room, bool pressed) {
  look::panel_box(p, box, 12, pressed ? look::ai_pale : look::panel, look::ai_act, room.on ? 4 : 0);
  const bool timed = room.seconds >= 0 && !room.number.empty();
  const QString time = timed ? elapsed(c, room.seconds, room.state == "called") : QString();
  if (c.screen.rooms.size() > one_row) return paint_low_room(p, c, box, room);
  if (c.screen.rooms.size() > wide_rooms) return paint_narrow_room(p, c, box, room, time);
  const QRectF in = box.adjusted(14, 0, -14, 0);
  const double mark = box.width() < 180 ? 16 : 20;
  look::icon(p, room.on ? "check" : "door", QRectF(in.left(), box.top() + 20 - mark / 2, mark, mark),
             room.on ? look::ai_act : look::ink_2);
  const look::Type small{mark - 2, false, look::ink_2, c.lang};
  const double wide = look::width(time, small);
  look::line_text(p, QRectF(in.left() + mark + 5, box.top() + 8, in.width() - mark - 8 - wide, 25),
                  c.name(room.name), small);
  look::line_text(p, QRectF(in.right() - wide, box.top() + 8, wide + 1, 25), time, small);
  paint_inside(p, c, QRectF(in.left(), box.top() + 33, in.width(), 32), room);
}

void paint_call(QPainter& p, const Context& c, bool pressed) {
  const NextCall& next = c.screen.next;
  const bool pending = c.screen.pending == "call-next";
  const bool on = next.enabled || pending;
  QPainterPath clip;
  clip.addRoundedRect(call_zone, 18, 18);
  p.setClipPath(clip);
  p.fillRect(call_zone, !on ? look::stone_fill : pressed || pending ? look::ai_act : look::ai);
  if (next.number.empty()) {
    look::icon(p, "people", QRectF(call_zone.left() + 30, call_zone.center().y() - 30, 60, 60), look::ink_2);
    look::line_text(p, call_zone.adjusted(112, 0, -20, 0), c.say("call.nobody"),
                    {32, true, look::ink_2, c.lang});
    return;
  }
  const QColor ink = on ? look::on_dark : look::ink_2;
  if (on)
    look::ripple(p, QPointF(call_zone.left() + 380, call_zone.top() + 94), {70, 120, 175, 240}, 0.18, 3);
  const double left = call_zone.left() + 26;
  const QString title = c.say(pending ? "call.pending" : "call-next");
  look::line_text(p, QRectF(left, call_zone.top() + 38, 220, 50), title, {40, true, ink, c.lang},
                  Qt::AlignLeft | Qt::AlignVCenter, 0.5);
  look::icon(p, "door", QRectF(left, call_zone.top() + 94, 26, 26), on ? look::on_dark_2 : ink);
  look::line_text(p, QRectF(left + 34, call_zone.top() + 92, 200, 30),
                  c.say("call.to", {{"room", c.name(next.room)}}),
                  {22, false, on ? look::on_dark_2 : ink, c.lang});
  const QString name = QString::fromStdString(next.name);
  if (!name.isEmpty())
    look::line_text(p, QRectF(left, call_zone.top() + 122, 230, 30), c.say("call.name", {{"name", name}}),
                    {22, false, ink, "ja"});
  look::number(p, QRectF(call_zone.left() + 256, call_zone.top() + 20, 208, 148),
               QString::fromStdString(next.number), 128, ink);
}

QString action_sub(const Context& c, const std::string& name, const std::string& room) {
  const QString number = QString::fromStdString(c.screen.target);
  if (number.isEmpty()) return c.say("sub.none");
  const QString key = "sub." + QString::fromStdString(name);
  return c.say(key, {{"n", number}, {"room", QString::fromStdString(room)}});
}

void add_grid(const Shared& c, seat::Scene& scene, const std::vector<Action>& actions) {
  const double wide = (actions_zone.width() - 24) / 3;
  const double high = (actions_zone.height() - 12) / 2;
  const std::string room = c->name(c->screen.next.room).toStdString();
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const Action& action = actions[i];
    const std::size_t row = i / 3;
    const QRectF box(actions_zone.left() + static_cast<double>(i % 3) * (wide + 12),
                     actions_zone.top() + static_cast<double>(row) * (high + 12), wide, high);
    const ActionLook is{QString::fromStdString(action.icon), c->say(QString::fromStdString(action.words)),
                        action_sub(*c, action.words, room), action.enabled, action.primary};
    scene.touch.push_back({QString::fromStdString(action.name), is.title + " " + is.sub, box,
                           [=](QPainter& p, bool pressed) { paint_action(p, box, is, pressed, c->lang); },
                           action.enabled});
  }
}

/// In the place of the six actions, which wait for the hub: how old the list is, and how to go on by hand.
void add_by_hand(const Shared& c, seat::Scene& scene) {
  const int seconds = c->screen.age_s;
  const QString age =
      seconds < 90 ? c->say("away.seconds", {{"n", QString::number(seconds)}}) : elapsed(*c, seconds, false);
  const QString old = c->say("away.age", {{"t", age}});
  const QStringList lines = c->say("away.paper").split('\n');
  const auto paint = [=](QPainter& p, bool) {
    const QRectF z = actions_zone;
    look::panel_box(p, z, 14, look::panel, look::line_strong, 2);
    look::icon(p, "clockoff", QRectF(z.left() + 20, z.top() + 22, 40, 40), look::ink_2);
    look::line_text(p, QRectF(z.left() + 74, z.top() + 10, z.width() - 94, 64), old,
                    {26, true, look::ink, c->lang});
    p.fillRect(QRectF(z.left() + 20, z.top() + 82, z.width() - 40, 2), look::stone_fill);
    QRectF row(z.left() + 20, z.top() + 100, z.width() - 40, 38);
    for (const QString& line : lines) {
      look::line_text(p, row, line, {22, false, look::ink, c->lang});
      row.translate(0, 38);
    }
  };
  scene.touch.push_back({"by-hand", old + " " + lines.join(' '), actions_zone, paint, false});
}

/// Why and whereto, in the place of the six actions.
void add_move_panel(const Shared& c, seat::Scene& scene) {
  const bool picked = !c->screen.move_reason.empty();
  const QRectF z = actions_zone;
  scene.add([=](QPainter& p) {
    look::panel_box(p, z, 14, look::panel, look::ai_act, 3);
    look::line_text(p, QRectF(z.left() + 16, z.top() + 8, 330, 44),
                    c->say("move.title", {{"n", QString::fromStdString(c->screen.target)}}),
                    {21, true, look::ink, c->lang});
  });
  add_key(c, scene, "close-panel", QRectF(z.right() - 112, z.top() + 10, 100, 46), c->say("close-panel"),
          true, false, false, 18);
  const std::array<const char*, 4> reasons{"booking", "test", "urgent", "other"};
  const double wide = (z.width() - 24 - 24) / 4;
  for (std::size_t i = 0; i < reasons.size(); ++i)
    add_key(c, scene, QString("reason-") + reasons[i],
            QRectF(z.left() + 12 + static_cast<double>(i) * (wide + 8), z.top() + 68, wide, 84),
            c->say(QString("reason.") + reasons[i]), true, false, c->screen.move_reason == reasons[i], 20);
  const std::array<std::pair<const char*, bool>, 4> ways{{{"move-front", c->screen.can_front},
                                                          {"move-up", c->screen.can_up},
                                                          {"move-down", c->screen.can_down},
                                                          {"move-last", c->screen.can_last}}};
  const double way = (z.width() - 24 - 24) / 4;
  for (std::size_t i = 0; i < ways.size(); ++i)
    add_key(c, scene, ways[i].first,
            QRectF(z.left() + 12 + static_cast<double>(i) * (way + 8), z.top() + 166, way, 98),
            c->say(ways[i].first), picked && ways[i].second, true, false, 22);
}

void paint_ring(QPainter& p, QPointF centre, const UndoBar& undo) {
  p.setBrush(Qt::NoBrush);
  p.setPen(QPen(look::stone_fill, 5));
  p.drawEllipse(centre, 19, 19);
  p.setPen(QPen(look::ai_act, 5, Qt::SolidLine, Qt::RoundCap));
  p.drawArc(QRectF(centre.x() - 19, centre.y() - 19, 38, 38), 90 * 16,
            -static_cast<int>(undo.share * 360 * 16));
  look::number(p, QRectF(centre.x() - 15, centre.y() - 12, 30, 24), QString::number(undo.seconds_left), 22,
               look::ink);
}

/// Icon and words of the bar: what was refused comes before what was done.
void paint_bar(QPainter& p, const Context& c, const QString& refusal) {
  const Screen& s = c.screen;
  const double y = undo_zone.center().y();
  const double room = undo_zone.width() - 64 - (s.undo.what.empty() ? 20 : 300);
  const bool told = !refusal.isEmpty();
  const bool bad = told || !s.reachable;
  look::panel_box(p, undo_zone, 14, bad ? look::kaki_pale : look::panel);
  const QColor ink = bad ? look::kaki : look::ink;
  const QString icon = !s.reachable ? "linkoff" : told ? "warn" : s.undo.what.empty() ? "info" : "check";
  look::icon(p, icon, QRectF(36, y - 15, 30, 30),
             bad                   ? look::kaki
             : s.undo.what.empty() ? look::ink_2
                                   : look::moss);
  if (!s.reachable || told) {
    const QString words = told ? refusal : c.say(s.ready ? "away" : "away.first");
    // The key beside it is not about what was refused: it says what it takes back.
    const bool beside = told && s.undo.own;
    look::runs(p, 80, y + (beside ? -4 : 8), starred(words, {22, false, ink, c.lang}), room);
    if (beside)
      look::runs(p, 80, y + 23,
                 starred(c.say("undo.of", {{"did", did_words(c)}}), {18, false, look::ink, c.lang}), room);
    return;
  }
  if (s.undo.what.empty()) {
    look::line_text(p, QRectF(80, undo_zone.top(), room, undo_zone.height()), c.say("undo.none"),
                    {20, false, look::ink_2, c.lang});
    return;
  }
  const double wide = look::runs(p, 80, y + 8.5, starred(did_words(c), {23, false, look::ink, c.lang}), room);
  const QString by =
      QString::fromStdString(s.undo.clock) + "　" + c.say("by", {{"actor", actor_words(c, s.undo.actor)}});
  look::line_text(p, QRectF(80 + wide + 20, undo_zone.top(), room - wide - 20, undo_zone.height()), by,
                  {18, false, look::ink_2, c.lang});
}

} // namespace

namespace {

/// Which counters, as long as their names have the room; else how many.
QString closed_words(const Context& c, const std::vector<queue::Label>& counters) {
  constexpr double room = 620;
  QStringList names;
  for (const queue::Label& label : counters) names << c.name(label);
  const QString all = names.join(c.lang == "ja" ? "、" : ", ");
  if (look::width(all, {23, true, look::ink, c.lang}) <= room)
    return c.say("did.day_closed.of", {{"services", all}});
  return c.say("did.day_closed.n", {{"n", QString::number(names.size())}});
}

/// What is read out: also what a narrow key tells by its icon alone.
QString room_label(const Context& c, const RoomTab& room) {
  const QString name = c.name(room.name) + " ";
  if (room.number.empty()) return name + c.say("room.empty");
  return name + QString::fromStdString(room.number) + " " +
         c.say("room." + QString::fromStdString(room.state));
}

} // namespace

QString did_words(const Context& c) {
  const UndoBar& undo = c.screen.undo;
  if (!undo.closed.empty()) return closed_words(c, undo.closed);
  return c.say("did." + QString::fromStdString(undo.what), {{"n", QString::fromStdString(undo.number)},
                                                            {"room", c.name(undo.room)},
                                                            {"service", c.name(undo.service)}});
}

QString told_words(const Context& c) {
  const Told& told = c.screen.told;
  if (told.reason.empty()) return {};
  const QString number = QString::fromStdString(told.number);
  const QString actor = actor_words(c, told.actor);
  const QString room = c.name(told.room);
  if (told.reason == "login_lost") {
    const QString did = c.say("lost." + QString::fromStdString(told.did));
    return c.say("told.lost",
                 {{"what", number.isEmpty() ? did : c.say("told.lost.of", {{"n", number}, {"what", did}})}});
  }
  if (told.reason == "already_called" && !number.isEmpty() && !room.isEmpty() && !actor.isEmpty())
    return c.say(told.next_number.empty() ? "told.conflict.last" : "told.conflict",
                 {{"n", number},
                  {"room", room},
                  {"actor", actor},
                  {"next", QString::fromStdString(told.next_number)}});
  // Somebody else was first with this number: who, and what was done.
  const QString did = "did." + QString::fromStdString(told.did);
  if (!told.did.empty() && !number.isEmpty() && c.phrases->has(did))
    return c.say("told.first", {{"actor", actor}, {"did", c.say(did, {{"n", number}, {"room", room}})}});
  return reason_words(c, told.reason);
}

void add_rooms(const Shared& c, seat::Scene& scene) {
  const auto& rooms = c->screen.rooms;
  if (rooms.empty()) return;
  const bool low = rooms.size() > one_row;
  const QRectF zone = low ? two_rows : rooms_zone;
  const std::size_t across = low ? (rooms.size() + 1) / 2 : rooms.size();
  const double gap = low ? 3 : rooms.size() > wide_rooms ? 6 : 12;
  const double wide = (zone.width() - gap * static_cast<double>(across - 1)) / static_cast<double>(across);
  const double high = low ? (zone.height() - gap) / 2 : zone.height();
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    const RoomTab room = rooms[i];
    const QRectF box(zone.left() + static_cast<double>(i % across) * (wide + gap),
                     zone.top() + static_cast<double>(i / across) * (high + gap), wide, high);
    scene.touch.push_back({"room-" + QString::fromStdString(room.id), room_label(*c, room), box,
                           [=](QPainter& p, bool pressed) {
                             paint_room(p, *c, box, room, pressed);
                             if (!c->screen.reachable) paint_stale(p, box, 12);
                           },
                           c->screen.reachable});
  }
}

void add_call(const Shared& c, seat::Scene& scene) {
  scene.touch.push_back(
      {"call-next", c->say("call-next") + " " + QString::fromStdString(c->screen.next.number), call_zone,
       [=](QPainter& p, bool pressed) { paint_call(p, *c, pressed); }, c->screen.next.enabled, false, "F1"});
}

void add_actions(const Shared& c, seat::Scene& scene) {
  if (c->screen.ready && !c->screen.reachable)
    add_by_hand(c, scene);
  else if (c->screen.panel == Panel::move)
    add_move_panel(c, scene);
  else
    add_grid(c, scene, c->screen.actions);
}

void add_undo(const Shared& c, seat::Scene& scene) {
  const QString refusal = told_words(*c);
  scene.add([=](QPainter& p) { paint_bar(p, *c, refusal); });
  const UndoBar undo = c->screen.undo;
  if (!undo.own) return;
  const double y = undo_zone.center().y();
  scene.add([=](QPainter& p) { paint_ring(p, QPointF(1025, y), undo); });
  const QRectF box(1062, undo_zone.top() + 7, 195, 52);
  const QString did = did_words(*c).remove('*');
  scene.touch.push_back({"undo", c->say("undo") + " " + did, box,
                         [=](QPainter& p, bool pressed) {
                           look::panel_box(p, box, 12, pressed ? look::ai : look::ai_act);
                           const look::Type type{24, true, look::on_dark, c->lang};
                           const double wide = std::min(130.0, look::width(c->say("undo"), type));
                           const double left = box.center().x() - (wide + 40) / 2;
                           look::icon(p, "undo", QRectF(left, y - 15, 30, 30), look::on_dark);
                           look::line_text(p, QRectF(left + 40, box.top(), wide + 2, box.height()),
                                           c->say("undo"), type);
                         },
                         true, false, "Ctrl+Z"});
}

} // namespace machiai::desk
