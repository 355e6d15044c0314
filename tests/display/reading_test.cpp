// SPDX-License-Identifier: Apache-2.0
// What the speech engine reads, by its own trace (-ot): the pronunciation of each word, not the sound.
#include "display/announce.hpp"
#include "fixture.hpp"
#include "sound/speech.hpp"

#include <QProcess>
#include <QTemporaryDir>

using namespace machiai;
using namespace machiai::display;
using namespace machiai::sound;

namespace {

/// The engine's pronunciation of a text in katakana; each 、 and 。 is read as 、. Spoken fifty times as fast
/// as in the room: the reading is the same.
std::string reading(const std::string& text) {
  const auto tools = find_speech_tools("");
  REQUIRE(tools.has_value());
  const QTemporaryDir dir;
  QProcess engine;
  engine.start(tools->program, {"-x", tools->dictionary, "-m", tools->voice, "-r", "50", "-ow", "/dev/null",
                                "-ot", dir.filePath("trace")});
  engine.write(QByteArray::fromStdString(one_line(text)) + '\n');
  engine.closeWriteChannel();
  REQUIRE(engine.waitForFinished(600'000));
  QFile trace(dir.filePath("trace"));
  REQUIRE(trace.open(QIODevice::ReadOnly));
  QString read;
  while (!trace.atEnd()) {
    const QString line = QString::fromUtf8(trace.readLine()).trimmed();
    if (line.startsWith("[Output label]")) break;
    // Surface, six of grammar, base form, reading, pronunciation, accent, chain rule.
    const QStringList columns = line.split(',');
    if (columns.size() >= 11) read += columns[9];
  }
  return read.remove(u'’').toStdString();
}

/// How a receptionist reads a number of 1-999 before 番; a long vowel is written as the engine does.
std::string read_aloud(int n) {
  constexpr const char* ones[] = {"", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー"};
  constexpr const char* hundreds[] = {"",         "ヒャク",     "ニヒャク",   "サンビャク", "ヨンヒャク",
                                      "ゴヒャク", "ロッピャク", "ナナヒャク", "ハッピャク", "キューヒャク"};
  constexpr const char* tens[] = {"",         "ジュー",     "ニジュー",   "サンジュー", "ヨンジュー",
                                  "ゴジュー", "ロクジュー", "ナナジュー", "ハチジュー", "キュージュー"};
  return std::string(hundreds[n / 100]) + tens[n / 10 % 10] + ones[n % 10];
}

} // namespace

TEST_CASE("the engine reads every number from 1 to 999 as a receptionist does", "[reading]") {
  // Many sentences a run: the engine takes one line of about 1 KB.
  constexpr int a_run = 35;
  for (int first = 1; first <= 999; first += a_run) {
    std::string text;
    std::string expected;
    for (int n = first; n < std::min(first + a_run, 1000); ++n) {
      text += number_sentence(std::to_string(n));
      expected += read_aloud(n) + "バンノ、カタ、";
    }
    CHECK(reading(text) == expected);
  }
}

TEST_CASE("a sentence of its own is read like one among others", "[reading]") {
  for (const int n : {4, 10, 104, 300, 666, 999})
    CHECK(reading(number_sentence(std::to_string(n))) == read_aloud(n) + "バンノ、カタ、");
  CHECK(reading(number_sentence("1000")) == "センバンノ、カタ、");
}

TEST_CASE("letters, series and leading zeros are read as they are meant", "[reading]") {
  CHECK(reading(number_sentence("0012")) == "ジューニバンノ、カタ、");
  CHECK(reading(number_sentence("S-3")) == "エスノサンバンノ、カタ、");
  CHECK(reading(number_sentence("V-8")) == "ブイノハチバンノ、カタ、");
  CHECK(reading(number_sentence("W1-7")) == "ダブリューイチノナナバンノ、カタ、");
  CHECK(reading(number_sentence("S-110")) == "エスノヒャクジューバンノ、カタ、");
  CHECK(reading(number_sentence("K-24")) == "ケーノニジューヨンバンノ、カタ、");
}

TEST_CASE("rooms are read by their kana, and without any the known traps are mended", "[reading]") {
  const auto room = [](const char* name, const char* kana = "") {
    return reading(room_sentence(spoken_room({name, "", kana})));
  };
  const std::string come_in = "エ、オハイリクダサイ、";
  CHECK(room("診察室1", "しんさつしつ、いち") == "シンサツシツ、イチ" + come_in);
  CHECK(room("診察室2") == "シンサツシツニ" + come_in);
  CHECK(room("診察室10") == "シンサツシツジュー" + come_in);
  CHECK(room("1番診察室") == "イチバンノシンサツシツ" + come_in);
  CHECK(room("第1診察室") == "ダイイチシンサツシツ" + come_in);
  CHECK(room("2診") == "ニシン" + come_in);
  CHECK(room("中待合") == "ナカマチアイ" + come_in);
  CHECK(room("処置室") == "ショチシツ" + come_in);
  CHECK(room("予防接種", "よぼうせっしゅ") == "ヨボーセッシュ" + come_in);
}

TEST_CASE("what the rules avoid is really read wrong: the tests above would find it", "[reading]") {
  CHECK(reading("23番の方。") == "ニジューサンバンノホー、");
  CHECK(reading("中待合へ、お入りください。") == "チューマチアイエ、オハイリクダサイ、");
  CHECK(reading("0012番の、かた。") != "ジューニバンノ、カタ、");
  CHECK(reading("次は2診です。").starts_with("ツギワニミ"));
  CHECK(reading("110番の、かた。") == "ヒャクトーバンノ、カタ、"); // the police
}

TEST_CASE("names are mended before the engine sees them, and others are left alone") {
  CHECK(mended_name("2診") == "にしん");
  CHECK(mended_name("第3診") == "第さんしん");
  CHECK(mended_name("2診察室") == "2診察室");
  CHECK(mended_name("1番診察室") == "1番の診察室");
  CHECK(mended_name("内科中待合") == "内科なかまちあい");
  CHECK(mended_name("処置室") == "処置室");
  CHECK(spoken_room({"2診", "", "だいにしんさつしつ"}) == "だいにしんさつしつ");
}

TEST_CASE("rendered ahead: whoever is near and the rooms first, then the others, recalls and the absent") {
  const auto sentences = likely_sentences(fixture::board("board-landscape").view);
  const auto at = [&](const std::string& sentence) {
    return std::find(sentences.begin(), sentences.end(), sentence) - sentences.begin();
  };
  CHECK(sentences.front() == number_sentence("25"));
  CHECK(at(number_sentence("28")) < at(room_sentence("しんさつしつ、いち")));
  CHECK(at(room_sentence("よぼうせっしゅ")) < at(number_sentence("22")));
  CHECK(at(number_sentence("29")) < at(number_sentence("24")));
  CHECK(at(number_sentence("V-8")) < at(number_sentence("20")));
  CHECK(at(number_sentence("17")) + 1 == std::ssize(sentences));
  CHECK(likely_sentences({}).empty());
}
