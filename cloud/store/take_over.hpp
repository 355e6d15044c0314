// SPDX-License-Identifier: Apache-2.0
// A clinic's machine is lost - burnt, stolen, broken - and another takes its place. The rules are
// core/numbering's (take_over, replaced); here is their transaction.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace machiai::cloud::store {

/// Numbers of the main series that the lost machine may have given and nobody gives again.
struct LostNumbers {
  base::Date date{};
  std::string service;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
};
/// The highest number that somebody has on paper, by service (id or number); "": of the only one.
using OnPaper = std::map<std::string, std::uint32_t>;
struct TakenOver {
  std::string code;           ///< with which the next machine is enrolled, once
  std::uint16_t station = 0;  ///< the next one's number
  std::uint64_t record = 0;   ///< the lost one's record is here up to this event
  base::Instant heard{};      ///< the end of its last link; 1970: while it was linked, or a restore was since
  std::int64_t handed_on = 0; ///< numbers from today on whose patients still wait or will come
  std::vector<LostNumbers> lost;
};
/// The station is given up: its certificates count no longer, its link ends, its counters of today are the
/// cloud's above all that it may have given, and what is known of the day waits for the next one. Not_found
/// "unknown_facility", "unknown_service", "no_station"; conflict "station_linked" while it is heard, unless
/// `though_linked`; invalid "bad_argument" for an `above` without a service where there are several, or one
/// that is out of reach.
[[nodiscard]] base::Result<TakenOver> take_over(pqxx::connection& connection, const std::string& facility,
                                                bool though_linked, const OnPaper& above, base::Instant now);

} // namespace machiai::cloud::store
