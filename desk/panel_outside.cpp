// SPDX-License-Identifier: Apache-2.0
// The lower half of a counter's row when the clinic has a cloud: what is taken from outside, and how much of
// the day's numbers is held for those who come themselves.
#include "desk/sheet.hpp"
#include "seat/text.hpp"

namespace machiai::desk {

namespace look = seat::look;
using seat::text_of;

namespace {

QString when_words(const Context& c, const OutsideTab& tab) {
  if (tab.opens_at.empty()) return {};
  const QString day = tab.opens_on.empty() ? QString() : short_date(tab.opens_on) + " ";
  return c.say("outside.opens", {{"t", day + text_of(tab.opens_at)}});
}

/// Whether it is taken, and if not why and when it will be.
QString outside_words(const Context& c, const ServiceTab& service) {
  const OutsideTab& tab = service.outside;
  // The desk's own stop is known here first.
  if (service.remote_stopped) return c.say("outside.stopped");
  if (!tab.known) return c.say("outside.unknown");
  QString words;
  if (tab.open) {
    words = c.say("outside.open");
    if (!tab.closes_at.empty()) words += "　" + c.say("session.closes", {{"t", text_of(tab.closes_at)}});
  } else {
    const QString key = "outside." + text_of(tab.reason);
    words = c.phrases->has(key) ? c.say(key) : reason_words(c, tab.reason);
    if (const QString when = when_words(c, tab); !when.isEmpty()) words += "　" + when;
  }
  return tab.as_of.empty() ? words : c.say("outside.as-of", {{"t", text_of(tab.as_of)}, {"was", words}});
}

QString window_words(const Context& c, const OutsideTab& tab) {
  if (!tab.known) return c.say("outside.untold");
  QStringList spans;
  for (const std::string& each : tab.windows) spans << text_of(each).replace("-", "〜");
  QString words =
      spans.isEmpty() ? c.say("outside.no-window") : c.say("outside.windows", {{"t", spans.join("　")}});
  if (!tab.through_by.empty() && !spans.isEmpty())
    words += "　" + c.say("outside.through", {{"t", text_of(tab.through_by)}});
  return words;
}

QString count_words(const Context& c, const OutsideTab& tab) {
  if (!tab.known) return {};
  if (tab.unheard) return c.say("outside.unheard");
  QString words = c.say("outside.booked", {{"n", QString::number(tab.booked)}}) + "　";
  if (tab.cap == 0) return words + c.say("outside.given", {{"n", QString::number(tab.given)}});
  return words +
         c.say("outside.of-cap", {{"n", QString::number(tab.given)}, {"cap", QString::number(tab.cap)}});
}

/// − [held, or every so many-th place] ＋
void add_held(Sheet& sheet, const ServiceTab& service, double x, double y) {
  const Context& c = sheet.c();
  const OutsideTab& tab = service.outside;
  const QString id = text_of(service.id);
  sheet.key("walk-ins-less-" + id, QRectF(x, y, 60, 64), "−",
            {.enabled = sheet.free() && tab.can_less, .px = 30});
  const bool counts = tab.can_less || tab.can_more || tab.held_here;
  const bool here = tab.sets_every ? tab.every_here : tab.held_here;
  const QColor ink = !counts ? look::ink_2 : here ? look::fuji : look::ink;
  const QString every = tab.every == 0 ? c.say("outside.every-none")
                                       : c.say("outside.every", {{"n", QString::number(tab.every)}});
  const QString value = !counts ? "—" : tab.sets_every ? every : QString::number(tab.held);
  sheet.line(QRectF(x + 62, y - 2, 106, 26), c.say("outside.held"), {16, false, look::ink_2, c.lang},
             Qt::AlignCenter);
  sheet.line(QRectF(x + 62, y + 22, 106, 42), value, {tab.sets_every ? 24.0 : 30.0, true, ink, c.lang},
             Qt::AlignCenter);
  sheet.key("walk-ins-more-" + id, QRectF(x + 170, y, 60, 64), "＋",
            {.enabled = sheet.free() && tab.can_more, .px = 30});
}

} // namespace

void add_outside(Sheet& sheet, const ServiceTab& service, double y) {
  const Context& c = sheet.c();
  const OutsideTab& tab = service.outside;
  const bool open = tab.known && tab.open && !service.remote_stopped;
  const bool away = !tab.as_of.empty();
  sheet.paint([=](QPainter& p) {
    p.fillRect(QRectF(128, y, 1024, 1), look::line);
    look::icon(p, away ? "cloudoff" : "globe", QRectF(128, y + 25, 36, 36),
               open && !away ? look::moss : look::ink_2);
  });
  const double top = tab.known ? y + 8 : y + 20;
  sheet.line(QRectF(180, top, 484, 28), outside_words(c, service), {19, true, look::ink, c.lang});
  sheet.line(QRectF(180, top + 28, 484, 24), window_words(c, tab), {17, false, look::ink_2, c.lang});
  sheet.line(QRectF(180, top + 52, 484, 24), count_words(c, tab),
             {17, tab.unheard, tab.unheard ? look::fuji : look::ink_2, c.lang});
  add_held(sheet, service, 676, y + 14);
  const char* turn = service.remote_stopped ? "remote-open" : "remote-close";
  sheet.key(QString(turn) + "-" + text_of(service.id), QRectF(916, y + 14, 240, 64), c.say(turn),
            {.enabled = sheet.free(), .primary = service.remote_stopped, .px = 20});
}

} // namespace machiai::desk
