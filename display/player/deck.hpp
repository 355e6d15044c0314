// SPDX-License-Identifier: Apache-2.0
// A deck as the display sees it: a process that decodes one film (machiai-film), and its pictures. The
// process may hang or die; then the deck is away until a new one is up.
#pragma once

#include "display/player/direction.hpp"
#include "display/player/share.hpp"

#include <QObject>
#include <QProcess>
#include <functional>
#include <memory>

namespace machiai::display {

struct DeckSettings {
  QString program;                                      ///< machiai-film
  QString home;                                         ///< of the station, whose shelf the films are on
  QString media;                                        ///< a directory of films instead; empty: the shelf
  std::int64_t most_memory_mb = limits::most_memory_mb; ///< a process that has grown past it is renewed
};

class Deck : public QObject {
public:
  /// `news`: the state has changed, or a new picture can be taken.
  Deck(DeckSettings settings, std::function<void()> news, std::function<std::int64_t()> now_ms);
  ~Deck() override;

  [[nodiscard]] const DeckState& state() const { return state_; }
  /// The machine cannot decode; nothing will be tried again.
  [[nodiscard]] const std::string& unfit() const { return unfit_; }

  /// One of its processes could decode.
  [[nodiscard]] bool was_ready() const { return was_ready_; }

  /// Starts its process if there is none and one may be started; `room` is the largest picture.
  void keep_up(const QSize& room);
  void open(const Turn& turn);
  void run();
  /// Closes the film; a process that has grown too large is replaced by a new one now that nobody looks.
  void rest();
  void end_process();
  void resize(const QSize& room);
  void set_volume(double volume);
  /// The newest picture of the film on it, if one has come since.
  [[nodiscard]] std::optional<QImage> take();
  /// Nobody could listen for a while: silence until now was not the film's.
  void forgive();

private:
  void start();
  void say(const QByteArray& line);
  void listen();
  void hear(const QByteArray& line);
  void enter(Phase phase);
  void gone();
  [[nodiscard]] std::int64_t memory_mb() const;

  DeckSettings settings_;
  std::function<void()> news_;
  std::function<std::int64_t()> now_ms_;
  DeckState state_;
  std::string unfit_;
  std::shared_ptr<Share> share_;
  QProcess* process_ = nullptr;
  QSize largest_, room_;
  double volume_ = 1;
  std::uint32_t serial_ = 0;
  bool pictured_ = false; ///< a picture waits to be taken
  std::deque<std::int64_t> ended_;
  bool was_ready_ = false;
};

} // namespace machiai::display
