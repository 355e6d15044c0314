// SPDX-License-Identifier: Apache-2.0
// The virtual printer as a test's own, started and ended with it.
#pragma once

#include "printer/bitmap.hpp"
#include "printer/cups.hpp"
#include "tests/printer/pages.hpp"

#include <catch2/catch.hpp>
#include <sys/types.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace machiai::printer::test {

/// Polls until the condition holds; false when it does not within the time.
inline bool within(std::chrono::milliseconds time, const std::function<bool()>& condition) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return condition();
}

class VirtualPrinter {
public:
  explicit VirtualPrinter(const std::string& options = "") { REQUIRE(tool("start", options) == 0); }
  ~VirtualPrinter() {
    (void)tool("stop");
    if (std::uncaught_exceptions() > 0) tell();
  }
  VirtualPrinter(const VirtualPrinter&) = delete;
  VirtualPrinter& operator=(const VirtualPrinter&) = delete;

  int tool(const std::string& verb, const std::string& more = "") const {
    return std::system(
        ("'" MACHIAI_VIRTUAL_PRINTER "' " + verb + " '" + scratch_.path().string() + "/vp' " + more).c_str());
  }
  [[nodiscard]] std::string env(const std::string& name) const {
    std::ifstream file(scratch_.path() / "vp" / "printer.env");
    for (std::string line; std::getline(file, line);)
      if (line.rfind(name + "=", 0) == 0) return line.substr(name.size() + 1);
    return {};
  }
  [[nodiscard]] Settings settings() const { return {env("CUPS_SERVER"), env("QUEUE")}; }
  [[nodiscard]] bool prints(int count) const { return static_cast<int>(papers().size()) >= count; }
  [[nodiscard]] pid_t pid(const std::string& part) const { return std::stoi(env(part + "_PID")); }
  /// How many documents the device began with, whatever became of them.
  [[nodiscard]] int taken() const { return lines("taken", ""); }
  /// Lines of cupsd's log that hold `text`.
  [[nodiscard]] int logged(const std::string& text) const { return lines("log/error_log", text); }
  /// How often cupsd's backend was refused by a busy device and went to sleep: never, if we do our part.
  [[nodiscard]] int backed_off() const { return logged("Create-Job: server-error-busy"); }
  /// The documents that came out, in order.
  [[nodiscard]] std::vector<std::filesystem::path> papers() const {
    std::vector<std::filesystem::path> out;
    for (int n = 1;; ++n) {
      std::string name = std::to_string(n);
      name.insert(0, 4 - std::min<std::size_t>(4, name.size()), '0');
      const auto base = scratch_.path() / "vp" / "out" / name;
      if (!std::filesystem::exists(base.string() + ".png")) return out;
      out.push_back(base.string() + ".pdf");
    }
  }

  /// What a receipt printer burnt, cut by cut.
  [[nodiscard]] std::vector<Bitmap> burnt() const {
    std::vector<Bitmap> out;
    for (int n = 1;; ++n) {
      std::string name = std::to_string(n);
      name.insert(0, 4 - std::min<std::size_t>(4, name.size()), '0');
      std::ifstream file(scratch_.path() / "vp" / "out" / (name + ".pbm"), std::ios::binary);
      if (!file) return out;
      out.push_back(from_pbm(file));
    }
  }
  /// How often the device was told something, or did it (see fake9100.py).
  [[nodiscard]] int said(const std::string& text) const { return lines("said", text); }

private:
  static Bitmap from_pbm(std::istream& file) {
    std::string magic;
    int width = 0;
    int height = 0;
    file >> magic >> width >> height;
    file.get();
    Bitmap picture(width, height);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; x += 8) {
        const int byte = file.get();
        for (int bit = 0; bit < 8; ++bit) picture.set(x + bit, y, (byte >> (7 - bit) & 1) != 0);
      }
    return picture;
  }
  /// A walk that fails says what cupsd and the device saw.
  void tell() const {
    const std::string log = "'" + scratch_.path().string() + "/vp/log/";
    (void)std::system(("grep -vE 'envp|argv|cupsd|-tag ----|[Cc]onnection|ppd' " + log +
                       "error_log' | tail -n 150; tail -n 40 " + log + "device.out'")
                          .c_str());
  }
  [[nodiscard]] int lines(const std::string& name, const std::string& text) const {
    std::ifstream file(scratch_.path() / "vp" / name);
    int count = 0;
    for (std::string line; std::getline(file, line);) count += line.find(text) != std::string::npos ? 1 : 0;
    return count;
  }

  Scratch scratch_;
};

} // namespace machiai::printer::test
