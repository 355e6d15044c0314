// SPDX-License-Identifier: Apache-2.0
#include "sound/sound.hpp"

#include <QtEndian>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <numbers>

namespace machiai::sound {

namespace {

constexpr double chime_peak = 0.501;   // -6 dBFS
constexpr double quiet_factor = 0.251; // -12 dB
constexpr qsizetype wav_head = 44;

struct Note {
  double hertz;
  double seconds;
};

/// A struck bar: the fundamental and two inharmonic partials that die away sooner.
double struck(double hertz, double t, double length) {
  constexpr double attack = 0.015;
  constexpr double release = 0.03;
  const auto partial = [&](double ratio, double level, double decay) {
    return level * std::exp(-t / decay) * std::sin(2 * std::numbers::pi * hertz * ratio * t);
  };
  const double body = partial(1, 1, .26) + partial(3.93, .22, .07) + partial(9.2, .05, .025);
  const double rise = std::min(1.0, t / attack);
  const double fall = std::clamp((length - t) / release, 0.0, 1.0);
  return body * rise * fall;
}

/// One after the other; peak `factor` of the chime's.
Samples struck_notes(std::initializer_list<Note> notes, double factor) {
  std::vector<double> wave;
  for (const Note note : notes) {
    const auto count = static_cast<int>(note.seconds * sample_rate);
    for (int i = 0; i < count; ++i) wave.push_back(struck(note.hertz, double(i) / sample_rate, note.seconds));
  }
  double peak = 0;
  for (const double each : wave) peak = std::max(peak, std::abs(each));
  const double gain = 32767 * chime_peak * factor / peak;
  Samples samples;
  samples.reserve(wave.size());
  for (const double each : wave) samples.push_back(static_cast<std::int16_t>(std::lround(each * gain)));
  return samples;
}

template <class T> T at(const QByteArray& bytes, qsizetype offset) {
  return qFromLittleEndian<T>(bytes.constData() + offset);
}

template <class T> void put(QByteArray& bytes, T value) {
  char raw[sizeof(T)];
  qToLittleEndian(value, raw);
  bytes.append(raw, sizeof raw);
}

} // namespace

Samples chime(bool quiet) {
  return struck_notes({{784, .42}, {1047, .70}}, quiet ? quiet_factor : 1);
}

Samples tone() {
  return struck_notes({{784, .50}}, quiet_factor);
}

Samples silence(std::int64_t ms) {
  return Samples(static_cast<std::size_t>(ms * sample_rate / 1000), 0);
}

std::int64_t duration_ms(const Samples& samples) {
  return static_cast<std::int64_t>(samples.size()) * 1000 / sample_rate;
}

Samples scaled(Samples samples, int percent) {
  if (percent == 100) return samples;
  for (auto& each : samples) each = static_cast<std::int16_t>(int(each) * percent / 100);
  return samples;
}

void limit_peak(Samples& samples, double peak) {
  int highest = 0;
  for (const auto each : samples) highest = std::max(highest, std::abs(int(each)));
  const double limit = 32767 * peak;
  if (highest <= limit) return;
  for (auto& each : samples) each = static_cast<std::int16_t>(std::lround(each * limit / highest));
}

void trim_silence(Samples& samples, std::int64_t before_ms, std::int64_t after_ms) {
  constexpr int audible = 300; // about -40 dBFS
  const auto loud = [](std::int16_t each) { return std::abs(int(each)) > audible; };
  const auto first = std::find_if(samples.begin(), samples.end(), loud);
  if (first == samples.end()) return;
  const auto last = std::find_if(samples.rbegin(), samples.rend(), loud).base();
  const auto margin = [](std::int64_t ms) { return static_cast<std::ptrdiff_t>(ms * sample_rate / 1000); };
  const auto from = first - std::min<std::ptrdiff_t>(first - samples.begin(), margin(before_ms));
  const auto to = last + std::min<std::ptrdiff_t>(samples.end() - last, margin(after_ms));
  samples = Samples(from, to);
}

base::Result<Samples> samples_of_wav(const QByteArray& wav) {
  const auto bad = [] { return base::fail(base::Error::Code::device, "bad_wav"); };
  if (wav.size() < wav_head || !wav.startsWith("RIFF") || wav.mid(8, 4) != "WAVE") return bad();
  bool right_format = false;
  for (qsizetype chunk = 12; chunk + 8 <= wav.size();) {
    const auto size = static_cast<qsizetype>(at<quint32>(wav, chunk + 4));
    const QByteArray name = wav.mid(chunk, 4);
    const qsizetype body = chunk + 8;
    if (size > wav.size() - body) return bad();
    if (name == "fmt " && size >= 16)
      right_format = at<quint16>(wav, body) == 1 && at<quint16>(wav, body + 2) == 1 &&
                     at<quint32>(wav, body + 4) == sample_rate && at<quint16>(wav, body + 14) == 16;
    if (name == "data") {
      if (!right_format || size < 2) return bad();
      Samples samples(static_cast<std::size_t>(size / 2));
      for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = at<qint16>(wav, body + static_cast<qsizetype>(i) * 2);
      return samples;
    }
    chunk = body + size + size % 2;
  }
  return bad();
}

QByteArray wav_of(const Samples& samples) {
  const auto bytes = static_cast<quint32>(samples.size() * 2);
  QByteArray wav;
  wav.reserve(wav_head + static_cast<qsizetype>(bytes));
  wav.append("RIFF");
  put<quint32>(wav, 36 + bytes);
  wav.append("WAVEfmt ");
  put<quint32>(wav, 16);
  put<quint16>(wav, 1);
  put<quint16>(wav, 1);
  put<quint32>(wav, sample_rate);
  put<quint32>(wav, sample_rate * 2);
  put<quint16>(wav, 2);
  put<quint16>(wav, 16);
  wav.append("data");
  put<quint32>(wav, bytes);
  for (const auto each : samples) put<qint16>(wav, each);
  return wav;
}

} // namespace machiai::sound
