// SPDX-License-Identifier: Apache-2.0
// The player of the film zone: two decks and the programme. It only gives pictures; without one the board
// shows a scene.
#pragma once

#include "display/player/deck.hpp"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <functional>

namespace machiai::display {

class Player : public QObject {
public:
  /// `hub_now`: the hub's time, none while it is not known.
  Player(DeckSettings settings, std::function<std::optional<base::Instant>()> hub_now);
  ~Player() override;

  /// Called when picture() has changed.
  void set_pictured(std::function<void()> pictured) { pictured_ = std::move(pictured); }

  /// Called when the film of a turn is on the screen, and when it has left it. `off` also follows a film that
  /// another one replaces.
  void set_airing(std::function<void(const Turn&)> on, std::function<void(const std::string& reason)> off) {
    on_ = std::move(on);
    off_ = std::move(off);
  }
  /// Called with the hash of a film whose bytes were found damaged.
  void set_damaged(std::function<void(const std::string& sha256)> damaged) { damaged_ = std::move(damaged); }

  void start(const QSize& room);
  void set_schedule(const Schedule& schedule);
  /// Device pixels of the film's place: at rest, or while a call takes part of it.
  void set_room(const QSize& room);
  /// 0 to 1; changes come softly.
  void set_volume(double volume);

  /// Null: a scene is due.
  [[nodiscard]] const QImage& picture() const { return picture_; }
  /// What picture() takes over from, null: a scene; and how far it has come in, 0 to 1.
  [[nodiscard]] const QImage& leaving() const { return leaving_; }
  [[nodiscard]] double fade() const;
  /// "no_decoder", "no_player", or the reason for which the item now due is not shown; empty: all is well.
  [[nodiscard]] std::string trouble() const;

private:
  void look();
  void obey(const Order& order);
  [[nodiscard]] Situation situation() const;
  void note_waiting();
  void take_pictures();
  void show(QImage picture);
  void give_way(Showing to, bool planned);
  void soften();
  [[nodiscard]] Deck& deck(int i) { return i == 0 ? first_ : second_; }

  std::function<std::optional<base::Instant>()> hub_now_;
  std::function<void()> pictured_;
  std::function<void(const Turn&)> on_;
  std::function<void(const std::string&)> off_, damaged_;
  QElapsedTimer uptime_;
  QTimer look_, soften_;
  Deck first_, second_;
  QImage waiting_[2]; ///< the first picture of a deck that is not on air yet
  QImage picture_, leaving_;
  Showing showing_ = Showing::scene;
  std::int64_t showing_since_ms_ = 0;
  std::int64_t fade_ms_ = 0; ///< of what is shown, when it began; 0: it was a cut
  QSize largest_;
  std::optional<Schedule> schedule_;
  Quarantine quarantine_;
  int on_air_ = scene_on_air;
  std::optional<Turn> waiting_for_;
  std::int64_t waiting_since_ms_ = 0;
  std::int64_t looked_ms_ = 0;
  bool looking_ = false;
  bool told_unfit_ = false;
  double volume_ = 1, volume_now_ = 1;
};

} // namespace machiai::display
