// SPDX-License-Identifier: Apache-2.0
// The way to a key, as the model of the seat uses it.
#pragma once

#include "room/model.hpp"

namespace machiai::room {

/// A touch on a page that is not the seat.
[[nodiscard]] Step touched_entry(Glass glass, std::string_view name);
/// Signs without spaces and in capitals, as people may have typed them.
[[nodiscard]] std::string plain_check(std::string_view text);

} // namespace machiai::room
