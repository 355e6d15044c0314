// SPDX-License-Identifier: Apache-2.0
#include "core/store/ledger.hpp"
#include "core/store/projection.hpp"
#include "core/wire/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace machiai::store {

namespace {

using base::Result;
using base::Status;

constexpr std::size_t most_findings = 20;

/// What is read in its life is of one moment, whatever the station commits meanwhile.
class Moment {
public:
  explicit Moment(Database& db) : db_(db), begun_(db.execute("BEGIN")) {}
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;
  ~Moment() {
    if (begun_) static_cast<void>(db_.execute("COMMIT"));
  }
  [[nodiscard]] Status begun() const { return begun_; }

private:
  Database& db_;
  Status begun_;
};

auto order_of(const TicketRow& row) {
  return std::tie(row.service, row.series, row.n);
}

/// Walks the ledger once: chain, series, and each day's tickets against the projection.
class Verifier {
public:
  Verifier(Ledger& ledger, const queue::Clinic& clinic, Ledger::Verified& result)
      : ledger_(ledger), clinic_(clinic), result_(result), day_(queue::new_day(clinic)) {}

  Status take(EventRow&& row) {
    ++result_.events;
    const queue::Event& event = row.event;
    if (event.seq != last_seq_ + 1) broken(fmt::format("event {}: follows {}", event.seq, last_seq_));
    last_seq_ = event.seq;
    if (std::holds_alternative<queue::DayOpened>(event.body)) {
      MACHIAI_TRY(end_day());
      const base::Date opened = std::get<queue::DayOpened>(event.body).date;
      if (!opened_.emplace(opened.days, event.seq).second)
        broken(fmt::format("event {}: {} opened twice", event.seq, base::iso_date(opened)));
    }
    check_series(event);
    explain(event);
    queue::fold(clinic_, day_, event);
    project_event(clinic_, day_, event, rows_);
    return {};
  }

