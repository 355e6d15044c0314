// SPDX-License-Identifier: Apache-2.0
#include "app/escpos/pages.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace machiai::escpos_filter {

namespace {

constexpr unsigned most_rows = 8000; // a metre of paper: more is a mistake, not a slip

/// The PPD says how many dots the head has (cupsInteger0); else the paper's width does.
int head_dots(const cups_page_header2_t& page) {
  if (page.cupsInteger[0] >= 64 && page.cupsInteger[0] <= 1024)
    return static_cast<int>(page.cupsInteger[0]) / 8 * 8;
  return page.cupsPageSize[0] >= 200 ? 576 : 384;
}

/// Whether the dot at `x` is black, for what CUPS may hand over: one bit or eight, black ink or light.
bool is_black(const cups_page_header2_t& page, const std::vector<std::uint8_t>& line, int x) {
  const bool ink = page.cupsColorSpace == CUPS_CSPACE_K;
  if (page.cupsBitsPerPixel == 1) {
    const bool set = (line[static_cast<std::size_t>(x) / 8] >> (7 - x % 8) & 1) != 0;
    return set == ink;
  }
  const std::uint8_t value = line[static_cast<std::size_t>(x)];
  return ink ? value >= 128 : value < 128;
}

bool readable(const cups_page_header2_t& page) {
  const bool space = page.cupsColorSpace == CUPS_CSPACE_K || page.cupsColorSpace == CUPS_CSPACE_W ||
                     page.cupsColorSpace == CUPS_CSPACE_SW;
  const bool depth = page.cupsBitsPerPixel == 1 || page.cupsBitsPerPixel == 8;
  return space && depth && page.cupsHeight > 0 && page.cupsHeight <= most_rows && page.cupsWidth > 0 &&
         page.cupsBytesPerLine >= (page.cupsWidth * page.cupsBitsPerPixel + 7) / 8;
}

} // namespace

Pages::Pages(int input) : raster_(cupsRasterOpen(input, CUPS_RASTER_READ)), broken_(raster_ == nullptr) {}

std::optional<printer::Bitmap> Pages::next() {
  cups_page_header2_t page{};
  if (!raster_ || cupsRasterReadHeader2(raster_.get(), &page) == 0) return {};
  broken_ = true;
  answers_ = page.cupsInteger[1] != 1;
  if (!readable(page)) {
    std::fputs("ERROR: this raster cannot be printed: one grey or black channel of 1 or 8 bits is needed\n",
               stderr);
    return {};
  }
  const int width = head_dots(page);
  const int left = (static_cast<int>(page.cupsWidth) - width + 1) / 2;
  printer::Bitmap out(width, static_cast<int>(page.cupsHeight));
  std::vector<std::uint8_t> line(page.cupsBytesPerLine);
  int used = 1;
  for (int y = 0; y < out.height(); ++y) {
    if (cupsRasterReadPixels(raster_.get(), line.data(), page.cupsBytesPerLine) != page.cupsBytesPerLine)
      return {};
    for (int x = std::max(0, -left); x < width && x + left < static_cast<int>(page.cupsWidth); ++x)
      if (is_black(page, line, x + left)) {
        out.set(x, y, true);
        used = y + 1;
      }
  }
  broken_ = false;
  out.crop_to(used);
  return out;
}

} // namespace machiai::escpos_filter
