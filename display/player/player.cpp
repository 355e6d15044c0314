// SPDX-License-Identifier: Apache-2.0
#include "display/player/player.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace machiai::display {

namespace {

constexpr std::int64_t look_every_ms = 250;
constexpr int soften_every_ms = 30;
constexpr double soften_step = 0.12; // of the way up or down: a quarter of a second from end to end
constexpr std::int64_t absent_ms = 1000;
constexpr int most_rounds = 8; // of orders in a row

} // namespace

Player::Player(DeckSettings settings, std::function<std::optional<base::Instant>()> hub_now)
    : hub_now_(std::move(hub_now)), first_(
                                        settings, [this] { look(); }, [this] { return uptime_.elapsed(); }),
      second_(
          settings, [this] { look(); }, [this] { return uptime_.elapsed(); }) {
  uptime_.start();
  look_.setTimerType(Qt::PreciseTimer);
  look_.setSingleShot(true);
  connect(&look_, &QTimer::timeout, this, &Player::look);
  connect(&soften_, &QTimer::timeout, this, &Player::soften);
}

Player::~Player() = default;

void Player::start(const QSize& room) {
  largest_ = room;
  looked_ms_ = uptime_.elapsed();
  look();
}

void Player::set_schedule(const Schedule& schedule) {
  schedule_ = schedule;
  look();
}

void Player::set_room(const QSize& room) {
  largest_ = largest_.expandedTo(room);
  for (int i = 0; i < 2; ++i) deck(i).resize(room);
}

void Player::set_volume(double volume) {
  volume_ = std::clamp(volume, 0.0, 1.0);
  if (volume_ != volume_now_ && !soften_.isActive()) soften_.start(soften_every_ms);
}

void Player::soften() {
  const double way = volume_ - volume_now_;
  volume_now_ += std::clamp(way, -soften_step, soften_step);
  if (std::abs(volume_ - volume_now_) < 1e-6) soften_.stop();
  for (int i = 0; i < 2; ++i) deck(i).set_volume(volume_now_);
}

std::string Player::trouble() const {
  if (!first_.unfit().empty()) return first_.unfit();
  const auto now = hub_now_();
  const auto turn = schedule_ && now ? turn_at(*schedule_, *now) : std::nullopt;
  if (!turn || turn->scene()) return {};
  return quarantine_.against(turn->item, uptime_.elapsed()).value_or("");
}

Situation Player::situation() const {
  Situation s;
  s.schedule = schedule_;
  s.decks = {first_.state(), second_.state()};
  s.on_air = on_air_;
  s.waiting_since_ms = waiting_since_ms_;
  s.now = hub_now_().value_or(base::Instant{});
  s.ms = uptime_.elapsed();
  return s;
}

/// Since when the turn in force has been waited for.
void Player::note_waiting() {
  const auto now = hub_now_();
  const auto turn = schedule_ && now ? turn_at(*schedule_, *now) : std::nullopt;
  if (!turn || !waiting_for_ || !same_turn(*turn, *waiting_for_)) waiting_since_ms_ = uptime_.elapsed();
  waiting_for_ = turn;
}

void Player::look() {
  if (std::exchange(looking_, true)) return; // a deck's news while an order is obeyed: the round sees it
  const std::int64_t ms = uptime_.elapsed();
  if (ms - looked_ms_ > absent_ms)
    for (int i = 0; i < 2; ++i) deck(i).forgive();
  looked_ms_ = ms;
  first_.keep_up(largest_);
  if (first_.was_ready())
    second_.keep_up(largest_); // not beside the start of the first, which would take longer
  if (!first_.unfit().empty() && !std::exchange(told_unfit_, true))
    qWarning("film: no films on this machine (%s); the board shows its scenes", first_.unfit().c_str());
  if (fade() == 1) leaving_ = {};
  take_pictures();
  if (hub_now_()) {
    note_waiting();
    for (int round = 0; round < most_rounds; ++round) {
      const auto orders = direct(situation(), quarantine_);
      if (orders.empty()) break;
      for (const Order& order : orders) obey(order);
    }
  }
  looking_ = false;
  look_.start(static_cast<int>(next_look_ms(situation(), look_every_ms)));
}

void Player::obey(const Order& order) {
  switch (order.kind) {
  case Order::Kind::open:
    waiting_[order.deck] = {};
    deck(order.deck).open(order.turn);
    break;
  case Order::Kind::air:
    if (off_ && on_air_ != scene_on_air) off_("changed");
    on_air_ = order.deck;
    give_way(deck(order.deck).state().still ? Showing::still : Showing::film, true);
    if (on_) on_(order.turn);
    deck(order.deck).run();
    if (!waiting_[order.deck].isNull()) show(std::exchange(waiting_[order.deck], {}));
    break;
  case Order::Kind::scene:
    qInfo("film: a scene is shown (%s)", order.reason.c_str());
    if (off_ && on_air_ != scene_on_air) off_(order.reason);
    on_air_ = scene_on_air;
    give_way(Showing::scene, order.turn != Turn{}); // what a bad film leaves is no time for a fade
    show({});
    break;
  case Order::Kind::rest:
    waiting_[order.deck] = {};
    deck(order.deck).rest();
    break;
  case Order::Kind::condemn: {
    const std::string item = deck(order.deck).state().turn.item;
    qWarning("film: %s is not shown (%s)", item.c_str(), order.reason.c_str());
    if (off_ && order.deck == on_air_) off_(order.reason);
    if (damaged_ && order.reason == "film_damaged") damaged_(deck(order.deck).state().turn.sha256);
    quarantine_.add(item, order.reason, uptime_.elapsed());
    waiting_[order.deck] = {};
    order.kill ? deck(order.deck).end_process() : deck(order.deck).rest();
    deck(order.deck).keep_up(largest_);
    break;
  }
  }
}

void Player::take_pictures() {
  for (int i = 0; i < 2; ++i) {
    auto picture = deck(i).take();
    if (!picture) continue;
    if (i == on_air_)
      show(std::move(*picture));
    else
      waiting_[i] = std::move(*picture);
  }
}

/// The memory of a picture is the deck's, which may need it for its next film: what fades is a copy.
void Player::give_way(Showing to, bool planned) {
  const std::int64_t ms = uptime_.elapsed();
  fade_ms_ = planned ? crossfade_ms(showing_, ms - showing_since_ms_, to) : 0;
  leaving_ = fade_ms_ > 0 ? picture_.copy() : QImage();
  showing_ = to;
  showing_since_ms_ = ms;
}

double Player::fade() const {
  if (fade_ms_ == 0) return 1;
  return std::min(1.0, double(uptime_.elapsed() - showing_since_ms_) / double(fade_ms_));
}

void Player::show(QImage picture) {
  picture_ = std::move(picture);
  if (pictured_) pictured_();
}

} // namespace machiai::display
