// SPDX-License-Identifier: Apache-2.0
// Who logged in at the desk and read which records.
#include "desk/sheet.hpp"
#include "seat/text.hpp"

namespace machiai::desk {

namespace look = seat::look;
using seat::text_of;

namespace {

constexpr double access_left = 64, access_right = 1216, access_top = 216, access_pitch = 52;
constexpr double people_wide = 700; ///< below the rows, beside the keys that turn pages

/// What it was about: a ticket, or dates; a span of one day is told once.
QString about_words(const Context& c, const Access& row) {
  if (!row.number.empty()) return c.say("access.ticket", {{"n", text_of(row.number)}});
  const QString text = text_of(row.about);
  const QString from = text.section('/', 0, 0);
  return from == text.section('/', 1) ? from : QString(text).replace("/", " 〜 ");
}

/// Who may log in; whoever is responsible changes that by the command line.
void add_people(Sheet& sheet) {
  const Context& c = sheet.c();
  QStringList names;
  for (const Person& person : c.screen.found.staff.people) names << text_of(person.name);
  if (names.isEmpty()) return;
  const QString words = c.say("access.people", {{"n", QString::number(names.size())},
                                                {"names", names.join(c.say("access.between"))}});
  sheet.line(QRectF(access_left + 8, 644, people_wide, 34), words, {20, true, look::ink, c.lang});
  sheet.line(QRectF(access_left + 8, 678, people_wide, 28), c.say("access.change"),
             {17, false, look::ink_2, c.lang});
}

} // namespace

void add_access(Sheet& sheet) {
  const Context& c = sheet.c();
  add_people(sheet);
  const AccessLog& log = c.screen.found.access;
  const bool other = log.from != c.screen.span_from || log.to != c.screen.span_to;
  if (other && sheet.waits(QRectF(access_left + 40, 280, access_right - access_left - 80, 240))) return;
  if (log.rows.empty()) {
    sheet.line(QRectF(access_left, 380, access_right - access_left, 60), c.say("access.none"),
               {23, false, look::ink_2, c.lang}, Qt::AlignCenter);
    return;
  }
  double y = access_top;
  for (const Access& row : log.rows) {
    const QRectF box(access_left, y, access_right - access_left, access_pitch - 2);
    const QString key = "access." + text_of(row.what);
    const QString person = row.person.empty() ? c.say("actor.cli") : actor_words(c, row.person);
    sheet.paint(
        [=](QPainter& p) { p.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), look::stone_fill); });
    sheet.line(QRectF(access_left + 8, y, 150, access_pitch), text_of(row.at), {20, false, look::ink, "ja"});
    sheet.line(QRectF(access_left + 166, y, 180, access_pitch), person, {21, true, look::ink, c.lang});
    sheet.line(QRectF(access_left + 354, y, 380, access_pitch),
               c.phrases->has(key) ? c.say(key) : text_of(row.what), {21, false, look::ink, c.lang});
    sheet.line(QRectF(access_left + 742, y, 280, access_pitch), about_words(c, row),
               {18, false, look::ink_2, c.lang});
    sheet.line(QRectF(access_left + 1030, y, 114, access_pitch), text_of(row.seat),
               {17, false, look::ink_2, c.lang}, Qt::AlignRight | Qt::AlignVCenter);
    y += access_pitch;
  }
  sheet.pager(QRectF(access_right - 428, 648, 428, 60));
}

} // namespace machiai::desk
