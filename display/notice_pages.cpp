// SPDX-License-Identifier: Apache-2.0
// A notice as pages of the band, and how long each stays.
#include "display/board_model.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::display {

namespace {

constexpr std::int64_t least_notice_ms = 12'000;
constexpr std::int64_t notice_glyph_ms = 250;

// Two lines of 18 full-width glyphs, less what line breaks leave empty.
constexpr double row_glyphs = 17.5;
constexpr double page_glyphs = 33;

/// A Latin glyph is about half as wide as a full one.
double width_in_glyphs(const std::string& text) {
  double wide = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xC0U) == 0x80U) continue;
    wide += byte < 0xE0 ? .52 : 1;
  }
  return wide;
}

/// A line that is too long for a page, broken after a mark or a space.
std::vector<std::string> pages_of_line(const std::string& text) {
  std::vector<std::string> pages;
  std::size_t begin = 0;
  std::size_t good = 0; // the last place where a page may end
  std::size_t stop = 0; // the last one where a sentence does
  double wide = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (text[next] & 0xC0) == 0x80) ++next;
    const std::string glyph = text.substr(at, next - at);
    wide += width_in_glyphs(glyph);
    if (wide > page_glyphs) {
      const bool whole = stop > begin + (at - begin) / 2;
      const std::size_t end = whole ? stop : good > begin ? good : at;
      pages.push_back(text.substr(begin, end - begin));
      begin = end;
      at = end;
      wide = 0;
      continue;
    }
    if (glyph == " " || glyph == "、" || glyph == "。") good = next;
    if (glyph == "。") stop = next;
    at = next;
  }
  if (begin < text.size()) pages.push_back(text.substr(begin));
  return pages;
}

} // namespace

std::vector<std::string> notice_pages(const std::string& text) {
  // Lines that were meant as such stay whole; two rows a page.
  std::vector<std::string> pages;
  double rows = 2; // taken on the present page: none is begun yet
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    const double wide = width_in_glyphs(line);
    const double needed = std::ceil(wide / row_glyphs);
    if (rows + needed <= 2 && !pages.empty()) {
      pages.back() += "\n" + line;
      rows += needed;
    } else if (wide > page_glyphs) {
      for (auto& page : pages_of_line(line)) pages.push_back(std::move(page));
      rows = 2;
    } else {
      pages.push_back(line);
      rows = needed;
    }
  }
  return pages;
}

std::int64_t notice_ms(const std::string& text) {
  const auto glyphs = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return std::max<std::int64_t>(least_notice_ms, glyphs * notice_glyph_ms);
}

} // namespace machiai::display
