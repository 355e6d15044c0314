// SPDX-License-Identifier: Apache-2.0
// A black-and-white picture, one bit a dot: what a thermal head burns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace machiai::printer {

/// A rectangle of dots: [left, right) x [top, bottom).
struct Box {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;
  [[nodiscard]] int width() const { return right - left; }
  [[nodiscard]] int height() const { return bottom - top; }
  [[nodiscard]] bool empty() const { return right <= left || bottom <= top; }
  bool operator==(const Box&) const = default;
};

/// Rows from the top, each padded to whole bytes, most significant bit leftmost, 1 = black.
class Bitmap {
public:
  Bitmap() = default;
  Bitmap(int width, int height);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] int height() const { return height_; }
  [[nodiscard]] std::size_t stride() const { return stride_; } ///< bytes a row
  [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }

  [[nodiscard]] bool black(int x, int y) const; ///< white outside
  void set(int x, int y, bool black);           ///< does nothing outside
  void fill(const Box& box, bool black);
  /// Smallest box that holds every black dot of `within`; empty when there is none.
  [[nodiscard]] Box ink(const Box& within) const;
  [[nodiscard]] Box all() const { return {0, 0, width_, height_}; }
  /// Keeps the upper `height` rows.
  void crop_to(int height);
  bool operator==(const Bitmap&) const = default;

private:
  int width_ = 0;
  int height_ = 0;
  std::size_t stride_ = 0;
  std::vector<std::uint8_t> bytes_;
};

} // namespace machiai::printer
