// SPDX-License-Identifier: Apache-2.0
#include "kiosk/scan.hpp"

#include <algorithm>

namespace machiai::kiosk {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

/// NW-7 codes begin and end with one of A to D, and many scanners type them.
std::string_view without_guards(std::string_view text) {
  const auto guard = [](char c) { return (c >= 'a' && c <= 'd') || (c >= 'A' && c <= 'D'); };
  if (text.size() > 2 && guard(text.front()) && guard(text.back())) return text.substr(1, text.size() - 2);
  return text;
}

/// "naika-20261124-36", "naika-20261124-K3", "naika-20261124-W2.7": service, date, number.
bool is_ticket_id(std::string_view text) {
  const auto last = text.rfind('-');
  if (last == std::string_view::npos || last < 10) return false;
  const auto date = text.rfind('-', last - 1);
  if (date == std::string_view::npos || date == 0 || last - date != 9) return false;
  std::string_view number = text.substr(last + 1);
  while (!number.empty() && is_letter(number.front())) number.remove_prefix(1);
  if (const auto dot = number.find('.'); dot != std::string_view::npos && all_digits(number.substr(0, dot)))
    number.remove_prefix(dot + 1); // the generation of its series
  return all_digits(text.substr(date + 1, 8)) && all_digits(number) && number.size() <= 6;
}

/// The last part of an address, when it can be a token; else empty.
std::string_view token_of(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return {};
  const std::string_view path = text.substr(text.find("//") + 2);
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view token = path.substr(slash + 1);
  constexpr std::size_t shortest_token = 8;
  const bool plain = std::all_of(token.begin(), token.end(),
                                 [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; });
  return token.size() >= shortest_token && plain ? token : std::string_view{};
}

} // namespace

bool scanning(const Keys& keys, std::int64_t at_ms) {
  return (keys.spoilt || !keys.text.empty()) && at_ms >= keys.last_ms && at_ms - keys.last_ms <= scan_gap_ms;
}

Typed typed(Keys keys, char32_t key, std::int64_t at_ms) {
  if (!scanning(keys, at_ms)) keys = {};
  if (key == enter_key) {
    if (keys.spoilt) return {{}, Scan{}};
    if (keys.text.size() < shortest_scan) return {{}, std::nullopt};
    return {{}, read_scan(keys.text)};
  }
  keys.last_ms = at_ms;
  if (key < 0x20 || key > 0x7e || keys.text.size() == longest_scan)
    keys = {{}, at_ms, true};
  else if (!keys.spoilt)
    keys.text.push_back(static_cast<char>(key));
  return {std::move(keys), std::nullopt};
}

Scan read_scan(std::string_view text) {
  if (text.size() > longest_scan) return {};
  const std::string_view card = without_guards(text);
  if (all_digits(card) && card.size() >= shortest_scan && card.size() <= longest_card)
    return {Scan::Kind::card, std::string(card)};
  const std::string_view id = text.substr(text.rfind('#') + 1); // all of it without a #
  if (is_ticket_id(id)) return {Scan::Kind::ticket, std::string(id)};
  if (const auto token = token_of(text); !token.empty()) return {Scan::Kind::token, std::string(token)};
  return {};
}

} // namespace machiai::kiosk
