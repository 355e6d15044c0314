// SPDX-License-Identifier: Apache-2.0
#include "sound/reading.hpp"

#include <array>

namespace machiai::sound {

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
      // 110番 is the police's number and would be read "hyaku-tō-ban".
      const std::string digits = take_digits(number, at);
      spoken += digits == "110" ? "ひゃくじゅう" : digits;
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

std::string spoken_room(const queue::Label& room) {
  return room.reading.empty() ? mended_name(room.ja) : room.reading;
}

std::string mended_name(std::string_view name) {
  constexpr std::array<std::string_view, 11> kana{"",     "いち", "に",   "さん",   "よん",  "ご",
                                                  "ろく", "なな", "はち", "きゅう", "じゅう"};
  std::string mended;
  for (std::size_t at = 0; at < name.size();) {
    if (is_digit(name[at])) {
      const std::string digits = take_digits(name, at);
      const auto rest = name.substr(at);
      const bool room = rest.starts_with("診") && !rest.starts_with("診察");
      const int value = digits.size() < 3 ? std::stoi(digits) : 0;
      if (room && value > 0 && value < static_cast<int>(kana.size())) {
        mended += std::string(kana[static_cast<std::size_t>(value)]) + "しん";
        at += std::string_view("診").size();
      } else {
        mended += digits;
        if (rest.starts_with("番診")) {
          mended += "番の";
          at += std::string_view("番").size();
        }
      }
      continue;
    }
    if (name.substr(at).starts_with("中待合")) {
      mended += "なかまちあい";
      at += std::string_view("中待合").size();
      continue;
    }
    mended += name[at++];
  }
  return mended;
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  if (line.size() <= longest_line) return line;
  std::size_t cut = longest_line;
  while (cut > 0 && (line[cut] & 0xC0) == 0x80) --cut; // not inside a character
  return line.substr(0, cut);
}

} // namespace machiai::sound
