// SPDX-License-Identifier: Apache-2.0
// The window on a hub that is played by the test: log-in, what was lost on the way, keys.
#include "core/wire/views.hpp"
#include "desk/window.hpp"
#include "seat/program.hpp"

#include <catch2/catch.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocketServer>
#include <functional>

using namespace machiai;
namespace json = boost::json;

namespace {

/// Answers every frame as the test says; knows the commands that came.
class FakeHub : public QObject {
public:
  using Answer = std::function<json::object(const std::string& cmd, const json::object& args)>;

  explicit FakeHub(Answer answer) : answer_(std::move(answer)) {
    REQUIRE(home_.isValid());
    REQUIRE(server_.listen(QHostAddress::LocalHost));
    QDir(home_.path()).mkpath("run");
    put("run/port", QByteArray::number(server_.serverPort()));
    put("run/token.desk", "token");
    connect(&server_, &QWebSocketServer::newConnection, this, [this] {
      socket_ = server_.nextPendingConnection();
      connect(socket_, &QWebSocket::textMessageReceived, this, &FakeHub::heard);
    });
  }
  [[nodiscard]] QString home() const { return home_.path(); }
  [[nodiscard]] const QStringList& came() const { return came_; }
  [[nodiscard]] QString last() const { return last_; }
  void drop() {
    if (socket_ != nullptr) socket_->abort();
  }

private:
  void put(const QString& name, const QByteArray& bytes) {
    QFile file(home_.filePath(name));
    REQUIRE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
  }
  void say(const json::object& frame) {
    socket_->sendTextMessage(QString::fromStdString(json::serialize(frame)));
  }
  void heard(const QString& text) {
    const json::object frame = json::parse(text.toStdString()).as_object();
    const std::string cmd(frame.at("cmd").as_string());
    last_ = text;
    came_ << QString::fromStdString(cmd);
    if (cmd == "watch") {
      const auto bytes = seat::read_file(QString(FIXTURES) + "/morning.json");
      REQUIRE(bytes);
      say({{"view", "desk"},
           {"rev", 1},
           {"at", 1795483920000},
           {"data", json::parse(std::string_view(bytes->constData(), bytes->size()))}});
      return;
    }
    json::object reply = answer_(cmd, frame.at("args").as_object());
    if (reply.empty()) return; // a hub that takes its time
    reply["id"] = frame.at("id");
    say(reply);
  }

