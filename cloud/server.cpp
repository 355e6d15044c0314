// SPDX-License-Identifier: Apache-2.0
#include "cloud/server.hpp"

#include "cloud/proxy.hpp"
#include "cloud/range.hpp"
#include "net/to.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <optional>

namespace machiai::cloud {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using base::Error;
using boost::system::error_code;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t most_connections = 30'000;
constexpr std::size_t most_from_one = 300; ///< of one address; a household or a proxy of a mobile network
constexpr std::chrono::seconds idle_limit{30};
constexpr std::chrono::seconds request_limit{10}; ///< from its first byte to its last
constexpr std::chrono::seconds answer_limit{30};
constexpr std::chrono::seconds handshake_limit{10};
constexpr std::chrono::milliseconds sweep_every{250};
constexpr std::size_t header_limit = 8 * 1024;
constexpr std::size_t read_at_once = 4096;
constexpr std::size_t file_piece = 128 * 1024; ///< read at once
constexpr std::size_t file_step = 32 * 1024;   ///< taken within the answer's limit: 9 kbit/s at least
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr int breathe_after = 64; ///< requests that came without a pause

/// As much as the system has in memory; none when the disk would be waited for.
std::optional<std::size_t> read_cached(const FileBody& body, vault::Room room) {
  iovec into{room.data(), room.size()};
  const ssize_t got = ::preadv2(body.file.fd(), &into, 1, static_cast<off_t>(body.offset), RWF_NOWAIT);
  return got > 0 ? std::optional(static_cast<std::size_t>(got)) : std::nullopt;
}

asio::awaitable<base::Result<std::size_t>> read_waiting(const FileBody& body, vault::Room room) {
  co_return body.file.read_at(body.offset, room);
}

/// "fr, EN-gb;q=0.8": of the languages that there are the one named first; in none of them "ja".
bool wants_english(std::string_view accepted) {
  while (!accepted.empty()) {
    std::string_view each = accepted.substr(0, accepted.find(','));
    accepted.remove_prefix(std::min(accepted.size(), each.size() + 1));
    each.remove_prefix(std::min(each.find_first_not_of(' '), each.size()));
    const std::string_view tag = each.substr(0, each.find_first_of("-; "));
    if (boost::algorithm::iequals(tag, "ja")) return false;
    if (boost::algorithm::iequals(tag, "en")) return true;
  }
  return false;
}

/// RFC 9110, 10.1.1: the caller sends the body when it has been told to, or after a while.
bool waits_to_send(const auto& parser) {
  return parser.is_header_done() && parser.get().version() >= 11 &&
         boost::algorithm::iequals(parser.get()[http::field::expect], "100-continue");
}

/// A page's address may have been typed with a slash behind it.
std::vector<std::string> split_path(std::string_view path) {
  const bool page = path.starts_with("/f/") || path.starts_with("/t/");
  if (page && path.size() > 3 && path.ends_with('/')) path.remove_suffix(1);
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view part = path.substr(0, path.find('/'));
    parts.emplace_back(part);
    path.remove_prefix(part.size());
  }
  return parts;
}

/// RFC 9112, 3.2.2: a caller may name the whole address.
std::string_view origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!boost::algorithm::istarts_with(target, scheme)) continue;
    const std::size_t path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos ? "/" : target.substr(path);
  }
  return target;
}

/// RFC 9112, 3.2: by version 1.1 exactly once; never twice.
bool names_its_host(const HttpMessage& message) {
  const std::size_t times = message.count(http::field::host);
  return times == 1 || (times == 0 && message.version() < 11);
}

/// Limits count a network of 64 bits as one caller.
std::string address_text(const asio::ip::address& from) {
  if (from.is_v4() || from.to_v6().is_v4_mapped()) return from.to_string();
  auto bytes = from.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return asio::ip::address_v6(bytes).to_string();
}

