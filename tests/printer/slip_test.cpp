// SPDX-License-Identifier: Apache-2.0
#include "printer/document.hpp"
#include "printer/slip_layout.hpp"
#include "tests/printer/fixture.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace machiai::printer;
using test::sample_slip;

namespace {

const SlipLayout layout;

Fonts open_fonts() {
  auto fonts = Fonts::open({});
  REQUIRE(fonts);
  return std::move(*fonts);
}

Bitmap painted(const Slip& slip) {
  static const Fonts fonts = open_fonts();
  auto picture = paint(slip, fonts);
  REQUIRE(picture);
  return std::move(*picture);
}

/// The number's field: inside the frame, right of the spine. `head` is where the box begins.
Box number_field(const Bitmap& slip, int head) {
  const int left = layout.side + layout.box_line + layout.spine;
  int bottom = head + layout.box_line;
  const int middle = (left + layout.width - layout.side) / 2;
  while (bottom < slip.height() && !(slip.black(middle, bottom) && slip.black(left + 2, bottom) &&
                                     slip.black(middle + 60, bottom) && slip.black(left + 60, bottom)))
    ++bottom;
  return {left, head + layout.box_line, layout.width - layout.side - layout.box_line, bottom};
}

/// First row with ink across the whole width: the frame of the number box.
int box_top(const Bitmap& slip, int from) {
  for (int y = from; y < slip.height(); ++y) {
    bool all = true;
    for (int x = 100; x < layout.width - 100 && all; ++x) all = slip.black(x, y);
    if (all) return y;
  }
  return -1;
}

/// Ink of the number: the frame's round corners on the right left out.
Box number_ink(const Bitmap& slip, const Box& field) {
  const int corner = layout.box_radius;
  const Box middle = slip.ink({field.left, field.top + corner, field.right, field.bottom - corner});
  const Box whole = slip.ink({field.left, field.top, field.right - corner, field.bottom});
  return {std::min(middle.left, whole.left), std::min(middle.top, whole.top),
          std::max(middle.right, whole.right), std::max(middle.bottom, whole.bottom)};
}

double black_share(const Bitmap& slip, const Box& box) {
  int black = 0;
  for (int y = box.top; y < box.bottom; ++y)
    for (int x = box.left; x < box.right; ++x) black += slip.black(x, y) ? 1 : 0;
  return static_cast<double>(black) / (box.width() * box.height());
}

Slip numbered(const std::string& number) {
  Slip slip = sample_slip();
  slip.number = number;
  return slip;
}

} // namespace

TEST_CASE("digits of any number are at least 15 mm high and stay inside their box") {
  for (const std::string number :
       {"7", "36", "11", "888", "111", "W1-7", "S-3", "K1234", "W1-123", "W12-3456", "88888888888"}) {
    CAPTURE(number);
    const Bitmap slip = painted(numbered(number));
    const int top = box_top(slip, 0);
    REQUIRE(top > 0);
    const Box field = number_field(slip, top);
    const Box ink = number_ink(slip, field);
    CHECK(ink.left >= field.left + 6);
    CHECK(ink.right <= field.right - 6);
    CHECK(ink.top >= field.top + 10);
    CHECK(ink.bottom <= field.bottom - 10);
    CHECK(ink.height() >= 15 * dots_per_mm);
    if (number.size() <= 2) CHECK(ink.height() >= 216); // 27 mm, the role's size
  }
}

TEST_CASE("a long number takes a second line instead of smaller digits") {
  const Bitmap one = painted(numbered("W12-3456"));
  const Bitmap two = painted(numbered("W123-45678"));
  const Box field = number_field(two, box_top(two, 0));
  const Box ink = number_ink(two, field);
  CHECK(ink.height() >= 2 * 15 * dots_per_mm);
  CHECK(two.height() > one.height());
}

