// SPDX-License-Identifier: Apache-2.0
// The key of a seat on another machine of the clinic's network: where its station is, which authority it
// trusts there, and what it shows to be let in. It is all that such a seat keeps; nothing of a patient.
#pragma once

#include <QByteArray>
#include <QString>
#include <optional>

namespace machiai::seat {

/// Where a station serves the clinic's network.
struct Place {
  QString host;
  quint16 port = 0;
  bool operator==(const Place&) const = default;
};
/// "https://192.0.2.10:8443/", "192.0.2.10", "[2001:db8::1]:8443", also in full-width signs; without a port
/// 8443. Nothing for what is no such address.
[[nodiscard]] std::optional<Place> place_of(const QString& text);
/// As people read it: "192.0.2.10:8443".
[[nodiscard]] QString place_text(const Place& place);

struct Key {
  Place place;
  QByteArray authority; ///< PEM: the one CA whose certificates are taken
  QString device;       ///< id at the station; also the seat's name
  QString secret;
  QString room; ///< id of the room it acts for
  bool operator==(const Key&) const = default;
};

/// What people compare on two screens to know an authority again: "7F3A 91C2 0B5E D418 66A0", the first 80
/// bits of its SHA-256, as the station's desk shows it. Empty when it is not exactly one certificate.
[[nodiscard]] QString check_of(const QByteArray& authority);

/// The folder's `key.json`, readable for its owner alone.
class KeyFile {
public:
  explicit KeyFile(QString folder) : folder_(std::move(folder)) {}
  [[nodiscard]] QString path() const;
  /// Nothing when there is none, or none that can be used.
  [[nodiscard]] std::optional<Key> load() const;
  [[nodiscard]] bool save(const Key& key) const;
  void forget() const;

private:
  QString folder_;
};

} // namespace machiai::seat