/// What our own proxy saw: the last element of the last line of X-Forwarded-For, for some add a line of their
/// own, without the port that others add. None: there is no such line. All that is no address is one caller.
std::optional<std::string> forwarded(const Request& request) {
  const auto lines = request.message.equal_range("X-Forwarded-For");
  if (lines.first == lines.second) return std::nullopt;
  std::string_view rest = std::prev(lines.second)->value();
  std::string_view last;
  do last = take_first(rest);
  while (!rest.empty());
  error_code error;
  auto address = asio::ip::make_address(last, error);
  if (error && last.starts_with('[')) {
    address = asio::ip::make_address(last.substr(1, last.find(']') - 1), error);
  } else if (error) {
    address = asio::ip::make_address(last.substr(0, last.find(':')), error);
  }
  return error ? "?" : address_text(address);
}

} // namespace

struct Server::Connection {
  std::unique_ptr<Stream> stream;
  boost::beast::flat_buffer buffer{};
  asio::ip::address from{};
  steady_clock::time_point deadline{};
  int in_a_row = 0;
  void due(std::chrono::seconds limit) { deadline = steady_clock::now() + limit; }
};

/// Who is here: all, and of each address.
struct Server::Inside {
  std::size_t all = 0;
  std::map<asio::ip::address, std::size_t> of;
};

/// One of them, for as long as its connection stands.
class Server::Presence {
public:
  Presence(std::shared_ptr<Inside> inside, asio::ip::address from)
      : inside_(std::move(inside)), from_(std::move(from)) {
    ++inside_->all;
    ++inside_->of[from_];
  }
  Presence(const Presence&) = delete;
  Presence& operator=(const Presence&) = delete;
  ~Presence() {
    --inside_->all;
    if (--inside_->of[from_] == 0) inside_->of.erase(from_);
  }

private:
  std::shared_ptr<Inside> inside_;
  asio::ip::address from_;
};

Server::Server(asio::io_context& loop, const base::Clock& clock, SSL_CTX* tls, Handle handle)
    : loop_(loop), clock_(clock), tls_(tls), handle_(std::move(handle)), acceptor_(loop), sweeper_(loop),
      inside_(std::make_shared<Inside>()) {
  asio::post(disk_, [] { ::pthread_setname_np(::pthread_self(), "machiai-disk"); });
}

Server::~Server() {
  disk_.join();
}

base::Result<int> Server::listen(const Door& door) {
  error_code error;
  const auto address = asio::ip::make_address(door.host == "localhost" ? "127.0.0.1" : door.host, error);
  if (error) return base::fail(Error::Code::invalid, "bad_argument", "listen");
  const tcp::endpoint endpoint(address, static_cast<unsigned short>(door.port));
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(4096, error);
  if (error) {
    error_code ignored;
    acceptor_.close(ignored); // for another try
    // Not this machine's.
    if (error == boost::system::errc::address_not_available)
      return base::fail(Error::Code::invalid, "bad_argument", "listen");
    return base::fail(Error::Code::device, "port_in_use", std::to_string(door.port));
  }
  proxies_ = door.proxies;
  asio::co_spawn(loop_, accept_all(), asio::detached);
  asio::co_spawn(loop_, sweep(), asio::detached);
  return acceptor_.local_endpoint().port();
}

asio::awaitable<void> Server::accept_all() {
  asio::steady_timer breath(loop_);
  while (!stopping_) {
    error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(net::to(error));
    if (error == asio::error::operation_aborted) co_return;
    const auto from = error ? asio::ip::address{} : socket.remote_endpoint(error).address();
    // Behind a proxy it is the caller who counts, and he is not known yet.
    const bool full = proxies_.count(from) == 0 && crowded(from);
    if (error || full || inside_->all >= most_connections) {
      socket.close(error);
      breath.expires_after(std::chrono::milliseconds{1});
      co_await breath.async_wait(net::to(error));
      continue;
    }
    asio::co_spawn(loop_, serve(std::move(socket), from), asio::detached);
  }
}

