// SPDX-License-Identifier: Apache-2.0
// The printer's thread: takes prints, paints them, follows each to its end, one at a time.
#pragma once

#include "core/base/clock.hpp"
#include "printer/cups.hpp"
#include "printer/fonts.hpp"
#include "printer/rules.hpp"
#include "printer/slip.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace machiai::printer {

struct PrintTask {
  Print print;
  Slip slip; ///< the worker sets its `reprint` from Print::marked, and `reprinted` when that is unset
};

/// Called on the worker's thread; they only post. May be called until stop() returns.
struct Hooks {
  /// Make `changed` durable, then call `done(true)` from any thread; `done(false)` if that failed. Until then
  /// the worker does nothing with this print: above all it does not submit before `sending` is durable.
  std::function<void(Print changed, std::string reason, std::function<void(bool durable)> done)> record;
  /// The printer's health as a reason key, "" = fine. Called at the start, on each change, and
  /// after a failed print once more when the device itself can be asked. `first_hand`: it can, so the end of
  /// a trouble will be told without anybody printing.
  std::function<void(std::string reason, bool first_hand)> printer_changed;
};

class Worker {
public:
  Worker(Settings settings, const base::Clock& clock, FontFiles fonts, Hooks hooks, Limits limits = {},
         SlipLayout layout = {});
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker(); ///< stops

  /// A new print (queued), or one found in the journal at the start (queued, sending or sent), oldest first.
  void add(PrintTask task);
  /// The ticket is no longer wanted: a print that was not sent yet becomes `cancelled`.
  void withdraw(std::uint64_t print);
  /// Ends the thread within 4 s. Prints not finished stay in the journal as they are.
  void stop();

private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

} // namespace machiai::printer
