// SPDX-License-Identifier: Apache-2.0
// What comes before the WebSocket: the TLS handshake, a browser's page and pairing on the clinic's network,
// and who the caller is. A file of its own, because Beast's templates take long to compile.
#include "hub/session.hpp"

#include <boost/beast/http.hpp>

#include <array>

namespace machiai::hub {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using base::Error;

namespace {

/// Of one browser's connection before its WebSocket; a page has about fifteen parts.
constexpr int most_requests = 64;
constexpr std::size_t largest_body = 1024;

std::string_view bearer(const HttpRequest& request) {
  constexpr std::string_view scheme = "Bearer ";
  const auto field = request[http::field::authorization];
  const std::string_view value(field.data(), field.size());
  return value.substr(0, scheme.size()) == scheme ? value.substr(scheme.size()) : std::string_view{};
}

/// The path of a WebSocket; its query may name the language, since a page cannot choose its headers.
bool is_hub(const HttpRequest& request) {
  const auto target = request.target();
  return target.substr(0, target.find('?')) == "/hub";
}

} // namespace

/// Everything up to the WebSocket; each request has the handshake's limit.
asio::awaitable<bool> Session::enter() {
  boost::system::error_code error;
  beast::get_lowest_layer(stream_).socket().set_option(asio::ip::tcp::no_delay(true), error);
  beast::get_lowest_layer(stream_).expires_after(handshake_limit);
  beast::flat_buffer buffer(tls_ ? 16 * 1024 : 8 * 1024);
  if (tls_ && !co_await greet(buffer)) co_return false;
  for (int requests = 0; requests < most_requests; ++requests) {
    beast::get_lowest_layer(stream_).expires_after(handshake_limit);
    http::request_parser<http::string_body> parser;
    parser.header_limit(tls_ ? 8 * 1024 : 4 * 1024);
    parser.body_limit(largest_body);
    co_await http::async_read(stream_.next_layer(), buffer, parser, net::to(error));
    if (error) co_return false;
    if (beast::websocket::is_upgrade(parser.get())) co_return co_await upgrade(parser.get());
    if (!tls_) {
      recognise(parser.get());
      co_await turn_away(parser.get(),
                         caller_.role.empty() ? http::status::unauthorized : http::status::bad_request);
      co_return false;
    }
    if (!co_await give_page(parser.get())) co_return false;
  }
  co_return false;
}

/// The TLS handshake; plain HTTP is told in words what is wrong.
asio::awaitable<bool> Session::greet(beast::flat_buffer& buffer) {
  boost::system::error_code error;
  auto& tcp = beast::get_lowest_layer(stream_);
  const bool is_tls = co_await beast::async_detect_ssl(tcp, buffer, net::to(error));
  if (error) co_return false;
  if (!is_tls) {
    const std::string_view words = plain_http_answer();
    co_await asio::async_write(tcp, asio::buffer(words), net::to(error));
    tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    // What is still on its way is read, so that the answer is not lost in a reset.
    std::array<char, 1024> rest{};
    while (!error) co_await tcp.async_read_some(asio::buffer(rest), net::to(error));
    co_return false;
  }
  auto& line = stream_.next_layer().secure(*tls_);
  const std::size_t used =
      co_await line.async_handshake(asio::ssl::stream_base::server, buffer.data(), net::to(error));
  buffer.consume(used);
  co_return !error;
}

/// Answers one request of a browser; false when the connection ends with it.
asio::awaitable<bool> Session::give_page(const HttpRequest& request) {
  HttpResponse response;
  if (request.method() == http::verb::post && request.target() == "/pair") {
    const base::Result<Gate::Admission> admission = co_await redeem(request);
    response = paired(request, admission);
  } else {
    response = page(server_.lan_, request);
  }
  const bool head = request.method() == http::verb::head;
  http::response_serializer<http::string_body> serializer(response);
  serializer.split(head);
  boost::system::error_code error;
  if (head) {
    co_await http::async_write_header(stream_.next_layer(), serializer, net::to(error));
  } else {
    co_await http::async_write(stream_.next_layer(), serializer, net::to(error));
  }
  co_return !error && response.keep_alive();
}

asio::awaitable<base::Result<Gate::Admission>> Session::redeem(const HttpRequest& request) {
  auto code = pairing_code(request);
  if (!code) co_return tl::unexpected(code.error());
  auto initiate = [this](auto handler, std::string&& asked) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    server_.lan_.gate->redeem(std::move(asked), [this, shared](base::Result<Gate::Admission> admission) {
      asio::post(server_.loop_,
                 [shared, admission = std::move(admission)]() mutable { (*shared)(std::move(admission)); });
    });
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(base::Result<Gate::Admission>)>(
      initiate, asio::use_awaitable, std::move(*code));
}

/// Who it is: by the token of its role on loopback, as a paired device on the network.
void Session::recognise(const HttpRequest& request) {
  if (const auto lang = request[http::field::accept_language]; lang.substr(0, 2) == "en") caller_.lang = "en";
  if (!tls_) {
    caller_.role = server_.role_of(bearer(request));
    const auto seat = request["X-Machiai-Seat"];
    caller_.seat.assign(seat.data(), seat.size());
    return;
  }
  const Credential credential = credential_of(request);
  // A browser sends its cookie for whoever asks; only our own page may.
  if (credential.cookie && !from_our_page(request)) return;
  const auto device = server_.lan_.gate->known(credential.id, credential.secret);
  if (!device || !is_hub(request)) return;
  caller_.role = device->role;
  caller_.seat = device_ = device->id;
  caller_.room = device->room;
  secret_ = credential.secret;
  const auto target = request.target();
  if (const std::size_t query = target.find("?lang="); query != beast::string_view::npos)
    caller_.lang = target.substr(query + 6) == "en" ? "en" : "ja";
}

asio::awaitable<void> Session::turn_away(const HttpRequest& request, http::status why) {
  http::response<http::empty_body> response(why, request.version());
  response.keep_alive(false);
  response.prepare_payload();
  boost::system::error_code error;
  co_await http::async_write(stream_.next_layer(), response, net::to(error));
}

} // namespace machiai::hub
