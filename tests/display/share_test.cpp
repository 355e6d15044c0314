// SPDX-License-Identifier: Apache-2.0
#include "display/player/films.hpp"
#include "display/player/scaler.hpp"
#include "display/player/schedule.hpp"
#include "display/player/share.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <array>

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

TEST_CASE("sizes that the other process writes into the memory are not believed") {
  const auto reader = *Share::make({64, 36});
  const auto writer = *Share::open(reader->fd());
  const auto poke = [&](off_t at, std::array<std::int32_t, 2> size) {
    REQUIRE(::pwrite(reader->fd(), size.data(), sizeof size, at) == ssize_t(sizeof size));
  };
  constexpr off_t largest = 4;
  constexpr off_t second_place = 24;
  write(*writer, 0xFF112233, {64, 36}, 1);
  poke(largest, {-1, 1'000'000});
  CHECK(reader->take()->image.pixel(63, 35) == 0xFF112233);
  write(*writer, 0xFF112233, {64, 36}, 2);
  for (const off_t place : {second_place - 12, second_place, second_place + 12}) poke(place, {64, 8000});
  CHECK_FALSE(reader->take());
  CHECK_FALSE(Share::open(reader->fd()));
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

TEST_CASE("films of the shelf are read through their vault, wherever a deck looks") {
  const QTemporaryDir home;
  const std::filesystem::path dir = home.path().toStdString();
  std::filesystem::create_directories(dir / "keys");
  std::vector<unsigned char> content(3 * vault::chunk_size);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<unsigned char>(i / 1000);
  vault::Sha256 sha;
  sha.add(content);
  const vault::Digest digest = sha.finish();
  const std::string hash = vault::hex(digest);
  const base::SystemClock clock;
  VaultFilms films(dir, clock);
  const QString name = QString::fromStdString(hash);
  CHECK(films.open("teeth", name).error().reason == "film_missing");

  const auto key = vault::station_key(dir / "keys" / "station.key");
  REQUIRE(key);
  CHECK(films.open("teeth", name).error().reason == "film_missing");
  const auto files = vault::film_files(dir / "media", hash);
  std::filesystem::create_directories(files.vault.parent_path());
  vault::ItemKey item = vault::new_item_key(digest, vault::never);
  REQUIRE(vault::keep_item_key(files.key, *key, item));
  auto writer = vault::Writer::create(files.vault, item.key, item.id);
  REQUIRE(writer);
  REQUIRE(writer->append(content));
  REQUIRE(writer->finish());

  auto film = films.open("teeth", name);
  REQUIRE(film);
  CHECK(film->device->size() == qint64(content.size()));
  REQUIRE(film->device->seek(100'000));
  CHECK(film->device->read(1) == QByteArray(1, char(100)));
  CHECK_FALSE(*film->damaged);

  // A bit of its second chunk turns while it plays: the deck gets nothing of it, and is told why.
  QFile file(QString::fromStdString(files.vault.string()));
  REQUIRE(file.open(QIODevice::ReadWrite));
  REQUIRE(file.seek(qint64(vault::header_size + vault::chunk_size + vault::chunk_extra + 500)));
  REQUIRE(file.putChar('x'));
  file.close();
  REQUIRE(film->device->seek(0));
  CHECK(film->device->read(10).size() == 10);
  REQUIRE(film->device->seek(qint64(vault::chunk_size) + 10));
  CHECK(film->device->read(10).isEmpty());
  CHECK(*film->damaged);

  // Cut short, it is not even opened, and the station is told to look at it again.
  const auto whole = std::filesystem::file_size(files.vault);
  std::filesystem::resize_file(files.vault, whole - 1);
  CHECK(films.open("teeth", name).error().reason == "film_damaged");
  std::filesystem::resize_file(files.vault, 0);
  CHECK(films.open("teeth", name).error().reason == "film_damaged");

  item.expires = clock.now() - std::chrono::seconds(1);
  REQUIRE(vault::keep_item_key(files.key, *key, item));
  CHECK(films.open("teeth", name).error().reason == "film_locked");
}

TEST_CASE("the turns told are those to be played, one after the other") {
  const base::Instant start = base::instant_from_ms(1'764'034'320'000);
  wire::Playbill bill;
  bill.now.item = "teeth";
  bill.now.sha256 = "aa11";
  bill.now.from = start;
  bill.now.until = start + std::chrono::minutes(2);
  bill.next.item = "scene";
  bill.next.from = bill.now.until;
  bill.next.until = bill.next.from + std::chrono::minutes(30);
  const Schedule schedule = schedule_of(bill);
  CHECK(schedule.now.item == "teeth");
  CHECK(schedule.now.sha256 == "aa11");
  REQUIRE(schedule.next);
  CHECK(schedule.next->scene());
  const base::Instant end = schedule.now.until;
  CHECK(turn_at(schedule, end - base::Millis{1})->item == "teeth");
  CHECK(turn_at(schedule, end)->scene());
  CHECK_FALSE(turn_at(schedule, schedule.next->until));
}
