// SPDX-License-Identifier: Apache-2.0
#include "sync/part.hpp"

#include "sync/fetch.hpp"
#include "sync/guards.hpp"

#include <fcntl.h>

#include <algorithm>

namespace machiai::sync {

namespace fs = std::filesystem;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t piece = 256 * 1024;
/// So much at most waits for the disk: a commit of the ledger must not wait behind a film.
constexpr std::uint64_t on_its_way = 8 << 20;

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
  std::vector<unsigned char> room(piece);
  for (std::uint64_t at = 0; at < have_;) {
    if (fetching_->interrupt.is_set()) return fail(Error::Code::conflict, "fetch_stopped");
    const auto got = file_.read_at(at, room);
    MACHIAI_TRY(got);
    if (*got == 0) return fail(Error::Code::storage, "media_disk");
    sha_.add(vault::Bytes(room).first(*got));
    at += *got;
  }
  sent_to_disk_ = have_;
  fetching_->arrived = have_;
  return {};
}

Status Part::restart() {
  MACHIAI_TRY(file_.cut(0));
  sha_ = {};
  have_ = sent_to_disk_ = 0;
  fetching_->arrived = 0;
  return {};
}

Status Part::append(vault::Bytes bytes) {
  MACHIAI_TRY(file_.write_at(have_, bytes));
  sha_.add(bytes);
  have_ += bytes.size();
  fetching_->arrived = have_;
  hurry();
  return {};
}

/// Sends on to the disk what has gathered, after what was sent before has arrived there.
void Part::hurry() {
  if (have_ - sent_to_disk_ < on_its_way) return;
  const auto from = static_cast<off64_t>(sent_to_disk_);
  const auto before = static_cast<off64_t>(std::min(sent_to_disk_, on_its_way));
  (void)::sync_file_range(file_.fd(), from - before, before,
                          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
  (void)::sync_file_range(file_.fd(), from, static_cast<off64_t>(have_ - sent_to_disk_),
                          SYNC_FILE_RANGE_WRITE);
  sent_to_disk_ = have_;
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
