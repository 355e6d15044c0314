// SPDX-License-Identifier: Apache-2.0
// Fetches one file of a manifest, on a thread that may wait: what has arrived stays in DIR/SHA256.part
// whatever ends the try, and the next one goes on from there.
#pragma once

#include "core/wire/manifest.hpp"
#include "sync/fetch_rules.hpp"
#include "sync/secure.hpp"

#include <atomic>
#include <filesystem>
#include <functional>

namespace machiai::sync {

struct FetchSettings {
  std::uint64_t bytes_a_second = 0; ///< at most; 0: as fast as it comes
  base::Millis connect{10'000};
  base::Millis silence{30'000}; ///< within which `least` bytes have to come
  std::uint64_t least = 16 * 1024;
  /// Whether so many bytes more may come; asked at the beginning and with every MiB.
  std::function<base::Status(std::uint64_t bytes)> room;
};

/// Seen and called off from another thread.
struct Fetching {
  Interrupt interrupt;
  std::atomic<std::uint64_t> arrived = 0; ///< of the file, with what earlier tries left
};

struct Fetched {
  base::Status status;      ///< done: whole, its SHA-256 compared, and on the disk
  std::uint64_t gained = 0; ///< bytes that came in this try
};

/// Where the file lies while it comes, and when it is whole.
[[nodiscard]] std::filesystem::path part_of(const std::filesystem::path& directory, std::string_view sha256);

/// One try. Errors: those of judge and Secure, of vault::File and `room`; conflict "media_busy" (another
/// writes it); invalid "hash_differs"; invalid "bad_document" (no address). What spoils_part names leaves no
/// part behind.
[[nodiscard]] Fetched fetch(const wire::ManifestFile& file, const std::filesystem::path& directory,
                            SSL_CTX* trusted, const FetchSettings& settings, Fetching& fetching);

} // namespace machiai::sync
