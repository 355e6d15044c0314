// SPDX-License-Identifier: Apache-2.0
// The view "programme" as a seat reads it: what plays, what comes next, what the clinic has still to decide.
#pragma once

#include "core/base/clock.hpp"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace machiai::wire {

/// One item, or a scene, with its time.
struct Turn {
  std::string item; ///< "scene" for one of our own drawing
  std::string kind;
  std::string reason;
  base::Instant from{}, until{};
  std::string sha256, programme;
  int version = 0;
  std::string title, title_en;
};
struct Playbill {
  Turn now;
  Turn next;
  /// The programme whose approval the clinic still owes, the one with the nearest deadline.
  std::string waiting;
  base::Instant deadline{};
  bool paused = false, muted = false; ///< by hand, at the reception
};
/// None when it is not one.
[[nodiscard]] std::optional<Playbill> playbill_from_json(const boost::json::object& view);

} // namespace machiai::wire
