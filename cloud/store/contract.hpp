// SPDX-License-Identifier: Apache-2.0
// What the provider enters: a facility's contract, and what holds for all facilities. Every node and every
// station that is linked hears of it.
#pragma once

#include "core/base/result.hpp"

#include <boost/json.hpp>
#include <pqxx/pqxx>

#include <string>

namespace machiai::cloud::store {

/// As it was entered (docs/CLOUD.md, "facilities.json"). Not_found "unknown_facility".
[[nodiscard]] base::Result<boost::json::object> contract_of(pqxx::connection& connection,
                                                            const std::string& facility);
/// In the place of the one before, whole. Not_found "unknown_facility", invalid "bad_settings" with the
/// place.
[[nodiscard]] base::Status set_contract(pqxx::connection& connection, const std::string& facility,
                                        const boost::json::object& contract);

/// {"hours", "maintenance"}
[[nodiscard]] boost::json::object provider_of(pqxx::connection& connection);
/// Invalid "bad_settings" with the place.
[[nodiscard]] base::Status set_provider(pqxx::connection& connection, const boost::json::object& provider);

} // namespace machiai::cloud::store
