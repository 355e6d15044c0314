// SPDX-License-Identifier: Apache-2.0
// What the pages and the touches both ask of the hub's view.
#pragma once

#include "kiosk/model.hpp"

#include <string_view>

namespace machiai::kiosk {

/// Null without the view or the service.
[[nodiscard]] const queue::ServiceView* find_service(const queue::KioskView* view, std::string_view id);
/// Whether this counter gives numbers now.
[[nodiscard]] bool takes(const queue::ServiceView& service);
/// The page of the session, or what stands for it when the view can no longer hold it.
[[nodiscard]] Face face_of(const queue::KioskView* view, const Session& session, bool reachable);

} // namespace machiai::kiosk
