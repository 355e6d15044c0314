// SPDX-License-Identifier: Apache-2.0
// After a backup of the database was put back: what was given since the backup is unknown, and nothing of it
// may be given again (N1, N10). The rules are core/numbering's; here is their transaction.
#pragma once

#include "cloud/token.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <functional>
#include <optional>
#include <string>

namespace machiai::cloud::store {

/// Makes what a backup holds fit to go on, before anybody is served: a generation above that of the backup
/// and above `above`, counters that give no main number until their clinic has gone on, slots held as far
/// ahead as they could be booked, no station taken for alive. Gives the generation, which `keep` has made
/// durable beside the database before anything of it holds. Conflict "still_served" beside a node.
[[nodiscard]] base::Result<int> restored(pqxx::connection& connection, int above, base::Instant now,
                                         const std::function<base::Status(int)>& keep);

/// Places of the facility's slots may be given again: its clinic knows what was lost, or bears it. Numbers
/// stay apart from the lost ones. Not found "unknown_facility".
[[nodiscard]] base::Status settle(pqxx::connection& connection, const std::string& facility);

/// A booking that this database has forgotten, and of whose number its clinic has told since: its ticket is
/// made again, as the clinic has it. Whether there is one.
[[nodiscard]] bool remember(pqxx::connection& connection, const Token& token);

void prepare_restored(pqxx::connection& connection);
/// Places of the service's slots are unknown up to this date.
[[nodiscard]] std::optional<base::Date> unsure_until(pqxx::transaction_base& work, int facility,
                                                     const std::string& service);

} // namespace machiai::cloud::store
