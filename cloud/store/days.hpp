// SPDX-License-Identifier: Apache-2.0
// A facility's day as the database has it: what the public routes are made of; and the two things that a
// patient can change in it.
#pragma once

#include "cloud/near.hpp"
#include "cloud/store/predicted.hpp"
#include "cloud/token.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud::store {

struct TicketRow {
  std::string secret; ///< of the token
  std::string service;
  std::string kind;
  std::string request;
  int place = 0;
  std::string series; ///< empty: no number
  int n = 0;
  std::string state;
  std::string arrival;
  base::Instant accepted{};
  std::optional<base::Instant> slot; ///< when its slot begins
  base::Instant placed{};            ///< what its place in the line goes by
};

/// Who asked for a notice by e-mail (store/notices.hpp); never the address.
struct NoticeRow {
  std::string state;
  int near = 0;
};

struct CounterState {
  int last = 0; ///< highest number of the main series
  int given = 0;
  int live = 0;
  bool paused = false;
  std::optional<base::Instant> draw_until; ///< a draw that is not over
  bool stopped = false;                    ///< by the clinic, for this date
  Predicted predicted;
  std::optional<int> walk_ins;      ///< held for them on this date; none: as the rules say
  std::optional<int> walk_in_every; ///< likewise
  bool owner = true;                ///< the main numbers are given here
};

struct Day {
  base::Date date;
  std::map<std::string, CounterState> counters; ///< by service
  std::vector<TicketRow> tickets;               ///< by service and order of acceptance
  std::map<std::string, std::size_t> by_secret;
  std::map<std::string, NoticeRow> notices; ///< by secret of the ticket
  std::optional<base::Date> told;           ///< business date that it spoke of: this one, or its last
  boost::json::object projection;           ///< what it said, see docs/CLOUD.md
  std::optional<base::Instant> as_of;       ///< when it was last heard of
  bool past = false;                        ///< it has begun the next date since
};

[[nodiscard]] Day load_day(pqxx::connection& connection, int facility, base::Date date);
/// The state of a ticket in the clinic's last word of the date; empty where it said none.
[[nodiscard]] std::string last_said(pqxx::transaction_base& read, int facility, base::Date date,
                                    const Placed& ticket);

/// Both answer not_found "unknown_ticket"; done twice they change nothing.
/// Conflicts: "called_already", "ticket_over".
[[nodiscard]] base::Status cancel(pqxx::connection& connection, const Token& token);
/// Conflicts: "ticket_over", "drawing".
[[nodiscard]] base::Status arrive(pqxx::connection& connection, const Token& token);

} // namespace machiai::cloud::store
