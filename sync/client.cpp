// SPDX-License-Identifier: Apache-2.0
#include "sync/client.hpp"

#include "core/wire/phrases.hpp"
#include "net/line.hpp"
#include "net/to.hpp"
#include "sync/post.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json.hpp>
#include <openssl/ssl.h>

#include <deque>

namespace machiai::sync {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds connect_limit{10};
constexpr std::chrono::seconds look_every{2};
constexpr std::uint64_t window = 512;
constexpr std::uint64_t events_a_frame = 64;
constexpr std::size_t most_waiting = 256;
/// Reasons that no quick retry mends: a person has to look, so the pauses are at their longest at once.
constexpr unsigned patient_attempt = 7;
/// Our own earlier start is taken for alive half a minute at most: soon asked again.
constexpr unsigned busy_attempt = 3;

/// Of those that a person has to see to, the one that another certificate does not mend is told apart.
std::string refusal_in(const std::string& body) {
  boost::system::error_code error;
  const boost::json::value told = boost::json::parse(body, error);
  const auto* reason = error ? nullptr : told.find_pointer("/error/reason", error);
  return reason != nullptr && *reason == boost::json::value("station_replaced") ? "station_replaced"
                                                                                : "certificate_refused";
}

} // namespace

/// One connection from its connect to its end.
class Client::Connection : public std::enable_shared_from_this<Connection> {
public:
  Connection(Client& client, asio::io_context& loop)
      : client_(client), resolver_(loop), stream_(asio::ip::tcp::socket(loop)), look_(loop) {}

  asio::awaitable<std::string> run();
  void say(const wire::LinkFrame& frame);
  void send_events();
  void close() {
    over_ = true;
    error_code ignored;
    resolver_.cancel();
    look_.cancel();
    beast::get_lowest_layer(stream_).socket().close(ignored);
  }
  [[nodiscard]] bool up() const { return up_ && !over_; }
  [[nodiscard]] std::uint64_t acked() const { return progress_.acked; }

private:
  asio::awaitable<bool> connect();
  asio::awaitable<void> drain();
  asio::awaitable<void> watch();
  void greet(std::uint64_t proof_seq);
  void take(std::string_view text);
  void take(wire::LinkFrame frame);
  void turn_away(const wire::LinkTurned& turned);
  void welcome(const wire::LinkWelcome& frame);
  void end(const std::string& reason) {
    if (reason_.empty()) reason_ = reason;
    close();
  }

  Client& client_;
  asio::ip::tcp::resolver resolver_;
  beast::websocket::stream<net::Line> stream_;
  asio::steady_timer look_;
  std::deque<std::string> waiting_;
  Progress progress_;
  Steady heard_{}, pinged_{};
  std::uint64_t pings_ = 0;
  std::string reason_;
  bool draining_ = false, up_ = false, over_ = false, reading_ = false;
};

asio::awaitable<bool> Client::Connection::connect() {
  const LinkSettings& settings = client_.settings_;
  error_code error;
  net::Line& line = stream_.next_layer();
  const auto found = co_await resolver_.async_resolve(settings.host, settings.port, net::to(error));
  if (error || over_) co_return false;
  line.next_layer().expires_after(connect_limit);
  co_await line.next_layer().async_connect(found, net::to(error));
  if (error || over_) co_return false;
  line.next_layer().socket().set_option(asio::ip::tcp::no_delay(true), error);
  net::Line::Tls& tls = line.secure(*client_.tls_);
  expect_host(tls.native_handle(), settings.host);
  line.next_layer().expires_after(connect_limit);
  co_await tls.async_handshake(asio::ssl::stream_base::client, net::to(error));
  // Another certificate, or no TLS at all.
  if (error.category() == asio::error::get_ssl_category()) reason_ = "portal_answers";
  if (error || over_) co_return false;
  line.next_layer().expires_never();
  // The silence is watched here, by pings that the other end's program answers.
  stream_.set_option(
      beast::websocket::stream_base::timeout{connect_limit, beast::websocket::stream_base::none(), false});
  stream_.read_message_max(wire::largest_link_frame);
  beast::websocket::response_type response;
  co_await stream_.async_handshake(response, settings.host + ":" + settings.port, settings.target,
                                   net::to(error));
  const unsigned status = response.result_int();
  if (error && (status == 401 || status == 403)) reason_ = refusal_in(response.body());
  // A page, or the way to one: a network that wants a person to sign in first.
  if (error == beast::websocket::error::upgrade_declined && status < 400) reason_ = "portal_answers";
  co_return !error && !over_;
}

