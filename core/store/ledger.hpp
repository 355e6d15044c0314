// SPDX-License-Identifier: Apache-2.0
// The ledger: the clinic's append-only record in SQLite. Events are chained by SHA-256; tickets and prints
// are projections beside them, written in the same commit.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/day.hpp"
#include "core/store/airings.hpp"
#include "core/store/sqlite.hpp"
#include "core/wire/link.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace machiai::store {

/// 128 bits of SHA-256 over a text: an idempotency key or a request body, kept instead of the text.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Digest&) const = default;
};
[[nodiscard]] Digest digest(std::string_view text);

/// One event as a row. `request` is the digest of the command's body: the same key with another body is
/// refused, also after a restart.
struct EventRow {
  queue::Event event;
  base::Date date;
  std::uint64_t request = 0;
};

/// A ticket as the projection has it.
struct TicketRow {
  base::Date date;
  std::string service;
  queue::Series series = queue::main_series;
  std::uint32_t n = 0;
  std::string state;
  std::string room;
  std::uint64_t seq = 0; ///< of the last event that touched it
  bool operator==(const TicketRow&) const = default;
};

/// One slip asked for: the print journal is ours, because a killed cupsd forgets its jobs.
struct PrintRow {
  std::uint64_t print = 0;
  base::Date date;
  std::string service;
  queue::Series series = queue::main_series;
  std::uint32_t n = 0;
  int ahead = 0;                        ///< people ahead at issue, as printed
  std::optional<queue::WaitRange> wait; ///< as told at issue, as printed
  bool reprint = false;                 ///< asked for again by a person
  bool marked = false;                  ///< carries the 再発行 bar
  std::string state;                    ///< queued | sending | sent | printed | failed | cancelled | unknown
  std::string reason;
  std::int64_t cups_job = 0;
  int attempt = 0;
  base::Instant issued{}; ///< of the ticket
  base::Instant asked{};  ///< of this print
  base::Instant changed{};
};

/// What one commit writes.
struct Batch {
  std::vector<EventRow> events;
  std::vector<TicketRow> tickets;
  std::vector<PrintRow> prints;
  std::vector<programme::Aired> airings;
  [[nodiscard]] bool empty() const { return events.empty() && prints.empty() && airings.empty(); }
  /// Keeps the room that it had: the next commit writes about as much.
  void clear() {
    events.clear();
    tickets.clear();
    prints.clear();
    airings.clear();
  }
};

/// A key that was used: which request, which event.
struct UsedKey {
  Digest key;
  std::uint64_t request = 0;
  std::uint64_t seq = 0; ///< of the last event it wrote
};

/// What the daemon needs to go on after a start.
struct Loaded {
  queue::Day day;
  std::vector<UsedKey> keys;    ///< of the last eight business dates
  std::vector<PrintRow> prints; ///< unfinished, or of the open business date
  std::uint64_t last_print = 0;
};

class Ledger {
public:
  /// Opens or makes the database; `clinic` must outlive the ledger. A file that is not ours, or of a newer
  /// version, is refused
  /// ("ledger_foreign", "ledger_newer").
  [[nodiscard]] static base::Result<Ledger> open(const std::string& path, const queue::Clinic& clinic,
                                                 Sync sync = Sync::full);
  /// For verify and why: reads beside the writer, never checkpoints.
  [[nodiscard]] static base::Result<Ledger> open_to_read(const std::string& path,
                                                         const queue::Clinic& clinic);

  /// One commit, durable when it returns without error. On an error nothing of the batch is kept.
  [[nodiscard]] base::Status append(const Batch& batch);
  /// Called for each event of the open business date, after it was folded into the day.
  using Folded = std::function<void(const queue::Day& day, const queue::Event& event)>;
  [[nodiscard]] base::Result<Loaded> load(const Folded& folded = {});
  [[nodiscard]] base::Result<EventRow> event_at(std::uint64_t seq);
  /// Rows from..to as they are written, with their hashes: what goes up to the cloud.
  [[nodiscard]] base::Result<std::vector<wire::EventLine>> lines(std::uint64_t from, std::uint64_t to);
  /// Rows of one business date in order, each handed to `visit`; stops at the first error.
  using Visit = std::function<base::Status(EventRow&&)>;
  [[nodiscard]] base::Status each_event(base::Date from, const Visit& visit);
  /// Rows of one business date alone.
  [[nodiscard]] base::Status each_event_of(base::Date date, const Visit& visit);
  /// Business dates that were opened, from..to, in the order of their opening.
  [[nodiscard]] base::Result<std::vector<base::Date>> dates(base::Date from, base::Date to);
  [[nodiscard]] base::Result<std::vector<TicketRow>> tickets(base::Date date);
  [[nodiscard]] base::Result<std::vector<PrintRow>> prints(base::Date date);
  /// As read_airings.
  [[nodiscard]] base::Result<std::vector<programme::Aired>> airings(base::Date from, base::Date to) {
    return read_airings(db_, from, to);
  }

  /// First thing that does not hold, or how much was checked.
  struct Verified {
    std::uint64_t events = 0;
    std::uint64_t tickets = 0;
    std::uint64_t days = 0;
    std::vector<std::string> broken; ///< in words, at most 20: "event 17: chain broken"
  };
  [[nodiscard]] base::Result<Verified> verify();

private:
  Ledger(Database db, const queue::Clinic& clinic) : db_(std::move(db)), clinic_(&clinic) {}
  [[nodiscard]] base::Status prepare_schema();
  [[nodiscard]] base::Status load_chain_end();
  [[nodiscard]] base::Status write(const Batch& batch);
  [[nodiscard]] base::Status write_event(const EventRow& row);
  [[nodiscard]] base::Status check_pages(Verified& result);
  [[nodiscard]] base::Status check_chain(Verified& result);
  [[nodiscard]] base::Status check_highest(const queue::Day& day);
  [[nodiscard]] base::Status load_keys(base::Date from, std::vector<UsedKey>& keys);

  Database db_;
  const queue::Clinic* clinic_;
  Statement begin_, commit_, rollback_, insert_event_, upsert_ticket_, upsert_print_;
  AiringWriter airings_;
  Hash last_hash_{};
  std::uint64_t last_seq_ = 0;
  Hash pending_hash_{};
  std::uint64_t pending_seq_ = 0;
};

/// The chain: SHA-256 over the previous hash and every column of the row, each with its length.
[[nodiscard]] Hash chain_hash(const Hash& previous, const EventRow& row, std::string_view kind,
                              std::string_view body);

} // namespace machiai::store
