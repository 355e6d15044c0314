// SPDX-License-Identifier: Apache-2.0
// The programme of the waiting room's screen: what plays, why, what comes; films and their sound stopped by
// hand.
#include "desk/sheet.hpp"

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr double programme_left = 264;
constexpr double programme_wide = 752;

QString title_of(const Context& c, const std::string& kind, const std::string& ja, const std::string& en) {
  const std::string& title = c.lang == "ja" || en.empty() ? ja : en;
  const QString words = c.say("kind-of-item." + QString::fromStdString(kind));
  return title.empty() ? words : QString::fromStdString(title) + "　" + words;
}

void add_turn(Sheet& sheet, double y, const QString& label, const QString& title, const QString& below) {
  const Context& c = sheet.c();
  const QRectF box(programme_left, y, programme_wide, 84);
  sheet.paint([=](QPainter& p) { look::panel_box(p, box, 12, look::paper); });
  sheet.line(QRectF(programme_left + 18, y, 120, 84), label, {19, true, look::ink_2, c.lang});
  sheet.line(QRectF(programme_left + 142, y + (below.isEmpty() ? 0 : 8), programme_wide - 160,
                    below.isEmpty() ? 84 : 38),
             title, {22, true, look::ink, c.lang});
  sheet.line(QRectF(programme_left + 142, y + 46, programme_wide - 160, 30), below,
             {18, false, look::ink_2, c.lang});
}

} // namespace

void add_programme(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(240, 96, 800, 572), c->say("programme.title"));
  sheet.close();
  sheet.undo({"notice_shown", "notice_cleared"});
  const Strip& strip = c->screen.strip;
  const QString why = "strip.why." + QString::fromStdString(strip.reason);
  const QString until = strip.until.empty()
                            ? QString()
                            : c->say("strip.until", {{"time", QString::fromStdString(strip.until)}});
  add_turn(sheet, 186, c->say("programme.now"), title_of(*c, strip.kind, strip.title, strip.title_en),
           strip.urgent           ? until
           : c->phrases->has(why) ? c->say(why)
                                  : until);
  add_turn(sheet, 282, c->say("programme.next"),
           title_of(*c, strip.next_kind, strip.next_title, strip.next_title_en), {});
  const QString owed = strip.waiting.empty()
                           ? c->say("programme.approved")
                           : c->say("strip.approve", {{"deadline", QString::fromStdString(strip.deadline)}});
  sheet.line(QRectF(programme_left, 378, programme_wide, 40), owed,
             {19, !strip.waiting.empty(), look::ink, c->lang});
  const double third = (programme_wide - 24) / 3;
  const auto action = [&](int i, const char* name, const char* icon) {
    sheet.action(name, QRectF(programme_left + i * (third + 12), 434, third, 128),
                 {icon, c->say(name), c->say(QString("sub.") + name), sheet.free()});
  };
  action(0, strip.paused ? "film-resume" : "film-pause", strip.paused ? "play" : "pause");
  action(1, strip.muted ? "film-unmute" : "film-mute", strip.muted ? "speaker" : "mute");
  action(2, strip.urgent ? "notice-clear" : "notices", strip.urgent ? "cross" : "notice");
  sheet.text(QRectF(programme_left, 574, programme_wide, 76), c->say("programme.today"),
             {17, false, look::ink_2, c->lang});
}

} // namespace machiai::desk
