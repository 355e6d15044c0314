// SPDX-License-Identifier: Apache-2.0
// The loudspeaker of the machine.
#pragma once

#include "sound/sound.hpp"

#include <QAudioSink>
#include <QBuffer>
#include <QMediaDevices>
#include <QObject>
#include <memory>

namespace machiai::sound {

class Speaker : public QObject {
  Q_OBJECT
public:
  explicit Speaker(QObject* parent = nullptr);
  ~Speaker() override;

  /// A device is there and the last sound could be begun.
  [[nodiscard]] bool present() const { return present_; }
  /// Plays at once; a sound still running is replaced. Without a device nothing happens.
  void play(const Samples& samples);

signals:
  void presence_changed(bool present);

private:
  void choose_device();
  void set_present(bool present);

  QMediaDevices devices_;
  std::unique_ptr<QAudioSink> sink_;
  QBuffer sound_;
  int channels_ = 1;
  bool present_ = false;
};

} // namespace machiai::sound
