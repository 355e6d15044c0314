// SPDX-License-Identifier: Apache-2.0
// The queue on the left: service tabs, filters, rows, the pager and the slip that waits for a person.
#include "desk/scene.hpp"

#include <algorithm>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr QRectF zone{16, 74, 748, 560};
constexpr double tab_gap = 8;
constexpr double filter_high = 58;
constexpr double task_high = 56;
constexpr double row_high = 502.0 / 9;

double tabs_high(const Screen& screen) {
  const std::size_t rows = tab_rows(screen.services.size());
  return rows == 0 ? 0 : 54 + static_cast<double>(rows - 1) * row_high;
}

QRectF list_box(const Screen& screen) {
  return zone.adjusted(0, tabs_high(screen), 0, 0);
}

/// In two lines where one is too wide: at the place, between two words or characters, that leaves the
/// shortest ones.
QStringList name_lines(const QString& name, const look::Type& type, double room) {
  QStringList best{name};
  if (look::width(name, type) <= room) return best;
  const auto latin = [](QChar c) { return c.unicode() < 0x250 && c.isLetterOrNumber(); };
  double least = look::width(name, type);
  for (qsizetype i = 1; i < name.size(); ++i) {
    if (latin(name[i - 1]) && latin(name[i])) continue;
    const QStringList two{name.left(i).trimmed(), name.mid(i).trimmed()};
    const double wide = std::max(look::width(two[0], type), look::width(two[1], type));
    if (wide >= least || two[1].startsWith(u'・') || two[1].startsWith(u'）') || two[0].endsWith(u'（') ||
        two[0].endsWith(u'('))
      continue;
    least = wide;
    best = two;
  }
  return best;
}

/// What stands beside the name of a counter: how many wait, or that nobody is taken.
struct Beside {
  QString icon;
  QStringList lines;
  double wide = 0;
};

constexpr double tall_px = 15;

Beside beside_of(const Context& c, const ServiceTab& service) {
  const look::Type type{tall_px, true, look::ink, c.lang};
  Beside is;
  if (service.on) is.icon = "check";
  if (service.state == "open") {
    if (!service.on) is.icon = "people";
    is.lines = {QString::number(service.waiting)};
  } else {
    is.lines = c.say("tab." + QString::fromStdString(service.state)).split('\n');
    if (service.on && is.lines.size() > 1) is.lines = {is.lines.join(c.lang == "ja" ? "" : " ")};
  }
  is.wide = is.icon.isEmpty() ? 0 : 18;
  for (const QString& line : is.lines) is.wide = std::max(is.wide, look::width(line, type));
  return is;
}

void paint_tall_tab(QPainter& p, const Context& c, const ServiceTab& service, const QRectF& box,
                    const QColor& ink) {
  const Beside beside = beside_of(c, service);
  const QRectF in = box.adjusted(8, 3, -8, -3);
  const look::Type small{tall_px, true, ink, c.lang};
  const double pitch = in.height() / 2;
  const auto draw = [&](const QRectF& place, const QStringList& lines, const look::Type& type, int flags) {
    QRectF row(place.left(), place.center().y() - pitch * static_cast<double>(lines.size()) / 2,
               place.width(), pitch);
    for (const QString& line : lines) {
      look::line_text(p, row, line, type, Qt::AlignVCenter | flags, 1);
      row.translate(0, pitch);
    }
  };
  QRectF right(in.right() - beside.wide, in.top(), beside.wide, in.height());
  if (!beside.icon.isEmpty()) {
    look::icon(p, beside.icon, QRectF(right.center().x() - 9, right.top() + 1, 18, 18), ink);
    right.setTop(in.top() + pitch);
  }
  draw(right.adjusted(-1, 0, 1, 0), beside.lines, small, Qt::AlignHCenter);
  const QRectF left = in.adjusted(0, 0, -beside.wide - 8, 0);
  look::Type type{17, true, ink, c.lang};
  QStringList lines;
  const auto fits = [&] {
    lines = name_lines(c.name(service.name), type, left.width());
    return std::all_of(lines.begin(), lines.end(),
                       [&](const QString& line) { return look::width(line, type) <= left.width(); });
  };
  while (!fits() && type.px > tall_px) type.px -= 1;
  // The end of a name tells it from its neighbour as often as its beginning.
  const QFontMetricsF metrics(look::font(type));
  for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideMiddle, left.width());
  draw(left.adjusted(0, 0, 1, 0), lines, type, Qt::AlignLeft);
}

