// SPDX-License-Identifier: Apache-2.0
// What ffprobe and ffmpeg are told. The file is their descriptor 3, the result 4: no name of a file is ever
// read as an option, a pattern or a protocol, and no playlist can lead them to another file.
#pragma once

#include "media/clip.hpp"

#include <optional>
#include <vector>

namespace machiai::media {

using Words = std::vector<std::string>;

[[nodiscard]] Words probe_words();
/// Decodes all of it: small pictures for the FlashMeter on the standard output, loudness on the error output.
[[nodiscard]] Words inspect_words(const Clip& clip);
/// Loudness alone.
[[nodiscard]] Words measure_words();

/// What loudnorm measured (EBU R 128); the second pass wants all of it.
struct Loudness {
  double integrated = 0, peak = 0, range = 0, threshold = 0, offset = 0;
};
/// From loudnorm's JSON at the end of what ffmpeg said; none when there was no sound or silence.
[[nodiscard]] std::optional<Loudness> loudness_of(const std::string& said);

/// To the house profile; progress on the standard output. `loud`: none leaves the sound out.
[[nodiscard]] Words convert_words(const Clip& clip, const std::optional<Loudness>& loud, int still_seconds);
/// Milliseconds done, from a piece of what `-progress` writes.
[[nodiscard]] std::optional<double> progress_ms(std::string_view text);

} // namespace machiai::media
