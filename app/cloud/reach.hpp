// SPDX-License-Identifier: Apache-2.0
// What every verb of machiai-cloud needs: exit codes, refusals in words, the database of a cloud that serves.
#pragma once

#include "app/cloud/serve.hpp"
#include "cloud/cluster.hpp"
#include "cloud/store/database.hpp"
#include "core/base/result.hpp"

#include <exception>
#include <filesystem>

namespace machiai::cloud {

inline constexpr int exit_done = 0;
inline constexpr int exit_usage = 2;
inline constexpr int exit_refused = 3;
inline constexpr int exit_not_reachable = 4;

/// Tells why, and gives the code back.
int refuse(int code, const base::Error& error);
[[nodiscard]] int code_of(const base::Error& error);
void set_up_log();
/// Why the database of a home cannot be reached: nobody serves it, or there is no cloud.
[[nodiscard]] base::Error not_serving(const Options& options);

[[nodiscard]] std::filesystem::path card_key_file(const Options& options);
[[nodiscard]] std::filesystem::path media_dir(const Options& options);
[[nodiscard]] std::filesystem::path media_key_file(const Options& options);

template <class Work> int beside_serving(const Options& options, Work work) {
  set_up_log();
  base::Result<std::string> url = options.database;
  if (options.database.empty()) url = Cluster::url(options.home);
  auto connection = url ? store::open(*url) : tl::unexpected(url.error());
  if (!connection) {
    base::Error why = connection.error();
    if (options.database.empty() && why.reason == "database_away") why = not_serving(options);
    return refuse(code_of(why), why);
  }
  try {
    return work(**connection);
  } catch (const std::exception&) {
    return refuse(exit_not_reachable, {base::Error::Code::device, "database_away", {}});
  }
}

} // namespace machiai::cloud