TEST_CASE("ink keeps the margins, whatever the texts") {
  std::vector<Slip> slips{sample_slip(), test::reprinted_slip(), numbered("W12-3456"),
                          numbered(std::string(10'000, '8'))};
  Slip odd = test::reprinted_slip();
  odd.facility = std::string(10'000, 'W');
  odd.service = std::string(10'000, 'M');
  odd.phone = std::string(10'000, '0');
  odd.ahead = 2'000'000'000;
  odd.wait = machiai::queue::WaitRange{1'000'000, 2'000'000};
  odd.absence = {1'000'000'000, 1'000'000'000};
  slips.push_back(odd);
  odd.facility = "\xff\xfe\xe3\x81 \xf0\x9f\x98\x80 \xe2\x80\xae\x01\n\t\x7f";
  odd.service = "\xf5\xff";
  odd.number = "\xe3\x81";
  odd.wait = machiai::queue::WaitRange{-5, -1};
  odd.ahead = -3;
  odd.absence = {-1, -1};
  slips.push_back(odd);
  for (const Slip& slip : slips) {
    const Bitmap picture = painted(slip);
    CHECK(picture.width() == SlipLayout{}.width);
    CHECK(picture.height() < layout.most_height);
    const Box ink = picture.ink(picture.all());
    CHECK(ink.left >= layout.side);
    CHECK(ink.right <= layout.width - layout.side);
    CHECK(ink.top >= layout.top - 2);
    CHECK(ink.bottom <= picture.height() - layout.bottom);
  }
}

TEST_CASE("without a phone and a forecast their lines are left out") {
  Slip bare = sample_slip();
  bare.phone.clear();
  const Bitmap without = painted(bare);
  CHECK(without.height() < painted(sample_slip()).height());
  bare.wait.reset();
  const Bitmap also = painted(bare);
  const int below_box = box_top(also, 0) + layout.box_height + 10;
  const Box right{layout.width / 2, below_box, layout.width, below_box + layout.facts_height};
  CHECK(also.ink(right).empty());
  CHECK_FALSE(without.ink(right).empty());
}

TEST_CASE("a reprint carries a black bar and is otherwise the same slip") {
  const Bitmap plain = painted(sample_slip());
  const Bitmap again = painted(test::reprinted_slip());
  const Box bar{layout.side, layout.top, layout.width - layout.side, layout.top + layout.bar_height};
  CHECK(black_share(again, bar) > 0.6);
  CHECK(black_share(plain, bar) < 0.4);
  const int shift = again.height() - plain.height();
  CHECK(shift == layout.bar_height + layout.bar_gap);
  int different = 0;
  for (int y = 10; y < plain.height(); ++y)
    for (int x = 0; x < plain.width(); ++x)
      different += plain.black(x, y) != again.black(x, y + shift) ? 1 : 0;
  CHECK(different == 0);
}

TEST_CASE("the number is the only thing that differs between two numbers") {
  const Bitmap a = painted(numbered("36"));
  const Bitmap b = painted(numbered("38"));
  REQUIRE(a.height() == b.height());
  const Box field = number_field(a, box_top(a, 0));
  int inside = 0;
  int outside = 0;
  for (int y = 0; y < a.height(); ++y)
    for (int x = 0; x < a.width(); ++x)
      if (a.black(x, y) != b.black(x, y))
        ++(x >= field.left && x < field.right && y >= field.top && y < field.bottom ? inside : outside);
  CHECK(inside > 500);
  CHECK(outside == 0);
}

TEST_CASE("a slip without a number is refused") {
  const Fonts fonts = open_fonts();
  const auto picture = paint(numbered(""), fonts);
  REQUIRE_FALSE(picture);
  CHECK(picture.error().reason == "no_number");
}

TEST_CASE("without any font there is an error, not an empty slip") {
  const auto fonts = Fonts::open({"/nonexistent/a.ttf", "/nonexistent/b.ttf", "/nonexistent/c.ttc"});
  REQUIRE_FALSE(fonts);
  CHECK(fonts.error().code == machiai::base::Error::Code::device);
  CHECK(fonts.error().reason == "no_font");
}

TEST_CASE("without BIZ UDGothic the fallback carries the slip") {
  if (!std::filesystem::exists("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc")) return;
  auto fonts = Fonts::open({"/nonexistent/a.ttf", "/nonexistent/b.ttf", ""});
  REQUIRE(fonts);
  const auto picture = paint(sample_slip(), *fonts);
  REQUIRE(picture);
  const Box field = number_field(*picture, box_top(*picture, 0));
  CHECK(number_ink(*picture, field).height() >= 15 * dots_per_mm);
}
