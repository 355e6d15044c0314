// SPDX-License-Identifier: Apache-2.0
// What ffprobe says, what we make of it, and what ffmpeg is told.
#include "media/clip.hpp"
#include "media/words.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace machiai;
using namespace machiai::media;

namespace {

constexpr std::string_view house = R"({"streams":[
  {"codec_type":"video","codec_name":"h264","profile":"High","pix_fmt":"yuv420p","width":1920,"height":1080,
   "level":41,"field_order":"progressive","sample_aspect_ratio":"1:1","r_frame_rate":"30/1",
   "avg_frame_rate":"30/1","disposition":{"attached_pic":0}},
  {"codec_type":"audio","codec_name":"aac","sample_rate":"48000","channels":2}],
  "format":{"format_name":"mov,mp4,m4a,3gp,3g2,mj2","duration":"12.500000","bit_rate":"4000000"}})";

Clip good() {
  return *clip_of(house);
}

std::string trouble(const Clip& clip) {
  const auto status = judge(clip);
  return status ? "" : status.error().reason;
}

template <class Change> Clip but(const Change& change) {
  Clip clip = good();
  change(clip);
  return clip;
}

bool has(const Words& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& each) { return each.find(word) != std::string::npos; });
}

} // namespace

TEST_CASE("a film of the house profile is known as one", "[clip]") {
  const Clip clip = good();
  CHECK(clip.ms == 12'500);
  CHECK(trouble(clip).empty());
  CHECK(house_video(clip));
  CHECK(house_audio(clip));
}

TEST_CASE("each way of not being of the house profile", "[clip]") {
  CHECK_FALSE(house_video(but([](Clip& c) { c.width = 1440; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.fps = 29.97; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.base_fps = 60; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.video = "hevc"; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.pixels = "yuv420p10le"; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.field_order = "tt"; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.aspect = "4:3"; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.format = "matroska,webm"; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.videos = 2; })));
  CHECK_FALSE(house_video(but([](Clip& c) { c.bits = 40e6; })));
  CHECK_FALSE(house_audio(but([](Clip& c) { c.rate = 44100; })));
  CHECK_FALSE(house_audio(but([](Clip& c) { c.channels = 6; })));
  CHECK(house_audio(but([](Clip& c) { c.sound = false, c.rate = 0; })));
}

TEST_CASE("what is not taken, to the pixel, frame and millisecond", "[clip]") {
  CHECK(trouble(but([](Clip& c) { c.videos = 0; })) == "no_video");
  CHECK(trouble(but([](Clip& c) { c.width = 7680, c.height = 4320; })) == "picture_too_big");
  CHECK(trouble(but([](Clip& c) { c.height = 4096; })).empty());
  CHECK(trouble(but([](Clip& c) { c.height = 4097; })) == "picture_too_big");
  CHECK(trouble(but([](Clip& c) { c.width = 63; })) == "picture_too_small");
  CHECK(trouble(but([](Clip& c) { c.fps = 120; })).empty());
  CHECK(trouble(but([](Clip& c) { c.fps = 240; })) == "too_many_frames");
  CHECK(trouble(but([](Clip& c) { c.ms = 3'600'000; })).empty());
  CHECK(trouble(but([](Clip& c) { c.ms = 3'600'001; })) == "media_too_long");
  CHECK(trouble(but([](Clip& c) { c.ms = 1e15; })) == "media_too_long");
  CHECK(trouble(but([](Clip& c) { c.ms = -5; })) == "media_too_short");
  CHECK(trouble(but([](Clip& c) { c.ms = 999; })) == "media_too_short");
}

TEST_CASE("a film that is shown turned is none of the house profile, and has the size it is shown in",
          "[clip]") {
  const auto turned = [](const char* rotation) {
    std::string text(house);
    text.replace(text.find("\"disposition\""), 0,
                 std::string(R"("side_data_list":[{"side_data_type":"CPB properties"},
                                {"side_data_type":"Display Matrix","rotation":)") +
                     rotation + "}],");
    const auto clip = clip_of(text);
    REQUIRE(clip);
    return *clip;
  };
  for (const char* upright : {"90", "-90", "270"}) {
    const Clip clip = turned(upright);
    CHECK(clip.width == 1080);
    CHECK(clip.height == 1920);
    CHECK_FALSE(house_video(clip));
  }
  // 0: mirrored.
  for (const char* lying : {"180", "-180", "0"}) {
    const Clip clip = turned(lying);
    CHECK(clip.width == 1920);
    CHECK_FALSE(house_video(clip));
  }
}

TEST_CASE("a song with a cover has no film; a picture has no length", "[clip]") {
  const auto song = clip_of(R"({"streams":[{"codec_type":"audio","codec_name":"mp3"},
    {"codec_type":"video","codec_name":"mjpeg","width":500,"height":500,"disposition":{"attached_pic":1}}],
    "format":{"format_name":"mp3","duration":"200"}})");
  REQUIRE(song);
  CHECK(trouble(*song) == "no_video");
  const auto picture =
      clip_of(R"({"streams":[{"codec_type":"video","codec_name":"png","width":800,"height":600}],
    "format":{"format_name":"png_pipe","duration":"0.04"}})");
  REQUIRE(picture);
  CHECK(picture->still);
  CHECK(trouble(*picture).empty());
}

