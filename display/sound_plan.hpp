// SPDX-License-Identifier: Apache-2.0
// When the waiting room may be loud: quiet hours and volume by the time of the day, as values.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace machiai::display {

/// Minutes of the day; one that ends before it begins runs over midnight.
struct QuietSpan {
  int from = 0;
  int to = 0;
};

struct VolumeStep {
  int from = 0;      ///< minute of the day
  int percent = 100; ///< of full scale
};

enum class QuietChime { soft, none };

struct SoundPlan {
  std::vector<QuietSpan> quiet;
  QuietChime quiet_chime = QuietChime::soft;
  std::vector<VolumeStep> volume; ///< by time; empty: always 100 %
};

/// What may sound at a moment. Chime and words are apart: either works without the other.
struct Loudness {
  bool words = true;
  bool chime = true;
  bool soft = false; ///< the chime 12 dB lower
  int percent = 100;
  bool operator==(const Loudness&) const = default;
};

[[nodiscard]] Loudness loudness_at(const SoundPlan& plan, int minute_of_day);

/// "12:30-14:00,20:00-7:00"; nothing when it is not so written or a span is empty.
[[nodiscard]] std::optional<std::vector<QuietSpan>> parse_quiet(std::string_view text);
/// "80" for all day, or "8:00=100,18:00=60": from each time on, in order; 0-100.
[[nodiscard]] std::optional<std::vector<VolumeStep>> parse_volume(std::string_view text);

} // namespace machiai::display
