// SPDX-License-Identifier: Apache-2.0
// From any film or picture to one of the house profile that may be shown, by ffprobe and ffmpeg; or the
// reason why not.
#pragma once

#include "core/vault/file.hpp"
#include "media/clip.hpp"

#include <functional>
#include <optional>

namespace machiai::media {

enum class Stage : std::uint8_t { measure, convert, check };

struct Wanted {
  int still_seconds = 15; ///< how long a picture is shown
  std::uint64_t room = 0; ///< bytes that the result may take
  std::function<void(Stage, int percent)> progress;
};

struct Prepared {
  std::optional<vault::File> converted; ///< none: the file is of the house profile as it is
  Clip clip;                            ///< of what will be shown
  std::optional<double> loudness;       ///< LUFS; none: no sound
  double flash_area = 0;                ///< share of half the picture, of the worst second
};

/// Bytes a film of that length takes at most, about.
[[nodiscard]] std::uint64_t house_bytes(double ms);

/// ffprobe's view, judged. Errors of clip_of and judge; invalid "media_empty"; limit "media_too_big"; device
/// "no_program", "media_timeout".
[[nodiscard]] base::Result<Clip> probe(const vault::File& file);

/// `work`: a directory for the result, which has no name there. Errors beside those of probe: invalid
/// "media_damaged" (does not decode whole), "media_flashes" (detail: the second), "media_too_loud"; storage
/// "media_disk_full".
[[nodiscard]] base::Result<Prepared> prepare(const vault::File& source, const Clip& clip,
                                             const std::filesystem::path& work, const Wanted& wanted);

} // namespace machiai::media
