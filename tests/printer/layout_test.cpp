// SPDX-License-Identifier: Apache-2.0
// Layouts as data: both papers, what a file may say, and how its mistakes are told.
#include "printer/document.hpp"
#include "printer/qr.hpp"
#include "printer/slip_layout.hpp"
#include "tests/printer/fixture.hpp"
#include "tests/printer/pages.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace machiai::printer;

namespace {

const Fonts& fonts() {
  static const auto opened = Fonts::open({});
  REQUIRE(opened);
  return *opened;
}

SlipLayout layout_named(const std::string& name) {
  auto layout = load_layout(name);
  REQUIRE(layout);
  return std::move(*layout);
}

Bitmap painted(const Slip& slip, const SlipLayout& layout) {
  auto picture = paint(slip, fonts(), layout);
  REQUIRE(picture);
  return std::move(*picture);
}

std::string mistake(const std::string& toml) {
  const auto layout = parse_layout(toml);
  REQUIRE_FALSE(layout);
  CHECK(layout.error().reason == "bad_slip_layout");
  return layout.error().detail;
}

/// The highest unbroken black column of digits is the number's height, whatever the box around it.
int number_height(const Bitmap& with, const Bitmap& other) {
  int top = with.height();
  int bottom = 0;
  for (int y = 0; y < std::min(with.height(), other.height()); ++y)
    for (int x = 0; x < with.width(); ++x)
      if (with.black(x, y) != other.black(x, y)) {
        top = std::min(top, y);
        bottom = std::max(bottom, y + 1);
      }
  return bottom - top;
}

} // namespace

TEST_CASE("the files of both papers hold; 80 mm is what the code begins with") {
  CHECK(layout_named("80mm") == SlipLayout{});
  CHECK(layout_named("") == SlipLayout{});
  const SlipLayout narrow = layout_named("58mm");
  CHECK(narrow.width == 384);
  CHECK(narrow.paper_mm == 58);
  CHECK_FALSE(narrow == SlipLayout{});
}

