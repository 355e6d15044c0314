// SPDX-License-Identifier: Apache-2.0
// The ledger's one writer: one batch at a time becomes one commit. Whoever runs the loop also commits
// (app/daemon/turns); nothing else writes.
#pragma once

#include "core/store/ledger.hpp"
#include "core/store/station.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace machiai::daemon {

class Writer {
public:
  struct Outcome {
    base::Status status;
    bool squeezed = false; ///< it only fitted after the ballast was given up
  };
  /// Called on the loop after each commit.
  using Committed = std::function<void(const Outcome& outcome)>;

  Writer(store::Ledger ledger, store::Home home, Committed committed)
      : ledger_(std::move(ledger)), home_(std::move(home)), committed_(std::move(committed)) {}

  /// Hands over a batch; the previous one must have been reported. The batch stays the caller's and must
  /// live until then.
  void commit(const store::Batch& batch) { batch_ = &batch; }
  [[nodiscard]] bool waits() const { return batch_ != nullptr; }
  [[nodiscard]] const store::Batch& take() { return *std::exchange(batch_, nullptr); }
  /// Makes the batch durable; may block for as long as the disk takes. Only one at a time.
  [[nodiscard]] Outcome write(const store::Batch& batch);
  void report(const Outcome& outcome) const { committed_(outcome); }

private:
  store::Ledger ledger_;
  store::Home home_;
  Committed committed_;
  const store::Batch* batch_ = nullptr;
};

/// A thread for slow reads (why, verify) over a read-only connection of their own.
class Reader {
public:
  using Job = std::function<void()>;
  Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader();
  /// Runs the job on the thread; refused (false) when too many wait.
  [[nodiscard]] bool post(Job job);

private:
  void run();
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace machiai::daemon
