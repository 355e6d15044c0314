// SPDX-License-Identifier: Apache-2.0
// What this screen has shown and the station has not recorded yet (P9). It is kept in a file, so that a play
// that a crash cut short is told as one that was cut short (P8).
#pragma once

#include "core/wire/aired.hpp"
#include "display/player/schedule.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace machiai::display {

class Airlog {
public:
  /// What an earlier run left behind: text() and, appended to it, each news() since. A play that was still
  /// running then ended with its last sign of life. A damaged line, the torn last one among them, is nothing.
  void load(const std::string& text);
  /// All of it, one line a record: to begin the file with.
  [[nodiscard]] std::string text() const;
  /// What has happened since the last news() or text(), to be appended to the file; empty: nothing worth a
  /// write.
  [[nodiscard]] std::string news() { return std::exchange(news_, {}); }

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
  /// Out of the list, and of the file.
  void drop(const std::vector<std::string>& ids);

  std::optional<programme::Aired> running_;
  std::vector<programme::Aired> ended_;
  base::Instant looked_{}, kept_{}; ///< live() was last called; what was last worth a write
  std::string news_;
};

} // namespace machiai::display
