// SPDX-License-Identifier: Apache-2.0
#include "seat/key.hpp"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QSslCertificate>
#include <QUrl>

namespace machiai::seat {

namespace {

constexpr quint16 usual_port = 8443;
constexpr auto mine = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

} // namespace

std::optional<Place> place_of(const QString& text) {
  QString plain = text.normalized(QString::NormalizationForm_KC).simplified().remove(' ');
  if (!plain.contains("://")) plain.prepend("https://");
  const QUrl url(plain, QUrl::StrictMode);
  const bool bare = (url.path().isEmpty() || url.path() == "/") && !url.hasQuery() && !url.hasFragment();
  if (!url.isValid() || url.scheme() != "https" || url.host().isEmpty() || !url.userInfo().isEmpty() || !bare)
    return std::nullopt;
  const int port = url.port(usual_port);
  if (port < 1 || port > 65535) return std::nullopt;
  return Place{url.host(), static_cast<quint16>(port)};
}

QString place_text(const Place& place) {
  const QString host = place.host.contains(':') ? "[" + place.host + "]" : place.host;
  return host + ":" + QString::number(place.port);
}

QString check_of(const QByteArray& authority) {
  const auto certificates = QSslCertificate::fromData(authority, QSsl::Pem);
  if (certificates.size() != 1 || certificates.first().isNull()) return {};
  const QByteArray hex = certificates.first().digest(QCryptographicHash::Sha256).toHex().toUpper();
  QStringList groups;
  for (int at = 0; at < 20; at += 4) groups << QString::fromLatin1(hex.mid(at, 4));
  return groups.join(' ');
}

QString KeyFile::path() const {
  return QDir(folder_).filePath("key.json");
}

std::optional<Key> KeyFile::load() const {
  QFile file(path());
  if (!file.open(QIODevice::ReadOnly)) return std::nullopt;
  const QJsonObject json = QJsonDocument::fromJson(file.read(64 * 1024)).object();
  const auto place = place_of(json["address"].toString());
  if (!place) return std::nullopt;
  const Key key{*place, json["authority"].toString().toLatin1(), json["device"].toString(),
                json["secret"].toString(), json["room"].toString()};
  if (check_of(key.authority).isEmpty() || key.device.isEmpty() || key.secret.isEmpty()) return std::nullopt;
  return key;
}

bool KeyFile::save(const Key& key) const {
  if (!QDir(folder_).exists()) {
    if (!QDir().mkpath(folder_)) return false;
    QFile::setPermissions(folder_, mine | QFileDevice::ExeOwner);
  }
  QSaveFile file(path());
  // Nobody else may open it before the secret is in it.
  if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(mine)) return false;
  const QJsonObject json{{"address", place_text(key.place)},
                         {"authority", QString::fromLatin1(key.authority)},
                         {"device", key.device},
                         {"secret", key.secret},
                         {"room", key.room}};
  file.write(QJsonDocument(json).toJson());
  return file.commit();
}

void KeyFile::forget() const {
  QFile::remove(path());
}

} // namespace machiai::seat
