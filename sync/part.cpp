// SPDX-License-Identifier: Apache-2.0
#include "sync/part.hpp"

#include "sync/fetch.hpp"
#include "sync/guards.hpp"

#include <fcntl.h>

namespace machiai::sync {

namespace fs = std::filesystem;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t step = 256 * 1024;

} // namespace

Result<Part> Part::open(const fs::path& path, std::uint64_t whole, Fetching& fetching) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  auto file = vault::File::open(path, O_RDWR | O_CREAT);
  MACHIAI_TRY(file);
  if (!file->lock()) return fail(Error::Code::conflict, "media_busy");
  const auto size = file->size();
  MACHIAI_TRY(size);
  Part part(std::move(*file), fetching);
  if (*size > whole) {
    MACHIAI_TRY(part.restart());
    return part;
  }
  part.have_ = *size;
  MACHIAI_TRY(part.read_again());
  return part;
}

/// What an earlier try left counts in the hash as well.
Status Part::read_again() {
  std::vector<unsigned char> room(step);
  for (std::uint64_t at = 0; at < have_;) {
    if (fetching_->interrupt.is_set()) return fail(Error::Code::conflict, "fetch_stopped");
    const auto got = file_.read_at(at, room);
    MACHIAI_TRY(got);
    if (*got == 0) return fail(Error::Code::storage, "media_disk");
    sha_.add(vault::Bytes(room).first(*got));
    at += *got;
  }
  fetching_->arrived = have_;
  return {};
}

Status Part::restart() {
  MACHIAI_TRY(file_.cut(0));
  sha_ = {};
  have_ = 0;
  fetching_->arrived = 0;
  return {};
}

Status Part::append(vault::Bytes bytes) {
  MACHIAI_TRY(file_.write_at(have_, bytes));
  sha_.add(bytes);
  have_ += bytes.size();
  fetching_->arrived = have_;
  file_.hurry(have_);
  return {};
}

Status Part::finish(std::string_view sha256) {
  const vault::Digest digest = sha_.finish();
  if (base::stops(FetchGuard::hash, vault::hex(digest) != sha256))
    return fail(Error::Code::invalid, "hash_differs", std::string(sha256.substr(0, 12)));
  return file_.sync();
}

Behind::Behind(Part& part, std::size_t piece_size) : part_(part) {
  for (Piece& each : pieces_) each.bytes.resize(piece_size);
  thread_ = std::thread([this] { run(); });
}

Behind::~Behind() {
  (void)settle();
}

std::span<unsigned char> Behind::room() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return filled_ - written_ < pieces_.size(); });
  return pieces_[filled_ % pieces_.size()].bytes;
}

Status Behind::hand_over(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  pieces_[filled_ % pieces_.size()].used = bytes;
  ++filled_;
  wake_.notify_all();
  return failed_;
}

Status Behind::settle() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  return failed_;
}

void Behind::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return written_ < filled_ || over_; });
    if (written_ == filled_) return;
    const Piece& next = pieces_[written_ % pieces_.size()];
    lock.unlock();
    // After a failure the rest would leave a hole.
    Status done = failed_ ? part_.append(vault::Bytes(next.bytes).first(next.used)) : Status{};
    lock.lock();
    if (!done) failed_ = std::move(done);
    ++written_;
    wake_.notify_all();
  }
}

} // namespace machiai::sync
