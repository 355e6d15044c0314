// SPDX-License-Identifier: Apache-2.0
#include "media/flash.hpp"

#include <algorithm>
#include <cmath>

namespace machiai::media {

namespace {

constexpr float least_change = 0.1F;  // of the most luminance
constexpr float dark_below = 0.8F;    // the darker side
constexpr float red_share = 0.8F;     // R of R + G + B, linear
constexpr float least_colour = 0.2F;  // distance in u', v'
constexpr float nearly_black = 0.03F; // R + G + B with no colour to speak of
constexpr int long_ago = -1000;

/// sRGB to linear light, IEC 61966-2-1.
const std::array<float, 256>& linear() {
  static const std::array<float, 256> table = [] {
    std::array<float, 256> made{};
    for (std::size_t i = 0; i < made.size(); ++i) {
      const double c = static_cast<double>(i) / 255;
      made[i] = static_cast<float>(c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
    }
    return made;
  }();
  return table;
}

} // namespace

FlashMeter::FlashMeter() : pixels_(std::size_t{width} * height) {
  for (Pixel& pixel : pixels_)
    for (Changes* changes : {&pixel.light, &pixel.colour}) changes->at.fill(long_ago);
}

void FlashMeter::look_at_light(Pixel& pixel, float light) const {
  pixel.peak = std::max(pixel.peak, light);
  pixel.valley = std::min(pixel.valley, light);
  if (pixel.direction >= 0 && pixel.peak - light >= least_change && light < dark_below) {
    pixel.direction = -1;
    pixel.valley = light;
    pixel.light.note(now_);
  } else if (pixel.direction <= 0 && light - pixel.valley >= least_change && pixel.valley < dark_below) {
    pixel.direction = 1;
    pixel.peak = light;
    pixel.light.note(now_);
  }
}

void FlashMeter::look_at_colour(Pixel& pixel, float r, float g, float b) const {
  const float sum = r + g + b;
  float u = 0.1978F, v = 0.4683F; // white
  if (sum >= nearly_black) {
    const float x = 0.4124F * r + 0.3576F * g + 0.1805F * b;
    const float y = 0.2126F * r + 0.7152F * g + 0.0722F * b;
    const float z = 0.0193F * r + 0.1192F * g + 0.9505F * b;
    u = 4 * x / (x + 15 * y + 3 * z);
    v = 9 * y / (x + 15 * y + 3 * z);
  }
  const bool red = sum >= nearly_black && r >= red_share * sum;
  const bool first = now_ == 0;
  if (!first && (std::hypot(u - pixel.u, v - pixel.v) <= least_colour || !(red || pixel.red))) {
    // A slow way to another colour: what counts is where the last change left it, or where no red is near.
    if (!red && !pixel.red) pixel.u = u, pixel.v = v;
    return;
  }
  if (!first) pixel.colour.note(now_);
  pixel.u = u, pixel.v = v, pixel.red = red;
}

bool FlashMeter::flashes(const Changes& changes) const {
  return now_ - changes.at[changes.oldest] < fps;
}

void FlashMeter::add(std::span<const unsigned char> picture) {
  const auto& light = linear();
  for (std::size_t i = 0; i < pixels_.size(); ++i) {
    const float r = light[picture[3 * i]], g = light[picture[3 * i + 1]], b = light[picture[3 * i + 2]];
    const float luminance = 0.2126F * r + 0.7152F * g + 0.0722F * b;
    if (now_ == 0) pixels_[i].peak = pixels_[i].valley = luminance;
    look_at_light(pixels_[i], luminance);
    look_at_colour(pixels_[i], r, g, b);
  }
  judge();
  ++now_;
}

void FlashMeter::judge() {
  constexpr int half = width / 2;
  for (const int left : {0, half / 2, half}) {
    int light = 0, colour = 0;
    for (int y = 0; y < height; ++y)
      for (int x = left; x < left + half; ++x) {
        const Pixel& pixel = pixels_[static_cast<std::size_t>(y) * width + static_cast<std::size_t>(x)];
        light += flashes(pixel.light) ? 1 : 0;
        colour += flashes(pixel.colour) ? 1 : 0;
      }
    worst_ = std::max(worst_, static_cast<double>(std::max(light, colour)) / (half * height));
  }
  if (harmful() && !when_) when_ = now_ / fps;
}

} // namespace machiai::media
