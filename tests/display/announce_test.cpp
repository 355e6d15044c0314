// SPDX-License-Identifier: Apache-2.0
#include "display/announce.hpp"
#include "display/speech.hpp"
#include "fixture.hpp"

#include <QProcess>
#include <QTemporaryDir>
#include <map>

using namespace machiai;
using namespace machiai::display;

namespace {

/// What Open JTalk reads, from its trace: the reading column of the text analysis, joined.
std::string reading(const std::string& text) {
  const auto tools = find_speech_tools("");
  REQUIRE(tools.has_value());
  const QTemporaryDir dir;
  const QString trace = dir.filePath("trace");
  QProcess process;
  process.start(tools->program, {"-x", tools->dictionary, "-m", tools->voice, "-ot", trace});
  process.write(QByteArray::fromStdString(text + "\n"));
  process.closeWriteChannel();
  REQUIRE(process.waitForFinished());
  REQUIRE(process.exitCode() == 0);
  QFile file(trace);
  REQUIRE(file.open(QIODevice::ReadOnly));
  QString joined;
  for (const QString& line : QString::fromUtf8(file.readAll()).split('\n')) {
    if (line.startsWith("[Output")) break;
    const QStringList columns = line.split(',');
    if (columns.size() > 9) joined += columns[9];
  }
  return joined.remove(u'’').toStdString();
}

/// How a number up to 1000 must be read before 番, by the rules of the language.
std::string expected_number(int n) {
  static const std::map<int, std::string> ones{{0, ""},     {1, "イチ"},  {2, "ニ"},   {3, "サン"},
                                               {4, "ヨン"}, {5, "ゴ"},    {6, "ロク"}, {7, "ナナ"},
                                               {8, "ハチ"}, {9, "キュー"}};
  if (n == 1000) return "セン";
  std::string text;
  const int hundreds = n / 100;
  const int tens = n / 10 % 10;
  if (hundreds == 3)
    text += "サンビャク";
  else if (hundreds == 6)
    text += "ロッピャク";
  else if (hundreds == 8)
    text += "ハッピャク";
  else if (hundreds > 0)
    text += (hundreds > 1 ? ones.at(hundreds) : "") + "ヒャク";
  if (tens > 0) text += (tens > 1 ? ones.at(tens) : "") + "ジュー";
  return text + ones.at(n % 10);
}

} // namespace

TEST_CASE("the announcement is written so that it is read well") {
  CHECK(announcement("24", "診察室1") == "24番の、かた。診察室1へ、お入りください。");
  CHECK(announcement("0012", "しんさつしつ、に") == "12番の、かた。しんさつしつ、にへ、お入りください。");
  CHECK(spoken_number("S-3") == "エスの3");
  CHECK(spoken_number("W1-07") == "ダブリュー1の7");
  CHECK(spoken_number("v-8") == "ブイの8");
  CHECK(spoken_number("000") == "0");
}

TEST_CASE("a line break in a clinic's text cannot silence the rest of the sentence") {
  CHECK(announcement("24", "処置\n室") == "24番の、かた。処置 室へ、お入りください。");
  const std::string long_text = one_line(std::string(2000, 'a') + "あ");
  CHECK(long_text.size() <= 900);
}

TEST_CASE("the room is spoken by its reading, or by its name when there is none") {
  CHECK(spoken_room({"2診", "", "にしん"}) == "にしん");
  CHECK(spoken_room({"処置室", "", ""}) == "処置室");
}

TEST_CASE("numbers, the honorific and rooms are read right") {
  std::vector<int> numbers{4,   7,   9,   10,  14,  17,  20,  24,  42,  100,
                           104, 230, 300, 444, 600, 777, 800, 999, 1000};
  for (int n = 1; n <= 1000; n += 61) numbers.push_back(n);
  for (const int n : numbers) {
    INFO(n);
    CHECK(reading(number_sentence(std::to_string(n))) == expected_number(n) + "バンノ、カタ、");
  }
}

TEST_CASE("letters and rooms are read right") {
  CHECK(reading(number_sentence("V-8")) == "ブイノハチバンノ、カタ、");
  CHECK(reading(number_sentence("W1-7")) == "ダブリューイチノナナバンノ、カタ、");
  CHECK(reading(number_sentence("K-3")) == "ケーノサンバンノ、カタ、");
  CHECK(reading(room_sentence("しんさつしつ、いち")) == "シンサツシツ、イチエ、オハイリクダサイ、");
  CHECK(reading(room_sentence("にしん")) == "ニシンエ、オハイリクダサイ、");
  CHECK(reading(room_sentence("よぼうせっしゅ")) == "ヨボーセッシュエ、オハイリクダサイ、");
}

TEST_CASE("a call is announced once") {
  const std::vector listed{fixture::call(12, "25", 5'000), fixture::call(11, "24", 1'000)};
  const auto fresh = fresh_calls(listed, Announced{}, 6'000);
  REQUIRE(fresh.size() == 2);
  CHECK(fresh[0].number == "24"); // oldest first
  CHECK(fresh_calls(listed, Announced{11, 1'000}, 6'000).size() == 1);
  CHECK(fresh_calls(listed, Announced{12, 5'000}, 6'000).empty());
}

TEST_CASE("after a restart nobody is called again for a call older than 30 s") {
  const std::vector listed{fixture::call(12, "25", 5'000)};
  CHECK(fresh_calls(listed, Announced{11, 1'000}, 35'000).size() == 1);
  CHECK(fresh_calls(listed, Announced{11, 1'000}, 35'001).empty());
}

TEST_CASE("an undone call does not make the one before it new") {
  CHECK(fresh_calls({fixture::call(11, "24", 1'000)}, Announced{12, 5'000}, 6'000).empty());
}

TEST_CASE("neither a new ledger nor a clock that stepped back silences the room") {
  CHECK(fresh_calls({fixture::call(2, "1", 9'000)}, Announced{500, 5'000}, 9'500).size() == 1);
  CHECK(fresh_calls({fixture::call(501, "9", 1'000)}, Announced{500, 5'000}, 1'500).size() == 1);
}