  Status end_day() {
    if (!day_.opened && rows_.empty()) return {};
    ++result_.days;
    std::map<std::tuple<std::string, queue::Series, std::uint32_t>, TicketRow> expected;
    for (TicketRow& row : rows_) expected[{row.service, row.series, row.n}] = row;
    rows_.clear();
    auto stored = ledger_.tickets(day_.date);
    MACHIAI_TRY(stored);
    result_.tickets += stored->size();
    std::sort(stored->begin(), stored->end(),
              [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
    auto at = stored->begin();
    for (const auto& [id, row] : expected) {
      if (at == stored->end() || !(*at == row)) {
        broken(fmt::format("{} {} {}{}: projection differs", base::iso_date(day_.date), row.service,
                           queue::series_text(row.series), row.n));
        return {};
      }
      ++at;
    }
    if (at != stored->end()) broken(fmt::format("{}: tickets without events", base::iso_date(day_.date)));
    check_gaps();
    return {};
  }

  /// The table of days says where a start begins to read: each row is a day_opened, and each day_opened a
  /// row.
  Status check_days(Database& db) {
    auto unlisted = opened_;
    Statement rows(db, "SELECT date, seq FROM day ORDER BY date");
    MACHIAI_TRY(rows.bind_all());
    for (;;) {
      const auto more = rows.step();
      MACHIAI_TRY(more);
      if (!*more) break;
      const auto day = unlisted.find(rows.integer(0));
      if (day == unlisted.end()) {
        broken(fmt::format("day {}: listed, and no event opened it", rows.integer(0)));
        continue;
      }
      if (static_cast<std::uint64_t>(rows.integer(1)) != day->second)
        broken(fmt::format("{}: opened by event {}, listed with {}", iso(day->first), day->second,
                           rows.integer(1)));
      unlisted.erase(day);
    }
    for (const auto& [date, seq] : unlisted)
      broken(fmt::format("{}: opened by event {}, not listed", iso(date), seq));
    return {};
  }

private:
  static std::string iso(std::int64_t opened) {
    return base::iso_date(base::Date{static_cast<std::int32_t>(opened)});
  }

  void broken(std::string what) {
    if (result_.broken.size() < most_findings) result_.broken.push_back(std::move(what));
  }

  /// A number is given once (N1).
  void check_series(const queue::Event& event) {
    const auto* taken = std::get_if<queue::Taken>(&event.body);
    if (taken == nullptr) return;
    const auto& index = day_.counters[static_cast<std::size_t>(taken->ticket.service)].index;
    const auto series = index.find(taken->ticket.series);
    if (series == index.end() || taken->ticket.n > series->second.size()) return;
    // What was given outside comes down in any order, also into what was declared void meanwhile.
    const queue::TicketIndex at = series->second[taken->ticket.n - 1];
    if (!taken->accepted || (at != queue::no_ticket && at != queue::void_number))
      broken(fmt::format("event {}: number {} was given before", event.seq, taken->ticket.n));
  }

  void explain(const queue::Event& event) {
    if (const auto* voided = std::get_if<queue::Voided>(&event.body))
      for (std::uint32_t n = voided->from; n <= voided->to; ++n)
        explained_.insert({voided->service, voided->series, n});
  }

  /// Every number up to the highest is a ticket or explained as void (N3). With a cloud some may have been
  /// given there and not come down: the cloud explains those.
  void check_gaps() {
    if (clinic_.linked) return explained_.clear();
    for (const queue::Counter& counter : day_.counters)
      for (const auto& [series, index] : counter.index)
        for (std::size_t i = 0; i < index.size(); ++i)
          if (index[i] == queue::no_ticket &&
              explained_.count({static_cast<int>(&counter - day_.counters.data()), series, i + 1}) == 0)
            broken(fmt::format("{}: number {}{} is not explained", base::iso_date(day_.date),
                               queue::series_text(series), i + 1));
    explained_.clear();
  }

  Ledger& ledger_;
  const queue::Clinic& clinic_;
  Ledger::Verified& result_;
  queue::Day day_;
  std::vector<TicketRow> rows_;
  std::map<std::int64_t, std::uint64_t> opened_; ///< date -> its day_opened
  std::set<std::tuple<int, queue::Series, std::size_t>> explained_;
  std::uint64_t last_seq_ = 0;
};

} // namespace

TicketRow project(const queue::Clinic& clinic, const queue::Day& day, queue::TicketIndex at) {
  const queue::Ticket& ticket = day.tickets[at];
  const bool in_hands = queue::is_live(ticket.state) && ticket.room >= 0;
  return {day.date,
          clinic.services[ticket.service].id,
          ticket.series,
          ticket.n,
          std::string(queue::state_name(ticket.state)),
          in_hands ? clinic.rooms[static_cast<std::size_t>(ticket.room)].id : std::string{},
          ticket.touched};
}

void project_event(const queue::Clinic& clinic, const queue::Day& day, const queue::Event& event,
                   std::vector<TicketRow>& rows) {
  if (std::holds_alternative<queue::Undone>(event.body) ||
      std::holds_alternative<queue::Voided>(event.body)) {
    // An undone call may have brought back who was in the room before; a void is of a range.
    for (queue::TicketIndex at = 0; at < day.tickets.size(); ++at)
      if (day.tickets[at].touched == event.seq) rows.push_back(project(clinic, day, at));
    return;
  }
  const queue::TicketRef* ref = wire::event_ticket(event.body);
  if (ref == nullptr) return;
  if (const auto at = queue::find_ticket(day, *ref)) rows.push_back(project(clinic, day, *at));
}

Result<Ledger::Verified> Ledger::verify() {
  const Moment moment(db_);
  MACHIAI_TRY(moment.begun());
  Verified result;
  Verifier verifier(*this, *clinic_, result);
  MACHIAI_TRY(check_pages(result));
  MACHIAI_TRY(check_chain(result));
  // From before any date: a station whose clock said 1970 has a business date 0.
  constexpr base::Date before_all{std::numeric_limits<std::int32_t>::min()};
  const auto read = each_event(before_all, [&](EventRow&& row) { return verifier.take(std::move(row)); });
  if (!read && read.error().reason == "ledger_damaged") {
    // What follows it cannot be judged.
    result.broken.push_back(read.error().detail + ": cannot be read");
    return result;
  }
  MACHIAI_TRY(read);
  MACHIAI_TRY(verifier.end_day());
  MACHIAI_TRY(verifier.check_days(db_));
  auto airing = check_airings(db_);
  MACHIAI_TRY(airing);
  if (!airing->empty()) result.broken.push_back(std::move(*airing));
  return result;
}

/// SQLite's own check of the file, and that no ticket lies outside the days.
Status Ledger::check_pages(Verified& result) {
  Statement check(db_, "PRAGMA quick_check(1)");
  MACHIAI_TRY(check.bind_all());
  const auto row = check.step();
  MACHIAI_TRY(row);
  if (*row && check.text(0) != "ok") result.broken.emplace_back("database pages damaged");
  Statement stray(db_, "SELECT count(*) FROM ticket WHERE date NOT IN (SELECT date FROM day)");
  MACHIAI_TRY(stray.bind_all());
  const auto counted = stray.step();
  MACHIAI_TRY(counted);
  if (*counted && stray.integer(0) != 0) result.broken.emplace_back("tickets of a day that never opened");
  return {};
}

Status Ledger::check_chain(Verified& result) {
  Statement rows(db_,
                 "SELECT seq, grp, epoch, at, date, kind, actor, seat, key, request, body, hash FROM event "
                 "ORDER BY seq");
  MACHIAI_TRY(rows.bind_all());
  Hash hash{};
  for (;;) {
    const auto more = rows.step();
    MACHIAI_TRY(more);
    if (!*more) return {};
    EventRow row;
    row.event.seq = static_cast<std::uint64_t>(rows.integer(0));
    row.event.group = static_cast<std::uint64_t>(rows.integer(1));
    row.event.epoch = static_cast<std::uint64_t>(rows.integer(2));
    row.event.at = base::instant_from_ms(rows.integer(3));
    row.date = base::Date{static_cast<std::int32_t>(rows.integer(4))};
    row.event.actor = rows.text(6);
    row.event.seat = rows.text(7);
    row.event.key = rows.text(8);
    row.request = static_cast<std::uint64_t>(rows.integer(9));
    hash = chain_hash(hash, row, rows.text(5), rows.text(10));
    const std::string_view stored = rows.text(11);
    if (stored.size() == hash.size() &&
        std::equal(hash.begin(), hash.end(), stored.begin(),
                   [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); }))
      continue;
    result.broken.push_back(fmt::format("event {}: chain broken", row.event.seq));
    return {};
  }
}

} // namespace machiai::store
