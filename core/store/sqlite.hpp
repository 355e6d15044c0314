// SPDX-License-Identifier: Apache-2.0
// A thin typed layer over SQLite: open, prepare, bind, step. Every result must be looked at.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

struct sqlite3;
struct sqlite3_stmt;

namespace machiai::store {

class Database;

/// A prepared statement. Bind all parameters in order with run() or query(), then read columns by index.
class Statement {
public:
  Statement() = default;
  Statement(Database& db, std::string_view sql);

  /// Binds, steps once and resets: for statements that give no row.
  template <class... Args> [[nodiscard]] base::Status run(const Args&... args) {
    MACHIAI_TRY(bind_all(args...));
    const auto row = step();
    reset();
    if (!row) return tl::unexpected(row.error());
    return {};
  }
  /// Binds; then step() gives row after row. Texts are not copied: they must live until the last step.
  template <class... Args> [[nodiscard]] base::Status bind_all(const Args&... args) {
    reset();
    int at = 0;
    base::Status status;
    ((status = status ? bind(++at, args) : status), ...);
    return status;
  }
  /// True while there is a row.
  [[nodiscard]] base::Result<bool> step();
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const; ///< text or blob; valid until the next step

private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  template <class T> base::Status bind(int at, const T& value) {
    if constexpr (std::is_integral_v<T>) {
      return bind_integer(at, static_cast<std::int64_t>(value));
    } else {
      return bind_text(at, std::string_view(value));
    }
  }
  base::Status bind_integer(int at, std::int64_t value);
  base::Status bind_text(int at, std::string_view value);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  sqlite3* db_ = nullptr;
};

enum class Access { read_write, read_only };
/// How a commit reaches the disk. All but `full` exist for the negative controls of the power-cut tests
/// alone: SQLite's synchronous=NORMAL, and a log that is written without a flush.
enum class Sync { full, normal, unflushed };

class Database {
public:
  /// One process, one connection that writes and checkpoints: SQLite before 3.51.3 can corrupt a WAL that
  /// several connections reset at the same instant. No mmap. A read-only one never checkpoints.
  [[nodiscard]] static base::Result<Database> open(const std::string& path, Access access,
                                                   Sync sync = Sync::full);

  [[nodiscard]] base::Status execute(const char* sql);
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] sqlite3* handle() const { return db_.get(); }

private:
  struct Close {
    void operator()(sqlite3* db) const;
  };
  std::unique_ptr<sqlite3, Close> db_;
};

/// SQLite's last error as ours: "disk_full", "ledger_damaged", "ledger_locked", "storage_read_only" or
/// "storage".
[[nodiscard]] base::Error storage_error(sqlite3* db);

} // namespace machiai::store
