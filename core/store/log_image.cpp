// SPDX-License-Identifier: Apache-2.0
#include "core/store/log_image.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

namespace machiai::store {

namespace {

constexpr std::int64_t block = log_block_bytes;
static_assert(log_image_bytes % block == 0);
/// A disk that takes longer is waited for asleep, in steps of `nap`.
constexpr std::chrono::microseconds look_out{500};
constexpr std::chrono::microseconds nap{100};

constexpr std::int64_t down(std::int64_t at) {
  return at / block * block;
}
constexpr std::int64_t up(std::int64_t at) {
  return down(at + block - 1);
}

template <std::size_t n> bool is_one_of(const std::array<int, n>& errors, int error) {
  return std::find(errors.begin(), errors.end(), error) != errors.end();
}
constexpr std::array never_taken{EINVAL, ENOSYS, EOPNOTSUPP, EPERM};
constexpr std::array not_taken_now{EAGAIN, EBUSY, EINTR, EMFILE, ENFILE, ENOMEM};

} // namespace

int Ring::open() {
  if (open_) return 0;
  // Without an interrupt of its own for the end of each request: the thread looks by itself. Linux 5.19.
  int error = -::io_uring_queue_init(1, &ring_, IORING_SETUP_COOP_TASKRUN);
  if (error == EINVAL) error = -::io_uring_queue_init(1, &ring_, 0);
  open_ = error == 0;
  return error;
}

std::int64_t Ring::write(int fd, const char* bytes, std::int64_t size, std::int64_t at, int flags) {
  if (const int error = open()) return -error;
  io_uring_sqe* request = ::io_uring_get_sqe(&ring_);
  ::io_uring_prep_write(request, fd, bytes, static_cast<unsigned>(size), static_cast<std::uint64_t>(at));
  request->rw_flags = flags;
  if (const int sent = ::io_uring_submit(&ring_); sent != 1) {
    close(); // what was not taken must not be sent with the next one
    return sent < 0 ? sent : -EIO;
  }
  return wait();
}

void Ring::close() {
  if (open_) ::io_uring_queue_exit(&ring_);
  open_ = false;
}

int Ring::wait() {
  io_uring_cqe* end = nullptr;
  const auto began = std::chrono::steady_clock::now();
  while (::io_uring_peek_cqe(&ring_, &end) != 0) {
    if (std::chrono::steady_clock::now() - began < look_out)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(nap);
  }
  const int result = end->res;
  ::io_uring_cqe_seen(&ring_, end);
  return result;
}

std::unique_ptr<LogImage> LogImage::open(const char* path, Flush flush) {
  std::unique_ptr<LogImage> image(new (std::nothrow)
                                      LogImage(flush)); // SQLite's frames let no exception through
  if (!image) return nullptr;
  image->fd_ = ::open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
  if (image->fd_ < 0 || image->ring_.open() != 0) return nullptr;
  void* const room =
      ::mmap(nullptr, log_image_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return nullptr;
  image->bytes_ = static_cast<char*>(room);
  return image;
}

LogImage::~LogImage() {
  if (bytes_ != nullptr) ::munmap(bytes_, log_image_bytes);
  if (fd_ >= 0) ::close(fd_);
}

bool LogImage::load() {
  if (state_ == State::unread) state_ = read_file() ? State::kept : State::none;
  return state_ == State::kept;
}

bool LogImage::read_file() {
  // A process that was killed may have a request on its way to the disk still. This changes no byte, and
  // waits for it before it looks for room.
  while (::fallocate(fd_, FALLOC_FL_KEEP_SIZE, 0, block) != 0)
    if (errno != EINTR) {
      if (!no_room(errno)) return false;
      break;
    }
  file_size_ = size_of_file();
  if (file_size_ < 0) return false;
  const std::int64_t all = std::min<std::int64_t>(file_size_, log_image_bytes);
  while (size_ < all) {
    const ssize_t got =
        ::pread(fd_, bytes_ + size_, static_cast<std::size_t>(log_image_bytes - size_), size_);
    if (got <= 0) return false;
    size_ += got;
  }
  return true;
}

void LogImage::read(char* into, std::int64_t size, std::int64_t at) const {
  std::memcpy(into, bytes_ + at, static_cast<std::size_t>(size));
}

void LogImage::write(const char* data, std::int64_t size, std::int64_t at) {
  std::memcpy(bytes_ + at, data, static_cast<std::size_t>(size));
  size_ = std::max(size_, at + size);
  from_ = synced() ? at : std::min(from_, at);
  to_ = std::max(to_, at + size);
}

void LogImage::truncate(std::int64_t size) {
  file_size_ = std::min(file_size_, size);
  if (size >= size_) return;
  std::memset(bytes_ + size, 0, static_cast<std::size_t>(size_ - size));
  size_ = size;
  to_ = std::min(to_, size);
  from_ = std::min(from_, to_);
}

int LogImage::sync() {
  if (plain_) return EOPNOTSUPP;
  int error = file_size_ < log_image_bytes && !cramped_ ? grow() : put(down(from_), up(to_));
  if (no_room(error) && !std::exchange(cramped_, true)) error = put(down(from_), up(to_));
  plain_ = is_one_of(never_taken, error);
  if (!no_such_way(error)) forget(error != 0);
  return error;
}

bool LogImage::no_such_way(int error) {
  return is_one_of(never_taken, error) || is_one_of(not_taken_now, error);
}

bool LogImage::no_room(int error) {
  return error == ENOSPC || error == EDQUOT;
}

bool LogImage::take_growth() {
  return std::exchange(grew_, false);
}

/// Of others' writes, the system's way, file_size_ does not hear.
std::int64_t LogImage::size_of_file() const {
  struct stat file {};
  return ::fstat(fd_, &file) == 0 ? file.st_size : -1;
}

/// Writes what waits and zeros up to the whole length; where there is too little room, what it took is given
/// back.
int LogImage::grow() {
  const std::int64_t before = size_of_file();
  if (before < 0) return EIO;
  file_size_ = before;
  if (before >= log_image_bytes) return put(down(from_), up(to_));
  const int error = put(down(from_), log_image_bytes);
  if (no_room(error) && ::ftruncate(fd_, before) == 0) file_size_ = before;
  return error;
}

int LogImage::put(std::int64_t from, std::int64_t to) {
  while (from < to) {
    const std::int64_t written =
        ring_.write(fd_, bytes_ + from, to - from, from, flush_ == Flush::yes ? RWF_DSYNC : 0);
    if (written < 0) return static_cast<int>(-written);
    if (written == 0 || written % block != 0) return EIO;
    from += written;
    grew_ = grew_ || from > file_size_;
    file_size_ = std::max(file_size_, from);
  }
  return 0;
}

} // namespace machiai::store
