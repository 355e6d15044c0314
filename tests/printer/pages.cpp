// SPDX-License-Identifier: Apache-2.0
#include "tests/printer/pages.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>

namespace machiai::printer::test {

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  REQUIRE(pipe);
  std::string out;
  std::array<char, 65536> part{};
  while (const std::size_t got = fread(part.data(), 1, part.size(), pipe.get())) out.append(part.data(), got);
  return out;
}

} // namespace

Page page_of(const std::filesystem::path& pdf) {
  const std::string pgm = output_of("pdftoppm -r 203 -gray -singlefile '" + pdf.string() + "'");
  Page page;
  int most = 0;
  int start = 0;
  REQUIRE(std::sscanf(pgm.c_str(), "P5 %d %d %d%n", &page.width, &page.height, &most, &start) == 3);
  const std::size_t size = static_cast<std::size_t>(page.width) * static_cast<std::size_t>(page.height);
  REQUIRE(pgm.size() == static_cast<std::size_t>(start) + 1 + size);
  page.grey.assign(pgm.end() - static_cast<std::ptrdiff_t>(size), pgm.end());
  return page;
}

int differing_dots(const Bitmap& slip, const Page& page) {
  const int left = static_cast<int>(std::lround((std::floor(80 * 72 / 25.4) * 203 / 72 - slip.width()) / 2));
  int different = 0;
  for (int y = 0; y < std::max(slip.height(), page.height); ++y)
    for (int x = -left; x < page.width - left; ++x)
      different += slip.black(x, y) != page.black(x + left, y) ? 1 : 0;
  return different;
}

Scratch::Scratch() {
  static std::atomic<int> next{0};
  path_ = std::filesystem::temp_directory_path() /
          ("machiai-printer-" + std::to_string(getpid()) + "-" + std::to_string(next++));
  std::filesystem::create_directories(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Scratch::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ / name, std::ios::binary) << bytes;
}

std::string Scratch::run(const std::string& command) const {
  return output_of("cd '" + path_.string() + "' && " + command + " 2>&1");
}

} // namespace machiai::printer::test
