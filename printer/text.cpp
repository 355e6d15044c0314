// SPDX-License-Identifier: Apache-2.0
#include "printer/text.hpp"

#include <algorithm>
#include <cstdint>

namespace machiai::printer {

namespace {

constexpr char32_t broken = 0xFFFD;
constexpr char32_t phrase_mark = 0x200B;

// Strict kinsoku (JIS X 4051): what may not begin a line, and what may not end one.
constexpr std::u32string_view not_first =
    U"、。，．,.・：；:;？！?!゛゜ヽヾゝゞ々ー―…‥〜～～」』）)〕］]｝}〉》】’”"
    U"ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％%℃°";
constexpr std::u32string_view not_last = U"「『（(〔［[｛{〈《【‘“＃#￥$";
// Counters stay with their number: 24番, 3人, 2回.
constexpr std::u32string_view counters = U"番人回分時日月年号階歳才円名枚";

bool has(std::u32string_view set, char32_t c) {
  return set.find(c) != std::u32string_view::npos;
}
bool is_latin(char32_t c) {
  return c > 0x20 && c < 0x250;
}
bool is_digit(char32_t c) {
  return (c >= U'0' && c <= U'9') || (c >= U'０' && c <= U'９');
}
bool is_mark(char32_t c) {
  return c == U' ' || c == U'　' || c == phrase_mark;
}
/// Takes no place of its own: variation selectors, joiners, marks of direction.
bool is_silent(char32_t c) {
  return c == phrase_mark || c == 0x200C || c == 0x200D || c == 0x2060 || c == 0xFEFF ||
         (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || (c >= 0xE0100 && c <= 0xE01EF);
}

bool may_break(char32_t before, char32_t after) {
  if (has(not_last, before) || has(not_first, after)) return false;
  if (is_latin(before) && is_latin(after)) return false;
  return !(is_digit(before) && has(counters, after));
}

int advance_of(const Fonts& fonts, Type type, char32_t c) {
  return is_silent(c) ? 0 : fonts.advance(type.style, type.size, c);
}

/// Reads one character and moves `at` behind it.
char32_t next_character(std::string_view utf8, std::size_t& at) {
  const auto lead = static_cast<std::uint8_t>(utf8[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 && lead < 0xF5   ? 3
                   : lead >= 0xE0 && lead < 0xF0 ? 2
                   : lead >= 0xC2 && lead < 0xE0 ? 1
                                                 : 0;
  if (more == 0) return broken;
  char32_t value = lead & (0x3FU >> more);
  for (int i = 0; i < more; ++i) {
    if (at >= utf8.size() || (static_cast<std::uint8_t>(utf8[at]) & 0xC0U) != 0x80) return broken;
    value = value << 6U | (static_cast<std::uint8_t>(utf8[at++]) & 0x3FU);
  }
  const bool shortest = value >= (more == 1 ? 0x80U : more == 2 ? 0x800U : 0x10000U);
  const bool scalar = value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return shortest && scalar ? value : broken;
}

void trim(std::u32string& line) {
  while (!line.empty() && is_mark(line.back())) line.pop_back();
  line.erase(0, static_cast<std::size_t>(
                    std::find_if_not(line.begin(), line.end(), [](char32_t c) { return is_mark(c); }) -
                    line.begin()));
}

/// How many characters of `rest` make the next line.
std::size_t line_length(const Fonts& fonts, Type type, std::u32string_view rest, int width) {
  int used = 0;
  std::size_t phrase = 0;
  std::size_t legal = 0;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == U'\n') return i + 1;
    if (i > 0 && is_mark(rest[i - 1])) phrase = i;
    if (i > 0 && (is_mark(rest[i - 1]) || may_break(rest[i - 1], rest[i]))) legal = i;
    used += advance_of(fonts, type, rest[i]);
    if (used > width * 64 && !is_mark(rest[i]))
      // A phrase mark in the first third would leave a ragged stump: then break inside the phrase.
      return phrase * 3 > i ? phrase : legal > 0 ? legal : std::max<std::size_t>(i, 1);
  }
  return rest.size();
}

} // namespace

std::u32string characters(std::string_view utf8, std::size_t most) {
  std::u32string out;
  for (std::size_t at = 0; at < utf8.size() && out.size() < most;) {
    const char32_t c = next_character(utf8, at);
    out.push_back(c < 0x20 || (c >= 0x7F && c < 0xA0) ? U' ' : c);
  }
  return out;
}

int text_width(const Fonts& fonts, Type type, std::u32string_view text) {
  int width = 0;
  for (const char32_t c : text) width += advance_of(fonts, type, c);
  return (width + 63) / 64;
}

std::u32string clipped(const Fonts& fonts, Type type, std::u32string text, int width) {
  if (text_width(fonts, type, text) <= width) return text;
  const int room = width * 64 - advance_of(fonts, type, U'…');
  int used = 0;
  std::size_t keep = 0;
  while (keep < text.size() && used + advance_of(fonts, type, text[keep]) <= room)
    used += advance_of(fonts, type, text[keep++]);
  text.resize(keep);
  return room < 0 ? std::u32string{} : text + U'…';
}

std::vector<std::u32string> wrapped(const Fonts& fonts, Type type, std::u32string_view text, int width,
                                    std::size_t most) {
  std::vector<std::u32string> lines;
  while (!text.empty() && lines.size() < most) {
    const bool last = lines.size() + 1 == most;
    std::size_t length = line_length(fonts, type, text, width);
    if (last && length < text.size()) length = text.size();
    std::u32string line(text.substr(0, length));
    std::replace(line.begin(), line.end(), U'\n', U' ');
    trim(line);
    text.remove_prefix(length);
    if (!line.empty()) lines.push_back(clipped(fonts, type, std::move(line), width));
  }
  return lines;
}

int draw_text(Bitmap& on, const Fonts& fonts, Type type, std::u32string_view text, int x, int y,
              const Box& clip, bool black) {
  int pen = x * 64;
  for (const char32_t c : text) {
    if (is_silent(c)) continue;
    const Glyph glyph = fonts.glyph(type.style, type.size, c);
    const int left = (pen + 32) / 64 + glyph.left;
    for (int row = 0; row < glyph.height; ++row)
      for (int column = 0; column < glyph.width; ++column) {
        const int px = left + column;
        const int py = y + glyph.top + row;
        if (glyph.at(row, column) >= ink_threshold && px >= clip.left && px < clip.right && py >= clip.top &&
            py < clip.bottom)
          on.set(px, py, black);
      }
    pen += advance_of(fonts, type, c);
  }
  return (pen + 32) / 64;
}

Box text_ink(const Fonts& fonts, Type type, std::u32string_view text) {
  constexpr int far = 1 << 20;
  Box ink{far, far, -far, -far};
  int pen = 0;
  for (const char32_t c : text) {
    if (is_silent(c)) continue;
    const Glyph glyph = fonts.glyph(type.style, type.size, c);
    const int left = (pen + 32) / 64 + glyph.left;
    if (glyph.width > 0)
      ink = {std::min(ink.left, left), std::min(ink.top, glyph.top), std::max(ink.right, left + glyph.width),
             std::max(ink.bottom, glyph.top + glyph.height)};
    pen += advance_of(fonts, type, c);
  }
  return ink.empty() ? Box{} : ink;
}

} // namespace machiai::printer
