// SPDX-License-Identifier: Apache-2.0
// What a scanner types: pure functions over keys with their times. A scanner is a keyboard that types faster
// than any hand and ends with Enter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace machiai::kiosk {

/// Keys further apart than this were typed by hand.
inline constexpr std::int64_t scan_gap_ms = 80;
inline constexpr std::size_t shortest_scan = 3;
inline constexpr std::size_t longest_scan = 200;
inline constexpr std::size_t longest_card = 20;

struct Scan {
  enum class Kind : std::uint8_t { card, ticket, token, unknown };
  Kind kind = Kind::unknown;
  std::string text; ///< digits of the card, id of the ticket, token of a phone's page; empty when unknown
  bool operator==(const Scan&) const = default;
};

/// The keys of a scan so far.
struct Keys {
  std::string text;
  std::int64_t last_ms = 0;
  bool spoilt = false; ///< too long, or not printable ASCII
};

struct Typed {
  Keys keys;
  std::optional<Scan> scan; ///< set by the Enter that ends one
};

inline constexpr char32_t enter_key = U'\r';

/// One more key: its character, enter_key, or 0 for one without (but not for Shift, which scanners press
/// too). What was typed by hand is forgotten.
[[nodiscard]] Typed typed(Keys keys, char32_t key, std::int64_t at_ms);
/// A key now would belong to the scan that is coming in.
[[nodiscard]] bool scanning(const Keys& keys, std::int64_t at_ms);

/// A card is digits, also between the start and stop letters of NW-7. A ticket is its id
/// ("naika-20261124-36"), alone or behind the # of an address: that is what a slip's code holds. Scanners
/// that think the keyboard is another get the signs of an address wrong, so only what follows the # counts.
/// The page of a phone ends in a token that the station does not know.
[[nodiscard]] Scan read_scan(std::string_view text);

} // namespace machiai::kiosk
