// SPDX-License-Identifier: Apache-2.0
// What the cloud takes from outside, told to the clinic: the link's document "acceptance".
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"
#include "core/wire/link.hpp"

#include <string>
#include <string_view>

namespace machiai::wire {

inline constexpr std::string_view acceptance_document = "acceptance";

/// Its version is the moment it was made; what a station knows itself (`current`) is left out.
[[nodiscard]] LinkDocument acceptance_document_of(const queue::AcceptanceView& view);
/// Of a document's body, or of the file that keeps it. Invalid "bad_document", the field in the detail.
[[nodiscard]] base::Result<queue::AcceptanceView> acceptance_from_text(std::string_view body);

} // namespace machiai::wire
