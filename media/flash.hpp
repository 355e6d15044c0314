// SPDX-License-Identifier: Apache-2.0
// Flashes that may harm photosensitive people, found in small pictures of a film: more than three in a second
// over a large area.
//
// ITU-R BT.1702 and WCAG 2.2, 2.3.1: a flash is a pair of opposing changes of luminance by 10 % of the most
// (20 of 200 cd/m2), the darker side below 80 % (160 cd/m2); or one to or from a saturated red. The area is a
// quarter of 10 degrees of the visual field. A 43-inch screen three metres away is 18 degrees wide and 10
// high: we look at halves of the picture.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace machiai::media {

class FlashMeter {
public:
  static constexpr int width = 64, height = 36, fps = 30; ///< of the pictures it wants
  static constexpr std::size_t picture_bytes = std::size_t{width} * height * 3;
  static constexpr double harmful_area = 0.25; ///< of half a picture

  FlashMeter();
  /// The next picture, RGB, 8 bits each, sRGB.
  void add(std::span<const unsigned char> picture);
  [[nodiscard]] int pictures() const { return now_; }
  /// The largest share of half a picture that flashed more than three times within a second.
  [[nodiscard]] double worst_area() const { return worst_; }
  [[nodiscard]] bool harmful() const { return worst_ >= harmful_area; }
  /// Second of the film at which it first became harmful.
  [[nodiscard]] std::optional<int> when() const { return when_; }

private:
  /// The last changes of a pixel: seven within a second are more than three pairs.
  struct Changes {
    std::array<int, 7> at;
    std::size_t oldest = 0;
    void note(int now) {
      at[oldest] = now;
      oldest = (oldest + 1) % at.size();
    }
  };
  struct Pixel {
    float peak = 0, valley = 0;
    int direction = 0;  ///< of the last change of luminance
    float u = 0, v = 0; ///< colour at the last change of red (CIE 1976 UCS)
    bool red = false;
    Changes light, colour;
  };
  void look_at_light(Pixel& pixel, float light) const;
  void look_at_colour(Pixel& pixel, float r, float g, float b) const;
  [[nodiscard]] bool flashes(const Changes& changes) const;
  void judge();

  std::vector<Pixel> pixels_;
  int now_ = 0; ///< pictures seen
  double worst_ = 0;
  std::optional<int> when_;
};

} // namespace machiai::media
