// SPDX-License-Identifier: Apache-2.0
#include "display/player/films.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace machiai::display {

namespace {

tl::unexpected<base::Error> refused(const char* reason) {
  return base::fail(base::Error::Code::device, reason);
}

/// The file of that name, whatever its suffix; empty when there is none.
QString named(const QDir& directory, const QString& name) {
  if (name.isEmpty() || name.contains('/') || name.startsWith('.')) return {};
  for (const QString& entry : directory.entryList(QDir::Files | QDir::System, QDir::Name))
    if (entry == name || QFileInfo(entry).completeBaseName() == name) return directory.filePath(entry);
  return {};
}

/// A vault as a device that can seek. A decoder takes any failing read for the end of the film, so what was
/// found damaged is told beside it.
class VaultDevice final : public QIODevice {
public:
  VaultDevice(vault::Reader reader, std::shared_ptr<std::atomic<bool>> damaged)
      : reader_(std::move(reader)), damaged_(std::move(damaged)) {
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
  }
  [[nodiscard]] qint64 size() const override { return static_cast<qint64>(reader_.size()); }

protected:
  qint64 readData(char* data, qint64 most) override {
    if (pos() >= size()) return 0;
    const auto read = reader_.read(static_cast<std::uint64_t>(pos()),
                                   {reinterpret_cast<unsigned char*>(data), static_cast<std::size_t>(most)});
    if (read) return static_cast<qint64>(*read);
    *damaged_ = true;
    return -1;
  }
  qint64 writeData(const char*, qint64) override { return -1; }

private:
  vault::Reader reader_;
  std::shared_ptr<std::atomic<bool>> damaged_;
};

constexpr qint64 head_size = 16;

} // namespace

bool begins_still(const QByteArray& head) {
  return head.startsWith("\x89PNG\r\n") || head.startsWith("\xFF\xD8\xFF");
}

base::Result<Film> FolderFilms::open(const QString& item, const QString& sha256) {
  const QDir directory(directory_);
  QString path = named(directory, item);
  if (path.isEmpty()) path = named(directory, sha256);
  if (path.isEmpty()) return refused("film_missing");
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return refused("film_unreadable");
  const QByteArray head = file.read(head_size);
  if (head.isEmpty()) return refused("film_empty");
  return Film{QUrl::fromLocalFile(path), nullptr, begins_still(head), nullptr};
}

base::Result<Film> VaultFilms::open(const QString&, const QString& sha256) {
  const std::filesystem::path key_file = home_ / "keys" / "station.key";
  std::error_code error;
  if (!std::filesystem::exists(key_file, error)) return refused("film_missing"); // only the daemon makes one
  const auto key = vault::station_key(key_file);
  MACHIAI_TRY(key);
  auto reader = vault::open_film(home_ / "media", *key, sha256.toStdString(), clock_.now());
  if (!reader) {
    const std::string& why = reader.error().reason;
    if (why == "missing_media") return refused("film_missing");
    return refused(why == "vault_bad" || why == "vault_half" ? "film_damaged" : "film_locked");
  }
  unsigned char head[head_size] = {};
  const auto read = reader->read(0, head);
  if (!read) return refused("film_damaged");
  auto damaged = std::make_shared<std::atomic<bool>>(false);
  const bool still = begins_still({reinterpret_cast<const char*>(head), static_cast<qsizetype>(*read)});
  auto device = std::make_unique<VaultDevice>(std::move(*reader), damaged);
  return Film{QUrl(still ? "film.png" : "film.mp4"), std::move(device), still, std::move(damaged)};
}

} // namespace machiai::display
