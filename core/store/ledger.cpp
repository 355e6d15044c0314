// SPDX-License-Identifier: Apache-2.0
#include "core/store/ledger.hpp"

#include "core/wire/events.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

namespace machiai::store {

namespace {

using base::Error;
using base::fail;
using base::Result;
using base::Status;

/// "MACH" as an integer: tells our file from another SQLite file.
constexpr std::int64_t application_id = 0x4d414348;
constexpr std::int64_t schema_version = 3;

constexpr const char* schema = R"sql(
BEGIN IMMEDIATE;
CREATE TABLE event(
  seq INTEGER PRIMARY KEY, grp INTEGER NOT NULL, epoch INTEGER NOT NULL, at INTEGER NOT NULL,
  date INTEGER NOT NULL, kind TEXT NOT NULL, actor TEXT NOT NULL, seat TEXT NOT NULL, key TEXT NOT NULL,
  request INTEGER NOT NULL, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT;
CREATE TABLE ticket(
  date INTEGER NOT NULL, service TEXT NOT NULL, series TEXT NOT NULL, n INTEGER NOT NULL, state TEXT NOT NULL,
  room TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(date, service, series, n)) STRICT, WITHOUT ROWID;
CREATE TABLE print(
  print INTEGER PRIMARY KEY, date INTEGER NOT NULL, service TEXT NOT NULL, series TEXT NOT NULL,
  n INTEGER NOT NULL, ahead INTEGER NOT NULL, reprint INTEGER NOT NULL, marked INTEGER NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL, cups_job INTEGER NOT NULL, attempt INTEGER NOT NULL,
  issued INTEGER NOT NULL, asked INTEGER NOT NULL, changed INTEGER NOT NULL,
  low INTEGER NOT NULL DEFAULT 0, high INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX print_date ON print(date);
CREATE TABLE day(date INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
PRAGMA application_id=1296122696;
)sql";

/// From version 1: the wait that was told goes onto the slip.
constexpr const char* to_version_2 = R"sql(
ALTER TABLE print ADD COLUMN low INTEGER NOT NULL DEFAULT 0;
ALTER TABLE print ADD COLUMN high INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* mark_version = "PRAGMA user_version=3;";

constexpr std::string_view event_columns =
    "SELECT seq, grp, epoch, at, date, kind, actor, seat, key, request, body, hash FROM event ";
constexpr std::string_view print_columns =
    "SELECT print, date, service, series, n, ahead, reprint, marked, state, "
    "reason, cups_job, attempt, issued, asked, changed, low, high FROM print ";

Result<std::int64_t> pragma(Database& db, std::string_view sql) {
  Statement statement(db, sql);
  MACHIAI_TRY(statement.bind_all());
  const auto row = statement.step();
  MACHIAI_TRY(row);
  return *row ? statement.integer(0) : 0;
}

Result<EventRow> read_event(const queue::Clinic& clinic, const Statement& row) {
  EventRow result;
  queue::Event& e = result.event;
  e.seq = static_cast<std::uint64_t>(row.integer(0));
  e.group = static_cast<std::uint64_t>(row.integer(1));
  e.epoch = static_cast<std::uint64_t>(row.integer(2));
  e.at = base::instant_from_ms(row.integer(3));
  result.date = base::Date{static_cast<std::int32_t>(row.integer(4))};
  e.actor = row.text(6);
  e.seat = row.text(7);
  e.key = row.text(8);
  result.request = static_cast<std::uint64_t>(row.integer(9));
  auto body = wire::event_from_json(clinic, row.text(5), row.text(10));
  const bool damaged = !body && body.error().reason == "bad_event";
  if (!body)
    return fail(body.error().code, damaged ? "ledger_damaged" : body.error().reason,
                fmt::format("event {}", e.seq));
  e.body = std::move(*body);
  return result;
}

Status visit_rows(const queue::Clinic& clinic, Statement& rows, const Ledger::Visit& visit) {
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return {};
    auto event = read_event(clinic, rows);
    MACHIAI_TRY(event);
    MACHIAI_TRY(visit(std::move(*event)));
  }
}

PrintRow read_print(const Statement& row) {
  PrintRow p;
  p.print = static_cast<std::uint64_t>(row.integer(0));
  p.date = base::Date{static_cast<std::int32_t>(row.integer(1))};
  p.service = row.text(2);
  p.series = queue::parse_series(row.text(3)).value_or(queue::main_series);
  p.n = static_cast<std::uint32_t>(row.integer(4));
  p.ahead = static_cast<int>(row.integer(5));
  p.reprint = row.integer(6) != 0;
  p.marked = row.integer(7) != 0;
  p.state = row.text(8);
  p.reason = row.text(9);
  p.cups_job = row.integer(10);
  p.attempt = static_cast<int>(row.integer(11));
  p.issued = base::instant_from_ms(row.integer(12));
  p.asked = base::instant_from_ms(row.integer(13));
  p.changed = base::instant_from_ms(row.integer(14));
  if (row.integer(16) > 0)
    p.wait = queue::WaitRange{static_cast<int>(row.integer(15)), static_cast<int>(row.integer(16))};
  return p;
}

/// OpenSSL's one-shot SHA256() looks the algorithm up under a lock each time; here it is looked up once.
Hash sha256(std::string_view text) {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     EVP_MD_CTX_free);
  Hash hash;
  if (EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) != 1)
    throw std::bad_alloc(); // nothing else can fail here
  return hash;
}

} // namespace

