// SPDX-License-Identifier: Apache-2.0
// What a patient's card and birth date may look like, at the site and in a clinic's list.
#pragma once

#include "core/base/clock.hpp"

#include <string_view>

namespace machiai::cloud {

inline constexpr std::size_t longest_card = 20;

[[nodiscard]] inline bool is_card(std::string_view text) {
  return !text.empty() && text.size() <= longest_card &&
         text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") ==
             std::string_view::npos;
}

[[nodiscard]] inline bool is_birth(std::string_view text, base::Instant now) {
  const auto date = base::parse_iso_date(text);
  const auto oldest = base::parse_iso_date("1900-01-01");
  return date && *date >= *oldest && *date <= base::civil_date(now);
}

} // namespace machiai::cloud
