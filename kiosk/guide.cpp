// SPDX-License-Identifier: Apache-2.0
#include "kiosk/guide.hpp"

#include <QDir>
#include <QFile>
#include <algorithm>

namespace machiai::kiosk {

namespace {

constexpr qint64 cache_bytes = 16LL << 20U;

} // namespace

Guide::Guide(GuideSettings settings, QObject* parent) : QObject(parent), settings_(std::move(settings)) {
  if (!settings_.out_dir.isEmpty()) QDir().mkpath(settings_.out_dir);
  auto tools = sound::find_speech_tools(settings_.voice_file);
  if (!tools) {
    qWarning("no spoken guidance: %s is missing", tools.error().detail.c_str());
    return;
  }
  renderer_ = std::make_unique<sound::SpeechRenderer>(*tools, settings_.cache_dir);
  renderer_->prune(cache_bytes);
  connect(renderer_.get(), &sound::SpeechRenderer::ready, this, &Guide::begin);
}

void Guide::say(const QStringList& sentences) {
  speaker_.play({});
  waiting_ = sentences;
  if (!renderer_) return;
  // The last one asked for urgently is rendered first.
  for (auto it = sentences.rbegin(); it != sentences.rend(); ++it) renderer_->want(*it, true);
  begin();
}

/// The whole page in one go, so that no pause falls where the renderer is still at work.
void Guide::begin() {
  if (waiting_.isEmpty()) return;
  const auto pending = [this](const QString& each) {
    return renderer_->state(each) == sound::Speech::pending;
  };
  if (std::any_of(waiting_.cbegin(), waiting_.cend(), pending)) return;
  sound::Samples all;
  for (const QString& sentence : waiting_)
    if (const auto samples = renderer_->samples(sentence))
      all.insert(all.end(), samples->begin(), samples->end());
  sound(waiting_.join(QString{}), all);
  waiting_.clear();
}

void Guide::tone() {
  sound("tone", sound::tone());
}

void Guide::sound(const QString& what, const sound::Samples& samples) {
  speaker_.play(samples);
  if (settings_.out_dir.isEmpty()) return;
  const QDir out(settings_.out_dir);
  QFile wav(out.filePath(QString("guide-%1.wav").arg(++sounded_)));
  if (wav.open(QIODevice::WriteOnly)) wav.write(sound::wav_of(samples));
  QFile log(out.filePath("guide.log"));
  if (log.open(QIODevice::WriteOnly | QIODevice::Append)) log.write(what.toUtf8() + '\n');
}

} // namespace machiai::kiosk
