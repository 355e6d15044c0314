// SPDX-License-Identifier: Apache-2.0
#include "core/store/direct_wal.hpp"

#include <fcntl.h>
#include <liburing.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <thread>
#include <utility>

namespace machiai::store {

namespace {

using Offset = sqlite3_int64;

constexpr Offset block = 4096; ///< what O_DIRECT asks for, whatever the disk's sector
constexpr Offset kept = direct_wal_bytes;
static_assert(kept % block == 0);
/// A disk that takes longer is waited for asleep, in steps of `nap`.
constexpr std::chrono::microseconds look_out{500};
constexpr std::chrono::microseconds nap{100};

constexpr Offset down(Offset at) {
  return at / block * block;
}
constexpr Offset up(Offset at) {
  return down(at + block - 1);
}

/// One submission at a time, and its completion.
class Ring {
public:
  Ring() = default;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring() { close(); }

  /// 0 or an errno.
  int open() {
    if (open_) return 0;
    // Without an interrupt of its own for the end of each request: the thread looks by itself. Linux 5.19.
    int error = -::io_uring_queue_init(1, &ring_, IORING_SETUP_COOP_TASKRUN);
    if (error == EINVAL) error = -::io_uring_queue_init(1, &ring_, 0);
    open_ = error == 0;
    return error;
  }
  /// Bytes written, or a negative errno. Returns only when the kernel is done with `bytes`.
  int write(int fd, const char* bytes, Offset size, Offset at, int flags) {
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

private:
  void close() {
    if (open_) ::io_uring_queue_exit(&ring_);
    open_ = false;
  }
  int wait() {
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

  io_uring ring_{};
  bool open_ = false;
};

/// The first `kept` bytes of a log: what the file is to hold, and which part of that it does not hold yet.
class Image {
public:
  /// Null where this way to the disk does not exist.
  static std::unique_ptr<Image> open(const char* path, Flush flush) {
    std::unique_ptr<Image> image(new Image(flush));
    image->fd_ = ::open(path, O_RDWR | O_DIRECT | O_CLOEXEC);
    if (image->fd_ < 0 || image->ring_.open() != 0) return nullptr;
    void* const room = ::mmap(nullptr, kept, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return nullptr;
    image->bytes_ = static_cast<char*>(room);
    return image->load() ? std::move(image) : nullptr;
  }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image() {
    if (bytes_ != nullptr) ::munmap(bytes_, kept);
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] Offset size() const { return size_; }
  [[nodiscard]] bool synced() const { return from_ == to_; }
  void read(char* into, Offset size, Offset at) const {
    std::memcpy(into, bytes_ + at, static_cast<std::size_t>(size));
  }
  void write(const char* data, Offset size, Offset at) {
    std::memcpy(bytes_ + at, data, static_cast<std::size_t>(size));
    size_ = std::max(size_, at + size);
    from_ = synced() ? at : std::min(from_, at);
    to_ = std::max(to_, at + size);
  }
  void truncate(Offset size) {
    if (size >= size_) return;
    std::memset(bytes_ + size, 0, static_cast<std::size_t>(size_ - size));
    size_ = size;
    to_ = std::min(to_, size);
    from_ = std::min(from_, to_);
  }
  /// 0 when all that was written is on the disk, or an errno: then it may be there or not, and what SQLite
  /// writes next in its place goes there. After no_such_way() it is all still to be written.
  int sync() {
    if (plain_) return EOPNOTSUPP;
    const Offset at = down(from_), size = up(to_) - at;
    const int written = ring_.write(fd_, bytes_ + at, size, at, flush_ == Flush::yes ? RWF_DSYNC : 0);
    const int error = written == size ? 0 : written < 0 ? -written : ENOSPC;
    plain_ = no_such_way(error) && error != EAGAIN;
    if (!no_such_way(error)) from_ = to_ = 0;
    return error;
  }
  /// The kernel does not take such requests, or not now; of the disk it says nothing.
  static bool no_such_way(int error) {
    constexpr std::array errors{EAGAIN, EINVAL, ENOSYS, EOPNOTSUPP, EPERM};
    return std::find(errors.begin(), errors.end(), error) != errors.end();
  }
  /// What waits for a sync, handed to somebody else who writes it.
  template <class Write> int give_to(const Write& write) {
    const Offset from = std::exchange(from_, 0), to = std::exchange(to_, 0);
    return write(bytes_ + from, static_cast<int>(to - from), from);
  }

private:
  explicit Image(Flush flush) : flush_(flush) {}
  /// A log that a process before this one left behind. False when not all of it can be read.
  bool load() {
    struct stat file {};
    if (::fstat(fd_, &file) != 0) return false;
    const Offset all = std::min<Offset>(file.st_size, kept);
    while (size_ < all) {
      const ssize_t got = ::pread(fd_, bytes_ + size_, static_cast<std::size_t>(kept - size_), size_);
      if (got <= 0) return false;
      size_ += got;
    }
    return true;
  }

  Flush flush_;
  bool plain_ = false; ///< the system's way from here on
  int fd_ = -1;
  Ring ring_;
  char* bytes_ = nullptr;
  Offset size_ = 0;          ///< of the file's first `kept` bytes, those that are used
  Offset from_ = 0, to_ = 0; ///< written since the last sync; equal: nothing
};

/// What SQLite holds as a log's file; the system's own file lies behind it.
struct Log {
  sqlite3_file base;
  Image* image;
  bool system_owes_sync; ///< also for a new file, whose first sync makes its name durable
  sqlite3_file* system() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

Log& log_of(sqlite3_file* file) {
  return *reinterpret_cast<Log*>(file);
}
/// Calls one of the system's own functions on the system's own file.
template <auto method, class... Args> int system_way(sqlite3_file* file, Args... args) {
  sqlite3_file* system = log_of(file).system();
  return (system->pMethods->*method)(system, args...);
}

int close_log(sqlite3_file* file) {
  delete log_of(file).image;
  return system_way<&sqlite3_io_methods::xClose>(file);
}

int read_log(sqlite3_file* file, void* into, int size, Offset at) {
  char* bytes = static_cast<char*>(into);
  const Image& image = *log_of(file).image;
  const Offset ours = std::clamp<Offset>(image.size() - at, 0, size);
  if (ours > 0) image.read(bytes, ours, at);
  if (ours == size) return SQLITE_OK;
  if (image.size() == kept)
    return system_way<&sqlite3_io_methods::xRead>(file, bytes + ours, static_cast<int>(size - ours),
                                                  at + ours);
  std::memset(bytes + ours, 0, static_cast<std::size_t>(size - ours)); // as sqlite3_io_methods asks
  return SQLITE_IOERR_SHORT_READ;
}

int write_log(sqlite3_file* file, const void* data, int size, Offset at) {
  const char* bytes = static_cast<const char*>(data);
  const Offset ours = std::clamp<Offset>(kept - at, 0, size);
  if (ours > 0) log_of(file).image->write(bytes, ours, at);
  if (ours == size) return SQLITE_OK;
  log_of(file).system_owes_sync = true;
  return system_way<&sqlite3_io_methods::xWrite>(file, bytes + ours, static_cast<int>(size - ours),
                                                 at + ours);
}

int truncate_log(sqlite3_file* file, Offset size) {
  log_of(file).image->truncate(size);
  return system_way<&sqlite3_io_methods::xTruncate>(file, size);
}

int sync_log(sqlite3_file* file, int flags) {
  Log& log = log_of(file);
  const int error = log.image->synced() ? 0 : log.image->sync();
  if (Image::no_such_way(error)) {
    log.system_owes_sync = true;
    const int written = log.image->give_to([file](const char* bytes, int size, Offset at) {
      return system_way<&sqlite3_io_methods::xWrite>(file, bytes, size, at);
    });
    if (written != SQLITE_OK) return written;
  } else if (error != 0) {
    errno = error; // where sqlite3_system_errno() finds it
    return error == ENOSPC ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
  }
  if (!log.system_owes_sync) return SQLITE_OK;
  const int synced = system_way<&sqlite3_io_methods::xSync>(file, flags);
  log.system_owes_sync = synced != SQLITE_OK;
  return synced;
}

int size_of_log(sqlite3_file* file, Offset* size) {
  *size = log_of(file).image->size();
  return *size < kept ? SQLITE_OK : system_way<&sqlite3_io_methods::xFileSize>(file, size);
}

constexpr sqlite3_io_methods log_methods{
    .iVersion = 1,
    .xClose = close_log,
    .xRead = read_log,
    .xWrite = write_log,
    .xTruncate = truncate_log,
    .xSync = sync_log,
    .xFileSize = size_of_log,
    .xLock = system_way<&sqlite3_io_methods::xLock>,
    .xUnlock = system_way<&sqlite3_io_methods::xUnlock>,
    .xCheckReservedLock = system_way<&sqlite3_io_methods::xCheckReservedLock>,
    .xFileControl = system_way<&sqlite3_io_methods::xFileControl>,
    .xSectorSize = system_way<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = system_way<&sqlite3_io_methods::xDeviceCharacteristics>,
    // Of the main file alone: shared memory and mapping.
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr};

/// What lies behind the system's own file of a database: its functions, but that the right to write is kept.
struct Writer {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* system;
  bool writes;
};
Writer& writer_of(sqlite3_file* file) {
  return *reinterpret_cast<Writer*>(reinterpret_cast<char*>(file) + sqlite3_vfs_find(nullptr)->szOsFile);
}

constexpr int write_lock = 0; // https://sqlite.org/walformat.html, "WAL locks"

/// The right to write is taken with the first commit and given back by closing: nobody else may add to a log
/// of which a copy is kept here.
int lock_shared_memory(sqlite3_file* file, int offset, int n, int flags) {
  Writer& writer = writer_of(file);
  const bool to_write = offset == write_lock && n == 1;
  if (to_write && writer.writes) return SQLITE_OK; // have it; or give it back, which is not done
  const int result = writer.system->xShmLock(file, offset, n, flags);
  if (to_write) writer.writes = result == SQLITE_OK;
  return result;
}

int unmap_shared_memory(sqlite3_file* file, int and_delete) {
  Writer& writer = writer_of(file);
  if (std::exchange(writer.writes, false))
    writer.system->xShmLock(file, write_lock, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
  return writer.system->xShmUnmap(file, and_delete);
}

int open_database(sqlite3_vfs* system, const char* path, sqlite3_file* file, int flags, int* opened_as) {
  const int result = system->xOpen(system, path, file, flags, opened_as);
  const bool shared =
      result == SQLITE_OK && file->pMethods->iVersion >= 2 && file->pMethods->xShmLock != nullptr;
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0 || !shared) return result;
  Writer& writer = writer_of(file);
  writer = {*file->pMethods, file->pMethods, false};
  writer.methods.xShmLock = lock_shared_memory;
  writer.methods.xShmUnmap = unmap_shared_memory;
  file->pMethods = &writer.methods;
  return result;
}

template <Flush flush>
int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* opened_as) {
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  if ((flags & SQLITE_OPEN_WAL) == 0) return open_database(system, path, file, flags, opened_as);
  const auto way = [&](sqlite3_file* into) { return system->xOpen(system, path, into, flags, opened_as); };
  Log& log = log_of(file);
  log.base.pMethods = nullptr; // nothing to close yet
  if (const int result = way(log.system()); result != SQLITE_OK) return result;
  auto image = Image::open(path, flush);
  if (!image) {
    log.system()->pMethods->xClose(log.system());
    return way(file);
  }
  log.image = image.release();
  log.system_owes_sync = true;
  log.base.pMethods = &log_methods;
  return SQLITE_OK;
}

template <Flush flush> const char* registered(const char* name) {
  static sqlite3_vfs vfs = [name] {
    sqlite3_vfs own = *sqlite3_vfs_find(nullptr);
    own.zName = name;
    own.szOsFile += static_cast<int>(std::max(sizeof(Log), sizeof(Writer)));
    own.xOpen = open_file<flush>;
    own.pNext = nullptr;
    return own;
  }();
  static const int result = sqlite3_vfs_register(&vfs, 0);
  return result == SQLITE_OK ? vfs.zName : nullptr;
}

} // namespace

const char* direct_wal(Flush flush) {
  return flush == Flush::yes ? registered<Flush::yes>("machiai") : registered<Flush::no>("machiai-unflushed");
}

} // namespace machiai::store
