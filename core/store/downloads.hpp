// SPDX-License-Identifier: Apache-2.0
// When and how fast a station fetches what its cloud tells it of: [cloud] of clinic.toml.
#pragma once

#include "core/store/station.hpp"

#include <cstdint>

namespace machiai::store {

struct DownloadSettings {
  int from = 0;  ///< minutes of the day in Japan between which films are fetched, [from, until)
  int until = 0; ///< the same as `from`: at any time; less: over midnight
  int kbit = 0;  ///< a second at most; 0: as fast as it comes
  bool operator==(const DownloadSettings&) const = default;
};

/// Reads `download_from`, `download_until` and `download_kbit`. Error invalid "bad_settings" with the place.
[[nodiscard]] base::Result<DownloadSettings> load_download_settings(const Home& home);

} // namespace machiai::store
