// SPDX-License-Identifier: Apache-2.0
#include "display/player/films.hpp"
#include "display/player/scaler.hpp"
#include "display/player/schedule.hpp"
#include "display/player/share.hpp"

#include <catch2/catch.hpp>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace machiai;
using namespace machiai::display;

namespace {

void write(Share& share, QRgb colour, const QSize& size, std::uint32_t serial) {
  QImage canvas = share.canvas(size);
  canvas.fill(colour);
  share.publish(size, serial);
}

void put(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  REQUIRE(file.open(QIODevice::WriteOnly));
  file.write(bytes);
}

} // namespace

TEST_CASE("the reader takes the newest picture, and keeps it while the writer goes on") {
  const auto reader = *Share::make({64, 36});
  const auto writer = *Share::open(reader->fd());
  CHECK_FALSE(reader->take());
  write(*writer, 0xFF112233, {64, 36}, 1);
  write(*writer, 0xFF445566, {32, 36}, 2);
  const auto taken = reader->take();
  REQUIRE(taken);
  CHECK(taken->serial == 2);
  CHECK(taken->image.size() == QSize(32, 36));
  CHECK_FALSE(reader->take());
  for (int i = 0; i < 10; ++i) write(*writer, 0xFF000000 + unsigned(i), {64, 36}, 3);
  CHECK(taken->image.pixel(31, 35) == 0xFF445566);
  CHECK(reader->take()->image.pixel(0, 0) == 0xFF000009);
}

TEST_CASE("a picture outlives the share it came from") {
  auto reader = *Share::make({64, 36});
  const auto writer = *Share::open(reader->fd());
  write(*writer, 0xFF123456, {64, 36}, 1);
  const QImage image = reader->take()->image;
  reader.reset();
  CHECK(image.pixel(63, 35) == 0xFF123456);
}

TEST_CASE("a size that does not fit the memory is not believed") {
  const auto reader = *Share::make({64, 36});
  const auto writer = *Share::open(reader->fd());
  writer->publish({4000, 4000}, 1); // is cut to what fits
  CHECK(reader->take()->image.size() == QSize(64, 36));
}

TEST_CASE("a film fills its place where it has its shape, else it is fitted in") {
  CHECK(fitted({1280, 720}, {1056, 594}) == QSize(1056, 594));
  CHECK(fitted({1920, 1080}, {1032, 580}) == QSize(1032, 580));
  CHECK(fitted({640, 480}, {1056, 594}) == QSize(792, 594));
  CHECK(fitted({720, 1280}, {1056, 594}) == QSize(334, 594));
  CHECK(fitted({}, {1056, 594}).isEmpty());
}

TEST_CASE("an item is found by its name or its hash, with any suffix, and nowhere else") {
  const QTemporaryDir folder;
  const auto at = [&](const char* name) { return QDir(folder.path()).filePath(name); };
  put(at("teeth.mp4"), "film");
  put(at("aa11"), "\x89PNG\r\n\x1a\n....");
  put(at("none.mp4"), "");
  FolderFilms films(folder.path());
  CHECK(films.open("teeth", "")->url.fileName() == "teeth.mp4");
  CHECK_FALSE(films.open("teeth", "")->still);
  CHECK(films.open("soap", "aa11")->still);
  CHECK(films.open("none", "").error().reason == "film_empty");
  CHECK(films.open("tee", "").error().reason == "film_missing");
  CHECK(films.open("../" + QDir(folder.path()).dirName() + "/teeth", "").error().reason == "film_missing");
  CHECK(films.open("", "").error().reason == "film_missing");
}

TEST_CASE("the hub's view gives now and next, and anything else gives nothing") {
  const auto read = [](const char* text) { return schedule_from_json(boost::json::parse(text).as_object()); };
  const auto schedule = read(R"({"now":{"item":"teeth","reason":"planned","from":"2026-12-07T08:30:00+09:00",
    "until":"2026-12-07T08:32:00+09:00"},"next":{"item":"scene","reason":"no_slot",
    "from":"2026-12-07T08:32:00+09:00","until":"2026-12-07T09:00:00+09:00"}})");
  REQUIRE(schedule);
  CHECK(schedule->now.item == "teeth");
  CHECK(schedule->next->scene());
  const base::Instant end = schedule->now.until;
  CHECK(turn_at(*schedule, end - base::Millis{1})->item == "teeth");
  CHECK(turn_at(*schedule, end)->scene());
  CHECK_FALSE(turn_at(*schedule, schedule->next->until));
  CHECK_FALSE(read(R"({"now":{"item":"teeth","from":"x","until":"y"}})"));
  CHECK_FALSE(
      read(R"({"now":{"item":"teeth","from":"2026-12-07T08:32:00Z","until":"2026-12-07T08:30:00Z"}})"));
  CHECK_FALSE(read("{}"));
}
