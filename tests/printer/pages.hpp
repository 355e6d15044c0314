// SPDX-License-Identifier: Apache-2.0
// Pages as the printer got them, for comparison with what was painted.
#pragma once

#include "printer/bitmap.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace machiai::printer::test {

/// A grey page, 0 = black.
struct Page {
  int width = 0;
  int height = 0;
  std::vector<unsigned char> grey;
  [[nodiscard]] bool black(int x, int y) const {
    return x >= 0 && y >= 0 && x < width && y < height &&
           grey[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] <
               128;
  }
};

/// Rasterizes the first page of a PDF at 203 dpi.
[[nodiscard]] Page page_of(const std::filesystem::path& pdf);
/// Dots of `slip` that look different on the page, which holds it in the middle of its width, at its top.
[[nodiscard]] int differing_dots(const Bitmap& slip, const Page& page);

/// A directory of its own, removed at the end.
class Scratch {
public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& bytes) const;
  /// Runs a command in the directory; its output.
  [[nodiscard]] std::string run(const std::string& command) const;
  [[nodiscard]] Page page(const std::string& pdf) const { return page_of(path_ / pdf); }

private:
  std::filesystem::path path_;
};

} // namespace machiai::printer::test
