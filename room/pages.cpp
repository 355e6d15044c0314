// SPDX-License-Identifier: Apache-2.0
// The way to a key: the page where address and code are entered, and the one where signs are compared.
#include "room/scene.hpp"
#include "seat/text.hpp"

namespace machiai::room {

namespace look = seat::look;
using seat::text_of;

namespace {

bool waits(const Context& c) {
  return c.screen.page != Page::enter && c.screen.page != Page::compare;
}

void add_field(const Shared& c, seat::Scene& scene, const QString& name, const QRectF& box,
               const QString& typed, bool chosen) {
  const bool free = !waits(*c);
  const QString label = c->say(name);
  scene.add([c, box, label](QPainter& p) {
    look::line_text(p, QRectF(box.left() + 4, box.top() - 36, box.width(), 34), label,
                    {21, true, look::ink, c->lang});
  });
  const auto paint = [c, box, typed, chosen, address = name == "field.address"](QPainter& p, bool) {
    look::panel_box(p, box, 14, look::panel, chosen ? look::ai_act : look::line_strong, chosen ? 6 : 3);
    const QRectF in = box.adjusted(26, 8, -26, -8);
    if (typed.isEmpty() && address)
      return look::line_text(p, in, c->say("field.hint"), {28, false, look::ink_2, c->lang});
    const QString shown = address ? typed : typed.left(3) + (typed.size() > 3 ? " " : "") + typed.mid(3);
    look::line_text(p, in, shown, {address ? 40.0 : 64.0, true, look::ink, "ja"},
                    Qt::AlignLeft | Qt::AlignVCenter, 0.35);
  };
  QString touch = name;
  scene.touch.push_back({touch.replace('.', '-'), label, box, paint, free});
}

/// 1 2 3 delete / 4 5 6 . / 7 8 9 : / 0
void add_pad(const Shared& c, seat::Scene& scene) {
  const QRectF pad = c->frame.pad;
  constexpr double gap = 16;
  const double wide = (pad.width() - 3 * gap) / 4;
  const double tall = (pad.height() - 3 * gap) / 4;
  static const QStringList keys{"1", "2", "3", "left", "4", "5", "6", ".", "7", "8", "9", ":"};
  const bool free = !waits(*c);
  const auto key = [&](const QString& name, const QRectF& box) {
    const bool left = name == "left";
    const bool sign = name == "." || name == ":";
    const Key look_of{.words = left ? c->say("key.left") : name,
                      .px = left ? 30.0 : 48.0,
                      .enabled = free && !(sign && c->screen.entry.at_code)};
    add_key(c, scene, "key-" + name, box, look_of);
  };
  for (int i = 0; i < keys.size(); ++i)
    key(keys[i], QRectF(pad.left() + (i % 4) * (wide + gap), pad.top() + (i / 4) * (tall + gap), wide, tall));
  key("0", QRectF(pad.left(), pad.top() + 3 * (tall + gap), pad.width(), tall));
}

void add_title(const Shared& c, seat::Scene& scene, const QString& title, const QString& how) {
  scene.add([c, title, how](QPainter& p) {
    look::line_text(p, c->frame.title, title, {34, true, look::ink, c->lang});
    look::text(p, c->frame.how, how, {21, false, look::ink_2, c->lang}, Qt::AlignLeft | Qt::AlignTop);
  });
}

/// What goes on, or why it did not work.
void add_reason(const Shared& c, seat::Scene& scene) {
  const Entry& entry = c->screen.entry;
  const bool wait = waits(*c);
  if (!wait && entry.reason.empty()) return;
  const QString words = wait ? c->say(c->screen.page == Page::looking ? "entry.looking" : "entry.joining")
                             : reason_words(*c, entry.reason);
  scene.add([c, wait, words](QPainter& p) {
    const QRectF box = c->frame.reason;
    const QColor ink = wait ? look::ink : look::kaki;
    look::panel_box(p, box, 14, wait ? look::ai_pale : look::kaki_pale, wait ? look::ai_pale : look::kaki, 3);
    look::icon(p, wait ? "hourglass" : "warn", QRectF(box.left() + 18, box.center().y() - 20, 40, 40), ink);
    look::text(p, box.adjusted(74, 8, -16, -8), words, {24, true, ink, c->lang});
  });
}

} // namespace

void add_entry(const Shared& c, seat::Scene& scene) {
  const Entry& entry = c->screen.entry;
  const bool free = !waits(*c);
  add_title(c, scene, c->say("entry.title"), c->say("entry.how"));
  add_field(c, scene, "field.address", c->frame.address, text_of(entry.address), free && !entry.at_code);
  add_field(c, scene, "field.code", c->frame.code, text_of(entry.code), free && entry.at_code);
  add_reason(c, scene);
  add_pad(c, scene);
  if (c->screen.has_key) add_key(c, scene, "keep", c->frame.keep, {.words = c->say("keep"), .enabled = free});
  add_key(c, scene, "go", c->frame.go,
          {.icon = "link", .words = c->say("go"), .px = 34, .enabled = free, .primary = true});
}

void add_compare(const Shared& c, seat::Scene& scene) {
  add_title(c, scene, c->say("compare.title"), c->say("compare.how"));
  scene.add([c](QPainter& p) {
    const QRectF box = c->frame.check;
    look::panel_box(p, box, 20, look::panel, look::ai_act, 4);
    QStringList groups = text_of(c->screen.entry.check).split(' ');
    QStringList rows{groups.join("  ")};
    if (c->frame.upright) rows = QStringList{groups.mid(0, 3).join("  "), groups.mid(3).join("  ")};
    const double tall = (box.height() - 40) / static_cast<double>(rows.size());
    for (int i = 0; i < rows.size(); ++i)
      look::number(p, QRectF(box.left() + 30, box.top() + 20 + i * tall, box.width() - 60, tall), rows[i], 88,
                   look::ink);
  });
  add_key(c, scene, "differs", c->frame.differs, {.icon = "cross", .words = c->say("differs"), .px = 28});
  add_key(c, scene, "same", c->frame.same,
          {.icon = "check", .words = c->say("same"), .px = 32, .primary = true});
}

} // namespace machiai::room
