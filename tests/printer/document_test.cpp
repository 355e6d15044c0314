// SPDX-License-Identifier: Apache-2.0
#include "printer/document.hpp"
#include "tests/printer/fixture.hpp"
#include "tests/printer/pages.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace machiai::printer;

namespace {

Bitmap sample() {
  const auto fonts = Fonts::open({});
  REQUIRE(fonts);
  auto picture = paint(test::sample_slip(), *fonts);
  REQUIRE(picture);
  return std::move(*picture);
}

} // namespace

TEST_CASE("the page is 80 mm wide, as high as the slip in whole millimetres, and one page") {
  const Bitmap slip = sample();
  const int height = paper_height_mm(slip);
  CHECK(height == static_cast<int>(std::ceil(slip.height() * 25.4 / 203)));
  const test::Scratch scratch;
  const auto pdf = to_pdf(slip, 80);
  REQUIRE(pdf);
  scratch.write("slip.pdf", *pdf);
  const std::string info = scratch.run("pdfinfo slip.pdf");
  CAPTURE(info);
  CHECK(info.find("Pages:           1") != std::string::npos);
  double w = 0;
  double h = 0;
  const auto at = info.find("Page size:");
  REQUIRE(at != std::string::npos);
  REQUIRE(std::sscanf(info.c_str() + at, "Page size: %lf x %lf", &w, &h) == 2);
  CHECK(w == std::floor(80 * 72 / 25.4));
  CHECK(h == std::floor(height * 72 / 25.4));
  CHECK(h >= slip.height() * 72 / 203.0);
}

TEST_CASE("rasterized at 203 dpi each dot of the slip is where it was painted") {
  const Bitmap slip = sample();
  const test::Scratch scratch;
  scratch.write("slip.pdf", *to_pdf(slip, 80));
  const test::Page page = scratch.page("slip.pdf");
  CHECK(test::differing_dots(slip, page) == 0);
  Bitmap other = slip; // and the comparison would notice a shift by one dot
  for (int y = other.height() - 1; y > 0; --y)
    for (int x = 0; x < other.width(); ++x) other.set(x, y, slip.black(x, y - 1));
  CHECK(test::differing_dots(other, page) > 1000);
}

TEST_CASE("PNG and PBM hold the same dots") {
  const Bitmap slip = sample();
  const test::Scratch scratch;
  const auto png = to_png(slip);
  REQUIRE(png);
  CHECK(png->substr(1, 3) == "PNG");
  CHECK(to_pbm(slip).rfind("P4\n576 ", 0) == 0);
  CHECK(to_pbm(slip).size() == std::string("P4\n576 1000\n").size() - 4 +
                                   std::to_string(slip.height()).size() + slip.bytes().size());
}

TEST_CASE("a short picture still gets the shortest paper the printer has; an empty one is refused") {
  CHECK(paper_height_mm(Bitmap(576, 10)) == min_paper_mm);
  CHECK_FALSE(to_pdf(Bitmap{}, 80));
}
