// SPDX-License-Identifier: Apache-2.0
// One ticket: who it is, and everything that can be done about it.
#include "desk/sheet.hpp"

#include <array>

namespace machiai::desk {

namespace look = seat::look;

namespace {

QString number_of(const Context& c) {
  return QString::fromStdString(c.screen.card.number);
}

QString sub_of(const Context& c, const std::string& name) {
  const QString key = "sub." + QString::fromStdString(name);
  if (!c.phrases->has(key)) return {};
  return c.say(key, {{"n", number_of(c)}, {"room", c.name(c.screen.next.room)}});
}

/// What is known of the patient, from above: first what is read most.
QList<std::pair<QString, QString>> facts(const Context& c) {
  const Card& card = c.screen.card;
  QList<std::pair<QString, QString>> list;
  const auto add = [&](const char* key, const QString& words) {
    if (!words.isEmpty()) list.append({c.say(key), words});
  };
  add("fact.kind", kind_words(c, card.kind));
  add("fact.card", QString::fromStdString(card.card));
  add("fact.slot", QString::fromStdString(card.slot));
  add("fact.asked", QString::fromStdString(card.asked));
  add("fact.taken", QString::fromStdString(card.taken));
  if (card.state == "booked")
    add("fact.taken", c.say("fact.not-here"));
  else if (card.state == "waiting")
    add("fact.ahead",
        card.ahead == 0 ? c.say("fact.next") : c.say("fact.people", {{"n", QString::number(card.ahead)}}));
  else
    add("fact.since", elapsed(c, card.seconds, false));
  add("fact.wait", range_words(c, card.wait));
  add("fact.room", c.name(card.room));
  if (card.absences > 0) add("fact.absences", c.say("fact.times", {{"n", QString::number(card.absences)}}));
  if (!card.reason.empty()) add("fact.reason", why_words(c, card.reason));
  if (card.line != card.service) add("fact.line", service_name(c, card.line));
  if (!card.phoned.empty())
    list.append({c.say("fact.phoned", {{"n", QString::number(card.phoned_times)}}),
                 c.say("fact.phoned." + QString::fromStdString(card.phoned),
                       {{"t", QString::fromStdString(card.phoned_clock)}})});
  if (!card.slip.empty()) add("fact.slip", c.say("slip." + QString::fromStdString(card.slip)));
  return list;
}

void add_facts(Sheet& sheet, const QRectF& box) {
  const Context& c = sheet.c();
  const Card card = c.screen.card;
  sheet.paint([=, shared = sheet.shared()](QPainter& p) {
    look::panel_box(p, box, 14, look::paper);
    paint_stone(p, QRectF(box.left() + 20, box.top() + 20, 132, 88), card.number, card.state, 0, true);
    paint_pill(p, *shared, QPointF(box.left() + 168, box.top() + 64), card.state);
  });
  double y = box.top() + 122;
  if (!card.name.empty()) {
    const QString name = QString::fromStdString(card.name);
    const look::Type type{26, true, look::ink, "ja"};
    const double high = look::width(name, type) > box.width() - 40 ? 68 : 36; // a long one in two rows
    sheet.text(QRectF(box.left() + 20, y, box.width() - 40, high), name, type);
    y += high + 6;
  }
  for (const auto& [label, words] : facts(c)) {
    sheet.line(QRectF(box.left() + 20, y, 118, 32), label, {17, false, look::ink_2, c.lang});
    sheet.line(QRectF(box.left() + 144, y, box.width() - 160, 32), words, {20, true, look::ink, c.lang});
    y += 34;
  }
  if (!card.note.empty())
    sheet.text(QRectF(box.left() + 20, y + 4, box.width() - 40, box.bottom() - y - 14),
               c.say("fact.note", {{"note", QString::fromStdString(card.note)}}),
               {18, false, look::ink, c.lang}, Qt::AlignLeft | Qt::AlignTop);
}

} // namespace

void add_ticket(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, QRectF(60, 64, 1160, 654), c->say("ticket.title", {{"n", number_of(*c)}}));
  sheet.close();
  sheet.undo({"phoned"});
  add_facts(sheet, QRectF(84, 144, 340, 554));
  constexpr double left = 444, top = 144, wide = 179, high = 130, gap = 12;
  for (std::size_t i = 0; i < c->screen.more.size(); ++i) {
    const Action& action = c->screen.more[i];
    const QRectF box(left + static_cast<double>(i % 4) * (wide + gap), top + grid_row(i, 4) * (high + gap),
                     wide, high);
    sheet.action(QString::fromStdString(action.name), box,
                 {QString::fromStdString(action.icon), c->say(QString::fromStdString(action.words)),
                  sub_of(*c, action.words), action.enabled, action.primary});
  }
  const bool known = can("history", c->screen.card.state);
  constexpr double third = (752 - 2 * gap) / 3;
  sheet.action("history", QRectF(left, 570, third, 128),
               {"list", c->say("history"), c->say("sub.history"), known});
  sheet.action("compare", QRectF(left + third + gap, 570, third, 128),
               {"search", c->say("compare"), c->say("sub.compare"), known});
  const bool can_phone = sheet.free() && can("phoned", c->screen.card.state);
  const double right = left + 2 * (third + gap);
  sheet.key("phoned-reached", QRectF(right, 570, third, 60), c->say("phoned-reached"),
            {.enabled = can_phone, .px = 20});
  sheet.key("phoned-no_answer", QRectF(right, 638, third, 60), c->say("phoned-no_answer"),
            {.enabled = can_phone, .px = 20});
}

