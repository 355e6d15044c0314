// SPDX-License-Identifier: Apache-2.0
// What is now: the number that each counter has called and how many wait. It stays in place on every page.
#include "kiosk/scene.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

constexpr QColor divider{0x3A, 0x5D, 0x80};
constexpr double label_pitch = 1.1;
/// Kept clear of the panel's upper and lower edge.
constexpr double edge(double k) {
  return 8 * k;
}

/// A label over one line of runs: a column of the "now" board.
struct Column {
  QString head;
  QList<look::Run> runs;
  QString foot = {};
};

double runs_width(const QList<look::Run>& runs) {
  double line = 0;
  for (const auto& run : runs) line += run.gap + look::width(run.words, run.type);
  return line;
}

double column_width(const Column& column, double k, const QString& lang) {
  const double head = look::width(column.head, {40 * k, false, look::ink, lang});
  const double foot = look::width(column.foot, {36 * k, false, look::ink, lang});
  return std::max({runs_width(column.runs), head, foot});
}

QList<look::Run> counted(const Context& c, const QString& number, const QString& unit, double px, double k) {
  return {{number, {px * k, true, look::on_dark, c.lang}},
          {unit, {40 * k, false, look::on_dark, c.lang}, 4 * k}};
}

QList<Column> single_columns(const Context& c, double k) {
  const Now& now = c.screen.now.front();
  QList<Column> columns;
  const bool called = !now.calling.empty();
  Column calling{c.say("calling"), {}, {}};
  if (called)
    calling.runs = counted(c, QString::fromStdString(now.calling), c.say("unit.number"), 100, k);
  else
    calling.runs = {{c.say("nobody_called"), {60 * k, true, look::on_dark, c.lang}}};
  columns.append(calling);
  const Count people = people_count(c, now.waiting);
  columns.append({c.say("waiting"), counted(c, people.number, people.unit, 100, k), {}});
  if (now.wait) {
    columns.append(
        {c.say("wait"), counted(c, range_words(c, *now.wait), minutes_unit(c, now.wait->high), 76, k), {}});
  }
  return columns;
}

QList<Column> many_columns(const Context& c, std::size_t first, double k) {
  QList<Column> columns;
  for (std::size_t i = 0; i < c.screen.now.size(); ++i) {
    const Now& now = c.screen.now[(first + i) % c.screen.now.size()];
    Column column{c.name(now.label), {}, {}};
    if (now.calling.empty())
      column.runs = {{c.say("nobody_called"), {56 * k, true, look::on_dark, c.lang}}};
    else
      column.runs = counted(c, QString::fromStdString(now.calling), c.say("unit.number"), 84, k);
    const Count people = people_count(c, now.waiting);
    column.foot =
        c.say("now.waiting", {{"n", c.lang == "easy" ? people.number + people.unit : people.number}});
    columns.append(column);
  }
  return columns;
}

/// Least space between two columns.
constexpr double gap_least(double k) {
  return 44 * k;
}

/// The last of three columns (the wait, which the choice tells too) goes rather than making all tiny.
void drop_what_is_too_wide(QList<Column>& columns, double wide, double k, const QString& lang) {
  double sum = 0;
  for (const Column& column : columns) sum += column_width(column, k, lang) + gap_least(k);
  constexpr double least_fit = 0.8;
  if (columns.size() > 2 && sum * least_fit > wide) columns.removeLast();
}

/// A number keeps its place before its unit: that goes where it would be too small to be read.
void paint_figure(QPainter& p, QPointF at, QList<look::Run> figure, double room, double least) {
  const double fit = room / std::max(1.0, runs_width(figure));
  if (fit < 1 && figure.size() > 1 && std::floor(figure.last().type.px * fit) < least) figure.removeLast();
  look::runs(p, at.x(), at.y(), figure, room);
}

/// Where the columns stand, and the room that each has for its words.
struct Cells {
  QList<double> left, room;
  QList<double> dividers;
};