  Answer answer_;
  QTemporaryDir home_;
  QWebSocketServer server_{"hub", QWebSocketServer::NonSecureMode};
  QWebSocket* socket_ = nullptr;
  QStringList came_;
  QString last_;
};

json::object refused(const char* reason) {
  return {{"error", {{"code", "forbidden"}, {"reason", reason}, {"message", ""}, {"detail", ""}}}};
}

/// A hub that wants a log-in: the PIN of sato is 1234, and a pass resumes it.
struct Guarded {
  bool in = false;
  std::string pass = "pass-1";
  json::object operator()(const std::string& cmd, const json::object& args) {
    if (cmd == "staff")
      return {{"ok",
               {{"login", true},
                {"people", {{{"id", "sato"}, {"name", "佐藤"}}}},
                {"person", in ? "sato" : ""}}}};
    if (cmd == "logout") {
      in = false;
      return {{"ok", json::object{}}};
    }
    if (cmd == "login") {
      const json::value* pin = args.if_contains("pin");
      const json::value* old = args.if_contains("pass");
      in = (pin != nullptr && pin->as_string() == "1234") ||
           (old != nullptr && old->as_string() == pass.c_str());
      if (!in) return refused(pin != nullptr ? "pin_wrong" : "login_needed");
      return {{"ok", {{"person", "sato"}, {"name", "佐藤"}, {"pass", pass}}}};
    }
    return in ? json::object{{"ok", {{"number", "24"}}}} : refused("login_needed");
  }
};

struct Desk {
  explicit Desk(const FakeHub& hub)
      : link({.home = hub.home(), .role = "desk", .seat = "desk-1", .views = {"desk"}}),
        window(link, *desk::load_phrases(), "ja", "desk-1", hub.home()) {
    window.resize(1280, 800);
    window.show();
    window.activateWindow();
    link.start();
  }
  bool offers(const QString& name) {
    return QTest::qWaitFor([&] { return window.offers(name); }, 10'000);
  }
  void keys(const QString& text) {
    for (const QChar c : text) QTest::keyClick(&window, c.toLatin1());
  }
  /// As sato does it, once the page is there.
  void log_in() {
    REQUIRE(offers("person-sato"));
    emit window.touched("person-sato");
    keys("1234");
    emit window.touched("login-do");
    REQUIRE(offers("logout"));
  }
  seat::Link link;
  desk::Window window;
};

} // namespace

TEST_CASE("the log-in page stands before the list, takes a PIN by keys, and gives way") {
  Guarded guard;
  FakeHub hub(std::ref(guard));
  Desk desk(hub);
  REQUIRE(desk.offers("person-sato"));
  CHECK_FALSE(desk.window.offers("call-next"));
  QTest::keyClick(&desk.window, Qt::Key_F1);
  emit desk.window.touched("person-sato");
  REQUIRE(desk.offers("pad-1"));
  desk.keys("0000");
  REQUIRE(desk.offers("login-do"));
  QTest::keyClick(&desk.window, Qt::Key_Return);
  // Refused: the PIN is gone and has to be typed anew.
  REQUIRE(QTest::qWaitFor([&] { return !desk.window.offers("login-do"); }, 10'000));
  desk.keys("1234");
  REQUIRE(desk.offers("login-do"));
  QTest::keyClick(&desk.window, Qt::Key_Return);
  REQUIRE(desk.offers("call-next"));
  CHECK(desk.window.offers("logout"));
  CHECK_FALSE(hub.came().contains("call"));
}

TEST_CASE("no name is shown before it is known whether somebody has to log in") {
  FakeHub hub([](const std::string&, const json::object&) { return json::object{}; });
  Desk desk(hub);
  // The list has come by now: it is what makes the desk ask.
  REQUIRE(QTest::qWaitFor([&] { return hub.came().contains("staff"); }, 10'000));
  CHECK_FALSE(desk.window.offers("call-next"));
  CHECK_FALSE(desk.window.offers("row-shinsatsu-20261124-24"));
}

TEST_CASE("after too many wrong PINs the pad rests for as long as the hub says") {
  FakeHub hub([](const std::string& cmd, const json::object&) {
    if (cmd != "login") return Guarded{}(cmd, {});
    json::object reply = refused("pin_locked");
    reply["error"].as_object()["seconds"] = 30;
    return reply;
  });
  Desk desk(hub);
  REQUIRE(desk.offers("person-sato"));
  emit desk.window.touched("person-sato");
  desk.keys("0000");
  emit desk.window.touched("login-do");
  REQUIRE(QTest::qWaitFor([&] { return !desk.window.offers("pad-1"); }, 10'000));
  CHECK(desk.window.offers("other-person"));
}

TEST_CASE("a lost link resumes by the pass, without a PIN") {
  Guarded guard;
  FakeHub hub(std::ref(guard));
  Desk desk(hub);
  desk.log_in();
  guard.in = false;
  hub.drop();
  REQUIRE(QTest::qWaitFor([&] { return hub.came().count("login") == 2; }, 10'000));
  CHECK(hub.last().contains("pass-1"));
  REQUIRE(desk.offers("call-next"));
  CHECK_FALSE(desk.window.offers("person-sato"));
}

TEST_CASE("a command refused for want of a log-in leads back to the page") {
  Guarded guard;
  FakeHub hub(std::ref(guard));
  Desk desk(hub);
  desk.log_in();
  guard.in = false;
  guard.pass = "pass-2"; // the old one is worth nothing any more
  emit desk.window.touched("call-next");
  REQUIRE(desk.offers("person-sato"));
  CHECK(hub.came().count("call") == 1);
  emit desk.window.touched("person-sato");
  desk.keys("1234");
  emit desk.window.touched("login-do");
  REQUIRE(desk.offers("call-next"));
  CHECK(hub.came().count("call") == 1);
}

TEST_CASE("a hub without a log-in shows its list at once; keys walk a sheet and press what has the focus") {
  FakeHub hub([](const std::string& cmd, const json::object&) {
    return cmd == "staff" ? refused("unknown_command") : json::object{{"ok", json::object{}}};
  });
  Desk desk(hub);
  REQUIRE(desk.offers("call-next"));
  QTest::keyClick(&desk.window, Qt::Key_F4);
  REQUIRE(desk.offers("history"));
  // The first key of the sheet, then the one below it.
  QTest::keyClick(&desk.window, Qt::Key_Tab);
  REQUIRE(desk.window.focusWidget() != nullptr);
  const QString first = desk.window.focusWidget()->objectName();
  CHECK(desk.window.offers(first));
  CHECK(first != "scrim-close");
  QTest::keyClick(&desk.window, Qt::Key_Down);
  CHECK(desk.window.focusWidget()->objectName() != first);
  const qsizetype before = hub.came().size();
  QTest::keyClick(&desk.window, Qt::Key_Escape);
  REQUIRE(desk.offers("call-next"));
  CHECK(hub.came().size() == before);
}

TEST_CASE("digits typed above the list look for a number, and go nowhere else") {
  FakeHub hub([](const std::string& cmd, const json::object&) {
    return cmd == "staff" ? refused("unknown_command") : json::object{{"ok", json::object{}}};
  });
  Desk desk(hub);
  REQUIRE(desk.offers("call-next"));
  const qsizetype before = hub.came().size();
  desk.keys("25");
  REQUIRE(desk.offers("find-shinsatsu-20261124-25"));
  QTest::keyClick(&desk.window, Qt::Key_Return);
  REQUIRE(desk.offers("row-shinsatsu-20261124-25"));
  desk.keys("99");
  REQUIRE(desk.offers("pad-9"));
  CHECK_FALSE(desk.window.offers("find-shinsatsu-20261124-25"));
  QTest::keyClick(&desk.window, Qt::Key_Escape);
  REQUIRE(desk.offers("call-next"));
  CHECK(hub.came().size() == before);
}
