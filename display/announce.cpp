// SPDX-License-Identifier: Apache-2.0
#include "display/announce.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace machiai::display {

namespace {

constexpr std::array<std::string_view, 26> letters{
    "エー",   "ビー",   "シー", "ディー", "イー",       "エフ",     "ジー", "エイチ", "アイ",
    "ジェー", "ケー",   "エル", "エム",   "エヌ",       "オー",     "ピー", "キュー", "アール",
    "エス",   "ティー", "ユー", "ブイ",   "ダブリュー", "エックス", "ワイ", "ゼット"};

constexpr std::size_t longest_line = 900;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits from `at` on, without leading zeros; moves `at` behind them.
std::string take_digits(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  std::string_view digits = text.substr(begin, at - begin);
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return std::string(digits);
}

} // namespace

std::string spoken_number(std::string_view number) {
  std::string spoken;
  for (std::size_t at = 0; at < number.size();) {
    const char c = number[at];
    if (is_digit(c)) {
      spoken += take_digits(number, at);
      continue;
    }
    ++at;
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (upper >= 'A' && upper <= 'Z')
      spoken += letters[static_cast<std::size_t>(upper - 'A')];
    else if (c == '-')
      spoken += "の";
    else
      spoken += c;
  }
  return one_line(spoken);
}

std::string number_sentence(std::string_view number) {
  return fmt::format("{}番の、かた。", spoken_number(number));
}

std::string room_sentence(std::string_view room_reading) {
  return fmt::format("{}へ、お入りください。", one_line(room_reading));
}

std::string announcement(std::string_view number, std::string_view room_reading) {
  return number_sentence(number) + room_sentence(room_reading);
}

const std::string& spoken_room(const queue::Label& room) {
  return room.reading.empty() ? room.ja : room.reading;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  if (line.size() <= longest_line) return line;
  std::size_t cut = longest_line;
  while (cut > 0 && (line[cut] & 0xC0) == 0x80) --cut; // not inside a character
  return line.substr(0, cut);
}

std::vector<queue::CallView> fresh_calls(const std::vector<queue::CallView>& listed, const Announced& last,
                                         std::int64_t hub_now_ms) {
  std::vector<queue::CallView> fresh;
  for (const auto& call : listed) {
    const std::int64_t at = base::to_ms(call.at);
    const bool later = call.call > last.call || at > last.at_ms;
    if (later && call.call != last.call && hub_now_ms - at <= announce_within_ms) fresh.push_back(call);
  }
  std::reverse(fresh.begin(), fresh.end());
  return fresh;
}

} // namespace machiai::display
