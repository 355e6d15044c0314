// SPDX-License-Identifier: Apache-2.0
#include "core/store/direct_wal.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace machiai::store {

namespace {

using Offset = sqlite3_int64;
constexpr Offset kept = log_image_bytes;
constexpr int write_lock = 0; // https://sqlite.org/walformat.html, "WAL locks"

sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find(nullptr);
  return vfs;
}

/// What lies behind the system's own file of a database: its functions, but that the right to write is kept.
struct Writer {
  sqlite3_io_methods methods;
  const sqlite3_io_methods* system;
  bool writes;
};
Writer& writer_of(sqlite3_file* file) {
  return *reinterpret_cast<Writer*>(reinterpret_cast<char*>(file) + system_vfs()->szOsFile);
}

/// The right to write is given back by closing alone: nobody else may add to a log of which an image is kept
/// here.
int lock_shared_memory(sqlite3_file* file, int offset, int n, int flags) {
  Writer& writer = writer_of(file);
  const bool to_write = offset == write_lock && n == 1 && (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  if (to_write && writer.writes) return SQLITE_OK; // have it; or give it back, which is not done
  const int result = writer.system->xShmLock(file, offset, n, flags);
  if (to_write && (flags & SQLITE_SHM_LOCK) != 0) writer.writes = result == SQLITE_OK;
  return result;
}

int unmap_shared_memory(sqlite3_file* file, int and_delete) {
  Writer& writer = writer_of(file);
  if (std::exchange(writer.writes, false))
    writer.system->xShmLock(file, write_lock, 1, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
  return writer.system->xShmUnmap(file, and_delete);
}

int open_database(const char* path, sqlite3_file* file, int flags, int* opened_as) {
  const int result = system_vfs()->xOpen(system_vfs(), path, file, flags, opened_as);
  if (result != SQLITE_OK || (flags & SQLITE_OPEN_MAIN_DB) == 0) return result;
  Writer& writer = writer_of(file);
  writer = {*file->pMethods, file->pMethods, false};
  if (writer.methods.iVersion < 2 || writer.methods.xShmLock == nullptr) return result; // it can have no log
  writer.methods.xShmLock = lock_shared_memory;
  writer.methods.xShmUnmap = unmap_shared_memory;
  file->pMethods = &writer.methods;
  return result;
}

/// What SQLite holds as a log's file; the system's own file lies behind it.
struct Log {
  sqlite3_file base;
  LogImage* image;
  const Writer* writer;
  bool system_owes_sync; ///< also for a new file, whose first sync makes its name durable
  sqlite3_file* system() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
Log& log_of(sqlite3_file* file) {
  return *reinterpret_cast<Log*>(file);
}
/// The image, once the log is ours alone; null: what others may have written is read from the file.
LogImage* image_of(sqlite3_file* file) {
  const Log& log = log_of(file);
  return log.writer->writes && log.image->load() ? log.image : nullptr;
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
  const LogImage* image = image_of(file);
  if (image == nullptr) return system_way<&sqlite3_io_methods::xRead>(file, into, size, at);
  char* bytes = static_cast<char*>(into);
  const Offset ours = std::clamp<Offset>(image->size() - at, 0, size);
  if (ours > 0) image->read(bytes, ours, at);
  if (ours == size) return SQLITE_OK;
  if (image->size() == kept)
    return system_way<&sqlite3_io_methods::xRead>(file, bytes + ours, static_cast<int>(size - ours),
                                                  at + ours);
  std::memset(bytes + ours, 0, static_cast<std::size_t>(size - ours)); // as sqlite3_io_methods asks
  return SQLITE_IOERR_SHORT_READ;
}

int write_log(sqlite3_file* file, const void* data, int size, Offset at) {
  LogImage* image = image_of(file);
  const char* bytes = static_cast<const char*>(data);
  const Offset ours = image != nullptr ? std::clamp<Offset>(kept - at, 0, size) : 0;
  if (ours > 0) image->write(bytes, ours, at);
  if (ours == size) return SQLITE_OK;
  log_of(file).system_owes_sync = true;
  return system_way<&sqlite3_io_methods::xWrite>(file, bytes + ours, static_cast<int>(size - ours),
                                                 at + ours);
}

int truncate_log(sqlite3_file* file, Offset size) {
  if (LogImage* image = image_of(file)) image->truncate(size);
  return system_way<&sqlite3_io_methods::xTruncate>(file, size);
}

int sync_image(sqlite3_file* file, LogImage& image) {
  // A checkpoint relies on the log: nothing new is no success after a failure.
  const int error = !image.synced() ? image.sync() : image.failed() ? EIO : 0;
  Log& log = log_of(file);
  log.system_owes_sync = image.take_growth() || log.system_owes_sync;
  if (error == 0) return SQLITE_OK;
  if (!LogImage::no_such_way(error)) return LogImage::no_room(error) ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
  log.system_owes_sync = true;
  return image.give_to([file](const char* bytes, int size, Offset at) {
    return system_way<&sqlite3_io_methods::xWrite>(file, bytes, size, at);
  });
}

int sync_log(sqlite3_file* file, int flags) {
  Log& log = log_of(file);
  LogImage* image = image_of(file);
  if (image == nullptr) return system_way<&sqlite3_io_methods::xSync>(file, flags);
  if (const int result = sync_image(file, *image); result != SQLITE_OK) return result;
  if (!log.system_owes_sync) return SQLITE_OK;
  const int synced = system_way<&sqlite3_io_methods::xSync>(file, flags);
  log.system_owes_sync = synced != SQLITE_OK;
  if (synced == SQLITE_OK) image->settled();
  return synced;
}

int size_of_log(sqlite3_file* file, Offset* size) {
  const LogImage* image = image_of(file);
  if (image == nullptr || image->size() == kept)
    return system_way<&sqlite3_io_methods::xFileSize>(file, size);
  *size = image->size();
  return SQLITE_OK;
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

template <Flush flush>
int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* opened_as) {
  if ((flags & SQLITE_OPEN_WAL) == 0) return open_database(path, file, flags, opened_as);
  const auto way = [&](sqlite3_file* into) {
    return system_vfs()->xOpen(system_vfs(), path, into, flags, opened_as);
  };
  Log& log = log_of(file);
  log.base.pMethods = nullptr; // nothing to close yet
  if (const int result = way(log.system()); result != SQLITE_OK) return result;
  auto image = LogImage::open(path, flush);
  if (!image) {
    log.system()->pMethods->xClose(log.system());
    return way(file);
  }
  log.image = image.release();
  log.writer = &writer_of(sqlite3_database_file_object(path));
  log.system_owes_sync = true;
  log.base.pMethods = &log_methods;
  return SQLITE_OK;
}

template <Flush flush> const char* registered(const char* name) {
  static sqlite3_vfs vfs = [name] {
    sqlite3_vfs own = *system_vfs();
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
