// SPDX-License-Identifier: Apache-2.0
// The counters of a batch, locked, and the rows that go in with them.
#pragma once

#include "cloud/profile.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/pipeline.hpp"
#include "cloud/store/predicted.hpp"
#include "cloud/wakeup.hpp"
#include "core/base/clock.hpp"

#include <pqxx/pqxx>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace machiai::cloud::store {

struct CounterKey {
  int facility = 0;
  int date = 0;
  std::string service;
  auto operator<=>(const CounterKey&) const = default;
};

struct CounterRow {
  bool owner = true;
  int high = 0;     ///< of the main series
  int web_high = 0; ///< of the cloud's own
  int given = 0;
  int live = 0; ///< of them in line still: booked, or waiting in the clinic's record
  bool paused = false;
  int generation = 1;
  std::optional<std::int64_t> draw_until;
  std::optional<std::int64_t> draw_seed;
  bool stopped = false; ///< by the clinic, for this date
  Predicted predicted;
  std::optional<int> walk_ins{};      ///< held for them on this date; none: as the rules say
  std::optional<int> walk_in_every{}; ///< likewise
  bool trusted = true; ///< false after a restore, until the clinic's record of the date is here (N10)
};

struct Number {
  std::string series;
  int n = 0;
};

/// The next number of the counter (N1, N3), counted as given: of the main series while the cloud owns it.
/// None while the clinic does and can be asked: counted, too, and not given yet.
[[nodiscard]] std::optional<Number> give(CounterRow& counter, bool linked);
/// The clinic was asked and has not answered; it is counted already.
[[nodiscard]] Number give_alone(CounterRow& counter);
/// The ticket has this number from now on, with a row of its own.
void number_ticket(pqxx::transaction_base& work, const CounterKey& key, const std::string& secret,
                   const Number& number);
/// Of these facilities, those whose station was heard a moment ago.
[[nodiscard]] std::set<int> linked_of(pqxx::transaction_base& work, const std::set<int>& facilities,
                                      base::Instant now);

using Counters = std::map<CounterKey, CounterRow>;

/// Locks the counters that there are.
[[nodiscard]] Said locking(const std::set<CounterKey>& keys);
/// What locking() found: none of a date that nobody has booked yet, which lock_counters() makes.
[[nodiscard]] Counters locked(const Answer& answer);
/// Locks the counters, making those that are missing.
[[nodiscard]] Counters lock_counters(pqxx::transaction_base& work, const std::set<CounterKey>& keys);
/// As the columns of an UPDATE.
[[nodiscard]] std::vector<std::string> counter_columns(const Counters& counters);
void save_counters(pqxx::transaction_base& work, const Counters& counters);
/// Draws what is due of this counter; `most`: numbers of the date after which nobody is drawn, none: no cap.
/// Where the clinic gives the numbers and its rules want none of another series it is asked for them in the
/// order of the draw, and while it is away nobody gets one. True: a draw was held, which every page of the
/// facility is told of.
bool draw_counter(pqxx::transaction_base& work, const CounterKey& key, CounterRow& counter,
                  const ServiceProfile* service, std::optional<int> most, base::Instant now);
/// Wake-ups as a column.
[[nodiscard]] Column wake_up_column(const std::set<int>& facilities, Changed what = Changed::facility);
/// Wakes the nodes when the transaction commits.
void notify(pqxx::transaction_base& work, const std::set<int>& facilities, Changed what = Changed::facility);
/// Tells the nodes that stations' events changed their facilities, without waiting for a disk: a notice is no
/// record.
void announce(pqxx::connection& connection, const std::set<int>& facilities);

} // namespace machiai::cloud::store
