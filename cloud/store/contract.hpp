// SPDX-License-Identifier: Apache-2.0
// What the provider enters: a facility's contract, and what holds for all facilities. Every node and every
// station that is linked hears of it.
#pragma once

#include "cloud/profile.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <functional>
#include <string>

namespace machiai::cloud::store {

/// Makes what is agreed of what was, while nobody else changes it; what is the same is not written.
using TermsChange = std::function<base::Result<boost::json::object>(const boost::json::object&)>;
/// As it was entered (docs/CLOUD.md, "facilities.json"), and as `made` makes it, which is given back.
/// Not_found "unknown_facility", invalid "bad_settings" with the place.
[[nodiscard]] base::Result<boost::json::object>
change_contract(pqxx::connection& connection, const std::string& facility, const TermsChange& made);

/// Makes a facility's whole entry of the one before.
struct ProfileChange {
  std::function<base::Result<boost::json::object>(const boost::json::object&)> made;
  Written written = Written::now; ///< before: the rest is as it was kept, whatever an earlier program took in
};
/// The facility's entry as `change` makes it; what it makes of id, number and contract does not count. Every
/// node and the station hear of it when it is another. Not_found "unknown_facility", invalid "bad_settings"
/// with the place, "same_prefix", conflict "service_has_tickets": a counter cannot go while somebody has a
/// number of `today` or later there.
[[nodiscard]] base::Result<boost::json::object> change_profile(pqxx::connection& connection,
                                                               const std::string& facility,
                                                               const ProfileChange& change, base::Date today);

/// {"hours", "maintenance", "keep"}, likewise. Invalid "bad_settings" with the place.
[[nodiscard]] base::Result<boost::json::object> change_provider(pqxx::connection& connection,
                                                                const TermsChange& made);

} // namespace machiai::cloud::store
