// SPDX-License-Identifier: Apache-2.0
// All statements that are prepared once a connection.
#pragma once

#include <pqxx/pqxx>

namespace machiai::cloud::store {

void prepare(pqxx::connection& connection);

} // namespace machiai::cloud::store