TEST_CASE("on both papers ink keeps the margins, whatever the texts") {
  for (const char* paper : {"80mm", "58mm"}) {
    const SlipLayout layout = layout_named(paper);
    Slip odd = test::reprinted_slip();
    odd.facility = std::string(10'000, 'W');
    odd.service = std::string(10'000, 'M');
    odd.phone = std::string(10'000, '0');
    odd.qr = std::string(60, 'Q');
    odd.ahead = 2'000'000'000;
    odd.wait = machiai::queue::WaitRange{1'000'000, 2'000'000};
    odd.absence = {1'000'000'000, 1'000'000'000};
    Slip longest = test::sample_slip();
    longest.number = "W12-3456";
    for (const Slip& slip : {test::sample_slip(), test::reprinted_slip(), odd, longest}) {
      const Bitmap picture = painted(slip, layout);
      const Box ink = picture.ink(picture.all());
      CAPTURE(paper, slip.number, ink.left, ink.right);
      CHECK(picture.width() == layout.width);
      CHECK(picture.height() < layout.most_height);
      CHECK(ink.left >= layout.side);
      CHECK(ink.right <= layout.width - layout.side);
      CHECK(ink.bottom <= picture.height() - layout.bottom);
    }
  }
}

TEST_CASE("on narrow paper, too, a day's numbers stand on one line") {
  const SlipLayout layout = layout_named("58mm");
  Slip slip = test::sample_slip();
  slip.number = "888";
  const int one_line = painted(slip, layout).height();
  for (const char* number : {"W1-7", "S-12", "K1234", "S-128"}) {
    slip.number = number;
    CAPTURE(number);
    CHECK(painted(slip, layout).height() == one_line);
  }
}

TEST_CASE("on narrow paper, too, digits are at least 15 mm high") {
  const SlipLayout layout = layout_named("58mm");
  for (const auto& [number, other] : {std::pair{"7", "1"}, {"36", "71"}, {"888", "111"}}) {
    Slip slip = test::sample_slip();
    slip.number = number;
    const Bitmap picture = painted(slip, layout);
    slip.number = other;
    CHECK(number_height(picture, painted(slip, layout)) >= 15 * dots_per_mm);
  }
}

TEST_CASE("blocks stand in the order of the list, and only those") {
  const auto layout = parse_layout("[paper]\nblocks = [\"reprint\", \"number\", \"phone\"]\n");
  REQUIRE(layout);
  Slip slip = test::sample_slip();
  const Bitmap few = painted(slip, *layout);
  CHECK(few.height() < 500);
  slip.phone.clear();
  CHECK(painted(slip, *layout).height() < few.height());
  SlipLayout turned;
  std::swap(turned.blocks[1], turned.blocks[2]); // number before head
  CHECK_FALSE(painted(test::sample_slip(), turned) == painted(test::sample_slip(), {}));
}

TEST_CASE("a mistake in a layout is told with its line and what would be right") {
  CHECK(mistake("[paper\n").find("line 1") != std::string::npos);
  CHECK(mistake("[head]\n\ndat = 3\n") == "line 3: there is no head.dat");
  CHECK(mistake("[heads]\ndate = 3\n") == "line 2: there is no heads.date");
  CHECK(mistake("side = 3\n") == "line 1: side is not a section");
  CHECK(mistake("[head]\ndate = 3\n") == "line 2: head.date is a whole number from 22 to 60");
  CHECK(mistake("[head]\ndate = \"30\"\n") == "line 2: head.date is a whole number from 22 to 60");
  CHECK(mistake("[facts]\nstacked = 1\n") == "line 2: facts.stacked is true or false");
  CHECK(mistake("[paper]\nblocks = 3\n") == "line 2: blocks is not a list of names");
  CHECK(mistake("[paper]\nblocks = [\"numbr\"]\n").find("no block is called \"numbr\"") != std::string::npos);
  CHECK(mistake("[paper]\nblocks = [\"number\", \"number\"]\n").find("twice") != std::string::npos);
  CHECK(mistake("[paper]\nblocks = [\"reprint\"]\n").find("must hold number") != std::string::npos);
  CHECK(mistake("[paper]\nblocks = [\"number\"]\n").find("must hold reprint") != std::string::npos);
  CHECK(mistake("[paper]\nwidth_mm = 58\n").find("more than paper.width_mm holds") != std::string::npos);
  CHECK(mistake("[paper]\nwidth_mm = 40\ndots = 300\n").find("too narrow") != std::string::npos);
  CHECK(load_layout("/nonexistent/slip.toml").error().detail == "no file /nonexistent/slip.toml");
}

TEST_CASE("without an address or an id there is no code; with one a camera reads it back from both papers") {
  const std::string address =
      GENERATE("https://machiai.example.jp:8443/f/minato#shounika-20261124-W2.7", "naika-20261124-12");
  const bool reader = std::system("command -v zbarimg >/dev/null") == 0;
  for (const char* paper : {"80mm", "58mm"}) {
    const SlipLayout layout = layout_named(paper);
    Slip slip = test::sample_slip();
    const int without = painted(slip, layout).height();
    slip.qr = address;
    const Bitmap picture = painted(slip, layout);
    CHECK(picture.height() > without + 150);
    if (!reader) continue;
    const test::Scratch scratch;
    scratch.write("slip.png", *to_png(picture));
    CHECK(scratch.run("zbarimg --nodbus -q --raw slip.png") == address + "\n");
  }
}

TEST_CASE("an address too long for the paper leaves the code out, not the slip") {
  Slip slip = test::sample_slip();
  const int without = painted(slip, {}).height();
  slip.qr = std::string(2'000, 'x');
  CHECK(painted(slip, {}).height() == without);
  CHECK_FALSE(qr_code(std::string(10'000, 'x'), 203, 1)); // more than any code holds
}
