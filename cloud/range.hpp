// SPDX-License-Identifier: Apache-2.0
// What part of a file is asked for (RFC 9110, sections 13 and 14): pure functions over the headers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace machiai::cloud {

enum class Part : std::uint8_t {
  whole,  ///< 200
  piece,  ///< 206
  beyond, ///< 416: it begins behind the end
};

struct Ranged {
  Part part = Part::whole;
  std::uint64_t first = 0;
  std::uint64_t length = 0; ///< none when `beyond`
};

/// Of a file of `size` bytes, one at least. What cannot be read as a range, several ranges, and a range of
/// another content than `etag` (`if_range`, empty: not asked) are answered with the whole.
[[nodiscard]] Ranged range_of(std::string_view range, std::string_view if_range, std::string_view etag,
                              std::uint64_t size);
/// "bytes 0-99/1000", and "bytes */1000" when it is beyond.
[[nodiscard]] std::string content_range(const Ranged& ranged, std::uint64_t size);
/// Without blanks and tabs around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// The first of a list with commas (RFC 9110, 5.6.1), trimmed; `list` is what follows it.
[[nodiscard]] std::string_view take_first(std::string_view& list);
/// Whether If-None-Match names this content already.
[[nodiscard]] bool has_already(std::string_view if_none_match, std::string_view etag);

} // namespace machiai::cloud
