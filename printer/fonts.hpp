// SPDX-License-Identifier: Apache-2.0
// The slip's fonts: found as files, opened once, glyphs as grey pictures. FreeType only, no shaping engine:
// Japanese text and digits need none, and the daemon has to stay small.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::printer {

/// Font files; an empty path means "look for it under /usr/share/fonts".
struct FontFiles {
  std::string text;     ///< BIZ UDPGothic Bold: everything
  std::string narrow;   ///< BIZ UDGothic Bold: numbers of four and more characters
  std::string fallback; ///< Noto Sans CJK Bold: characters the others lack
};

/// `condensed`: `narrow`, drawn at seven tenths of its width.
enum class Style : std::uint8_t { text, narrow, condensed };

/// One glyph, rendered. Positions are in dots from the pen on the baseline, y downwards.
struct Glyph {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> coverage; ///< width x height, 0-255

  [[nodiscard]] std::uint8_t at(int row, int column) const {
    return coverage[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                    static_cast<std::size_t>(column)];
  }
};

/// Open faces. Belongs to one thread: FreeType faces carry the current size.
class Fonts {
public:
  /// Fails with device/no_font when neither the text font nor the fallback can be opened.
  [[nodiscard]] static base::Result<Fonts> open(const FontFiles& files);
  Fonts(Fonts&&) noexcept;
  Fonts& operator=(Fonts&&) noexcept;
  ~Fonts();

  /// Advance of a character at `size` dots an em, in 1/64 dot.
  [[nodiscard]] int advance(Style style, int size, char32_t character) const;
  [[nodiscard]] Glyph glyph(Style style, int size, char32_t character) const;

private:
  struct Faces;
  explicit Fonts(std::unique_ptr<Faces> faces);
  std::unique_ptr<Faces> faces_;
};

} // namespace machiai::printer
