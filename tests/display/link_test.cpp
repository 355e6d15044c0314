// SPDX-License-Identifier: Apache-2.0
// The link against a hub that misbehaves on purpose.
#include "seat/link.hpp"
#include "until.hpp"

#include <catch2/catch.hpp>

#include <QDir>
#include <QTemporaryDir>
#include <QWebSocketServer>
#include <memory>

using namespace machiai;
using seat::Link;

namespace {

/// A hub on loopback that notes what it gets and says only what the test tells it to.
class FakeHub {
public:
  explicit FakeHub(const QString& home) : home_(home) { QDir(home).mkpath("run"); }

  void open() {
    server_ = std::make_unique<QWebSocketServer>("hub", QWebSocketServer::NonSecureMode);
    REQUIRE(server_->listen(QHostAddress::LocalHost));
    QObject::connect(server_.get(), &QWebSocketServer::newConnection, [this] {
      peer = server_->nextPendingConnection();
      ++connections;
      token = peer->request().rawHeader("Authorization");
      seat_name = peer->request().rawHeader("X-Machiai-Seat");
      QObject::connect(peer, &QWebSocket::textMessageReceived, [this](const QString& text) {
        frames.push_back(boost::json::parse(text.toStdString()).as_object());
      });
    });
    write("port", QByteArray::number(server_->serverPort()));
    write("token.display", "secret\n");
  }
  void close() {
    delete peer;
    peer = nullptr;
    server_.reset();
  }
  void say(const QString& text) const { peer->sendTextMessage(text); }
  [[nodiscard]] std::vector<boost::json::object> commands(std::string_view name) const {
    std::vector<boost::json::object> found;
    for (const auto& frame : frames)
      if (frame.at("cmd").as_string() == name) found.push_back(frame);
    return found;
  }

  QWebSocket* peer = nullptr;
  int connections = 0;
  QByteArray token, seat_name;
  std::vector<boost::json::object> frames;

private:
  void write(const QString& name, const QByteArray& text) const {
    QFile file(home_ + "/run/" + name);
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(text);
  }
  QString home_;
  std::unique_ptr<QWebSocketServer> server_;
};

struct Line {
  QTemporaryDir dir;
  FakeHub hub{dir.path()};
  Link link{{dir.path(), "display", "display-1", {"board"}}};
};

QString view_frame(int rev) {
  return QString(R"({"view":"board","rev":%1,"at":1764000000000,"data":{"x":%1}})").arg(rev);
}

} // namespace

TEST_CASE("the link shows its token and seat, watches its views and tells the hub's time") {
  Line line;
  line.hub.open();
  qint64 got = 0;
  QObject::connect(&line.link, &Link::view, [&](const QString& name, const boost::json::object& data) {
    CHECK(name == "board");
    CHECK(line.link.rev("board") == 12);
    got = data.at("x").as_int64();
  });
  CHECK(line.link.age_ms() == -1);
  CHECK(line.link.hub_now_ms() == 0);
  line.link.start();
  REQUIRE(until([&] { return line.hub.commands("watch").size() == 1; }));
  CHECK(line.hub.token == "Bearer secret");
  CHECK(line.hub.seat_name == "display-1");
  CHECK(line.hub.commands("watch")[0].at("args").as_object() == boost::json::object{{"views", {"board"}}});
  CHECK_FALSE(line.link.connected()); // an open socket alone proves nothing
  line.hub.say(view_frame(12));
  REQUIRE(until([&] { return got == 12; }));
  CHECK(line.link.connected());
  CHECK(line.link.hub_now_ms() >= 1764000000000);
  CHECK(line.link.hub_now_ms() < 1764000002000);
}

