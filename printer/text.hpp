// SPDX-License-Identifier: Apache-2.0
// Lines of text on a bitmap: measuring, Japanese line breaking, clipping, drawing.
#pragma once

#include "printer/bitmap.hpp"
#include "printer/fonts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace machiai::printer {

/// How a run of text looks. `size` in dots an em.
struct Type {
  Style style = Style::text;
  int size = 28;
};

/// Ink where coverage reaches 45 %: what "threshold 55 %" of the lightness leaves black.
inline constexpr int ink_threshold = 115;
/// Baseline below the top of the em box, in 1/1000 em (BIZ UD: 1802 of 2048 units).
inline constexpr int baseline_permille = 880;

/// UTF-8 into characters. Broken bytes become U+FFFD, control characters a space; at most `most` are read,
/// so that a text of any length costs the same.
[[nodiscard]] std::u32string characters(std::string_view utf8, std::size_t most = 400);

[[nodiscard]] int text_width(const Fonts& fonts, Type type, std::u32string_view text);
/// The text itself, or its beginning with an ellipsis, at most `width` wide.
[[nodiscard]] std::u32string clipped(const Fonts& fonts, Type type, std::u32string text, int width);

/// Breaks into lines of at most `width`. A new line starts where the text has '\n', else at the last phrase
/// mark (a space, or U+200B which is not printed) that fits, else before any character that strict kinsoku
/// lets begin a line. At most `most` lines; the last is clipped.
[[nodiscard]] std::vector<std::u32string> wrapped(const Fonts& fonts, Type type, std::u32string_view text,
                                                  int width, std::size_t most);

/// Draws from the pen `x` on the baseline `y`, only within `clip`; returns the pen behind the text.
int draw_text(Bitmap& on, const Fonts& fonts, Type type, std::u32string_view text, int x, int y,
              const Box& clip, bool black = true);
/// As it would be drawn at (0, 0).
[[nodiscard]] Box text_ink(const Fonts& fonts, Type type, std::u32string_view text);

} // namespace machiai::printer
