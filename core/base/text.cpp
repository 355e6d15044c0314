// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace machiai::base {

namespace {

/// Length of the UTF-8 sequence that starts with `lead`, 0 when no sequence starts so.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/// Takes one code point off the front; none when the bytes are not UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, nothing past U+10FFFF).
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = sequence_length(lead);
  if (length == 0 || length > text.size()) return std::nullopt;
  char32_t c = length == 1 ? lead : lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) != 0x80) return std::nullopt;
    c = c << 6 | (byte & 0x3fU);
  }
  constexpr char32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
  if (c < least[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return std::nullopt;
  text.remove_prefix(length);
  return c;
}

/// Controls, invisible direction marks, line separators, private use and non-characters.
bool misleads(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || (c >= 0xe000 && c <= 0xf8ff) ||
         c == 0xfeff || (c >= 0xfff0 && c <= 0xffff) || c >= 0xe0000;
}

bool is_ideograph(char32_t c) {
  return (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0x20000 && c <= 0x3ffff);
}

/// Says in which of its shapes the ideograph in front of it is written, as Japanese names have it.
bool is_ideographic_selector(char32_t c) {
  return c >= 0xe0100 && c <= 0xe01ef;
}

} // namespace

Status check_text(std::string_view text, std::size_t max_characters) {
  // Four bytes a character at the most: refuse early, so that a huge text costs nothing.
  if (text.size() > max_characters * 4) return fail(Error::Code::invalid, "name_too_long");
  std::size_t count = 0;
  char32_t before = 0;
  while (!text.empty()) {
    const auto c = take_code_point(text);
    const bool selects = c && is_ideographic_selector(*c) && is_ideograph(before);
    if (!c || (misleads(*c) && !selects)) return fail(Error::Code::invalid, "bad_text");
    before = *c;
    if (++count > max_characters) return fail(Error::Code::invalid, "name_too_long");
  }
  return {};
}

bool is_utf8(std::string_view text) {
  while (!text.empty())
    if (!take_code_point(text)) return false;
  return true;
}

bool is_blank(std::string_view text) {
  constexpr std::u32string_view unseen =
      U" \u00a0\u115f\u1160\u1680\u180e\u202f\u205f\u2800\u3000\u3164\uffa0";
  while (!text.empty()) {
    const auto c = take_code_point(text);
    const bool wide = c && *c >= 0x2000 && *c <= 0x200a;
    const bool selects = c && ((*c >= 0xfe00 && *c <= 0xfe0f) || is_ideographic_selector(*c));
    if (!c || (!wide && !selects && unseen.find(*c) == std::u32string_view::npos)) return false;
  }
  return true;
}

bool is_plain_id(std::string_view text, std::size_t max) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == ':' || c == '-';
  };
  return !text.empty() && text.size() <= max && std::all_of(text.begin(), text.end(), plain);
}

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

} // namespace machiai::base
