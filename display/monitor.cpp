// SPDX-License-Identifier: Apache-2.0
#include "display/monitor.hpp"

#include "core/wire/views.hpp"
#include "display/style.hpp"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <algorithm>
#include <chrono>
#include <utility>

namespace machiai::display {

namespace {

constexpr int calm_tick_ms = 100; // the scene's pace
constexpr int busy_tick_ms = 33;  // zones that change their size, pages that fade
constexpr int ring_tick_ms = 50;  // rings are slow: more pictures of them would only cost
constexpr std::int64_t remember_every_ms = 5'000;
constexpr std::int64_t unknown_age = -1;
constexpr int voice_after_ms = 500; // a board and a film come first
constexpr int probe_after_ms = 1'500;
constexpr int probe_patience_ms = 5'000;
constexpr int gpu_trial_ms = 60'000;
constexpr qint64 gpu_distrust_ms = 86'400'000;
constexpr double ducked = 0.251; // a film 12 dB lower while chime or words sound

} // namespace

Monitor::Monitor(MonitorSettings settings, base::Instant wall, QObject* parent)
    : QObject(parent), settings_(std::move(settings)), wall_(wall),
      link_({settings_.home, "display", settings_.seat, {"board"}}),
      reporter_(link_, QDir(settings_.home).filePath("state/" + settings_.seat + ".airings.json")),
      urgent_(QDir(settings_.home).filePath("templates")) {
  writer_.setMaxThreadCount(1);
  uptime_.start();
  tick_.setTimerType(Qt::PreciseTimer);
  connect(&tick_, &QTimer::timeout, this, &Monitor::tick);
  connect(&link_, &seat::Link::view, this, &Monitor::on_view);
  connect(&link_, &seat::Link::connected_changed, this, &Monitor::on_connected);
}

Monitor::~Monitor() {
  remember();
  writer_.waitForDone();
  if (surface() == "gpu") QFile::remove(trial_file());
}

void Monitor::add_glass(BoardWidget& glass, Choice choice) {
  panes_.push_back({&glass, std::move(choice), {}});
  take_view();
  refresh();
}

/// Hands the view to each pane.
void Monitor::take_view() {
  for (Pane& pane : panes_) {
    pane.view = view_ ? std::optional(chosen(*view_, pane.choice)) : std::nullopt;
    pane.news = true;
  }
}

void Monitor::show_first() {
  Memory memory = load_memory(QDir(settings_.home).filePath("state/" + settings_.seat + ".json"));
  announced_ = memory.announced;
  seen_ = memory.announced;
  view_ = std::move(memory.view);
  confirmed_ms_ = memory.view_at_ms - base::to_ms(wall_);
  take_view();
  if (view_) urgent_.take(view_->notice);
  refresh();
}

void Monitor::start() {
  if (!settings_.stamp_file.isEmpty()) {
    stamps_.setFileName(settings_.stamp_file);
    if (!stamps_.open(QIODevice::WriteOnly | QIODevice::Append)) qWarning("the stamp file cannot be written");
  }
  ask_programme();
  link_.start();
  tick_.start(calm_tick_ms);
  QTimer::singleShot(voice_after_ms, this, &Monitor::begin_voice);
  QTimer::singleShot(probe_after_ms, this, &Monitor::choose_surface);
}

/// A film's process takes as long to start as the board to its first picture, and it can do so beside it.
/// Where the shelf is empty they begin with the first film that is due.
void Monitor::warm_up() {
  if (!settings_.media.isEmpty() || !QDir(QDir(settings_.home).filePath("media")).isEmpty()) begin_films();
}

void Monitor::begin_films() {
  const QString program = QDir(QCoreApplication::applicationDirPath()).filePath("machiai-film");
  player_ = std::make_unique<Player>(
      DeckSettings{program, settings_.home, settings_.media, settings_.film_memory_mb},
      [this] { return link_.hub_now_ms() > 0 ? now() : std::nullopt; });
  player_->set_pictured([this] {
    if (!noticed_.empty()) return;
    for (Pane& pane : panes_) pane.glass->show_film(player_->picture(), player_->leaving(), player_->fade());
    if (player_->fade() < 1) set_pace(running_ms());
  });
  player_->set_airing([this](const Turn& turn) { reporter_.on(turn); },
                      [this](const std::string& reason) { reporter_.off(reason); });
  player_->set_damaged([this](const std::string& sha256) { reporter_.damaged(sha256); });
  QSize room;
  for (const Pane& pane : panes_) room = room.expandedTo(pane.glass->film_room(false));
  player_->start(room);
  set_film_sound();
}

/// Beside the board, which is watched from the first moment: a hub that knows no programme refuses this only.
void Monitor::ask_programme() {
  asked_programme_ = true;
  link_.send("watch", {{"views", boost::json::array{"board", "programme"}}},
             [this](const auto& reply) { asked_programme_ = asked_programme_ && reply; });
}

void Monitor::on_programme(const boost::json::object& data) {
  const auto bill = wire::playbill_from_json(data);
  if (!bill) return qWarning("a programme view was not understood; what was planned goes on");
  schedule_ = schedule_of(*bill);
  films_muted_ = schedule_.muted;
  const bool films = !schedule_.now.scene() || (schedule_.next && !schedule_.next->scene());
  if (!player_ && films) begin_films();
  if (player_) player_->set_schedule(noticed_.empty() ? schedule_ : given_way(urgent_.turn()));
  set_film_sound();
}

/// After the calls of the same view are on the glass. Drawn in both sizes now, so that a call need not wait.
void Monitor::take_notice() {
  urgent_.take(view_ ? view_->notice : std::nullopt);
  if (view_ && view_->notice)
    for (const Pane& pane : panes_)
      for (const bool staged : {false, true}) (void)urgent_.picture(pane.glass->film_room(staged));
}

bool Monitor::shows_notice(const Pane& pane) {
  const auto t = now();
  const QSize room = pane.glass->film_room(false);
  return t && urgent_.in_force(*t) && !room.isEmpty() && !urgent_.picture(room).isNull();
}

/// The films give way and come back; what was shown of either is told (P8, P9).
void Monitor::note_notice() {
  const bool shown =
      link_.hub_now_ms() > 0 &&
      std::any_of(panes_.begin(), panes_.end(), [&](const Pane& pane) { return shows_notice(pane); });
  const Turn turn = urgent_.turn();
  if (noticed_ == (shown ? turn.item : std::string())) return;
  if (!noticed_.empty()) reporter_.off("cleared");
  noticed_ = shown ? turn.item : std::string();
  if (player_) player_->set_schedule(shown ? given_way(turn) : schedule_);
  if (shown) reporter_.on(turn);
}

/// The first pane's size counts; others stretch its pictures.
void Monitor::set_film_room(const Pane& pane) {
  if (!player_ || &pane != &panes_.front()) return;
  const bool staged = !settings_.reduced_motion && stage_.call() != 0;
  const QSize room = pane.glass->film_room(staged);
  if (!room.isEmpty()) player_->set_room(room);
}

void Monitor::set_film_sound() {
  if (!player_) return;
  const Loudness loudness = loudness_at(settings_.sound, base::minute_of_day(now().value_or(wall_)));
  const bool spoken = voice_ && voice_->speaking() != 0;
  player_->set_volume(loudness.words && !films_muted_ ? loudness.percent / 100.0 * (spoken ? ducked : 1) : 0);
}

void Monitor::begin_voice() {
  voice_ = std::make_unique<Voice>(
      VoiceSettings{QDir(settings_.home).filePath("cache/voice"), settings_.voice_file, settings_.voice_out});
  voice_->set_loudness(loudness_at(settings_.sound, base::minute_of_day(now().value_or(wall_))));
  connect(voice_.get(), &Voice::begun, this, [this](const queue::CallView& call) {
    announced_ = {call.call, base::to_ms(call.at)};
    remember();
  });
  if (view_) {
    // What came while there was no voice yet, and is still fresh.
    if (confirmed_here_)
      for (const auto& call : fresh_calls(view_->calls, announced_, link_.hub_now_ms()))
        voice_->announce(call, running_ms());
    voice_->render_ahead(*view_);
  }
  report_trouble();
}

void Monitor::on_view(const QString& name, const boost::json::object& data) {
  if (name == "programme") return on_programme(data);
  if (name != "board") return;
  auto board = wire::board_from_json(data);
  if (!board) {
    qWarning("a board view was not understood and is not shown");
    return;
  }
  const bool noticed = (view_ ? view_->notice : std::nullopt) != board->notice;
  view_ = std::move(*board);
  take_view();
  confirmed_here_ = true;
  const auto fresh = fresh_calls(view_->calls, seen_, link_.hub_now_ms());
  if (!fresh.empty()) seen_ = {fresh.back().call, base::to_ms(fresh.back().at)};
  stage_.keep(view_->calls, running_ms());
  stage_.add(fresh, running_ms());
  refresh();
  for (Pane& pane : panes_) pane.glass->paint_at_once();
  stamp();
  take_notice();
  refresh();
  if (voice_) {
    voice_->keep(view_->calls);
    for (const auto& call : fresh) voice_->announce(call, running_ms());
    voice_->render_ahead(*view_);
    set_film_sound();
  }
  // A notice must be there after a crash, whoever comes back first.
  if (noticed || !remembered_ms_ || running_ms() - *remembered_ms_ > remember_every_ms) remember();
}

void Monitor::on_connected(bool connected) {
  if (!connected) confirmed_here_ = false;
  // The hub forgets a seat's trouble with its connection.
  told_trouble_.reset();
  if (connected && voice_) report_trouble();
  if (!connected) asked_programme_ = false;
  if (connected && !asked_programme_) ask_programme();
}

void Monitor::tick() {
  const std::int64_t t = running_ms();
  if (voice_) {
    voice_->set_loudness(loudness_at(settings_.sound, base::minute_of_day(now().value_or(wall_))));
    voice_->step(t);
  }
  stage_.step(t, voice_ ? voice_->speaking() : 0);
  set_film_sound();
  reporter_.tick(stage_.call() != 0);
  refresh();
  if (voice_) report_trouble();
  if (confirmed_here_ && (!remembered_ms_ || t - *remembered_ms_ > remember_every_ms)) remember();
}

void Monitor::refresh() {
  if (confirmed_here_ && link_.age_ms() >= 0) confirmed_ms_ = running_ms() - link_.age_ms();
  const std::int64_t t = running_ms();
  note_notice();
  for (Pane& pane : panes_) {
    pane.glass->show_frame(make_frame(pane, t));
    set_film_room(pane);
  }
  set_pace(t);
}

void Monitor::set_pace(std::int64_t t) {
  int pace = calm_tick_ms;
  if (!settings_.reduced_motion && stage_.moving(t)) pace = stage_.resizing(t) ? busy_tick_ms : ring_tick_ms;
  for (const Pane& pane : panes_)
    if (pane.turning.fade(t) < 1) pace = busy_tick_ms;
  if (player_ && player_->fade() < 1) pace = busy_tick_ms;
  if (tick_.isActive() && tick_.interval() != pace) tick_.setInterval(pace);
}

std::int64_t Monitor::age_ms() const {
  const std::int64_t age = running_ms() - confirmed_ms_;
  return age < 0 ? unknown_age : age;
}

std::optional<base::Instant> Monitor::now() const {
  if (link_.hub_now_ms() > 0) return base::instant_from_ms(link_.hub_now_ms());
  return wall_ + base::Millis{running_ms()};
}

Frame Monitor::make_frame(Pane& pane, std::int64_t t) {
  const auto& calls = pane.view ? pane.view->calls : std::vector<queue::CallView>{};
  // A pane of chosen services has its own stage only for its own calls.
  const bool staged =
      std::any_of(calls.begin(), calls.end(), [&](const auto& call) { return call.call == stage_.call(); });
  Input input;
  input.view = pane.view ? &*pane.view : nullptr;
  input.age_ms = pane.view ? age_ms() : 0;
  input.now = now();
  const bool noticed = shows_notice(pane);
  queue::BoardView worded;
  if (!noticed && pane.view && input.now && urgent_.in_force(*input.now)) {
    worded = *pane.view;
    worded.messages.insert(worded.messages.begin(), urgent_.in_words());
    input.view = &worded;
  }
  input.on_stage = staged ? stage_.call() : 0;
  input.page_ms = t;
  set_langs(input, settings_.langs);
  Frame frame;
  frame.board = make_board(input, pane.glass->shape() == Shape::queue_only);
  const bool mine = staged || stage_.call() == 0;
  if (!settings_.reduced_motion && frame.board.face == Face::calling && mine) {
    frame.motion.widen = stage_.widen(t);
    for (int i = 0; i < Stage::rings; ++i) frame.motion.rings[std::size_t(i)] = stage_.ring(i, t);
  } else if (staged) {
    frame.board.call.icon = "ripple";
  }
  pane.turning.show(frame.board, std::exchange(pane.news, false), t);
  frame.leaving = pane.turning.leaving();
  frame.fade = pane.turning.fade(t);
  const std::int64_t whole_ticks = t / calm_tick_ms;
  frame.scene_s = settings_.scene * scene_s + double(whole_ticks * calm_tick_ms) / 1000;
  if (noticed) {
    frame.film = urgent_.picture(pane.glass->film_room(frame.motion.widen > 0.5));
  } else if (player_) {
    frame.film = player_->picture();
    frame.film_before = player_->leaving();
    frame.film_fade = player_->fade();
  }
  frame.running_ms = t;
  return frame;
}

/// A process of its own asks the driver, which may take it along.
void Monitor::choose_surface() {
  if (settings_.surface == SurfaceWish::raster) return;
  if (settings_.surface == SurfaceWish::gpu) return use_gpu();
  const QFileInfo trial(trial_file());
  if (trial.exists() && base::to_ms(wall_) - trial.lastModified().toMSecsSinceEpoch() < gpu_distrust_ms)
    return qWarning("film: the graphics processor ended the display lately; the painter draws");
  auto* probe = new QProcess(this);
  connect(probe, &QProcess::finished, this, [this, probe](int status, QProcess::ExitStatus) {
    const std::string renderer = probe->readAllStandardOutput().trimmed().toStdString();
    probe->deleteLater();
    if (status == 0 && uses_gpu(settings_.surface, renderer)) use_gpu();
  });
  QTimer::singleShot(probe_patience_ms, probe, &QProcess::kill);
  probe->start(QCoreApplication::applicationFilePath(), {"--renderer"});
}

/// The file says that it is being tried: found at the next start, the driver is not trusted for a day.
void Monitor::use_gpu() {
  if (QFile trial(trial_file()); settings_.surface == SurfaceWish::automatic) {
    if (!QDir().mkpath(QFileInfo(trial).path()) || !trial.open(QIODevice::WriteOnly)) return;
    QTimer::singleShot(gpu_trial_ms, this, [this] { QFile::remove(trial_file()); });
  }
  for (Pane& pane : panes_) pane.glass->use_gpu(true);
  report_trouble();
}

QString Monitor::trial_file() const {
  return QDir(settings_.home).filePath("state/" + settings_.seat + ".gpu");
}

QString Monitor::surface() const {
  const bool gpu =
      std::any_of(panes_.begin(), panes_.end(), [](const Pane& pane) { return pane.glass->drawn_by_gpu(); });
  return gpu ? "gpu" : "raster";
}

void Monitor::report_trouble() {
  if (!voice_) return; // it will have its say
  QStringList all = voice_->troubles();
  if (!style::fonts_present()) all.append("no_font");
  if (player_) all.append(QString::fromStdString(player_->trouble()));
  if (!urgent_.drawable()) all.append("notice_not_drawn");
  all.removeAll(QString());
  const QString trouble = all.join(u':');
  const QString told = trouble + u'/' + surface();
  if (!link_.connected() || told_trouble_ == told) return;
  told_trouble_ = told;
  link_.send("report", {{"trouble", trouble.toStdString()}, {"surface", surface().toStdString()}},
             [this](const auto& reply) {
               if (!reply) told_trouble_.reset();
             });
}

void Monitor::remember() {
  remembered_ms_ = running_ms();
  Memory memory{announced_, view_, now() ? base::to_ms(*now()) - age_ms() : 0};
  const QString path = QDir(settings_.home).filePath("state/" + settings_.seat + ".json");
  writer_.start([path, memory = std::move(memory)] {
    if (!save_memory(path, memory)) qWarning("the display's state could not be saved");
  });
}

/// One line "monotonic ms, view revision, newest call" behind the paint that showed a new revision.
void Monitor::stamp() {
  const qint64 rev = link_.rev("board");
  if (!stamps_.isOpen() || rev == stamped_rev_ || !view_) return;
  stamped_rev_ = rev;
  const auto monotonic = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  const auto call = view_->calls.empty() ? 0 : view_->calls.front().call;
  stamps_.write(QByteArray::number(qint64(monotonic.count())) + ' ' + QByteArray::number(rev) + ' ' +
                QByteArray::number(qulonglong(call)) + '\n');
  stamps_.flush();
}

} // namespace machiai::display
