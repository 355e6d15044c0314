// SPDX-License-Identifier: Apache-2.0
#include "display/sound_plan.hpp"

#include "core/queue/clinic.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace machiai::display {

namespace {

constexpr int day_minutes = 24 * 60;

bool inside(const QuietSpan& span, int minute) {
  if (span.from < span.to) return minute >= span.from && minute < span.to;
  return minute >= span.from || minute < span.to;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto comma = text.find(',');
    parts.push_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

std::optional<int> percent_of(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 0 && value <= 100 ? std::optional(value) : std::nullopt;
}

} // namespace

Loudness loudness_at(const SoundPlan& plan, int minute) {
  Loudness result;
  if (!plan.volume.empty()) {
    // Before the first step the last one of the evening before still stands.
    result.percent = plan.volume.back().percent;
    for (const VolumeStep& step : plan.volume)
      if (step.from <= minute) result.percent = step.percent;
  }
  const bool quiet = std::any_of(plan.quiet.begin(), plan.quiet.end(),
                                 [&](const QuietSpan& span) { return inside(span, minute); });
  if (quiet) {
    result.words = false;
    result.soft = true;
    result.chime = plan.quiet_chime == QuietChime::soft;
  }
  return result;
}

std::optional<std::vector<QuietSpan>> parse_quiet(std::string_view text) {
  std::vector<QuietSpan> spans;
  for (const std::string_view part : split(text)) {
    const auto dash = part.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto from = queue::parse_minute(part.substr(0, dash));
    const auto to = queue::parse_minute(part.substr(dash + 1));
    if (!from || !to || *from == *to || *from >= day_minutes) return std::nullopt;
    spans.push_back({*from, *to});
  }
  return spans;
}

std::optional<std::vector<VolumeStep>> parse_volume(std::string_view text) {
  if (const auto all_day = percent_of(text)) return std::vector<VolumeStep>{{0, *all_day}};
  std::vector<VolumeStep> steps;
  for (const std::string_view part : split(text)) {
    const auto sign = part.find('=');
    if (sign == std::string_view::npos) return std::nullopt;
    const auto from = queue::parse_minute(part.substr(0, sign));
    const auto percent = percent_of(part.substr(sign + 1));
    if (!from || !percent || *from >= day_minutes) return std::nullopt;
    if (!steps.empty() && steps.back().from >= *from) return std::nullopt;
    steps.push_back({*from, *percent});
  }
  return steps;
}

} // namespace machiai::display
