// SPDX-License-Identifier: Apache-2.0
#include "printer/way.hpp"

#include "printer/device.hpp"

#include <algorithm>

namespace machiai::printer {

namespace {

constexpr std::size_t remembered = 32;

} // namespace

base::Result<PrinterState> Way::ask_queue() {
  auto state = cups_.printer_state();
  if (!state || !state->stopped || !cups_.resume_queue()) return state;
  state->stopped = false;
  if (state->reason == "stopped") state->reason.clear();
  return state;
}

Way::Sight Way::clear(const PrinterState& queue) {
  Sight sight{queue.reason, queue_held(queue)};
  if (sight.held == "printer_unreachable") return sight;
  const auto device = ask_device(queue.device);
  if (!device) return sight; // a device only its backend can ask
  sight.first_hand = true;
  if (queue.reason != "stopped") sight.health = device->reason;
  if (device->ready) return sight;
  if (device->reason != "offline" && device->reason != "printer_timeout" && !given_up_.empty())
    cancel_at_device(queue.device, given_up_);
  sight.held = device->reason.empty() ? "printer_busy" : device->reason;
  return sight;
}

/// One slip at a time: an older job, whoever sent it, would make cupsd keep the new one waiting.
std::string Way::queue_held(const PrinterState& queue) {
  if (!queue.accepting) return "stopped";
  const auto jobs = cups_.open_jobs();
  if (!jobs) return jobs.error().reason;
  bool open = queue.working;
  for (const Job& job : *jobs) {
    const bool ours = std::find(given_up_.begin(), given_up_.end(), job.title) != given_up_.end();
    if (ours) (void)cups_.cancel(job.id);
    open = open || ours || job.state != Job::State::held;
  }
  return open ? "printer_busy" : "";
}

void Way::give_up(const Print& print) {
  const std::string title = job_title(print);
  given_up_.push_back(title);
  if (given_up_.size() > remembered) given_up_.erase(given_up_.begin());
  if (print.cups_job <= 0) return;
  const auto job = cups_.job_state(print.cups_job, title);
  if (job && job->state == Job::State::cancelled && job->stopping) (void)cups_.forget(print.cups_job);
}

} // namespace machiai::printer
