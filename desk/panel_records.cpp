// SPDX-License-Identifier: Apache-2.0
// What the days were: patients, waits, rooms, slips, and how true the forecasts turned out.
#include "desk/sheet.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::desk {

namespace look = seat::look;

namespace {

constexpr QRectF records_box{40, 64, 1200, 654};

QString room_name_of(const Context& c, const std::string& id) {
  for (const RoomTab& room : c.screen.rooms)
    if (room.id == id) return c.name(room.name);
  return QString::fromStdString(id);
}

int whole_minutes(double minutes) {
  return static_cast<int>(std::lround(minutes));
}

QString minutes_text(double minutes) {
  return QString::number(whole_minutes(minutes));
}

void add_tabs(Sheet& sheet) {
  const Context& c = sheet.c();
  double x = 208;
  const auto key = [&](const char* name, double wide, const QString& words, bool chosen) {
    sheet.key(name, QRectF(x, 78, wide, 56), words, {.chosen = chosen, .px = 19});
    x += wide + 8;
  };
  for (const auto& [tab, wide] : {std::pair{"counts", 170.0}, {"forecast", 180.0}, {"access", 160.0}}) {
    // Without people who log in nothing is kept of who looked.
    if (std::string(tab) == "access" && !c.screen.found.staff.login) continue;
    const QString name = QString("tab-") + tab;
    key(qPrintable(name), wide, c.say(name), c.screen.inside.tab == tab);
  }
  key("replay", 150, c.say("replay"), false);
  key("compare", 180, c.say("records.compare"), false);
}

void add_spans(Sheet& sheet) {
  const Context& c = sheet.c();
  double x = records_box.left() + 24;
  for (const char* span : {"day", "week", "month"}) {
    sheet.key(QString("span-") + span, QRectF(x, 148, 108, 56), c.say(QString("span.") + span),
              {.chosen = c.screen.inside.span == span, .px = 19});
    x += 116;
  }
  sheet.key("earlier", QRectF(x + 16, 148, 120, 56), c.say("earlier"), {.px = 19});
  const QString from = short_date(c.screen.span_from);
  const QString to = short_date(c.screen.span_to);
  sheet.line(QRectF(x + 140, 148, 216, 56), from == to ? from : from + " 〜 " + to,
             {23, true, look::ink, "ja"}, Qt::AlignCenter);
  sheet.key("later", QRectF(x + 360, 148, 120, 56), c.say("later"),
            {.enabled = c.screen.inside.back > 0, .px = 19});
  if (c.screen.inside.tab != "counts") return;
  sheet.key("table", QRectF(records_box.right() - 224, 148, 200, 56), c.say("table"),
            {.enabled = sheet.free() && !c.screen.found.counts.days.empty(), .px = 19});
}

struct Tile {
  QString key;
  QString figure;
  QString unit;
};

QString unit_of(const Context& c, const QString& key, std::int64_t n) {
  return c.say(n == 1 ? key + ".one" : key);
}

void add_tiles(Sheet& sheet, const QList<Tile>& tiles, double y, double high) {
  const Context& c = sheet.c();
  const double wide = (records_box.width() - 48 - 12 * static_cast<double>(tiles.size() - 1)) /
                      static_cast<double>(tiles.size());
  for (int i = 0; i < tiles.size(); ++i) {
    const QRectF box(records_box.left() + 24 + i * (wide + 12), y, wide, high);
    const Tile& tile = tiles[i];
    sheet.paint([=, lang = c.lang](QPainter& p) {
      look::panel_box(p, box, 12, look::paper);
      look::runs(p, box.left() + 14, box.bottom() - 16,
                 {{tile.figure, {34, true, look::ink, "ja"}}, {tile.unit, {18, false, look::ink_2, lang}, 5}},
                 box.width() - 24);
    });
    sheet.line(QRectF(box.left() + 14, box.top() + 6, box.width() - 20, 28), c.say(tile.key),
               {16, false, look::ink_2, c.lang});
  }
}

struct Bar {
  QString label;
  int figure = 0;
  int lost = 0; ///< stands on top, hatched: slips that did not come out
};
using Bars = QList<Bar>;

/// None of an empty bar; "42" and "+4" where some were lost.
QStringList figures_of(const Bar& bar) {
  QStringList figures;
  if (bar.figure > 0) figures.append(QString::number(bar.figure));
  if (bar.lost > 0) figures.append((bar.figure > 0 ? "+" : "") + QString::number(bar.lost));
  return figures;
}

void paint_lost(QPainter& p, const QRectF& box) {
  p.fillRect(box, look::kaki_pale);
  p.fillRect(box, QBrush(look::kaki, Qt::BDiagPattern));
  p.setPen(QPen(look::kaki, 2));
  p.setBrush(Qt::NoBrush);
  p.drawRect(box.adjusted(1, 1, -1, -1));
}

/// Bars with their figures; the hours or days that had nobody keep their place.
void add_bars(Sheet& sheet, const QRectF& box, const QString& title, const Bars& bars) {
  const Context& c = sheet.c();
  sheet.line(QRectF(box.left(), box.top(), box.width(), 30), title, {18, true, look::ink, c.lang});
  if (bars.isEmpty()) return;
  int most = 1;
  for (const Bar& bar : bars) most = std::max(most, bar.figure + bar.lost);
  sheet.paint([=](QPainter& p) {
    // A month has narrow bars: their words are small, so that none is cut.
    const double pitch = std::min(120.0, box.width() / static_cast<double>(bars.size()));
    const double px = std::clamp(pitch * 0.55, 11.0, 16.0);
    const double ground = box.bottom() - 26;
    const double high = ground - box.top() - 60;
    p.fillRect(QRectF(box.left(), ground, box.width(), 2), look::line);
    for (int i = 0; i < bars.size(); ++i) {
      const double tall = high * bars[i].figure / most;
      const double lost = high * bars[i].lost / most;
      const QRectF bar(box.left() + i * pitch + pitch * 0.14, ground - tall, pitch * 0.72, tall);
      const QRectF top(bar.left(), bar.top() - lost, bar.width(), lost);
      p.fillRect(bar, look::ai_act);
      if (bars[i].lost > 0) paint_lost(p, top);
      // One above the other: a month's bars are too narrow for both in a row.
      const QStringList figures = figures_of(bars[i]);
      for (int n = 0; n < figures.size(); ++n)
        look::line_text(p, QRectF(box.left() + i * pitch, top.top() - 25 - 18 * n, pitch, 24), figures[n],
                        {px, true, look::ink, "ja"}, Qt::AlignCenter, 0.7);
      look::line_text(p, QRectF(box.left() + i * pitch, ground + 3, pitch, 24), bars[i].label,
                      {std::min(15.0, px), false, look::ink_2, "ja"}, Qt::AlignCenter, 0.7);
    }
  });
  QString said;
  for (const Bar& bar : bars)
    if (const QStringList figures = figures_of(bar); !figures.isEmpty())
      said += " " + bar.label + ": " + figures.join(QString{});
  sheet.line(QRectF(), said, {1, false, look::ink, c.lang}); // for those who hear the sheet
}

Bars hours_of(const Counts& counts, const Context& c) {
  Bars bars;
  std::size_t first = 24;
  std::size_t last = 0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    if (counts.arrivals[hour] == 0) continue;
    first = std::min(first, hour);
    last = hour;
  }
  for (std::size_t hour = first; hour < 24 && hour <= last; ++hour)
    bars.append({c.say("hour", {{"n", QString::number(hour)}}), counts.arrivals[hour]});
  return bars;
}

