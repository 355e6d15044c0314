// SPDX-License-Identifier: Apache-2.0
// What was shown is recorded once, in a chain that shows any change; an older ledger gets the table.
#include "core/store/ledger.hpp"
#include "tests/queue/morning.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>

using namespace machiai;
using store::Ledger;

namespace {

struct Book {
  Book() { std::filesystem::remove(path); }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;
  ~Book() {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  [[nodiscard]] Ledger open() const {
    auto ledger = Ledger::open(path, morning.clinic);
    REQUIRE(ledger);
    return std::move(*ledger);
  }
  void run(const char* sql) const {
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(db);
  }
  [[nodiscard]] std::vector<std::string> findings() const {
    auto beside = Ledger::open_to_read(path, morning.clinic);
    REQUIRE(beside);
    const auto verified = beside->verify();
    REQUIRE(verified);
    return verified->broken;
  }
  std::string path =
      (std::filesystem::temp_directory_path() / ("machiai-airings-" + std::to_string(::getpid()) + ".db"))
          .string();
  test::Morning morning;
};

programme::Aired record(int n) {
  programme::Aired a;
  a.id = "record-" + std::to_string(n);
  a.seat = "display-1";
  a.item = "soap";
  a.kind = "ad";
  a.sponsor = "s";
  a.programme = "p";
  a.from = a.started = base::instant_from_ms(1'764'034'320'000 + n * 60'000);
  a.until = a.ended = a.from + std::chrono::seconds(60);
  a.reason = "planned";
  return a;
}

store::Batch batch_of(std::vector<programme::Aired> records) {
  store::Batch batch;
  batch.airings = std::move(records);
  return batch;
}

std::size_t count(Ledger& ledger) {
  const auto day = base::civil_date(record(0).started);
  const auto records = ledger.airings(day, day);
  REQUIRE(records);
  return records->size();
}

} // namespace

TEST_CASE("a record sent twice is there once, also after a restart") {
  const Book book;
  {
    Ledger ledger = book.open();
    REQUIRE(ledger.append(batch_of({record(1), record(2), record(1)})));
    REQUIRE(ledger.append(batch_of({record(2)})));
    CHECK(count(ledger) == 2);
  }
  Ledger ledger = book.open();
  REQUIRE(ledger.append(batch_of({record(2), record(3)})));
  CHECK(count(ledger) == 3);
  CHECK(book.findings().empty());
  const auto day = base::civil_date(record(0).started);
  CHECK((*ledger.airings(day, day))[0] == record(1));
  CHECK(ledger.airings(base::Date{day.days + 1}, base::Date{day.days + 2})->empty());
}

TEST_CASE("a batch that is refused leaves the chain where it was") {
  const Book book;
  Ledger ledger = book.open();
  store::Batch bad = batch_of({record(1)});
  store::EventRow stray;
  stray.event.seq = 99;
  bad.events.push_back(stray);
  REQUIRE_FALSE(ledger.append(bad));
  REQUIRE(ledger.append(batch_of({record(1), record(2)})));
  CHECK(book.findings().empty());
}

TEST_CASE("verify finds a record that was changed, taken out or put in between") {
  for (const char* sql :
       {"UPDATE airing SET ended = ended + 1 WHERE seq = 1", "DELETE FROM airing WHERE seq = 1",
        "UPDATE airing SET sponsor = 'other' WHERE seq = 2"}) {
    const Book book;
    {
      Ledger ledger = book.open();
      REQUIRE(ledger.append(batch_of({record(1), record(2)})));
    }
    CHECK(book.findings().empty());
    book.run(sql);
    CHECK_FALSE(book.findings().empty());
  }
}

TEST_CASE("ledgers of the earlier versions get the table and go on") {
  for (const char* back :
       {"DROP TABLE airing; PRAGMA user_version=2",
        "DROP TABLE airing; ALTER TABLE print DROP COLUMN low; ALTER TABLE print DROP COLUMN high;"
        "PRAGMA user_version=1"}) {
    const Book book;
    { const Ledger made = book.open(); }
    book.run(back);
    Ledger ledger = book.open();
    REQUIRE(ledger.append(batch_of({record(1)})));
    CHECK(count(ledger) == 1);
    CHECK(book.findings().empty());
  }
}
