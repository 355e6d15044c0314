// SPDX-License-Identifier: Apache-2.0
// How a board passes into the next one: pages and languages fade, news is there at once. Pure: time is an
// argument.
#pragma once

#include "display/board_model.hpp"

namespace machiai::display {

class Turning {
public:
  static constexpr std::int64_t fade_ms = 600;

  /// `news`: a view came since the last board; a fade still running is ended, so that no number comes in
  /// pale.
  void show(const Board& board, bool news, std::int64_t now_ms) {
    if (news) {
      began_ms_ = now_ms - fade_ms;
    } else if (turned(shown_, board)) {
      began_ms_ = now_ms;
      leaving_ = shown_;
    }
    shown_ = board;
  }
  [[nodiscard]] const Board& leaving() const { return leaving_; }
  /// How far the present board has come in, 0..1.
  [[nodiscard]] double fade(std::int64_t now_ms) const {
    const double part = double(now_ms - began_ms_) / double(fade_ms);
    return part < 0 ? 0 : part > 1 ? 1 : part;
  }

private:
  Board shown_, leaving_;
  std::int64_t began_ms_ = -fade_ms;
};

} // namespace machiai::display