/// As wide as their words; what is left over stands between them.
Cells spread_cells(const QRectF& box, const QList<Column>& columns, double k, const QString& lang) {
  QList<double> widths;
  double sum = 0;
  for (const Column& column : columns) sum += widths.emplace_back(column_width(column, k, lang));
  const auto gaps = static_cast<double>(columns.size() - 1);
  const double fit = std::min(1.0, (box.width() - gaps * gap_least(k)) / std::max(1.0, sum));
  const double gap = gaps > 0 ? (box.width() - sum * fit) / gaps : 0;
  Cells cells;
  double x = box.left();
  for (const double wide : widths) {
    if (x > box.left()) cells.dividers.append(x - std::min(gap, gap_least(k)) / 2);
    cells.left.append(x);
    cells.room.append(wide * fit + 1);
    x += wide * fit + gap;
  }
  return cells;
}

/// Equal cells: several counters read as a row of the same thing.
Cells equal_cells(const QRectF& box, qsizetype count, double k) {
  const double cell = (box.width() + gap_least(k)) / static_cast<double>(count);
  Cells cells;
  for (qsizetype i = 0; i < count; ++i) {
    const double x = box.left() + static_cast<double>(i) * cell;
    if (i > 0) cells.dividers.append(x - gap_least(k) / 2);
    cells.left.append(x);
    cells.room.append(cell - gap_least(k));
  }
  return cells;
}

/// Three bands below each other, the same in every column: the names, the numbers, how many wait.
struct Bands {
  QList<Lines> heads, feet;
  double head = 0, figure = 0, foot = 0; ///< heights
  double baseline = 0;                   ///< of the numbers, below the names
  [[nodiscard]] double all() const { return head + figure + foot; }
  /// More than the box has; sums of fractions may be a little over.
  [[nodiscard]] double over(double room) const { return std::max(0.0, all() - room - 0.01); }
};

/// What the bands are made from: sizes of a panel of one format.
struct Measure {
  double head_px, foot_px, least; ///< of the labels
  double head_tall, foot_tall;    ///< of one row with its air
  double figure, baseline;        ///< of the numbers with their air
  double spare;                   ///< so much of that air may go
  int rows;                       ///< of a label, before it becomes more than it should be
};

/// One row, or more rather than one that nobody can read.
Lines label_lines(const QString& words, double px, double room, const Measure& m, const QString& lang) {
  const look::Type type{px, false, look::on_dark_2, lang};
  const Lines one = fit_lines(words, type, room, 1, m.least);
  return one.rows.size() > 1 && m.rows > 1 ? fit_lines(words, type, room, m.rows, m.least) : one;
}

double rows_height(const QList<Lines>& labels) {
  double most = 0;
  for (const Lines& lines : labels)
    most = std::max(most, static_cast<double>(lines.rows.size()) * line_step(lines, label_pitch));
  return most;
}

/// The bands with labels of `scale` of their size; their heights are the least possible.
Bands tight_bands(const QList<Column>& columns, const Cells& cells, const Measure& m, double scale,
                  const QString& lang) {
  Bands bands;
  const auto px = [&](double full) { return std::max(m.least, std::floor(full * scale)); };
  for (qsizetype i = 0; i < columns.size(); ++i) {
    bands.heads.append(label_lines(columns[i].head, px(m.head_px), cells.room[i], m, lang));
    if (!columns[i].foot.isEmpty())
      bands.feet.append(label_lines(columns[i].foot, px(m.foot_px), cells.room[i], m, lang));
  }
  // Names beside each other in one size: that of the longest.
  double level = m.head_px;
  for (const Lines& head : bands.heads) level = std::min(level, head.type.px);
  for (qsizetype i = 0; i < columns.size(); ++i)
    if (bands.heads[i].type.px > level)
      bands.heads[i] = label_lines(columns[i].head, level, cells.room[i], m, lang);
  bands.head = rows_height(bands.heads);
  bands.foot = rows_height(bands.feet);
  bands.figure = m.figure - m.spare;
  return bands;
}

/// Gives the air back that the box has room for.
Bands aired(Bands bands, const Measure& m, double room) {
  const double head = std::max(0.0, m.head_tall - bands.head);
  const double foot = bands.feet.isEmpty() ? 0 : std::max(0.0, m.foot_tall - bands.foot);
  const double want = head + foot + m.spare;
  const double share = want > 0 ? std::clamp((room - bands.all()) / want, 0.0, 1.0) : 0;
  bands.head += head * share;
  bands.foot += foot * share;
  bands.figure += m.spare * share;
  bands.baseline = m.baseline - m.spare * (1 - share) / 2;
  return bands;
}