template <class Figure> Bars days_of(const Counts& counts, Figure figure) {
  Bars bars;
  const bool many = counts.days.size() > 10;
  for (const DaySum& day : counts.days) {
    const QString date = short_date(day.date);
    Bar bar = figure(day);
    bar.label = many ? date.section('/', 1) : date;
    bars.append(bar);
  }
  return bars;
}

/// Of a day by its hours, services, rooms and kinds of slips; of longer by their days.
Bars bars_of(const Context& c) {
  const Counts& counts = c.screen.found.counts;
  const std::string& chart = c.screen.inside.chart;
  const bool day = c.screen.inside.span == "day";
  Bars bars;
  if (chart == "rooms") {
    for (const RoomSum& room : counts.rooms) bars.append({room_name_of(c, room.room), room.visits});
  } else if (chart == "absences" && day) {
    for (const ServiceSum& sum : counts.services) bars.append({service_name(c, sum.service), sum.absences});
  } else if (chart == "absences") {
    bars = days_of(counts, [](const DaySum& each) { return Bar{{}, each.absences}; });
  } else if (chart == "slips" && day) {
    bars = {{c.say("count.printed"), counts.printed},
            {c.say("count.reprinted"), counts.reprinted},
            {c.say("count.unprinted"), 0, counts.print_failed}};
  } else if (chart == "slips") {
    bars = days_of(counts, [](const DaySum& each) { return Bar{{}, each.printed, each.print_failed}; });
  } else if (chart == "waits" && day) {
    for (const ServiceSum& sum : counts.services)
      bars.append({service_name(c, sum.service), whole_minutes(sum.median)});
  } else if (chart == "waits") {
    bars = days_of(counts, [](const DaySum& each) { return Bar{{}, whole_minutes(each.median)}; });
  } else if (day) {
    bars = hours_of(counts, c);
  } else {
    bars = days_of(counts, [](const DaySum& each) { return Bar{{}, each.taken}; });
  }
  return bars;
}

