// SPDX-License-Identifier: Apache-2.0
#include "cloud/token.hpp"

#include "core/base/card.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <cctype>
#include <cstdint>
#include <cstdlib>

namespace machiai::cloud {

namespace {

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t bytes_of_token = 20;
constexpr std::size_t characters_of_token = 27;
constexpr std::int32_t date_cycle = 4096;

std::string encode(std::string_view bytes) {
  std::string text;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char each : bytes) {
    held = held << 8 | static_cast<unsigned char>(each);
    for (bits += 8; bits >= 6; bits -= 6) text += base64_letters[held >> (bits - 6) & 63U];
  }
  if (bits > 0) text += base64_letters[held << (6 - bits) & 63U];
  return text;
}

std::optional<std::string> decode(std::string_view text) {
  std::string bytes;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char each : text) {
    const std::size_t at = base64_letters.find(each);
    if (at == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(at);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(held >> bits & 255U);
    }
  }
  // One text for one token: the bits that are left over are zero.
  if ((held & ((1U << bits) - 1)) != 0) return std::nullopt;
  return bytes;
}

} // namespace

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  // Without randomness there is no secret; better to end than to give out what can be guessed.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) std::abort();
  return bytes;
}

std::string to_text(const Token& token) {
  const auto head = static_cast<std::uint32_t>(token.facility) << 12 |
                    static_cast<std::uint32_t>(token.date.days % date_cycle);
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(head >> shift & 255U);
  return encode(bytes + token.secret);
}

std::optional<Token> parse_token(std::string_view text, base::Instant now) {
  if (text.size() != characters_of_token) return std::nullopt;
  const auto bytes = decode(text);
  if (!bytes || bytes->size() != bytes_of_token) return std::nullopt;
  std::uint32_t head = 0;
  for (int i = 0; i < 4; ++i)
    head = head << 8 | static_cast<unsigned char>((*bytes)[static_cast<std::size_t>(i)]);
  const std::int32_t today = base::civil_date(now).days;
  std::int32_t date = today - today % date_cycle + static_cast<std::int32_t>(head & 4095U);
  if (date > today + date_cycle / 2) date -= date_cycle;
  if (date < today - date_cycle / 2) date += date_cycle;
  return Token{static_cast<int>(head >> 12), base::Date{date}, bytes->substr(4)};
}

std::string sha256(std::string_view text) {
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

std::string mac(std::string_view key, std::string_view text) {
  std::string hash(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(hash.data()), &size);
  return hash.substr(0, 16);
}

std::string pair_mac(std::string_view key, int facility, std::string_view card, std::string_view birth) {
  return typed_pair_mac(key, facility, base::card_key(card), birth);
}

std::string typed_pair_mac(std::string_view key, int facility, std::string_view card,
                           std::string_view birth) {
  return mac(key, "pair\n" + std::to_string(facility) + "\n" + std::string(card) + "\n" + std::string(birth));
}

std::string card_mac(std::string_view key, int facility, std::string_view card) {
  return mac(key, "card\n" + std::to_string(facility) + "\n" + base::card_key(card));
}

std::string hex_name(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    text += digits[static_cast<unsigned char>(each) >> 4];
    text += digits[static_cast<unsigned char>(each) & 15];
  }
  return text;
}

std::string link_key(std::string_view secret) {
  return "web-" + hex_name(sha256(secret).substr(0, 16));
}

std::string enrol_code() {
  constexpr std::string_view clear = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  std::string code;
  for (const char each : random_bytes(10)) code += clear[static_cast<unsigned char>(each) % clear.size()];
  return code;
}

std::string plain_code(std::string_view typed) {
  std::string code;
  for (const char each : typed)
    if (each != ' ' && each != '-') code += static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
  return code;
}

} // namespace machiai::cloud