TEST_CASE("strange answers of ffprobe are refused or read as nothing", "[clip]") {
  for (const char* text :
       {"", "[]", "{}", R"({"streams":[]})", R"({"streams":{},"format":{}})", "{\"streams\""})
    CHECK(clip_of(text).error().reason == "media_unreadable");
  const auto odd = clip_of(R"({"streams":[7,{"codec_type":"video","width":-5,"height":1e300,
    "avg_frame_rate":"0/0","r_frame_rate":"x/y"}],"format":{"duration":"inf","bit_rate":"N/A"}})");
  REQUIRE(odd);
  CHECK(odd->ms == 0);
  CHECK(odd->fps == 0);
  CHECK(trouble(*odd) == "media_unreadable");
}

TEST_CASE("whether an MP4's index lies first", "[clip]") {
  const auto box = [](const char* name, unsigned size) {
    std::string text{'\0', '\0', '\0', static_cast<char>(size)};
    text += name;
    text.resize(size);
    return text;
  };
  CHECK(is_faststart(box("ftyp", 32) + box("moov", 100)));
  CHECK(is_faststart(box("ftyp", 32) + box("free", 8) + box("moov", 100)));
  CHECK_FALSE(is_faststart(box("ftyp", 32) + box("mdat", 100) + box("moov", 100)));
  CHECK_FALSE(is_faststart(box("ftyp", 32)));
  CHECK_FALSE(is_faststart(std::string(100, '\0')));
  CHECK_FALSE(is_faststart(""));
}

TEST_CASE("ffmpeg never learns a file's name, a protocol or a playlist", "[clip]") {
  for (const Words& words : {probe_words(), inspect_words(good()), measure_words(),
                             convert_words(but([](Clip& c) { c.width = 640; }), std::nullopt, 15)}) {
    const auto at = std::find(words.begin(), words.end(), "-protocol_whitelist");
    REQUIRE(at != words.end());
    CHECK(*(at + 1) == "file");
    CHECK(std::count(words.begin(), words.end(), "file:/proc/self/fd/3") == 1);
    CHECK_FALSE(has(words, "hls"));
    CHECK_FALSE(has(words, "concat"));
  }
}

TEST_CASE("what is of the house profile already is copied, and silence is left out", "[clip]") {
  const Loudness quiet{-40, -20, 3, -50, 0.1};
  const Words copied = convert_words(good(), quiet, 15);
  CHECK(has(copied, "copy"));
  CHECK(has(copied, "measured_I=-40.00"));
  CHECK_FALSE(has(copied, "libx264"));
  const Words made =
      convert_words(but([](Clip& c) { c.width = 720, c.height = 576, c.aspect = "64:45"; }), {}, 15);
  CHECK(has(made, "libx264"));
  CHECK(has(made, "iw*sar"));
  CHECK(has(made, "1280:720"));
  CHECK_FALSE(has(made, "aac"));
}

TEST_CASE("loudness is read from the end of what ffmpeg said", "[clip]") {
  const std::string told = R"(Stream #0 {x}
[Parsed_loudnorm_0] { "input_i" : "-17.50", "input_tp" : "-3.02", "input_lra" : "4.10", "input_thresh" : "-27.9",
  "output_i" : "-23.0", "target_offset" : "0.10" } )";
  const auto loud = loudness_of(told);
  REQUIRE(loud);
  CHECK(loud->integrated == -17.5);
  CHECK(loud->offset == 0.1);
  CHECK_FALSE(loudness_of(
      R"({"input_i":"-inf","input_tp":"-inf","input_lra":"0","input_thresh":"-70","target_offset":"inf"})"));
  CHECK_FALSE(loudness_of(
      R"({"input_i":"-80","input_tp":"-70","input_lra":"0","input_thresh":"-70","target_offset":"0"})"));
  CHECK_FALSE(loudness_of("nothing"));
  CHECK_FALSE(loudness_of("}{"));
}
