// SPDX-License-Identifier: Apache-2.0
#include "core/store/airings.hpp"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>

namespace machiai::store {

using base::Error;
using base::fail;
using base::Result;
using base::Status;
using programme::Aired;

const char* const airing_schema = R"sql(
CREATE TABLE airing(
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seat TEXT NOT NULL, item TEXT NOT NULL, sha256 TEXT NOT NULL,
  kind TEXT NOT NULL, sponsor TEXT NOT NULL, programme TEXT NOT NULL, version INTEGER NOT NULL,
  planned_from INTEGER NOT NULL, planned_until INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,
  called INTEGER NOT NULL, reason TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE INDEX airing_started ON airing(started);
)sql";

namespace {

constexpr std::string_view columns = "SELECT id, seat, item, sha256, kind, sponsor, programme, version, "
                                     "planned_from, planned_until, started, ended, "
                                     "called, reason, hash FROM airing ";

using Hash = std::array<unsigned char, 32>;

/// SHA-256 over the previous hash and every column, each with its length.
Hash chained(const Hash& previous, const Aired& a) {
  std::string text(as_text(previous));
  text += fmt::format("{}|{}|{}|{}|{}|{}|", a.version, base::to_ms(a.from), base::to_ms(a.until),
                      base::to_ms(a.started), base::to_ms(a.ended), a.called.count());
  for (const std::string* part :
       {&a.id, &a.seat, &a.item, &a.sha256, &a.kind, &a.sponsor, &a.programme, &a.reason})
    text += fmt::format("{}:{}", part->size(), *part);
  Hash hash;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), hash.data());
  return hash;
}

Aired read_row(const Statement& row) {
  Aired a;
  a.id = row.text(0);
  a.seat = row.text(1);
  a.item = row.text(2);
  a.sha256 = row.text(3);
  a.kind = row.text(4);
  a.sponsor = row.text(5);
  a.programme = row.text(6);
  a.version = static_cast<int>(row.integer(7));
  a.from = base::instant_from_ms(row.integer(8));
  a.until = base::instant_from_ms(row.integer(9));
  a.started = base::instant_from_ms(row.integer(10));
  a.ended = base::instant_from_ms(row.integer(11));
  a.called = base::Millis{row.integer(12)};
  a.reason = row.text(13);
  return a;
}

} // namespace

Result<AiringWriter> AiringWriter::open(Database& db) {
  AiringWriter writer;
  Statement last(db, "SELECT hash FROM airing ORDER BY seq DESC LIMIT 1");
  MACHIAI_TRY(last.bind_all());
  const auto row = last.step();
  MACHIAI_TRY(row);
  if (*row) {
    const std::string_view hash = last.text(0);
    if (hash.size() != writer.last_.size()) return fail(Error::Code::storage, "chain_broken");
    std::copy(hash.begin(), hash.end(), writer.last_.begin());
  }
  writer.known_ = Statement(db, "SELECT 1 FROM airing WHERE id = ?");
  writer.insert_ =
      Statement(db, "INSERT INTO airing VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,CAST(? AS BLOB))");
  return writer;
}

Status AiringWriter::write(const Aired& a) {
  MACHIAI_TRY(known_.bind_all(a.id));
  const auto known = known_.step();
  MACHIAI_TRY(known);
  known_.reset();
  if (*known) return {};
  pending_ = chained(pending_, a);
  return insert_.run(a.id, a.seat, a.item, a.sha256, a.kind, a.sponsor, a.programme, a.version,
                     base::to_ms(a.from), base::to_ms(a.until), base::to_ms(a.started), base::to_ms(a.ended),
                     a.called.count(), a.reason, as_text(pending_));
}

Result<std::vector<Aired>> read_airings(Database& db, base::Date from, base::Date to) {
  Statement rows(db, std::string(columns) + "WHERE started >= ? AND started < ? ORDER BY seq");
  MACHIAI_TRY(rows.bind_all(base::to_ms(base::at_minute(from, 0)),
                            base::to_ms(base::at_minute(base::Date{to.days + 1}, 0))));
  std::vector<Aired> records;
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return records;
    records.push_back(read_row(rows));
  }
}

Result<std::string> check_airings(Database& db) {
  Statement rows(db, std::string(columns) + "ORDER BY seq");
  MACHIAI_TRY(rows.bind_all());
  Hash hash{};
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return std::string{};
    const Aired aired = read_row(rows);
    hash = chained(hash, aired);
    if (rows.text(14) != as_text(hash)) return fmt::format("airing {}: chain broken", aired.id);
  }
}

} // namespace machiai::store
