// SPDX-License-Identifier: Apache-2.0
// Messages into the printer's thread. The only place of this room with a mutex.
#pragma once

#include "printer/worker.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <variant>

namespace machiai::printer {

struct Withdraw {
  std::uint64_t print = 0;
};
/// The answer to record() number `serial`.
struct Recorded {
  std::uint64_t serial = 0;
  bool durable = false;
};
struct Stop {};
using Message = std::variant<PrintTask, Withdraw, Recorded, Stop>;

class Mailbox {
public:
  void post(Message message) {
    {
      const std::lock_guard lock(mutex_);
      if (std::holds_alternative<Stop>(message)) stopped_ = true;
      messages_.push_back(std::move(message));
    }
    ready_.notify_one();
  }

  /// The oldest message; none when `until` has passed.
  [[nodiscard]] std::optional<Message> take(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    if (!ready_.wait_until(lock, until, [this] { return !messages_.empty(); })) return {};
    Message message = std::move(messages_.front());
    messages_.pop_front();
    return message;
  }

  /// True from the moment Stop was posted, also while older messages are still in the box.
  [[nodiscard]] bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stopped_;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Message> messages_;
  bool stopped_ = false;
};

} // namespace machiai::printer
