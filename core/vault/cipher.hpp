// SPDX-License-Identifier: Apache-2.0
// AES-256-GCM (NIST SP 800-38D), SHA-256 and the bytes around them.
#pragma once

#include "core/vault/file.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;
struct evp_md_ctx_st;

namespace machiai::vault {

/// 256 bits that are wiped when they go.
struct Key {
  std::array<unsigned char, 32> bytes{};
  Key() = default;
  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();
};

using Digest = std::array<unsigned char, 32>;
using Nonce = std::array<unsigned char, 12>; ///< 96 random bits: SP 800-38D, 8.2.2
using Tag = std::array<unsigned char, 16>;

void fill_random(Room room);
template <class Array> [[nodiscard]] Array random_of() {
  Array array{};
  fill_random(array);
  return array;
}
[[nodiscard]] Key random_key();

/// Seals or opens under one key; not for two threads at once.
class Gcm {
public:
  explicit Gcm(const Key& key);
  /// `out` is as long as `in`.
  void seal(const Nonce& nonce, Bytes associated, Bytes in, Room out, Tag& tag);
  /// False when the tag does not fit; `out` then holds nothing of worth.
  [[nodiscard]] bool open(const Nonce& nonce, Bytes associated, Bytes in, Room out, const Tag& tag);

private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> sealing_, opening_;
};

class Sha256 {
public:
  Sha256();
  void add(Bytes bytes);
  [[nodiscard]] Digest finish();

private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

[[nodiscard]] std::string hex(Bytes bytes);
/// 64 lower-case hex digits, or nothing.
[[nodiscard]] std::optional<Digest> digest_of_hex(std::string_view text);
/// The file from its begin to its end.
[[nodiscard]] base::Result<Digest> digest_of(const File& file);

/// Little-endian numbers at a place of a header.
void put(Room room, std::size_t at, std::uint64_t value, std::size_t bytes);
[[nodiscard]] std::uint64_t get(Bytes bytes, std::size_t at, std::size_t count);

} // namespace machiai::vault
