// SPDX-License-Identifier: Apache-2.0
// What the reception has stopped by hand: the films, or their sound. It holds for the day, also after a
// restart.
#pragma once

#include "core/base/clock.hpp"
#include "core/store/station.hpp"

#include <optional>
#include <string_view>

namespace machiai::store {

class Halt {
public:
  explicit Halt(Home home) : home_(std::move(home)) {}
  /// What was stopped earlier; nothing when there is no file, or none of ours.
  void load();
  /// "pause", "resume", "mute" or "unmute"; in force once it is written. Error invalid "bad_argument" for
  /// another word.
  [[nodiscard]] base::Status set(std::string_view what, base::Date today);
  [[nodiscard]] bool paused(base::Date today) const { return paused_ == today; }
  [[nodiscard]] bool muted(base::Date today) const { return muted_ == today; }

private:
  Home home_;
  std::optional<base::Date> paused_, muted_;
};

} // namespace machiai::store
