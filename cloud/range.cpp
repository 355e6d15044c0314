// SPDX-License-Identifier: Apache-2.0
#include "cloud/range.hpp"

#include "cloud/guards.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace machiai::cloud {

namespace {

constexpr std::string_view unit = "bytes=";

bool is_unit(std::string_view text) {
  return text.size() == unit.size() && std::equal(text.begin(), text.end(), unit.begin(), [](char a, char b) {
           return a == b || (a >= 'A' && a <= 'Z' && a - 'A' + 'a' == b);
         });
}

/// Digits and nothing else; a number that is too large is the largest.
std::optional<std::uint64_t> number(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : std::numeric_limits<std::uint64_t>::max();
}

/// One range, "0-99", "100-" or "-50".
Ranged piece_of(std::string_view text, std::uint64_t size) {
  const Ranged whole{Part::whole, 0, size};
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return whole;
  const std::string_view from = text.substr(0, dash), to = text.substr(dash + 1);
  const auto first = number(from), last = number(to);
  if ((!first && !from.empty()) || (!last && !to.empty()) || (!first && !last)) return whole;
  if (!first) {
    const std::uint64_t length = stops(Guard::range_bound, *last > size) ? size : *last;
    return length == 0 ? Ranged{Part::beyond} : Ranged{Part::piece, size - length, length};
  }
  if (last && *last < *first) return whole;
  if (stops(Guard::range_bound, *first >= size)) return {Part::beyond};
  std::uint64_t end = last ? *last : size - 1;
  if (stops(Guard::range_bound, end >= size)) end = size - 1;
  return {Part::piece, *first, end - *first + 1};
}

} // namespace

Ranged range_of(std::string_view range, std::string_view if_range, std::string_view etag,
                std::uint64_t size) {
  const Ranged whole{Part::whole, 0, size};
  const std::string_view asked = trimmed(range);
  if (!is_unit(asked.substr(0, unit.size()))) return whole;
  // A strong comparison: a weak tag and a date are never the same content.
  if (const std::string_view same = trimmed(if_range);
      stops(Guard::range_changed, !same.empty() && same != etag))
    return whole;
  std::string_view list = asked.substr(unit.size());
  const std::size_t comma = list.find(',');
  if (stops(Guard::range_single, comma != std::string_view::npos)) return whole;
  return piece_of(trimmed(list.substr(0, comma)), size);
}

std::string content_range(const Ranged& ranged, std::uint64_t size) {
  const std::string all = "/" + std::to_string(size);
  if (ranged.part == Part::beyond) return "bytes *" + all;
  return "bytes " + std::to_string(ranged.first) + "-" + std::to_string(ranged.first + ranged.length - 1) +
         all;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view take_first(std::string_view& list) {
  const std::string_view first = list.substr(0, list.find(','));
  list.remove_prefix(std::min(list.size(), first.size() + 1));
  return trimmed(first);
}

bool has_already(std::string_view if_none_match, std::string_view etag) {
  std::string_view rest = if_none_match;
  while (!rest.empty()) {
    std::string_view each = take_first(rest);
    if (each.substr(0, 2) == "W/") each.remove_prefix(2);
    if (each == "*" || each == etag) return true;
  }
  return false;
}

} // namespace machiai::cloud
