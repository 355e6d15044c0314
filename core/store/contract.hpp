// SPDX-License-Identifier: Apache-2.0
// What this station was told of its contract last, in HOME/cloud/contract.json. Without a cloud there is
// none, and everything is covered.
#pragma once

#include "core/programme/plan.hpp"
#include "core/store/station.hpp"
#include "core/wire/contract.hpp"

#include <optional>

namespace machiai::store {

[[nodiscard]] std::filesystem::path contract_file(const Home& home);
/// None when there is no file, or none of ours.
[[nodiscard]] std::optional<wire::ContractTold> load_contract(const Home& home);
/// The facts with what the contract says of the films at `now`.
[[nodiscard]] programme::Facts
under_contract(programme::Facts facts, const std::optional<wire::ContractTold>& told, base::Instant now);

} // namespace machiai::store
