// SPDX-License-Identifier: Apache-2.0
// The counters of today: open and pause, cap, hours, the end of the day.
#include "desk/sheet.hpp"
#include "seat/text.hpp"

#include <algorithm>
#include <array>

namespace machiai::desk {

namespace look = seat::look;
using seat::text_of;

namespace {

const ServiceTab* service_of(const Screen& screen, const std::string& id) {
  for (const ServiceTab& service : screen.services)
    if (service.id == id) return &service;
  return nullptr;
}

QString named(const Context& c, const char* key) {
  const ServiceTab* service = service_of(c.screen, c.screen.inside.about);
  return c.say(key, {{"service", service != nullptr ? c.name(service->name) : QString()}});
}

QString state_words(const Context& c, const ServiceTab& service) {
  QString words = c.say("state." + text_of(service.state));
  if (service.state == "open") {
    words += "　" + c.say("session.waiting", {{"n", QString::number(service.waiting)}});
    if (service.wait) words += "　" + c.say("session.wait", {{"t", range_words(c, service.wait)}});
    if (service.booked > 0) words += "　" + c.say("session.booked", {{"n", QString::number(service.booked)}});
    if (service.full) words += "　" + c.say("session.full");
    if (!service.closes_at.empty())
      words += "　" + c.say("session.closes", {{"t", text_of(service.closes_at)}});
  } else if (service.state != "paused" && !service.opens_at.empty()) {
    words += "　" + c.say("session.opens", {{"t", text_of(service.opens_at)}});
  }
  return words;
}

/// What is different today alone.
QString exceptions(const Context& c, const ServiceTab& service) {
  QStringList list;
  if (!service.cap.empty())
    list << (service.cap == "0" ? c.say("today.nocap") : c.say("today.cap", {{"n", text_of(service.cap)}}));
  if (service.hours_set)
    list << (service.hours.empty() ? c.say("today.closed")
                                   : c.say("today.hours", {{"t", text_of(service.hours)}}));
  if (service.remote_stopped && !c.screen.link.enrolled) list << c.say("today.remote");
  if (service.outside.held_here) list << c.say("today.held", {{"n", QString::number(service.outside.held)}});
  if (const OutsideTab& tab = service.outside; tab.every_here)
    list << (tab.every == 0 ? c.say("today.every-none")
                            : c.say("today.every", {{"n", QString::number(tab.every)}}));
  return list.join("　");
}

void add_service(Sheet& sheet, const ServiceTab& service, double y) {
  const Context& c = sheet.c();
  const QString id = text_of(service.id);
  const bool open = service.state == "open";
  const QString icon = open ? "check" : service.state == "closed" ? "moon" : "clock";
  const QString today = exceptions(c, service);
  const bool linked = c.screen.link.enrolled;
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, QRectF(112, y, 1056, linked ? 190 : 96), 12, look::paper);
    look::icon(p, icon, QRectF(128, y + 30, 36, 36), open ? look::moss : look::ink_2);
  });
  // With a cloud more words stand below, and the keys of both halves stand in the same columns.
  const double narrow = linked ? 110 : 150;
  const double left = 906 - 2 * narrow - 10;
  const double words = left - 196;
  const double top = today.isEmpty() ? y + 12 : y + 4;
  sheet.line(QRectF(180, top, words, 36), c.name(service.name), {25, true, look::ink, c.lang});
  sheet.line(QRectF(180, top + 36, words, 28), state_words(c, service), {18, false, look::ink_2, c.lang});
  if (!today.isEmpty()) sheet.line(QRectF(180, top + 62, words, 26), today, {17, true, look::fuji, c.lang});
  sheet.key("cap-of-" + id, QRectF(left, y + 14, narrow, 68), c.say("cap-of"),
            {.enabled = sheet.free(), .px = 20});
  sheet.key("hours-of-" + id, QRectF(left + narrow + 10, y + 14, narrow, 68), c.say("hours-of"),
            {.enabled = sheet.free(), .px = 20});
  sheet.key((open ? "close-" : "open-") + id, QRectF(916, y + 14, 240, 68), c.say(open ? "close" : "open"),
            {.enabled = sheet.free(), .primary = !open, .px = 22});
  if (linked) add_outside(sheet, service, y + 94);
}

QString clock_words(int minute) {
  return QString("%1:%2").arg(minute / 60).arg(minute % 60, 2, 10, QChar('0'));
}

