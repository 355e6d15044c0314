// SPDX-License-Identifier: Apache-2.0
// Blocking client of one CUPS queue, by IPP requests. Each call ends within about 3 s and on failure says
// why:
//   device/printer_unreachable  no answer from cupsd: nothing was accepted, or nobody knows (see Outcome)
//   device/printer_missing      cupsd has no such queue
//   device/job_refused          cupsd or the queue does not take this job
//   device/printer_forbidden    this user may not do it
//   not_found/job_missing       no job of that name
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace machiai::printer {

struct Settings {
  std::string server; ///< host:port, path of a socket, or empty: the machine's own cupsd
  std::string queue;
};

/// A job as cupsd tells it.
struct Job {
  enum class State : std::uint8_t { pending, held, processing, stopped, cancelled, aborted, completed };
  int id = 0;
  std::string title; ///< ours, see job_title(); ids start again after a crash, so the title is the identity
  State state = State::pending;
  bool stopping = false;   ///< a cancel was taken, but its processes still run
  bool incoming = false;   ///< waits for its document, so it cannot print
  bool forgotten = false;  ///< the device knew nothing of it when cupsd asked: it went off meanwhile
  base::Instant created{}; ///< by cupsd's clock, whole seconds
  std::string reason;      ///< our reason key when aborted or cancelled
  std::string trouble;     ///< while it runs: what keeps it, as our key; empty: nothing, or it cannot say
};

/// The queue and, as far as cupsd knows, the device behind it.
struct PrinterState {
  bool stopped = false;  ///< the queue is paused; resume_queue() mends it
  bool working = false;  ///< a job's processes run: one sent now would wait behind them
  bool accepting = true; ///< takes new jobs
  std::string device;    ///< its address as cupsd knows it: ipp://..., socket://...
  std::string reason;    ///< worst trouble as our key (paper_out, jam, ...); empty: fine
};

/// How far a failed submit may have come.
enum class Outcome : std::uint8_t {
  not_sent, ///< cupsd does not have it: the same print may be sent again, unmarked
  unclear,  ///< the answer was lost: it may be printed
};

struct SubmitError {
  base::Error error;
  Outcome outcome = Outcome::not_sent;
};

class CupsQueue {
public:
  explicit CupsQueue(Settings settings);

  /// Create-Job and Send-Document of one page of the given size. Returns the job's id. Acceptance is no
  /// success: an unsupported size is accepted and silently cancelled, so follow it with job_state().
  [[nodiscard]] tl::expected<int, SubmitError> submit(const std::string& title, const std::string& pdf,
                                                      int width_mm, int height_mm);
  /// not_found/job_missing when the id is unknown or belongs to another title.
  [[nodiscard]] base::Result<Job> job_state(int id, const std::string& title);
  /// The newest job of that title, finished ones included.
  [[nodiscard]] base::Result<std::optional<Job>> find_job(const std::string& title);
  /// Asks cupsd to cancel. A job that has ended already is no failure: look at its state afterwards.
  [[nodiscard]] base::Status cancel(int id);
  /// Removes a job whose cancel does not come to its end, so that the queue works again. Its processes may
  /// live on until the device answers them, but know already that they are to stop.
  [[nodiscard]] base::Status forget(int id);
  /// All jobs of the queue that have not ended.
  [[nodiscard]] base::Result<std::vector<Job>> open_jobs();
  [[nodiscard]] base::Result<PrinterState> printer_state();
  [[nodiscard]] base::Status resume_queue();

private:
  [[nodiscard]] Job settled(Job job);

  Settings settings_;
};

} // namespace machiai::printer
