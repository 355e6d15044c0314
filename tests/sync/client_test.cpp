// SPDX-License-Identifier: Apache-2.0
// The link against a small cloud on loopback: TLS 1.3, a WebSocket, and a script of what it says.
#include "core/store/identity.hpp"
#include "net/line.hpp"
#include "net/to.hpp"
#include "sync/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <catch2/catch.hpp>
#include <unistd.h>

#include <filesystem>

using namespace machiai;
using namespace machiai::sync;
namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

const std::string hash(64, 'b');

struct Folder {
  std::filesystem::path dir;
  Folder() {
    char name[] = "/tmp/machiai-sync-XXXXXX";
    dir = ::mkdtemp(name);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(dir); }
};

/// A CA and a certificate for 127.0.0.1; another one each time.
store::Identity identity() {
  const Folder folder;
  const auto made = store::station_identity({folder.dir}, base::SystemClock().now(), {"127.0.0.1"});
  REQUIRE(made);
  return *made;
}

auto to(error_code& error) {
  return net::to(error);
}

/// What the cloud does with a frame: what it answers, and whether the link goes on.
using Script = std::function<std::vector<wire::LinkFrame>(const wire::LinkFrame&)>;

class Cloud {
public:
  Cloud(asio::io_context& loop, const store::Identity& own, Script script)
      : acceptor_(loop, {asio::ip::make_address("127.0.0.1"), 0}), tls_(asio::ssl::context::tls_server),
        script_(std::move(script)) {
    tls_.use_certificate_chain(asio::buffer(own.chain));
    tls_.use_private_key(asio::buffer(own.key), asio::ssl::context::pem);
    SSL_CTX_set_verify(tls_.native_handle(), SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
    asio::co_spawn(loop, run(), [](const std::exception_ptr&) {});
  }
  [[nodiscard]] std::string port() { return std::to_string(acceptor_.local_endpoint().port()); }
  std::vector<wire::LinkFrame> heard;
  int links = 0;
  bool showed_certificate = false;
  bool tls13 = false;
  bool portal = false;   ///< answers with a page
  bool plain = false;    ///< and without TLS
  bool hangs_up = false; ///< after the handshake of TLS
  std::string raw;       ///< said instead of a frame
  std::function<void()> drop;

private:
  asio::awaitable<void> run() {
    for (;;) {
      error_code error;
      auto socket = co_await acceptor_.async_accept(net::to(error));
      if (error) co_return;
      co_await serve(std::move(socket));
    }
  }
  asio::awaitable<void> serve(asio::ip::tcp::socket socket) {
    error_code error;
    beast::websocket::stream<net::Line> stream(std::move(socket));
    const std::string page = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nlogin";
    if (plain) {
      co_await asio::async_write(beast::get_lowest_layer(stream), asio::buffer(page), to(error));
      co_return;
    }
    net::Line::Tls& secure = stream.next_layer().secure(tls_);
    co_await secure.async_handshake(asio::ssl::stream_base::server, to(error));
    if (error || hangs_up) co_return;
    SSL* ssl = secure.native_handle();
    X509* shown = SSL_get1_peer_certificate(ssl);
    showed_certificate = shown != nullptr;
    X509_free(shown);
    tls13 = SSL_version(ssl) == TLS1_3_VERSION;
    if (portal) {
      co_await asio::async_write(stream.next_layer(), asio::buffer(page), to(error));
      co_return;
    }
    co_await stream.async_accept(to(error));
    if (error) co_return;
    ++links;
    drop = [&] { beast::get_lowest_layer(stream).close(); };
    beast::flat_buffer buffer;
    while (!error) {
      co_await stream.async_read(buffer, to(error));
      if (error) break;
      const auto frame = wire::link_from_json({static_cast<const char*>(buffer.data().data()), buffer.size()},
                                              wire::LinkEnd::clinic);
      buffer.consume(buffer.size());
      if (!frame) break;
      heard.push_back(*frame);
      std::vector<std::string> answers;
      for (const auto& said : script_(*frame)) answers.push_back(wire::link_to_json(said));
      if (!raw.empty()) answers = {raw};
      for (const std::string& text : answers) co_await stream.async_write(asio::buffer(text), to(error));
    }
    drop = {};
  }

  asio::ip::tcp::acceptor acceptor_;
  asio::ssl::context tls_;
  Script script_;
};

class Station final : public Peer {
public:
  void greet(std::uint64_t proof_seq, Greet done) override {
    done({0, lineage, "n1", last, proof_seq, proof_seq == 0 ? "" : hash});
  }
  base::Status keep_lineage(std::uint64_t value) override {
    if (disk_full) return base::fail(base::Error::Code::storage, "disk_full");
    lineage = value;
    return {};
  }
  void read_events(Range range, Lines done) override {
    std::vector<wire::EventLine> lines;
    for (std::uint64_t seq = range.from; seq <= range.to; ++seq)
      lines.push_back(
          {seq, seq, 0, 0, base::instant_from_ms(1), {20783}, "taken", "kiosk", "kiosk-1", "", "{}", hash});
    done(std::move(lines));
  }
  std::uint64_t durable() const override { return last; }
  void hears(wire::LinkFrame frame) override { frames.push_back(std::move(frame)); }
  void clock_told(base::Instant at) override { told_at = at; }
  void link_changed(bool now_up, const std::string& why) override {
    up = now_up;
    if (now_up) ++ups;
    if (!now_up) reasons.push_back(why);
  }
  std::uint64_t lineage = 0, last = 0;
  std::optional<base::Instant> told_at;
  bool disk_full = false;
  bool up = false;
  int ups = 0;
  std::vector<std::string> reasons;
  std::vector<wire::LinkFrame> frames;
};

/// A clinic and a cloud on one loop.
struct Setting {
  asio::io_context loop;
  store::Identity own = identity();
  Station station;
  Script script;
  std::unique_ptr<Cloud> cloud;
  std::unique_ptr<Client> client;
  std::uint64_t acked = 0;

