// SPDX-License-Identifier: Apache-2.0
// The number of a patient's card, as it is compared wherever somebody types it.
#pragma once

#include <string>
#include <string_view>

namespace machiai::base {

/// What two ways of writing one card have in common: no blanks around or in it, digits, letters and hyphens
/// of one width, capitals, and no zeros in front of digits alone. A card is kept as it was typed; this is for
/// comparing. Empty for a text without any sign.
[[nodiscard]] std::string card_key(std::string_view card);

[[nodiscard]] inline bool same_card(std::string_view one, std::string_view other) {
  return card_key(one) == card_key(other);
}

} // namespace machiai::base