/// The name in two lines, and beside it what is told of the counter: one row has no room for both.
void add_tall_tab(const Shared& c, seat::Scene& scene, const ServiceTab& service, const QRectF& box,
                  const QString& told) {
  scene.touch.push_back({"service-" + QString::fromStdString(service.id), c->name(service.name) + "　" + told,
                         box, [=](QPainter& p, bool pressed) {
                           const bool on = service.on;
                           const QColor fill = on        ? (pressed ? look::ai_deep : look::ai)
                                               : pressed ? look::ai_pale
                                                         : look::panel;
                           look::panel_box(p, box, 12, fill, on ? fill : look::line_strong, 2);
                           paint_tall_tab(p, *c, service, box, on ? look::on_dark : look::ink);
                         }});
}

void add_tab(const Shared& c, seat::Scene& scene, const ServiceTab& service, const QRectF& box) {
  const QString name = c->name(service.name);
  const QString told = service.state == "open"
                           ? c->say("session.waiting", {{"n", QString::number(service.waiting)}})
                           : c->say("state." + QString::fromStdString(service.state));
  const look::Type type{19, true, look::ink, c->lang};
  const double room = box.width() - 20 - (service.on ? 24 : 0);
  QString words = name + "　" + told;
  if (look::width(words, type) > room) return add_tall_tab(c, scene, service, box, told);
  // The range goes where a place is left for it; a tab that is full of its name keeps that.
  const QString range = range_words(*c, service.wait);
  const QString with = words + "　" + range;
  if (!range.isEmpty() && look::width(with, type) <= room) words = with;
  add_key(c, scene, "service-" + QString::fromStdString(service.id), box, words, true, false, service.on, 19);
}

void add_tabs(const Shared& c, seat::Scene& scene) {
  const auto& services = c->screen.services;
  const std::size_t rows = tab_rows(services.size());
  if (rows == 0) return;
  const std::size_t across = (services.size() + rows - 1) / rows;
  const auto columns = static_cast<double>(across);
  const double wide = (zone.width() - tab_gap * (columns - 1)) / columns;
  const double high =
      (tabs_high(c->screen) - 10 - tab_gap * static_cast<double>(rows - 1)) / static_cast<double>(rows);
  for (std::size_t i = 0; i < services.size(); ++i)
    add_tab(c, scene, services[i],
            QRectF(zone.left() + static_cast<double>(i % across) * (wide + tab_gap),
                   zone.top() + static_cast<double>(i / across) * (high + tab_gap), wide, high));
}

/// Sizes of the filters: as they are meant, or smaller until a busy day's counts fit.
struct FilterRow {
  double px, pad, gap;
};

double filter_width(const Context& c, const Filter& filter, const FilterRow& row) {
  const QString words = c.say("filter." + QString::fromStdString(filter.key));
  const look::Type bold{row.px, true, look::ink, c.lang};
  const look::Type plain{row.px - 1, false, look::ink, c.lang};
  return 2 * row.pad + look::width(words, bold) + 7 + look::width(QString::number(filter.count), plain);
}

FilterRow filter_row(const Context& c, double room) {
  FilterRow row = c.lang == "ja" ? FilterRow{20, 12, 8} : FilterRow{17, 8, 4}; // English words are longer
  const auto wide = [&] {
    double sum = -row.gap;
    for (const Filter& filter : c.screen.filters) sum += filter_width(c, filter, row) + row.gap;
    return sum;
  };
  constexpr FilterRow least{11, 5, 3};
  while (wide() > room && row.px > least.px) {
    // What is between the words goes before the words become smaller.
    if (row.pad <= least.pad) row.px -= 1;
    row.pad = std::max(least.pad, row.pad - 1);
    row.gap = std::max(least.gap, row.gap - 1);
  }
  return row;
}

void add_filter_keys(const Shared& c, seat::Scene& scene, const QPointF& at, double room) {
  const FilterRow row = filter_row(*c, room);
  double x = at.x();
  for (const Filter& filter : c->screen.filters) {
    const QString words = c->say("filter." + QString::fromStdString(filter.key));
    const QString count = QString::number(filter.count);
    const look::Type bold{row.px, true, filter.on ? look::on_dark : look::ink, c->lang};
    const look::Type plain{row.px - 1, false, bold.colour, c->lang};
    const double wide = filter_width(*c, filter, row);
    const QRectF key(x, at.y(), wide, 44);
    scene.touch.push_back(
        {"filter-" + QString::fromStdString(filter.key), words, key, [=](QPainter& p, bool pressed) {
           if (filter.on || pressed) look::panel_box(p, key, 10, filter.on ? look::ai : look::ai_pale);
           look::runs(p, key.left() + row.pad, key.center().y() + 7.5, {{words, bold}, {count, plain, 7}},
                      wide);
         }});
    x += wide + row.gap;
  }
}

