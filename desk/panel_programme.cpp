// SPDX-License-Identifier: Apache-2.0
// The programme of the waiting room's screen: what plays, why, what comes; films and their sound stopped by
// hand.
#include "desk/sheet.hpp"

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr double left = 264;
constexpr double wide = 752;

QString title_of(const Context& c, const std::string& kind, const std::string& ja, const std::string& en) {
  const std::string& title = c.lang == "ja" || en.empty() ? ja : en;
  const QString words = c.say("kind-of-item." + QString::fromStdString(kind));
  return title.empty() ? words : QString::fromStdString(title) + "　" + words;
}

void add_turn(Sheet& sheet, double y, const QString& label, const QString& title, const QString& below) {
  const Context& c = sheet.c();
  const QRectF box(left, y, wide, 84);
  sheet.paint([=](QPainter& p) { look::panel_box(p, box, 12, look::paper); });
  sheet.line(QRectF(left + 18, y, 120, 84), label, {19, true, look::ink_2, c.lang});
  sheet.line(QRectF(left + 142, y + (below.isEmpty() ? 0 : 8), wide - 160, below.isEmpty() ? 84 : 38), title,
             {22, true, look::ink, c.lang});
  sheet.line(QRectF(left + 142, y + 46, wide - 160, 30), below, {18, false, look::ink_2, c.lang});
}

} // namespace

void add_programme(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(240, 96, 800, 572), c->say("programme.title"));
  sheet.close();
  const Strip& strip = c->screen.strip;
  const QString why = "strip.why." + QString::fromStdString(strip.reason);
  const QString until = strip.until.empty()
                            ? QString()
                            : c->say("strip.until", {{"time", QString::fromStdString(strip.until)}});
  add_turn(sheet, 186, c->say("programme.now"), title_of(*c, strip.kind, strip.title, strip.title_en),
           c->phrases->has(why) ? c->say(why) : until);
  add_turn(sheet, 282, c->say("programme.next"),
           title_of(*c, strip.next_kind, strip.next_title, strip.next_title_en), {});
  const QString owed = strip.waiting.empty()
                           ? c->say("programme.approved")
                           : c->say("strip.approve", {{"deadline", QString::fromStdString(strip.deadline)}});
  sheet.line(QRectF(left, 378, wide, 40), owed, {19, !strip.waiting.empty(), look::ink, c->lang});
  const double half = (wide - 12) / 2;
  const char* pause = strip.paused ? "film-resume" : "film-pause";
  const char* mute = strip.muted ? "film-unmute" : "film-mute";
  sheet.action(pause, QRectF(left, 434, half, 128), strip.paused ? "play" : "pause", c->say(pause),
               c->say(QString("sub.") + pause), sheet.free());
  sheet.action(mute, QRectF(left + half + 12, 434, half, 128), strip.muted ? "speaker" : "mute", c->say(mute),
               c->say(QString("sub.") + mute), sheet.free());
  sheet.text(QRectF(left, 574, wide, 76), c->say("programme.today"), {17, false, look::ink_2, c->lang});
}

} // namespace machiai::desk
