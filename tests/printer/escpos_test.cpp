// SPDX-License-Identifier: Apache-2.0
// The bytes a receipt printer gets, and what its answers mean.
#include "printer/escpos.hpp"
#include "tests/printer/pages.hpp"

#include <catch2/catch.hpp>
#include <cups/raster.h>
#include <fcntl.h>
#include <unistd.h>

using namespace machiai::printer;
using namespace std::string_literals;

namespace {

/// Bands back into a picture; anything else is a failure.
Bitmap decoded(const std::string& bytes, int width, int height) {
  Bitmap out(width, height);
  std::size_t at = 0;
  int top = 0;
  while (at < bytes.size()) {
    REQUIRE(bytes.substr(at, 4) == "\x1dv0\0"s);
    const auto number = [&](std::size_t where) {
      return static_cast<unsigned char>(bytes[where]) + 256 * static_cast<unsigned char>(bytes[where + 1]);
    };
    const int stride = number(at + 4);
    const int rows = number(at + 6);
    REQUIRE(stride == width / 8);
    at += 8;
    REQUIRE(at + static_cast<std::size_t>(stride * rows) <= bytes.size());
    for (int i = 0; i < stride * rows; ++i, ++at)
      for (int bit = 0; bit < 8; ++bit)
        out.set(i % stride * 8 + bit, top + i / stride, (bytes[at] >> (7 - bit) & 1) != 0);
    top += rows;
  }
  REQUIRE(top == height);
  return out;
}

Bitmap pattern(int width, int height) {
  Bitmap out(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) out.set(x, y, (x * 7 + y * 13) % 5 == 0 || x == y);
  return out;
}

/// The filter's output for a raster of one page, and its exit code.
std::string filtered(const test::Scratch& scratch, unsigned space, unsigned bits, unsigned dots, int& code) {
  const Bitmap picture = pattern(600, 90);
  const std::string path = (scratch.path() / "page.ras").string();
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  cups_raster_t* const raster = cupsRasterOpen(file, CUPS_RASTER_WRITE);
  cups_page_header2_t page{};
  page.HWResolution[0] = page.HWResolution[1] = 203;
  page.cupsWidth = 600;
  page.cupsHeight = 90;
  page.cupsBitsPerColor = page.cupsBitsPerPixel = bits;
  page.cupsNumColors = 1;
  page.cupsColorSpace = static_cast<cups_cspace_t>(space);
  page.cupsBytesPerLine = (600 * bits + 7) / 8;
  page.cupsInteger[0] = dots;
  page.cupsInteger[1] = 1; // nobody answers here
  cupsRasterWriteHeader2(raster, &page);
  const bool ink = space == CUPS_CSPACE_K;
  for (int y = 0; y < 90; ++y) {
    std::string line(page.cupsBytesPerLine, '\0');
    for (int x = 0; x < 600; ++x) {
      const bool set = picture.black(x, y) == ink;
      if (bits == 8) line[static_cast<std::size_t>(x)] = set ? '\xff' : '\0';
      if (bits == 1 && set) line[static_cast<std::size_t>(x) / 8] |= static_cast<char>(0x80 >> (x % 8));
    }
    cupsRasterWritePixels(raster, reinterpret_cast<unsigned char*>(line.data()), page.cupsBytesPerLine);
  }
  cupsRasterClose(raster);
  ::close(file);
  const std::string said =
      scratch.run("'" MACHIAI_ESCPOS "' 1 u t 1 '' page.ras 2>/dev/null >out; echo $?; cat out");
  code = std::stoi(said);
  return said.substr(said.find('\n') + 1);
}

} // namespace

TEST_CASE("a picture becomes bands, and is the same again") {
  for (const auto& [width, height] : {std::pair{576, 300}, {384, 128}, {576, 1}}) {
    const Bitmap picture = pattern(width, height);
    CHECK(decoded(escpos::raster(picture), width, height) == picture);
    CHECK(decoded(escpos::raster(picture, 7), width, height) == picture);
  }
  CHECK(escpos::raster({}).empty());
}

TEST_CASE("an answer is known by its fixed bits, and what it means by the others") {
  CHECK(escpos::is_now_answer(0x12));
  CHECK(escpos::is_now_answer(0x72));
  CHECK_FALSE(escpos::is_now_answer(0x00));
  CHECK_FALSE(escpos::is_now_answer(0xff));
  CHECK(escpos::is_done_answer(0x00));
  CHECK(escpos::is_done_answer(0x0c));
  CHECK_FALSE(escpos::is_done_answer(0x12));
  CHECK(escpos::offline_trouble(0x12).empty());
  CHECK(escpos::offline_trouble(0x16) == "cover-open-error");
  CHECK(escpos::offline_trouble(0x32) == "media-empty-error");
  CHECK(escpos::offline_trouble(0x52) == "media-jam-error");
  CHECK(escpos::paper_trouble(0x12).empty());
  CHECK(escpos::paper_trouble(0x1e) == "media-low-warning");
  CHECK(escpos::paper_trouble(0x72) == "media-empty-error");
  CHECK(escpos::done_without_paper(0x0c));
  CHECK_FALSE(escpos::done_without_paper(0x03)); // nearly at the end is not the end
}

TEST_CASE("the filter takes what cups hands over, one bit or eight, ink or light") {
  const test::Scratch scratch;
  int code = 0;
  const std::string first = filtered(scratch, CUPS_CSPACE_K, 1, 576, code);
  CHECK(code == 0);
  CHECK(first.substr(0, 2) == escpos::begin());
  const std::string page = first.substr(2, first.size() - 2 - escpos::cut().size());
  const Bitmap burnt = decoded(page, 576, 90);
  int different = 0;
  for (int y = 0; y < 90; ++y)
    for (int x = 0; x < 576; ++x) different += burnt.black(x, y) != pattern(600, 90).black(x + 12, y) ? 1 : 0;
  CHECK(different == 0);
  for (const auto& [space, bits] : {std::pair{CUPS_CSPACE_K, 8U}, {CUPS_CSPACE_W, 1U}, {CUPS_CSPACE_SW, 8U}})
    CHECK(filtered(scratch, space, bits, 576, code) == first);
  CHECK(filtered(scratch, CUPS_CSPACE_K, 1, 384, code).size() < first.size());
}

TEST_CASE("a raster the filter cannot read fails and sends nothing") {
  const test::Scratch scratch;
  int code = 0;
  CHECK(filtered(scratch, CUPS_CSPACE_RGB, 8, 576, code).empty());
  CHECK(code == 1);
  scratch.write("page.ras",
                "no raster at all, but long enough to be one, so that the header must be looked at");
  CHECK(scratch.run("'" MACHIAI_ESCPOS "' 1 u t 1 '' page.ras 2>/dev/null | wc -c") == "0\n");
  CHECK(scratch.run("'" MACHIAI_ESCPOS "' 2>/dev/null; echo $?") == "1\n");
}
