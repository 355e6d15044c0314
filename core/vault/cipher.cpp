// SPDX-License-Identifier: Apache-2.0
#include "core/vault/cipher.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace machiai::vault {

namespace {

int length(Bytes bytes) {
  return static_cast<int>(bytes.size());
}

/// OpenSSL fails here only without memory or as a defect of ours; neither may pass for a sealed chunk.
void must(int result) {
  if (result != 1) std::abort();
}

} // namespace

Key::~Key() {
  OPENSSL_cleanse(bytes.data(), bytes.size());
}

void fill_random(Room room) {
  must(RAND_bytes(room.data(), length(room)));
}

Key random_key() {
  Key key;
  must(RAND_priv_bytes(key.bytes.data(), length(key.bytes)));
  return key;
}

void Gcm::Free::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

Gcm::Gcm(const Key& key) : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
  must(EVP_EncryptInit_ex(sealing_.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(), nullptr));
  must(EVP_DecryptInit_ex(opening_.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(), nullptr));
}

void Gcm::seal(const Nonce& nonce, Bytes associated, Bytes in, Room out, Tag& tag) {
  int done = 0;
  EVP_CIPHER_CTX* c = sealing_.get();
  must(EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, nonce.data()));
  must(EVP_EncryptUpdate(c, nullptr, &done, associated.data(), length(associated)));
  if (!in.empty()) must(EVP_EncryptUpdate(c, out.data(), &done, in.data(), length(in)));
  must(EVP_EncryptFinal_ex(c, out.data() + in.size(), &done));
  must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, length(tag), tag.data()));
}

bool Gcm::open(const Nonce& nonce, Bytes associated, Bytes in, Room out, const Tag& tag) {
  int done = 0;
  Tag copy = tag;
  EVP_CIPHER_CTX* c = opening_.get();
  must(EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, nonce.data()));
  must(EVP_DecryptUpdate(c, nullptr, &done, associated.data(), length(associated)));
  if (!in.empty()) must(EVP_DecryptUpdate(c, out.data(), &done, in.data(), length(in)));
  must(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, length(copy), copy.data()));
  return EVP_DecryptFinal_ex(c, out.data() + in.size(), &done) == 1;
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  must(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::add(Bytes bytes) {
  must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

Digest Sha256::finish() {
  Digest digest{};
  must(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
  return digest;
}

std::string hex(Bytes bytes) {
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::optional<Digest> digest_of_hex(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  Digest digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t digit = digits.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    digest[i / 2] = static_cast<unsigned char>(digest[i / 2] << 4 | digit);
  }
  return digest;
}

base::Result<Digest> digest_of(const File& file) {
  Sha256 sha;
  std::vector<unsigned char> room(1 << 20);
  for (std::uint64_t offset = 0;;) {
    const auto read = file.read_at(offset, room);
    MACHIAI_TRY(read);
    if (*read == 0) return sha.finish();
    sha.add(Bytes(room).first(*read));
    offset += *read;
  }
}

void put(Room room, std::size_t at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) room[at + i] = static_cast<unsigned char>(value >> 8 * i);
}

std::uint64_t get(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i > 0; --i) value = value << 8 | bytes[at + i - 1];
  return value;
}

} // namespace machiai::vault
