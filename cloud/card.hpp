// SPDX-License-Identifier: Apache-2.0
// What a patient's card and birth date may look like, at the site and in a clinic's list.
#pragma once

#include "core/base/card.hpp"
#include "core/base/clock.hpp"

#include <string>
#include <string_view>

namespace machiai::cloud {

inline constexpr std::size_t longest_card = 20;  ///< signs that count (core/base/card.hpp)
inline constexpr std::size_t longest_typed = 60; ///< bytes, all of them full-width

[[nodiscard]] inline bool is_card(std::string_view text) {
  if (text.size() > longest_typed) return false;
  const std::string key = base::card_key(text);
  return !key.empty() && key.size() <= longest_card &&
         key.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == std::string::npos;
}

[[nodiscard]] inline bool is_birth(std::string_view text, base::Instant now) {
  const auto date = base::parse_iso_date(text);
  const auto oldest = base::parse_iso_date("1900-01-01");
  return date && *date >= *oldest && *date <= base::civil_date(now);
}

} // namespace machiai::cloud
