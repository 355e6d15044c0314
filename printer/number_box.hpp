// SPDX-License-Identifier: Apache-2.0
// The slip's heart: the number in its box, the service upright on the box's spine.
#pragma once

#include "printer/bitmap.hpp"
#include "printer/fonts.hpp"
#include "printer/slip_layout.hpp"

#include <string_view>

namespace machiai::printer {

/// Draws it with its upper edge at `top`; returns its lower edge. Digits are at least 15 mm high whatever the
/// number: a long one is drawn slimmer, and one that is still too long goes on behind its hyphen.
[[nodiscard]] int draw_number_box(Bitmap& on, const Fonts& fonts, const SlipLayout& layout, int top,
                                  std::string_view service, std::string_view number);

} // namespace machiai::printer
