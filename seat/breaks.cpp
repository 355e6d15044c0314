// SPDX-License-Identifier: Apache-2.0
#include "seat/breaks.hpp"

namespace machiai::seat {

namespace {

const QString never_begin = QStringLiteral(
    "、。，．・：；？！」』）】〉》〕〜～ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヶ々,.:;?!)]%");
const QString never_end = QStringLiteral("「『（【〈《〔([");

/// Kana within a word of two verbs: 申し出る, 取り替える, 待ち時間.
const QString stem_ends = QStringLiteral("きぎしちびみりけげせべめれえ");

bool is_hiragana(QChar c) {
  return c.unicode() >= 0x3041 && c.unicode() <= 0x309F;
}

bool is_kanji(QChar c) {
  return c.unicode() >= 0x3400 && c.unicode() <= 0x9FFF;
}

/// Letters and digits of the West: written without a break.
bool is_word(QChar c) {
  return c.unicode() < 0x2000 && c.isLetterOrNumber();
}

/// "1月3日" and "2026年1月" are one date.
bool in_date(QChar before, QChar after) {
  return after.isDigit() && (before == u'月' || before == u'年');
}

} // namespace

bool may_break(const QString& text, qsizetype at) {
  const QChar before = text[at - 1];
  const QChar after = text[at];
  if (before == u' ' || before == u'　') return true;
  if (never_begin.contains(after) || never_end.contains(before)) return false;
  if (is_word(before) && is_word(after)) return false;
  // A number stays with what it counts.
  if (before.isDigit() && after != u' ') return false;
  return !in_date(before, after);
}

bool good_break(const QString& text, qsizetype at) {
  if (!may_break(text, at)) return false;
  const QChar before = text[at - 1];
  const QChar after = text[at];
  if (before == u'・' || before == u'、' || before == u'。' || before.isSpace() || never_end.contains(after))
    return true;
  const bool polite = before == u'お' || before == u'ご';
  if (polite || stem_ends.contains(before) || !is_hiragana(before)) return false;
  const bool begins_polite =
      (after == u'お' || after == u'ご') && at + 1 < text.size() && is_kanji(text[at + 1]);
  return begins_polite || !is_hiragana(after);
}

} // namespace machiai::seat
