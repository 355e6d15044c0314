// SPDX-License-Identifier: Apache-2.0
// The voice of the waiting room: chime, then words. Each works without the other.
#pragma once

#include "display/sound_plan.hpp"
#include "display/voice_queue.hpp"
#include "sound/speaker.hpp"
#include "sound/speech.hpp"

#include <QObject>
#include <QStringList>
#include <future>
#include <memory>

namespace machiai::display {

using sound::Samples;
using sound::Speaker;
using sound::SpeechRenderer;

struct VoiceSettings {
  QString cache_dir;
  QString voice_file; ///< preferred voice, or empty
  QString out_dir;    ///< also write every announcement here (WAV and announcements.log), or empty
};

class Voice : public QObject {
  Q_OBJECT
public:
  explicit Voice(VoiceSettings settings, QObject* parent = nullptr);
  ~Voice() override;

  void announce(const queue::CallView& call, std::int64_t now_ms);
  void keep(const std::vector<queue::CallView>& listed) { queue_.keep(listed); }
  /// What may sound from now on; the sound just playing is played to its end.
  void set_loudness(const Loudness& loudness) { loudness_ = loudness; }
  /// Renders what will soon be said: the next numbers and the rooms.
  void render_ahead(const queue::BoardView& view);
  /// To be called often; begins the next sound when it is due.
  void step(std::int64_t now_ms);

  /// The call being announced; 0: silence.
  [[nodiscard]] std::uint64_t speaking() const;
  /// Of "no_speaker" and "no_voice" what holds: either is to be seen to by itself.
  [[nodiscard]] QStringList troubles() const;

signals:
  /// The chime of this call begins: from here on it counts as announced.
  void begun(const machiai::queue::CallView& call);

private:
  [[nodiscard]] Speech speech_state() const;
  [[nodiscard]] Samples words() const;
  void play(const Samples& full, std::int64_t now_ms);
  void record_begin(const queue::CallView& call, std::int64_t now_ms);
  void record_end(const queue::CallView& call);
  void log(const QString& line) const;

  VoiceSettings settings_;
  VoiceQueue queue_;
  Speaker speaker_;
  std::unique_ptr<SpeechRenderer> renderer_;       ///< null: the room has only its chime
  std::shared_future<Samples> chime_, soft_chime_; ///< computed beside the screen's loop
  Loudness loudness_;
  Samples recording_;
  std::int64_t recording_since_ms_ = 0;
  int said_ = 0;
};

} // namespace machiai::display
