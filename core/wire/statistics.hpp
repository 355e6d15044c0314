// SPDX-License-Identifier: Apache-2.0
// Statistics as JSON and as CSV.
#pragma once

#include "core/queue/statistics.hpp"

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace machiai::wire {

/// Slips of one business date.
struct PrintCount {
  int printed = 0;
  int failed = 0;    ///< failed or unknown
  int reprinted = 0; ///< asked for again by a person, whatever became of them
};
struct DayRow {
  queue::DayCount count;
  PrintCount prints;
};

/// {"days":[...],"total":{...}}; waits in minutes, shares in percent.
[[nodiscard]] boost::json::object statistics_to_json(const std::vector<DayRow>& days);
/// With a header; for each date a line a service, a line a room and one of its slips, each with its own
/// columns filled; RFC 4180.
[[nodiscard]] std::string statistics_csv(const std::vector<DayRow>& days);

} // namespace machiai::wire
