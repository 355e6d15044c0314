// SPDX-License-Identifier: Apache-2.0
// What cupsd and printers call their troubles, in our reason keys.
#pragma once

#include "printer/cups.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace machiai::printer {

/// The worst of the queue's printer-state-reasons: paper_out, jam, door_open, offline, stopped,
/// printer_trouble, paper_low; empty when nothing is wrong.
[[nodiscard]] std::string printer_reason(const std::vector<std::string_view>& keywords);

/// Why a job ended without paper: job_refused (the printer cannot do it, say the size), job_cancelled (by
/// somebody at cupsd), job_aborted. Empty for other states. `message` is cupsd's printer state message.
[[nodiscard]] std::string job_reason(Job::State state, std::string_view message);

/// What a job that runs says in words because there is no keyword for it: offline, or empty.
[[nodiscard]] std::string running_trouble(std::string_view message);

} // namespace machiai::printer