/// As large as the box allows; higher than that when even the smallest labels need it.
Bands fit_bands(const QList<Column>& columns, const Cells& cells, const Measure& m, double room,
                const QString& lang) {
  // Rather smaller labels than a number that touches them.
  for (const double air : {m.spare / 2, 0.0})
    for (double scale = 1; scale > 0.7; scale -= 0.05) {
      Bands bands = tight_bands(columns, cells, m, scale, lang);
      if (bands.over(room - air) == 0) return aired(std::move(bands), m, room);
    }
  return aired(tight_bands(columns, cells, m, 0, lang), m, room);
}

/// The last resort: a name of so many rows as have room.
void cut_heads(Bands& bands, const Cells& cells, double room) {
  const double over = bands.over(room);
  if (over == 0) return;
  for (qsizetype i = 0; i < bands.heads.size(); ++i) {
    const double step = line_step(bands.heads[i], label_pitch);
    const auto most = std::max<qsizetype>(1, static_cast<qsizetype>((bands.head - over) / step));
    bands.heads[i] = cut_rows(bands.heads[i], cells.room[i], most);
  }
  bands.head = rows_height(bands.heads);
}

/// The numbers of several counters in one size: the widest tells which; its unit goes before it is too small.
void level_figures(QList<Column>& columns, const Cells& cells, double least) {
  const auto fit = [&] {
    double all = 1;
    for (qsizetype i = 0; i < columns.size(); ++i)
      if (columns[i].runs.size() > 1)
        all = std::min(all, cells.room[i] / std::max(1.0, runs_width(columns[i].runs)));
    return all;
  };
  for (Column& column : columns)
    if (column.runs.size() > 1 && column.runs.last().type.px * fit() < least)
      column.runs.last().words.clear();
  const double scale = fit();
  for (Column& column : columns)
    if (column.runs.size() > 1)
      for (look::Run& run : column.runs) run.type.px = std::floor(run.type.px * scale);
}

void paint_bands(QPainter& p, const QRectF& box, const QList<Column>& columns, const Cells& cells,
                 const Bands& bands, double least, double k) {
  const double top = box.center().y() - bands.all() / 2;
  for (qsizetype i = 0; i < columns.size(); ++i) {
    const double x = cells.left[i];
    const double room = cells.room[i];
    // A short name stands over its number, also beside a long one.
    const Lines& head = bands.heads[i];
    const double own = static_cast<double>(head.rows.size()) * line_step(head, label_pitch);
    const double high = std::min(bands.head, std::max(own, 48 * k));
    paint_lines(p, QRectF(x, top + bands.head - high, room, high), head, label_pitch);
    paint_figure(p, QPointF(x, top + bands.head + bands.baseline), columns[i].runs, room, least);
    if (i < bands.feet.size())
      paint_lines(p, QRectF(x, top + bands.head + bands.figure, room, bands.foot), bands.feet[i],
                  label_pitch);
  }
  for (const double x : cells.dividers)
    p.fillRect(QRectF(x - 1.5, box.center().y() - 65 * k, 3, 130 * k), divider);
}

/// Several counters: those whose names have room; the others tell their numbers on their own buttons.
void paint_cells(QPainter& p, const QRectF& box, QList<Column> columns, const Measure& m, double least,
                 double k, const QString& lang) {
  const double room = box.height() - 2 * edge(k);
  for (;; columns.removeLast()) {
    const Cells cells = equal_cells(box, columns.size(), k);
    Bands bands = fit_bands(columns, cells, m, room, lang);
    if (bands.over(room) > 0 && columns.size() > 1) continue;
    cut_heads(bands, cells, room);
    level_figures(columns, cells, least);
    return paint_bands(p, box, columns, cells, bands, least, k);
  }
}

void paint_columns(QPainter& p, const QRectF& box, const QList<Column>& columns, double k,
                   const QString& lang) {
  const bool footed = !columns.isEmpty() && !columns.front().foot.isEmpty();
  const double label = k < 1 ? 18 : 28;
  const double unit = k < 1 ? 16 : 24;
  Measure m{40 * k, 36 * k, label, 48 * k, 48 * k, 104 * k, 82 * k, 20 * k, 2};
  if (!footed) m.figure = 112 * k, m.baseline = 94 * k;
  if (footed || columns.size() == 2) return paint_cells(p, box, columns, m, unit, k, lang);
  const Cells cells = spread_cells(box, columns, k, lang);
  const double room = box.height() - 2 * edge(k);
  paint_bands(p, box, columns, cells, fit_bands(columns, cells, m, room, lang), unit, k);
}

