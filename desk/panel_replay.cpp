// SPDX-License-Identifier: Apache-2.0
// A day gone through again: the line as it stood at each moment, and what had just happened.
#include "desk/sheet.hpp"
#include "seat/text.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;
using seat::text_of;

namespace {

constexpr QRectF replay_box{90, 64, 1100, 654};
constexpr double replay_left = replay_box.left() + 24;
constexpr double replay_right = replay_box.right() - 24;
constexpr QRectF stones{replay_left, 352, replay_right - replay_left, 254};
constexpr std::size_t most_keys = 4;

/// What is shown is of the day and the line that are asked for; while another moment is fetched it stays.
bool is_of(const Context& c, const std::string& service) {
  const Replay& replay = c.screen.found.replay;
  return replay.date == c.screen.span_from && replay.service == service;
}

std::string service_of(const Context& c) {
  if (!c.screen.inside.about.empty()) return c.screen.inside.about;
  for (const ServiceTab& service : c.screen.services)
    if (service.on) return service.id;
  return {};
}

void add_day(Sheet& sheet, const std::string& chosen) {
  const Context& c = sheet.c();
  sheet.key("earlier", QRectF(replay_left, 142, 104, 56), c.say("earlier"), {.px = 19});
  sheet.line(QRectF(replay_left + 108, 142, 110, 56), short_date(c.screen.span_from),
             {24, true, look::ink, "ja"}, Qt::AlignCenter);
  sheet.key("later", QRectF(replay_left + 222, 142, 104, 56), c.say("later"),
            {.enabled = c.screen.inside.back > 0, .px = 19});
  const auto& services = c.screen.services;
  if (services.size() < 2) return;
  const QRectF row(replay_left + 356, 142, replay_right - replay_left - 356, 56);
  if (services.size() > most_keys) { // too many for keys: one that turns to the next
    const auto at = std::find_if(services.begin(), services.end(),
                                 [&](const ServiceTab& service) { return service.id == chosen; });
    const auto next = at == services.end() || at + 1 == services.end() ? services.begin() : at + 1;
    const QString name = at == services.end() ? QString() : c.name(at->name);
    sheet.key("replay-service-" + text_of(next->id), row, name + " ›", {.px = 20});
    return;
  }
  const double wide =
      (row.width() - 8 * static_cast<double>(services.size() - 1)) / static_cast<double>(services.size());
  for (std::size_t i = 0; i < services.size(); ++i)
    sheet.key("replay-service-" + text_of(services[i].id),
              QRectF(row.left() + static_cast<double>(i) * (wide + 8), row.top(), wide, 56),
              c.name(services[i].name), {.chosen = services[i].id == chosen, .px = 19});
}

void add_moment(Sheet& sheet) {
  const Context& c = sheet.c();
  const Replay& replay = c.screen.found.replay;
  const bool back = !replay.last.empty();
  const bool on = !replay.next.empty();
  const double y = 208;
  sheet.key("replay-minus", QRectF(replay_left, y, 130, 60), c.say("replay-minus"),
            {.enabled = back, .px = 20});
  sheet.key("replay-before", QRectF(replay_left + 138, y, 150, 60), c.say("replay-before"),
            {.enabled = back, .px = 20});
  // The moment as asked for; at the end of the day that of its last event.
  const std::string& at = replay.at.empty() ? replay.last : replay.at;
  const QString clock = at.size() >= 19 ? text_of(at.substr(11, 8)) : QString("—");
  sheet.line(QRectF(replay_left + 292, y, 176, 60), clock, {34, true, look::ink, "ja"}, Qt::AlignCenter);
  sheet.key("replay-after", QRectF(replay_left + 472, y, 150, 60), c.say("replay-after"),
            {.enabled = on, .px = 20});
  sheet.key("replay-plus", QRectF(replay_left + 630, y, 130, 60), c.say("replay-plus"),
            {.enabled = on, .px = 20});
  sheet.key("replay-end", QRectF(replay_left + 768, y, 150, 60), c.say("replay-end"), {.px = 20});
  const QString state =
      c.say(replay.open ? "session.waiting" : "replay.closed", {{"n", QString::number(replay.waiting)}});
  sheet.line(QRectF(replay_left + 922, y, replay_right - replay_left - 922, 60), state,
             {20, true, look::ink, c.lang}, Qt::AlignRight | Qt::AlignVCenter);
}

/// The newest event in a sentence, and who did it.
void add_sentence(Sheet& sheet) {
  const Context& c = sheet.c();
  const Replay& replay = c.screen.found.replay;
  const QRectF box(replay_left, 278, replay_right - replay_left, 62);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 12, look::ai_pale);
    look::icon(p, "info", QRectF(box.left() + 14, box.center().y() - 15, 30, 30), look::ai);
  });
  if (replay.before.empty()) {
    sheet.line(box.adjusted(58, 0, -12, 0), c.say("replay.nothing"), {21, false, look::ink, c.lang});
    return;
  }
  const StoryLine& line = replay.before.front();
  sheet.line(QRectF(box.left() + 58, box.top(), 104, 62), text_of(line.clock), {20, false, look::ink, "ja"});
  const QString words = event_words(c, line);
  sheet.line(QRectF(), QString(words).remove('*'), {1, false, look::ink, c.lang}); // for those who hear it
  sheet.paint([=, lang = c.lang](QPainter& p) {
    look::runs(p, box.left() + 166, box.center().y() + 8, starred(words, {22, false, look::ink, lang}), 640);
  });
  sheet.line(QRectF(box.right() - 236, box.top(), 224, 62), who_words(c, line),
             {18, false, look::ink_2, c.lang}, Qt::AlignRight | Qt::AlignVCenter);
}