Digest digest(std::string_view text) {
  const Hash hash = sha256(text);
  Digest result;
  std::memcpy(&result.high, hash.data(), 8);
  std::memcpy(&result.low, hash.data() + 8, 8);
  return result;
}

Hash chain_hash(const Hash& previous, const EventRow& row, std::string_view kind, std::string_view body) {
  const queue::Event& e = row.event;
  fmt::memory_buffer text; // on the stack: this is done for each row
  const auto out = fmt::appender(text);
  fmt::format_to(out, FMT_COMPILE("{}{}|{}|{}|{}|{}|{}|"), as_text(previous), e.seq, e.group, e.epoch,
                 base::to_ms(e.at), row.date.days, row.request);
  for (const std::string_view part :
       {kind, std::string_view(e.actor), std::string_view(e.seat), std::string_view(e.key), body})
    fmt::format_to(out, FMT_COMPILE("{}:{}"), part.size(), part);
  return sha256({text.data(), text.size()});
}

Result<Ledger> Ledger::open(const std::string& path, const queue::Clinic& clinic, Sync sync) {
  auto db = Database::open(path, Access::read_write, sync);
  MACHIAI_TRY(db);
  Ledger ledger(std::move(*db), clinic);
  MACHIAI_TRY(ledger.prepare_schema());
  MACHIAI_TRY(ledger.load_chain_end());
  auto airings = AiringWriter::open(ledger.db_);
  MACHIAI_TRY(airings);
  ledger.airings_ = std::move(*airings);
  ledger.begin_ = Statement(ledger.db_, "BEGIN IMMEDIATE");
  ledger.commit_ = Statement(ledger.db_, "COMMIT");
  ledger.rollback_ = Statement(ledger.db_, "ROLLBACK");
  ledger.insert_event_ =
      Statement(ledger.db_, "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?,CAST(? AS BLOB))");
  ledger.upsert_ticket_ = Statement(
      ledger.db_,
      "INSERT INTO ticket VALUES(?,?,?,?,?,?,?) ON CONFLICT(date, service, series, n) DO UPDATE SET "
      "state=excluded.state, room=excluded.room, seq=excluded.seq");
  ledger.upsert_print_ =
      Statement(ledger.db_, "INSERT OR REPLACE INTO print VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  return ledger;
}

Result<Ledger> Ledger::open_to_read(const std::string& path, const queue::Clinic& clinic) {
  auto db = Database::open(path, Access::read_only);
  MACHIAI_TRY(db);
  return Ledger(std::move(*db), clinic);
}

Status Ledger::prepare_schema() {
  const auto id = pragma(db_, "PRAGMA application_id");
  MACHIAI_TRY(id);
  const auto version = pragma(db_, "PRAGMA user_version");
  MACHIAI_TRY(version);
  const auto tables = pragma(db_, "SELECT count(*) FROM sqlite_schema");
  MACHIAI_TRY(tables);
  if (*id == 0 && *tables == 0)
    return db_.execute((std::string(schema) + airing_schema + mark_version + "COMMIT;").c_str());
  if (*id != application_id) return fail(Error::Code::storage, "ledger_foreign");
  if (*version > schema_version)
    return fail(Error::Code::storage, "ledger_newer", fmt::format("version {}", *version));
  if (*version == schema_version) return {};
  const char* first = *version == 1 ? to_version_2 : "";
  return db_.execute(
      (std::string("BEGIN IMMEDIATE;") + first + airing_schema + mark_version + "COMMIT;").c_str());
}

Status Ledger::load_chain_end() {
  Statement last(db_, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");
  MACHIAI_TRY(last.bind_all());
  const auto row = last.step();
  MACHIAI_TRY(row);
  if (!*row) return {};
  const std::string_view hash = last.text(1);
  if (hash.size() != last_hash_.size()) return fail(Error::Code::storage, "chain_broken");
  last_seq_ = static_cast<std::uint64_t>(last.integer(0));
  std::copy(hash.begin(), hash.end(), last_hash_.begin());
  return {};
}

Status Ledger::append(const Batch& batch) {
  pending_hash_ = last_hash_;
  pending_seq_ = last_seq_;
  airings_.begin();
  auto status = begin_.run();
  if (status) status = write(batch);
  if (status) status = commit_.run();
  if (!status) {
    if (db_.in_transaction() && !rollback_.run()) return fail(Error::Code::storage, "storage", "rollback");
    // After a failed sync the frames of this commit may lie whole in the WAL, only not in its index: a daemon
    // killed now would find the refused command done. A commit that changes nothing overwrites them; when
    // that fails as well, there is nothing more to try.
    if (!db_.execute(mark_version)) return status;
    return status;
  }
  last_hash_ = pending_hash_;
  last_seq_ = pending_seq_;
  airings_.committed();
  return {};
}

Status Ledger::write(const Batch& batch) {
  for (const EventRow& row : batch.events) MACHIAI_TRY(write_event(row));
  for (const TicketRow& t : batch.tickets)
    MACHIAI_TRY(upsert_ticket_.run(t.date.days, t.service, queue::series_text(t.series), t.n, t.state, t.room,
                                   t.seq));
  for (const PrintRow& p : batch.prints)
    MACHIAI_TRY(upsert_print_.run(p.print, p.date.days, p.service, queue::series_text(p.series), p.n, p.ahead,
                                  p.reprint, p.marked, p.state, p.reason, p.cups_job, p.attempt,
                                  base::to_ms(p.issued), base::to_ms(p.asked), base::to_ms(p.changed),
                                  p.wait ? p.wait->low : 0, p.wait ? p.wait->high : 0));
  for (const programme::Aired& aired : batch.airings) MACHIAI_TRY(airings_.write(aired));
  return {};
}

Status Ledger::write_event(const EventRow& row) {
  const queue::Event& e = row.event;
  if (e.seq != pending_seq_ + 1)
    return fail(Error::Code::internal, "sequence", fmt::format("event {}", e.seq));
  const std::string_view kind = wire::event_kind(e.body);
  const std::string body = wire::event_to_json(*clinic_, e.body);
  pending_hash_ = chain_hash(pending_hash_, row, kind, body);
  pending_seq_ = e.seq;
  MACHIAI_TRY(insert_event_.run(e.seq, e.group, e.epoch, base::to_ms(e.at), row.date.days, kind, e.actor,
                                e.seat, e.key, row.request, body, as_text(pending_hash_)));
  if (const auto* opened = std::get_if<queue::DayOpened>(&e.body)) {
    Statement insert(db_, "INSERT INTO day VALUES(?,?)");
    MACHIAI_TRY(insert.run(opened->date.days, e.seq));
  }
  return {};
}

Status Ledger::load_keys(base::Date from, std::vector<UsedKey>& keys) {
  Statement used(db_,
                 "SELECT key, request, seq FROM event WHERE seq >= coalesce((SELECT min(seq) FROM day WHERE "
                 "date >= ?), 0) AND key != ''");
  MACHIAI_TRY(used.bind_all(from.days));
  for (;;) {
    const auto row = used.step();
    MACHIAI_TRY(row);
    if (!*row) return {};
    keys.push_back({digest(used.text(0)), static_cast<std::uint64_t>(used.integer(1)),
                    static_cast<std::uint64_t>(used.integer(2))});
  }
}

/// Rows of numbers whose events are gone would be given once more (N1).
Status Ledger::check_highest(const queue::Day& day) {
  Statement rows(db_, "SELECT service, series, max(n) FROM ticket WHERE date = ? GROUP BY service, series");
  MACHIAI_TRY(rows.bind_all(day.date.days));
  for (;;) {
    const auto more = rows.step();
    MACHIAI_TRY(more);
    if (!*more) return {};
    const auto service = queue::find_service(*clinic_, rows.text(0));
    const auto series = queue::parse_series(rows.text(1));
    if (!service || !series) continue;
    const auto& index = day.counters[static_cast<std::size_t>(*service)].index;
    const auto known = index.find(*series);
    const auto highest = known == index.end() ? 0 : static_cast<std::int64_t>(known->second.size());
    if (rows.integer(2) > highest)
      return fail(Error::Code::storage, "ledger_damaged",
                  fmt::format("{} {}", rows.text(0), rows.integer(2)));
  }
}

Result<Loaded> Ledger::load(const Folded& folded) {
  Loaded loaded;
  loaded.day = queue::new_day(*clinic_);
  Statement days(db_, "SELECT date, seq FROM day ORDER BY seq");
  MACHIAI_TRY(days.bind_all());
  for (;;) {
    const auto row = days.step();
    MACHIAI_TRY(row);
    if (!*row) break;
    loaded.day.date = base::Date{static_cast<std::int32_t>(days.integer(0))};
    loaded.day.history.push_back(loaded.day.date);
  }
  loaded.day.seq = last_seq_;
  if (loaded.day.history.empty()) return loaded;
  // The open day's events follow its day_opened, which puts the date into the history itself.
  const base::Date last = loaded.day.history.back();
  loaded.day.history.pop_back();
  MACHIAI_TRY(each_event(last, [&](EventRow&& row) -> Status {
    queue::fold(*clinic_, loaded.day, row.event);
    if (folded) folded(loaded.day, row.event);
    return {};
  }));
  MACHIAI_TRY(check_highest(loaded.day));
  Statement epochs(db_, "SELECT json_extract(body, '$.service'), max(json_extract(body, '$.epoch')) FROM "
                        "event WHERE kind = 'ownership_taken' "
                        "GROUP BY 1");
  MACHIAI_TRY(epochs.bind_all());
  for (auto row = epochs.step();; row = epochs.step()) {
    MACHIAI_TRY(row);
    if (!*row) break;
    if (const auto service = queue::find_service(*clinic_, epochs.text(0))) {
      auto& epoch = loaded.day.counters[static_cast<std::size_t>(*service)].epoch;
      epoch = std::max(epoch, static_cast<std::uint64_t>(epochs.integer(1)));
    }
  }
  constexpr int kept_days = 8;
  MACHIAI_TRY(load_keys(base::Date{last.days - kept_days}, loaded.keys));
  auto prints_of_day = prints(last);
  MACHIAI_TRY(prints_of_day);
  loaded.prints = std::move(*prints_of_day);
  const auto high = pragma(db_, "SELECT coalesce(max(print), 0) FROM print");
  MACHIAI_TRY(high);
  loaded.last_print = static_cast<std::uint64_t>(*high);
  return loaded;
}

Status Ledger::each_event(base::Date from, const Visit& visit) {
  Statement rows(db_, std::string(event_columns) +
                          "WHERE seq >= coalesce((SELECT seq FROM day WHERE date = ?), 0) ORDER BY seq");
  MACHIAI_TRY(rows.bind_all(from.days));
  return visit_rows(*clinic_, rows, visit);
}

Result<std::vector<base::Date>> Ledger::dates(base::Date from, base::Date to) {
  Statement rows(db_, "SELECT date FROM day WHERE date BETWEEN ? AND ? ORDER BY seq");
  MACHIAI_TRY(rows.bind_all(from.days, to.days));
  std::vector<base::Date> dates;
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return dates;
    dates.push_back(base::Date{static_cast<std::int32_t>(rows.integer(0))});
  }
}

Status Ledger::each_event_of(base::Date date, const Visit& visit) {
  // From its opening to the next one's: what came after midnight belongs to it too.
  Statement rows(db_,
                 std::string(event_columns) +
                     "WHERE seq >= (SELECT seq FROM day WHERE date = ?1) AND seq < coalesce((SELECT min(seq) "
                     "FROM day WHERE seq > (SELECT seq FROM day WHERE date = ?1)), 9e18) ORDER BY seq");
  MACHIAI_TRY(rows.bind_all(date.days));
  return visit_rows(*clinic_, rows, visit);
}

Result<EventRow> Ledger::event_at(std::uint64_t seq) {
  Statement one(db_, std::string(event_columns) + "WHERE seq = ?");
  MACHIAI_TRY(one.bind_all(seq));
  const auto row = one.step();
  MACHIAI_TRY(row);
  if (!*row) return fail(Error::Code::not_found, "unknown_event");
  return read_event(*clinic_, one);
}

Result<std::vector<wire::EventLine>> Ledger::lines(std::uint64_t from, std::uint64_t to) {
  Statement rows(db_,
                 "SELECT seq, grp, epoch, at, date, kind, actor, seat, key, request, body, lower(hex(hash)) "
                 "FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq");
  MACHIAI_TRY(rows.bind_all(from, to));
  std::vector<wire::EventLine> lines;
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return lines;
    wire::EventLine& line = lines.emplace_back();
    line.seq = static_cast<std::uint64_t>(rows.integer(0));
    line.group = static_cast<std::uint64_t>(rows.integer(1));
    line.epoch = static_cast<std::uint64_t>(rows.integer(2));
    line.at = base::instant_from_ms(rows.integer(3));
    line.date = base::Date{static_cast<std::int32_t>(rows.integer(4))};
    line.request = static_cast<std::uint64_t>(rows.integer(9));
    for (const auto& [column, into] : {std::pair{5, &line.kind},
                                       {6, &line.actor},
                                       {7, &line.seat},
                                       {8, &line.key},
                                       {10, &line.body},
                                       {11, &line.hash}})
      *into = rows.text(column);
  }
}

Result<std::vector<PrintRow>> Ledger::prints(base::Date date) {
  Statement rows(db_, std::string(print_columns) + "WHERE date = ? ORDER BY print");
  MACHIAI_TRY(rows.bind_all(date.days));
  std::vector<PrintRow> prints;
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return prints;
    prints.push_back(read_print(rows));
  }
}

Result<std::vector<TicketRow>> Ledger::tickets(base::Date date) {
  Statement rows(db_, "SELECT service, series, n, state, room, seq FROM ticket WHERE date = ?");
  MACHIAI_TRY(rows.bind_all(date.days));
  std::vector<TicketRow> tickets;
  for (;;) {
    const auto row = rows.step();
    MACHIAI_TRY(row);
    if (!*row) return tickets;
    tickets.push_back({date, std::string(rows.text(0)),
                       queue::parse_series(rows.text(1)).value_or(queue::main_series),
                       static_cast<std::uint32_t>(rows.integer(2)), std::string(rows.text(3)),
                       std::string(rows.text(4)), static_cast<std::uint64_t>(rows.integer(5))});
  }
}

} // namespace machiai::store
