// SPDX-License-Identifier: Apache-2.0
#include "printer/number_box.hpp"

#include "printer/shapes.hpp"
#include "printer/text.hpp"

#include <algorithm>

namespace machiai::printer {

namespace {

/// A number as large as its box allows, on as few lines as keep it at least `number_least` high: a digit that
/// stands by itself on a line of its own is taken for the number.
struct FittedNumber {
  Type type;
  std::vector<std::u32string> lines;
};

int number_size(const SlipLayout& layout, std::size_t count, int width) {
  if (count <= 2) return layout.number;
  if (count == 3) return std::min(layout.number, width * 100 / layout.number_three_percent);
  return std::min(layout.number, width * 100 / (layout.number_narrow_percent * static_cast<int>(count)));
}

/// How many characters make the next line: all that fit, but rather end behind a hyphen.
std::size_t number_line(const Fonts& fonts, Type type, std::u32string_view rest, int width) {
  std::size_t fit = 1;
  while (fit < rest.size() && text_ink(fonts, type, rest.substr(0, fit + 1)).width() <= width) ++fit;
  if (fit == rest.size()) return fit;
  const auto hyphen = rest.substr(0, fit).rfind(U'-');
  return hyphen == std::u32string_view::npos || hyphen == 0 ? fit : hyphen + 1;
}

FittedNumber fit_number(const Fonts& fonts, const SlipLayout& layout, const std::u32string& number,
                        const Box& field) {
  const int width = field.width() - 2 * layout.number_side;
  Type type{number.size() <= 3 ? Style::text : Style::narrow,
            number_size(layout, number.size(), field.width())};
  type.size = std::max(type.size, layout.number_least);
  while (type.size > layout.number_least && text_ink(fonts, type, number).width() > width) --type.size;
  for (const Style slimmer : {Style::narrow, Style::condensed})
    if (text_ink(fonts, type, number).width() > width) type.style = slimmer;
  FittedNumber fitted{type, {}};
  std::u32string_view rest = number;
  while (!rest.empty() && fitted.lines.size() + 1 < static_cast<std::size_t>(layout.number_most_lines)) {
    const std::size_t length = number_line(fonts, type, rest, width);
    fitted.lines.emplace_back(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  if (!rest.empty()) fitted.lines.push_back(clipped(fonts, type, std::u32string(rest), width));
  return fitted;
}

/// The frame, its left part filled: the spine.
void draw_frame(Bitmap& on, const SlipLayout& layout, const Box& box, int spine_edge) {
  const int round = layout.box_radius - layout.box_line;
  const Box hole{spine_edge - 2 * round, box.top + layout.box_line, box.right - layout.box_line,
                 box.bottom - layout.box_line};
  fill_rounded(on, box, layout.box_radius);
  fill_rounded(on, hole, round, false);
  on.fill({hole.left, hole.top, spine_edge, hole.bottom}, true);
}

/// In upright writing these lie along the line.
bool turns(char32_t c) {
  return std::u32string_view(U"ー〜～…‥―（）()「」『』〔〕［］【】-").find(c) != std::u32string_view::npos;
}

/// One upright character, white, its em box centred at (x, y).
void draw_upright(Bitmap& on, const Fonts& fonts, int size, char32_t c, int x, int y, const Box& clip) {
  const Type type{Style::text, size};
  const int half = text_width(fonts, type, std::u32string_view(&c, 1)) / 2;
  const int baseline = (size * baseline_permille + 500) / 1000 - size / 2;
  if (!turns(c)) {
    draw_text(on, fonts, type, std::u32string_view(&c, 1), x - half, y + baseline, clip, false);
    return;
  }
  const Glyph glyph = fonts.glyph(type.style, size, c);
  for (int row = 0; row < glyph.height; ++row)
    for (int column = 0; column < glyph.width; ++column)
      if (glyph.at(row, column) >= ink_threshold)
        on.set(x - (baseline + glyph.top + row), y - half + glyph.left + column, false);
}

void draw_service(Bitmap& on, const Fonts& fonts, const SlipLayout& layout, std::u32string name,
                  const Box& spine) {
  if (name.empty()) return;
  const bool one = name.size() <= static_cast<std::size_t>(layout.service_one_column);
  const int room = spine.height() - 2 * layout.spine_padding;
  const int rows = static_cast<int>(one ? name.size() : (name.size() + 1) / 2);
  const int widest = one ? layout.service : spine.width() / 2 - layout.spine_column_gap;
  const int size = std::clamp(room * 100 / (layout.service_pitch_percent * rows), layout.least_text, widest);
  const int pitch = size * layout.service_pitch_percent / 100;
  const int fit = std::min(rows, room / pitch);
  if (rows > fit) { // more than two columns hold
    name.resize(static_cast<std::size_t>(fit) * 2);
    name.back() = U'…';
  }
  const int first = (spine.top + spine.bottom - (fit - 1) * pitch) / 2;
  for (int i = 0; i < static_cast<int>(name.size()); ++i) { // the right column is read first
    const int middle = (spine.left + spine.right) / 2;
    const int x = one ? middle : middle + (i < fit ? 1 : -1) * spine.width() / 4;
    draw_upright(on, fonts, size, name[static_cast<std::size_t>(i)], x, first + i % fit * pitch, spine);
  }
}

} // namespace

int draw_number_box(Bitmap& on, const Fonts& fonts, const SlipLayout& layout, int top,
                    std::string_view service, std::string_view number) {
  const int left = layout.side;
  const int right = layout.width - layout.side;
  const int spine_edge = left + layout.box_line + layout.spine;
  const Box field{spine_edge, top, right - layout.box_line, 0};
  const FittedNumber fitted = fit_number(fonts, layout, characters(number, 40), field);
  const Box zero = text_ink(fonts, fitted.type, U"0");
  const int digits = zero.height();
  const int lines = static_cast<int>(fitted.lines.size());
  const int ink = lines * digits + (lines - 1) * layout.number_line_gap;
  const Box box{left, top, right, top + std::max(layout.box_height, ink + 3 * layout.number_line_gap)};

  draw_frame(on, layout, box, spine_edge);
  draw_service(on, fonts, layout, characters(service, 60), {left, box.top, spine_edge, box.bottom});
  int baseline = box.top + (box.height() - ink) / 2 - zero.top;
  for (const auto& line : fitted.lines) {
    const Box mark = text_ink(fonts, fitted.type, line);
    const int x = (field.left + field.right - mark.width()) / 2 - mark.left;
    draw_text(on, fonts, fitted.type, line, x, baseline,
              {spine_edge, box.top, right - layout.box_line, box.bottom});
    baseline += digits + layout.number_line_gap;
  }
  return box.bottom;
}

} // namespace machiai::printer
