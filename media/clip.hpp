// SPDX-License-Identifier: Apache-2.0
// What ffprobe says of a file, and what we say to that: pure functions.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace machiai::media {

/// The house profile: H.264 yuv420p, 1920x1080 or 1280x720, 30 fps, AAC 48 kHz at -23 LUFS, faststart.
inline constexpr int house_fps = 30;
inline constexpr double house_loudness = -23; ///< LUFS, EBU R 128
inline constexpr double loudness_tolerance = 1;

// Beyond these a file is refused. 8 GiB is an hour at 18 Mbit/s.
inline constexpr std::uint64_t largest_file = std::uint64_t{8} << 30;
inline constexpr int longest_ms = 3600 * 1000;
inline constexpr int shortest_ms = 1000;
inline constexpr int largest_side = 4096;
inline constexpr int smallest_side = 64;
inline constexpr double fastest = 120; ///< frames a second

struct Clip {
  bool still = false;        ///< a PNG or JPEG
  double ms = 0;             ///< 0: it does not say
  int videos = 0;            ///< video streams, cover pictures left out
  int width = 0, height = 0; ///< as it is shown: turned, where it is
  bool turned = false;       ///< a telephone held upright, or a mirror: a player has to turn what lies stored
  double fps = 0, base_fps = 0;
  std::string format, video, pixels, profile, field_order, aspect;
  int level = 0;
  double bits = 0; ///< a second, 0: it does not say
  bool sound = false;
  std::string audio;
  int rate = 0, channels = 0;
};

/// From ffprobe's JSON. Error invalid "media_unreadable".
[[nodiscard]] base::Result<Clip> clip_of(std::string_view json);

/// Whether we take it at all. Errors: invalid "no_video", "media_too_short", "picture_too_small"; limit
/// "media_too_long", "picture_too_big", "too_many_frames".
[[nodiscard]] base::Status judge(const Clip& clip);

[[nodiscard]] bool interlaced(const Clip& clip);
/// Whether the pictures are of the house profile, and whether the sound is, its loudness apart.
[[nodiscard]] bool house_video(const Clip& clip);
[[nodiscard]] bool house_audio(const Clip& clip);

/// Whether an MP4's index lies before its film; `head`: as much of the file's begin as there is at hand.
[[nodiscard]] bool is_faststart(std::string_view head);

} // namespace machiai::media