void add_line(Sheet& sheet) {
  const Context& c = sheet.c();
  const Replay& replay = c.screen.found.replay;
  constexpr double wide = 124, high = 78, gap = 8;
  const std::string about = replay.before.empty() ? std::string() : replay.before.front().number;
  for (std::size_t i = 0; i < replay.line.size(); ++i) {
    const Other ticket = replay.line[i];
    const QRectF box(stones.left() + static_cast<double>(i % 8) * (wide + gap),
                     stones.top() + grid_row(i, 8) * (high + gap), wide, high);
    const bool marked = ticket.number == about;
    sheet.paint([=, shared = sheet.shared()](QPainter& p) {
      look::panel_box(p, box, 12, marked ? look::ai_pale : look::panel, marked ? look::ai_act : look::line,
                      marked ? 3 : 1);
      paint_stone(p, QRectF(box.left() + 8, box.top() + 7, 70, 46), ticket.number, ticket.state,
                  static_cast<int>(i), false);
      look::icon(p, look_of(ticket.state).icon, QRectF(box.right() - 36, box.top() + 18, 24, 24),
                 look::ink_2);
    });
    sheet.line(QRectF(box.left() + 4, box.bottom() - 25, wide - 8, 22),
               c.say("ticket." + text_of(ticket.state)), {15, false, look::ink_2, c.lang}, Qt::AlignCenter);
  }
}

} // namespace

void add_replay(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, replay_box, c->say("replay.title"));
  sheet.close();
  const std::string service = service_of(*c);
  add_day(sheet, service);
  const bool shown = is_of(*c, service);
  const bool failed = !c->screen.found.inquiry.failed.empty();
  if ((!shown || failed) && sheet.waits(QRectF(replay_left, 300, replay_right - replay_left, 240))) return;
  const Replay& replay = c->screen.found.replay;
  if (replay.before.empty() && replay.next.empty()) {
    sheet.text(QRectF(replay_left, 300, replay_right - replay_left, 160), c->say("replay.none"),
               {23, false, look::ink_2, c->lang}, Qt::AlignCenter);
    return;
  }
  add_moment(sheet);
  add_sentence(sheet);
  add_line(sheet);
  if (replay.line.empty())
    sheet.line(QRectF(replay_left, 420, replay_right - replay_left, 60), c->say("replay.empty"),
               {22, false, look::ink_2, c->lang}, Qt::AlignCenter);
  sheet.pager(QRectF(replay_left, 644, replay_right - replay_left, 60));
}

} // namespace machiai::desk