/// In large letters: fewer columns, the name over the number and nothing else.
void paint_large_now(QPainter& p, const QRectF& box, const Context& c, QList<Column> columns, double k) {
  for (Column& column : columns) {
    column.foot.clear();
    for (look::Run& run : column.runs) run.type.px = c.px(run.type.px);
  }
  const double least = c.frame.least;
  const Measure m{least, least, least, 0, 0, 110 * k, 92 * k, 34 * k, 2};
  paint_cells(p, box, columns, m, least, k, c.lang);
}

/// There are more counters than stand here: they take turns, a dot for each.
void paint_turns(QPainter& p, const QRectF& box, const Context& c, double k) {
  const auto count = static_cast<double>(c.screen.now.size());
  const double dot = 10 * std::max(k, 0.7);
  const double pitch = std::min(dot * 2, (box.height() - 24) / count);
  double y = box.center().y() - (count - 1) * pitch / 2;
  p.setPen(Qt::NoPen);
  for (std::size_t i = 0; i < c.screen.now.size(); ++i) {
    p.setBrush(i == c.screen.now_first ? look::yamabuki : divider);
    p.drawEllipse(QPointF(box.right() - dot * 1.5, y), dot / 2, dot / 2);
    y += pitch;
  }
}

void paint_quiet_now(QPainter& p, const Context& c) {
  const bool closed = c.screen.face == Face::closed;
  look::panel_box(p, c.frame.now, 20, look::ai_deep);
  const QRectF mark(c.frame.now.left() + 32, c.frame.now.center().y() - 36, 72, 72);
  look::icon(p, closed ? state_icon(c.screen.state) : "info", mark, look::yamabuki);
  const QString key = closed ? QString::fromStdString(c.screen.state) + ".spine" : "away.spine";
  if (c.large()) {
    const QRectF in(mark.right() + 20, c.frame.now.top() + 8, c.frame.now.right() - mark.right() - 36,
                    c.frame.now.height() - 16);
    return flow(p, in, c.say(key), {40, true, look::on_dark, c.lang}, c.frame.least, 1.2);
  }
  look::text(p,
             QRectF(mark.right() + 24, c.frame.now.top() + 12, c.frame.now.right() - mark.right() - 48,
                    c.frame.now.height() - 24),
             c.say(key), {48, true, look::on_dark, c.lang});
}

void paint_now(QPainter& p, const Context& c) {
  const QRectF box = c.frame.now;
  if (c.screen.now.empty() || c.screen.face == Face::away) {
    if (!c.frame.portrait) paint_quiet_now(p, c);
    return;
  }
  const double spine = c.frame.portrait ? 96 : 56;
  QPainterPath clip;
  clip.addRoundedRect(box, 20, 20);
  p.setClipPath(clip);
  p.fillRect(box, look::ai);
  const QRectF board(box.left(), box.top(), spine, box.height());
  p.fillRect(board, look::yamabuki);
  look::upright(p, board.adjusted(0, 12, 0, -12), c.say("now"),
                {c.frame.portrait ? 64.0 : 40.0, true, look::ink, c.lang}, 1.1);
  const double pad = c.frame.portrait ? 36 : 20;
  const QRectF inner = box.adjusted(spine + pad, 0, -pad, 0);
  const bool single = c.screen.now.size() == 1;
  const double k = c.frame.portrait ? 1.0 : 0.56;
  const qsizetype most = c.large() ? (c.frame.portrait ? 2 : 1) : c.frame.portrait || single ? 3 : 2;
  const bool turns = !single && static_cast<qsizetype>(c.screen.now.size()) > most;
  QList<Column> columns = single ? single_columns(c, k) : many_columns(c, turns ? c.screen.now_first : 0, k);
  if (columns.size() > most) columns.resize(most);
  if (single && !c.large()) drop_what_is_too_wide(columns, inner.width(), k, c.lang);
  if (c.large())
    paint_large_now(p, inner, c, columns, k);
  else
    paint_columns(p, inner, columns, k, c.lang);
  if (turns) paint_turns(p, box, c, k);
}

} // namespace

void add_now(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) { paint_now(p, *c); });
}

} // namespace machiai::kiosk
