// SPDX-License-Identifier: Apache-2.0
// The order of sounds: one announcement at a time, chime before speech. Pure: time is an argument, and the
// caller plays what it is told to.
#pragma once

#include "core/queue/views.hpp"
#include "sound/speech.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace machiai::display {

using sound::Speech;

enum class Sound { nothing, chime, speech };

class VoiceQueue {
public:
  static constexpr std::int64_t gap_ms = 200;       ///< after the chime
  static constexpr std::int64_t between_ms = 1500;  ///< between the two times it is said
  static constexpr std::int64_t patience_ms = 5000; ///< for words still being rendered; then chime only

  void add(const queue::CallView& call);
  /// Forgets waiting calls that were taken back; one that is being spoken is spoken to its end.
  void keep(const std::vector<queue::CallView>& listed);

  /// What to play now. After `chime` or `speech` the caller says with `played` how long that lasts.
  [[nodiscard]] Sound next(std::int64_t now_ms, Speech speech);
  void played(std::int64_t now_ms, std::int64_t duration_ms);

  /// The call being announced.
  [[nodiscard]] const std::optional<queue::CallView>& current() const { return current_; }
  /// Calls whose words will be needed, the present one first.
  [[nodiscard]] std::vector<queue::CallView> coming() const;
  [[nodiscard]] bool busy() const { return current_.has_value() || !waiting_.empty(); }

private:
  void finish();

  std::deque<queue::CallView> waiting_;
  std::optional<queue::CallView> current_;
  bool chimed_ = false;
  int said_ = 0;
  std::int64_t free_at_ms_ = 0;     ///< the last sound has ended, with its pause
  std::int64_t waits_since_ms_ = 0; ///< for words
  std::int64_t pause_ms_ = 0;       ///< to leave after the sound just begun
};

} // namespace machiai::display