void add_filters(const Shared& c, seat::Scene& scene, const QRectF& box) {
  const bool ja = c->lang == "ja";
  const double px = ja ? 20 : 17; // English words are longer than the row
  const bool can_take = c->screen.reachable;
  const double wide = ja ? 136 : 100;
  const QRectF receive(box.right() - 8 - wide, box.top() + 6, wide, 44);
  const double names = ja ? 100 : 112;
  const QRectF lock(receive.left() - 8 - names, receive.top(), names, 44);
  const QPointF first(box.left() + 10, receive.top());
  add_filter_keys(c, scene, first, lock.left() - 4 - first.x());
  const auto tool = [&](const QString& name, const QString& key, const QString& icon, const QRectF& at,
                        bool enabled, bool marked) {
    const QString words = c->say(key);
    scene.touch.push_back(
        {name, QString(words).replace('\n', ' '), at,
         [=](QPainter& p, bool pressed) {
           const QColor ink = enabled ? look::ai : look::line_strong;
           look::panel_box(p, at, 10, marked ? look::yamabuki : pressed ? look::line : look::ai_pale);
           look::icon(p, icon, QRectF(at.left() + 12, at.center().y() - 12, 24, 24),
                      marked ? look::ink : ink);
           const look::Type type{words.contains('\n') ? 17 : px, true, marked ? look::ink : ink, c->lang};
           look::text(p, at.adjusted(43, 1, -4, -1), words, type);
         },
         enabled});
  };
  tool("receive", "receive", "plus", receive, can_take, false);
  tool("names", c->screen.names ? "names.hide" : "names.show", "lock", lock, true, !c->screen.names);
}

void add_rows(const Shared& c, seat::Scene& scene, const QRectF& area) {
  for (std::size_t i = 0; i < c->screen.rows.size(); ++i) {
    const Row& row = c->screen.rows[i];
    const QRectF box(area.left(), area.top() + static_cast<double>(i) * row_high, area.width(), row_high);
    scene.touch.push_back(
        {"row-" + QString::fromStdString(row.ticket),
         QString::fromStdString(row.number) + " " + c->say("ticket." + QString::fromStdString(row.state)),
         box, [c, box, row](QPainter& p, bool pressed) { paint_row(p, *c, box, row, pressed); },
         c->screen.reachable, true});
  }
}

void add_pager(const Shared& c, seat::Scene& scene, const QRectF& box) {
  const int last = c->screen.first + static_cast<int>(c->screen.rows.size());
  scene.add([=](QPainter& p) {
    const QString words = c->say("pager", {{"a", QString::number(c->screen.first + 1)},
                                           {"b", QString::number(last)},
                                           {"n", QString::number(c->screen.total)}});
    look::line_text(p, box.adjusted(240, 0, -312, 0), words, {18, false, look::ink_2, c->lang},
                    Qt::AlignCenter);
  });
  const QRectF find(box.right() - 304, box.top() + 5, 64, 45);
  scene.touch.push_back(
      {"find", c->say("find"), find, [=](QPainter& p, bool pressed) {
         look::panel_box(p, find, 10, pressed ? look::ai_pale : look::panel, look::line_strong, 2);
         look::icon(p, "search", QRectF(find.center().x() - 13, find.center().y() - 13, 26, 26),
                    look::ai_act);
       }});
  const auto key = [&](const QString& name, const QString& icon, const QRectF& at, bool enabled) {
    scene.touch.push_back({name, name, at,
                           [=](QPainter& p, bool pressed) {
                             look::panel_box(p, at, 10, pressed ? look::ai_pale : look::panel,
                                             enabled ? look::line_strong : look::line, 2);
                             p.save();
                             p.translate(at.center());
                             if (icon == "up") p.rotate(180);
                             look::icon(p, "down", QRectF(-13, -13, 26, 26),
                                        enabled ? look::ai_act : look::line);
                             p.restore();
                           },
                           enabled});
  };
  const double top = box.top() + 5;
  key("page-up", "up", QRectF(box.left() + 12, top, 220, 45), c->screen.first > 0);
  key("page-down", "down", QRectF(box.right() - 232, top, 220, 45), last < c->screen.total);
}