TEST_CASE("an answer and a refusal reach the one who asked") {
  Line line;
  line.hub.open();
  line.link.start();
  std::string outcome;
  const auto note = [&](const auto& reply) {
    outcome =
        reply ? "ok " + boost::json::serialize(*reply) : reply.error().reason + "/" + reply.error().detail;
    if (!reply) CHECK(reply.error().code == base::Error::Code::conflict);
  };
  line.link.send("recall", {{"ticket", "t"}}, note);
  REQUIRE(until([&] { return line.hub.commands("recall").size() == 1; }));
  line.hub.say(QString(R"({"id":%1,"ok":{"n":3}})").arg(line.hub.commands("recall")[0].at("id").as_int64()));
  REQUIRE(until([&] { return !outcome.empty(); }));
  CHECK(outcome == "ok {\"n\":3}");
  outcome.clear();
  line.link.send("enter", {}, note);
  REQUIRE(until([&] { return line.hub.commands("enter").size() == 1; }));
  line.hub.say(
      QString(R"({"id":%1,"error":{"code":"conflict","reason":"not_waiting","message":"m","detail":"d"}})")
          .arg(line.hub.commands("enter")[0].at("id").as_int64()));
  REQUIRE(until([&] { return !outcome.empty(); }));
  CHECK(outcome == "not_waiting/d");
}

TEST_CASE("a command that was not answered is sent again with the same key to the hub's new port") {
  Line line;
  line.hub.open();
  line.link.start();
  int answers = 0;
  line.link.send(
      "take", {{"service", "naika"}}, [&](const auto& reply) { answers += reply ? 1 : 100; },
      std::chrono::seconds{20});
  REQUIRE(until([&] { return line.hub.commands("take").size() == 1; }));
  line.hub.close();
  line.hub.open();
  REQUIRE(until([&] { return line.hub.commands("take").size() == 2; }));
  const auto sent = line.hub.commands("take");
  CHECK(sent[0] == sent[1]);
  CHECK(sent[0].at("key").as_string().size() == 32);
  const QString ok = QString(R"({"id":%1,"ok":{}})").arg(sent[1].at("id").as_int64());
  line.hub.say(ok);
  line.hub.say(ok);
  REQUIRE(until([&] { return answers > 0; }));
  line.hub.say(view_frame(1));
  REQUIRE(until([&] { return line.link.connected(); }));
  CHECK(answers == 1);
}

TEST_CASE("without a hub a command fails after its patience and was never sent") {
  Line line;
  line.link.start();
  std::string outcome;
  line.link.send(
      "take", {}, [&](const auto& reply) { outcome = reply.error().reason + "/" + reply.error().detail; },
      std::chrono::milliseconds{300});
  REQUIRE(until([&] { return !outcome.empty(); }, 3'000));
  CHECK(outcome == "hub_unreachable/unsent");
}

TEST_CASE("two presses never share a key") {
  Line line;
  line.hub.open();
  line.link.start();
  line.link.send("take", {}, {});
  line.link.send("take", {}, {});
  REQUIRE(until([&] { return line.hub.commands("take").size() == 2; }));
  CHECK(line.hub.commands("take")[0].at("key") != line.hub.commands("take")[1].at("key"));
}

TEST_CASE("frames that are no JSON object, or say nothing we know, change nothing") {
  Line line;
  line.hub.open();
  int views = 0;
  QObject::connect(&line.link, &Link::view, [&] { ++views; });
  line.link.start();
  REQUIRE(until([&] { return line.hub.commands("watch").size() == 1; }));
  for (const char* text :
       {"", "no json", "[1]", "{\"id\":99,\"ok\":{}}", "{\"view\":\"board\"}", "{\"id\":\"x\"}"})
    line.hub.say(text);
  line.hub.say(view_frame(1));
  REQUIRE(until([&] { return views > 0; }));
  CHECK(views == 1);
}

TEST_CASE("a hub that falls silent is left and looked for again") {
  Line line;
  line.hub.open();
  line.link.start();
  REQUIRE(until([&] { return line.hub.connections == 1; }));
  line.hub.say(view_frame(1));
  REQUIRE(until([&] { return line.link.connected(); }));
  REQUIRE(until([&] { return !line.link.connected(); }, 8'000));
  CHECK(line.link.age_ms() > 5'000);
  REQUIRE(until([&] { return line.hub.connections == 2; }));
}

TEST_CASE("settings are checked before anything is opened") {
  CHECK(seat::checked({"/h", "desk", "desk-1", {}}).has_value());
  CHECK(seat::checked({"", "desk", "desk-1", {}}).error().reason == "no_home");
  CHECK(seat::checked({"/h", "cook", "desk-1", {}}).error().reason == "unknown_role");
  CHECK(seat::checked({"/h", "desk", "desk 1", {}}).error().reason == "bad_seat");
  CHECK(seat::checked({"/h", "desk", QString(33, 'a'), {}}).error().reason == "bad_seat");
}
