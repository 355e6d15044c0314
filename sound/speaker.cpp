// SPDX-License-Identifier: Apache-2.0
#include "sound/speaker.hpp"

#include <QAudioDevice>
#include <QAudioFormat>

namespace machiai::sound {

Speaker::Speaker(QObject* parent) : QObject(parent) {
  connect(&devices_, &QMediaDevices::audioOutputsChanged, this, &Speaker::choose_device);
  choose_device();
}

Speaker::~Speaker() {
  if (sink_) sink_->stop();
}

void Speaker::choose_device() {
  if (sink_) sink_->stop();
  sink_.reset();
  const QAudioDevice device = QMediaDevices::defaultAudioOutput();
  if (device.isNull()) return set_present(false);
  QAudioFormat format;
  format.setSampleRate(sample_rate);
  format.setSampleFormat(QAudioFormat::Int16);
  format.setChannelCount(1);
  // Some cards take stereo only.
  if (!device.isFormatSupported(format)) format.setChannelCount(2);
  if (!device.isFormatSupported(format)) return set_present(false);
  channels_ = format.channelCount();
  sink_ = std::make_unique<QAudioSink>(device, format);
  set_present(true);
}

void Speaker::play(const Samples& samples) {
  if (!sink_) return;
  sink_->stop();
  sound_.close();
  QByteArray bytes;
  bytes.reserve(static_cast<qsizetype>(samples.size() * 2) * channels_);
  for (const auto each : samples)
    for (int i = 0; i < channels_; ++i) bytes.append(reinterpret_cast<const char*>(&each), sizeof each);
  sound_.setData(bytes);
  sound_.open(QIODevice::ReadOnly);
  sink_->start(&sound_);
  set_present(sink_->error() == QAudio::NoError || sink_->error() == QAudio::UnderrunError);
}

void Speaker::set_present(bool present) {
  if (present_ == present) return;
  present_ = present;
  emit presence_changed(present);
}

} // namespace machiai::sound
