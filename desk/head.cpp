// SPDX-License-Identifier: Apache-2.0
// The head (session, health, clock) and the strip of the programme at the foot.
#include "desk/scene.hpp"

#include <algorithm>
#include <array>

namespace machiai::desk {

namespace look = seat::look;

namespace {

const ServiceTab* chosen(const Screen& screen) {
  for (const ServiceTab& service : screen.services)
    if (service.on) return &service;
  return nullptr;
}

QString session_words(const Context& c) {
  const ServiceTab* service = chosen(c.screen);
  if (service == nullptr) return {};
  const QString session = QString::fromStdString(c.screen.session);
  const QString state = c.say("state." + QString::fromStdString(service->state));
  const bool opened = service->state != "before" && service->state != "unopened";
  if (!c.screen.as_of.empty())
    return c.say("away.as-of", {{"t", QString::fromStdString(c.screen.as_of)}, {"was", state}});
  return session.isEmpty() || !opened ? state : c.say("session." + session) + " " + state;
}

double add_session(const Shared& c, seat::Scene& scene, double x) {
  const QString words = session_words(*c);
  const ServiceTab* service = chosen(c->screen);
  const QString icon = service != nullptr && service->state == "open"     ? "check"
                       : service != nullptr && service->state == "closed" ? "moon"
                                                                          : "clock";
  const look::Type type{20, false, look::on_dark, c->lang};
  const double wide = 14 + 22 + 8 + look::width(words, type) + 10 + 18 + 14;
  const QRectF box(x, 8, wide, 44);
  scene.touch.push_back({"session", words, box,
                         [=](QPainter& p, bool pressed) {
                           look::panel_box(p, box.adjusted(0, 2, 0, -2), 10,
                                           pressed ? look::ai_act : look::ai_chip);
                           look::icon(p, icon, QRectF(box.left() + 14, 19, 22, 22), look::yamabuki);
                           look::line_text(p, QRectF(box.left() + 44, 0, wide - 80, 60), words, type);
                           look::icon(p, "down", QRectF(box.right() - 32, 21, 18, 18), look::on_dark);
                         },
                         c->screen.ready});
  return box.right();
}

/// Who is logged in; a touch makes room for the next person.
double add_person(const Shared& c, seat::Scene& scene, double x) {
  const Staff& staff = c->screen.found.staff;
  if (staff.person.empty()) return x;
  const QString name = actor_words(*c, staff.person);
  const QString change = c->say("logout");
  const look::Type bold{20, true, look::on_dark, c->lang};
  const look::Type small{16, false, look::on_dark_2, c->lang};
  const double named = std::min(120.0, look::width(name, bold));
  const QRectF box(x + 10, 8, 44 + named + 10 + look::width(change, small) + 14, 44);
  scene.touch.push_back(
      {"logout", name + " " + change, box,
       [=](QPainter& p, bool pressed) {
         look::panel_box(p, box.adjusted(0, 2, 0, -2), 10, pressed ? look::ai_act : look::ai_chip);
         look::icon(p, "person", QRectF(box.left() + 12, 18, 24, 24), look::yamabuki);
         look::line_text(p, QRectF(box.left() + 44, 0, named + 1, 60), name, bold);
         look::line_text(p, QRectF(box.left() + 54 + named, 0, box.width() - 60 - named, 60), change, small);
       },
       c->screen.reachable && c->screen.pending.empty()});
  return box.right();
}

QString chip_words(const Context& c, const Chip& chip) {
  QString part = c.say("chip." + QString::fromStdString(chip.part));
  if (chip.level == "ok") return part;
  const QString key = "short." + QString::fromStdString(chip.reason);
  return part + " " + c.say(c.phrases->has(key) ? key : "chip." + QString::fromStdString(chip.level));
}

QString chip_icon(const Chip& chip) {
  if (chip.level == "ok") return "check";
  if (chip.part == "printer") return "printer";
  if (chip.part == "voice") return "mute";
  if (chip.part == "clock") return "clock";
  if (chip.part == "film") return "film";
  if (chip.part == "display") return "tv";
  if (chip.part == "kiosk" || chip.part == "seat" || chip.part == "room") return "phone";
  if (chip.part == "link" || chip.part == "cloud") return "linkoff";
  return "warn";
}

/// Chips from the right edge inwards, worst first from the left; what does not fit is counted.
void add_chips(const Shared& c, seat::Scene& scene, double left, double right) {
  const std::vector<Chip>& chips = c->screen.chips;
  const double px = c->lang == "ja" ? 19 : 17;
  const auto wide = [&](const Chip& chip) {
    return 13 + 24 + 7 + look::width(chip_words(*c, chip), {px, true, look::ink, c->lang}) + 13;
  };
  double sum = 0;
  std::size_t shown = 0;
  for (const Chip& chip : chips) {
    const double reserve = shown + 1 < chips.size() ? 90 : 0;
    if (shown > 0 && sum + 10 + wide(chip) + reserve > right - left) break;
    sum += 10 + wide(chip);
    ++shown;
  }
  const int more = static_cast<int>(chips.size() - shown);
  double x = right - sum - (more > 0 ? 90 : 0);
  for (std::size_t i = 0; i < shown; ++i) {
    const Chip chip = chips[i];
    x += 10;
    const QRectF box(x, 8, wide(chip), 44);
    const QString words = chip_words(*c, chip);
    const bool ok = chip.level == "ok";
    const QColor fill = ok ? look::ai_chip : chip.level == "fault" ? look::kaki_pale : look::yamabuki;
    const QColor ink = ok ? look::on_dark : chip.level == "fault" ? look::kaki : look::ink;
    // Pressed, it says that somebody goes there.
    const QString name = chip.reason == "patient_waits" ? "attend-%1" : "chip-%1";
    scene.touch.push_back({name.arg(i), words, box,
                           [=](QPainter& p, bool pressed) {
                             look::panel_box(p, box.adjusted(0, 2, 0, -2), 10, pressed ? look::line : fill);
                             look::icon(p, chip_icon(chip), QRectF(box.left() + 13, 18, 24, 24), ink);
                             look::line_text(p, QRectF(box.left() + 44, 0, box.width() - 52, 60), words,
                                             {px, true, ink, c->lang});
                           },
                           c->screen.ready});
    x = box.right();
  }
  if (more > 0) {
    const QString words = c->say("chip.more", {{"n", QString::number(more)}});
    scene.add([=](QPainter& p) {
      look::line_text(p, QRectF(x + 12, 0, 80, 60), words, {18, true, look::on_dark_2, c->lang});
    });
  }
}

} // namespace

void add_head(const Shared& c, seat::Scene& scene) {
  const look::Type name{23, true, look::on_dark, c->lang};
  const QString facility = c->name(c->screen.facility);
  const double wide = std::min(330.0, look::width(facility, name));
  const QString clock = QString::fromStdString(c->screen.clock);
  const double clock_wide = look::width(clock, {30, true, look::on_dark, "ja"});
  scene.add([=](QPainter& p) {
    p.fillRect(QRectF(0, 0, 1280, 60), look::ai_deep);
    look::line_text(p, QRectF(18, 0, wide + 1, 60), facility, name);
    look::line_text(p, QRectF(1262 - clock_wide, 0, clock_wide + 1, 60), clock,
                    {30, true, look::on_dark, "ja"});
  });
  double left = 18 + wide + (facility.isEmpty() ? 0 : 18);
  if (c->screen.ready) left = add_session(c, scene, left);
  left = add_person(c, scene, left);
  add_chips(c, scene, left + 16, 1262 - clock_wide - 20);
}

namespace {

QString strip_title(const Context& c, const std::string& kind, const std::string& ja, const std::string& en) {
  const std::string& title = c.lang == "ja" || en.empty() ? ja : en;
  return title.empty() ? c.say("kind-of-item." + QString::fromStdString(kind))
                       : QString::fromStdString(title);
}

/// What is on the screen now: its title, its kind and until when. Relaxation has a dashed edge.
void paint_now(QPainter& p, const Context& c) {
  const Strip& strip = c.screen.strip;
  const std::string kind = strip.known ? strip.kind : "scene";
  const QRectF item(176, 737, 204, 52);
  look::panel_box(p, item, 8, look::panel);
  QPen pen(look::line_strong, 2);
  if (kind == "scene" || kind == "relaxation") pen.setDashPattern({3, 2});
  p.setPen(pen);
  p.setBrush(Qt::NoBrush);
  p.drawRoundedRect(item.adjusted(1, 1, -1, -1), 8, 8);
  const QString until =
      strip.until.empty() ? QString() : c.say("strip.until", {{"time", QString::fromStdString(strip.until)}});
  const QString words = c.say("kind-of-item." + QString::fromStdString(kind));
  if (!c.screen.reachable)
    return look::line_text(p, item.adjusted(12, 0, -12, 0), c.say("away.unknown"),
                           {17, true, look::ink, c.lang});
  const bool titled = !strip.title.empty();
  look::line_text(p, QRectF(188, 741, 184, 23), strip_title(c, kind, strip.title, strip.title_en),
                  {17, true, look::ink, c.lang});
  look::line_text(p, QRectF(188, 764, 184, 20),
                  titled && !until.isEmpty() ? words + "　" + until
                  : titled                   ? words
                                             : until,
                  {15, false, look::ink_2, c.lang});
}

/// Why it is relaxation, what comes next, and what the clinic still has to approve.
void paint_beside(QPainter& p, const Context& c) {
  if (!c.screen.reachable) return; // of the waiting room's screen nothing is known now
  const Strip& strip = c.screen.strip;
  const QString reason = "strip.why." + QString::fromStdString(strip.reason);
  const QStringList none = c.say("strip.none").split('\n');
  QString first = !strip.known ? none.value(0) : c.phrases->has(reason) ? c.say(reason) : QString();
  const QString next = c.say(
      "strip.next", {{"title", strip_title(c, strip.next_kind, strip.next_title, strip.next_title_en)}});
  const QString owed = c.say("strip.approve", {{"deadline", QString::fromStdString(strip.deadline)}});
  QString second = !strip.known ? none.value(1) : strip.waiting.empty() ? next : owed;
  if (first.isEmpty()) std::swap(first, second);
  if (first == owed && strip.known) second = next;
  if (second.isEmpty()) {
    look::text(p, QRectF(394, 728, 310, 70), first, {17, false, look::ink_2, c.lang});
    return;
  }
  look::line_text(p, QRectF(394, 738, 310, 24), first, {16, first == owed, look::ink, c.lang});
  look::line_text(p, QRectF(394, 764, 310, 24), second, {16, second == owed, look::ink, c.lang});
}

/// The strip itself is the key to the programme's panel.
void add_programme_key(const Shared& c, seat::Scene& scene) {
  const QRectF box(8, 732, 700, 62);
  scene.touch.push_back({"programme", c->say("programme.title"), box,
                         [=](QPainter& p, bool pressed) {
                           if (pressed) look::panel_box(p, box, 12, look::ai_pale);
                           const bool muted = c->screen.strip.muted;
                           look::icon(p, muted ? "mute" : "film", QRectF(18, 748, 30, 30), look::ink);
                           look::line_text(p, QRectF(58, 726, 110, muted ? 50 : 74), c->say("strip.title"),
                                           {18, true, look::ink, c->lang});
                           if (muted)
                             look::line_text(p, QRectF(58, 764, 112, 24), c->say("strip.muted"),
                                             {15, false, look::ink_2, c->lang});
                           paint_now(p, *c);
                           paint_beside(p, *c);
                         },
                         c->screen.reachable && c->screen.strip.known});
}

} // namespace

void add_strip(const Shared& c, seat::Scene& scene) {
  scene.add([=](QPainter& p) {
    const QRectF box(0, 724, 1280, 76);
    p.fillRect(box, QColor(0xE1, 0xE9, 0xE9));
    p.fillRect(QRectF(0, 724, 1280, 2), look::line);
  });
  add_programme_key(c, scene);
  const QString shown = c->screen.messages.empty() ? QString() : QString::number(c->screen.messages.size());
  const std::array<std::array<const char*, 2>, 4> keys{
      {{"messages", "notice"}, {"records", "chart"}, {"devices", "phone"}, {"help", "info"}}};
  constexpr double wide = 134, gap = 6;
  double x = 1264 - 4 * wide - 3 * gap;
  for (const auto& [name, icon] : keys) {
    const QRectF box(x, 736, wide, 56);
    const QString words =
        c->say(QString("strip.") + name) + (name == keys[0][0] && !shown.isEmpty() ? " " + shown : "");
    const bool marked = name == keys[0][0] && !shown.isEmpty();
    const bool help = QString(name) == "help";
    // Of the records it is said on their page that they wait; a message or a device is the hub's to change.
    const bool enabled = help || (QString(name) == "records" ? c->screen.ready : c->screen.reachable);
    scene.touch.push_back({name, words, box,
                           [=, picture = QString(icon)](QPainter& p, bool pressed) {
                             look::panel_box(p, box, 12,
                                             !enabled  ? look::paper
                                             : pressed ? look::ai_pale
                                             : marked  ? look::yamabuki
                                                       : look::panel,
                                             enabled ? look::line_strong : look::line, 2);
                             look::icon(p, picture, QRectF(box.left() + 12, box.center().y() - 13, 26, 26),
                                        !enabled ? look::line_strong
                                        : marked ? look::ink
                                                 : look::ai_act);
                             look::line_text(p, box.adjusted(45, 0, -8, 0), words,
                                             {18, true, enabled ? look::ink : look::line_strong, c->lang});
                           },
                           enabled, false, help ? c->say("help.lines").replace('|', ": ") : QString()});
    x += wide + gap;
  }
}

} // namespace machiai::desk
