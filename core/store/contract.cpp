// SPDX-License-Identifier: Apache-2.0
#include "core/store/contract.hpp"

namespace machiai::store {

std::filesystem::path contract_file(const Home& home) {
  return home.cloud() / "contract.json";
}

std::optional<wire::ContractTold> load_contract(const Home& home) {
  const auto text = read_file(contract_file(home));
  auto told = text ? wire::contract_from_text(*text) : tl::unexpected(text.error());
  return told ? std::optional(std::move(*told)) : std::nullopt;
}

programme::Facts under_contract(programme::Facts facts, const std::optional<wire::ContractTold>& told,
                                base::Instant now) {
  if (!told) return facts;
  const service::Signage signage = service::signage(told->contract, now);
  facts.signage = signage.covered;
  facts.suspended = signage.suspended;
  facts.until = signage.until;
  return facts;
}

} // namespace machiai::store
