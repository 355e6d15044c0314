// SPDX-License-Identifier: Apache-2.0
// Where a film lies below HOME/media, and opening one to play it.
#pragma once

#include "core/vault/keys.hpp"

namespace machiai::vault {

/// "ab/abcdef....vault" and what lies beside it.
struct FilmFiles {
  std::filesystem::path vault, key, label;
};
[[nodiscard]] FilmFiles film_files(const std::filesystem::path& media, std::string_view sha256);

/// What a deck plays at `now`. Errors of usable_item_key and Reader::open; invalid "bad_hash".
[[nodiscard]] base::Result<Reader> open_film(const std::filesystem::path& media, const Key& station,
                                             std::string_view sha256, base::Instant now);

} // namespace machiai::vault
