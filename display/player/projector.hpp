// SPDX-License-Identifier: Apache-2.0
// One deck inside its own process (machiai-film): opens a film or a still, gives its pictures into the share
// and tells what happens in lines. Whatever a file does to a decoder, the board lives in another process.
//
// Lines in:  "open SERIAL ITEM [SHA256]" paused, up to its first picture · "play SERIAL" · "close" ·
//            "size W H" · "volume 0..1"; an item is percent-encoded
// Lines out: "ready" · "unfit REASON" · "frame SERIAL" · "opened SERIAL film|still" behind the first frame ·
// "ended SERIAL" ·
//            "failed SERIAL REASON"
#pragma once

#include "display/player/films.hpp"
#include "display/player/scaler.hpp"
#include "display/player/share.hpp"

#include <QAudioOutput>
#include <QElapsedTimer>
#include <QMediaPlayer>
#include <QMutex>
#include <QObject>
#include <QTimer>
#include <QVideoSink>
#include <atomic>
#include <functional>

namespace machiai::display {

class Projector : public QObject {
public:
  using Tell = std::function<void(const QByteArray& line)>; ///< is called from the decoder's threads, too

  Projector(Films& films, Share& share, Tell tell);
  ~Projector() override;

  /// "ready", or "unfit" when this machine has no decoder.
  void begin();
  void obey(const QByteArray& line);

private:
  void open(const QString& item, const QString& sha256);
  void open_film(Film film);
  void open_still(Film film);
  void play();
  void pace();
  void close();
  void fail(const char* reason);
  [[nodiscard]] bool damaged() const { return damaged_ && *damaged_; }
  void show(const QVideoFrame& frame);
  void show_again();

  Films& films_;
  Share& share_;
  Tell tell_;
  QMutex easel_; ///< guards what follows: pictures come from the decoder's thread
  Scaler scaler_;
  QSize room_; ///< the size asked for
  QImage still_;
  QVideoFrame last_;               ///< so that a film that rests can be shown in another size
  std::uint32_t shown_serial_ = 0; ///< 0: pictures are not wanted
  bool pictured_ = false;          ///< this opening has had its first picture

  std::uint32_t serial_ = 0;
  bool over_ = true;                    ///< this opening has ended or failed
  std::atomic<qint64> pictured_us_ = 0; ///< of the film, at its last picture
  qint64 begun_at_us_ = 0;              ///< of the film, when it began to run
  QElapsedTimer running_;
  QTimer pacing_;
  std::unique_ptr<QIODevice> device_;
  std::shared_ptr<std::atomic<bool>> damaged_; ///< of the bytes of `device_`
  QVideoSink sink_;
  QAudioOutput audio_;
  QMediaPlayer player_;
};

} // namespace machiai::display
