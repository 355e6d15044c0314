// SPDX-License-Identifier: Apache-2.0
// What this screen has shown and the station has not recorded yet (P9). It is kept in a file, so that a play
// that a crash cut short is told as one that was cut short (P8).
#pragma once

#include "core/wire/aired.hpp"
#include "display/player/schedule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace machiai::display {

class Airlog {
public:
  /// What an earlier run left behind: its text, as text() gave it. A play that was still running then ended
  /// with its last sign of life. Damaged text is nothing.
  void load(const std::string& text);
  /// To be kept in the file.
  [[nodiscard]] std::string text() const;
  /// Changes whenever text() may have.
  [[nodiscard]] std::uint64_t revision() const { return revision_; }

  /// The film of that turn is on the screen from now on. `id`: a fresh UUID.
  void begin(std::string id, const Turn& turn, base::Instant now);
  /// It is no longer. "planned" when its turn was over, else `reason`. Nothing was running: nothing.
  void end(const std::string& reason, base::Instant now);
  /// It is still there; `calling`: a call has part of its place. At least once a second.
  void live(bool calling, base::Instant now);

  /// The next records for the station, oldest first.
  [[nodiscard]] std::vector<programme::Aired> due(std::size_t most) const;
  /// Those are in the ledger, or will never be.
  void settle(const std::vector<programme::Aired>& records);

private:
  std::optional<programme::Aired> running_;
  std::vector<programme::Aired> ended_;
  base::Instant looked_{}, kept_{}; ///< live() was last called; what was last worth a write
  std::uint64_t revision_ = 0;
};

} // namespace machiai::display
