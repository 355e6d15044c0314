// SPDX-License-Identifier: Apache-2.0
// The one place where personal data is deleted for its age.
#pragma once

#include "cloud/keep.hpp"
#include "core/base/clock.hpp"

#include <pqxx/pqxx>

#include <set>

namespace machiai::cloud::store {

void prepare_forget(pqxx::connection& connection);

/// Deletes what is past, at most `most` rows of each kind, by one node at a time: another that asks meanwhile
/// has nothing to do. `ended`: facilities whose cards go. Gives whether there is more. Done again it changes
/// nothing.
[[nodiscard]] bool forget(pqxx::connection& connection, const Past& past, const std::set<int>& ended,
                          base::Date today, int most);

} // namespace machiai::cloud::store
