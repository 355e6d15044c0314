// SPDX-License-Identifier: Apache-2.0
// The layer above: receive a patient, open and close counters, health, keys.
#include "desk/scene.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

namespace {

/// The ground of a dialog: what is below stays visible under a scrim and cannot be touched.
void add_sheet(const Shared& c, seat::Scene& scene, const QRectF& box, const QString& title) {
  // Touching beside the sheet closes it, except where something typed would be lost.
  const bool closes = c->screen.panel != Panel::receive;
  scene.touch.push_back({closes ? "close-panel" : "scrim", c->say("close-panel"),
                         QRectF(QPointF(0, 0), design_size),
                         [=](QPainter& p, bool) {
                           QColor scrim = look::ink;
                           scrim.setAlphaF(0.4F);
                           p.fillRect(QRectF(QPointF(0, 0), design_size), scrim);
                         },
                         closes});
  // Disabled: it takes no touch and keeps the closing area below it from taking one.
  scene.touch.push_back({"sheet", title, box,
                         [=](QPainter& p, bool) {
                           look::panel_box(p, box, 18, look::panel, look::ai_act, 3);
                           look::line_text(p, QRectF(box.left() + 28, box.top() + 14, box.width() - 200, 56),
                                           title, {28, true, look::ink, c->lang});
                         },
                         false});
}

void add_close(const Shared& c, seat::Scene& scene, const QRectF& sheet, const QString& name,
               const QString& words) {
  add_key(c, scene, name, QRectF(sheet.right() - 148, sheet.top() + 16, 124, 52), words, true, false, false,
          20);
}

void add_label(const Shared& c, seat::Scene& scene, const QRectF& box, const QString& key,
               const QString& sub = {}) {
  // A disabled area, so that it is painted above the sheet and never takes a touch away.
  scene.touch.push_back(
      {"label-" + key, c->say(key), box,
       [=](QPainter& p, bool) {
         look::line_text(
             p, sub.isEmpty() ? box : QRectF(box.left(), box.top(), box.width(), box.height() * 0.58),
             c->say(key), {20, true, look::ink, c->lang});
         if (!sub.isEmpty())
           look::line_text(
               p, QRectF(box.left(), box.top() + box.height() * 0.55, box.width(), box.height() * 0.4), sub,
               {15, false, look::ink_2, c->lang});
       },
       false});
}

QString kind_words(const Context& c, const std::string& kind) {
  const QString key = "kind." + QString::fromStdString(kind);
  return c.phrases->has(key) ? c.say(key) : QString::fromStdString(kind);
}

void add_choices(const Shared& c, seat::Scene& scene, double y, const QString& label, const QString& prefix,
                 const std::vector<std::pair<QString, QString>>& choices, const QString& chosen) {
  add_label(c, scene, QRectF(168, y, 140, 56), label);
  const double count = static_cast<double>(std::max<std::size_t>(1, choices.size()));
  const double wide = std::min(240.0, (796 - 12 * (count - 1)) / count);
  for (std::size_t i = 0; i < choices.size(); ++i)
    add_key(c, scene, prefix + choices[i].first,
            QRectF(316 + static_cast<double>(i) * (wide + 12), y, wide, 56), choices[i].second, true, false,
            choices[i].first == chosen, 21);
}

/// A keypad for the card number: the desk may have no keyboard.
void add_keypad(const Shared& c, seat::Scene& scene) {
  const QStringList keys{"1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "left"};
  for (int i = 0; i < keys.size(); ++i) {
    const int row = i / 3;
    const QRectF box(760 + (i % 3) * 120.0, 330 + row * 64.0, 112, 56);
    const QString words = keys[i] == "clear"  ? c->say("receive.clear")
                          : keys[i] == "left" ? QString("←")
                                              : keys[i];
    add_key(c, scene, "key-" + keys[i], box, words, true, false, false, keys[i].size() == 1 ? 26 : 20);
  }
}

void add_receive(const Shared& c, seat::Scene& scene) {
  const QRectF sheet(140, 92, 1000, 620);
  add_sheet(c, scene, sheet, c->say("receive.title"));
  const Draft& draft = c->screen.draft;
  std::vector<std::pair<QString, QString>> services;
  std::vector<std::pair<QString, QString>> kinds;
  bool open = false;
  for (const ServiceTab& service : c->screen.services) {
    services.emplace_back(QString::fromStdString(service.id), c->name(service.name));
    if (service.id != draft.service) continue;
    open = service.state == "open";
    for (const std::string& kind : service.kinds)
      kinds.emplace_back(QString::fromStdString(kind), kind_words(*c, kind));
  }
  if (services.size() > 1)
    add_choices(c, scene, 178, "receive.service", "draft-service-", services,
                QString::fromStdString(draft.service));
  if (!kinds.empty())
    add_choices(c, scene, 250, "receive.kind", "draft-kind-", kinds, QString::fromStdString(draft.kind));
  const QString optional = c->say("receive.optional");
  add_label(c, scene, QRectF(168, card_field.top(), 140, 56), "receive.card", optional);
  add_label(c, scene, QRectF(168, name_field.top(), 140, 56), "receive.name", optional);
  add_key(c, scene, "draft-print", QRectF(316, 522, 400, 56),
          c->say(draft.print ? "receive.print" : "receive.noprint"), true, false, draft.print, 20);
  add_keypad(c, scene);
  const bool ready = c->screen.reachable && open && c->screen.pending.empty();
  add_key(c, scene, "close-panel", QRectF(168, 612, 300, 76), c->say("receive.cancel"), true, false, false,
          24);
  add_key(c, scene, "draft-take", QRectF(488, 612, 624, 76),
          open ? c->say("receive.take") : c->say("empty.closed"), ready, true, false, 28);
}

void add_session_sheet(const Shared& c, seat::Scene& scene) {
  const auto& services = c->screen.services;
  const double high = 96 + 92 * static_cast<double>(services.size()) + 16;
  const QRectF sheet(240, 76, 800, std::min(700.0, high));
  add_sheet(c, scene, sheet, c->say("session.title"));
  add_close(c, scene, sheet, "close-sheet", c->say("close-panel"));
  for (std::size_t i = 0; i < services.size(); ++i) {
    const ServiceTab service = services[i];
    const double y = sheet.top() + 92 + static_cast<double>(i) * 92;
    const QString id = QString::fromStdString(service.id);
    const bool open = service.state == "open";
    QString sub = c->say("state." + QString::fromStdString(service.state));
    if (open)
      sub += "　" + c->say("session.waiting", {{"n", QString::number(service.waiting)}});
    else if (!service.opens_at.empty())
      sub += "　" + c->say("session.opens", {{"t", QString::fromStdString(service.opens_at)}});
    const QRectF box(sheet.left() + 28, y, 420, 76);
    scene.touch.push_back({"label-" + id, c->name(service.name), box,
                           [=](QPainter& p, bool) {
                             look::icon(p,
                                        open                        ? "check"
                                        : service.state == "closed" ? "moon"
                                                                    : "clock",
                                        QRectF(box.left(), box.center().y() - 18, 36, 36),
                                        open ? look::moss : look::ink_2);
                             look::line_text(p, QRectF(box.left() + 52, box.top() + 6, 360, 36),
                                             c->name(service.name), {24, true, look::ink, c->lang});
                             look::line_text(p, QRectF(box.left() + 52, box.top() + 42, 360, 28), sub,
                                             {18, false, look::ink_2, c->lang});
                           },
                           false});
    add_key(c, scene, (open ? "close-" : "open-") + id, QRectF(sheet.right() - 308, y, 280, 72),
            c->say(open ? "close" : "open"), c->screen.reachable && c->screen.pending.empty(), !open, false,
            23);
  }
}

void add_troubles(const Shared& c, seat::Scene& scene) {
  std::vector<Chip> chips;
  for (const Chip& chip : c->screen.chips)
    if (chip.level != "ok") chips.push_back(chip);
  if (chips.size() > 6) chips.resize(6);
  const double rows = static_cast<double>(std::max<std::size_t>(1, chips.size()));
  const QRectF sheet(240, 76, 800, 96 + rows * 92 + 12);
  add_sheet(c, scene, sheet, c->say("trouble.title"));
  add_close(c, scene, sheet, "close-sheet", c->say("close-panel"));
  scene.touch.push_back({"label-troubles", c->say("trouble.title"),
                         QRectF(sheet.left(), sheet.top() + 84, sheet.width(), rows * 92),
                         [=](QPainter& p, bool) {
                           double y = sheet.top() + 92;
                           if (chips.empty())
                             look::line_text(p, QRectF(sheet.left() + 28, y, 700, 70), c->say("trouble.none"),
                                             {24, false, look::ink, c->lang});
                           for (const Chip& chip : chips) {
                             const QRectF box(sheet.left() + 28, y, sheet.width() - 56, 80);
                             const bool fault = chip.level == "fault";
                             look::panel_box(p, box, 12, fault ? look::kaki_pale : look::yamabuki_pale);
                             look::icon(p, "warn", QRectF(box.left() + 16, box.center().y() - 16, 32, 32),
                                        fault ? look::kaki : look::ink);
                             look::line_text(p, QRectF(box.left() + 64, box.top(), 110, 80),
                                             c->say("chip." + QString::fromStdString(chip.part)),
                                             {20, true, fault ? look::kaki : look::ink, c->lang});
                             look::text(p, QRectF(box.left() + 184, box.top() + 4, box.width() - 200, 72),
                                        reason_words(*c, chip.reason), {20, false, look::ink, c->lang});
                             y += 92;
                           }
                         },
                         false});
}

void add_keys_help(const Shared& c, seat::Scene& scene) {
  const QStringList lines = c->say("help.lines").split('\n');
  const QRectF sheet(340, 130, 600, 100 + 52.0 * static_cast<double>(lines.size()) + 20);
  add_sheet(c, scene, sheet, c->say("help.title"));
  add_close(c, scene, sheet, "close-sheet", c->say("close-panel"));
  scene.touch.push_back(
      {"label-help", c->say("help.title"), sheet.adjusted(20, 84, -20, -10),
       [=](QPainter& p, bool) {
         double y = sheet.top() + 92;
         for (const QString& line : lines) {
           const QRectF cap(sheet.left() + 28, y + 4, 120, 42);
           look::panel_box(p, cap, 8, look::ai_pale, look::line_strong, 2);
           look::line_text(p, cap, line.section('|', 0, 0), {20, true, look::ai, "ja"}, Qt::AlignCenter);
           look::line_text(p, QRectF(cap.right() + 20, y, 400, 50), line.section('|', 1),
                           {21, false, look::ink, c->lang});
           y += 52;
         }
       },
       false});
}

} // namespace

bool has_overlay(const Screen& screen) {
  return screen.panel != Panel::none && screen.panel != Panel::more && screen.panel != Panel::move;
}

seat::Scene overlay_scene(const Shared& c) {
  seat::Scene scene;
  scene.size = design_size;
  if (c->screen.panel == Panel::receive) add_receive(c, scene);
  if (c->screen.panel == Panel::session) add_session_sheet(c, scene);
  if (c->screen.panel == Panel::troubles) add_troubles(c, scene);
  if (c->screen.panel == Panel::help) add_keys_help(c, scene);
  return scene;
}

} // namespace machiai::desk
