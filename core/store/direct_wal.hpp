// SPDX-License-Identifier: Apache-2.0
// A SQLite file system (VFS, https://sqlite.org/vfs.html) whose write-ahead logs go to the disk by their
// image (core/store/log_image); all else goes as the system's own does.
#pragma once

#include "core/store/log_image.hpp"

namespace machiai::store {

/// Its name, or null when SQLite does not take it. For synchronous=FULL alone: a log gets into its file by
/// syncs. Where no image of a log can be had, the log goes the system's way. Who has had the right to write
/// once, by a transaction or by a recovery, keeps it until closing: others read and copy meanwhile, and are
/// told "database is locked" when they write.
[[nodiscard]] const char* direct_wal(Flush flush);

} // namespace machiai::store
