// SPDX-License-Identifier: Apache-2.0
// A station as the test wants it: TLS with a certificate of its own authority, pairing, and a hub's
// WebSocket.
#pragma once

#include "core/base/clock.hpp"
#include "core/store/identity.hpp"
#include "fixture.hpp"
#include "seat/key.hpp"

#include <QElapsedTimer>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QWebSocket>
#include <QWebSocketServer>
#include <functional>
#include <memory>

namespace machiai::test {

/// The authority and the server's certificate of a station's home, at a moment, for these names.
struct Papers {
  explicit Papers(std::vector<std::string> names = {"127.0.0.1"}, std::chrono::hours ago = {}) {
    const auto made = store::station_identity({std::filesystem::path(dir.path().toStdString())},
                                              base::SystemClock().now() - ago, names);
    REQUIRE(made);
    identity = *made;
  }
  [[nodiscard]] QByteArray authority() const { return QByteArray::fromStdString(identity.ca); }
  QTemporaryDir dir;
  store::Identity identity;
};

class FakeStation : public QObject {
public:
  explicit FakeStation(const Papers& papers, quint16 port = 0)
      : authority(papers.authority()), hub_("hub", QWebSocketServer::NonSecureMode) {
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(
        QSslCertificate::fromData(QByteArray::fromStdString(papers.identity.chain), QSsl::Pem));
    tls.setPrivateKey(QSslKey(QByteArray::fromStdString(papers.identity.key), QSsl::Ec, QSsl::Pem));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    tls.setProtocol(QSsl::TlsV1_3OrLater);
    server_.setSslConfiguration(tls);
    REQUIRE(server_.listen(QHostAddress::LocalHost, port));
    connect(&server_, &QTcpServer::pendingConnectionAvailable, this, [this] {
      while (auto* socket = server_.nextPendingConnection()) {
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { request(socket); });
        request(socket);
      }
    });
    connect(&hub_, &QWebSocketServer::newConnection, this, [this] {
      peer = hub_.nextPendingConnection();
      ++connections;
      connect(peer, &QWebSocket::textMessageReceived, this, &FakeStation::heard);
    });
  }
  ~FakeStation() override { delete peer; }

  [[nodiscard]] quint16 port() const { return server_.serverPort(); }
  [[nodiscard]] seat::Place place() const { return {"127.0.0.1", port()}; }
  [[nodiscard]] QString address() const { return seat::place_text(place()); }
  [[nodiscard]] seat::Key key() const { return {place(), authority, "room-a1", "secret", "1"}; }
  void say(const boost::json::object& frame) const {
    peer->sendTextMessage(QString::fromStdString(boost::json::serialize(frame)));
  }
  void show(const QString& file, std::int64_t hub_ms = at_ms) {
    const auto bytes = seat::read_file(QString(FIXTURES) + "/" + file + ".json");
    REQUIRE(bytes);
    say({{"view", "rooms"},
         {"rev", ++revision_},
         {"at", hub_ms},
         {"data", boost::json::parse(std::string_view(bytes->constData(), bytes->size()))}});
  }
  /// The commands of that name that came.
  [[nodiscard]] std::vector<boost::json::object> came(std::string_view name) const {
    std::vector<boost::json::object> found;
    for (const auto& frame : frames)
      if (frame.at("cmd").as_string() == name) found.push_back(frame);
    return found;
  }

  QByteArray authority; ///< what /ca.pem gives
  QByteArray code = "042817";
  bool known = true;   ///< the device may come in
  bool answers = true; ///< commands get their answer
  QString first = "morning";
  QByteArrayList requests; ///< first lines, and bodies of what was posted
  std::vector<boost::json::object> frames;
  QWebSocket* peer = nullptr;
  int connections = 0;

private:
  static void reply(QTcpSocket* socket, const QByteArray& status, const QByteArray& body,
                    const QByteArray& more = {}) {
    socket->write("HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" +
                  more + "Connection: close\r\n\r\n" + body);
    socket->disconnectFromHost();
  }
  void request(QTcpSocket* socket) {
    const QByteArray seen = socket->peek(64 * 1024);
    const auto head = seen.indexOf("\r\n\r\n");
    if (head < 0) return;
    const bool in = known && seen.contains("Authorization: Bearer room-a1.secret");
    if (seen.startsWith("GET /hub ") && in) {
      socket->disconnect(this);
      return hub_.handleConnection(socket);
    }
    if (seen.startsWith("POST") && !seen.endsWith("}")) return; // its body is still on the way
    const QByteArray body = socket->readAll().mid(head + 4);
    requests << seen.left(seen.indexOf('\r')) << body;
    const QByteArray me = R"({"device":"room-a1","role":"room","room":"1","name":"x"})";
    if (seen.startsWith("GET /ca.pem ")) return reply(socket, "200 OK", authority);
    if (seen.startsWith("GET /me ") && in) return reply(socket, "200 OK", me);
    if (seen.startsWith("GET")) return reply(socket, "401 Unauthorized", "");
    if (body == R"({"code":")" + code + R"("})")
      return reply(socket, "200 OK", me, "Set-Cookie: __Host-machiai=room-a1.secret; Path=/; Secure\r\n");
    reply(socket, "403 Forbidden",
          R"({"error":{"code":"forbidden","reason":"pairing_refused","message":""}})");
  }
  void heard(const QString& text) {
    frames.push_back(boost::json::parse(text.toStdString()).as_object());
    const auto& frame = frames.back();
    const std::string_view cmd = frame.at("cmd").as_string();
    if (cmd == "watch") return show(first);
    if (!answers) return;
    const boost::json::object board{
        {"error", {{"code", "forbidden"}, {"reason", "forbidden"}, {"message", ""}}}};
    boost::json::object answer = cmd == "board" ? board : boost::json::object{{"ok", {{"number", "25"}}}};
    answer["id"] = frame.at("id");
    say(answer);
  }

  QSslServer server_;
  QWebSocketServer hub_;
  int revision_ = 0;
};

} // namespace machiai::test
