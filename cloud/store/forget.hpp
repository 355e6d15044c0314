// SPDX-License-Identifier: Apache-2.0
// The one place where personal data is deleted.
#pragma once

#include "cloud/keep.hpp"
#include "cloud/store/database.hpp"
#include "core/base/clock.hpp"

#include <pqxx/pqxx>

#include <set>

namespace machiai::cloud::store {

void prepare_forget(pqxx::connection& connection);

/// Of tickets that get no place, by their tokens: nobody calls these people or writes to them any more.
void forget_these(pqxx::transaction_base& work, int facility, int date, const Column& tokens);

/// Deletes what is past, at most `most` rows of each kind, by one node at a time: another that asks meanwhile
/// has nothing to do. `ended`: facilities whose cards go. Gives whether there is more. Done again it changes
/// nothing.
[[nodiscard]] bool forget(pqxx::connection& connection, const Past& past, const std::set<int>& ended,
                          base::Date today, int most);

} // namespace machiai::cloud::store
