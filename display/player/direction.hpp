// SPDX-License-Identifier: Apache-2.0
// What the player does next, as pure functions: what to open, when to cut, when to give up. Milliseconds are
// those since the display began; instants are the hub's.
#pragma once

#include "display/player/schedule.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace machiai::display {

namespace limits {
inline constexpr std::int64_t open_ms = 1000;   ///< to the first picture
inline constexpr std::int64_t silent_ms = 3000; ///< between pictures of a running film
inline constexpr std::int64_t lead_ms = 3000;   ///< the next turn is opened that long ahead
inline constexpr std::int64_t short_ms = 1500;  ///< a film may end so long before its turn
inline constexpr std::int64_t quarantine_ms = 600'000;
inline constexpr std::int64_t missing_ms = 60'000; ///< a missing file may still be on its way
inline constexpr std::int64_t again_ms =
    10'000; ///< after a first crash or stall: it may have been the machine
inline constexpr std::int64_t restarts_within_ms = 300'000;
inline constexpr std::size_t most_restarts = 5;
inline constexpr int most_memory_mb = 300; ///< of one film process
inline constexpr std::int64_t crossfade_ms = 400;
inline constexpr std::int64_t worth_a_fade_ms = 1000; ///< what was shown for less gives way at once
} // namespace limits

enum class Phase {
  away,    ///< no process, or it has not said yet that it can decode
  idle,    ///< ready for a film
  opening, ///< asked to open, no picture yet
  ready,   ///< stands at its first picture
  running,
  over,   ///< at its last picture
  failed, ///< could not be played; `trouble` says why
};

struct DeckState {
  Phase phase = Phase::away;
  Turn turn;                   ///< of the film on it
  std::int64_t since_ms = 0;   ///< of the phase
  std::int64_t picture_ms = 0; ///< the last picture came
  bool still = false;
  std::string trouble;
};

/// Items that are not tried again before a time.
class Quarantine {
public:
  struct Entry {
    std::int64_t until_ms = 0;
    std::string reason;
    int times = 0;
  };
  void add(const std::string& item, const std::string& reason, std::int64_t now_ms);
  /// Why it is not played; none: it may be.
  [[nodiscard]] std::optional<std::string> against(const std::string& item, std::int64_t now_ms) const;

private:
  std::map<std::string, Entry> entries_;
};

inline constexpr int scene_on_air = -1;

enum class Showing { scene, still, film };
/// How long one takes to give way to the other. Between two films there is a cut: they have pictures of their
/// own.
[[nodiscard]] std::int64_t crossfade_ms(Showing from, std::int64_t shown_ms, Showing to);

struct Situation {
  std::optional<Schedule> schedule;
  std::array<DeckState, 2> decks;
  int on_air = scene_on_air;         ///< the deck that is shown
  std::int64_t waiting_since_ms = 0; ///< since when the turn in force has not been on air
  base::Instant now{};
  std::int64_t ms = 0;
};

struct Order {
  enum class Kind {
    open,    ///< `turn` on `deck`, which holds nothing that is needed
    air,     ///< show `deck` and let it run
    scene,   ///< show a scene; `reason` tells why, a turn of its own is `turn`
    rest,    ///< close what is on `deck`
    condemn, ///< quarantine the item of `deck`, for `reason`; `kill`: its process answers no more
  };
  Kind kind;
  int deck = scene_on_air;
  Turn turn = {};
  std::string reason = {};
  bool kill = false;
  bool operator==(const Order&) const = default;
};

/// The next things to do, in order; asked again after they are done, until there are none.
[[nodiscard]] std::vector<Order> direct(const Situation& situation, const Quarantine& quarantine);

/// How long until direct() may decide otherwise without any news, at most `most`.
[[nodiscard]] std::int64_t next_look_ms(const Situation& situation, std::int64_t most);

/// When a film process may be started again after it ended at these times: at once a few times, then seldom.
[[nodiscard]] std::int64_t next_start_ms(const std::deque<std::int64_t>& ended);

} // namespace machiai::display
