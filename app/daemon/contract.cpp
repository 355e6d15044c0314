// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/contract.hpp"

#include "core/store/contract.hpp"

#include <spdlog/spdlog.h>

namespace machiai::daemon {

void Contract::load() {
  if (auto told = store::load_contract(home_)) station_.contract_changed(std::move(*told));
}

void Contract::told(std::string_view body) {
  auto told = wire::contract_from_text(body);
  if (!told) return spdlog::warn("link: the contract was not told right: {}", told.error().detail);
  told->at = clock_.now(); // by this machine's clock, as everything that the desk shows
  // A disk that does not take it costs nothing but this after a restart.
  (void)files_.post([path = store::contract_file(home_), text = wire::contract_document_of(*told).body] {
    if (const auto kept = store::write_durable_file(path, text + "\n"); !kept)
      spdlog::warn("link: the contract could not be kept: {}", kept.error().reason);
  });
  station_.contract_changed(std::move(*told));
}

} // namespace machiai::daemon
