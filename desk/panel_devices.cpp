// SPDX-License-Identifier: Apache-2.0
// What hangs on the station: its health in words with what to do, and the tablets that are let in.
#include "desk/sheet.hpp"
#include "seat/text.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;
using seat::text_of;

namespace {

constexpr QRectF devices_box{140, 64, 1000, 654};
constexpr double health_row = 84;

QString room_words(const Context& c, const std::string& id) {
  for (const RoomTab& room : c.screen.rooms)
    if (room.id == id) return c.name(room.name);
  return text_of(id);
}

/// What the contract says, when, and the provider's own words for it. What holds is told by its end alone.
QString standing_words(const Context& c, const Chip& chip) {
  const bool from = !chip.from.empty() && chip.level == "ahead";
  const QString key = from && !chip.until.empty() ? "standing.span"
                      : from                      ? "standing.from"
                      : !chip.until.empty()       ? "standing.until"
                                                  : "";
  QString words = reason_words(c, chip.reason);
  if (!key.isEmpty()) words = c.say(key, {{"a", text_of(chip.from)}, {"b", text_of(chip.until)}}) + words;
  return chip.words.empty() ? words : words + c.say("standing.words", {{"w", text_of(chip.words)}});
}

QString health_words(const Context& c, const Chip& chip) {
  const QString since = QString::fromStdString(base::clock_text(c.screen.link.since));
  if (chip.level == "ok" || chip.level == "none")
    return c.say((chip.level == "ok" ? "well." : "absent.") + text_of(chip.part), {{"t", since}});
  if (chip.part == "contract") return standing_words(c, chip);
  const QString words = reason_words(c, chip.reason);
  return chip.part == "cloud" ? c.say("since", {{"t", since}}) + words : words;
}

void add_part(Sheet& sheet, const Chip& health, double y) {
  const Context& c = sheet.c();
  const bool told = health.level == "none" || health.level == "ahead"; // nothing to see to
  const bool ok = health.level == "ok" || told;
  const bool fault = health.level == "fault";
  const QRectF box(devices_box.left() + 24, y, devices_box.width() - 48, health_row - 8);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 12, ok ? look::paper : fault ? look::kaki_pale : look::yamabuki_pale);
    const QString icon = told ? "info" : ok ? "check" : "warn";
    look::icon(p, icon, QRectF(box.left() + 16, box.center().y() - 16, 32, 32),
               ok      ? look::moss
               : fault ? look::kaki
                       : look::ink);
  });
  const QString name = c.say("chip." + text_of(health.part));
  sheet.line(QRectF(box.left() + 62, box.top() + 8, 150, 34), name,
             {20, true, fault ? look::kaki : look::ink, c.lang});
  sheet.line(QRectF(box.left() + 62, box.top() + 40, 150, 26), c.say("level." + text_of(health.level)),
             {16, false, fault ? look::kaki : look::ink_2, c.lang});
  sheet.text(QRectF(box.left() + 220, box.top() + 4, box.width() - 236, box.height() - 8),
             health_words(c, health), {20, false, look::ink, c.lang});
}

void add_device(Sheet& sheet, const Device& device, double y) {
  const Context& c = sheet.c();
  const QRectF box(devices_box.left() + 24, y, devices_box.width() - 48, 84);
  const bool asked = c.screen.inside.confirm == device.id;
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 12, asked ? look::yamabuki_pale : look::paper);
    look::icon(p, device.connected ? "link" : "linkoff",
               QRectF(box.left() + 16, box.center().y() - 17, 34, 34),
               device.connected ? look::moss : look::ink_2);
  });
  const double words = asked ? 420 : 660;
  sheet.line(QRectF(box.left() + 66, box.top() + 8, words, 36),
             text_of(device.name) + "　" + room_words(c, device.room), {22, true, look::ink, c.lang});
  const QString sub =
      asked ? c.say("devices.sure")
            : c.say(device.connected ? "devices.on" : "devices.off", {{"d", text_of(device.seen)}}) + "　" +
                  c.say("devices.paired", {{"d", text_of(device.paired)}});
  sheet.line(QRectF(box.left() + 66, box.top() + 44, words, 30), sub, {17, asked, look::ink_2, c.lang});
  if (!asked) {
    sheet.key("revoke-" + text_of(device.id), QRectF(box.right() - 196, box.top() + 12, 184, 60),
              c.say("revoke"), {.enabled = sheet.free(), .px = 19});
    return;
  }
  sheet.key("keep-device", QRectF(box.right() - 428, box.top() + 12, 180, 60), c.say("receive.cancel"),
            {.px = 19});
  sheet.key("unpair-do", QRectF(box.right() - 236, box.top() + 12, 224, 60), c.say("unpair-do"),
            {.enabled = sheet.free(), .primary = true, .px = 20});
}

