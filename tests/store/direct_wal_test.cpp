// SPDX-License-Identifier: Apache-2.0
// SQLite's log past the page cache: what one connection commits is what every other reads, and what a process
// leaves behind that dies at any moment between two commits.
#include "core/store/direct_wal.hpp"
#include "core/store/sqlite.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>

using namespace machiai;
namespace fs = std::filesystem;

namespace {

/// On a disk: file systems in memory may have no O_DIRECT.
struct Scratch {
  Scratch() : dir(fs::current_path() / fmt::format("direct-wal-{}", ::getpid())) {
    fs::remove_all(dir);
    fs::create_directories(dir);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { fs::remove_all(dir); }
  [[nodiscard]] std::string file(const char* name = "a.db") const { return (dir / name).string(); }
  /// The files as they are now, as after a kill: another process may open them.
  [[nodiscard]] std::string left_behind() const {
    for (const char* end : {"", "-wal"})
      fs::copy_file(file() + end, file("left.db") + end, fs::copy_options::overwrite_existing);
    fs::remove(file("left.db-shm"));
    return file("left.db");
  }
  fs::path dir;
};

store::Database opened(const std::string& path) {
  auto db = store::Database::open(path, store::Access::read_write);
  REQUIRE(db);
  return std::move(*db);
}

using Rows = std::map<std::int64_t, std::string>;

/// By the system's own file system, as any other program reads it.
Rows rows_of(const std::string& path) {
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &raw) == SQLITE_OK);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db(raw, sqlite3_close);
  Rows rows;
  const auto each = [](void* into, int, char** text, char**) {
    (*static_cast<Rows*>(into))[std::atoll(text[0])] = text[1];
    return 0;
  };
  REQUIRE(sqlite3_exec(raw, "SELECT id, body FROM t", each, &rows, nullptr) == SQLITE_OK);
  Rows sound;
  REQUIRE(sqlite3_exec(raw, "SELECT 0, * FROM pragma_integrity_check", each, &sound, nullptr) == SQLITE_OK);
  REQUIRE(sound == Rows{{0, "ok"}});
  return rows;
}

void put(store::Database& db, std::int64_t id, const std::string& body, Rows& rows) {
  store::Statement insert(db, "INSERT OR REPLACE INTO t VALUES(?,?)");
  REQUIRE(insert.run(id, body));
  rows[id] = body;
}

/// No file of ours may grow beyond it meanwhile.
struct FileLimit {
  explicit FileLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit less{bytes, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &less) == 0);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  ~FileLimit() { ::setrlimit(RLIMIT_FSIZE, &before); }
  rlimit before{};
};

void run(store::Database& db, const char* sql) {
  REQUIRE(db.execute(sql));
}

} // namespace

TEST_CASE("the log of a writer goes past the page cache here") {
  const Scratch scratch;
  auto db = opened(scratch.file());
  run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
  const std::string wal = scratch.file() + "-wal";
  bool direct = false;
  for (const auto& each : fs::directory_iterator("/proc/self/fdinfo")) {
    std::error_code none;
    if (fs::read_symlink(fs::path("/proc/self/fd") / each.path().filename(), none) != wal) continue;
    std::ifstream info(each.path());
    std::string word, flags;
    while (info >> word && word != "flags:") {
    }
    info >> flags;
    direct = direct || (std::stol(flags, nullptr, 8) & O_DIRECT) != 0;
  }
  REQUIRE(direct);
}

