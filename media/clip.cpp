// SPDX-License-Identifier: Apache-2.0
#include "media/clip.hpp"

#include <boost/json.hpp>

#include <cmath>
#include <cstdlib>
#include <utility>

namespace machiai::media {

namespace json = boost::json;
using base::Error;
using base::fail;
using base::Result;
using base::Status;

namespace {

std::string text_of(const json::object& o, const char* name) {
  const json::value* value = o.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

/// Numbers that ffprobe writes as numbers or as text; 0 for "N/A" and for what is not finite.
double number_of(const json::object& o, const char* name) {
  const json::value* value = o.if_contains(name);
  if (value == nullptr) return 0;
  if (value->is_int64()) return static_cast<double>(value->as_int64());
  if (!value->is_string()) return 0;
  const double number = std::strtod(value->as_string().c_str(), nullptr);
  return std::isfinite(number) ? number : 0;
}

/// "30000/1001".
double ratio_of(const json::object& o, const char* name) {
  const std::string text = text_of(o, name);
  char* rest = nullptr;
  const double over = std::strtod(text.c_str(), &rest);
  const double under = rest != nullptr && *rest == '/' ? std::strtod(rest + 1, nullptr) : 0;
  return under > 0 ? over / under : 0;
}

int whole(double number) {
  return number > 0 && number < 1e9 ? static_cast<int>(number) : 0;
}

bool is_cover(const json::object& stream) {
  const json::value* set = stream.if_contains("disposition");
  const json::object* flags = set == nullptr ? nullptr : set->if_object();
  return flags != nullptr && number_of(*flags, "attached_pic") != 0;
}

/// What the container says of how the pictures are turned or mirrored; none: they are shown as they lie.
const json::object* display_matrix(const json::object& stream) {
  const json::value* list = stream.if_contains("side_data_list");
  if (list == nullptr || !list->is_array()) return nullptr;
  for (const json::value& each : list->as_array())
    if (const json::object* side = each.if_object();
        side != nullptr && text_of(*side, "side_data_type") == "Display Matrix")
      return side;
  return nullptr;
}

bool is_quarter_turn(double degrees) {
  return std::abs(std::abs(std::remainder(degrees, 180)) - 90) < 1;
}

void add_video(const json::object& stream, Clip& clip) {
  if (is_cover(stream) || ++clip.videos > 1) return;
  clip.video = text_of(stream, "codec_name");
  clip.pixels = text_of(stream, "pix_fmt");
  clip.profile = text_of(stream, "profile");
  clip.field_order = text_of(stream, "field_order");
  clip.aspect = text_of(stream, "sample_aspect_ratio");
  clip.width = whole(number_of(stream, "width"));
  clip.height = whole(number_of(stream, "height"));
  if (const json::object* matrix = display_matrix(stream)) {
    clip.turned = true;
    if (is_quarter_turn(number_of(*matrix, "rotation"))) std::swap(clip.width, clip.height);
  }
  clip.level = whole(number_of(stream, "level"));
  clip.base_fps = ratio_of(stream, "r_frame_rate");
  clip.fps = ratio_of(stream, "avg_frame_rate");
  if (clip.fps <= 0) clip.fps = clip.base_fps;
}

void add_audio(const json::object& stream, Clip& clip) {
  if (clip.sound) return;
  clip.sound = true;
  clip.audio = text_of(stream, "codec_name");
  clip.rate = whole(number_of(stream, "sample_rate"));
  clip.channels = whole(number_of(stream, "channels"));
}

bool near(double a, double b) {
  return std::abs(a - b) < 0.01;
}

} // namespace

Result<Clip> clip_of(std::string_view text) {
  boost::system::error_code bad;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), bad);
  const json::object* all = bad ? nullptr : parsed.if_object();
  const json::value* format = all == nullptr ? nullptr : all->if_contains("format");
  const json::value* streams = all == nullptr ? nullptr : all->if_contains("streams");
  if (format == nullptr || !format->is_object() || streams == nullptr || !streams->is_array())
    return fail(Error::Code::invalid, "media_unreadable");
  Clip clip;
  clip.format = text_of(format->as_object(), "format_name");
  clip.still = clip.format == "png_pipe" || clip.format == "jpeg_pipe";
  clip.ms = clip.still ? 0 : number_of(format->as_object(), "duration") * 1000;
  clip.bits = number_of(format->as_object(), "bit_rate");
  for (const json::value& each : streams->as_array()) {
    const json::object* stream = each.if_object();
    if (stream == nullptr) continue;
    const std::string type = text_of(*stream, "codec_type");
    if (type == "video") add_video(*stream, clip);
    if (type == "audio") add_audio(*stream, clip);
  }
  return clip;
}

Status judge(const Clip& clip) {
  if (clip.videos == 0) return fail(Error::Code::invalid, "no_video");
  // What broke off before its size could be read.
  if (clip.width == 0 || clip.height == 0) return fail(Error::Code::invalid, "media_unreadable");
  if (clip.width > largest_side || clip.height > largest_side)
    return fail(Error::Code::limit, "picture_too_big");
  if (clip.width < smallest_side || clip.height < smallest_side)
    return fail(Error::Code::invalid, "picture_too_small");
  if (clip.still) return {};
  if (clip.fps > fastest) return fail(Error::Code::limit, "too_many_frames");
  if (clip.ms > longest_ms) return fail(Error::Code::limit, "media_too_long");
  if (clip.ms < 0 || (clip.ms > 0 && clip.ms < shortest_ms))
    return fail(Error::Code::invalid, "media_too_short");
  return {};
}

bool interlaced(const Clip& clip) {
  return !clip.field_order.empty() && clip.field_order != "progressive" && clip.field_order != "unknown";
}

bool house_video(const Clip& clip) {
  const bool size = (clip.width == 1920 && clip.height == 1080) || (clip.width == 1280 && clip.height == 720);
  const bool square = clip.aspect.empty() || clip.aspect == "1:1";
  const bool progressive = !interlaced(clip);
  const bool profile =
      clip.profile == "High" || clip.profile == "Main" || clip.profile == "Constrained Baseline";
  constexpr double most_bits = 12e6;
  return clip.format.find("mp4") != std::string::npos && clip.videos == 1 && clip.video == "h264" &&
         clip.pixels == "yuv420p" && !clip.turned && size && square && progressive && profile &&
         clip.level <= 42 && near(clip.fps, house_fps) && near(clip.base_fps, house_fps) &&
         clip.bits <= most_bits && clip.ms > 0;
}

bool house_audio(const Clip& clip) {
  return !clip.sound || (clip.audio == "aac" && clip.rate == 48000 && clip.channels <= 2);
}

bool is_faststart(std::string_view head) {
  for (std::size_t at = 0; at + 16 <= head.size();) {
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<unsigned char>(head[at + i]);
    const std::string_view name = head.substr(at + 4, 4);
    if (name == "moov") return true;
    if (name == "mdat" || size < 8) return false; // size 1: of 64 bits, which only mdat needs; 0: to the end
    at += size;
  }
  return false;
}

} // namespace machiai::media