/// One end of a part: a quarter of an hour earlier or later.
void add_end(Sheet& sheet, double x, double y, const QString& name, int minute, bool on) {
  const bool can_turn = sheet.free() && on;
  sheet.key(name + "-down", QRectF(x, y, 64, 64), "−", {.enabled = can_turn, .px = 30});
  sheet.line(QRectF(x + 68, y, 108, 64), on ? clock_words(minute) : "—",
             {30, true, on ? look::ink : look::ink_2, "ja"}, Qt::AlignCenter);
  sheet.key(name + "-up", QRectF(x + 180, y, 64, 64), "＋", {.enabled = can_turn, .px = 30});
}

} // namespace

void add_session_sheet(const Shared& c, seat::Scene& scene) {
  const auto& services = c->screen.services;
  const bool linked = c->screen.link.enrolled;
  const std::size_t at_once = services_at_once(linked, services.size());
  const double pitch = linked ? 200 : 108;
  const std::size_t first = static_cast<std::size_t>(c->screen.inside.page) * at_once;
  const std::size_t last = std::min(services.size(), first + at_once);
  const bool several = services.size() > at_once;
  const double rows = static_cast<double>(std::min(services.size(), at_once)) * pitch;
  const double tall = 88 + rows + (several ? 68 : 0) + 96;
  const double above = std::min(64.0, (design_size.height() - tall) / 2);
  Sheet sheet(c, scene, QRectF(90, above, 1100, tall), c->say("session.title"));
  sheet.close();
  sheet.undo({"counter_opened", "counter_closed", "cap_set", "hours_set", "remote_set", "walk_ins_set"});
  double y = above + 88;
  for (std::size_t i = first; i < last; ++i)
    add_service(sheet, services[i], y + static_cast<double>(i - first) * pitch);
  y += rows;
  if (several) {
    sheet.pager(QRectF(112, y, 1056, 56));
    y += 68;
  }
  const QString shown =
      c->screen.messages.empty() ? QString() : QString("（%1）").arg(c->screen.messages.size());
  sheet.key("messages", QRectF(112, y + 4, 520, 72), c->say("messages") + shown, {.px = 22});
  sheet.key("close-day", QRectF(648, y + 4, 520, 72), c->say("close-day"),
            {.enabled = sheet.free(), .px = 22});
}

void add_cap(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(240, 110, 800, 520), named(*c, "cap.title"));
  sheet.close();
  const QString digits = text_of(c->screen.inside.digits);
  const CounterToday& today = c->screen.found.counter;
  const QString now = today.service.empty() ? QString()
                      : today.cap == 0      ? c->say("cap.now.none")
                                            : c->say("cap.now", {{"n", QString::number(today.cap)}});
  sheet.line(QRectF(268, 190, 360, 64), now, {21, true, look::ink, c->lang});
  sheet.paint([=](QPainter& p) {
    const QRectF box(268, 258, 360, 96);
    look::panel_box(p, box, 12, look::paper, look::line_strong, 2);
    look::line_text(p, box.adjusted(16, 0, -96, 0), digits.isEmpty() ? "—" : digits,
                    {56, true, digits.isEmpty() ? look::line_strong : look::ink, "ja"},
                    Qt::AlignRight | Qt::AlignVCenter);
    look::line_text(p, QRectF(box.right() - 84, box.top(), 76, 96), c->say("cap.people"),
                    {24, false, look::ink_2, c->lang});
  });
  sheet.key("cap-none", QRectF(268, 372, 174, 64), c->say("cap-none"), {.enabled = sheet.free(), .px = 19});
  sheet.key("cap-settings", QRectF(454, 372, 174, 64), c->say("cap-settings"),
            {.enabled = sheet.free(), .px = 19});
  sheet.line(QRectF(268, 444, 360, 60), c->say("cap.today"), {18, false, look::ink_2, c->lang});
  sheet.pad(QRectF(660, 190, 352, 316));
  sheet.key("cap-do", QRectF(268, 526, 744, 80),
            digits.isEmpty() ? c->say("cap.empty") : c->say("cap-do", {{"n", digits}}),
            {.enabled = sheet.free() && !digits.isEmpty() && digits != "0", .primary = true, .px = 26});
}

