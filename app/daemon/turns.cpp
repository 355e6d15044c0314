// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/turns.hpp"

#include <boost/asio/post.hpp>
#include <pthread.h>

#include <thread>

namespace machiai::daemon {

namespace {

/// Frames that are there already share the next commit, but a flood must not put it off.
constexpr std::chrono::microseconds gather_at_most{500};
/// With no commit for so long, the one standing by sleeps until it is told of the next.
constexpr std::chrono::milliseconds quiet_after{200};
/// With so many events in a batch, handing over the turn costs less than what the others do meanwhile.
constexpr std::size_t crowd = 4;

} // namespace

void Turns::run() {
  std::thread second([this] { serve(1); });
  pthread_setname_np(second.native_handle(), "turn");
  serve(0);
  second.join();
  // The batch in hand becomes durable; what waits behind it has not happened, and nobody is told that it had.
  if (writer_.waits()) (void)writer_.write(writer_.take());
}

void Turns::serve(unsigned me) {
  auto last_work = Steady::now();
  while (!loop_.stopped()) {
    if (turn_.load(std::memory_order_acquire) != runs(me)) {
      stand_by(me);
      last_work = Steady::now();
    } else if (writer_.waits()) {
      commit(me);
      last_work = Steady::now();
    } else {
      run_some(last_work);
    }
  }
  wake_other();
}

void Turns::run_some(Steady::time_point& last_work) {
  const auto began = Steady::now();
  std::size_t done = 0;
  while (loop_.poll_one() != 0) {
    ++done;
    if (writer_.waits() && Steady::now() - began > gather_at_most) break;
  }
  if (done == 0) {
    // Whoever shares the processor comes first: it may be the one whose next command is looked out for.
    if (began - last_work < awake_after_work) return std::this_thread::yield();
    loop_.run_one();
  }
  last_work = Steady::now();
}

void Turns::commit(unsigned me) {
  const store::Batch& batch = writer_.take();
  if (batch.events.size() >= crowd) {
    // Many wait: the other thread reads what they send next while this one waits for the disk.
    turn_.store(runs(1 - me));
    wake_other();
    return report_later(writer_.write(batch));
  }
  commit_began_.store(Steady::now().time_since_epoch().count(), std::memory_order_relaxed);
  turn_.store(commits(me)); // in one order with `asleep_`: either we see it asleep or it sees us commit
  if (asleep_.load()) wake_other();
  Writer::Outcome outcome = writer_.write(batch);
  Turn mine = commits(me);
  if (turn_.compare_exchange_strong(mine, runs(me), std::memory_order_acq_rel))
    return writer_.report(outcome);
  // The disk took too long and the other thread runs the loop by now.
  report_later(std::move(outcome));
}

void Turns::report_later(Writer::Outcome outcome) {
  boost::asio::post(loop_, [this, outcome = std::move(outcome)] { writer_.report(outcome); });
}

void Turns::stand_by(unsigned me) {
  const unsigned other = 1 - me;
  const bool committing = turn_.load(std::memory_order_acquire) == commits(other);
  const auto began = Steady::time_point(Steady::duration(commit_began_.load(std::memory_order_relaxed)));
  const auto age = Steady::now() - began;
  Turn theirs = commits(other);
  if (committing && age > patience &&
      turn_.compare_exchange_strong(theirs, runs(me), std::memory_order_acq_rel))
    return;
  std::unique_lock lock(mutex_);
  if (age < quiet_after) {
    wake_.wait_for(lock, patience, [&] { return turn_.load() == runs(me); });
    return;
  }
  asleep_ = true;
  // Looked at once more after `asleep_` is set: a commit that began just before did not tell.
  wake_.wait(lock, [&] { return turn_.load() != runs(other) || loop_.stopped(); });
  asleep_ = false;
}

void Turns::wake_other() {
  const std::lock_guard lock(mutex_);
  wake_.notify_one();
}

} // namespace machiai::daemon
