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
  const double top = box.center().y() - (footed ? 100 : 80) * k;
  double x = box.left();
  for (int i = 0; i < columns.size(); ++i) {
    const double wide = widths[i] * fit;
    // Several counters stand in equal cells, so that they read as a row of the same thing.
    if (cells) x = box.left() + i * (box.width() + gap_least(k)) / static_cast<double>(columns.size());
    const double room = cells ? (box.width() + gap_least(k)) / (gaps + 1) - gap_least(k) : wide + 1;
    look::line_text(p, QRectF(x, top, room, 48 * k), columns[i].head, {40 * k, false, look::on_dark_2, lang},
                    Qt::AlignLeft | Qt::AlignVCenter, 0.5);
    look::runs(p, x, top + (footed ? 130 : 142) * k, columns[i].runs, wide + 1);
    if (footed)
      look::line_text(p, QRectF(x, top + 152 * k, room, 48 * k), columns[i].foot,
                      {36 * k, false, look::on_dark_2, lang}, Qt::AlignLeft | Qt::AlignVCenter, 0.5);
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
  QList<Column> columns = single ? single_columns(c, k) : many_columns(c, k);
  if (columns.size() > 3) columns.resize(3); // the others tell their numbers on their own buttons
  paint_columns(p, inner, columns, k, c.lang);
}

void paint_language(QPainter& p, const QRectF& box, const QString& code, const QString& words, bool chosen,
                    bool pressed) {
  const QColor fill = chosen ? look::ai : pressed ? look::ai_pale : look::panel;
  look::panel_box(p, box, 20, fill, chosen ? look::ai : look::line_strong, 4);
  const double px = words.contains('\n') ? 31 : words.size() > 8 ? 33 : 36;
  const look::Type type{px, true, chosen ? look::on_dark : look::ai, code};
  if (!chosen) {
    look::text(p, box.adjusted(12, 4, -12, -4), words, type, Qt::AlignCenter);
    return;
  }
  double wide = 0;
  for (const QString& row : words.split('\n')) wide = std::max(wide, look::width(row, type));
  wide = std::min(wide, box.width() - 64);
  const double left = box.center().x() - (wide + 40) / 2;
  look::icon(p, "check", QRectF(left, box.center().y() - 16, 32, 32), look::on_dark);
  look::text(p, QRectF(left + 40, box.top(), wide + 4, box.height()), words, type,
             Qt::AlignHCenter | Qt::AlignVCenter);
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
  if (c->frame.portrait) {
    scene.add([c](QPainter& p) {
      const QRectF box = c->frame.globe;
      look::icon(p, "globe", QRectF(box.left(), box.top() + 2, 40, 40), look::ink);
      look::line_text(p, box.adjusted(54, 0, 0, 0), c->say("languages"), {34, false, look::ink, "ja"});
    });
  }
  const QRectF area = c->frame.langs;
  const int columns = c->frame.lang_columns;
  constexpr double gap = 16;
  const double wide = (area.width() - gap * (columns - 1)) / columns;
  const double high = c->frame.portrait ? 116 : 115;
  for (int i = 0; i < codes.size(); ++i) {
    const QRectF box(area.left() + (i % columns) * (wide + gap), area.top() + (i / columns) * (high + gap),
                     wide, high);
    const QString code = codes[i];
    const QString words = c->say("lang." + code);
    scene.touch.push_back(
        {"lang-" + code, QString(words).replace('\n', ' '), box,
         [=](QPainter& p, bool pressed) { paint_language(p, box, code, words, code == c->lang, pressed); }});
  }
}

void add_help_row(const Shared& c, seat::Scene& scene) {
  const Face face = c->screen.face;
  // The card "ill" and the page "rules" already say what the second button would.
  const bool rules = face == Face::home || face == Face::asking;
  const bool ask = face == Face::why || face == Face::code;
  const bool back = face == Face::kind;
  const QRectF box = c->frame.help;
  const double half = (box.width() - 16) / 2;
  const bool two = rules || back;
  const QRectF first(box.left(), box.top(), two ? half : box.width(), box.height());
  const QRectF second(box.left() + half + 16, box.top(), half, box.height());
  const double px = c->frame.portrait ? 42 : 32;
  const bool enabled = face != Face::asking;
  const auto key = [&](const QString& name, const QString& icon, const QString& words, const QRectF& at) {
    scene.touch.push_back(
        {name, words, at,
         [=](QPainter& p, bool pressed) { paint_key(p, at, icon, words, px, c->lang, pressed); }, enabled});
  };
  if (back) {
    key("home", "left", c->say("back"), first);
    key("help", "hand", c->say("help"), second);
    return;
  }
  key("help", "hand", c->say(ask ? "ask" : "help"), first);
  if (!c->screen.card_end.empty())
    key("home", "cross", c->say("card.cancel"), second);
  else if (rules)
    key("rules", "info", c->say("rules"), second);
}

} // namespace machiai::kiosk
