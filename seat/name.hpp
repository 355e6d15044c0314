// SPDX-License-Identifier: Apache-2.0
// What a seat may be called.
#pragma once

#include <QString>
#include <algorithm>

namespace machiai::seat {

/// Letters, digits and dashes, at most 32.
[[nodiscard]] inline bool is_seat_name(const QString& name) {
  const auto plain = [](QChar c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !name.isEmpty() && name.size() <= 32 && std::all_of(name.cbegin(), name.cend(), plain);
}

} // namespace machiai::seat
