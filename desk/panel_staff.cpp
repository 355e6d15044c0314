// SPDX-License-Identifier: Apache-2.0
// The log-in page: who works here, and a PIN whose digits are never shown.
#include "desk/sheet.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr std::size_t most_on_one_page = 12, people_at_once = 9; ///< the keys that turn pages take a row

QString chosen_name(const Staff& staff) {
  for (const Person& person : staff.people)
    if (person.id == staff.chosen) return QString::fromStdString(person.name);
  return QString::fromStdString(staff.chosen);
}

void add_key_of(const Shared& c, seat::Scene& scene, const Person& person, const QRectF& box) {
  const QString name = QString::fromStdString(person.name);
  scene.touch.push_back(
      {"person-" + QString::fromStdString(person.id), name, box,
       [=](QPainter& p, bool pressed) {
         look::panel_box(p, box, 16, pressed ? look::ai_pale : look::panel, look::line_strong, 2);
         look::icon(p, "person", QRectF(box.left() + 20, box.center().y() - 22, 44, 44), look::ai_act);
         look::line_text(p, box.adjusted(80, 0, -16, 0), name, {28, true, look::ink, "ja"});
       },
       c->screen.reachable});
}

/// Why the log-in page is here again: something pressed was not done.
QString lost_words(const Context& c) {
  const Staff& staff = c.screen.found.staff;
  if (staff.lost.empty()) return {};
  const QString did = c.say("lost." + QString::fromStdString(staff.lost));
  const QString number = QString::fromStdString(staff.lost_number);
  const QString what = number.isEmpty() ? did : c.say("told.lost.of", {{"n", number}, {"what", did}});
  return c.say("login.lost", {{"what", what}});
}

QString refused_words(const Context& c) {
  if (c.screen.lock_seconds > 0)
    return c.say("login.locked", {{"n", QString::number(c.screen.lock_seconds)}});
  const std::string& reason = c.screen.found.staff.refused;
  if (reason.empty() || reason == "pin_locked") return {};
  return reason == "pin_wrong" ? c.say("login.wrong") : reason_words(c, reason);
}

void add_people(const Shared& c, seat::Scene& scene) {
  const Staff& staff = c->screen.found.staff;
  const std::size_t count = staff.people.size();
  const bool paged = count > most_on_one_page;
  const std::size_t pages = paged ? (count + people_at_once - 1) / people_at_once : 1;
  const std::size_t page = std::min(pages - 1, static_cast<std::size_t>(std::max(0, c->screen.inside.page)));
  const std::size_t first = page * people_at_once;
  const std::size_t last = paged ? std::min(count, first + people_at_once) : count;
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t at = i - first;
    add_key_of(c, scene, staff.people[i],
               QRectF(140 + static_cast<double>(at % 3) * 340, 306 + grid_row(at, 3) * 108, 320, 92));
  }
  if (paged) {
    add_key(c, scene, "list-up", QRectF(140, 646, 320, 76), c->say("list-up"), page > 0, false, false);
    add_key(c, scene, "list-down", QRectF(820, 646, 320, 76), c->say("list-down"), page + 1 < pages, false,
            false);
  }
  if (count == 0)
    scene.add([=](QPainter& p) {
      look::text(p, QRectF(140, 300, 1000, 120), c->say("login.nobody"), {24, false, look::ink, c->lang},
                 Qt::AlignCenter);
    });
}

void paint_dots(QPainter& p, const QRectF& box, int count) {
  look::panel_box(p, box, 14, look::panel, look::line_strong, 3);
  const int places = std::max(shortest_pin, count);
  p.setPen(QPen(look::ai_act, 3));
  for (int i = 0; i < places; ++i) {
    p.setBrush(i < count ? QBrush(look::ai_act) : QBrush(Qt::NoBrush));
    p.drawEllipse(QPointF(box.center().x() + (i - (places - 1) / 2.0) * 44, box.center().y()), 12, 12);
  }
}

void add_pin(const Shared& c, seat::Scene& scene) {
  const int count = static_cast<int>(c->screen.inside.digits.size());
  const bool rests = c->screen.lock_seconds > 0;
  const QString refused = refused_words(*c);
  scene.add([=](QPainter& p) {
    look::line_text(p, QRectF(140, 300, 440, 60),
                    c->say("login.pin", {{"name", chosen_name(c->screen.found.staff)}}),
                    {28, true, look::ink, c->lang});
    paint_dots(p, QRectF(140, 370, 440, 84), count);
    look::text(p, QRectF(140, 462, 440, 84), refused, {20, true, look::kaki, c->lang});
  });
  add_pad(c, scene, "pad-", QRectF(660, 290, 480, 356), {12, 12}, !rests);
  const bool ready = c->screen.reachable && c->screen.pending.empty() && !rests && count >= shortest_pin;
  add_key(c, scene, "login-do", QRectF(660, 662, 480, 88), c->say("login-do"), ready, true, false, 28);
  add_key(c, scene, "other-person", QRectF(140, 662, 440, 88), c->say("other-person"), true, false, false,
          22);
}

} // namespace

void add_login(const Shared& c, seat::Scene& scene) {
  scene.ground = look::paper;
  const QString lost = lost_words(*c);
  scene.add([=](QPainter& p) {
    p.fillRect(QRectF(0, 0, 1280, 60), look::ai_deep);
    look::line_text(p, QRectF(18, 0, 700, 60), c->name(c->screen.facility),
                    {23, true, look::on_dark, c->lang});
    look::line_text(p, QRectF(1062, 0, 200, 60), QString::fromStdString(c->screen.clock),
                    {30, true, look::on_dark, "ja"}, Qt::AlignRight | Qt::AlignVCenter);
    look::icon(p, "lock", QRectF(140, 108, 64, 64), look::ai);
    look::line_text(p, QRectF(224, 104, 900, 72), c->say("login.title"), {38, true, look::ink, c->lang});
    const bool pin = !c->screen.found.staff.chosen.empty();
    look::line_text(p, QRectF(140, 188, 1000, 40),
                    c->say(!c->screen.reachable ? "away"
                           : pin                ? "login.type"
                                                : "login.who"),
                    {22, false, look::ink_2, c->lang});
    if (lost.isEmpty()) return;
    const QRectF box(140, 232, 1000, 50);
    look::panel_box(p, box, 10, look::yamabuki_pale);
    look::icon(p, "warn", QRectF(box.left() + 12, box.center().y() - 14, 28, 28), look::ink);
    look::line_text(p, box.adjusted(52, 0, -12, 0), lost, {19, true, look::ink, c->lang});
  });
  if (c->screen.found.staff.chosen.empty())
    add_people(c, scene);
  else
    add_pin(c, scene);
}

} // namespace machiai::desk