/// Until the link ends; says why.
asio::awaitable<std::string> Client::Connection::run() {
  const auto self = shared_from_this();
  if (!co_await connect()) {
    close();
    co_return reason_.empty() ? "offline" : reason_;
  }
  heard_ = pinged_ = std::chrono::steady_clock::now();
  asio::co_spawn(stream_.get_executor(), watch(), [self](const std::exception_ptr&) {});
  greet(0);
  beast::flat_buffer buffer;
  error_code error;
  while (!over_) {
    co_await stream_.async_read(buffer, net::to(error));
    // What was read before it was closed says nothing any more: it is of the certificate before.
    if (error || over_) break;
    heard_ = std::chrono::steady_clock::now();
    take({static_cast<const char*>(buffer.data().data()), buffer.size()});
    buffer.consume(buffer.size());
  }
  close();
  co_return reason_.empty() ? "offline" : reason_;
}

/// Pings a silent link and ends a dead one.
asio::awaitable<void> Client::Connection::watch() {
  const auto self = shared_from_this();
  error_code error;
  while (!over_) {
    look_.expires_after(look_every);
    co_await look_.async_wait(net::to(error));
    if (over_) co_return;
    const Steady now = std::chrono::steady_clock::now();
    const Beat beat = plan_beat(heard_, pinged_, now);
    if (beat == Beat::dead) co_return close();
    if (beat != Beat::ping) continue;
    pinged_ = now;
    say(wire::LinkPing{++pings_});
  }
}

void Client::Connection::greet(std::uint64_t proof_seq) {
  client_.peer_.greet(proof_seq, [self = shared_from_this()](numbering::Hello hello) {
    self->say(wire::LinkHello{self->client_.settings_.facility, std::move(hello)});
  });
}

void Client::Connection::take(std::string_view text) {
  auto frame = wire::link_from_json(text, wire::LinkEnd::cloud);
  // A newer cloud may know kinds that we do not; what is broken ends the link.
  if (!frame && frame.error().reason != "unknown_frame") return end(frame.error().reason);
  if (frame) take(std::move(*frame));
}

void Client::Connection::take(wire::LinkFrame frame) {
  if (const auto* ping = std::get_if<wire::LinkPing>(&frame)) return say(wire::LinkPong{ping->id});
  if (const auto* pong = std::get_if<wire::LinkPong>(&frame)) {
    if (pong->at) client_.peer_.clock_told(*pong->at);
    return;
  }
  if (const auto* turned = std::get_if<wire::LinkTurned>(&frame)) return turn_away(*turned);
  if (const auto* welcomed = std::get_if<wire::LinkWelcome>(&frame)) return welcome(*welcomed);
  if (!up_) return;
  if (const auto* ack = std::get_if<wire::LinkAck>(&frame)) {
    // More than was sent is not ours to believe.
    if (ack->seq > progress_.sent) return end("bad_frame");
    progress_.acked = std::max(progress_.acked, ack->seq);
    client_.attempt_ = 0;
    return send_events();
  }
  client_.peer_.hears(std::move(frame));
}

void Client::Connection::turn_away(const wire::LinkTurned& turned) {
  if (turned.reason == "prove_record" && !up_) return greet(turned.prove);
  end(turned.reason);
}

void Client::Connection::welcome(const wire::LinkWelcome& frame) {
  if (up_) return;
  const numbering::Welcome& welcome = frame.welcome;
  if (welcome.acked > client_.peer_.durable()) return end("record_forked");
  if (!client_.peer_.keep_lineage(welcome.lineage)) return end("storage_read_only");
  progress_ = {welcome.acked, welcome.acked, client_.peer_.durable()};
  up_ = true;
  // Let in is not served: what it has for the cloud may be what ends its links.
  if (progress_.acked == progress_.durable) client_.attempt_ = 0;
  say(wire::LinkReady{welcome.lineage});
  if (frame.at) client_.peer_.clock_told(*frame.at);
  client_.peer_.link_changed(true, {});
  send_events();
}

