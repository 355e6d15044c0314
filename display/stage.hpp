// SPDX-License-Identifier: Apache-2.0
// The stage: which call has the large place just now, and how far its movement is. Pure: time is an argument.
#pragma once

#include "core/queue/views.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace machiai::display {

class Stage {
public:
  static constexpr std::int64_t widen_ms = 240;
  static constexpr std::int64_t least_ms = 6000; ///< a call keeps the stage at least this long
  static constexpr std::int64_t stay_ms = 12000;
  static constexpr std::int64_t back_ms = 600;
  static constexpr std::int64_t ring_every_ms = 2000;
  static constexpr std::int64_t ring_ms = 1800;
  static constexpr int rings = 3;

  /// New calls, oldest first. The first takes a free stage at once.
  void add(const std::vector<queue::CallView>& fresh, std::int64_t now_ms);
  /// Forgets calls that were taken back: those the board no longer lists.
  void keep(const std::vector<queue::CallView>& listed, std::int64_t now_ms);
  /// `speaking`: the call the voice is busy with, 0 for none; its stage lasts as long.
  void step(std::int64_t now_ms, std::uint64_t speaking);

  /// The call on stage; 0 at rest.
  [[nodiscard]] std::uint64_t call() const { return call_; }
  /// 0 at rest .. 1 wide, eased.
  [[nodiscard]] double widen(std::int64_t now_ms) const;
  /// How far ring `i` has run, 0..1; negative when it is not seen.
  [[nodiscard]] double ring(int i, std::int64_t now_ms) const;
  /// Something moves at this moment: rings, or more than that.
  [[nodiscard]] bool moving(std::int64_t now_ms) const;
  /// The zones change their size at this moment.
  [[nodiscard]] bool resizing(std::int64_t now_ms) const;

private:
  void begin(std::uint64_t call, std::int64_t now_ms);
  void leave(std::int64_t now_ms);

  std::uint64_t call_ = 0;
  std::int64_t began_ms_ = 0;
  std::int64_t wide_since_ms_ = 0; ///< the widening began; not begun anew from call to call
  std::int64_t left_ms_ = -back_ms;
  std::deque<std::uint64_t> waiting_;
};

} // namespace machiai::display
