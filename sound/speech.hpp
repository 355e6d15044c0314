// SPDX-License-Identifier: Apache-2.0
// Speech: sentences rendered by Open JTalk in a process of their own, kept as files.
#pragma once

#include "core/base/result.hpp"
#include "sound/sound.hpp"

#include <QHash>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTimer>

namespace machiai::sound {

/// Whether the words of a sentence can be played.
enum class Speech { pending, ready, none };

/// What rendering needs. The program is run as it is, never through a shell.
struct SpeechTools {
  QString program;
  QString dictionary;
  QString voice;
};
/// Looks for the program, the dictionary and a voice: `configured` first, then the system's folder.
/// Reason "no_voice" with the missing part as detail.
[[nodiscard]] base::Result<SpeechTools> find_speech_tools(const QString& configured);

class SpeechRenderer : public QObject {
  Q_OBJECT
public:
  SpeechRenderer(SpeechTools tools, const QString& cache_dir, QObject* parent = nullptr);
  ~SpeechRenderer() override;

  /// Renders the sentence if it is not kept yet. `urgent`: before those only rendered ahead.
  void want(const QString& sentence, bool urgent);
  [[nodiscard]] Speech state(const QString& sentence) const;
  /// The sound of a sentence whose state is ready.
  [[nodiscard]] base::Result<Samples> samples(const QString& sentence) const;
  /// Rendering has failed several times in a row.
  [[nodiscard]] bool failing() const { return failures_ >= 3; }

  /// SHA-256 of text, voice and options.
  [[nodiscard]] QString file_of(const QString& sentence) const;
  /// Removes the oldest files until at most `most_bytes` are kept.
  void prune(qint64 most_bytes) const;

signals:
  void ready();

private:
  void start_next();
  void finished(bool ok);

  SpeechTools tools_;
  QString cache_dir_;
  QProcess process_;
  QTimer limit_;
  QString rendering_;
  QStringList wanted_;
  QHash<QString, int> failed_; ///< attempts that failed, by sentence
  int failures_ = 0;
};

} // namespace machiai::sound
