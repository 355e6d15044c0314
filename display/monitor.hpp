// SPDX-License-Identifier: Apache-2.0
// The monitor: puts link, model, stage, voice and memory together and keeps the glass up to date.
#pragma once

#include "display/board_widget.hpp"
#include "display/memory.hpp"
#include "display/player/player.hpp"
#include "display/reporter.hpp"
#include "display/sound_plan.hpp"
#include "display/stage.hpp"
#include "display/turning.hpp"
#include "display/urgent.hpp"
#include "display/voice.hpp"
#include "seat/link.hpp"

#include <QElapsedTimer>
#include <QFile>
#include <QObject>
#include <QThreadPool>
#include <QTimer>
#include <memory>
#include <optional>

namespace machiai::display {

struct MonitorSettings {
  QString home;
  QString seat;
  std::vector<Lang> langs{Lang::ja};
  bool queue_only = false;
  bool reduced_motion = false;
  QString voice_file;
  QString voice_out;
  SoundPlan sound;
  QString stamp_file; ///< see stamp(); empty: none
  QString media;      ///< a directory of films instead of the station's shelf
  int film_memory_mb = limits::most_memory_mb;
  SurfaceWish surface = SurfaceWish::automatic;
  int scene = 0; ///< the first relaxation scene; the others follow
};

class Monitor : public QObject { // without Q_OBJECT: it has no signals, and moc cannot read <concepts>
public:
  /// `wall`: what the machine's clock says at the start. It only dates the remembered view until the hub
  /// has told its own time.
  Monitor(MonitorSettings settings, base::Instant wall, QObject* parent = nullptr);
  ~Monitor() override;

  /// One more pane that shows the board, or the chosen part of it. It must outlive the monitor.
  void add_glass(BoardWidget& glass, Choice choice = {});

  /// Puts up what is remembered, or an honest "connecting". Cheap: to be called before the first paint.
  void show_first();
  /// Starts the films' processes, if there may be films; to be called as soon as the panes have their size.
  void warm_up();
  /// Connects, and makes the voice; to be called after the first paint.
  void start();

private:
  /// A pane of glass and what it is showing.
  struct Pane {
    BoardWidget* glass;
    Choice choice;
    std::optional<queue::BoardView> view; ///< the chosen part of the monitor's
    bool news = true;                     ///< a view came since the last frame
    Turning turning = {};
  };

  void take_view();
  void on_view(const QString& name, const boost::json::object& data);
  void on_connected(bool connected);
  void tick();
  void refresh();
  void set_pace(std::int64_t t);
  void begin_voice();
  void begin_films();
  void on_programme(const boost::json::object& data);
  void ask_programme();
  void set_film_room(const Pane& pane);
  void set_film_sound();
  void choose_surface();
  void use_gpu();
  [[nodiscard]] QString trial_file() const;
  [[nodiscard]] QString surface() const;
  void report_trouble();
  void take_notice();
  void note_notice();
  [[nodiscard]] bool shows_notice(const Pane& pane);
  void remember();
  void stamp();

  [[nodiscard]] std::int64_t running_ms() const { return uptime_.elapsed(); }
  [[nodiscard]] std::int64_t age_ms() const;
  [[nodiscard]] std::optional<base::Instant> now() const;
  [[nodiscard]] Frame make_frame(Pane& pane, std::int64_t t);

  MonitorSettings settings_;
  std::vector<Pane> panes_;
  base::Instant wall_;
  seat::Link link_;
  std::unique_ptr<Voice> voice_; ///< made after the first paint
  bool films_muted_ = false;     ///< at the reception
  bool asked_programme_ = false; ///< on this connection, or on the one that is being made
  Reporter reporter_;
  std::unique_ptr<Player> player_; ///< made when there may be films
  Schedule schedule_;              ///< as the hub told it, also while a notice has the films' place
  Urgent urgent_;
  std::string noticed_; ///< the notice whose airing runs; empty: none
  Stage stage_;
  QElapsedTimer uptime_;
  QTimer tick_;
  QThreadPool writer_; ///< one thread: saves in order, away from the screen's loop

  std::optional<queue::BoardView> view_;
  bool confirmed_here_ = false;   ///< this connection has delivered a view, so its beats speak of it
  std::int64_t confirmed_ms_ = 0; ///< running time at which the view was last true
  Announced seen_;                ///< newest call on stage or in the voice's queue
  Announced announced_;           ///< newest call whose chime was begun: what is remembered
  std::optional<std::int64_t> remembered_ms_;
  std::optional<QString> told_trouble_; ///< and the surface behind it
  QFile stamps_;
  qint64 stamped_rev_ = -1;
};

} // namespace machiai::display
