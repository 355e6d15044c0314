// SPDX-License-Identifier: Apache-2.0
// The numbered migrations, built into the program.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <string_view>
#include <vector>

namespace machiai::cloud::store {

struct Migration {
  int number;
  std::string_view sql;
};
/// In their order, from 1 without a gap; made from cloud/store/migrations at build time.
[[nodiscard]] const std::vector<Migration>& migrations();

/// Brings the database to the last migration; several nodes may try at once. Gives the number reached.
/// Errors: storage "schema_newer" (nothing is changed), "not_recorded".
[[nodiscard]] base::Result<int> migrate(pqxx::connection& connection, base::Instant now);

} // namespace machiai::cloud::store
