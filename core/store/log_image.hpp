// SPDX-License-Identifier: Apache-2.0
// The first part of a write-ahead log in memory, and its way to the disk: each sync is one request to the
// kernel by io_uring, past the page cache and flushed (O_DIRECT, RWF_DSYNC), whose end the thread looks out
// for instead of sleeping. On a fast disk the two sleeps of an fdatasync() take as long as the disk.
#pragma once

#include <liburing.h>

#include <cstdint>
#include <memory>

namespace machiai::store {

/// Whether a sync is flushed. `no` exists for the negative control of the power-cut tests alone.
enum class Flush { yes, no };

/// In bytes. A log has this length on the disk as soon as it is written to, zeros behind what is used, so
/// that no sync has to make it longer: where it must, before Linux 6.7 (6.1.64) ext4 did not make the new
/// length durable.
inline constexpr std::int64_t log_image_bytes = std::int64_t{3} << 19;

/// What O_DIRECT asks for, in bytes, whatever the disk's sector.
inline constexpr std::int64_t log_block_bytes = 4096;

/// One request at a time. Offsets and sizes in bytes, multiples of log_block_bytes.
class Ring {
public:
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() { close(); }

  /// 0 or an errno.
  [[nodiscard]] int open();
  /// Bytes written, or a negative errno. Returns only when the kernel is done with `bytes`.
  [[nodiscard]] std::int64_t write(int fd, const char* bytes, std::int64_t size, std::int64_t at, int flags);

private:
  void close();
  int wait();

  io_uring ring_{};
  bool open_ = false;
};

/// All errors are errno's, 0 is none.
class LogImage {
public:
  /// Null where the kernel has no io_uring or the file system no O_DIRECT.
  [[nodiscard]] static std::unique_ptr<LogImage> open(const char* path, Flush flush);
  LogImage(const LogImage&) = delete;
  LogImage& operator=(const LogImage&) = delete;
  ~LogImage();

  /// Reads what the file holds, the first time; nobody else may write to it from then on. False: of this log
  /// no image can be had.
  [[nodiscard]] bool load();

  /// Of what is used, up to log_image_bytes.
  [[nodiscard]] std::int64_t size() const { return size_; }
  void read(char* into, std::int64_t size, std::int64_t at) const;
  void write(const char* data, std::int64_t size, std::int64_t at);
  void truncate(std::int64_t size);

  [[nodiscard]] bool synced() const { return from_ == to_; }
  /// The last sync failed: what the file holds in its place is not known until one has succeeded.
  [[nodiscard]] bool failed() const { return failed_; }
  /// After an error what was written since the last sync may be on the disk, in part or not at all, and is
  /// given up; but after one that is no_such_way() it all still waits.
  [[nodiscard]] int sync();
  /// The kernel does not take such requests, or not now: of the disk that says nothing.
  [[nodiscard]] static bool no_such_way(int error);
  /// The disk, or what its owner may have of it, is full.
  [[nodiscard]] static bool no_room(int error);
  /// The file got longer since this was asked last: that must be made durable the system's way.
  [[nodiscard]] bool take_growth();
  /// What waits for a sync, handed to somebody who writes it: write(bytes, size, at). Until settled() it
  /// counts as failed.
  template <class Write> auto give_to(const Write& write) {
    // From the block's beginning: what was there before may be torn.
    const std::int64_t from = from_ / log_block_bytes * log_block_bytes, to = to_;
    forget(true);
    return write(bytes_ + from, static_cast<int>(to - from), from);
  }
  /// What was given away is on the disk.
  void settled() { failed_ = false; }

private:
  explicit LogImage(Flush flush) : flush_(flush) {}
  [[nodiscard]] bool read_file();
  [[nodiscard]] std::int64_t size_of_file() const;
  [[nodiscard]] int put(std::int64_t from, std::int64_t to);
  [[nodiscard]] int grow();
  void forget(bool failed) {
    from_ = to_ = 0;
    failed_ = failed;
  }

  Flush flush_;
  int fd_ = -1;
  Ring ring_;
  char* bytes_ = nullptr;
  enum class State { unread, kept, none } state_ = State::unread;
  std::int64_t size_ = 0;
  std::int64_t from_ = 0, to_ = 0; ///< written since the last sync; equal: nothing
  std::int64_t file_size_ = 0;
  bool grew_ = false;
  bool cramped_ = false; ///< the disk had no room for the whole length
  bool plain_ = false;   ///< this kernel does not take such requests
  bool failed_ = false;
};

} // namespace machiai::store
