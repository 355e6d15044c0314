// SPDX-License-Identifier: Apache-2.0
// The rows that core/numbering's rules lock: which machine is the clinic's, and who gives a counter's
// numbers. Both throw what pqxx throws. Who takes both takes the seat first.
#pragma once

#include "core/base/clock.hpp"
#include "core/numbering/cloud.hpp"
#include "core/numbering/station.hpp"

#include <pqxx/pqxx>

#include <string>

namespace machiai::cloud::store {

/// Made when there is none.
[[nodiscard]] numbering::Seat lock_seat(pqxx::work& work, int facility);
void save_seat(pqxx::work& work, int facility, const numbering::Seat& seat);

/// The counter of a service on a date, locked; made when there is none, as "make_counters" does.
[[nodiscard]] numbering::Cloud lock_cloud(pqxx::work& work, int facility, base::Date date,
                                          const std::string& service);
void save_cloud(pqxx::work& work, int facility, base::Date date, const std::string& service,
                const numbering::Cloud& cloud);

} // namespace machiai::cloud::store
