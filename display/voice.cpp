// SPDX-License-Identifier: Apache-2.0
#include "display/voice.hpp"

#include "display/announce.hpp"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <algorithm>
#include <chrono>
#include <utility>

namespace machiai::display {

namespace {

constexpr qint64 cache_bytes = 64LL << 20U;

QString number_words(const queue::CallView& call) {
  return QString::fromStdString(number_sentence(call.number));
}

QString room_words(const queue::CallView& call) {
  return QString::fromStdString(room_sentence(spoken_room(call.room_name)));
}

} // namespace

Voice::Voice(VoiceSettings settings, QObject* parent)
    : QObject(parent), settings_(std::move(settings)),
      chime_(std::async(std::launch::async, sound::chime, false)),
      soft_chime_(std::async(std::launch::async, sound::chime, true)) {
  if (auto tools = sound::find_speech_tools(settings_.voice_file)) {
    renderer_ = std::make_unique<SpeechRenderer>(*tools, settings_.cache_dir);
    renderer_->prune(cache_bytes);
  } else {
    qWarning("no speech: %s is missing", tools.error().detail.c_str());
  }
  if (!settings_.out_dir.isEmpty()) QDir().mkpath(settings_.out_dir);
}

Voice::~Voice() = default;

void Voice::announce(const queue::CallView& call, std::int64_t now_ms) {
  queue_.add(call);
  if (renderer_) {
    renderer_->want(room_words(call), true);
    renderer_->want(number_words(call), true);
  }
  step(now_ms);
}

void Voice::render_ahead(const queue::BoardView& view) {
  if (!renderer_) return;
  for (const std::string& sentence : likely_sentences(view))
    renderer_->want(QString::fromStdString(sentence), false);
}

void Voice::step(std::int64_t now_ms) {
  const auto before = queue_.current();
  const Sound next = queue_.next(now_ms, speech_state());
  const auto& current = queue_.current();
  if (before && (!current || current->call != before->call)) record_end(*before);
  if (next == Sound::chime) {
    record_begin(*current, now_ms);
    play(loudness_.chime ? (loudness_.soft ? soft_chime_ : chime_).get() : Samples{}, now_ms);
    emit begun(*current);
  } else if (next == Sound::speech) {
    ++said_;
    play(words(), now_ms);
  }
}

std::uint64_t Voice::speaking() const {
  return queue_.current() ? queue_.current()->call : 0;
}

QStringList Voice::troubles() const {
  QStringList all;
  if (!speaker_.present()) all.append("no_speaker");
  if (!renderer_ || renderer_->failing()) all.append("no_voice");
  return all;
}

Speech Voice::speech_state() const {
  const auto coming = queue_.coming();
  if (!renderer_ || !loudness_.words) return Speech::none;
  if (coming.empty()) return Speech::pending;
  const Speech number = renderer_->state(number_words(coming.front()));
  const Speech room = renderer_->state(room_words(coming.front()));
  if (number == Speech::none || room == Speech::none) return Speech::none;
  return number == Speech::ready && room == Speech::ready ? Speech::ready : Speech::pending;
}

Samples Voice::words() const {
  Samples all;
  if (!renderer_ || !queue_.current()) return all;
  for (const QString& sentence : {number_words(*queue_.current()), room_words(*queue_.current())})
    if (const auto samples = renderer_->samples(sentence))
      all.insert(all.end(), samples->begin(), samples->end());
  return all;
}

/// Timed by the length of the sound, not by the device: a missing or stuck loudspeaker changes nothing else.
void Voice::play(const Samples& full, std::int64_t now_ms) {
  const Samples samples = sound::scaled(full, loudness_.percent);
  speaker_.play(samples);
  queue_.played(now_ms, sound::duration_ms(samples));
  if (settings_.out_dir.isEmpty()) return;
  const std::int64_t pause = now_ms - recording_since_ms_ - sound::duration_ms(recording_);
  const Samples quiet = sound::silence(std::max<std::int64_t>(pause, 0));
  recording_.insert(recording_.end(), quiet.begin(), quiet.end());
  recording_.insert(recording_.end(), samples.begin(), samples.end());
}

void Voice::record_begin(const queue::CallView& call, std::int64_t now_ms) {
  recording_.clear();
  recording_since_ms_ = now_ms;
  said_ = 0;
  const auto text = QString::fromStdString(announcement(call.number, spoken_room(call.room_name)));
  log(QString("\tbegin\t%1\t%2\t%3\t%4\n")
          .arg(call.call)
          .arg(QString::fromStdString(call.number), QString::fromStdString(call.room), text));
}

void Voice::record_end(const queue::CallView& call) {
  if (settings_.out_dir.isEmpty()) return;
  const QString name = QString("call-%1.wav").arg(call.call);
  QSaveFile file(QDir(settings_.out_dir).filePath(name));
  const QByteArray wav = sound::wav_of(recording_);
  const bool ok = file.open(QIODevice::WriteOnly) && file.write(wav) == wav.size() && file.commit();
  log(QString("\tend\t%1\t%2\t%3\n").arg(call.call).arg(said_).arg(ok ? name : QString{}));
}

/// Lines are "monotonic ms, begin, seq, number, room, text" and "monotonic ms, end, seq, times said, file".
void Voice::log(const QString& line) const {
  if (settings_.out_dir.isEmpty()) return;
  const auto monotonic = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  QFile file(QDir(settings_.out_dir).filePath("announcements.log"));
  if (file.open(QIODevice::WriteOnly | QIODevice::Append))
    file.write(QByteArray::number(qint64(monotonic.count())) + line.toUtf8());
}

} // namespace machiai::display
