// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqlite.hpp"

#include "core/store/direct_wal.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>

namespace machiai::store {

using base::Error;
using base::fail;

base::Error storage_error(sqlite3* db) {
  const int extended = sqlite3_extended_errcode(db);
  const int primary = extended & 0xff;
  const char* reason = "storage";
  if (primary == SQLITE_FULL) reason = "disk_full";
  if (primary == SQLITE_NOTADB || primary == SQLITE_CORRUPT) reason = "ledger_damaged";
  if (primary == SQLITE_BUSY) reason = "ledger_locked";
  // Of reads, writes and syncs of a commit SQLite 3.40 keeps no errno; what it has is an older one.
  const bool by_errno =
      primary == SQLITE_CANTOPEN ||
      (primary == SQLITE_IOERR && extended >= SQLITE_IOERR_SHMOPEN && extended <= SQLITE_IOERR_SHMMAP);
  const int system = by_errno ? sqlite3_system_errno(db) : 0;
  const bool refused = system == EROFS || system == EACCES || system == EPERM;
  if (primary == SQLITE_READONLY || primary == SQLITE_PERM || (primary == SQLITE_CANTOPEN && refused))
    reason = "storage_read_only";
  if (system == ENOSPC) reason = "disk_full";
  return {Error::Code::storage, reason, fmt::format("sqlite {}", extended)};
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}
void Database::Close::operator()(sqlite3* db) const {
  sqlite3_close_v2(db);
}

Statement::Statement(Database& db, std::string_view sql) : db_(db.handle()) {
  sqlite3_stmt* raw = nullptr;
  // A statement that does not compile stays null; its first step() says so.
  sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  statement_.reset(raw);
}

base::Result<bool> Statement::step() {
  if (!statement_) return fail(Error::Code::storage, "storage", "statement");
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  return tl::unexpected(storage_error(db_));
}

void Statement::reset() {
  if (statement_) sqlite3_reset(statement_.get());
}

base::Status Statement::bind_integer(int at, std::int64_t value) {
  if (!statement_ || sqlite3_bind_int64(statement_.get(), at, value) != SQLITE_OK)
    return tl::unexpected(storage_error(db_));
  return {};
}

base::Status Statement::bind_text(int at, std::string_view value) {
  const char* data = value.data() == nullptr ? "" : value.data();
  if (!statement_ ||
      sqlite3_bind_text64(statement_.get(), at, data, value.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
    return tl::unexpected(storage_error(db_));
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

namespace {

/// The file system of SQLite's that a connection uses; null: the system's own.
const char* vfs_for(Access access, Sync sync) {
  if (access == Access::read_only || sync == Sync::normal) return nullptr;
  return direct_wal(sync == Sync::full ? Flush::yes : Flush::no);
}

/// The log goes into the file before it outgrows its image, if no reader holds it up; in pages, of 4 KiB by
/// SQLite's default.
constexpr long longest_log = log_image_bytes * 2 / 3 / 4096;

} // namespace

base::Result<Database> Database::open(const std::string& path, Access access, Sync sync) {
  const int flags =
      access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, vfs_for(access, sync));
  Database db;
  db.db_.reset(raw);
  if (opened != SQLITE_OK) return tl::unexpected(storage_error(raw));
  sqlite3_busy_timeout(raw, 2000);
  MACHIAI_TRY(db.execute("PRAGMA mmap_size=0"));
  if (access == Access::read_only) {
    MACHIAI_TRY(db.execute("PRAGMA wal_autocheckpoint=0; PRAGMA query_only=1"));
    return db;
  }
  MACHIAI_TRY(db.execute("PRAGMA journal_mode=WAL"));
  MACHIAI_TRY(db.execute(sync == Sync::normal ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL"));
  MACHIAI_TRY(db.execute(fmt::format("PRAGMA wal_autocheckpoint={}", longest_log).c_str()));
  // A ledger is appended to: the pages of its ends are all that is needed again.
  MACHIAI_TRY(db.execute("PRAGMA foreign_keys=1; PRAGMA cache_size=-500"));
  MACHIAI_TRY(db.execute("BEGIN IMMEDIATE; COMMIT")); // from here on nobody else writes (direct_wal)
  return db;
}

base::Status Database::execute(const char* sql) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return tl::unexpected(storage_error(db_.get()));
  return {};
}

bool Database::in_transaction() const {
  return sqlite3_get_autocommit(db_.get()) == 0;
}

} // namespace machiai::store
