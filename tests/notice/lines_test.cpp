// SPDX-License-Identifier: Apache-2.0
#include "notice/lines.hpp"
#include "tests/notice/without.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace machiai::notice;

namespace {

/// A glyph is as wide as two letters.
double measure(const QString& text) {
  double wide = 0;
  for (const char32_t c : text.toStdU32String()) wide += c < 0x250 ? 5 : 10;
  return wide;
}

QStringList lines(const char* text, double width, int most = 9, bool frugal = false) {
  const auto found = broken(QString::fromUtf8(text), measure, width, most, frugal);
  return found ? found->lines : QStringList{};
}

QStringList said(std::initializer_list<const char*> all) {
  QStringList list;
  for (const char* each : all) list.append(QString::fromUtf8(each));
  return list;
}

const QString starts_never = QStringLiteral("、。」』）ッっゃーんぁ・：？！");

/// What a random text breaks into, against the rules that no line may break.
int breaches(unsigned seed, int rounds) {
  static const QString pool =
      QStringLiteral("診療時間はお休みですッっゃー、。」』）「（『カタカナABCdef 0123456789月日分・：？！");
  std::mt19937 random(seed);
  int found = 0;
  for (int i = 0; i < rounds; ++i) {
    QString text;
    const int length = 5 + int(random() % 60);
    for (int n = 0; n < length; ++n) text += pool[qsizetype(random() % std::size_t(pool.size()))];
    const auto set = broken(text, measure, 40 + double(random() % 200), 40, random() % 2 == 0);
    if (!set) continue;
    QString joined;
    for (qsizetype n = 0; n < set->lines.size(); ++n) {
      const QString& line = set->lines[n];
      joined += line;
      if (line.isEmpty() || n == 0) continue;
      const QChar before = set->lines[n - 1].isEmpty() ? QChar() : set->lines[n - 1].back();
      const bool spaced = text.contains(before + QStringLiteral(" ") + line.front());
      if (starts_never.contains(line.front()) && line.front() != u'ん') ++found;
      if (QStringLiteral("「（『").contains(before)) ++found;
      const auto word = [](QChar c) { return c.unicode() < 0x80 && c.isLetterOrNumber(); };
      if (word(before) && word(line.front()) && !spaced) ++found;
      if (before.isDigit() && QStringLiteral("月日分").contains(line.front()) && !spaced) ++found;
    }
    QString given = text, kept = joined;
    if (given.remove(u' ') != kept.remove(u' ')) ++found; // nothing is lost and nothing is added
  }
  return found;
}

} // namespace

TEST_CASE("a line begins with no mark and ends with no opening bracket") {
  CHECK(lines("受付へ、どうぞ", 50) == said({"受付へ、", "どうぞ"}));
  for (const char* text :
       {"あしたは、休みです。", "「受付」へ「どうぞ」", "ちょっとまってください", "マッサージチェア"})
    for (double width = 20; width <= 100; width += 10)
      for (const QString& line : lines(text, width).mid(1)) {
        INFO(text << " at " << width << ": " << line.toStdString());
        CHECK_FALSE(QStringLiteral("、。」ょっッー").contains(line.front()));
      }
  CHECK(breaches(1, 4000) == 0);
}

TEST_CASE("without a rule of the lines the random texts find it") {
  for (const Guard guard : {Guard::line_start, Guard::line_end, Guard::whole_words}) {
    const Without away(guard);
    CHECK(breaches(1, 4000) > 0);
  }
}

TEST_CASE("a number keeps its counter, a date its weekday, a Latin word its letters") {
  CHECK(lines("次は24番です", 40) == said({"次は", "24番です"}));
  CHECK(lines("休みは12月28日(月)まで", 75) == said({"休みは", "12月28日(月)", "まで"}));
  CHECK(lines("受付はReceptionです", 50) == said({"受付は", "Reception", "です"}));
  CHECK(lines("Internationalization", 50).isEmpty());
  CHECK(lines("9:00〜12:00", 40).isEmpty()); // hours are one word
}

TEST_CASE("what clinics write is set without a word that is cut, wherever there is room for it") {
  for (const char* text :
       {"インフルエンザ予防接種の受付を始めました", "ご不便をおかけしますがよろしくお願いします",
        "発熱やせきのある方は受付にお申し出ください", "午後は3時から始めます。土曜日は午前だけの診療です。"})
    for (double width = 90; width <= 160; width += 5) {
      const auto set = broken(QString::fromUtf8(text), measure, width, 5, false);
      REQUIRE(set);
      INFO(text << " at " << width << ": " << set->lines.join("|").toStdString());
      CHECK(set->worst < cuts_word);
    }
}

TEST_CASE("lines end where phrases do") {
  CHECK(lines("マスクの着用をお願いします", 80) == said({"マスクの着用を", "お願いします"}));
  CHECK(lines("インフルエンザ予防接種", 80) == said({"インフルエンザ", "予防接種"}));
  CHECK(lines("一行目\n二行目", 100) == said({"一行目", "二行目"}));
  CHECK(lines("一行目\n二行目", 100, 1).isEmpty());
  CHECK(lines("the quick brown fox", 50) == said({"the quick", "brown fox"}));
  CHECK(lines("受付にお申し出ください", 80) == said({"受付に", "お申し出ください"}));
  CHECK(lines("マスクをつけてください", 80) == said({"マスクを", "つけてください"}));
  CHECK(lines("定期予防接種", 40) == said({"定期", "予防接種"}));
}
