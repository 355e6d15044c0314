// SPDX-License-Identifier: Apache-2.0
// Tokens of tickets, hashes, and the keyed hash under which cards are kept.
#pragma once

#include "core/base/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace machiai::cloud {

/// Where a ticket lies, and 128 random bits. As text: 27 characters of base64url. The facility and the date
/// are in the clear, so that a node finds the partition; only the random bits open the ticket.
struct Token {
  int facility = 0;   ///< up to 2^20 - 1
  base::Date date;    ///< modulo 4096 days
  std::string secret; ///< 16 bytes
  bool operator==(const Token&) const = default;
};

[[nodiscard]] std::string random_bytes(std::size_t count);
[[nodiscard]] std::string to_text(const Token& token);
/// None when it is not a token.
[[nodiscard]] std::optional<Token> parse_token(std::string_view text, base::Instant now);

[[nodiscard]] std::string sha256(std::string_view text);
/// HMAC-SHA256, 16 bytes of it.
[[nodiscard]] std::string mac(std::string_view key, std::string_view text);
/// What is kept of a card and its birth date, and of a card alone: the same however the card is written
/// (core/base/card.hpp).
[[nodiscard]] std::string pair_mac(std::string_view key, int facility, std::string_view card,
                                   std::string_view birth);
/// As it was kept before, of the card as it is written; looked for beside the other.
[[nodiscard]] std::string typed_pair_mac(std::string_view key, int facility, std::string_view card,
                                         std::string_view birth);
[[nodiscard]] std::string card_mac(std::string_view key, int facility, std::string_view card);
/// Bytes as lower-case hexadecimal digits.
[[nodiscard]] std::string hex_name(std::string_view bytes);
/// Under which the clinic knows a ticket of ours; it does not open it.
[[nodiscard]] std::string link_key(std::string_view secret);
/// Ten characters that cannot be mistaken for one another: "7KQ2MXD4HT", 50 bits.
[[nodiscard]] std::string enrol_code();
/// A code as typed: without spaces and hyphens, in capitals.
[[nodiscard]] std::string plain_code(std::string_view typed);

} // namespace machiai::cloud
