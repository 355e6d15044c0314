// SPDX-License-Identifier: Apache-2.0
// What the provider's contract with a facility says, and what it announces, told to its station: the link's
// document "contract". The station decides by it alone, also when the cloud is away.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"
#include "core/service/contract.hpp"
#include "core/wire/link.hpp"

#include <string_view>
#include <vector>

namespace machiai::wire {

inline constexpr std::string_view contract_document = "contract";

struct ContractTold {
  base::Instant at{}; ///< when the cloud said so
  service::Provider provider;
  service::Contract contract;
};

/// Its version is the moment it was made.
[[nodiscard]] LinkDocument contract_document_of(const ContractTold& told);
/// Of a document's body, or of the file that keeps it. Invalid "bad_document", the field in the detail.
[[nodiscard]] base::Result<ContractTold> contract_from_text(std::string_view body);

/// service::announcements as the desk's view has them.
[[nodiscard]] std::vector<queue::StandingView> standing_views(const ContractTold& told, base::Instant now);
/// What the board and the kiosk say of it to patients, without a pattern while there is nothing to say: that
/// phones are not served now (hours §3-1(19), suspension §12, maintenance §13), with the time from which they
/// are again if that is today; and for a month, that they are served no more (§14, §16).
[[nodiscard]] queue::MessageView phones_rest(const ContractTold& told, base::Instant now);

} // namespace machiai::wire
