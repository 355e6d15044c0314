// SPDX-License-Identifier: Apache-2.0
#include "cloud/wakeup.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace machiai::cloud {

namespace {

constexpr std::size_t longest = 7'900; ///< bytes; PostgreSQL takes less than 8,000
constexpr std::array<std::pair<Changed, std::string_view>, 3> marks{
    {{Changed::facility, ""}, {Changed::events, "~"}, {Changed::shelf, "m"}}};

} // namespace

std::vector<std::string> wake_up_texts(const std::set<int>& facilities, Changed what) {
  const auto* mark =
      std::find_if(marks.begin(), marks.end(), [&](const auto& each) { return each.first == what; });
  std::vector<std::string> texts;
  for (const int facility : facilities) {
    const std::string one = std::to_string(facility).append(mark->second);
    if (texts.empty() || texts.back().size() + one.size() >= longest) {
      texts.push_back(one);
    } else {
      texts.back().append(",").append(one);
    }
  }
  return texts;
}

std::vector<WakeUp> wake_ups(std::string_view text) {
  std::vector<WakeUp> all;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view one = text.substr(at, text.find(',', at) - at);
    int facility = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), facility);
    const std::string_view rest = one.substr(static_cast<std::size_t>(end - one.data()));
    const auto* mark =
        std::find_if(marks.begin(), marks.end(), [&](const auto& each) { return each.second == rest; });
    if (error == std::errc{} && mark != marks.end()) all.push_back({facility, mark->first});
    at += one.size() + 1;
  }
  return all;
}

} // namespace machiai::cloud