bool Server::crowded(const asio::ip::address& from) const {
  const auto known = inside_->of.find(from);
  return !from.is_loopback() && known != inside_->of.end() && known->second >= most_from_one;
}

asio::awaitable<void> Server::sweep() {
  while (!stopping_) {
    error_code error;
    sweeper_.expires_after(sweep_every);
    co_await sweeper_.async_wait(net::to(error));
    const auto now = steady_clock::now();
    for (Connection* each : connections_)
      if (each->stream && each->deadline < now) each->stream->close();
    const auto second = base::to_ms(clock_.now()) / 1000;
    if (second == dated_) continue;
    dated_ = second;
    const auto time = static_cast<std::time_t>(second);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date_ = text.data();
  }
}

asio::awaitable<void> Server::serve(tcp::socket socket, asio::ip::address from) {
  Connection connection{std::make_unique<Stream>(std::move(socket), tls_), {}, from};
  connections_.insert(&connection);
  connection.due(handshake_limit);
  const bool welcome = proxies_.count(from) == 0 || co_await greet(connection);
  if (connection.stream) connection.stream->keep(std::make_shared<Presence>(inside_, connection.from));
  error_code error = asio::error::access_denied;
  if (welcome) error = co_await connection.stream->handshake();
  while (!error && !stopping_) {
    Parser parser;
    parser.eager(true);
    parser.header_limit(header_limit);
    parser.body_limit(largest_body);
    if (!co_await read(connection, parser)) break;
    if (!co_await answer(connection, parser) || !connection.stream) break;
    if (++connection.in_a_row % breathe_after == 0) co_await asio::post(loop_, asio::use_awaitable);
  }
  connections_.erase(&connection);
  if (connection.stream) connection.stream->close();
}

/// Learns from the proxy's header who calls; false when it says nothing of the kind, or he is here too often.
asio::awaitable<bool> Server::greet(Connection& connection) {
  auto& socket = connection.stream->socket();
  std::string header(proxy_head, '\0');
  error_code error;
  co_await asio::async_read(socket, asio::buffer(header), net::to(error));
  const auto rest = error ? std::nullopt : proxy_rest(header);
  if (!rest) co_return false;
  header.resize(proxy_head + *rest);
  co_await asio::async_read(socket, asio::buffer(header.data() + proxy_head, *rest), net::to(error));
  const auto caller = error ? std::nullopt : proxied(header, connection.from);
  if (!caller || (*caller != connection.from && crowded(*caller))) co_return false;
  connection.from = *caller;
  co_return true;
}

/// Reads one request; false when the connection is over.
asio::awaitable<bool> Server::read(Connection& connection, Parser& parser) {
  connection.due(idle_limit);
  bool begun = false;
  bool told_to_go_on = false;
  while (!parser.is_done()) {
    if (connection.buffer.size() > 0) {
      if (!begun) connection.due(request_limit);
      begun = true;
      error_code error;
      connection.buffer.consume(parser.put(connection.buffer.data(), error));
      if (error == http::error::need_more) error = {};
      if (error) {
        const bool large = error == http::error::body_limit || error == http::error::header_limit;
        const Error why{Error::Code::invalid, large ? "too_large" : "bad_body", {}};
        co_await refuse(connection, why);
        co_return false;
      }
      if (parser.is_done()) break;
      // What the parser cannot use yet: a chunk's line or the trailer, which it bounds by nothing.
      if (connection.buffer.size() > header_limit) {
        const Error why{Error::Code::invalid, "too_large", {}};
        co_await refuse(connection, why);
        co_return false;
      }
      if (!told_to_go_on && waits_to_send(parser)) {
        told_to_go_on = true;
        if (co_await connection.stream->write(go_on.data(), go_on.size())) co_return false;
      }
    }
    const auto space = connection.buffer.prepare(read_at_once);
    const Stream::Tried got = co_await connection.stream->read_some(space.data(), space.size());
    if (got.error || got.bytes == 0) co_return false;
    connection.buffer.commit(got.bytes);
  }
  co_return true;
}

