// SPDX-License-Identifier: Apache-2.0
// Door: how a seat on another machine comes to its key, and learns that it is revoked. All over TLS 1.3.
#pragma once

#include "core/base/result.hpp"
#include "seat/key.hpp"

#include <QNetworkAccessManager>
#include <QObject>
#include <QSslConfiguration>
#include <functional>

class QNetworkReply;

namespace machiai::seat {

/// Trusts this authority and nobody else; TLS 1.3 alone.
[[nodiscard]] QSslConfiguration trusting(const QByteArray& authority);

/// Reasons of its errors: `station_unreachable` (nobody answers), `station_foreign` (whoever answers has no
/// certificate of the authority, or not for this address), `clock_differs` (only its dates are wrong),
/// `not_a_station`, `device_revoked`, and the station's own refusals (`pairing_refused`, ...).
class Door : public QObject {
  Q_OBJECT
public:
  template <class T> using Then = std::function<void(const base::Result<T>&)>;

  explicit Door(QObject* parent = nullptr);

  /// The authority's certificate, from whoever answers there: nothing may be told to it before a person has
  /// compared check_of() with what the desk shows.
  void look(const Place& place, Then<QByteArray> then);
  /// Uses a pairing code up at a station of this authority.
  void redeem(const Place& place, const QByteArray& authority, const QString& code, Then<Key> then);
  /// Whether the key still opens; its room when it does.
  void ask(const Key& key, Then<QString> then);

private:
  QNetworkReply* send(const Place& place, const QString& path, const QSslConfiguration& tls,
                      const QByteArray& bearer, const QByteArray* body);

  QNetworkAccessManager network_;
};

} // namespace machiai::seat
