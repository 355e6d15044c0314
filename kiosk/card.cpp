// SPDX-License-Identifier: Apache-2.0
// What can be touched: choices, keys; and words that break into lines instead of being cut.
#include "kiosk/scene.hpp"
#include "seat/breaks.hpp"

#include <algorithm>
#include <utility>

namespace machiai::kiosk {

namespace look = seat::look;

namespace {

/// The least pieces of a phrase that a line may end after.
QStringList syllables_of(const QString& phrase) {
  QStringList result;
  for (qsizetype at = 0; at < phrase.size(); ++at)
    if (at == 0 || seat::may_break(phrase, at))
      result.append(phrase[at]);
    else
      result.last() += phrase[at];
  return result;
}

/// Pieces a line may end after: phrases, or (`split`) the single glyphs of one that is wider than a line.
QStringList pieces_of(const QString& row, const look::Type& type, double wide, bool split) {
  QStringList result;
  QString phrase;
  const auto end_phrase = [&] {
    if (!split || look::width(phrase.trimmed(), type) <= wide)
      result.append(phrase);
    else
      result.append(syllables_of(phrase));
    phrase.clear();
  };
  for (const QChar c : row) {
    phrase += c;
    if (c == ' ' || c == u'、' || c == u'，' || c == u'。' || c == u'・') end_phrase();
  }
  if (!phrase.isEmpty()) end_phrase();
  return result;
}

QStringList broken(const QString& words, const look::Type& type, double wide, bool split) {
  QStringList rows;
  for (const QString& row : words.split('\n')) {
    QString line;
    for (const QString& piece : pieces_of(row, type, wide, split)) {
      if (!line.isEmpty() && look::width((line + piece).trimmed(), type) > wide) {
        rows.append(line.trimmed());
        line.clear();
      }
      line += piece;
    }
    rows.append(line.trimmed());
  }
  return rows;
}

bool stands_in(const Lines& lines, double wide, int most) {
  return lines.rows.size() <= most &&
         std::all_of(lines.rows.begin(), lines.rows.end(),
                     [&](const QString& row) { return look::width(row, lines.type) <= wide; });
}

/// Where the parts of a card stand.
struct Plan {
  QRectF stone; ///< of the icon; without a stone when `small`
  double mark = 0;
  bool small = false;
  QRectF words;
  QRectF arrow; ///< empty: none
};

/// The first choice is larger where there is room; among equals it has their sizes.
bool stands_out(const QRectF& box, const Card& card) {
  return card.primary && box.height() >= 260;
}

Plan plan_of(const QRectF& box, const Card& card, double f) {
  Plan plan;
  plan.small = box.width() < (card.k < 1 ? 420 : 500); // no room for a stone: the words matter more
  const double pad = plan.small ? 20 : 40 * f;
  const QSizeF stone =
      plan.small ? QSizeF(48, 48) : (stands_out(box, card) ? QSizeF(196, 176) : QSizeF(176, 160)) * f;
  plan.mark = plan.small ? 48 : (stands_out(box, card) ? 104 : 96) * f;
  plan.stone = QRectF(QPointF(box.left() + pad, box.center().y() - stone.height() / 2), stone);
  double right = box.right() - pad;
  if (card.arrow && !card.quiet && !plan.small) {
    plan.arrow = QRectF(right - 72 * f, box.center().y() - 36 * f, 72 * f, 72 * f);
    right = plan.arrow.left();
  }
  const double left = plan.stone.right() + (plan.small ? 14 : 36 * f);
  plan.words = QRectF(left, box.top() + 6, right - left, box.height() - 12);
  return plan;
}

void paint_words(QPainter& p, const QRectF& box, const Card& card, double f, bool tall, const QString& lang) {
  const bool narrow = box.width() < (card.k < 1 ? 320 : 400);
  const QColor ink = card.quiet ? look::ink_2 : card.primary ? look::on_dark : look::ink;
  const double usual = card.least > 0 && card.k == 1 ? 1 : f; // a lower card is no reason for smaller names
  look::Type title{(tall ? 88 : 76) * usual, true, ink, lang};
  if (narrow) title.px = std::min(title.px, 60 * card.k);
  const double least_title = std::max(card.least, narrow ? 34 * card.k : title.px * 0.6);
  title.px = std::max(title.px, card.least);
  look::Type sub{std::max(30.0 * (f < 0.75 ? 0.8 : 1), (tall ? 40 : 38) * f), false,
                 card.primary ? look::on_dark_2 : look::ink_2, lang};
  sub.px = std::max(narrow ? 32 * card.k : sub.px, card.least);
  const double least_sub = std::max(card.least, narrow ? 28 * card.k : sub.px * 0.8);
  Lines head = fit_lines(card.title, title, box.width(), 1, least_title);
  if (head.rows.size() > 1) head = fit_lines(card.title, title, box.width(), 2, least_title);
  // Rather small in two rows than a third one on the words below.
  if (head.rows.size() > 2 && card.least == 0)
    head = cut_rows(fit_lines(card.title, title, box.width(), 2, card.k < 1 ? 17 : 26), box.width(), 2);
  Lines body;
  if (!card.sub.isEmpty()) {
    body = fit_lines(card.sub, sub, box.width(), 1, least_sub);
    // Two facts stand one below the other before either is cut.
    if (body.rows.size() > 1)
      body = fit_lines(QString(card.sub).replace(u'　', '\n'), sub, box.width(), card.least > 0 ? 3 : 2,
                       least_sub);
  }
  const auto height = [](const Lines& lines, double pitch) {
    return static_cast<double>(lines.rows.size()) * line_step(lines, pitch);
  };
  const double room = box.height() * 0.94 - height(body, 1.26);
  while (height(head, 1.12) > room && head.type.px > std::max(least_title, body.type.px * 1.1))
    head.type.px -= 1;
  const double high = height(head, 1.12);
  const double below = height(body, 1.26);
  const double gap = body.rows.isEmpty() ? 0 : 8 * f;
  const double squeeze = std::min(1.0, box.height() / (high + gap + below));
  const double top = box.center().y() - (high + gap + below) * squeeze / 2;
  paint_lines(p, QRectF(box.left(), top, box.width(), high * squeeze), head, 1.12 * squeeze);
  paint_lines(p, QRectF(box.left(), top + (high + gap) * squeeze, box.width(), below * squeeze), body,
              1.26 * squeeze);
}

} // namespace

Lines fit_lines(const QString& words, look::Type type, double wide, int most, double least) {
  Lines result{{}, std::move(type)};
  for (;; result.type.px -= 1) {
    result.rows = broken(words, result.type, wide, false);
    if (stands_in(result, wide, most)) return result;
    if (result.type.px - 1 < least) break;
  }
  result.rows = broken(words, result.type, wide, true);
  return result;
}

Lines cut_rows(Lines lines, double wide, qsizetype most) {
  if (lines.rows.size() <= most) return lines;
  const QString rest = lines.rows.mid(most - 1).join(' ') + "…";
  lines.rows.resize(most);
  lines.rows.last() = QFontMetricsF(look::font(lines.type)).elidedText(rest, Qt::ElideRight, wide);
  return lines;
}

double line_step(const Lines& lines, double pitch) {
  return lines.type.px * (lines.type.lang == "vi" ? std::max(pitch, 1.2) : pitch);
}

void paint_lines(QPainter& p, const QRectF& box, const Lines& lines, double pitch, int align) {
  const double step = line_step(lines, pitch);
  double y = box.center().y() - step * static_cast<double>(lines.rows.size()) / 2;
  for (const QString& row : lines.rows) {
    look::line_text(p, QRectF(box.left(), y, box.width() + 1, step), row, lines.type,
                    align | Qt::AlignVCenter, 0.95);
    y += step;
  }
}

void flow(QPainter& p, const QRectF& box, const QString& words, look::Type type, double least, double pitch) {
  const QString plain = QString(words).remove('*').replace('\n', ' ');
  const auto most = [&](double px) { return std::max(1, static_cast<int>(box.height() / (px * pitch))); };
  Lines lines{{}, std::move(type)};
  const double first = lines.type.px;
  for (const bool split : {false, true}) { // rather smaller than a word in pieces
    for (lines.type.px = first; lines.type.px >= least; lines.type.px -= 1) {
      lines.rows = broken(plain, lines.type, box.width(), split);
      if (stands_in(lines, box.width(), most(lines.type.px))) return paint_lines(p, box, lines, pitch);
    }
  }
  lines.type.px = std::max(lines.type.px, least);
  paint_lines(p, box, lines, pitch);
}

void paint_card(QPainter& p, const QRectF& box, const Card& card, const QString& lang, bool pressed) {
  const double f = std::min(1.0, box.height() / (stands_out(box, card) ? 276.0 : 232.0));
  const QColor fill = card.quiet     ? look::paper
                      : card.primary ? (pressed ? look::ai_act : look::ai)
                                     : (pressed ? look::ai_pale : look::panel);
  const QColor edge = card.quiet ? look::line_strong : look::ai;
  look::panel_box(p, box, 32 * std::max(f, 0.6), fill, edge, card.primary ? 0 : (card.quiet ? 3 : 5));
  const Plan plan = plan_of(box, card, f);
  if (!plan.small) {
    p.setPen(Qt::NoPen);
    p.setBrush(card.quiet ? look::stone_fill : card.primary ? look::yamabuki : look::ai_pale);
    p.drawPath(look::stone(plan.stone, card.cut - 1));
  }
  const QColor mark = card.quiet     ? look::ink_2
                      : card.primary ? (plan.small ? look::yamabuki : look::ink)
                                     : look::ai;
  look::icon(p, card.icon,
             QRectF(plan.stone.center() - QPointF(plan.mark, plan.mark) / 2, QSizeF(plan.mark, plan.mark)),
             mark);
  paint_words(p, plan.words, card, f, stands_out(box, card), lang);
  if (!plan.arrow.isEmpty()) look::icon(p, "right", plan.arrow, card.primary ? look::yamabuki : look::ai_act);
}

void paint_key(QPainter& p, const QRectF& box, const Key& key, const QString& lang, bool pressed) {
  look::panel_box(p, box, 24, pressed ? look::ai_pale : look::panel, look::line_strong, 4);
  const double mark = key.px * 1.43;
  const double gap = key.px * 0.43;
  const look::Type type{key.px, true, look::ink, lang};
  const double room = box.width() - 40 - mark - gap;
  const double least = key.least > 0 ? key.least : key.px * 0.7;
  Lines lines = fit_lines(key.words, type, room, 1, least);
  if (lines.rows.size() > 1) lines = fit_lines(key.words, type, room, 2, least);
  double wide = 0;
  for (const QString& row : lines.rows) wide = std::max(wide, look::width(row, lines.type));
  wide = std::min(wide, room);
  const double left = box.center().x() - (mark + gap + wide) / 2;
  look::icon(p, key.icon, QRectF(left, box.center().y() - mark / 2, mark, mark), look::ai_act);
  paint_lines(p, QRectF(left + mark + gap, box.top() + 4, wide, box.height() - 8), lines, 1.12);
}

} // namespace machiai::kiosk
