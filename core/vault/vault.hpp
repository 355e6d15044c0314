// SPDX-License-Identifier: Apache-2.0
// The container a film lies in on the disk: AES-256-GCM in chunks of 64 KiB, so that a deck can seek, and so
// that not a byte reaches it that was not written so. docs/VAULT.md describes the format.
#pragma once

#include "core/vault/cipher.hpp"

#include <optional>
#include <vector>

namespace machiai::vault {

inline constexpr std::size_t chunk_size = 64 * 1024;
inline constexpr std::size_t header_size = 128;
inline constexpr std::size_t chunk_extra = std::tuple_size_v<Nonce> + std::tuple_size_v<Tag>;
inline constexpr std::uint64_t largest_content = std::uint64_t{64} << 30;

using FileId = std::array<unsigned char, 16>;

/// How long the vault of so many bytes is.
[[nodiscard]] std::uint64_t vault_size(std::uint64_t content);

struct Header {
  std::uint64_t size = 0; ///< of the content
  Digest sha256{};        ///< of the content
  FileId id{};
};

/// Writes PATH.part and names it PATH when it is whole and on the disk. One writer a path.
class Writer {
public:
  /// `key` is fresh for this vault. Error conflict "media_busy": another writes it.
  [[nodiscard]] static base::Result<Writer> create(std::filesystem::path path, const Key& key,
                                                   const FileId& id);
  Writer(Writer&&) = default;
  Writer& operator=(Writer&&) = delete;
  ~Writer(); ///< what was not finished is gone
  [[nodiscard]] base::Status append(Bytes bytes);
  /// Error invalid "hash_differs" when the content is not what was promised.
  [[nodiscard]] base::Result<Header> finish(const std::optional<Digest>& promised = {});

private:
  Writer(std::filesystem::path path, File file, const Key& key, const FileId& id);
  [[nodiscard]] base::Status write_chunk(Bytes plain);

  std::filesystem::path path_;
  std::optional<File> file_;
  Gcm gcm_;
  Sha256 sha_;
  Header header_;
  std::vector<unsigned char> waiting_; ///< less than a chunk
  std::vector<unsigned char> sealed_;
  std::uint64_t chunks_ = 0;
};

/// Reads anywhere in it. Errors: not_found "missing_media"; invalid "vault_half" (its writing was cut off),
/// "vault_newer" (of a later version), "vault_bad" (anything else: changed, cut, not of this key).
class Reader {
public:
  /// `content`: refuses a vault of other content.
  [[nodiscard]] static base::Result<Reader> open(const std::filesystem::path& path, const Key& key,
                                                 const std::optional<Digest>& content = {});
  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] std::uint64_t size() const { return header_.size; }
  /// Fills `room` from there on; less only at the end of the content.
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset, Room room);
  /// Reads all of it and compares the SHA-256.
  [[nodiscard]] base::Status verify();

private:
  Reader(File file, const Key& key, const Header& header);
  [[nodiscard]] base::Status load(std::uint64_t index);

  File file_;
  Gcm gcm_;
  Header header_;
  std::vector<unsigned char> sealed_, plain_; ///< the chunk that was read last
  std::optional<std::uint64_t> loaded_;
};

} // namespace machiai::vault
