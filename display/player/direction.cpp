// SPDX-License-Identifier: Apache-2.0
#include "display/player/direction.hpp"

#include <algorithm>

namespace machiai::display {

namespace {

bool holds(const DeckState& deck, const Turn& turn) {
  const bool used = deck.phase != Phase::away && deck.phase != Phase::idle && deck.phase != Phase::failed;
  return used && same_turn(deck.turn, turn);
}

std::optional<Order> fault_of(const DeckState& deck, int number, std::int64_t ms) {
  const auto condemned = [&](const char* reason, bool kill) {
    return Order{Order::Kind::condemn, number, {}, reason, kill};
  };
  if (deck.phase == Phase::failed) return condemned(deck.trouble.c_str(), false);
  if (deck.phase == Phase::opening && ms - deck.since_ms >= limits::open_ms)
    return condemned("film_slow", true);
  const bool silent = ms - std::max(deck.picture_ms, deck.since_ms) >= limits::silent_ms;
  if (deck.phase == Phase::running && !deck.still && silent) return condemned("film_stalled", true);
  return std::nullopt;
}

class Director {
public:
  Director(const Situation& situation, const Quarantine& quarantine) : s_(situation), q_(quarantine) {}

  std::vector<Order> orders() {
    for (int i = 0; i < 2; ++i)
      if (auto fault = fault_of(s_.decks[std::size_t(i)], i, s_.ms)) return {*fault};
    const auto turn = s_.schedule ? turn_at(*s_.schedule, s_.now) : std::nullopt;
    show(turn);
    prepare(turn);
    tidy(turn);
    return std::move(orders_);
  }

private:
  [[nodiscard]] const DeckState& deck(int i) const { return s_.decks[std::size_t(i)]; }

  void scene(const std::string& reason, const Turn& turn = {}) {
    if (s_.on_air != scene_on_air) orders_.push_back({Order::Kind::scene, scene_on_air, turn, reason});
    scene_ = true;
  }

  void show(const std::optional<Turn>& turn) {
    if (!turn) return scene("no_turn");
    if (turn->scene()) return scene(turn->reason, *turn);
    if (const auto against = q_.against(turn->item, s_.ms)) return scene(*against);
    for (int i = 0; i < 2; ++i) {
      if (!holds(deck(i), *turn)) continue;
      if (too_short(deck(i), *turn)) return scene("film_short");
      if (deck(i).phase != Phase::opening && s_.on_air != i) orders_.push_back({Order::Kind::air, i, *turn});
      if (deck(i).phase == Phase::opening) give_up_waiting();
      return;
    }
    give_up_waiting();
    open(*turn);
  }

  /// Its last picture stands for a moment until the turn ends, but a picture is no film.
  [[nodiscard]] bool too_short(const DeckState& deck, const Turn& turn) const {
    return deck.phase == Phase::over && !deck.still && (turn.until - s_.now).count() > limits::short_ms;
  }

  /// While the first picture is not there, what was shown stays, but not for ever.
  void give_up_waiting() {
    if (s_.on_air != scene_on_air && s_.ms - s_.waiting_since_ms >= limits::open_ms) scene("film_late");
  }

  void prepare(const std::optional<Turn>& turn) {
    if (!s_.schedule || !s_.schedule->next || !turn || same_turn(*turn, *s_.schedule->next)) return;
    const Turn& next = *s_.schedule->next;
    if (next.scene() || (next.from - s_.now).count() > limits::lead_ms || q_.against(next.item, s_.ms))
      return;
    if (holds(deck(0), next) || holds(deck(1), next)) return;
    open(next, turn);
  }

  /// On a deck that is neither shown nor holds the turn in force.
  void open(const Turn& turn, const std::optional<Turn>& in_force = std::nullopt) {
    if (!orders_.empty() && orders_.back().kind == Order::Kind::open) return;
    for (int i = 0; i < 2; ++i) {
      const bool needed = i == s_.on_air || (in_force && holds(deck(i), *in_force));
      if (needed || deck(i).phase == Phase::away) continue;
      orders_.push_back({Order::Kind::open, i, turn});
      return;
    }
  }

  /// Closes what is over and done with, once something else is shown.
  void tidy(const std::optional<Turn>& turn) {
    if (!orders_.empty()) return;
    for (int i = 0; i < 2; ++i) {
      const Phase phase = deck(i).phase;
      if (phase == Phase::away || phase == Phase::idle || (i == s_.on_air && !scene_)) continue;
      const bool wanted = turn && holds(deck(i), *turn);
      const bool next = s_.schedule && s_.schedule->next && holds(deck(i), *s_.schedule->next);
      if (!wanted && !next) orders_.push_back({Order::Kind::rest, i});
    }
  }

  const Situation& s_;
  const Quarantine& q_;
  bool scene_ = false;
  std::vector<Order> orders_;
};

} // namespace

void Quarantine::add(const std::string& item, const std::string& reason, std::int64_t now_ms) {
  Entry& entry = entries_[item];
  const bool maybe_ours = reason == "film_crashed" || reason == "film_stalled" || reason == "film_slow";
  const std::int64_t long_ms = reason == "film_missing" ? limits::missing_ms : limits::quarantine_ms;
  entry.until_ms = now_ms + (maybe_ours && entry.times == 0 ? limits::again_ms : long_ms);
  entry.reason = reason;
  ++entry.times;
}

std::optional<std::string> Quarantine::against(const std::string& item, std::int64_t now_ms) const {
  const auto found = entries_.find(item);
  if (found == entries_.end() || now_ms >= found->second.until_ms) return std::nullopt;
  return found->second.reason;
}

std::int64_t crossfade_ms(Showing from, std::int64_t shown_ms, Showing to) {
  const bool same_kind = from == to && from != Showing::still;
  return same_kind || shown_ms < limits::worth_a_fade_ms ? 0 : limits::crossfade_ms;
}

std::vector<Order> direct(const Situation& situation, const Quarantine& quarantine) {
  return Director(situation, quarantine).orders();
}

std::int64_t next_look_ms(const Situation& s, std::int64_t most) {
  std::int64_t wait = most;
  const auto until = [&](std::int64_t ms) { wait = std::min(wait, ms); };
  const auto moment = [&](base::Instant at) {
    if (at > s.now) until((at - s.now).count());
  };
  if (s.schedule) {
    moment(s.schedule->now.until);
    if (s.schedule->next) {
      moment(s.schedule->next->from - base::Millis{limits::lead_ms});
      moment(s.schedule->next->from);
      moment(s.schedule->next->until);
    }
  }
  for (const DeckState& deck : s.decks)
    if (deck.phase == Phase::opening) until(deck.since_ms + limits::open_ms - s.ms);
  return std::max<std::int64_t>(wait, 1);
}

std::int64_t next_start_ms(const std::deque<std::int64_t>& ended) {
  if (ended.size() < limits::most_restarts) return 0;
  return ended[ended.size() - limits::most_restarts] + limits::restarts_within_ms;
}

} // namespace machiai::display
