// SPDX-License-Identifier: Apache-2.0
#include "core/base/card.hpp"

#include <algorithm>

namespace machiai::base {

namespace {

/// A sign of the full-width block U+FF01..FF5E, written in three bytes, as ASCII; 0 when it is none.
char narrow(std::string_view text) {
  if (text.size() < 3 || static_cast<unsigned char>(text[0]) != 0xef) return 0;
  const auto middle = static_cast<unsigned char>(text[1]);
  const auto last = static_cast<unsigned char>(text[2]);
  if (middle == 0xbc && last >= 0x81 && last <= 0xbf) return static_cast<char>(last - 0x80 + 0x20);
  if (middle == 0xbd && last >= 0x80 && last <= 0x9e) return static_cast<char>(last - 0x80 + 0x60);
  return 0;
}

constexpr std::string_view wide_blank = "\xe3\x80\x80";
/// Typed for a hyphen by Japanese keyboards: U+2010, U+2212, U+30FC.
bool is_hyphen(std::string_view text) {
  return text.starts_with("\xe2\x80\x90") || text.starts_with("\xe2\x88\x92") ||
         text.starts_with("\xe3\x83\xbc");
}

} // namespace

std::string card_key(std::string_view card) {
  std::string key;
  while (!card.empty()) {
    std::size_t length = 3;
    if (const char ascii = narrow(card)) {
      key += ascii;
    } else if (is_hyphen(card)) {
      key += '-';
    } else if (!card.starts_with(wide_blank)) {
      length = 1;
      if (card.front() != ' ') key += card.front();
    }
    card.remove_prefix(length);
  }
  for (char& each : key)
    if (each >= 'a' && each <= 'z') each = static_cast<char>(each - 'a' + 'A');
  if (key.find_first_not_of("0123456789") == std::string::npos)
    key.erase(0, std::min(key.find_first_not_of('0'), key.empty() ? 0 : key.size() - 1));
  return key;
}

} // namespace machiai::base
