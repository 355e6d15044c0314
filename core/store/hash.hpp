// SPDX-License-Identifier: Apache-2.0
// A link of the chains that hold events and airings together: SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <string_view>

namespace machiai::store {

using Hash = std::array<unsigned char, 32>;

/// Its bytes, as a column or a digest takes them.
inline std::string_view as_text(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

} // namespace machiai::store
