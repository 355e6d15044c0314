// SPDX-License-Identifier: Apache-2.0
// The zones that stay in place on every page: head, "now", help and languages.
#include "core/base/clock.hpp"
#include "kiosk/scene.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

constexpr QColor divider{0x3A, 0x5D, 0x80};

QString head_words(const Context& c) {
  const QString date = date_words(c, c.screen.date);
  const QString session = QString::fromStdString(c.screen.session);
  const bool told = c.screen.face != Face::closed && c.screen.face != Face::away && !session.isEmpty();
  return told ? date + "　" + c.say("session." + session) : date;
}

/// A label over one line of runs: a column of the "now" board.
struct Column {
  QString head;
  QList<look::Run> runs;
  QString foot = {};
};

double column_width(const Column& column, double k, const QString& lang) {
  double line = 0;
  for (const auto& run : column.runs) line += run.gap + look::width(run.words, run.type);
  const double head = look::width(column.head, {40 * k, false, look::ink, lang});
  const double foot = look::width(column.foot, {36 * k, false, look::ink, lang});
  return std::max({line, head, foot});
}

QList<look::Run> counted(const Context& c, const QString& number, const QString& unit, double px, double k) {
  return {{number, {px * k, true, look::on_dark, c.lang}},
          {c.say(unit), {40 * k, false, look::on_dark, c.lang}, 4 * k}};
}

QList<Column> single_columns(const Context& c, double k) {
  const Now& now = c.screen.now.front();
  QList<Column> columns;
  const bool called = !now.calling.empty();
  Column calling{c.say("calling"), {}, {}};
  if (called)
    calling.runs = counted(c, QString::fromStdString(now.calling), "unit.number", 100, k);
  else
    calling.runs = {{c.say("nobody_called"), {60 * k, true, look::on_dark, c.lang}}};
  columns.append(calling);
  columns.append({c.say("waiting"), counted(c, QString::number(now.waiting), "unit.people", 100, k), {}});
  if (now.wait) {
    columns.append({c.say("wait"), counted(c, range_words(c, *now.wait), "unit.minutes", 76, k), {}});
  }
  return columns;
}