/// A slip that needs a person, one at a time: whose, why, and what was found of it.
void add_task(const Shared& c, seat::Scene& scene, const QRectF& box) {
  const Task task = *c->screen.task;
  const bool several = task.of > 1;
  scene.add([=](QPainter& p) {
    QPainterPath clip;
    clip.addRoundedRect(list_box(c->screen), 14, 14);
    p.setClipPath(clip);
    p.fillRect(box, look::yamabuki);
    look::icon(p, "warn", QRectF(box.left() + 16, box.center().y() - 15, 30, 30), look::ink);
    const double left = box.left() + 58;
    const double wide = box.right() - (several ? 412 : 308) - left;
    const QString number = QString::fromStdString(task.number);
    look::line_text(p, QRectF(left, box.top() + 4, wide, 26), c->say("task", {{"n", number}}),
                    {20, true, look::ink, c->lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.7);
    QString words = c->say(task.state == "unknown" ? "task.unknown" : "task.failed");
    const QString key = "short." + QString::fromStdString(task.reason);
    if (c->phrases->has(key)) words += c->lang == "ja" ? "（" + c->say(key) + "）" : " (" + c->say(key) + ")";
    look::line_text(p, QRectF(left, box.top() + 29, wide, 24), words, {17, false, look::ink, c->lang},
                    Qt::AlignLeft | Qt::AlignVCenter, 0.6);
  });
  const bool free = c->screen.reachable && c->screen.pending.empty();
  const double top = box.top() + 6;
  if (several)
    add_key(c, scene, "task-next", QRectF(box.right() - 404, top, 96, 44),
            QString("%1/%2 ›").arg(task.at + 1).arg(task.of), true, false, false, 19);
  add_key(c, scene, "task-seen", QRectF(box.right() - 300, top, 158, 44), c->say("task.seen"), free, false,
          false, 20);
  add_key(c, scene, "task-reprint", QRectF(box.right() - 134, top, 124, 44), c->say("task.reprint"), free,
          false, false, 20);
}

/// Nobody in the list: why, and what to do.
void add_empty(const Shared& c, seat::Scene& scene, const QRectF& area) {
  const ServiceTab* service = nullptr;
  for (const ServiceTab& each : c->screen.services)
    if (each.on) service = &each;
  const bool closed = service != nullptr && service->state != "open";
  const bool all = c->screen.filters.empty() || c->screen.filters.front().on;
  scene.add([=](QPainter& p) {
    const double y = area.center().y() - (closed ? 140 : 90);
    const QRectF stone(area.center().x() - 62, y, 124, 104);
    p.setPen(Qt::NoPen);
    p.setBrush(look::ai_pale);
    p.drawPath(look::stone(stone, 1));
    look::icon(p, closed ? "clock" : "people",
               QRectF(stone.center().x() - 30, stone.center().y() - 30, 60, 60), look::ai);
    const bool late = service != nullptr && service->state == "unopened";
    const QString title = !all     ? "empty.filter"
                          : late   ? "empty.unopened"
                          : closed ? "empty.closed"
                                   : "empty.open";
    look::line_text(p, QRectF(area.left(), y + 120, area.width(), 40), c->say(title),
                    {28, true, look::ink, c->lang}, Qt::AlignCenter);
    if (all)
      look::line_text(p, QRectF(area.left(), y + 162, area.width(), 32), c->say(title + ".sub"),
                      {20, false, look::ink_2, c->lang}, Qt::AlignCenter);
  });
  if (closed && all)
    add_key(c, scene, "open-" + QString::fromStdString(service->id),
            QRectF(area.center().x() - 170, area.center().y() + 72, 340, 72), c->say("open"),
            c->screen.reachable && c->screen.pending.empty(), true, false, 26);
}

/// Over the list while the hub is away: it may no longer be true. How old it is stands beside it.
void paint_away(QPainter& p, const Context& c, const QRectF& area) {
  paint_stale(p, area, 0);
  if (c.screen.ready) return;
  const QRectF box(area.center().x() - 220, area.bottom() - 150, 440, 76);
  look::panel_box(p, box, 14, look::panel, look::line_strong, 3);
  look::icon(p, "clockoff", QRectF(box.left() + 22, box.center().y() - 20, 40, 40), look::ink_2);
  look::line_text(p, box.adjusted(78, 0, -20, 0), c.say("away.first"), {26, true, look::ink, c.lang});
}

} // namespace

void add_list(const Shared& c, seat::Scene& scene) {
  const QRectF box = list_box(c->screen);
  const bool task = c->screen.task.has_value();
  const QRectF area = box.adjusted(0, filter_high, 0, task ? -task_high : 0);
  add_tabs(c, scene);
  scene.add([=](QPainter& p) {
    look::panel_box(p, box, 14, look::panel);
    p.fillRect(QRectF(box.left(), box.top() + filter_high - 2, box.width(), 2), look::stone_fill);
  });
  add_filters(c, scene, box);
  if (c->screen.ready && c->screen.rows.empty()) add_empty(c, scene, area);
  add_rows(c, scene, area);
  if (task) add_task(c, scene, QRectF(box.left(), box.bottom() - task_high, box.width(), task_high));
  if (!c->screen.reachable) {
    // A button without a function: it lies over the rows; the keys that turn their pages lie above.
    scene.touch.push_back(
        {"stale", c->say("away"), area, [=](QPainter& p, bool) { paint_away(p, *c, area); }, false});
  }
  if (c->screen.total > static_cast<int>(c->screen.rows.size()))
    add_pager(c, scene,
              QRectF(area.left(), area.top() + static_cast<double>(c->screen.rows.size()) * row_high,
                     area.width(), row_high));
}

} // namespace machiai::desk