  Setting() {
    script = [this](const wire::LinkFrame& frame) { return answer(frame); };
  }
  std::vector<wire::LinkFrame> answer(const wire::LinkFrame& frame) {
    if (std::holds_alternative<wire::LinkHello>(frame))
      return {wire::LinkWelcome{{station.lineage + 1, acked}, base::instant_from_ms(1795651200000)}};
    if (const auto* events = std::get_if<wire::LinkEvents>(&frame)) {
      REQUIRE(events->events.front().seq == acked + 1);
      acked = events->events.back().seq;
      return {wire::LinkAck{acked}};
    }
    if (const auto* ping = std::get_if<wire::LinkPing>(&frame)) return {wire::LinkPong{ping->id}};
    return {};
  }
  void start(const std::string& ca = {}, const std::string& host = "127.0.0.1") {
    cloud = std::make_unique<Cloud>(loop, own, script);
    LinkSettings settings{host,    cloud->port(),           "/v1/link", "minato", own.chain,
                          own.key, ca.empty() ? own.ca : ca};
    const auto tls = client_context(settings);
    REQUIRE(tls);
    client = std::make_unique<Client>(loop, settings, *tls, station);
    client->start();
  }
  /// Runs until it is so; fails after 20 s.
  template <class F> void until(F so) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!so() && std::chrono::steady_clock::now() < end) loop.run_one_for(std::chrono::milliseconds{50});
    REQUIRE(so());
  }
};

} // namespace

TEST_CASE("the station greets, stores its lineage and hands its events up in order") {
  Setting s;
  s.station.last = 1000;
  s.start();
  s.until([&] { return s.acked == 1000; });
  REQUIRE(s.cloud->showed_certificate);
  REQUIRE(s.cloud->tls13);
  REQUIRE(s.station.lineage == 1);
  REQUIRE(s.station.told_at == base::instant_from_ms(1795651200000));
  REQUIRE(std::holds_alternative<wire::LinkHello>(s.cloud->heard[0]));
  REQUIRE(std::get<wire::LinkReady>(s.cloud->heard[1]).lineage == 1);
  s.station.last = 1003;
  s.client->events_ready();
  s.until([&] { return s.acked == 1003; });
}

TEST_CASE("only what the cloud lacks goes up, also after the link broke") {
  Setting s;
  s.acked = 90;
  s.station.last = 100;
  s.start();
  s.until([&] { return s.acked == 100; });
  s.station.last = 120;
  s.cloud->drop();
  s.until([&] { return s.acked == 120; });
  REQUIRE(s.cloud->links == 2);
  REQUIRE(s.station.reasons == std::vector<std::string>{"offline"});
  REQUIRE(s.station.lineage == 2);
}

TEST_CASE("asked for it, the station proves its record") {
  Setting s;
  s.station.last = s.acked = 50;
  s.script = [&](const wire::LinkFrame& frame) -> std::vector<wire::LinkFrame> {
    const auto* hello = std::get_if<wire::LinkHello>(&frame);
    if (hello != nullptr && hello->hello.proof_seq == 0) return {wire::LinkTurned{"prove_record", 50}};
    return s.answer(frame);
  };
  s.start();
  s.until([&] { return s.station.up; });
  REQUIRE(std::get<wire::LinkHello>(s.cloud->heard[1]).hello.proof == hash);
}

TEST_CASE("what the cloud says reaches the station, and what the station says the cloud") {
  Setting s;
  const numbering::About about{"naika", {20783}, "", "", ""};
  s.script = [&](const wire::LinkFrame& frame) {
    auto answers = s.answer(frame);
    if (std::holds_alternative<wire::LinkReady>(frame)) {
      answers.emplace_back(wire::LinkSays{about, numbering::Grant{4, 40, 1}});
      answers.emplace_back(wire::LinkPing{9});
    }
    return answers;
  };
  s.start();
  s.until([&] { return s.station.frames.size() == 1; });
  const auto& says = std::get<wire::LinkSays>(s.station.frames[0]);
  REQUIRE(std::get<numbering::Grant>(says.message) == numbering::Grant{4, 40, 1});
  s.client->say(wire::LinkSays{about, numbering::Claim{3, 1}});
  s.until([&] { return std::holds_alternative<wire::LinkSays>(s.cloud->heard.back()); });
}

