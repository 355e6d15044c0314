// SPDX-License-Identifier: Apache-2.0
#include "sound/sound.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

using namespace machiai::sound;

namespace {

double peak(const Samples& samples) {
  int highest = 0;
  for (const auto each : samples) highest = std::max(highest, std::abs(int(each)));
  return highest / 32767.0;
}

/// Strength of one frequency (Goertzel) in a part of the sound.
double strength(const Samples& samples, double from_s, double to_s, double hertz) {
  double re = 0;
  double im = 0;
  for (auto i = std::size_t(from_s * sample_rate); i < std::size_t(to_s * sample_rate); ++i) {
    const double phase = 2 * std::numbers::pi * hertz * double(i) / sample_rate;
    re += samples[i] * std::cos(phase);
    im += samples[i] * std::sin(phase);
  }
  return std::hypot(re, im);
}

} // namespace

TEST_CASE("the chime rises from G5 (420 ms) to C6 (700 ms) and peaks at -6 dBFS") {
  const Samples sound = chime();
  CHECK(duration_ms(sound) == 1120);
  CHECK(20 * std::log10(peak(sound)) == Approx(-6).margin(.1));
  CHECK(strength(sound, .05, .40, 784) > 5 * strength(sound, .05, .40, 1047));
  CHECK(strength(sound, .47, 1.0, 1047) > 5 * strength(sound, .47, 1.0, 784));
  CHECK(std::abs(sound.front()) < 200); // it begins and ends without a click
  CHECK(std::abs(sound.back()) < 200);
}

TEST_CASE("in quiet hours the chime is 12 dB softer") {
  CHECK(20 * std::log10(peak(chime(true)) / peak(chime())) == Approx(-12).margin(.2));
}

TEST_CASE("sound goes into a WAV file and comes back") {
  const Samples sound = chime();
  const auto again = samples_of_wav(wav_of(sound));
  REQUIRE(again.has_value());
  CHECK(*again == sound);
}

TEST_CASE("an empty, cut or foreign file is not sound") {
  const QByteArray wav = wav_of(chime());
  CHECK_FALSE(samples_of_wav({}));
  CHECK_FALSE(samples_of_wav(wav.left(1000)));
  CHECK_FALSE(samples_of_wav(QByteArray(5000, 'x')));
  QByteArray stereo = wav;
  stereo[22] = 2;
  CHECK_FALSE(samples_of_wav(stereo));
}

TEST_CASE("the engine's silence is cut at both ends, loud sound is brought down") {
  Samples sound = silence(500);
  sound.insert(sound.end(), 4800, 30000);
  const Samples tail = silence(500);
  sound.insert(sound.end(), tail.begin(), tail.end());
  trim_silence(sound, 40, 300);
  CHECK(duration_ms(sound) == 40 + 100 + 300);
  limit_peak(sound, .5);
  CHECK(peak(sound) == Approx(.5).margin(.001));
  Samples nothing = silence(100);
  trim_silence(nothing, 40, 300);
  CHECK(duration_ms(nothing) == 100);
}
