// SPDX-License-Identifier: Apache-2.0
// Event bodies as the ledger stores them: a kind and a JSON text. The names are kept for ever.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/clinic.hpp"
#include "core/queue/event.hpp"

#include <string>
#include <string_view>

namespace machiai::wire {

[[nodiscard]] std::string_view event_kind(const queue::EventBody& body);
/// The ticket the event is about, or none.
[[nodiscard]] const queue::TicketRef* event_ticket(const queue::EventBody& body);
[[nodiscard]] std::string event_to_json(const queue::Clinic& clinic, const queue::EventBody& body);
/// Fails with storage "bad_event" when the kind or a field is not known, or "service_gone" when the event
/// names a service that the settings no longer have.
[[nodiscard]] base::Result<queue::EventBody> event_from_json(const queue::Clinic& clinic,
                                                             std::string_view kind, std::string_view text);

} // namespace machiai::wire
