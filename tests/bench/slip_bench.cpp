// SPDX-License-Identifier: Apache-2.0
// From a slip's words to its finished bitmap: bench-slip [ROUNDS] prints
// {"80mm":{"median_ms":..,"max_ms":..},"58mm":{..}}.
#include "printer/document.hpp"
#include "tests/printer/fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

using namespace machiai::printer;

namespace {

/// Every number is another one, as in a morning; with the code, which is the most there is to paint. Empty:
/// not painted.
std::vector<double> measure(const Fonts& fonts, const SlipLayout& layout, int rounds) {
  std::vector<double> took;
  Slip slip = test::sample_slip();
  slip.qr = "https://example.jp/t/4F7K2M9QXR3W8B5NHC6D";
  for (int i = 0; i < rounds; ++i) {
    slip.number = std::to_string(100 + i);
    const auto began = std::chrono::steady_clock::now();
    if (!paint(slip, fonts, layout)) return {};
    const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - began;
    took.push_back(passed.count());
  }
  std::sort(took.begin(), took.end());
  return took;
}

} // namespace

int main(int argc, char** argv) {
  const int rounds = std::max(1, argc > 1 ? std::atoi(argv[1]) : 100);
  const auto fonts = Fonts::open({});
  std::string told;
  for (const std::string paper : {"80mm", "58mm"}) {
    const auto layout = load_layout(paper);
    if (!fonts || !layout) return 1;
    const std::vector<double> took = measure(*fonts, *layout, rounds);
    if (took.empty()) return 1;
    told += fmt::format(R"({}"{}":{{"median_ms":{:.2f},"max_ms":{:.2f}}})", told.empty() ? "" : ",", paper,
                        took[took.size() / 2], took.back());
  }
  fmt::print("{{{}}}\n", told);
}
