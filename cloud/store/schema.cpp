// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/schema.hpp"

#include <spdlog/spdlog.h>

#include <string>

namespace machiai::cloud::store {

namespace {

/// Of our own among the advisory locks of this database.
constexpr const char* one_at_a_time = "SELECT pg_advisory_xact_lock(7223811)";

int reached(pqxx::work& work) {
  work.exec0("CREATE TABLE IF NOT EXISTS migration (number integer PRIMARY KEY, applied_at bigint NOT NULL)");
  return work.exec1("SELECT coalesce(max(number), 0) FROM migration")[0].as<int>();
}

} // namespace

base::Result<int> migrate(pqxx::connection& connection, base::Instant now) {
  const int last = migrations().back().number;
  try {
    pqxx::work work(connection);
    work.exec(one_at_a_time);
    work.exec("SET client_min_messages = warning");
    const int from = reached(work);
    if (from > last) return base::fail(base::Error::Code::storage, "schema_newer", std::to_string(from));
    for (const Migration& each : migrations()) {
      if (each.number <= from) continue;
      work.exec(std::string(each.sql));
      work.exec_params("INSERT INTO migration (number, applied_at) VALUES ($1, $2)", each.number,
                       base::to_ms(now));
      spdlog::info("migration {} applied", each.number);
    }
    work.commit();
    return last;
  } catch (const pqxx::sql_error& error) {
    return base::fail(base::Error::Code::storage, "not_recorded", error.sqlstate());
  } catch (const std::exception&) {
    return base::fail(base::Error::Code::storage, "not_recorded", "migration");
  }
}

} // namespace machiai::cloud::store