void Client::Connection::send_events() {
  if (!up_ || over_ || reading_) return;
  progress_.durable = client_.peer_.durable();
  const auto range = plan_sync(progress_, window, events_a_frame);
  if (!range) return;
  reading_ = true;
  client_.peer_.read_events(*range, [self = shared_from_this()](std::vector<wire::EventLine> lines) {
    self->reading_ = false;
    if (self->over_ || lines.empty()) return;
    self->progress_.sent = lines.back().seq;
    self->say(wire::LinkEvents{std::move(lines)});
    self->send_events();
  });
}

void Client::Connection::say(const wire::LinkFrame& frame) {
  if (over_) return;
  // A cloud that takes nothing any more is dead; the next connection says it all again.
  if (waiting_.size() >= most_waiting) return close();
  waiting_.push_back(wire::link_to_json(frame));
  if (draining_) return;
  draining_ = true;
  asio::co_spawn(stream_.get_executor(), drain(), [self = shared_from_this()](const std::exception_ptr&) {});
}

asio::awaitable<void> Client::Connection::drain() {
  const auto self = shared_from_this();
  error_code error;
  while (!waiting_.empty() && !over_) {
    const std::string text = std::move(waiting_.front());
    waiting_.pop_front();
    co_await stream_.async_write(asio::buffer(text), net::to(error));
    if (error) close();
  }
  draining_ = false;
}

base::Result<std::shared_ptr<asio::ssl::context>> client_context(const LinkSettings& settings) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_3_VERSION);
  error_code error;
  context->add_certificate_authority(asio::buffer(settings.ca), error);
  if (!error) context->use_certificate_chain(asio::buffer(settings.certificate), error);
  if (!error) context->use_private_key(asio::buffer(settings.key), asio::ssl::context::pem, error);
  if (!error) context->set_verify_mode(asio::ssl::verify_peer, error);
  if (error) return base::fail(base::Error::Code::storage, "bad_identity", "cloud");
  return context;
}

Client::Client(asio::io_context& loop, LinkSettings settings, std::shared_ptr<asio::ssl::context> tls,
               Peer& peer)
    : loop_(loop), settings_(std::move(settings)), tls_(std::move(tls)), peer_(peer), pause_(loop),
      random_(std::random_device{}()) {}

Client::~Client() {
  stop();
}

void Client::start() {
  asio::co_spawn(loop_, run(), [](const std::exception_ptr&) {});
}

void Client::show(std::shared_ptr<asio::ssl::context> tls) {
  tls_ = std::move(tls);
  attempt_ = 0;
  pause_.cancel();
  if (connection_) connection_->close();
}

void Client::stop() {
  stopping_ = true;
  pause_.cancel();
  if (connection_) connection_->close();
}

asio::awaitable<void> Client::run() {
  error_code error;
  while (!stopping_) {
    connection_ = std::make_shared<Connection>(*this, loop_);
    const std::string reason = co_await connection_->run();
    if (stopping_) co_return;
    peer_.link_changed(false, reason);
    const bool passes = reason == "offline" || reason == "portal_answers" || reason == "station_busy";
    if (!passes && wire::is_trouble(reason)) attempt_ = std::max(attempt_, patient_attempt);
    if (reason == "station_busy") attempt_ = std::min(attempt_, busy_attempt);
    const double spread = std::uniform_real_distribution<double>(0, 1)(random_);
    pause_.expires_after(back_off(attempt_++, spread));
    co_await pause_.async_wait(net::to(error));
  }
}

void Client::say(const wire::LinkFrame& frame) {
  if (up()) connection_->say(frame);
}
void Client::events_ready() {
  if (up()) connection_->send_events();
}
bool Client::up() const {
  return connection_ && connection_->up();
}
std::uint64_t Client::acked() const {
  return connection_ ? connection_->acked() : 0;
}

} // namespace machiai::sync
