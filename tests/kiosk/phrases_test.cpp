// SPDX-License-Identifier: Apache-2.0
#include "kiosk/window.hpp"
#include "seat/counters.hpp"
#include "seat/program.hpp"

#include <catch2/catch.hpp>

#include <QRegularExpression>
#include <QSet>

using namespace machiai;

namespace {

const QStringList languages{"ja", "easy", "en", "zh", "ko", "vi", "pt"};

QSet<QString> holders(const QString& words) {
  static const QRegularExpression form("\\{([a-z0-9]+)\\}");
  QSet<QString> result;
  for (auto it = form.globalMatch(words); it.hasNext();) {
    const QString name = it.next().captured(1);
    // A language says the hour in twelve or in twenty-four; either tells the time.
    result.insert(name == "t24" ? "t" : name);
  }
  return result;
}

} // namespace

TEST_CASE("each phrase exists in all seven languages with the same place holders") {
  const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  REQUIRE(phrases->keys().size() > 60);
  for (const QString& key : phrases->keys()) {
    if (key == "date") continue; // the order and the parts of a date differ by language
    for (const QString& lang : languages) {
      INFO(key.toStdString() << " " << lang.toStdString());
      CHECK(phrases->has(key, lang));
      CHECK(holders((*phrases)(key, lang)) == holders((*phrases)(key, "ja")));
    }
  }
}

TEST_CASE("a counter is named in the reader's language: by the clinic, else by the field's word") {
  using seat::counter_name;
  for (const QString& lang : languages) CHECK_FALSE(counter_name("内科", "", "", lang).isEmpty());
  CHECK(counter_name("内科", "Adults", "おとな", "ja") == "内科");
  CHECK(counter_name("内科", "Adults", "おとな", "easy") == "おとな");
  CHECK(counter_name("内科", "Adults", "", "easy") == "ないか");
  CHECK(counter_name("ワクチン", "Vaccines", "わくちん", "easy") == "ワクチン");
  CHECK(counter_name("内科", "Adults", "", "en") == "Adults");
  CHECK(counter_name("内科", "", "", "en") == "Internal medicine");
  CHECK(counter_name("小児科", "Children", "", "zh") == "儿科");
  CHECK(counter_name("小児科", "Children", "", "ko") == "소아과");
  CHECK(counter_name("小児科", "Children", "", "vi") == "Nhi khoa");
  CHECK(counter_name("小児科", "Children", "", "pt") == "Pediatria");
  // Of a name of its own there is only what the clinic wrote.
  CHECK(counter_name("なぎさ室", "Nagisa", "なぎさしつ", "vi") == "Nagisa");
  CHECK(counter_name("なぎさ室", "Nagisa", "なぎさしつ", "zh") == "なぎさ室");
  CHECK(counter_name("なぎさ室", "", "", "pt") == "なぎさ室");
}

TEST_CASE("the usual names of counters stand in all seven languages, the easy ones in kana") {
  const auto bytes = seat::read_file(":/look/counters.json");
  REQUIRE(bytes);
  const auto names = seat::Phrases::parse(*bytes);
  REQUIRE(names);
  REQUIRE(names->keys().size() > 20);
  static const QRegularExpression kanji("[\\x{3400}-\\x{9FFF}]");
  for (const QString& name : names->keys()) {
    INFO(name.toStdString());
    for (const QString& lang : languages) CHECK(names->has(name, lang));
    CHECK((*names)(name, "ja") == name);
    CHECK_FALSE((*names)(name, "easy").contains(kanji));
  }
}

TEST_CASE("easy Japanese is written in kana; the languages' own names stay") {
  const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  static const QRegularExpression kanji("[\\x{3400}-\\x{9FFF}]");
  for (const QString& key : phrases->keys()) {
    if (key.startsWith("lang")) continue;
    INFO(key.toStdString());
    CHECK_FALSE((*phrases)(key, "easy").contains(kanji));
  }
}

TEST_CASE("no patient reads the word error or a code") {
  const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  static const QRegularExpression forbidden("エラー|error|Error|\\berro\\b|lỗi|错误|오류|_");
  for (const QString& key : phrases->keys())
    for (const QString& lang : languages) {
      const QString words = (*phrases)(key, lang);
      INFO(words.toStdString());
      CHECK_FALSE(forbidden.match(words).hasMatch());
    }
}

TEST_CASE("stars that make words bold come in pairs") {
  const auto phrases = kiosk::load_phrases();
  REQUIRE(phrases);
  for (const QString& key : phrases->keys())
    for (const QString& lang : languages) CHECK((*phrases)(key, lang).count('*') % 2 == 0);
}

TEST_CASE("place holders are filled, unknown keys show themselves") {
  const auto phrases = seat::Phrases::parse(R"({"a":{"ja":"{n}人"}})");
  REQUIRE(phrases);
  CHECK((*phrases)("a", "ja", {{"n", "3"}}) == "3人");
  CHECK((*phrases)("a", "vi", {{"n", "3"}}) == "3人");
  CHECK((*phrases)("b", "ja") == "b");
  CHECK_FALSE(seat::Phrases::parse("[]"));
}
