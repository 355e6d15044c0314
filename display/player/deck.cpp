// SPDX-License-Identifier: Apache-2.0
#include "display/player/deck.hpp"

#include <unistd.h>

#include <QFile>
#include <QUrl>
#include <utility>

namespace machiai::display {

namespace {

constexpr int pictures_fd = 3; ///< of the shared memory in the film's process
constexpr int longest_line = 256;
constexpr int end_patience_ms = 300;

} // namespace

Deck::Deck(DeckSettings settings, std::function<void()> news, std::function<std::int64_t()> now_ms)
    : settings_(std::move(settings)), news_(std::move(news)), now_ms_(std::move(now_ms)) {}

Deck::~Deck() {
  if (process_ == nullptr) return;
  process_->disconnect(this);
  process_->kill();
  process_->waitForFinished(end_patience_ms);
  delete process_;
}

void Deck::keep_up(const QSize& room) {
  const bool outgrown = room.width() > largest_.width() || room.height() > largest_.height();
  if (process_ != nullptr && outgrown && state_.phase == Phase::idle) end_process();
  if (process_ != nullptr || !unfit_.empty() || room.isEmpty() || now_ms_() < next_start_ms(ended_)) return;
  largest_ = room_ = room;
  start();
}

void Deck::start() {
  auto share = Share::make(largest_);
  if (!share) return qWarning("film: no memory for pictures (%s)", share.error().detail.c_str());
  share_ = std::move(*share);
  process_ = new QProcess(this);
  process_->setStandardErrorFile(QProcess::nullDevice()); // decoders are talkative about bad files
  process_->setChildProcessModifier([fd = share_->fd()] { ::dup2(fd, pictures_fd); });
  connect(process_, &QProcess::readyReadStandardOutput, this, &Deck::listen);
  connect(process_, &QProcess::finished, this, &Deck::gone);
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart) return;
    unfit_ = "no_player";
    gone();
  });
  QStringList arguments{"--pictures", QString::number(pictures_fd), "--home", settings_.home};
  if (!settings_.media.isEmpty()) arguments << "--media" << settings_.media;
  process_->start(settings_.program, arguments);
  set_volume(volume_);
}

/// The process has ended by itself: what was on it was too much for it.
void Deck::gone() {
  const bool was_busy = state_.phase != Phase::away && state_.phase != Phase::idle;
  process_->disconnect(this);
  std::exchange(process_, nullptr)->deleteLater();
  ended_.push_back(now_ms_());
  if (ended_.size() > limits::most_restarts) ended_.pop_front();
  // Some backends without their parts die while they start.
  if (!was_ready_ && ended_.size() == limits::most_restarts) unfit_ = "no_decoder";
  if (was_busy && state_.phase != Phase::failed) state_.trouble = "film_crashed";
  enter(was_busy ? Phase::failed : Phase::away);
  news_();
}

void Deck::end_process() {
  if (process_ == nullptr) return;
  QProcess* old = std::exchange(process_, nullptr);
  old->disconnect(this);
  old->setParent(nullptr);
  connect(old, &QProcess::finished, old, &QObject::deleteLater);
  old->kill(); // it is not waited for: one that hangs in a read may take its time
  ended_.push_back(now_ms_());
  if (ended_.size() > limits::most_restarts) ended_.pop_front();
  enter(Phase::away);
}

void Deck::enter(Phase phase) {
  state_.phase = phase;
  state_.since_ms = now_ms_();
  if (phase == Phase::away || phase == Phase::idle) pictured_ = false;
}

void Deck::open(const Turn& turn) {
  ++serial_;
  state_.turn = turn;
  state_.still = false;
  state_.trouble.clear();
  pictured_ = false;
  enter(Phase::opening);
  say("open " + QByteArray::number(serial_) + ' ' +
      QUrl::toPercentEncoding(QString::fromStdString(turn.item)) + ' ' +
      QByteArray::fromStdString(turn.sha256));
}

void Deck::run() {
  if (state_.phase != Phase::ready) return;
  say("play " + QByteArray::number(serial_));
  enter(Phase::running);
}

void Deck::rest() {
  if (process_ == nullptr) return enter(Phase::away);
  if (state_.phase == Phase::away) return;
  if (memory_mb() > settings_.most_memory_mb) {
    qInfo("film: a process of %lld MB is replaced", static_cast<long long>(memory_mb()));
    end_process();
    ended_.pop_back(); // planned
    return;
  }
  say("close");
  enter(Phase::idle);
}

void Deck::resize(const QSize& room) {
  if (room == room_ || room.isEmpty()) return;
  room_ = room;
  say("size " + QByteArray::number(room.width()) + ' ' + QByteArray::number(room.height()));
}

void Deck::set_volume(double volume) {
  volume_ = volume;
  say("volume " + QByteArray::number(volume, 'f', 3));
}

std::optional<QImage> Deck::take() {
  if (!std::exchange(pictured_, false) || !share_) return std::nullopt;
  auto picture = share_->take();
  if (!picture || picture->serial != serial_) return std::nullopt;
  return std::move(picture->image);
}

void Deck::forgive() {
  state_.picture_ms = now_ms_();
  if (state_.phase == Phase::opening) state_.since_ms = now_ms_();
}

void Deck::say(const QByteArray& line) {
  if (process_ != nullptr) process_->write(line + '\n');
}

void Deck::listen() {
  bool heard = false;
  while (process_ != nullptr && process_->canReadLine()) {
    hear(process_->readLine(longest_line).trimmed());
    heard = true;
  }
  if (process_ != nullptr && process_->bytesAvailable() > longest_line)
    process_->readAll(); // no line of ours
  if (heard) news_();
}

void Deck::hear(const QByteArray& line) {
  const auto words = line.split(' ');
  const auto word = [&](int i) { return i < words.size() ? words[i] : QByteArray(); };
  if (word(0) == "unfit") {
    unfit_ = word(1).toStdString();
    end_process();
  } else if (word(0) == "ready" && state_.phase == Phase::away) {
    was_ready_ = true;
    resize(std::exchange(room_, largest_));
    enter(Phase::idle);
  }
  if (word(1).toUInt() != serial_ || state_.phase == Phase::idle || state_.phase == Phase::away) return;
  if (word(0) == "frame") {
    state_.picture_ms = now_ms_();
    pictured_ = true;
  } else if (word(0) == "opened" && state_.phase == Phase::opening) {
    state_.still = word(2) == "still";
    enter(Phase::ready);
  } else if (word(0) == "ended" && state_.phase == Phase::running) {
    enter(Phase::over);
  } else if (word(0) == "failed") {
    state_.trouble = word(2).toStdString();
    enter(Phase::failed);
  }
}

std::int64_t Deck::memory_mb() const {
  QFile file("/proc/" + QString::number(process_->processId()) + "/statm");
  if (!file.open(QIODevice::ReadOnly)) return 0;
  const auto fields = file.readAll().split(' ');
  return fields.size() < 2 ? 0 : fields[1].toLongLong() * ::sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

} // namespace machiai::display
