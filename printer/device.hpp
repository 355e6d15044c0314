// SPDX-License-Identifier: Apache-2.0
// The printer itself, asked past cupsd. cupsd's knowledge of a device is as old as its last job, and its ipp
// backend, once refused by a busy device, sleeps 10 s before it asks again (2.4.2, backend/ipp.c): a slip
// sent in that state is late although the printer was mended at once.
#pragma once

#include "core/base/result.hpp"

#include <optional>
#include <string>
#include <vector>

namespace machiai::printer {

struct DeviceState {
  bool ready = false; ///< would begin with a job at once
  std::string reason; ///< its trouble as our key; empty: fine, or it is only working
};

/// Asks an ipp:// or ipps:// device; nothing for any other address: only its backend can talk to it. No
/// answer is an answer: "offline" (nothing there), "printer_timeout" (there, but deaf). Ends within 2 s.
[[nodiscard]] std::optional<DeviceState> ask_device(const std::string& uri);
/// Ends the device's jobs of these titles: what was given up must not come out late.
void cancel_at_device(const std::string& uri, const std::vector<std::string>& titles);

} // namespace machiai::printer