/// What is drawn, and the keys to the others.
void add_chart(Sheet& sheet, const QRectF& box) {
  const Context& c = sheet.c();
  const std::string& chosen = c.screen.inside.chart;
  double x = box.left();
  for (const char* chart : {"taken", "waits", "absences", "rooms", "slips"}) {
    const QString name = QString("chart-") + chart;
    sheet.key(name, QRectF(x, box.top(), 116, 56), c.say(name), {.chosen = chosen == chart, .px = 17});
    x += 122;
  }
  const QString by = chosen == "rooms"                           ? "rooms"
                     : c.screen.inside.span != "day"             ? "days"
                     : chosen == "waits" || chosen == "absences" ? "services"
                     : chosen == "slips"                         ? "kinds"
                                                                 : "hours";
  add_bars(sheet, box.adjusted(0, 62, 0, 0), c.say("chart." + QString::fromStdString(chosen) + "." + by),
           bars_of(c));
}

void add_services(Sheet& sheet, const QRectF& box) {
  const Context& c = sheet.c();
  const QStringList heads{"count.service", "count.taken", "count.done",
                          "count.median",  "count.ninth", "count.absences"};
  constexpr double first = 150, pitch = 76;
  const auto cell = [&](int i, double y, const QString& words, double px, bool bold, const QColor& ink) {
    const QRectF at = i == 0 ? QRectF(box.left(), y, first - 6, 32)
                             : QRectF(box.left() + first + (i - 1) * pitch, y, pitch - 6, 32);
    sheet.line(at, words, {px, bold, ink, c.lang},
               (i == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  };
  for (int i = 0; i < heads.size(); ++i) cell(i, box.top(), c.say(heads[i]), 15, false, look::ink_2);
  double y = box.top() + 30;
  for (const ServiceSum& sum : c.screen.found.counts.services) {
    if (y + 34 > box.bottom()) break;
    const bool known = sum.waits > 0;
    const QStringList cells{service_name(c, sum.service),
                            QString::number(sum.taken),
                            QString::number(sum.done),
                            known ? minutes_text(sum.median) : QString("—"),
                            known ? minutes_text(sum.ninth) : QString("—"),
                            QString::number(sum.absences)};
    for (int i = 0; i < cells.size(); ++i) cell(i, y, cells[i], 18, i == 0, look::ink);
    y += 34;
  }
  if (y + 44 < box.bottom())
    sheet.text(QRectF(box.left(), y + 6, box.width(), box.bottom() - y - 8), c.say("count.legend"),
               {15, false, look::ink_2, c.lang}, Qt::AlignLeft | Qt::AlignTop);
}

void add_rooms_table(Sheet& sheet, const QRectF& box) {
  const Context& c = sheet.c();
  sheet.line(QRectF(box.left(), box.top(), box.width(), 28), c.say("count.rooms"),
             {15, false, look::ink_2, c.lang});
  double y = box.top() + 30;
  for (const RoomSum& room : c.screen.found.counts.rooms) {
    if (y + 34 > box.bottom()) break;
    const double each = room.visits > 0 ? room.minutes / room.visits : 0;
    sheet.line(
        QRectF(box.left(), y, box.width(), 32),
        c.say(room.visits > 0 ? "count.room" : "count.room.none", {{"room", room_name_of(c, room.room)},
                                                                   {"n", QString::number(room.visits)},
                                                                   {"m", minutes_text(each)}}),
        {18, false, look::ink, c.lang});
    y += 34;
  }
}

/// Where the table was written, or that it could not be.
void add_saved(Sheet& sheet) {
  const Context& c = sheet.c();
  const QString saved = QString::fromStdString(c.screen.found.saved);
  if (saved.isEmpty()) return;
  const bool failed = saved.startsWith('!');
  const QRectF box(records_box.left() + 24, 656, records_box.width() - 48, 50);
  sheet.paint([=](QPainter& p) {
    look::panel_box(p, box, 10, failed ? look::kaki_pale : look::moss_pale);
    look::icon(p, failed ? "warn" : "check", QRectF(box.left() + 12, box.center().y() - 14, 28, 28),
               failed ? look::kaki : look::moss);
  });
  sheet.line(box.adjusted(52, 0, -12, 0),
             failed ? c.say("table.failed", {{"path", saved.mid(1)}})
                    : c.say("table.saved", {{"path", saved}}),
             {19, true, failed ? look::kaki : look::moss, c.lang});
}

void add_counts(Sheet& sheet) {
  const Context& c = sheet.c();
  add_spans(sheet);
  const Counts& counts = c.screen.found.counts;
  const bool other = counts.from != c.screen.span_from || counts.to != c.screen.span_to;
  if (other && sheet.waits(QRectF(records_box.left() + 40, 280, records_box.width() - 80, 240))) return;
  int taken = 0, done = 0, absences = 0, gone = 0;
  for (const ServiceSum& sum : counts.services) {
    taken += sum.taken;
    done += sum.done;
    absences += sum.absences;
    gone += sum.no_show + sum.cancelled;
  }
  add_tiles(sheet,
            {{"count.taken", QString::number(taken), unit_of(c, "unit.people", taken)},
             {"count.done", QString::number(done), unit_of(c, "unit.people", done)},
             {"count.gone", QString::number(gone), unit_of(c, "unit.people", gone)},
             {"count.absences", QString::number(absences), unit_of(c, "unit.times", absences)},
             {"count.printed", QString::number(counts.printed), unit_of(c, "unit.slips", counts.printed)},
             {"count.unprinted", QString::number(counts.print_failed),
              unit_of(c, "unit.slips", counts.print_failed)}},
            216, 88);
  if (taken == 0) {
    sheet.line(QRectF(records_box.left(), 400, records_box.width(), 60), c.say("count.none"),
               {23, false, look::ink_2, c.lang}, Qt::AlignCenter);
    return;
  }
  add_chart(sheet, QRectF(64, 310, 604, 334));
  add_services(sheet, QRectF(688, 318, 530, 180));
  add_rooms_table(sheet, QRectF(688, 506, 530, 140));
  add_saved(sheet);
}

/// Ten stones: so many of ten told ranges held.
void add_forecast(Sheet& sheet) {
  const Context& c = sheet.c();
  const queue::AccuracyView& record = c.screen.accuracy;
  if (record.n == 0) {
    sheet.text(QRectF(140, 260, 1000, 160), c.say("forecast.none"), {24, false, look::ink_2, c.lang},
               Qt::AlignCenter);
    return;
  }
  const int held = static_cast<int>(std::lround(record.inside_percent / 10.0));
  sheet.line(QRectF(88, 170, 1100, 60), c.say("forecast.held", {{"n", QString::number(held)}}),
             {34, true, look::ink, c.lang});
  sheet.paint([=](QPainter& p) {
    for (int i = 0; i < 10; ++i) {
      const QRectF box(88 + i * 110.0, 250, 98, 82);
      const bool in = i < held;
      QPen edge(look::line_strong, 3);
      edge.setDashPattern({2.2, 1.6});
      p.setPen(in ? QPen(Qt::NoPen) : edge);
      p.setBrush(in ? look::ai_act : look::panel);
      p.drawPath(look::stone(box.adjusted(2, 2, -2, -2), i));
      look::icon(p, in ? "check" : "cross", QRectF(box.center().x() - 18, box.center().y() - 18, 36, 36),
                 in ? look::on_dark : look::ink_2);
    }
  });
  add_tiles(sheet,
            {{"forecast.inside", QString::number(record.inside_percent), "%"},
             {"forecast.error", QString::number(record.median_error), c.say("unit.minutes")},
             {"forecast.late", QString::number(record.late_percent), "%"},
             {"forecast.n", QString::number(record.n), unit_of(c, "unit.times", record.n)},
             {"forecast.days", QString::number(record.days), unit_of(c, "unit.days", record.days)}},
            372, 96);
  sheet.text(QRectF(88, 492, 1100, 150), c.say("forecast.hint"), {20, false, look::ink_2, c.lang},
             Qt::AlignLeft | Qt::AlignTop);
}

} // namespace

void add_records(const Shared& c, seat::Scene& scene) {
  Sheet sheet(c, scene, records_box, c->say("records.title"));
  sheet.close();
  add_tabs(sheet);
  if (c->screen.inside.tab == "forecast") {
    add_forecast(sheet);
  } else if (c->screen.inside.tab == "access") {
    add_spans(sheet);
    add_access(sheet);
  } else {
    add_counts(sheet);
  }
}

} // namespace machiai::desk
