// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/writer.hpp"

#include <boost/asio/post.hpp>
#include <pthread.h>

namespace machiai::daemon {

namespace {

constexpr std::size_t most_jobs = 64;

} // namespace

Writer::Writer(boost::asio::io_context& loop, store::Ledger ledger, store::Home home, Committed committed)
    : loop_(loop), ledger_(std::move(ledger)), home_(std::move(home)), committed_(std::move(committed)),
      thread_([this] { run(); }) {
  pthread_setname_np(thread_.native_handle(), "ledger");
}

Writer::~Writer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Writer::commit(const store::Batch& batch) {
  {
    const std::lock_guard lock(mutex_);
    batch_ = &batch;
  }
  wake_.notify_one();
}

void Writer::run() {
  while (const store::Batch* batch = next()) {
    bool squeezed = false;
    auto status = write(*batch, squeezed);
    boost::asio::post(loop_, [this, status = std::move(status), squeezed] { committed_(status, squeezed); });
  }
}

const store::Batch* Writer::next() {
  const auto sleep_at = std::chrono::steady_clock::now() + awake_after_work;
  while (std::chrono::steady_clock::now() < sleep_at)
    if (const store::Batch* batch = batch_.exchange(nullptr)) return batch;
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return batch_ != nullptr || stopping_; });
  return batch_.exchange(nullptr);
}

base::Status Writer::write(const store::Batch& batch, bool& squeezed) {
  auto status = ledger_.append(batch);
  if (status || status.error().reason != "disk_full" || !store::drop_ballast(home_)) return status;
  squeezed = true;
  return ledger_.append(batch);
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
