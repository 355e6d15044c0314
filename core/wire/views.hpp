// SPDX-License-Identifier: Apache-2.0
// Views as JSON, both ways; the seats and the hub share these.
#pragma once

#include "core/base/result.hpp"
#include "core/queue/views.hpp"

#include <boost/json.hpp>

namespace machiai::wire {

[[nodiscard]] boost::json::object to_json(const queue::BoardView& view);
[[nodiscard]] boost::json::object to_json(const queue::KioskView& view);
[[nodiscard]] boost::json::object to_json(const queue::DeskView& view);
[[nodiscard]] boost::json::object to_json(const queue::RoomsView& view);
[[nodiscard]] boost::json::object to_json(const queue::TicketView& view);
[[nodiscard]] boost::json::object to_json(const queue::PrintView& view);
[[nodiscard]] boost::json::object to_json(const queue::AcceptanceView& view);
[[nodiscard]] boost::json::object to_json(const queue::StandingView& view);

/// Missing or mistyped fields are an error (reason "bad_view"); unknown ones are skipped.
[[nodiscard]] base::Result<queue::BoardView> board_from_json(const boost::json::object& json);
[[nodiscard]] base::Result<queue::KioskView> kiosk_from_json(const boost::json::object& json);
[[nodiscard]] base::Result<queue::RoomsView> rooms_from_json(const boost::json::object& json);
/// Nothing is said of its values (core/wire/acceptance.hpp).
[[nodiscard]] base::Result<queue::AcceptanceView> acceptance_from_json(const boost::json::object& json);
[[nodiscard]] base::Result<queue::DeskView> desk_from_json(const boost::json::object& json);

} // namespace machiai::wire
