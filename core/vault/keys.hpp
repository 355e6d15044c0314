// SPDX-License-Identifier: Apache-2.0
// Keys of vaults: the station's own, made once, and one for each item, wrapped by the station's and with the
// instant at which it ends. Wrapping is authenticated encryption as NIST SP 800-38F allows it.
#pragma once

#include "core/base/clock.hpp"
#include "core/vault/vault.hpp"

namespace machiai::vault {

/// An expiry that never comes.
inline constexpr base::Instant never = base::Instant::max();

struct ItemKey {
  Key key;
  FileId id{};
  Digest content{};
  base::Instant expires = never;
};

/// Makes it when it is missing. Error storage "bad_station_key": it is there but is none.
[[nodiscard]] base::Result<Key> station_key(const std::filesystem::path& path);

/// A key for one vault of this content.
[[nodiscard]] ItemKey new_item_key(const Digest& content, base::Instant expires);
[[nodiscard]] base::Status keep_item_key(const std::filesystem::path& path, const Key& station,
                                         const ItemKey& item);
/// Whenever it ends. Errors: not_found "missing_media"; forbidden "foreign_key" (another station's); invalid
/// "bad_item_key" (changed, or of other content).
[[nodiscard]] base::Result<ItemKey> load_item_key(const std::filesystem::path& path, const Key& station,
                                                  const Digest& content);
/// The key to play with now. Error forbidden "right_ended" beside those of load_item_key.
[[nodiscard]] base::Result<ItemKey> usable_item_key(const std::filesystem::path& path, const Key& station,
                                                    const Digest& content, base::Instant now);

} // namespace machiai::vault
