// SPDX-License-Identifier: Apache-2.0
// Requests that came while the clinic owns the series: the clinic is asked, and when it does not answer in
// time the cloud gives numbers of its own. Either way the request gets one answer, the same for ever.
#pragma once

#include "cloud/profile.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud::store {

/// The answer of a request whose tickets all have their numbers; none while the clinic is still being asked.
/// `give_up`: the cloud gives what is missing; storage "not_recorded" after a restore, until the clinic's
/// record is here. Throws what pqxx throws.
[[nodiscard]] base::Result<std::optional<std::string>>
settle(pqxx::connection& connection, const Profile& facility, const std::string& key, bool give_up);

struct Overdue {
  int facility = 0;
  std::string key;
};
/// Requests that nobody waits for any more: their node ended, or the caller went away.
[[nodiscard]] std::vector<Overdue> overdue(pqxx::connection& connection, base::Instant now);

} // namespace machiai::cloud::store
