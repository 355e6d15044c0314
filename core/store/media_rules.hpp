// SPDX-License-Identifier: Apache-2.0
// What the media shelf may take of the disk, what it gives up first, and until when films may be played: pure
// functions.
#pragma once

#include "core/programme/plan.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace machiai::store {

/// Bytes, as they were measured.
struct MediaSpace {
  std::uint64_t quota = 0;                        ///< the shelf may take
  std::uint64_t used = 0;                         ///< it takes
  std::uint64_t ledger_size = 0, ledger_free = 0; ///< of the ledger's file system
  std::uint64_t media_free = 0;                   ///< of the shelf's
  bool one_disk = true;                           ///< the two are the same
};

/// What films leave free of the ledger's file system: 1 GiB or 5 %, whichever is more.
[[nodiscard]] std::uint64_t ledger_reserve(std::uint64_t file_system);
/// How much may still be written.
[[nodiscard]] std::uint64_t media_room(const MediaSpace& space);
/// Errors: limit "media_quota"; storage "media_reserve" (the rest is the ledger's), "media_disk_full".
[[nodiscard]] base::Status may_take(const MediaSpace& space, std::uint64_t bytes);
/// Over the quota or into the ledger's reserve by so much.
[[nodiscard]] std::uint64_t over_the_limits(const MediaSpace& space);

/// Programme and item that name a film.
struct NeededBy {
  std::string programme, item;
  bool operator==(const NeededBy&) const = default;
};
using Needed = std::map<std::string, std::vector<NeededBy>, std::less<>>; ///< by SHA-256
/// By programmes whose period is not over.
[[nodiscard]] Needed needed_media(const std::vector<programme::Loaded>& loaded, base::Date today);

/// The end of the last right that any programme gives to that provided content or ad; nothing when none does.
[[nodiscard]] std::optional<base::Instant> right_ends(const std::vector<programme::Loaded>& loaded,
                                                      std::string_view sha256);

/// What eviction asks of a film.
struct Evictable {
  std::string sha256;
  std::uint64_t bytes = 0;
  base::Instant added{};
  bool ended = false;    ///< its right is over
  bool provided = false; ///< it can be fetched again
};
/// The clinic's own film, named by no programme, is kept so long.
inline constexpr base::Millis own_grace = std::chrono::hours{24 * 30};
/// Films to give up for `bytes`: first those whose right is over, then what can be fetched again, then the
/// clinic's own after `own_grace`; the oldest first. Never one that is needed. May be too few.
[[nodiscard]] std::vector<std::string> plan_eviction(std::vector<Evictable> films, const Needed& needed,
                                                     std::uint64_t bytes, base::Instant now);

} // namespace machiai::store
