// SPDX-License-Identifier: Apache-2.0
// Which sheet lies above the screen; the dialogs that receive and amend; health; keys.
#include "desk/sheet.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr QRectF dialog{140, 92, 1000, 620};
constexpr double label_left = 168;
constexpr double field_left = 316;
constexpr double service_row = 164, kind_row = 236, card_row = 308, name_row = 380, note_row = 452,
                 print_row = 524;
constexpr int longest_note = 200; ///< characters, as the hub takes them

void add_label(Sheet& sheet, double y, const QString& key, bool optional) {
  const Context& c = sheet.c();
  const look::Type bold{20, true, look::ink, c.lang};
  if (!optional) return sheet.line(QRectF(label_left, y, 140, 56), c.say(key), bold);
  sheet.line(QRectF(label_left, y, 140, 32), c.say(key), bold);
  sheet.line(QRectF(label_left, y + 31, 140, 24), c.say("receive.optional"),
             {15, false, look::ink_2, c.lang});
}

using Choices = std::vector<std::pair<QString, QString>>; ///< id, words

constexpr double choice_high = 56, choice_px = 21;

/// Of each, where so many share a row.
double choice_width(std::size_t across) {
  const auto count = static_cast<double>(std::max<std::size_t>(1, across));
  return (796 - 12 * (count - 1)) / count;
}

/// Whether words would not stand whole on keys of that width, with the mark of the chosen one.
bool too_long(const Context& c, const Choices& choices, double wide) {
  const QSizeF room(wide - 20 - choice_px - 5, choice_high - 4);
  return std::any_of(choices.begin(), choices.end(), [&](const auto& choice) {
    return key_words(choice.second, {choice_px, true, look::ink, c.lang}, room).cut;
  });
}

/// More than these stand in two rows, and the dialog reaches further up; so do fewer with long names.
constexpr std::size_t choices_in_row = 4;

bool in_two_rows(const Context& c, const Choices& choices) {
  if (choices.size() > choices_in_row) return true;
  return choices.size() > 2 && too_long(c, choices, choice_width(choices.size()));
}

void add_choices(Sheet& sheet, double y, const QString& label, const QString& prefix, const Choices& choices,
                 const QString& chosen, bool two) {
  constexpr double high = choice_high, usual = 240;
  if (two) y -= high;
  add_label(sheet, y, label, false);
  const std::size_t across = two ? (choices.size() + 1) / 2 : choices.size();
  const double most = choice_width(across);
  const double least = std::min(usual, most);
  const double wide = too_long(sheet.c(), choices, least) ? most : least;
  for (std::size_t i = 0; i < choices.size(); ++i)
    sheet.key(prefix + choices[i].first,
              QRectF(field_left + static_cast<double>(i % across) * (wide + 12),
                     y + grid_row(i, across) * (high + 8), wide, high),
              choices[i].second, {.chosen = choices[i].first == chosen, .px = choice_px});
}

void add_kinds(Sheet& sheet, const std::vector<std::string>& kinds, const std::string& chosen) {
  Choices choices;
  for (const std::string& kind : kinds)
    choices.emplace_back(QString::fromStdString(kind), kind_words(sheet.c(), kind));
  if (!choices.empty())
    add_choices(sheet, kind_row, "receive.kind", "draft-kind-", choices, QString::fromStdString(chosen),
                choices.size() > choices_in_row);
}

/// With a keypad for the card number: the desk may have no keyboard.
void add_person(Sheet& sheet, seat::Scene& scene) {
  add_label(sheet, card_row, "receive.card", true);
  add_label(sheet, name_row, "receive.name", true);
  add_label(sheet, note_row, "receive.note", true);
  add_pad(sheet.shared(), scene, "key-", QRectF(760, card_row, 352, 272), {8, 16});
}

/// The card that is being typed has a number today: a second one is seldom meant.
void add_known(Sheet& sheet, const Known& known) {
  const Context& c = sheet.c();
  const QRectF box(400, sheet.box().top() + 8, 712, 56);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 12, look::yamabuki_pale);
    look::icon(p, "info", QRectF(box.left() + 14, box.center().y() - 14, 28, 28), look::ink);
  });
  const QString number = QString::fromStdString(known.number);
  const QString state = c.say("ticket." + QString::fromStdString(known.state));
  sheet.line(box.adjusted(54, 0, -292, 0), c.say("receive.known", {{"n", number}, {"state", state}}),
             {19, true, look::ink, c.lang});
  sheet.key("known", QRectF(box.right() - 284, box.top(), 284, box.height()),
            c.say(known.state == "booked" ? "known.arrive" : "known.show", {{"n", number}}),
            {.enabled = sheet.free(), .px = 19});
}

/// Both ways stand there, as of the kinds: one key alone would look like a command.
void add_slip(Sheet& sheet, bool print) {
  add_label(sheet, print_row, "receive.slip", false);
  const QRectF first(field_left, print_row, 194, choice_high);
  sheet.key("draft-slip-print", first, sheet.c().say("receive.print"), {.chosen = print, .px = choice_px});
  sheet.key("draft-slip-none", first.translated(206, 0), sheet.c().say("receive.noprint"),
            {.chosen = !print, .px = choice_px});
}

void add_foot(Sheet& sheet, const QString& name, const QString& words, bool ready) {
  sheet.key("close-panel", QRectF(label_left, 612, 300, 76), sheet.c().say("receive.cancel"), {.px = 24});
  sheet.key(name, QRectF(488, 612, 624, 76), words, {.enabled = ready, .primary = true, .px = 28});
}

} // namespace

