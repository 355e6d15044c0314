// SPDX-License-Identifier: Apache-2.0
#include "display/sound_plan.hpp"
#include "display/voice.hpp"
#include "fixture.hpp"
#include "sound/sound.hpp"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace machiai;
using namespace machiai::display;
using namespace machiai::sound;

namespace {

int clock_at(int hour, int minute = 0) {
  return hour * 60 + minute;
}

} // namespace

TEST_CASE("in quiet hours no word is spoken and the chime is soft, or there is none") {
  SoundPlan plan;
  CHECK(loudness_at(plan, clock_at(3)) == Loudness{true, true, false, 100});
  plan.quiet = *parse_quiet("12:30-14:00,20:00-7:00");
  CHECK(loudness_at(plan, clock_at(12, 29)).words);
  CHECK(loudness_at(plan, clock_at(12, 30)) == Loudness{false, true, true, 100});
  CHECK(loudness_at(plan, clock_at(13, 59)) == Loudness{false, true, true, 100});
  CHECK(loudness_at(plan, clock_at(14)).words);
  CHECK_FALSE(loudness_at(plan, clock_at(23)).words); // over midnight
  CHECK_FALSE(loudness_at(plan, clock_at(0)).words);
  CHECK(loudness_at(plan, clock_at(7)).words);
  plan.quiet_chime = QuietChime::none;
  CHECK_FALSE(loudness_at(plan, clock_at(13)).chime);
  CHECK(loudness_at(plan, clock_at(15)).chime);
}

TEST_CASE("the volume follows the time of the day; the evening's last step lasts until morning") {
  SoundPlan plan;
  plan.volume = *parse_volume("8:00=100,18:00=60");
  CHECK(loudness_at(plan, clock_at(7, 59)).percent == 60);
  CHECK(loudness_at(plan, clock_at(8)).percent == 100);
  CHECK(loudness_at(plan, clock_at(17, 59)).percent == 100);
  CHECK(loudness_at(plan, clock_at(18)).percent == 60);
  plan.volume = *parse_volume("40");
  CHECK(loudness_at(plan, clock_at(12)).percent == 40);
}

TEST_CASE("hours and volumes that are not so written are refused") {
  for (const char* wrong : {"", "12:00", "12:00-12:00", "25:00-26:00", "12:00-14:00,", "noon-14:00"})
    CHECK_FALSE(parse_quiet(wrong));
  for (const char* wrong :
       {"", "101", "-1", "8:00", "8:00=", "8:00=200", "18:00=60,8:00=100", "8:00=50,8:00=60"})
    CHECK_FALSE(parse_volume(wrong));
}

TEST_CASE("sound at half its volume has half its height") {
  CHECK(scaled({1000, -2000}, 50) == Samples{500, -1000});
  CHECK(scaled({1000, -2000}, 100) == Samples{1000, -2000});
  CHECK(scaled({1000, -2000}, 0) == Samples{0, 0});
}

TEST_CASE("a call in quiet hours still takes its turn, but its recording holds no word") {
  const QTemporaryDir dir;
  const auto sounds = [&](const Loudness& loudness, const QString& name) {
    Voice voice({dir.filePath("cache"), "", dir.filePath(name)});
    voice.set_loudness(loudness);
    std::uint64_t begun = 0;
    QObject::connect(&voice, &Voice::begun, [&](const queue::CallView& call) { begun = call.call; });
    std::int64_t now = 0;
    voice.announce(fixture::call(9, "24"), now);
    while (voice.speaking() != 0 && now < 60'000) voice.step(now += 20);
    CHECK(begun == 9); // it counts as announced: nobody is called again after the quiet hours
    QFile wav(dir.filePath(name) + "/call-9.wav");
    REQUIRE(wav.open(QIODevice::ReadOnly));
    const QByteArray bytes = wav.readAll();
    return bytes.size() > 44 + 2 ? *samples_of_wav(bytes) : Samples{};
  };
  const auto peak = [](const Samples& samples) {
    int highest = 0;
    for (const auto each : samples) highest = std::max(highest, std::abs(int(each)));
    return highest;
  };
  const Samples soft = sounds({false, true, true, 100}, "soft");
  CHECK(duration_ms(soft) == duration_ms(chime(true)));
  CHECK(peak(soft) == peak(chime(true)));
  CHECK(peak(soft) < peak(chime(false)) / 3);
  CHECK(peak(sounds({false, false, true, 100}, "none")) == 0);
  CHECK(peak(sounds({false, true, false, 50}, "half")) == Approx(peak(chime(false)) / 2).margin(1));
}
