// SPDX-License-Identifier: Apache-2.0
// Where the bytes of an item come from.
#pragma once

#include "core/base/result.hpp"
#include "core/vault/film.hpp"

#include <QIODevice>
#include <QString>
#include <QUrl>
#include <atomic>
#include <memory>

namespace machiai::display {

/// An item that can be shown. With a device its bytes are read from there and `url` only names the kind;
/// without one they are read from `url` itself.
struct Film {
  QUrl url;
  std::unique_ptr<QIODevice> device;
  bool still = false; ///< a picture
  /// Set when its bytes turned out not to be those that were once taken in. Read and written by any thread.
  std::shared_ptr<std::atomic<bool>> damaged;
};

class Films {
public:
  Films() = default;
  Films(const Films&) = delete;
  Films& operator=(const Films&) = delete;
  virtual ~Films() = default;
  /// Error "film_missing", "film_empty" or "film_unreadable". `sha256` may be empty.
  [[nodiscard]] virtual base::Result<Film> open(const QString& item, const QString& sha256) = 0;
};

/// Files of one directory, named by item or by hash, with any suffix or none.
class FolderFilms final : public Films {
public:
  explicit FolderFilms(QString directory) : directory_(std::move(directory)) {}
  [[nodiscard]] base::Result<Film> open(const QString& item, const QString& sha256) override;

private:
  QString directory_;
};

/// The station's shelf, below HOME: films by hash, decrypted as they are read (docs/VAULT.md). Beside the
/// errors above those of vault::open_film.
class VaultFilms final : public Films {
public:
  VaultFilms(std::filesystem::path home, const base::Clock& clock) : home_(std::move(home)), clock_(clock) {}
  [[nodiscard]] base::Result<Film> open(const QString& item, const QString& sha256) override;

private:
  std::filesystem::path home_;
  const base::Clock& clock_;
};

/// Whether these first bytes begin a PNG or a JPEG.
[[nodiscard]] bool begins_still(const QByteArray& head);

} // namespace machiai::display
