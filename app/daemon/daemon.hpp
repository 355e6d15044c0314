// SPDX-License-Identifier: Apache-2.0
// machiaid as a function, so that the fault tests can run it with a deliberate weakness.
#pragma once

#include "app/daemon/station.hpp"

#include <optional>
#include <string>

namespace machiai::daemon {

struct Options {
  std::string home;
  int port = -1;                  ///< -1: as in the settings
  std::optional<std::string> lan; ///< none: as in the settings; "": off
  store::Sync sync = store::Sync::full;
  Weakness weakness;
};

/// Runs until SIGTERM or SIGINT. Returns the exit code: 0 done, 2 bad settings, 3 refused (another daemon
/// has this home, the ledger cannot be opened, the port is taken).
[[nodiscard]] int run(const Options& options);

} // namespace machiai::daemon
