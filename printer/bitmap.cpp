// SPDX-License-Identifier: Apache-2.0
#include "printer/bitmap.hpp"

#include <algorithm>

namespace machiai::printer {

Bitmap::Bitmap(int width, int height)
    : width_(std::max(width, 0)), height_(std::max(height, 0)),
      stride_((static_cast<std::size_t>(width_) + 7) / 8),
      bytes_(stride_ * static_cast<std::size_t>(height_)) {}

bool Bitmap::black(int x, int y) const {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return false;
  const auto at = static_cast<std::size_t>(y) * stride_ + static_cast<std::size_t>(x) / 8;
  return (bytes_[at] >> (7 - x % 8) & 1) != 0;
}

void Bitmap::set(int x, int y, bool black) {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
  auto& byte = bytes_[static_cast<std::size_t>(y) * stride_ + static_cast<std::size_t>(x) / 8];
  const auto bit = static_cast<std::uint8_t>(0x80U >> (x % 8));
  byte = static_cast<std::uint8_t>(black ? byte | bit : byte & ~bit);
}

void Bitmap::fill(const Box& box, bool black) {
  for (int y = std::max(box.top, 0); y < std::min(box.bottom, height_); ++y)
    for (int x = std::max(box.left, 0); x < std::min(box.right, width_); ++x) set(x, y, black);
}

Box Bitmap::ink(const Box& within) const {
  Box found{width_, height_, 0, 0};
  for (int y = std::max(within.top, 0); y < std::min(within.bottom, height_); ++y)
    for (int x = std::max(within.left, 0); x < std::min(within.right, width_); ++x)
      if (black(x, y))
        found = {std::min(found.left, x), std::min(found.top, y), std::max(found.right, x + 1),
                 std::max(found.bottom, y + 1)};
  return found.empty() ? Box{} : found;
}

void Bitmap::crop_to(int height) {
  height_ = std::clamp(height, 0, height_);
  bytes_.resize(stride_ * static_cast<std::size_t>(height_));
}

} // namespace machiai::printer
