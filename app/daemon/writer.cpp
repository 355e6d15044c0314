// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/writer.hpp"

#include <pthread.h>

#include <utility>

namespace machiai::daemon {

namespace {

constexpr std::size_t most_jobs = 64;

} // namespace

Writer::Outcome Writer::write(const store::Batch& batch) {
  Outcome outcome{ledger_.append(batch)};
  if (!outcome.status && outcome.status.error().reason == "disk_full" && store::drop_ballast(home_))
    outcome = {ledger_.append(batch), true};
  return outcome;
}

Reader::Reader() : thread_([this] { run(); }) {
  pthread_setname_np(thread_.native_handle(), "reader");
}

Reader::~Reader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool Reader::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (jobs_.size() >= most_jobs) return false;
    jobs_.push_back(std::move(job));
  }
  wake_.notify_one();
  return true;
}

void Reader::run() {
  for (;;) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return !jobs_.empty() || stopping_; });
      if (stopping_) return;
      jobs.swap(jobs_);
    }
    for (const Job& job : jobs) job();
  }
}

} // namespace machiai::daemon
