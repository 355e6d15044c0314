// SPDX-License-Identifier: Apache-2.0
// The store of files: DIR/media/ab/<sha256>, plain bytes under the SHA-256 of their content, so that any
// server of files can give them. A name that is there is whole: written beside it, on the disk, and then
// named.
#pragma once

#include "core/base/result.hpp"
#include "core/vault/file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace machiai::cloud {

[[nodiscard]] std::filesystem::path content_file(const std::filesystem::path& dir, std::string_view sha256);

struct Content {
  std::string sha256;
  std::uint64_t bytes = 0;
};
/// Takes a copy of the source; what is there already and whole stays. Errors: conflict "media_busy" (another
/// writes it), invalid "media_empty", those of vault::File.
[[nodiscard]] base::Result<Content> keep_content(const std::filesystem::path& dir, const vault::File& source);
[[nodiscard]] base::Result<Content> keep_content(const std::filesystem::path& dir, std::string_view text);
/// To be sent. Not_found "content_missing" for what is not there, and for what is no file.
[[nodiscard]] base::Result<vault::File> open_content(const std::filesystem::path& dir,
                                                     std::string_view sha256);
/// By its length alone; its bytes are looked at by verify_content and by whoever fetches it.
[[nodiscard]] bool content_there(const std::filesystem::path& dir, std::string_view sha256,
                                 std::uint64_t bytes);
/// Reads all of it. Not_found "content_missing", invalid "content_changed".
[[nodiscard]] base::Status verify_content(const std::filesystem::path& dir, std::string_view sha256);
[[nodiscard]] base::Status drop_content(const std::filesystem::path& dir, std::string_view sha256);

/// Deletes what writers that were killed left behind; what another writes just now stays.
void sweep_parts(const std::filesystem::path& dir);

/// The key of signed addresses. When it is missing it is made of another secret, so that nodes that share
/// that one come to the same. Invalid "bad_settings" when it cannot be read as a key.
[[nodiscard]] base::Result<std::string> media_key(const std::filesystem::path& file, std::string_view secret);

} // namespace machiai::cloud
