// SPDX-License-Identifier: Apache-2.0
#include "display/player/projector.hpp"

#include <QAudioDevice>
#include <QImageReader>
#include <QMediaDevices>
#include <QMediaFormat>
#include <QMutexLocker>
#include <QTimer>
#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

namespace machiai::display {

namespace {

constexpr std::chrono::milliseconds pace_every{250};
constexpr double pace_gain = 2; // a second: what is missing is made good in half of it
constexpr double most_pace = .2;
constexpr int still_megabytes = 256; // a still larger than that in memory is refused

QByteArray line_of(const char* word, std::uint32_t serial, const QByteArray& rest = {}) {
  return QByteArray(word) + ' ' + QByteArray::number(serial) + (rest.isEmpty() ? "" : " " + rest);
}

} // namespace

Projector::Projector(Films& films, Share& share, Tell tell)
    : films_(films), share_(share), tell_(std::move(tell)), room_(share.largest()) {
  QImageReader::setAllocationLimit(still_megabytes);
  pacing_.setInterval(pace_every);
  connect(&pacing_, &QTimer::timeout, this, &Projector::pace);
  connect(&sink_, &QVideoSink::videoFrameChanged, this, &Projector::show, Qt::DirectConnection);
  // The backend tells of a bad file by this signal only, and perhaps several times.
  connect(&player_, &QMediaPlayer::errorOccurred, this,
          [this] { fail(damaged() ? "film_damaged" : "film_unplayable"); });
  connect(&player_, &QMediaPlayer::mediaStatusChanged, this, [this](QMediaPlayer::MediaStatus status) {
    if (status == QMediaPlayer::InvalidMedia) fail("film_unplayable");
    if (status == QMediaPlayer::LoadedMedia && !player_.hasVideo()) fail("film_without_pictures");
    if (status == QMediaPlayer::EndOfMedia && damaged()) fail("film_damaged");
    if (status == QMediaPlayer::EndOfMedia && !std::exchange(over_, true)) tell_(line_of("ended", serial_));
  });
}

Projector::~Projector() {
  close();
}

void Projector::begin() {
  const bool decodes =
      player_.isAvailable() &&
      QMediaFormat().supportedVideoCodecs(QMediaFormat::Decode).contains(QMediaFormat::VideoCodec::H264);
  if (!decodes) return tell_("unfit no_decoder");
  player_.setVideoSink(&sink_);
  tell_("ready");
}

void Projector::obey(const QByteArray& line) {
  const auto words = line.split(' ');
  const auto word = [&](int i) { return i < words.size() ? words[i] : QByteArray(); };
  if (word(0) == "open") {
    close();
    serial_ = word(1).toUInt();
    open(QString::fromUtf8(QByteArray::fromPercentEncoding(word(2))), QString::fromLatin1(word(3)));
  } else if (word(0) == "play" && word(1).toUInt() == serial_) {
    play();
  } else if (word(0) == "close") {
    close();
  } else if (word(0) == "volume") {
    audio_.setVolume(std::clamp(word(1).toFloat(), 0.F, 1.F));
  } else if (word(0) == "size") {
    const QMutexLocker lock(&easel_);
    room_ = QSize(word(1).toInt(), word(2).toInt()).expandedTo({2, 2}).boundedTo(share_.largest());
  }
  if (word(0) == "size") show_again();
}

void Projector::open(const QString& item, const QString& sha256) {
  auto film = films_.open(item, sha256);
  over_ = false;
  if (!film) return fail(film.error().reason.c_str());
  {
    const QMutexLocker lock(&easel_);
    shown_serial_ = serial_;
    pictured_ = false;
  }
  film->still ? open_still(std::move(*film)) : open_film(std::move(*film));
}

void Projector::open_film(Film film) {
  // Given an output without a device, the backend (Qt 6.4.2) dies at the first sound of a film.
  const bool speaker = !QMediaDevices::defaultAudioOutput().isNull();
  player_.setAudioOutput(speaker ? &audio_ : nullptr);
  device_ = std::move(film.device);
  damaged_ = std::move(film.damaged);
  if (device_)
    player_.setSourceDevice(device_.get(), film.url);
  else
    player_.setSource(film.url);
  // Paused, the backend decodes up to the first picture and no further.
  if (!over_) player_.pause();
}

void Projector::open_still(Film film) {
  QImageReader reader;
  if (film.device)
    reader.setDevice(film.device.get());
  else
    reader.setFileName(film.url.toLocalFile());
  reader.setAutoTransform(true);
  QImage image = reader.read();
  if (image.isNull()) return fail(film.damaged && *film.damaged ? "film_damaged" : "still_unreadable");
  {
    const QMutexLocker lock(&easel_);
    still_ = std::move(image);
  }
  show_again();
  tell_(line_of("opened", serial_, "still"));
}

void Projector::play() {
  if (over_ || player_.playbackState() != QMediaPlayer::PausedState) return;
  player_.play();
  begun_at_us_ = pictured_us_;
  running_.start();
  if (player_.audioOutput() == nullptr) pacing_.start();
}

/// Without sound to go by, the backend (Qt 6.4.2) waits a whole frame after each picture, however long that
/// took: 28 of 30 pictures a second. What a film is behind the clock is made good by its rate.
void Projector::pace() {
  if (over_) return pacing_.stop();
  const double behind = double(running_.nsecsElapsed()) / 1e9 - double(pictured_us_ - begun_at_us_) / 1e6;
  player_.setPlaybackRate(1 + std::clamp(behind * pace_gain, -most_pace, most_pace));
}

void Projector::close() {
  over_ = true;
  pacing_.stop();
  player_.setPlaybackRate(1);
  {
    const QMutexLocker lock(&easel_);
    shown_serial_ = 0;
    still_ = {};
    last_ = {};
  }
  player_.setSource({});
  device_.reset();
  damaged_.reset();
}

/// Several reports of one file are one failure. Nothing is closed here: this may be inside the player's
/// signal.
void Projector::fail(const char* reason) {
  if (std::exchange(over_, true)) return;
  tell_(line_of("failed", serial_, reason));
}

/// In the decoder's thread.
void Projector::show(const QVideoFrame& frame) {
  if (!frame.isValid()) return; // the end of a film clears the sink; its last picture stays
  const QMutexLocker lock(&easel_);
  if (shown_serial_ == 0) return;
  last_ = frame;
  pictured_us_ = frame.startTime();
  const QSize size = fitted(frame.size(), room_);
  QImage canvas = share_.canvas(size);
  if (!scaler_.scale(frame, canvas)) return;
  share_.publish(size, shown_serial_);
  tell_(line_of("frame", shown_serial_));
  if (!std::exchange(pictured_, true)) tell_(line_of("opened", shown_serial_, "film"));
}

void Projector::show_again() {
  QVideoFrame frame;
  {
    const QMutexLocker lock(&easel_);
    frame = last_;
    if (shown_serial_ != 0 && !still_.isNull()) {
      const QSize size = fitted(still_.size(), room_);
      QImage canvas = share_.canvas(size);
      const QImage scaled = still_.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                                .convertToFormat(QImage::Format_RGB32);
      for (int y = 0; y < canvas.height(); ++y)
        std::memcpy(canvas.scanLine(y), scaled.constScanLine(y), std::size_t(canvas.width()) * 4);
      share_.publish(size, shown_serial_);
      tell_(line_of("frame", shown_serial_));
    }
  }
  if (frame.isValid()) show(frame);
}

} // namespace machiai::display
