// SPDX-License-Identifier: Apache-2.0
// The limit on this disk: durable single-row commits a second with SQLite in WAL mode, synchronous=FULL.
// bench-sqlite FILE SECONDS -> {"rate": n}
#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using Steady = std::chrono::steady_clock;

bool run(sqlite3_stmt* statement) {
  const int result = sqlite3_step(statement);
  sqlite3_reset(statement);
  return result == SQLITE_DONE;
}

} // namespace

int main(int argc, char** argv) {
  sqlite3* db = nullptr;
  if (argc != 3 || sqlite3_open(argv[1], &db) != SQLITE_OK) return 2;
  sqlite3_exec(
      db,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, day TEXT, "
      "no INTEGER, UNIQUE(day, no))",
      nullptr, nullptr, nullptr);
  sqlite3_stmt *begin = nullptr, *insert = nullptr, *commit = nullptr;
  sqlite3_prepare_v2(db, "BEGIN IMMEDIATE", -1, &begin, nullptr);
  sqlite3_prepare_v2(db, "INSERT INTO t(day, no) VALUES('2026-11-24', ?)", -1, &insert, nullptr);
  sqlite3_prepare_v2(db, "COMMIT", -1, &commit, nullptr);
  const auto start = Steady::now();
  const std::chrono::duration<double> wanted(std::atof(argv[2]));
  long count = 0;
  while (Steady::now() - start < wanted) {
    sqlite3_bind_int64(insert, 1, count);
    if (!run(begin) || !run(insert) || !run(commit)) return 1;
    ++count;
  }
  const std::chrono::duration<double> took = Steady::now() - start;
  std::printf("{\"rate\": %.1f}\n", static_cast<double>(count) / took.count());
  return 0;
}