TEST_CASE("a commit is there for every other reader, also beyond what is kept of the log") {
  const Scratch scratch;
  auto db = opened(scratch.file());
  run(db, "PRAGMA wal_autocheckpoint=0; CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
  Rows rows;
  for (std::int64_t id = 0; id < 40; ++id) {
    put(db, id, std::string(100'000, static_cast<char>('a' + id % 26)), rows);
    REQUIRE(rows_of(scratch.file()) == rows);
  }
  REQUIRE(fs::file_size(scratch.file() + "-wal") > 2 * store::log_image_bytes);
  REQUIRE(rows_of(scratch.left_behind()) == rows);
  run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
  REQUIRE(fs::file_size(scratch.file() + "-wal") == 0);
  put(db, 3, "after it was cut", rows);
  REQUIRE(rows_of(scratch.left_behind()) == rows);
}

TEST_CASE("nobody else writes while a writer is there") {
  const Scratch scratch;
  Rows rows;
  const auto write_beside = [&scratch] {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(scratch.file().c_str(), &raw) == SQLITE_OK);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db(raw, sqlite3_close);
    return sqlite3_exec(raw, "INSERT INTO t VALUES(100, 'beside')", nullptr, nullptr, nullptr);
  };
  {
    auto db = opened(scratch.file());
    run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
    put(db, 1, "one", rows);
    REQUIRE(write_beside() == SQLITE_BUSY);
    put(db, 2, "two", rows);
    REQUIRE(rows_of(scratch.file()) == rows);
  }
  REQUIRE(write_beside() == SQLITE_OK);
  auto db = opened(scratch.file());
  REQUIRE(write_beside() == SQLITE_BUSY); // also before it has written anything
}

TEST_CASE("a log that was left behind is gone on with") {
  const Scratch scratch;
  Rows rows;
  const std::int64_t many = GENERATE(1, 30, 300, 3000); // the last ones beyond what is kept
  {
    auto db = opened(scratch.file());
    run(db, "PRAGMA wal_autocheckpoint=0; CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
    run(db, "BEGIN");
    for (std::int64_t id = 0; id < many; ++id) put(db, id, std::string(1000, 'x'), rows);
    run(db, "COMMIT");
    (void)scratch.left_behind();
  }
  auto db = opened(scratch.file("left.db"));
  put(db, 7, "more", rows);
  REQUIRE(rows_of(scratch.file("left.db")) == rows);
}

TEST_CASE("random commits, rollbacks, spills and checkpoints leave what they should") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u);
  CAPTURE(seed);
  std::mt19937 dice(seed);
  const auto below = [&dice](unsigned n) { return dice() % n; };
  const Scratch scratch;
  auto db = opened(scratch.file());
  run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT); PRAGMA cache_size=20");
  run(db, fmt::format("PRAGMA wal_autocheckpoint={}", below(2) == 0 ? 50 : 1000).c_str());
  Rows rows;
  for (int step = 0; step < 120; ++step) {
    Rows meanwhile = rows;
    run(db, "BEGIN IMMEDIATE");
    for (unsigned n = below(below(8) == 0 ? 400 : 6); n > 0; --n)
      put(db, below(500),
          std::string(below(below(5) == 0 ? 20'000 : 300), static_cast<char>('a' + below(26))), meanwhile);
    const bool kept = below(4) != 0;
    run(db, kept ? "COMMIT" : "ROLLBACK");
    if (kept) rows = std::move(meanwhile);
    if (below(10) == 0)
      run(db, below(2) == 0 ? "PRAGMA wal_checkpoint(RESTART)" : "PRAGMA wal_checkpoint(TRUNCATE)");
    if (below(6) == 0) REQUIRE(rows_of(scratch.left_behind()) == rows);
    if (below(15) != 0) continue;
    db = {};
    db = opened(scratch.file());
  }
  REQUIRE(rows_of(scratch.file()) == rows);
}

TEST_CASE("a log has its whole length on the disk as soon as it is written to") {
  const Scratch scratch;
  auto db = opened(scratch.file());
  run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
  REQUIRE(fs::file_size(scratch.file() + "-wal") == store::log_image_bytes);
  run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
  REQUIRE(fs::file_size(scratch.file() + "-wal") == 0);
  run(db, "INSERT INTO t VALUES(1, 'one')");
  REQUIRE(fs::file_size(scratch.file() + "-wal") == store::log_image_bytes);
}

TEST_CASE("before it has the right to write, a connection reads what others have written") {
  const Scratch scratch;
  Rows rows;
  {
    run(*std::make_unique<store::Database>(opened(scratch.file())),
        "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
  }
  const auto open_by = [&scratch](const char* vfs) {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open_v2(scratch.file().c_str(), &raw, SQLITE_OPEN_READWRITE, vfs) == SQLITE_OK);
    return std::unique_ptr<sqlite3, decltype(&sqlite3_close)>(raw, sqlite3_close);
  };
  const auto done = [](const auto& db, const char* sql) {
    return sqlite3_exec(db.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  };
  const auto beside = open_by(nullptr);
  const auto ours = open_by(store::direct_wal(store::Flush::yes));
  REQUIRE(done(beside, "INSERT INTO t VALUES(1, 'beside')"));
  REQUIRE(done(ours, "SELECT * FROM t")); // its log is open now
  REQUIRE(done(beside, "INSERT INTO t VALUES(2, 'beside')"));
  REQUIRE(done(ours, "INSERT INTO t VALUES(3, 'ours')"));
  REQUIRE(rows_of(scratch.file()) == Rows{{1, "beside"}, {2, "beside"}, {3, "ours"}});
  REQUIRE_FALSE(done(beside, "INSERT INTO t VALUES(4, 'beside')"));
}

TEST_CASE("a log is as long for SQLite as what was written, and reads zeros beyond") {
  const Scratch scratch;
  auto db = opened(scratch.file());
  run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)");
  sqlite3_file* file = nullptr;
  REQUIRE(sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) == SQLITE_OK);
  const auto size = [file] {
    sqlite3_int64 bytes = -1;
    REQUIRE(file->pMethods->xFileSize(file, &bytes) == SQLITE_OK);
    return bytes;
  };
  const std::string text(10'000, 'x');
  REQUIRE(file->pMethods->xWrite(file, text.data(), 10'000, 32'000) == SQLITE_OK);
  REQUIRE(size() == 42'000);
  REQUIRE(file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK);
  REQUIRE(size() == 42'000);
  REQUIRE(file->pMethods->xTruncate(file, 35'000) == SQLITE_OK);
  REQUIRE(size() == 35'000);
  std::string read(8, '?');
  REQUIRE(file->pMethods->xRead(file, read.data(), 8, 34'996) == SQLITE_IOERR_SHORT_READ);
  REQUIRE(read == std::string("xxxx\0\0\0\0", 8));
  REQUIRE(file->pMethods->xRead(file, read.data(), 8, 2 * store::log_image_bytes) == SQLITE_IOERR_SHORT_READ);
  REQUIRE(file->pMethods->xWrite(file, "later", 5, 39'000) == SQLITE_OK);
  REQUIRE(file->pMethods->xRead(file, read.data(), 8, 38'997) == SQLITE_OK);
  REQUIRE(read == std::string("\0\0\0later", 8)); // not what stood there before it was cut
}

TEST_CASE("after a sync that failed no checkpoint relies on the log until one has succeeded") {
  const Scratch scratch;
  auto db = opened(scratch.file());
  run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT); INSERT INTO t VALUES(1, 'one')");
  run(db, "PRAGMA wal_checkpoint(TRUNCATE)"); // so that the next sync has to make it longer
  {
    const FileLimit limit(8192);
    REQUIRE_FALSE(db.execute("INSERT INTO t VALUES(2, 'two')"));
  }
  sqlite3_file* log = nullptr;
  REQUIRE(sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK);
  REQUIRE(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_IOERR_FSYNC);
  run(db, "INSERT INTO t VALUES(3, 'three')");
  REQUIRE(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) == SQLITE_OK);
  run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
  REQUIRE(rows_of(scratch.left_behind()) == Rows{{1, "one"}, {3, "three"}});
}
