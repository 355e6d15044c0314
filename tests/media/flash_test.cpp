// SPDX-License-Identifier: Apache-2.0
// More than three flashes a second over a large area are found; what is slower, smaller or fainter is not.
#include "media/flash.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace machiai::media;

namespace {

struct Colour {
  unsigned char r, g, b;
};
constexpr Colour black{0, 0, 0}, white{255, 255, 255}, red{255, 0, 0}, blue{0, 0, 255}, green{0, 255, 0};

/// Four seconds; `colour` of a pixel at a picture.
FlashMeter shown(const std::function<Colour(int x, int y, int picture)>& colour) {
  FlashMeter meter;
  std::vector<unsigned char> picture(FlashMeter::picture_bytes);
  for (int n = 0; n < 4 * FlashMeter::fps; ++n) {
    for (int y = 0, i = 0; y < FlashMeter::height; ++y)
      for (int x = 0; x < FlashMeter::width; ++x, i += 3) {
        const Colour c = colour(x, y, n);
        picture[static_cast<std::size_t>(i)] = c.r;
        picture[static_cast<std::size_t>(i) + 1] = c.g;
        picture[static_cast<std::size_t>(i) + 2] = c.b;
      }
    meter.add(picture);
  }
  return meter;
}

/// All of the picture between two colours, changing every so many pictures.
FlashMeter blinking(Colour a, Colour b, int every) {
  return shown([=](int, int, int n) { return n / every % 2 == 0 ? a : b; });
}

} // namespace

TEST_CASE("three flashes a second may be shown, four may not", "[flash]") {
  CHECK_FALSE(blinking(black, white, 5).harmful()); // six changes a second
  const FlashMeter four = blinking(black, white, 4);
  CHECK(four.harmful());
  CHECK(four.worst_area() == 1);
  CHECK(four.when() == 0);
  CHECK(blinking(black, white, 1).harmful());
  CHECK_FALSE(blinking(black, white, 30).harmful());
}

TEST_CASE("faint flashes, and those between bright and brighter, may be shown", "[flash]") {
  CHECK_FALSE(blinking({0, 0, 0}, {85, 85, 85}, 2).harmful()); // 9 % of the light
  CHECK(blinking({0, 0, 0}, {95, 95, 95}, 2).harmful());       // 11 %
  CHECK_FALSE(blinking({233, 233, 233}, white, 2).harmful());  // the darker side has 81 %
}

TEST_CASE("the area counts: a quarter of half the picture", "[flash]") {
  const auto part = [](int columns) {
    return shown([=](int x, int, int n) { return x < columns && n % 2 == 0 ? white : black; });
  };
  CHECK_FALSE(part(7).harmful());
  CHECK(part(8).harmful());
  CHECK(part(8).worst_area() == Approx(0.25));
}

TEST_CASE("saturated red is worse: its flashes count though their light hardly changes", "[flash]") {
  const Colour dim_red{160, 0, 0}, dim_green{0, 90, 0};
  CHECK(blinking(dim_red, dim_green, 3).harmful());
  CHECK(blinking(red, blue, 3).harmful());
  CHECK_FALSE(blinking(dim_red, dim_green, 6).harmful());
  CHECK_FALSE(blinking({0, 60, 90}, {60, 90, 0}, 3).harmful()); // neither is red, neither is bright
}

TEST_CASE("fades, cuts and what moves through the picture are not flashes", "[flash]") {
  CHECK_FALSE(shown([](int, int, int n) {
                const auto v = static_cast<unsigned char>(n % 60 < 30 ? n % 60 * 8 : (59 - n % 60) * 8);
                return Colour{v, v, v};
              }).harmful());
  CHECK_FALSE(shown([](int, int, int n) { return n < 40 ? black : n < 80 ? white : green; }).harmful());
  CHECK_FALSE(shown([](int x, int, int n) { return x == n % FlashMeter::width ? white : black; }).harmful());
}

TEST_CASE("it is told when it begins", "[flash]") {
  const FlashMeter late = shown([](int, int, int n) { return n >= 65 && n % 2 == 0 ? white : black; });
  CHECK(late.harmful());
  CHECK(late.when() == 2);
  CHECK(late.pictures() == 120);
  CHECK_FALSE(shown([](int, int, int) { return white; }).when());
}