QList<Column> many_columns(const Context& c, double k) {
  QList<Column> columns;
  for (const Now& now : c.screen.now) {
    Column column{c.name(now.label), {}, {}};
    if (now.calling.empty())
      column.runs = {{c.say("nobody_called"), {56 * k, true, look::on_dark, c.lang}}};
    else
      column.runs = counted(c, QString::fromStdString(now.calling), "unit.number", 84, k);
    column.foot = c.say("choice.waiting", {{"n", QString::number(now.waiting)}});
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

/// One row, or two rather than one that nobody can read.
Lines label_lines(const QString& words, double px, double room, double k, const QString& lang) {
  const look::Type type{px, false, look::on_dark_2, lang};
  const double least = k < 1 ? 18 : 28;
  const Lines one = fit_lines(words, type, room, 1, least);
  return one.rows.size() > 1 ? fit_lines(words, type, room, 2, least) : one;
}

void paint_foot(QPainter& p, QPointF at, const Lines& foot, double k) {
  const double tall = std::max(48 * k, static_cast<double>(foot.rows.size()) * foot.type.px * 1.1);
  paint_lines(p, QRectF(at, QSizeF(2000, tall)), foot, 1.1);
}

void paint_columns(QPainter& p, const QRectF& box, const QList<Column>& columns, double k,
                   const QString& lang) {
  QList<double> widths;
  double sum = 0;
  for (const Column& column : columns) sum += widths.emplace_back(column_width(column, k, lang));
  const int gaps = static_cast<int>(columns.size()) - 1;
  const double fit = std::min(1.0, (box.width() - gaps * gap_least(k)) / std::max(1.0, sum));
  // Like "space-between": the dividers stand in the middle of what is left.
  const double gap = gaps > 0 ? (box.width() - sum * fit) / gaps : 0;
  const bool footed = !columns.isEmpty() && !columns.front().foot.isEmpty();
  const bool cells = footed || columns.size() == 2;
  // Several counters stand in equal cells, so that they read as a row of the same thing.
  const auto room_of = [&](int i) {
    return cells ? (box.width() + gap_least(k)) / (gaps + 1) - gap_least(k) : widths[i] * fit + 1;
  };
  QList<Lines> heads;
  for (int i = 0; i < columns.size(); ++i)
    heads.append(label_lines(columns[i].head, 40 * k, room_of(i), k, lang));
  const bool tall_head =
      std::any_of(heads.begin(), heads.end(), [](const Lines& head) { return head.rows.size() > 1; });
  const double top = box.center().y() - (footed ? 100 : 80) * k + (tall_head ? 12 * k : 0);
  const double above = top + 48 * k - box.top();
  double x = box.left();
  for (int i = 0; i < columns.size(); ++i) {
    const double wide = widths[i] * fit;
    if (cells) x = box.left() + i * (box.width() + gap_least(k)) / static_cast<double>(columns.size());
    const double room = room_of(i);
    Lines& head = heads[i];
    const auto rows = static_cast<double>(head.rows.size());
    if (rows > 1) head.type.px = std::min(head.type.px, above / (rows * 1.1));
    const double tall = std::max(48 * k, rows * head.type.px * 1.1);
    paint_lines(p, QRectF(x, top + 48 * k - tall, room, tall), head, 1.1);
    look::runs(p, x, top + (footed ? 130 : 142) * k, columns[i].runs, wide + 1);
    if (footed)
      paint_foot(p, QPointF(x, top + 152 * k), label_lines(columns[i].foot, 36 * k, room, k, lang), k);
    const double next =
        cells ? box.left() + (i + 1) * (box.width() + gap_least(k)) / (gaps + 1) : x + wide + gap;
    if (i < gaps)
      p.fillRect(QRectF(next - std::min(gap, gap_least(k)) / 2 - 1.5, box.center().y() - 65 * k, 3, 130 * k),
                 divider);
    x += wide + gap;
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

/// In large letters: fewer columns, the name over the number and nothing else.
void paint_large_now(QPainter& p, const QRectF& box, const Context& c, QList<Column> columns, double k) {
  const qsizetype most = c.frame.portrait ? 2 : 1;
  if (columns.size() > most) columns.resize(most);
  const double cell = (box.width() + gap_least(k)) / static_cast<double>(columns.size());
  for (qsizetype i = 0; i < columns.size(); ++i) {
    const QRectF at(box.left() + static_cast<double>(i) * cell, box.top(), cell - gap_least(k), box.height());
    const look::Type type{c.frame.least, false, look::on_dark_2, c.lang};
    const Lines head = fit_lines(columns[i].head, type, at.width(), 2, c.frame.least);
    const double high = static_cast<double>(head.rows.size()) * type.px * 1.12;
    const double top = at.center().y() - (high + 110 * k) / 2;
    paint_lines(p, QRectF(at.left(), top, at.width(), high), head, 1.12);
    QList<look::Run> figure = columns[i].runs;
    for (look::Run& run : figure) run.type.px = c.px(run.type.px);
    look::runs(p, at.left(), top + high + 92 * k, figure, at.width());
    if (i > 0)
      p.fillRect(QRectF(at.left() - gap_least(k) / 2, at.center().y() - 65 * k, 3, 130 * k), divider);
  }
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
  QList<Column> columns = single ? single_columns(c, k) : many_columns(c, k);
  if (c.large()) return paint_large_now(p, inner, c, columns, k);
  const qsizetype most = c.frame.portrait || single ? 3 : 2;
  if (columns.size() > most) columns.resize(most); // the others tell their numbers on their own buttons
  if (single) drop_what_is_too_wide(columns, inner.width(), k, c.lang);
  paint_columns(p, inner, columns, k, c.lang);
}

void paint_language(QPainter& p, const QRectF& box, const Context& c, const QString& code, bool pressed) {
  const bool chosen = code == c.lang;
  const QString words = c.say("lang." + code);
  const QColor fill = chosen ? look::ai : pressed ? look::ai_pale : look::panel;
  look::panel_box(p, box, 20, fill, chosen ? look::ai : look::line_strong, 4);
  const double px = c.px(words.contains('\n') ? 31 : words.size() > 8 ? 33 : 36);
  const look::Type type{px, true, chosen ? look::on_dark : look::ai, code};
  double wide = 0;
  for (const QString& row : words.split('\n')) wide = std::max(wide, look::width(row, type));
  // Large letters may come near the edge: a name in two pieces is none.
  const double edge = wide + 24 > box.width() ? 5 : 12;
  const QRectF in = box.adjusted(edge, 4, -edge, -4);
  const bool beside = wide + 44 <= in.width();
  if (chosen && !beside)
    look::icon(p, "check", QRectF(box.left() + 10, box.top() + 8, 28, 28), look::on_dark);
  if (chosen && beside) {
    const double left = box.center().x() - (wide + 40) / 2;
    look::icon(p, "check", QRectF(left, box.center().y() - 16, 32, 32), look::on_dark);
    paint_lines(p, QRectF(left + 40, in.top(), wide, in.height()), {words.split('\n'), type}, 1.12,
                Qt::AlignHCenter);
    return;
  }
  paint_lines(p, in, fit_lines(words, type, in.width(), 2, std::max(c.frame.least, px * 0.7)), 1.12,
              Qt::AlignHCenter);
}

/// A small and a large letter side by side; drawn as a picture.
void paint_letters(QPainter& p, QPointF left, double high, const QString& glyph) {
  QPainterPath path;
  const QFont small = look::font({high * 0.55, true, look::ai_act, "ja"});
  const QFont big = look::font({high, true, look::ai_act, "ja"});
  path.addText(left + QPointF(0, high * 0.38), small, glyph);
  path.addText(left + QPointF(high * 0.55, high * 0.38), big, glyph);
  p.setPen(Qt::NoPen);
  p.setBrush(look::ai_act);
  p.drawPath(path);
}

void paint_large(QPainter& p, const QRectF& box, const Context& c, bool pressed) {
  look::panel_box(p, box, 20, c.large() || pressed ? look::ai_pale : look::panel, look::ai, 4);
  const QStringList rows = c.say(c.large() ? "large.off" : "large.on").split('\n');
  const look::Type type{c.px(31), true, look::ai, c.lang};
  double wide = 0;
  for (const QString& row : rows) wide = std::max(wide, look::width(row, type));
  const double high = std::min(56.0, (box.width() - 28 - wide - 10) / 1.5);
  const double left = box.center().x() - (high * 1.5 + 10 + wide) / 2;
  const bool kana = c.lang == "ja" || c.lang == "easy";
  paint_letters(p, QPointF(left, box.center().y()), high, kana ? "あ" : "A");
  paint_lines(p, QRectF(left + high * 1.5 + 10, box.top(), wide + 1, box.height()), {rows, type}, 1.12);
}

} // namespace

void add_head(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) {
    const QRectF box = c->frame.head;
    const double k = c->frame.portrait ? 1.0 : 0.66;
    const double clock = 64 * (c->frame.portrait ? 1.0 : 0.8);
    const QString time = QString::fromStdString(c->screen.clock);
    look::line_text(p, box, time, {clock, true, look::ink, "ja"}, Qt::AlignRight | Qt::AlignVCenter);
    const double room = box.width() - 40 - look::width(time, {clock, true, look::ink, "ja"});
    if (c->large()) { // the name alone, in the whole height
      const look::Type type{c->px(46 * k), true, look::ink, c->lang};
      paint_lines(
          p, QRectF(box.left(), box.top(), room, box.height()),
          fit_lines(c->name(c->screen.facility), type, room, c->frame.portrait ? 2 : 1, c->frame.least),
          1.08);
      return;
    }
    look::line_text(p, QRectF(box.left(), box.top(), room, 55 * k), c->name(c->screen.facility),
                    {46 * k, true, look::ink, c->lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.6);
    look::line_text(p, QRectF(box.left(), box.top() + 55 * k, room, 42 * k), head_words(*c),
                    {32 * k, false, look::ink_2, c->lang});
  });
}

void add_now(const Shared& c, seat::Scene& scene) {
  scene.add([c](QPainter& p) { paint_now(p, *c); });
}

void add_languages(const Shared& c, seat::Scene& scene) {
  static const QStringList codes{"ja", "easy", "en", "zh", "ko", "vi", "pt"};
  if (!c->frame.globe.isEmpty()) {
    scene.add([c](QPainter& p) {
      const QRectF box = c->frame.globe;
      look::icon(p, "globe", QRectF(box.left(), box.top() + 2, 40, 40), look::ink);
      look::line_text(p, box.adjusted(54, 0, 0, 0), c->say("languages"), {34, false, look::ink, "ja"});
    });
  }
  const QRectF area = c->frame.langs;
  const int columns = c->frame.lang_columns;
  const int rows = (static_cast<int>(codes.size()) + columns) / columns; // with the button for large letters
  constexpr double gap = 16;
  const double wide = (area.width() - gap * (columns - 1)) / columns;
  const double high = (area.height() - gap * (rows - 1)) / rows;
  const auto cell = [&](int i) {
    const int column = i % columns;
    const int row = i / columns;
    return QRectF(area.left() + column * (wide + gap), area.top() + row * (high + gap), wide, high);
  };
  for (int i = 0; i < codes.size(); ++i) {
    const QRectF box = cell(i);
    const QString& code = codes[i];
    scene.touch.push_back({"lang-" + code, c->say("lang." + code).replace('\n', ' '), box,
                           [=](QPainter& p, bool pressed) { paint_language(p, box, *c, code, pressed); }});
  }
  add_large(c, scene, cell(columns * rows - 1));
}

void add_large(const Shared& c, seat::Scene& scene, const QRectF& box) {
  const QString label = c->say(c->large() ? "large.off" : "large.on").replace('\n', ' ');
  scene.touch.push_back(
      {"large", label, box, [=](QPainter& p, bool pressed) { paint_large(p, box, *c, pressed); }});
}

void add_help_row(const Shared& c, seat::Scene& scene) {
  const Face face = c->screen.face;
  // The card "ill" and the page "rules" already say what the second button would.
  const bool rules = face == Face::home || face == Face::asking;
  const bool ask = face == Face::why || face == Face::code;
  const bool back = face == Face::kind || face == Face::typing;
  // In large letters two keys have room: the rule is told on the number's page as well.
  const bool pad = c->screen.pad;
  const bool third = pad && rules && !c->large();
  const int keys = third ? 3 : rules || back || pad || !c->screen.card_end.empty() ? 2 : 1;
  const QRectF box = c->frame.help;
  const double wide = (box.width() - 16 * (keys - 1)) / keys;
  const QRectF first(box.left(), box.top(), wide, box.height());
  const QRectF second = first.translated(wide + 16, 0);
  const double px = c->px(c->frame.portrait ? 42 : 32);
  const bool enabled = face != Face::asking;
  const auto key = [&](const QString& name, const QString& icon, const QString& words, const QRectF& at) {
    scene.touch.push_back({name, words, at,
                           [=](QPainter& p, bool pressed) {
                             paint_key(p, at, {icon, words, px, c->frame.least}, c->lang, pressed);
                           },
                           enabled});
  };
  if (back) {
    key("home", "left", c->say("back"), first);
    key("help", "hand", c->say("help"), second);
    return;
  }
  key("help", "hand", c->say(ask ? "ask" : "help"), first);
  if (!c->screen.card_end.empty())
    key("home", "cross", c->say("card.cancel"), second);
  else if (pad)
    key("card-type", "card", c->say("card.type"), second);
  else if (rules)
    key("rules", "info", c->say("rules"), second);
  if (third) key("rules", "info", c->say("rules"), second.translated(wide + 16, 0));
}

} // namespace machiai::kiosk
