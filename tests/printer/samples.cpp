// SPDX-License-Identifier: Apache-2.0
// machiai-slip-samples DIR: slips as PNG, for eyes.
#include "printer/document.hpp"
#include "tests/printer/fixture.hpp"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

using namespace machiai;
using namespace machiai::printer;

namespace {

bool save(const Fonts& fonts, const Slip& slip, const SlipLayout& layout, const std::string& path) {
  const auto began = std::chrono::steady_clock::now();
  const auto picture = paint(slip, fonts, layout);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  if (!picture) return false;
  const auto png = to_png(*picture);
  if (!png) return false;
  std::ofstream file(path, std::ios::binary);
  file << *png;
  file.close();
  if (!file) {
    std::fprintf(stderr, "machiai-slip-samples: %s cannot be written\n", path.c_str());
    return false;
  }
  std::printf("%s: %d dots high, painted in %.1f ms\n", path.c_str(), picture->height(), took.count());
  return true;
}

Slip with_number(const std::string& number) {
  Slip slip = test::sample_slip();
  slip.number = number;
  return slip;
}

} // namespace

int main(int argc, char** argv) {
  const std::string_view asked = argc == 2 ? argv[1] : "-";
  if (asked.empty() || asked.starts_with('-')) {
    const bool help = asked == "--help" || asked == "-h";
    std::fputs("machiai-slip-samples DIR: slips as PNG, into a folder that is there\n",
               help ? stdout : stderr);
    return help ? 0 : 2;
  }
  const auto fonts = Fonts::open({});
  if (!fonts) return 1;
  const std::string to = std::string(argv[1]) + "/";
  Slip odd = test::sample_slip();
  odd.facility = "医療法人社団みなと会 みなとこどもアレルギークリニック附属発達支援センター第二分院";
  odd.service = "インフルエンザ予防接種";
  odd.number = "W12-3456";
  odd.ahead = 1234;
  odd.wait = queue::WaitRange{120, 150};
  odd.absence = {0, 1};
  odd.phone = "0120-000-0000（代表）内線 1234 夜間は自動応答";
  Slip bare = with_number("S-3");
  bare.service = "ワクチン";
  bare.wait.reset();
  bare.phone.clear();
  bare.ahead = 0;
  Slip coded = test::sample_slip();
  coded.qr = "https://example.jp/t/4F7K2M9QXR3W8B5NHC6D";
  bool done = true;
  for (const std::string paper : {"80mm", "58mm"}) {
    const auto layout = load_layout(paper);
    if (!layout) return 1;
    const auto picture = [&](const Slip& slip, const std::string& name) {
      done = save(*fonts, slip, *layout, to + name + "-" + paper + ".png") && done;
    };
    picture(test::sample_slip(), "slip");
    picture(test::reprinted_slip(), "reprint");
    picture(coded, "qr");
    picture(with_number("888"), "three");
    picture(with_number("W1-7"), "four");
    picture(with_number("K1234"), "five");
    picture(odd, "odd");
    picture(bare, "bare");
    picture(with_number("7"), "one");
  }
  return done ? 0 : 1;
}
