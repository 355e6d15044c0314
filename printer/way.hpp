// SPDX-License-Identifier: Apache-2.0
// The way from us to the paper: whether a slip sent now would be printed now, and what we can do about it.
// Blocking, on the printer's thread.
#pragma once

#include "printer/cups.hpp"
#include "printer/rules.hpp"

#include <string>
#include <vector>

namespace machiai::printer {

class Way {
public:
  explicit Way(CupsQueue& cups) : cups_(cups) {}

  struct Sight {
    std::string health;      ///< the printer's trouble, as in PrinterState::reason
    std::string held;        ///< why a slip sent now would not print at once; empty: it would
    bool first_hand = false; ///< the device itself was asked
  };
  /// What cupsd says. A paused queue is resumed.
  [[nodiscard]] base::Result<PrinterState> ask_queue();
  /// Asks the device too, and ends whatever was given up and stands in the way. Takes up to 3 s more when one
  /// of them hangs.
  [[nodiscard]] Sight clear(const PrinterState& queue);
  /// This attempt of a print must not come out any more.
  void give_up(const Print& print);

private:
  [[nodiscard]] std::string queue_held(const PrinterState& queue);

  CupsQueue& cups_;
  std::vector<std::string> given_up_; ///< titles, the last ones: a device may wake up and go on with them
};

} // namespace machiai::printer