void add_hours(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(190, 100, 900, 572), named(*c, "hours.title"));
  sheet.close();
  const auto& parts = c->screen.inside.parts;
  constexpr std::array sessions{"morning", "afternoon", "evening"};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    const double y = 180 + static_cast<double>(i) * 80;
    const QString name = QString("part-%1-").arg(i);
    sheet.key(name + "on", QRectF(218, y, 220, 64), c->say("session." + QString(sessions[i])),
              {.enabled = sheet.free(), .chosen = part.on, .px = 22});
    add_end(sheet, 478, y, name + "open", part.open, part.on);
    sheet.line(QRectF(728, y, 50, 64), "〜", {26, true, look::ink_2, "ja"}, Qt::AlignCenter);
    add_end(sheet, 786, y, name + "close", part.close, part.on);
  }
  sheet.text(QRectF(218, 422, 844, 56), c->say("hours.hint"), {18, false, look::ink_2, c->lang});
  // Not before it is known what the keys start from.
  const bool told = !c->screen.found.counter.service.empty() || !c->screen.found.inquiry.failed.empty();
  const bool some = parts[0].on || parts[1].on || parts[2].on;
  sheet.key("hours-closed", QRectF(218, 486, 416, 68), c->say("hours-closed"),
            {.enabled = sheet.free(), .px = 21});
  sheet.key("hours-settings", QRectF(646, 486, 416, 68), c->say("hours-settings"),
            {.enabled = sheet.free(), .px = 21});
  sheet.key("hours-do", QRectF(218, 566, 844, 84), c->say("hours-do"),
            {.enabled = sheet.free() && some && told, .primary = true, .px = 26});
}

void add_close_day(const Shared& c, seat::Scene& scene) {
  const auto& services = c->screen.services;
  // All of them, nearer to each other when there are many: the sum below is theirs.
  const double pitch = std::min(52.0, 400.0 / static_cast<double>(std::max<std::size_t>(services.size(), 1)));
  const double high = 380 + static_cast<double>(services.size()) * pitch;
  const double top = std::min(90.0, (design_size.height() - high) / 2);
  const QRectF box(200, top, 880, high);
  Sheet sheet(c, scene, box, c->say("close-day.title"), false);
  const double px = std::min(20.0, pitch * 0.7);
  int inside = 0;
  int waiting = 0;
  int booked = 0;
  double y = box.top() + 84;
  for (const ServiceTab& service : services) {
    inside += service.inside;
    waiting += service.waiting + service.apart;
    booked += service.booked;
    sheet.line(QRectF(228, y, 250, pitch), c->name(service.name), {px + 1, true, look::ink, c->lang});
    const QString due = service.booked == 0
                            ? QString()
                            : "　" + c->say("session.booked", {{"n", QString::number(service.booked)}});
    sheet.line(QRectF(490, y, 570, pitch),
               c->say("close-day.counts", {{"w", QString::number(service.waiting)},
                                           {"a", QString::number(service.apart)},
                                           {"r", QString::number(service.inside)}}) +
                   due,
               {px, false, look::ink, c->lang});
    y += pitch;
  }
  const QRectF told(228, y + 10, 824, 128);
  const bool some = inside + waiting + booked > 0;
  QStringList ends;
  for (const auto& [key, n] :
       {std::pair{"close-day.inside", inside}, {"close-day.here", waiting}, {"close-day.due", booked}})
    if (n > 0) ends << c->say(key, {{"n", QString::number(n)}});
  ends << c->say("close-day.all");
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, told, 12, some ? look::yamabuki_pale : look::moss_pale);
    look::icon(p, some ? "warn" : "check", QRectF(told.left() + 16, told.center().y() - 18, 36, 36),
               some ? look::ink : look::moss);
  });
  sheet.text(told.adjusted(68, 6, -16, -6),
             some ? ends.join(c->lang == "ja" ? QString() : QString(" ")) : c->say("close-day.nobody"),
             {21, true, look::ink, c->lang});
  sheet.text(QRectF(228, told.bottom() + 8, 824, 40), c->say("close-day.hint"),
             {18, false, look::ink_2, c->lang});
  sheet.key("close-panel", QRectF(228, box.bottom() - 96, 300, 76), c->say("receive.cancel"), {.px = 24});
  sheet.key("close-day-do", QRectF(544, box.bottom() - 96, 508, 76), c->say("close-day-do"),
            {.enabled = sheet.free(), .primary = true, .px = 26});
}

} // namespace machiai::desk
