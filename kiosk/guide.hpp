// SPDX-License-Identifier: Apache-2.0
// The kiosk's sound: says a page aloud, and gives a soft tone before the page leaves. Each works without the
// other, and the kiosk without both.
#pragma once

#include "sound/speaker.hpp"
#include "sound/speech.hpp"

#include <QObject>
#include <QStringList>
#include <memory>

namespace machiai::kiosk {

struct GuideSettings {
  QString cache_dir;
  QString voice_file; ///< preferred voice, or empty
  QString out_dir;    ///< also write what sounds here (guide-N.wav, guide.log), or empty
};

class Guide : public QObject {
  Q_OBJECT
public:
  explicit Guide(GuideSettings settings, QObject* parent = nullptr);

  /// The programs and the voice for speech are there.
  [[nodiscard]] bool able() const { return renderer_ != nullptr; }
  /// Says these sentences, once they are rendered, instead of what is being said. None: silence at once.
  void say(const QStringList& sentences);
  void tone();

private:
  void begin();
  void sound(const QString& what, const sound::Samples& samples);

  GuideSettings settings_;
  sound::Speaker speaker_;
  std::unique_ptr<sound::SpeechRenderer> renderer_; ///< null: only the tone
  QStringList waiting_;                             ///< not begun yet
  int sounded_ = 0;
};

} // namespace machiai::kiosk