asio::awaitable<void> Server::refuse(Connection& connection, const Error& error) {
  connection.due(answer_limit);
  const std::string bytes = to_bytes(refusal(error, "ja"), false, false);
  (void)co_await connection.stream->write(bytes.data(), bytes.size());
  // What is still on its way is read, so that the answer is not lost in a reset.
  error_code ignored;
  connection.stream->socket().shutdown(tcp::socket::shutdown_send, ignored);
  std::array<char, 4096> rest{};
  connection.due(std::chrono::seconds{2});
  for (std::size_t taken = 0; taken < 4 * largest_body;) {
    const Stream::Tried got = co_await connection.stream->read_some(rest.data(), rest.size());
    if (got.error || got.bytes == 0) break;
    taken += got.bytes;
  }
}

asio::awaitable<base::Result<std::size_t>> Server::read_disk(const FileBody& body, vault::Room room) {
  if (const auto cached = read_cached(body, room)) co_return *cached;
  co_return co_await asio::co_spawn(disk_, read_waiting(body, room), asio::use_awaitable);
}

/// Piece by piece, so that neither memory nor the other callers feel its length; false when either end
/// failed: what is missing is then seen by the length that was told. A caller who takes nothing is let go.
asio::awaitable<bool> Server::send_file(Connection& connection, FileBody& body) {
  std::vector<unsigned char> piece(std::min<std::uint64_t>(file_piece, body.length));
  while (body.length > 0) {
    const std::size_t wanted = std::min<std::uint64_t>(piece.size(), body.length);
    const auto got = co_await read_disk(body, vault::Room(piece).first(wanted));
    if (!got || *got == 0) co_return false;
    for (std::size_t at = 0; at < *got; at += file_step) {
      connection.due(answer_limit);
      const std::size_t step = std::min(file_step, *got - at);
      if (co_await connection.stream->write(piece.data() + at, step)) co_return false;
    }
    body.offset += *got;
    body.length -= *got;
    co_await asio::post(loop_, asio::use_awaitable);
  }
  co_return true;
}

asio::awaitable<bool> Server::answer(Connection& connection, Parser& parser) {
  Request request;
  request.message = parser.release();
  if (!names_its_host(request.message)) {
    const Error why{Error::Code::invalid, "bad_body", {}};
    co_await refuse(connection, why);
    co_return false;
  }
  const std::string_view target =
      origin_form({request.message.target().data(), request.message.target().size()});
  const std::string_view path = target.substr(0, target.find('?'));
  const auto verb = request.message.method_string();
  request.method.assign(verb.data(), verb.size());
  if (!path.empty() && path.front() == '/') request.path = split_path(path);
  if (path.size() < target.size()) request.query = target.substr(path.size() + 1);
  if (wants_english(request.header(http::field::accept_language))) request.lang = "en";
  request.address = address_text(connection.from);
  request.limited = !connection.from.is_loopback();
  if (connection.from.is_loopback()) {
    const auto seen = forwarded(request);
    request.limited = seen.has_value();
    if (seen) request.address = *seen;
  }
  request.tls = connection.stream->tls();
  const bool keep = request.message.keep_alive();
  const bool head = request.method == "HEAD";
  connection.due(answer_limit);
  Response response = co_await handle_(request);
  if (!connection.stream->socket().is_open()) co_return false;
  if (!date_.empty()) response.headers.emplace_back("Date", date_);
  if (!response.raw) {
    const std::string bytes = to_bytes(response, keep, head);
    if (co_await connection.stream->write(bytes.data(), bytes.size())) co_return false;
  }
  if (response.file && !head && !co_await send_file(connection, *response.file)) co_return false;
  if (response.takeover) {
    // No more a connection of ours: others watch its time.
    response.takeover(std::move(connection.stream), std::move(request.message));
    co_return false;
  }
  co_return keep;
}

void Server::stop() {
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  sweeper_.cancel();
  for (Connection* each : connections_)
    if (each->stream) each->stream->close();
}

} // namespace machiai::cloud
