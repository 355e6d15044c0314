// SPDX-License-Identifier: Apache-2.0
// How a commit gets to the disk. SQLite writes its log (WAL) into memory; a sync hands what is new to the
// kernel as one request - past the page cache, flushed (O_DIRECT, RWF_DSYNC), by io_uring - and the thread
// looks out for its end instead of sleeping: on a fast disk the two sleeps of an fdatasync() take as long as
// the disk.
#pragma once

namespace machiai::store {

/// Whether a sync is flushed. `no` exists for the negative control of the power-cut tests alone.
enum class Flush { yes, no };

/// The log is kept in memory up to this many bytes; what SQLite writes beyond goes the system's way.
inline constexpr long direct_wal_bytes = 3L << 19;

/// Name of the SQLite file system (https://sqlite.org/vfs.html) that writes its logs so and all else as the
/// system's own does. Where the kernel has no io_uring or the file system no O_DIRECT, logs go the system's
/// way too. Whoever has written through it is the only one who may until it closes: others read and copy, and
/// are told "database is locked" when they write.
[[nodiscard]] const char* direct_wal(Flush flush);

} // namespace machiai::store
