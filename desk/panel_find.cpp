// SPDX-License-Identifier: Apache-2.0
// Finds a number: its digits on the pad, and the rows they lead to.
#include "desk/sheet.hpp"

namespace machiai::desk {

namespace look = seat::look;

void add_find(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(240, 110, 800, 520), c->say("find"));
  sheet.close();
  const QString digits = QString::fromStdString(c->screen.inside.digits);
  sheet.paint([=](QPainter& p) {
    const QRectF box(268, 190, 360, 96);
    look::panel_box(p, box, 12, look::paper, look::line_strong, 2);
    look::line_text(p, box.adjusted(16, 0, -16, 0), digits.isEmpty() ? "—" : digits,
                    {56, true, digits.isEmpty() ? look::line_strong : look::ink, "ja"}, Qt::AlignCenter);
  });
  sheet.pad(QRectF(660, 190, 352, 416));
  const auto& matches = c->screen.matches;
  if (matches.empty())
    sheet.text(QRectF(268, 300, 360, 120),
               c->say(digits.isEmpty() ? "find.hint" : "find.none", {{"n", digits}}),
               {22, !digits.isEmpty(), digits.isEmpty() ? look::ink_2 : look::ink, c->lang});
  double y = 300;
  for (const Match& match : matches) {
    const QString words =
        c->say("find.row", {{"n", QString::fromStdString(match.number)},
                            {"name", QString::fromStdString(match.name)},
                            {"state", c->say("ticket." + QString::fromStdString(match.state))}});
    sheet.key("find-" + QString::fromStdString(match.ticket), QRectF(268, y, 360, 68), words.simplified(),
              {.primary = &match == &matches.front(), .px = 21});
    y += 77;
  }
}

} // namespace machiai::desk