TEST_CASE("a portal's page, another authority and rubbish are no cloud") {
  Setting s;
  SECTION("a page") {
    s.start();
    s.cloud->portal = true;
    s.until([&] { return !s.station.reasons.empty(); });
    REQUIRE(s.station.reasons[0] == "portal_answers");
  }
  SECTION("another authority's certificate") {
    s.start(identity().ca);
    s.until([&] { return !s.station.reasons.empty(); });
    REQUIRE(s.station.reasons[0] == "portal_answers");
    REQUIRE(s.cloud->links == 0);
  }
  SECTION("the right authority's certificate, for another name") {
    s.start({}, "localhost");
    s.until([&] { return s.cloud->links > 0 || !s.station.reasons.empty(); });
    REQUIRE(s.cloud->links == 0);
    REQUIRE(s.station.reasons[0] == "portal_answers");
  }
  SECTION("no TLS at all") {
    s.start();
    s.cloud->plain = true;
    s.until([&] { return !s.station.reasons.empty(); });
    REQUIRE(s.station.reasons[0] == "portal_answers");
  }
  SECTION("a line that ends in the middle of it") {
    s.start();
    s.cloud->hangs_up = true;
    s.until([&] { return !s.station.reasons.empty(); });
    REQUIRE(s.station.reasons[0] == "offline");
  }
  SECTION("rubbish") {
    s.start();
    s.cloud->raw = "[[";
    s.until([&] { return !s.station.reasons.empty(); });
    REQUIRE(s.station.reasons[0] == "bad_frame");
  }
  SECTION("an acknowledgement of what was never sent") {
    s.script = [&](const wire::LinkFrame& frame) -> std::vector<wire::LinkFrame> {
      if (std::holds_alternative<wire::LinkReady>(frame)) return {wire::LinkAck{7}};
      return s.answer(frame);
    };
    s.start();
    s.until([&] { return !s.station.reasons.empty(); });
    REQUIRE(s.station.reasons[0] == "bad_frame");
  }
  REQUIRE_FALSE(s.client->up());
}

TEST_CASE("a station that is not served says why and does not knock all the time") {
  Setting s;
  s.script = [](const wire::LinkFrame&) -> std::vector<wire::LinkFrame> {
    return {wire::LinkTurned{"station_copied", 0}};
  };
  s.start();
  s.until([&] { return !s.station.reasons.empty(); });
  REQUIRE(s.station.reasons[0] == "station_copied");
  REQUIRE(s.station.ups == 0);
}

TEST_CASE("refused for what no person can mend, the station asks again soon") {
  Setting s;
  int refused = 0;
  s.script = [&](const wire::LinkFrame& frame) -> std::vector<wire::LinkFrame> {
    if (refused++ == 0) return {wire::LinkTurned{"not_recorded", 0}};
    return s.answer(frame);
  };
  s.start();
  s.until([&] { return s.station.up; });
  REQUIRE(s.station.reasons == std::vector<std::string>{"not_recorded"});
}

TEST_CASE("let in each time, and its events never taken, the station asks ever more rarely") {
  Setting s;
  s.station.last = 3;
  const bool told = GENERATE(true, false);
  s.script = [&](const wire::LinkFrame& frame) -> std::vector<wire::LinkFrame> {
    if (!std::holds_alternative<wire::LinkEvents>(frame)) return s.answer(frame);
    if (told) return {wire::LinkTurned{"bad_event", 0}};
    s.cloud->drop();
    return {};
  };
  const auto begun = std::chrono::steady_clock::now();
  s.start();
  s.until([&] { return s.station.reasons.size() == 4; });
  // At least 0.25, 0.5 and 1 s; at most 0.5 s each without the doubling.
  REQUIRE(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds{1750});
}

TEST_CASE("nothing is sent when the lineage could not be stored") {
  Setting s;
  s.station.disk_full = true;
  s.station.last = 5;
  s.start();
  s.until([&] { return !s.station.reasons.empty(); });
  REQUIRE(s.cloud->heard.size() == 1);
  REQUIRE(s.acked == 0);
}

TEST_CASE("without a cloud the station stays offline and tries again") {
  Setting s;
  s.start();
  s.until([&] { return s.station.up; });
  s.cloud->drop();
  s.until([&] { return s.station.ups == 2; });
  s.client->stop();
  s.loop.run_for(std::chrono::milliseconds{200});
  REQUIRE_FALSE(s.client->up());
}
