// SPDX-License-Identifier: Apache-2.0
#include "seat/door.hpp"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkCookieJar>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslError>
#include <QUrl>
#include <algorithm>

namespace machiai::seat {

using base::Error;

namespace {

constexpr int patience_ms = 8000;
/// A certificate has about 700 bytes, an answer 200.
constexpr qint64 largest_answer = 16 * 1024;
constexpr const char* noted_errors = "machiai-tls";

QSslConfiguration modern() {
  QSslConfiguration tls;
  tls.setProtocol(QSsl::TlsV1_3OrLater);
  return tls;
}

/// "foreign" | "dates"
QString kind_of(const QList<QSslError>& errors) {
  const bool dates = std::all_of(errors.begin(), errors.end(), [](const QSslError& each) {
    return each.error() == QSslError::CertificateNotYetValid || each.error() == QSslError::CertificateExpired;
  });
  return dates ? "dates" : "foreign";
}

tl::unexpected<Error> unanswered(const QNetworkReply& reply) {
  const QString tls = reply.property(noted_errors).toString();
  if (tls == "dates") return base::fail(Error::Code::device, "clock_differs");
  if (tls == "foreign" || reply.error() == QNetworkReply::SslHandshakeFailedError)
    return base::fail(Error::Code::forbidden, "station_foreign");
  return base::fail(Error::Code::device, "station_unreachable");
}

struct Answer {
  int status = 0;
  QByteArray body;
};

base::Result<Answer> answer_of(QNetworkReply& reply) {
  const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
  if (status == 0) return unanswered(reply);
  return Answer{status, reply.read(largest_answer)};
}

QJsonObject json_of(const QByteArray& body) {
  return QJsonDocument::fromJson(body).object();
}

/// "__Host-machiai=ID.SECRET; Path=/; ..." -> "SECRET", if it is of this device.
QString secret_of(const QNetworkReply& reply, const QString& device) {
  const QString cookie = QString::fromLatin1(reply.rawHeader("Set-Cookie")).section(';', 0, 0);
  const QString credential = cookie.section('=', 1);
  return credential.startsWith(device + ".") ? credential.mid(device.size() + 1) : QString();
}

base::Result<Key> admitted(QNetworkReply& reply, const Place& place, const QByteArray& authority) {
  const auto answer = answer_of(reply);
  if (!answer) return tl::unexpected(answer.error());
  const QJsonObject json = json_of(answer->body);
  if (answer->status == 200) {
    const QString device = json["device"].toString();
    const Key key{place, authority, device, secret_of(reply, device), json["room"].toString()};
    if (!device.isEmpty() && !key.secret.isEmpty()) return key;
  }
  const QString reason = json["error"].toObject()["reason"].toString();
  if (reason.isEmpty()) return base::fail(Error::Code::device, "not_a_station");
  return tl::unexpected(Error{Error::Code::forbidden, reason.toStdString(), ""});
}

} // namespace

QSslConfiguration trusting(const QByteArray& authority) {
  QSslConfiguration tls = modern();
  // Setting them also keeps the system's authorities out.
  tls.setCaCertificates(QSslCertificate::fromData(authority, QSsl::Pem));
  tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
  return tls;
}

Door::Door(QObject* parent) : QObject(parent) {
  network_.setProxy(QNetworkProxy::NoProxy);
  network_.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
  network_.setCookieJar(new QNetworkCookieJar(&network_));
}

QNetworkReply* Door::send(const Place& place, const QString& path, const QSslConfiguration& tls,
                          const QByteArray& bearer, const QByteArray* body) {
  // A connection of before was checked by other rules.
  network_.clearConnectionCache();
  QNetworkRequest request(QUrl("https://" + place_text(place) + path));
  request.setSslConfiguration(tls);
  request.setTransferTimeout(patience_ms);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setRawHeader("Connection", "close");
  if (!bearer.isEmpty()) request.setRawHeader("Authorization", "Bearer " + bearer);
  if (body != nullptr) request.setHeader(QNetworkRequest::ContentTypeHeader, "application/json");
  QNetworkReply* reply = body != nullptr ? network_.post(request, *body) : network_.get(request);
  connect(reply, &QNetworkReply::sslErrors, reply,
          [reply](const QList<QSslError>& errors) { reply->setProperty(noted_errors, kind_of(errors)); });
  connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
  return reply;
}

void Door::look(const Place& place, Then<QByteArray> then) {
  QSslConfiguration tls = modern();
  // What comes is a public certificate, to be compared by a person; nothing is sent.
  tls.setPeerVerifyMode(QSslSocket::VerifyNone);
  QNetworkReply* reply = send(place, "/ca.pem", tls, {}, nullptr);
  connect(reply, &QNetworkReply::finished, this, [reply, then = std::move(then)] {
    const auto answer = answer_of(*reply);
    if (!answer) return then(tl::unexpected(answer.error()));
    if (answer->status != 200 || check_of(answer->body).isEmpty())
      return then(base::fail(Error::Code::device, "not_a_station"));
    then(answer->body);
  });
}

void Door::redeem(const Place& place, const QByteArray& authority, const QString& code, Then<Key> then) {
  const QByteArray body = QJsonDocument(QJsonObject{{"code", code}}).toJson(QJsonDocument::Compact);
  QNetworkReply* reply = send(place, "/pair", trusting(authority), {}, &body);
  connect(reply, &QNetworkReply::finished, this,
          [reply, place, authority, then = std::move(then)] { then(admitted(*reply, place, authority)); });
}

void Door::ask(const Key& key, Then<QString> then) {
  const QByteArray bearer = (key.device + "." + key.secret).toLatin1();
  QNetworkReply* reply = send(key.place, "/me", trusting(key.authority), bearer, nullptr);
  connect(reply, &QNetworkReply::finished, this, [reply, then = std::move(then)] {
    const auto answer = answer_of(*reply);
    if (!answer) return then(tl::unexpected(answer.error()));
    if (answer->status == 401) return then(base::fail(Error::Code::forbidden, "device_revoked"));
    if (answer->status != 200) return then(base::fail(Error::Code::device, "not_a_station"));
    then(json_of(answer->body)["room"].toString());
  });
}

} // namespace machiai::seat