void add_receive(const Shared& c, seat::Scene& scene) {
  const Draft& draft = c->screen.draft;
  Choices services;
  for (const ServiceTab& service : c->screen.services)
    services.emplace_back(QString::fromStdString(service.id), c->name(service.name));
  const bool two = in_two_rows(*c, services);
  Sheet sheet(c, scene, two ? dialog.adjusted(0, -56, 0, 0) : dialog, c->say("receive.title"), false);
  bool open = false;
  for (const ServiceTab& service : c->screen.services) {
    if (service.id != draft.service) continue;
    open = service.state == "open";
    add_kinds(sheet, service.kinds, draft.kind);
  }
  if (services.size() > 1)
    add_choices(sheet, service_row, "receive.service", "draft-service-", services,
                QString::fromStdString(draft.service), two);
  add_person(sheet, scene);
  if (c->screen.known) add_known(sheet, *c->screen.known);
  add_slip(sheet, draft.print);
  add_foot(sheet, "draft-take", open ? c->say("receive.take") : c->say("empty.closed"), sheet.free() && open);
}

void add_amend(const Shared& c, seat::Scene& scene) {
  const Card& card = c->screen.card;
  Sheet sheet(c, scene, dialog, c->say("amend.title", {{"n", QString::fromStdString(card.number)}}), false);
  add_kinds(sheet, card.kinds, c->screen.draft.kind);
  add_person(sheet, scene);
  sheet.line(QRectF(field_left, print_row, 400, 56), c->say("amend.hint"), {18, false, look::ink_2, c->lang});
  add_foot(sheet, "amend-do", c->say("amend-do"), sheet.free());
}

std::vector<Field> fields_of(const Context& c) {
  const Panel panel = c.screen.locked ? Panel::none : c.screen.panel;
  if (panel == Panel::receive || panel == Panel::amend)
    return {{"draft-card", {field_left, card_row, 400, 56}, c.say("receive.card"), 64, {}},
            {"draft-name", {field_left, name_row, 400, 56}, c.say("receive.name"), 64, {}},
            {"draft-note", {field_left, note_row, 400, 56}, c.say("receive.note"), longest_note, {}}};
  if (panel == Panel::hold) return {{"words", {288, 452, 460, 56}, c.say("hold.words"), 40, {}}};
  if (panel == Panel::message && c.screen.inside.message.pattern == "free")
    return {{"words", {228, 176, 824, 56}, c.say("message.words"), 60, {}}};
  if (panel == Panel::notice) return notice_inputs(c);
  if (panel == Panel::pair && c.screen.found.pairing.code.empty())
    return {{"words", {248, 200, 784, 56}, c.say("pair.name"), 40, {}}};
  return {};
}

QString primary_of(const Screen& screen) {
  if (screen.locked) return "login-do";
  switch (screen.panel) {
  case Panel::none: return "receive";
  case Panel::receive: return "draft-take";
  case Panel::amend: return "amend-do";
  case Panel::hold: return "hold-do";
  case Panel::cap: return "cap-do";
  case Panel::hours: return "hours-do";
  case Panel::message: return "message-do";
  case Panel::pair: return "pair-do";
  case Panel::notice: return "notice-do";
  case Panel::find:
    return screen.matches.empty() ? QString()
                                  : "find-" + QString::fromStdString(screen.matches.front().ticket);
  default: return {};
  }
}

void add_keys_help(const Shared& c, seat::Scene& scene) {
  const QStringList lines = c->say("help.lines").split('\n');
  const QRectF box(320, 76, 640, 96 + 52.0 * static_cast<double>(lines.size()) + 16);
  Sheet sheet(c, scene, box, c->say("help.title"));
  sheet.close();
  double y = box.top() + 92;
  for (const QString& line : lines) {
    const QRectF cap(box.left() + 28, y + 4, 150, 42);
    sheet.paint([=](QPainter& p) {
      look::panel_box(p, cap, 8, look::ai_pale, look::line_strong, 2);
      look::line_text(p, cap, line.section('|', 0, 0), {20, true, look::ai, "ja"}, Qt::AlignCenter);
    });
    sheet.line(QRectF(cap.right() + 20, y, 430, 50), line.section('|', 1), {21, false, look::ink, c->lang});
    y += 52;
  }
}

bool has_overlay(const Screen& screen) {
  return screen.locked || (screen.panel != Panel::none && screen.panel != Panel::move);
}

seat::Scene overlay_scene(const Shared& c) {
  seat::Scene scene;
  scene.size = design_size;
  using Add = void (*)(const Shared&, seat::Scene&);
  static constexpr std::pair<Panel, Add> panels[] = {
      {Panel::receive, add_receive},   {Panel::ticket, add_ticket},       {Panel::absent, add_absent},
      {Panel::hold, add_hold},         {Panel::transfer, add_transfer},   {Panel::amend, add_amend},
      {Panel::history, add_history},   {Panel::compare, add_compare},     {Panel::session, add_session_sheet},
      {Panel::cap, add_cap},           {Panel::hours, add_hours},         {Panel::messages, add_messages},
      {Panel::message, add_message},   {Panel::close_day, add_close_day}, {Panel::records, add_records},
      {Panel::troubles, add_troubles}, {Panel::devices, add_devices},     {Panel::pair, add_pair},
      {Panel::help, add_keys_help},    {Panel::programme, add_programme}, {Panel::notices, add_notices},
      {Panel::notice, add_notice},     {Panel::replay, add_replay},       {Panel::find, add_find}};
  if (c->screen.locked) {
    add_login(c, scene);
    return scene;
  }
  for (const auto& [panel, add] : panels)
    if (panel == c->screen.panel) add(c, scene);
  add_refusal(c, scene);
  return scene;
}

} // namespace machiai::desk