void add_code(Sheet& sheet) {
  const Context& c = sheet.c();
  const Pairing& pairing = c.screen.found.pairing;
  const bool over = c.screen.code_seconds == 0;
  QString code = text_of(pairing.code);
  if (code.size() == 6) code = code.left(3) + " " + code.mid(3);
  sheet.line(QRectF(248, 148, 784, 36), c.say("pair.open"), {21, true, look::ink, c.lang});
  const QRectF address(248, 186, 784, 58);
  sheet.paint([=](QPainter& p) { look::panel_box(p, address, 12, look::paper, look::line_strong, 2); });
  sheet.line(address.adjusted(18, 0, -18, 0), text_of(pairing.address), {30, true, look::ai, "ja"});
  sheet.line(QRectF(248, 252, 784, 36), c.say("pair.type"), {21, true, look::ink, c.lang});
  const QRectF box(248, 290, 784, 118);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 16, over ? look::stone_fill : look::ai);
    look::line_text(p, box, code, {84, true, over ? look::ink_2 : look::on_dark, "ja"}, Qt::AlignCenter);
  });
  sheet.line(QRectF(248, 416, 784, 36), c.say("pair.check"), {21, true, look::ink, c.lang});
  const QRectF check(248, 454, 784, 58);
  sheet.paint([=](QPainter& p) { look::panel_box(p, check, 12, look::paper, look::line_strong, 2); });
  sheet.line(check.adjusted(18, 0, -18, 0), text_of(pairing.check), {30, true, look::ai, "ja"});
  sheet.line(QRectF(248, 516, 784, 40),
             over ? c.say("pair.over")
                  : c.say("pair.left", {{"t", elapsed(c, c.screen.code_seconds, true)},
                                        {"room", room_words(c, pairing.room)}}),
             {22, true, over ? look::kaki : look::ink, c.lang});
  sheet.text(QRectF(248, 556, 784, 64), c.say("pair.hint"), {18, false, look::ink_2, c.lang});
  if (over)
    sheet.key("pair-do", QRectF(248, 624, 784, 76), c.say("pair.again"),
              {.enabled = sheet.free(), .primary = true, .px = 24});
}

} // namespace

void add_troubles(const Shared& c, seat::Scene& scene) {
  const std::vector<Chip>& list = c->screen.health;
  const bool several = c->screen.pages > 1;
  // The keys stay where they are, however few are on the last page.
  const double rows = static_cast<double>(several ? health_at_once : list.size());
  Sheet sheet(c, scene,
              QRectF(devices_box.left(), devices_box.top(), devices_box.width(), 88 + rows * health_row + 64),
              c->say("trouble.title"));
  sheet.close();
  double y = devices_box.top() + 84;
  for (const Chip& health : list) {
    add_part(sheet, health, y);
    y += health_row;
  }
  const double foot = devices_box.top() + 84 + rows * health_row;
  if (several)
    sheet.pager(QRectF(devices_box.left() + 24, foot - health_row + 4, devices_box.width() - 48, 60));
  sheet.key("devices", QRectF(devices_box.left() + 24, foot + 2, devices_box.width() - 48, 56),
            c->say("devices.title"), {.px = 20});
}

void add_devices(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, devices_box, c->say("devices.title"));
  sheet.close();
  const Devices& devices = c->screen.found.devices;
  const QRectF list(devices_box.left() + 40, 220, devices_box.width() - 80, 280);
  if (!devices.known) {
    if (sheet.waits(list)) return;
  } else if (devices.rows.empty()) {
    sheet.text(list, c->say("devices.none"), {22, false, look::ink_2, c->lang}, Qt::AlignCenter);
  }
  double y = 146;
  for (const Device& device : devices.rows) {
    add_device(sheet, device, y);
    y += 92;
  }
  const bool off = devices.address.empty();
  if (off)
    sheet.text(QRectF(devices_box.left() + 24, 606, 520, 100),
               reason_words(*c, devices.trouble.empty() ? "lan_off" : devices.trouble),
               {18, true, look::kaki, c->lang});
  else
    sheet.pager(QRectF(devices_box.left() + 24, 626, 460, 64));
  sheet.key("pair", QRectF(devices_box.right() - 424, 616, 400, 84), c->say("pair"),
            {.enabled = sheet.free() && devices.known && !off, .primary = true, .px = 24});
}

void add_pair(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(220, 64, 840, 654), c->say("pair.title"));
  sheet.close();
  if (!c->screen.found.pairing.code.empty()) return add_code(sheet);
  sheet.line(QRectF(248, 156, 784, 40), c->say("pair.name"), {20, true, look::ink, c->lang});
  sheet.line(QRectF(248, 258, 784, 28), c->say("pair.name.hint"), {17, false, look::ink_2, c->lang});
  sheet.line(QRectF(248, 306, 784, 40), c->say("pair.room"), {20, true, look::ink, c->lang});
  const auto& rooms = c->screen.rooms;
  constexpr std::size_t most = 12;
  const std::size_t across = rooms.size() > 9 ? 4 : 3;
  const double wide = (784 - 8 * static_cast<double>(across - 1)) / static_cast<double>(across);
  for (std::size_t i = 0; i < std::min(rooms.size(), most); ++i)
    sheet.key(
        "pair-room-" + text_of(rooms[i].id),
        QRectF(248 + static_cast<double>(i % across) * (wide + 8), 350 + grid_row(i, across) * 80, wide, 72),
        c->name(rooms[i].name), {.chosen = rooms[i].id == c->screen.inside.about, .px = 21});
  sheet.key("pair-do", QRectF(248, 616, 784, 84), c->say("pair-do"),
            {.enabled = sheet.free(), .primary = true, .px = 26});
}

} // namespace machiai::desk
