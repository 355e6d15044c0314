// SPDX-License-Identifier: Apache-2.0
// Two threads take turns at the loop. Whoever has the turn runs the loop and, between two events, commits the
// batch that waits: handing it to another thread costs two wake-ups, which is as long as a commit. Only when
// the disk keeps it waiting does the other thread take the turn, so that nobody else waits with it. At any
// moment one thread runs the loop; what it touches needs no lock.
#pragma once

#include "app/daemon/writer.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace machiai::daemon {

/// How long the loop looks out for more before it sleeps: to wake a sleeping processor takes longer than to
/// commit a ticket. Idle, this costs less than a thousandth of a core.
inline constexpr std::chrono::microseconds awake_after_work{400};
/// A commit that takes longer than this costs its thread the turn.
inline constexpr std::chrono::milliseconds patience{5};

class Turns {
public:
  Turns(boost::asio::io_context& loop, Writer& writer) : loop_(loop), writer_(writer) {}
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  /// Runs the loop until it is stopped and the batch in hand is on the disk.
  void run();

private:
  using Steady = std::chrono::steady_clock;
  /// Who has the turn, and whether that thread is committing.
  enum class Turn : unsigned { first_runs, second_runs, first_commits, second_commits };
  static Turn runs(unsigned me) { return static_cast<Turn>(me); }
  static Turn commits(unsigned me) { return static_cast<Turn>(me + 2); }

  void serve(unsigned me);
  void run_some(Steady::time_point& last_work);
  void commit(unsigned me);
  void report_later(Writer::Outcome outcome);
  void stand_by(unsigned me);
  void wake_other();

  boost::asio::io_context& loop_;
  Writer& writer_;
  std::atomic<Turn> turn_ = Turn::first_runs;
  std::atomic<Steady::rep> commit_began_ = 0;
  std::atomic<bool> asleep_ = false; ///< the one standing by waits to be told
  std::mutex mutex_;                 ///< so that no wake-up is lost
  std::condition_variable wake_;
};

} // namespace machiai::daemon
