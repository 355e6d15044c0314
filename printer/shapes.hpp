// SPDX-License-Identifier: Apache-2.0
// Boxes, bars and icons on a bitmap.
#pragma once

#include "printer/bitmap.hpp"

#include <cstdint>

namespace machiai::printer {

/// A filled rectangle with round corners.
void fill_rounded(Bitmap& on, const Box& box, int radius, bool black = true);
/// Its frame, `line` dots thick, drawn inwards.
void frame_rounded(Bitmap& on, const Box& box, int radius, int line);
/// A horizontal dashed line.
void dashes(Bitmap& on, const Box& box, int dash, int gap);

enum class Icon : std::uint8_t { speaker, telephone };
/// From the product's own icon set: 24 grid, stroke 2, round ends.
void draw_icon(Bitmap& on, Icon icon, int x, int y, int size);

} // namespace machiai::printer