void add_absent(const Shared& c, seat::Scene& scene) {
  const QRectF box(240, 100, 800, 560);
  Sheet sheet(c, scene, box, c->say("absent.title", {{"n", number_of(*c)}}));
  sheet.close();
  const bool can_mark = sheet.free() && can("absent", c->screen.card.state);
  sheet.key("absent-rule", QRectF(268, 184, 744, 88), c->say("absent-rule"),
            {.enabled = can_mark, .primary = true, .px = 26});
  sheet.line(QRectF(268, 284, 744, 40), c->say("absent.back"), {20, true, look::ink, c->lang});
  constexpr std::array places{1, 2, 3, 5, 10};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const QString n = QString::number(places[i]);
    sheet.key("absent-back-" + n, QRectF(268 + static_cast<double>(i) * 151, 328, 140, 72),
              c->say("absent.places", {{"n", n}}), {.enabled = can_mark});
  }
  sheet.key("absent-last", QRectF(268, 416, 744, 72), c->say("absent-last"), {.enabled = can_mark, .px = 24});
  sheet.line(QRectF(268, 500, 744, 40), c->say("absent.home"), {20, true, look::ink, c->lang});
  sheet.key("went-home", QRectF(268, 544, 744, 88), c->say("went-home"), {.enabled = sheet.free(), .px = 24});
}

void add_hold(const Shared& c, seat::Scene& scene) {
  const QRectF box(260, 100, 760, 530);
  Sheet sheet(c, scene, box, c->say("hold.title", {{"n", number_of(*c)}}));
  sheet.close();
  const bool can_hold = sheet.free() && can("hold", c->screen.card.state);
  constexpr std::array reasons{"testing", "drip", "paper", "out", "family", "none"};
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    const QRectF at(288 + static_cast<double>(i % 3) * 238, 184 + grid_row(i, 3) * 100, 228, 88);
    sheet.key(QString("hold-for-") + reasons[i], at, c->say(QString("reason.") + reasons[i]),
              {.enabled = can_hold, .px = 23});
  }
  sheet.line(QRectF(288, 400, 700, 44), c->say("hold.words"), {20, true, look::ink, c->lang});
  sheet.key("hold-do", QRectF(760, 452, 232, 56), c->say("hold-do"), {.enabled = can_hold, .primary = true});
  sheet.text(QRectF(288, 530, 704, 110), c->say("hold.hint"), {19, false, look::ink_2, c->lang},
             Qt::AlignLeft | Qt::AlignTop);
}

void add_transfer(const Shared& c, seat::Scene& scene) {
  const Card& card = c->screen.card;
  std::vector<const ServiceTab*> others;
  for (const ServiceTab& service : c->screen.services)
    if (service.id != card.line) others.push_back(&service);
  const std::size_t across = others.size() > 6 ? 3 : 2;
  const double wide = (784 - 12 * static_cast<double>(across - 1)) / static_cast<double>(across);
  constexpr std::size_t most = 12;
  if (others.size() > most) others.resize(most);
  const double rows = grid_row(others.size() + across - 1, across);
  const QRectF box(220, 64, 840, 180 + rows * 116);
  Sheet sheet(c, scene, box, c->say("transfer.title", {{"n", number_of(*c)}}));
  sheet.close();
  for (std::size_t i = 0; i < others.size(); ++i) {
    const ServiceTab& service = *others[i];
    const QRectF at(248 + static_cast<double>(i % across) * (wide + 12), 150 + grid_row(i, across) * 116,
                    wide, 104);
    const QString sub = service.state == "open"
                            ? c->say("session.waiting", {{"n", QString::number(service.waiting)}})
                            : c->say("state." + QString::fromStdString(service.state));
    sheet.action("transfer-to-" + QString::fromStdString(service.id), at,
                 {"right", c->name(service.name), sub, sheet.free() && can("transfer", card.state)});
  }
  const bool seen = card.state == "called" || card.state == "in_room" || card.absences > 0;
  sheet.text(QRectF(248, box.bottom() - 100, 784, 84), c->say(seen ? "transfer.last" : "transfer.arrival"),
             {20, false, look::ink_2, c->lang});
}

} // namespace machiai::desk
