// SPDX-License-Identifier: Apache-2.0
// What happened: the history of one number, and why one of two was before the other.
#include "desk/sheet.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr QRectF story_box{90, 64, 1100, 654};

void add_lines(Sheet& sheet, double y, bool of_two) {
  const Context& c = sheet.c();
  for (const StoryLine& line : c.screen.found.story.lines) {
    const QRectF box(story_box.left() + 24, y, story_box.width() - 48, 52);
    const bool turned = line.turned && of_two;
    sheet.paint([=](QPainter& p) {
      if (turned) {
        look::panel_box(p, box, 10, look::ai_pale);
        look::icon(p, "updown", QRectF(box.left() + 8, box.center().y() - 12, 24, 24), look::ai);
      }
      p.fillRect(QRectF(box.left(), box.bottom() + 1, box.width(), 1), look::stone_fill);
    });
    sheet.line(QRectF(box.left() + 40, y, 104, 52), QString::fromStdString(line.clock),
               {20, false, look::ink, "ja"});
    const QString words = event_words(c, line);
    const double wide = of_two ? 440 : 590;
    sheet.paint([=, lang = c.lang](QPainter& p) {
      look::runs(p, box.left() + 150, box.center().y() + 8, starred(words, {21, false, look::ink, lang}),
                 wide);
    });
    if (of_two && turned && !line.first.empty())
      sheet.line(QRectF(box.left() + 604, y, 200, 52),
                 c.say("story.first", {{"n", QString::fromStdString(line.first)}}),
                 {20, true, look::ai, c.lang});
    sheet.line(QRectF(box.right() - 240, y, 232, 52), who_words(c, line), {18, false, look::ink_2, c.lang},
               Qt::AlignRight | Qt::AlignVCenter);
    y += 56;
  }
}

/// The answer to the question, in one sentence: the last event that turned the order.
QString conclusion(const Context& c, const Story& story) {
  const StoryLine* last = nullptr;
  for (const StoryLine& line : story.lines)
    if (line.turned && !line.first.empty()) last = &line;
  if (last == nullptr) return c.say("story.neither");
  const QString first = QString::fromStdString(last->first);
  if (last->kind == "taken") return c.say("story.by_number", {{"first", first}});
  return c.say("story.turned", {{"first", first},
                                {"t", QString::fromStdString(last->clock)},
                                {"who", who_words(c, *last)},
                                {"did", event_words(c, *last)}});
}

void add_stones(Sheet& sheet, const Shared& c, seat::Scene& scene) {
  constexpr double wide = 122, high = 78, gap = 8;
  const auto& others = c->screen.others;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const Other other = others[i];
    const QRectF box(story_box.left() + 28 + static_cast<double>(i % 8) * (wide + gap),
                     198 + grid_row(i, 8) * (high + gap), wide, high);
    const QString number = QString::fromStdString(other.number);
    scene.touch.push_back({"other-" + QString::fromStdString(other.ticket),
                           number + " " + c->say("ticket." + QString::fromStdString(other.state)), box,
                           [=](QPainter& p, bool pressed) {
                             look::panel_box(p, box, 12, pressed ? look::ai_pale : look::panel,
                                             look::line_strong, 2);
                             paint_stone(p, QRectF(box.left() + 8, box.top() + 7, 70, 46), other.number,
                                         other.state, static_cast<int>(i), false);
                             look::icon(p, look_of(other.state).icon,
                                        QRectF(box.right() - 36, box.top() + 18, 24, 24), look::ink_2);
                             look::line_text(p, QRectF(box.left() + 4, box.bottom() - 25, wide - 8, 22),
                                             c->say("ticket." + QString::fromStdString(other.state)),
                                             {15, false, look::ink_2, c->lang}, Qt::AlignCenter);
                           },
                           c->screen.reachable});
  }
  if (others.empty())
    sheet.line(QRectF(story_box.left(), 300, story_box.width(), 60), c->say("compare.none"),
               {22, false, look::ink_2, c->lang}, Qt::AlignCenter);
}

} // namespace

QString event_words(const Context& c, const StoryLine& line) {
  const QString number = QString::fromStdString(line.number);
  const QString key = "event." + QString::fromStdString(line.kind);
  QString room = QString::fromStdString(line.room);
  for (const RoomTab& tab : c.screen.rooms)
    if (tab.id == line.room) room = c.name(tab.name);
  QString counter = QString::fromStdString(line.service);
  for (const ServiceTab& service : c.screen.services)
    if (service.id == line.service) counter = c.name(service.name);
  const bool placed = !room.isEmpty() && c.phrases->has(key + ".room");
  QString words = c.phrases->has(key) ? c.say(placed ? key + ".room" : key,
                                              {{"n", number}, {"room", room}, {"service", counter}})
                                      : QString::fromStdString(line.kind);
  if (!line.reason.empty()) words += c.say("event.reason", {{"why", why_words(c, line.reason)}});
  return words;
}

QString who_words(const Context& c, const StoryLine& line) {
  const QString actor = line.actor == "system" ? c.say("actor.machiaid") : actor_words(c, line.actor);
  const bool named = line.seat.empty() || line.seat == "machiaid" || line.seat == line.actor;
  return named ? actor : c.say("story.who", {{"actor", actor}, {"seat", QString::fromStdString(line.seat)}});
}

void add_history(const Shared& c, seat::Scene& scene) {
  const QString number = QString::fromStdString(c->screen.card.number);
  Sheet sheet(c, scene, story_box, c->say("history.title", {{"n", number}}));
  sheet.close();
  if (sheet.waits(QRectF(story_box.left() + 40, 240, story_box.width() - 80, 260))) return;
  add_lines(sheet, 150, false);
  sheet.key("compare", QRectF(story_box.right() - 424, 640, 400, 62), c->say("compare"), {.px = 20});
  sheet.pager(QRectF(story_box.left() + 24, 640, 480, 62));
}

void add_compare(const Shared& c, seat::Scene& scene) {
  const Screen& s = c->screen;
  const QString first = QString::fromStdString(s.compared);
  const bool chosen = !s.inside.other.empty();
  Sheet sheet(c, scene, story_box, c->say("compare.title"));
  sheet.close();
  if (!chosen) {
    sheet.line(QRectF(story_box.left() + 28, 140, 700, 44),
               first.isEmpty() ? c->say("compare.first") : c->say("compare.other", {{"n", first}}),
               {22, true, look::ink, c->lang});
    add_stones(sheet, c, scene);
    if (!first.isEmpty())
      sheet.key("first-again", QRectF(story_box.right() - 324, 644, 300, 60), c->say("first-again"),
                {.px = 20});
    sheet.pager(QRectF(story_box.left() + 24, 644, 480, 60));
    return;
  }
  if (sheet.waits(QRectF(story_box.left() + 40, 240, story_box.width() - 80, 260))) return;
  const QRectF box(story_box.left() + 24, 140, story_box.width() - 48, 84);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 12, look::ai_pale);
    look::icon(p, "info", QRectF(box.left() + 16, box.center().y() - 16, 32, 32), look::ai);
  });
  // The story_box story decides, not the page of it that is shown.
  sheet.text(box.adjusted(64, 4, -16, -4), conclusion(*c, s.whole).remove('*'),
             {22, true, look::ink, c->lang});
  add_lines(sheet, 234, true);
  sheet.pager(QRectF(story_box.left() + 24, 644, 480, 60));
}

} // namespace machiai::desk
