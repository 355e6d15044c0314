// SPDX-License-Identifier: Apache-2.0
#include "display/voice.hpp"
#include "fixture.hpp"
#include "sound/speech.hpp"
#include "until.hpp"

#include <QDateTime>
#include <QDir>
#include <QTemporaryDir>

using namespace machiai;
using namespace machiai::display;
using namespace machiai::sound;

TEST_CASE(
    "a sentence is rendered once, kept under the hash of its text, voice and options, and can be played") {
  const auto tools = find_speech_tools("");
  REQUIRE(tools.has_value());
  const QTemporaryDir dir;
  SpeechRenderer renderer(*tools, dir.path());
  const QString sentence = "24番の、かた。";
  CHECK(renderer.state(sentence) == Speech::pending);
  renderer.want(sentence, false);
  REQUIRE(until([&] { return renderer.state(sentence) == Speech::ready; }, 10'000));
  CHECK(QDir(dir.path()).entryList(QDir::Files) ==
        QStringList{QFileInfo(renderer.file_of(sentence)).fileName()});
  const auto samples = renderer.samples(sentence);
  REQUIRE(samples.has_value());
  CHECK(duration_ms(*samples) > 800);
  CHECK(duration_ms(*samples) < 4'000);

  SpeechTools other = *tools;
  other.voice = "/elsewhere.htsvoice";
  CHECK(SpeechRenderer(other, dir.path()).file_of(sentence) != renderer.file_of(sentence));
}

TEST_CASE("an engine that fails leaves no file behind and gives up: the chime remains") {
  const QTemporaryDir dir;
  for (const char* program : {"/bin/false", "/bin/true", "/nowhere/open_jtalk"}) {
    SpeechRenderer renderer({program, "/d", "/v"}, dir.path());
    renderer.want("24番の、かた。", true);
    CHECK(until([&] { return renderer.state("24番の、かた。") == Speech::none; }, 10'000));
    CHECK(QDir(dir.path()).isEmpty());
  }
}

TEST_CASE("a voice that is not there is told, and a loudspeaker that is not there beside it") {
  const QTemporaryDir dir;
  const QByteArray path = qgetenv("PATH");
  const QStringList quiet = Speaker().present() ? QStringList{} : QStringList{"no_speaker"};
  CHECK(Voice({dir.filePath("cache"), "", ""}).troubles() == quiet);
  qputenv("PATH", dir.path().toUtf8());
  const QStringList mute = Voice({dir.filePath("cache"), "", ""}).troubles();
  qputenv("PATH", path);
  CHECK(mute == quiet + QStringList{"no_voice"});
}

TEST_CASE("the oldest recordings are dropped when the shelf is full") {
  const QTemporaryDir dir;
  SpeechRenderer renderer({"/bin/false", "/d", "/v"}, dir.path());
  for (int i = 0; i < 4; ++i) {
    QFile file(dir.filePath(QString::number(i) + ".wav"));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(1000, 'x'));
    file.flush();
    file.setFileTime(QDateTime::fromSecsSinceEpoch(1'700'000'000 + i), QFileDevice::FileModificationTime);
  }
  renderer.prune(2'500);
  CHECK(QDir(dir.path()).entryList(QDir::Files, QDir::Name) == QStringList{"2.wav", "3.wav"});
}

TEST_CASE("an announcement is written as one WAV and two lines, also on a machine without a loudspeaker") {
  const QTemporaryDir dir;
  const QString out = dir.filePath("out");
  {
    // Rendered ahead, so that the announcement below can run faster than the machine's clock.
    SpeechRenderer renderer(*find_speech_tools(""), dir.filePath("cache"));
    for (const char* sentence : {"24番の、かた。", "しんさつしつ、いちへ、お入りください。"}) {
      renderer.want(sentence, false);
      REQUIRE(until([&] { return renderer.state(sentence) == Speech::ready; }, 10'000));
    }
  }
  Voice voice({dir.filePath("cache"), "", out});
  std::uint64_t begun = 0;
  QObject::connect(&voice, &Voice::begun, [&](const queue::CallView& call) { begun = call.call; });
  std::int64_t now = 0;
  voice.announce(fixture::call(14, "24", 0, true), now);
  CHECK(begun == 14);
  CHECK(voice.speaking() == 14);
  while (voice.speaking() != 0 && now < 60'000) voice.step(now += 20);
  CHECK(now < 15'000);
  QFile wav(out + "/call-14.wav");
  REQUIRE(wav.open(QIODevice::ReadOnly));
  const auto sound = samples_of_wav(wav.readAll());
  REQUIRE(sound.has_value());
  CHECK(duration_ms(*sound) > 1120 + 200 + 2'000);
  QFile log(out + "/announcements.log");
  REQUIRE(log.open(QIODevice::ReadOnly));
  const QStringList lines = QString::fromUtf8(log.readAll()).split('\n', Qt::SkipEmptyParts);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].section('\t', 1) ==
        "begin\t14\t24\tr1\t24番の、かた。しんさつしつ、いちへ、お入りください。");
  CHECK(lines[1].section('\t', 1) == "end\t14\t1\tcall-14.wav");
}
