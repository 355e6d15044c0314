// SPDX-License-Identifier: Apache-2.0
// Whole films and pictures through the real ffprobe and ffmpeg: what the wall would show of them.
#include "media/child.hpp"
#include "media/prepare.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>

#include <array>
#include <cstdlib>
#include <filesystem>

using namespace machiai;
using namespace machiai::media;

namespace {

struct Place {
  Place() {
    std::string name = (std::filesystem::temp_directory_path() / "machiai-prepare-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Place() { std::filesystem::remove_all(path); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path / name).string(); }
  std::filesystem::path path;
};

void ffmpeg(std::vector<std::string> words) {
  words.insert(words.begin(), {"ffmpeg", "-v", "error", "-nostdin", "-y"});
  const auto ended = run({std::move(words), {}, std::chrono::minutes{2}, std::uint64_t{1} << 28});
  REQUIRE(ended);
  INFO(ended->said);
  REQUIRE(ended->status == 0);
}

vault::File opened(const std::string& path) {
  auto file = vault::File::open(path, O_RDONLY);
  REQUIRE(file);
  return std::move(*file);
}

/// The first picture of a film as 16 x 9 points, each red, green and blue.
struct Points {
  std::string bytes;
  [[nodiscard]] std::array<int, 3> at(std::size_t x, std::size_t y) const {
    std::array<int, 3> colour{};
    for (std::size_t i = 0; i < 3; ++i)
      colour[i] = static_cast<unsigned char>(bytes.at((y * 16 + x) * 3 + i));
    return colour;
  }
};

Points first_picture(const vault::File& film) {
  const auto ran =
      run_and_read({{"ffmpeg", "-v", "error", "-nostdin", "-i", "file:/proc/self/fd/3", "-frames:v", "1",
                     "-vf", "scale=16:9:flags=area,format=rgb24", "-f", "rawvideo", "pipe:1"},
                    {film.fd()}},
                   1 << 20);
  REQUIRE(ran);
  REQUIRE(ran->second.size() == 16 * 9 * 3);
  return {ran->second};
}

bool is_near(const std::array<int, 3>& a, const std::array<int, 3>& b) {
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(a[i] - b[i]) > 40) return false;
  return true;
}

constexpr std::array black{0, 0, 0}, white{255, 255, 255}, red{255, 0, 0}, blue{0, 0, 255};

base::Result<Prepared> prepared_of(const vault::File& file, const std::filesystem::path& work) {
  const auto clip = probe(file);
  REQUIRE(clip);
  return prepare(file, *clip, work, {1, std::uint64_t{1} << 28, {}});
}

} // namespace

TEST_CASE("a film that its telephone held upright stands upright", "[prepare]") {
  const Place place;
  const std::string lying = place.file("lying.mp4"), upright = place.file("upright.mp4");
  ffmpeg({"-f",
          "lavfi",
          "-i",
          "color=red:s=640x720:r=30:d=1.2",
          "-f",
          "lavfi",
          "-i",
          "color=blue:s=640x720:r=30:d=1.2",
          "-filter_complex",
          "hstack",
          "-c:v",
          "libx264",
          "-preset",
          "ultrafast",
          "-pix_fmt",
          "yuv420p",
          "-profile:v",
          "high",
          "-movflags",
          "+faststart",
          lying});
  ffmpeg({"-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", "-movflags", "+faststart", upright});

  const vault::File plain = opened(lying);
  const auto kept = prepared_of(plain, place.path);
  REQUIRE(kept);
  CHECK_FALSE(kept->converted.has_value());
  CHECK(is_near(first_picture(plain).at(1, 4), red));

  const vault::File film = opened(upright);
  const auto clip = probe(film);
  REQUIRE(clip);
  CHECK(clip->width == 720);
  CHECK(clip->height == 1280);
  CHECK_FALSE(house_video(*clip));
  const auto made = prepared_of(film, place.path);
  REQUIRE(made);
  REQUIRE(made->converted.has_value());
  CHECK(house_video(made->clip));
  const Points points = first_picture(*made->converted);
  CHECK(is_near(points.at(1, 4), black));
  CHECK(is_near(points.at(14, 4), black));
  CHECK(is_near(points.at(8, 1), blue));
  CHECK(is_near(points.at(8, 7), red));
}

TEST_CASE("a picture's transparency is laid on white, so that black words on it are read", "[prepare]") {
  const Place place;
  const std::string clear = place.file("clear.png"), few = place.file("few.png"),
                    half = place.file("half.png");
  // The left half black, the right one nothing, whose colour beneath is black too.
  ffmpeg({"-f", "lavfi", "-i", "color=black:s=640x360:r=1:d=1,format=rgba,geq=r=0:g=0:b=0:a='255*lt(X,320)'",
          "-frames:v", "1", clear});
  ffmpeg({"-i", clear, "-vf", "split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse", few});
  ffmpeg({"-f", "lavfi", "-i", "color=black:s=640x360:r=1:d=1,format=rgba,geq=r=0:g=0:b=0:a=128,format=ya8",
          "-frames:v", "1", half});
  for (const std::string& path : {clear, few}) {
    INFO(path);
    const auto made = prepared_of(opened(path), place.path);
    REQUIRE(made);
    const Points points = first_picture(*made->converted);
    CHECK(is_near(points.at(2, 4), black));
    CHECK(is_near(points.at(13, 4), white));
  }
  const auto grey = prepared_of(opened(half), place.path);
  REQUIRE(grey);
  CHECK(is_near(first_picture(*grey->converted).at(8, 4), {127, 127, 127}));
  // Beside a picture that is not as wide as the wall it stays black.
  const std::string square = place.file("square.png");
  ffmpeg({"-f", "lavfi", "-i", "color=red:s=360x360:r=1:d=1", "-frames:v", "1", square});
  const auto plain = prepared_of(opened(square), place.path);
  REQUIRE(plain);
  CHECK(is_near(first_picture(*plain->converted).at(8, 4), red));
  CHECK(is_near(first_picture(*plain->converted).at(0, 4), black));
}
