// SPDX-License-Identifier: Apache-2.0
#include "core/store/seen_time.hpp"

#include "core/store/sqlite.hpp"

namespace machiai::store {

base::Result<std::optional<base::Instant>> latest_recorded(const Home& home) {
  std::error_code error;
  if (!std::filesystem::exists(home.ledger(), error)) return std::nullopt;
  auto db = Database::open(home.ledger().string(), Access::read_only);
  MACHIAI_TRY(db);
  // A screen's clock is the station's: an airing ends when the station's clock said so.
  Statement newest(*db, "SELECT MAX(COALESCE((SELECT MAX(at) FROM event), 0), "
                        "COALESCE((SELECT MAX(ended) FROM airing), 0))");
  MACHIAI_TRY(newest.bind_all());
  const auto row = newest.step();
  MACHIAI_TRY(row);
  if (!*row || newest.integer(0) == 0) return std::nullopt;
  return base::instant_from_ms(newest.integer(0));
}

} // namespace machiai::store
