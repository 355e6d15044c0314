// SPDX-License-Identifier: Apache-2.0
// The ledger's thread: one batch at a time becomes one commit, and the loop is told. Nothing else writes.
#pragma once

#include "core/store/ledger.hpp"
#include "core/store/station.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace machiai::daemon {

/// How long the loop and the ledger's thread look out for more before they sleep.
inline constexpr std::chrono::microseconds awake_after_work{400};

class Writer {
public:
  /// Called on the loop after each commit; `squeezed`: it only fitted after the ballast was given up.
  using Committed = std::function<void(const base::Status& status, bool squeezed)>;

  Writer(boost::asio::io_context& loop, store::Ledger ledger, store::Home home, Committed committed);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer(); ///< finishes the batch in hand

  /// Hands over a batch; the previous one must have been reported. The batch stays the caller's and must
  /// live until then.
  void commit(const store::Batch& batch);

private:
  void run();
  /// The next batch, or none when it is time to end.
  [[nodiscard]] const store::Batch* next();
  [[nodiscard]] base::Status write(const store::Batch& batch, bool& squeezed);

  boost::asio::io_context& loop_;
  store::Ledger ledger_;
  store::Home home_;
  Committed committed_;
  std::mutex mutex_; ///< so that no wake-up is lost; held only to pass a batch
  std::condition_variable wake_;
  std::atomic<const store::Batch*> batch_ = nullptr;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
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
