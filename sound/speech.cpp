// SPDX-License-Identifier: Apache-2.0
#include "sound/speech.hpp"

#include <unistd.h>

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <algorithm>
#include <chrono>
#include <utility>

namespace machiai::sound {

using namespace std::chrono_literals;

namespace {

constexpr auto longest_rendering = 10s;
constexpr int attempts = 2;
constexpr double speech_peak = 0.9;

QStringList options() {
  return {"-r", "0.95", "-g", "3"};
}

QString first_voice() {
  QDirIterator it("/usr/share/hts-voice", {"*.htsvoice"}, QDir::Files, QDirIterator::Subdirectories);
  QStringList found;
  while (it.hasNext()) found.append(it.next());
  found.sort();
  return found.value(0);
}

} // namespace

base::Result<SpeechTools> find_speech_tools(const QString& configured) {
  const auto missing = [](const char* part) {
    return base::fail(base::Error::Code::device, "no_voice", part);
  };
  SpeechTools tools;
  tools.program = QStandardPaths::findExecutable("open_jtalk");
  if (tools.program.isEmpty()) return missing("open_jtalk");
  tools.dictionary = "/var/lib/mecab/dic/open-jtalk/naist-jdic";
  if (!QFile::exists(tools.dictionary + "/sys.dic")) return missing("dictionary");
  tools.voice = QFile::exists(configured) ? configured : first_voice();
  if (tools.voice.isEmpty()) return missing("hts-voice");
  return tools;
}

SpeechRenderer::SpeechRenderer(SpeechTools tools, const QString& cache_dir, QObject* parent)
    : QObject(parent), tools_(std::move(tools)), cache_dir_(cache_dir) {
  QDir().mkpath(cache_dir_);
  // A sentence rendered ahead can wait; the picture of a call cannot.
  process_.setChildProcessModifier([] { (void)::nice(5); });
  limit_.setSingleShot(true);
  connect(&limit_, &QTimer::timeout, &process_, &QProcess::kill);
  connect(&process_, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
    finished(code == 0 && status == QProcess::NormalExit);
  });
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) finished(false);
  });
}

SpeechRenderer::~SpeechRenderer() {
  process_.disconnect(this);
  if (process_.state() == QProcess::NotRunning) return;
  process_.kill();
  process_.waitForFinished(500);
}

QString SpeechRenderer::file_of(const QString& sentence) const {
  const QString key = QStringList{sentence, tools_.voice, options().join(' '), "trimmed"}.join('|');
  const QByteArray hash = QCryptographicHash::hash(key.toUtf8(), QCryptographicHash::Sha256).toHex();
  return cache_dir_ + "/" + QString::fromLatin1(hash) + ".wav";
}

Speech SpeechRenderer::state(const QString& sentence) const {
  if (QFile::exists(file_of(sentence))) return Speech::ready;
  return failed_.value(sentence) >= attempts ? Speech::none : Speech::pending;
}

base::Result<Samples> SpeechRenderer::samples(const QString& sentence) const {
  QFile file(file_of(sentence));
  if (!file.open(QIODevice::ReadOnly)) return base::fail(base::Error::Code::device, "bad_wav");
  return samples_of_wav(file.readAll());
}

void SpeechRenderer::want(const QString& sentence, bool urgent) {
  if (state(sentence) != Speech::pending || rendering_ == sentence) return;
  wanted_.removeAll(sentence);
  if (urgent)
    wanted_.prepend(sentence);
  else
    wanted_.append(sentence);
  start_next();
}

void SpeechRenderer::start_next() {
  if (!rendering_.isEmpty() || wanted_.isEmpty()) return;
  rendering_ = wanted_.takeFirst();
  const QStringList arguments = QStringList{"-x", tools_.dictionary, "-m", tools_.voice} + options() +
                                QStringList{"-ow", file_of(rendering_) + ".part"};
  limit_.start(longest_rendering);
  process_.start(tools_.program, arguments);
  process_.write(rendering_.toUtf8() + '\n');
  process_.closeWriteChannel();
}

/// The engine may exit well with an empty file: what it wrote is read before it counts.
void SpeechRenderer::finished(bool ok) {
  limit_.stop();
  const QString sentence = std::exchange(rendering_, QString{});
  if (sentence.isEmpty()) return;
  const QString part = file_of(sentence) + ".part";
  QFile file(part);
  if (ok && file.open(QIODevice::ReadOnly)) {
    auto rendered = samples_of_wav(file.readAll());
    file.close();
    ok = rendered.has_value();
    if (ok) {
      trim_silence(*rendered, 40, 300);
      limit_peak(*rendered, speech_peak);
      ok = file.open(QIODevice::WriteOnly | QIODevice::Truncate);
      const QByteArray wav = wav_of(*rendered);
      ok = ok && file.write(wav) == wav.size() && file.flush();
      file.close();
      QFile::remove(file_of(sentence));
      ok = ok && QFile::rename(part, file_of(sentence));
    }
  } else {
    ok = false;
  }
  if (ok) {
    failures_ = 0;
    failed_.remove(sentence);
  } else {
    QFile::remove(part);
    ++failures_;
    if (++failed_[sentence] < attempts) wanted_.append(sentence);
  }
  emit ready();
  // Not from inside the process's own signal: it must first come to rest.
  QTimer::singleShot(0, this, &SpeechRenderer::start_next);
}

void SpeechRenderer::prune(qint64 most_bytes) const {
  const QFileInfoList files = QDir(cache_dir_).entryInfoList({"*.wav", "*.part"}, QDir::Files, QDir::Time);
  qint64 kept = 0;
  for (const QFileInfo& file : files) {
    kept += file.size();
    if (kept > most_bytes || file.suffix() == "part") QFile::remove(file.filePath());
  }
}

} // namespace machiai::sound
