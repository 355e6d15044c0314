// SPDX-License-Identifier: Apache-2.0
// QR codes as modules (libqrencode); paper and glass each draw them.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace machiai::qr {

/// So many modules of nothing belong around a code, or scanners do not find it.
inline constexpr int quiet = 4;

struct Code {
  int width = 0;          ///< modules a side, without the quiet zone
  std::vector<bool> dark; ///< row by row
  [[nodiscard]] bool at(int x, int y) const {
    return dark[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
};
/// Level M: it is read with some 15 % of it dirty. None when the text is longer than any code.
/// `least_version` 3 has 29 modules a side.
[[nodiscard]] std::optional<Code> encode(std::string_view text, int least_version = 0);

} // namespace machiai::qr
