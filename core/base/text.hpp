// SPDX-License-Identifier: Apache-2.0
// Text that people typed: is it well-formed, short enough, and free of characters that mislead a reader?
#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <string_view>

namespace machiai::base {

/// Refuses text that is not UTF-8, holds control or direction characters ("bad_text") or is longer than
/// `max_characters` code points ("name_too_long").
[[nodiscard]] Status check_text(std::string_view text, std::size_t max_characters);

/// Well-formed, whatever it says.
[[nodiscard]] bool is_utf8(std::string_view text);

/// Nothing of it can be seen: blanks of any width, and letters that are drawn as nothing.
[[nodiscard]] bool is_blank(std::string_view text);

/// 1 to `max` characters of [A-Za-z0-9._:-]: ids, seat names, keys in file names.
[[nodiscard]] bool is_plain_id(std::string_view text, std::size_t max);

/// 1 to 64 printable ASCII characters: an idempotency key.
[[nodiscard]] bool is_key(std::string_view text);

} // namespace machiai::base
