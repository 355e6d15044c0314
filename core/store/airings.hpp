// SPDX-License-Identifier: Apache-2.0
// What was shown, as rows of the ledger's database: append-only, each once, chained by SHA-256 like the
// events.
#pragma once

#include "core/programme/aired.hpp"
#include "core/store/hash.hpp"
#include "core/store/sqlite.hpp"

namespace machiai::store {

/// The table, for a new database and for one of version 2.
extern const char* const airing_schema;

class AiringWriter {
public:
  AiringWriter() = default;
  /// Reads the end of the chain.
  [[nodiscard]] static base::Result<AiringWriter> open(Database& db);
  void begin() { pending_ = last_; }
  /// Inside a transaction. A record whose id is there already changes nothing.
  [[nodiscard]] base::Status write(const programme::Aired& aired);
  void committed() { last_ = pending_; }

private:
  Statement known_, insert_;
  Hash last_{}, pending_{};
};

/// Those that began on these dates in Japan, inclusive, in the order in which they were recorded.
[[nodiscard]] base::Result<std::vector<programme::Aired>> read_airings(Database& db, base::Date from,
                                                                       base::Date to);
/// The first record whose place in the chain does not hold, in words; empty: all hold.
[[nodiscard]] base::Result<std::string> check_airings(Database& db);

} // namespace machiai::store
