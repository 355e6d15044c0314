// SPDX-License-Identifier: Apache-2.0
#include "media/words.hpp"

#include "media/flash.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <initializer_list>

namespace machiai::media {

namespace json = boost::json;

namespace {

constexpr std::string_view loudnorm = "loudnorm=I=-23:TP=-1.5:LRA=11";
constexpr double silence = -70; // LUFS: the absolute gate of ITU-R BS.1770

void add(Words& words, std::initializer_list<std::string> more) {
  words.insert(words.end(), more);
}

void add_input(Words& words) {
  add(words, {"-protocol_whitelist", "file", "-format_whitelist",
              "mov,mp4,matroska,webm,avi,mpegts,mpeg,asf,png_pipe,jpeg_pipe", "-i", "file:/proc/self/fd/3"});
}

Words ffmpeg() {
  // -xerror: what does not decode is found here, not on the screen.
  Words words{"ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-xerror"};
  add_input(words);
  return words;
}

/// A picture as paper shows it, white - (white - colour) * alpha: the colour beneath what is transparent,
/// mostly black, means nothing.
constexpr std::string_view on_white = "format=gbrap,negate,premultiply=inplace=1,negate,";

/// Into 16:9, nothing cut off, nothing distorted.
std::string fit(const Clip& clip) {
  const bool large = clip.width >= 1600 || clip.height >= 900;
  const int width = large ? 1920 : 1280, height = large ? 1080 : 720;
  std::string filter;
  if (clip.format == "png_pipe") filter += on_white;
  if (interlaced(clip)) filter += "yadif,";
  if (!clip.aspect.empty() && clip.aspect != "1:1") filter += "scale=iw*sar:ih,setsar=1,";
  filter += fmt::format("scale={0}:{1}:force_original_aspect_ratio=decrease:force_divisible_by=2"
                        ":out_color_matrix=bt709:out_range=tv,pad={0}:{1}:-1:-1,setsar=1",
                        width, height);
  if (clip.still) filter += ",loop=loop=-1:size=1:start=0";
  return filter + fmt::format(",fps={},format=yuv420p", house_fps);
}

std::string second_pass(const Loudness& l) {
  return fmt::format("{}:measured_I={:.2f}:measured_TP={:.2f}:measured_LRA={:.2f}:measured_thresh={:.2f}"
                     ":offset={:.2f}:linear=true",
                     loudnorm, l.integrated, l.peak, l.range, l.threshold, l.offset);
}

} // namespace

Words probe_words() {
  Words words{"ffprobe", "-hide_banner", "-v", "error", "-of", "json", "-show_format", "-show_streams"};
  add_input(words);
  return words;
}

Words inspect_words(const Clip& clip) {
  Words words = ffmpeg();
  add(words, {"-map", "0:v:0", "-vf",
              fmt::format("fps={},scale={}:{}:flags=area,format=rgb24", FlashMeter::fps, FlashMeter::width,
                          FlashMeter::height),
              "-f", "rawvideo", "pipe:1"});
  if (clip.sound)
    add(words, {"-map", "0:a:0", "-af", fmt::format("{}:print_format=json", loudnorm), "-f", "null", "-"});
  return words;
}

Words measure_words() {
  Words words = ffmpeg();
  add(words, {"-map", "0:a:0", "-af", fmt::format("{}:print_format=json", loudnorm), "-f", "null", "-"});
  return words;
}

std::optional<Loudness> loudness_of(const std::string& said) {
  const std::size_t from = said.rfind('{'), to = said.rfind('}');
  if (from == std::string::npos || to == std::string::npos || to < from) return std::nullopt;
  boost::system::error_code bad;
  const json::value parsed = json::parse(json::string_view(said.data() + from, to - from + 1), bad);
  const json::object* told = bad ? nullptr : parsed.if_object();
  if (told == nullptr) return std::nullopt;
  const auto number = [&](const char* name) {
    const json::value* value = told->if_contains(name);
    return value != nullptr && value->is_string() ? std::strtod(value->as_string().c_str(), nullptr) : NAN;
  };
  const Loudness loud{number("input_i"), number("input_tp"), number("input_lra"), number("input_thresh"),
                      number("target_offset")};
  for (const double each : {loud.integrated, loud.peak, loud.range, loud.threshold, loud.offset})
    if (!std::isfinite(each)) return std::nullopt;
  return loud.integrated > silence ? std::optional(loud) : std::nullopt;
}

Words convert_words(const Clip& clip, const std::optional<Loudness>& loud, int still_seconds) {
  Words words = ffmpeg();
  add(words, {"-y", "-map", "0:v:0"});
  if (house_video(clip))
    add(words, {"-c:v", "copy"});
  else
    add(words, {"-vf",    fit(clip),    "-c:v", "libx264",  "-preset",     "veryfast",   "-crf",
                "20",     "-maxrate",   "6M",   "-bufsize", "12M",         "-profile:v", "high",
                "-level", "4.1",        "-g",   "60",       "-colorspace", "bt709",      "-color_primaries",
                "bt709",  "-color_trc", "bt709"});
  if (clip.sound && loud)
    add(words, {"-map", "0:a:0", "-af", second_pass(*loud), "-c:a", "aac", "-b:a", "160k", "-ar", "48000",
                "-ac", "2"});
  // A film that tells a wrong length must not go on for ever.
  add(words, {"-t", std::to_string(clip.still ? still_seconds : longest_ms / 1000 + 60)});
  // No place, camera or name from a telephone's film.
  add(words, {"-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart", "-f", "mp4",
              "-progress", "pipe:1", "file:/proc/self/fd/4"});
  return words;
}

std::optional<double> progress_ms(std::string_view text) {
  constexpr std::string_view name = "out_time_us=";
  const std::size_t at = text.rfind(name);
  if (at == std::string_view::npos) return std::nullopt;
  const double us = std::strtod(std::string(text.substr(at + name.size(), 20)).c_str(), nullptr);
  return us / 1000;
}

} // namespace machiai::media
