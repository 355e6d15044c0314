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
  const QByteArray head = file.read(16);
  if (head.isEmpty()) return refused("film_empty");
  return Film{QUrl::fromLocalFile(path), nullptr, begins_still(head)};
}

} // namespace machiai::display
