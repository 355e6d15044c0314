// SPDX-License-Identifier: Apache-2.0
#include "printer/escpos.hpp"

#include <algorithm>

namespace machiai::printer::escpos {

namespace {

constexpr char esc = '\x1b';
constexpr char gs = '\x1d';
constexpr char dle = '\x10';
constexpr char eot = '\x04';

char byte(int value) {
  return static_cast<char>(static_cast<unsigned char>(value & 0xff));
}

} // namespace

std::string begin() {
  return {esc, '@'};
}

std::string raster(const Bitmap& picture, int band) {
  std::string out;
  const int bytes = static_cast<int>(picture.stride());
  for (int top = 0; top < picture.height(); top += band) {
    const int rows = std::min(band, picture.height() - top);
    out += {gs, 'v', '0', 0, byte(bytes), byte(bytes >> 8), byte(rows), byte(rows >> 8)};
    const auto* const first = reinterpret_cast<const char*>(picture.bytes().data()) +
                              static_cast<std::size_t>(top) * picture.stride();
    out.append(first, static_cast<std::size_t>(rows) * picture.stride());
  }
  return out;
}

std::string cut(int feed_dots) {
  return {gs, 'V', 66, byte(std::clamp(feed_dots, 0, 255))};
}

std::string ask_now(int what) {
  return {dle, eot, byte(what)};
}

std::string ask_when_done() {
  return {gs, 'r', 1};
}

std::string forget() {
  return {dle, '\x14', 8, 1, 3, '\x14', 1, 6, 2, 8};
}

bool is_now_answer(std::uint8_t answer) {
  return (answer & 0x93U) == 0x12U;
}

bool is_done_answer(std::uint8_t answer) {
  return (answer & 0x90U) == 0;
}

std::string_view offline_trouble(std::uint8_t answer) {
  if ((answer & 0x04U) != 0) return "cover-open-error";
  if ((answer & 0x20U) != 0) return "media-empty-error";
  return (answer & 0x40U) != 0 ? "media-jam-error" : ""; // "an error": mostly the cutter
}

std::string_view paper_trouble(std::uint8_t answer) {
  if ((answer & 0x60U) != 0) return "media-empty-error";
  return (answer & 0x0cU) != 0 ? "media-low-warning" : "";
}

bool done_without_paper(std::uint8_t answer) {
  return (answer & 0x0cU) != 0;
}

} // namespace machiai::printer::escpos
