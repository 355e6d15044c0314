// SPDX-License-Identifier: Apache-2.0
#include "hub/session.hpp"

#include "core/base/text.hpp"
#include "core/wire/commands.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <array>

namespace machiai::hub {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
using base::Error;

namespace {

constexpr std::chrono::seconds handshake_limit{5};
constexpr std::chrono::seconds silence_limit{30};
constexpr std::size_t most_waiting_answers = 8;
/// Of one browser's connection before its WebSocket; a page has about fifteen parts.
constexpr int most_requests = 64;
constexpr std::size_t largest_body = 1024;

auto to(boost::system::error_code& error) {
  return asio::redirect_error(asio::use_awaitable, error);
}

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

Session::Session(Server& server, asio::ip::tcp::socket socket, std::shared_ptr<asio::ssl::context> tls)
    : server_(server), stream_(std::move(socket)), tls_(std::move(tls)) {}

std::string Session::scope(const std::string& view) const {
  return view == "rooms" && !caller_.room.empty() ? "rooms:" + caller_.room : view;
}

asio::awaitable<void> Session::run() {
  if (!co_await enter() || revoked()) co_return;
  const auto self = shared_from_this();
  open_ = true;
  server_.joined(self);
  server_.backend_.seat_came(caller_);
  co_await serve();
  open_ = false;
  server_.left(self);
  server_.backend_.seat_left(caller_);
}

/// Revoked between its upgrade and its place among the sessions, where drop() finds it.
bool Session::revoked() const {
  return !device_.empty() && !server_.lan_.gate->known(device_, secret_);
}

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
    co_await http::async_read(stream_.next_layer(), buffer, parser, to(error));
    if (error) co_return false;
    if (beast::websocket::is_upgrade(parser.get())) co_return co_await upgrade(parser.get());
    if (!tls_) {
      recognise(parser.get());
      co_await turn_away(parser.get());
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
  const bool is_tls = co_await beast::async_detect_ssl(tcp, buffer, to(error));
  if (error) co_return false;
  if (!is_tls) {
    const std::string_view words = plain_http_answer();
    co_await asio::async_write(tcp, asio::buffer(words), to(error));
    tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    // What is still on its way is read, so that the answer is not lost in a reset.
    std::array<char, 1024> rest{};
    while (!error) co_await tcp.async_read_some(asio::buffer(rest), to(error));
    co_return false;
  }
  auto& line = stream_.next_layer().secure(*tls_);
  const std::size_t used =
      co_await line.async_handshake(asio::ssl::stream_base::server, buffer.data(), to(error));
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
    co_await http::async_write_header(stream_.next_layer(), serializer, to(error));
  } else {
    co_await http::async_write(stream_.next_layer(), serializer, to(error));
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

asio::awaitable<void> Session::turn_away(const HttpRequest& request) {
  http::response<http::empty_body> response(
      caller_.role.empty() ? http::status::unauthorized : http::status::bad_request, request.version());
  response.keep_alive(false);
  response.prepare_payload();
  boost::system::error_code error;
  co_await http::async_write(stream_.next_layer(), response, to(error));
}

asio::awaitable<bool> Session::upgrade(const HttpRequest& request) {
  recognise(request);
  if (caller_.role.empty() || !base::is_plain_id(caller_.seat, 32)) {
    co_await turn_away(request);
    co_return false;
  }
  boost::system::error_code error;
  beast::get_lowest_layer(stream_).expires_never();
  stream_.set_option(beast::websocket::stream_base::timeout{handshake_limit, silence_limit, true});
  stream_.read_message_max(wire::largest_frame);
  co_await stream_.async_accept(request, to(error));
  co_return !error;
}

asio::awaitable<void> Session::serve() {
  beast::flat_buffer buffer;
  for (;;) {
    boost::system::error_code error;
    co_await stream_.async_read(buffer, to(error));
    if (error) co_return;
    const std::string_view text(static_cast<const char*>(buffer.data().data()), buffer.size());
    json::object reply = co_await answer(text);
    buffer.consume(buffer.size());
    send(std::make_shared<const std::string>(json::serialize(reply)));
  }
}

json::object Session::refusal(Error::Code code, std::string reason) const {
  return {{"error", wire::error_to_json({code, std::move(reason), {}}, caller_.lang)}};
}

asio::awaitable<json::object> Session::answer(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  const json::object* frame = error ? nullptr : parsed.if_object();
  const json::value* cmd = frame == nullptr ? nullptr : frame->if_contains("cmd");
  if (cmd == nullptr || !cmd->is_string()) co_return refusal(Error::Code::invalid, "bad_frame");
  Request request;
  request.cmd = std::string(cmd->as_string());
  json::object reply;
  const json::value* args = frame->if_contains("args");
  const json::value* key = frame->if_contains("key");
  if (args != nullptr && args->is_object()) request.args = args->as_object();
  if (key != nullptr && key->is_string()) request.key = std::string(key->as_string());
  if ((args != nullptr && !args->is_object()) || (key != nullptr && !key->is_string())) {
    reply = refusal(Error::Code::invalid, "bad_frame");
  } else if (!may_send(caller_.role, request.cmd)) {
    reply = refusal(Error::Code::forbidden, "forbidden");
  } else if (request.cmd == "watch") {
    reply = watch(request.args);
  } else {
    reply = co_await ask(std::move(request));
  }
  if (const json::value* id = frame->if_contains("id"); id != nullptr && id->is_number()) reply["id"] = *id;
  co_return reply;
}

asio::awaitable<json::object> Session::ask(Request request) {
  auto initiate = [this](auto handler, Request&& asked) {
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    server_.backend_.handle(caller_, std::move(asked), [this, shared](json::object reply) {
      // Posted, so that a backend that answers at once does not grow the stack.
      asio::post(server_.loop_,
                 [shared, reply = std::move(reply)]() mutable { (*shared)(std::move(reply)); });
    });
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(json::object)>(
      initiate, asio::use_awaitable, std::move(request));
}

json::object Session::watch(const json::object& args) {
  const json::value* views = args.if_contains("views");
  if (views == nullptr || !views->is_array()) return refusal(Error::Code::invalid, "bad_argument");
  std::set<std::string> wanted;
  for (const json::value& view : views->as_array()) {
    if (!view.is_string() ||
        !may_watch(caller_.role, std::string_view(view.as_string().data(), view.as_string().size())))
      return refusal(Error::Code::forbidden, "forbidden");
    wanted.emplace(view.as_string());
  }
  views_ = std::move(wanted);
  for (const std::string& view : views_) push(view, server_.frame_of(view, scope(view)));
  return {{"ok", json::object{}}};
}

void Session::send(std::shared_ptr<const std::string> frame) {
  // A seat that sends but never reads is let go instead of being hoarded for.
  if (answers_.size() >= most_waiting_answers) return close();
  answers_.push_back(std::move(frame));
  pump();
}

void Session::push(const std::string& view, std::shared_ptr<const std::string> frame) {
  newest_[view] = std::move(frame);
  pump();
}

void Session::push_beat(const std::shared_ptr<const std::string>& frame) {
  newest_["\x7f beat"] = frame;
  pump();
}

void Session::pump() {
  if (draining_ || !open_) return;
  draining_ = true;
  asio::co_spawn(server_.loop_, drain(), [self = shared_from_this()](const std::exception_ptr&) {});
}

asio::awaitable<void> Session::drain() {
  while (open_ && (!answers_.empty() || !newest_.empty())) {
    std::shared_ptr<const std::string> frame;
    if (!answers_.empty()) {
      frame = std::move(answers_.front());
      answers_.pop_front();
    } else {
      frame = std::move(newest_.begin()->second);
      newest_.erase(newest_.begin());
    }
    boost::system::error_code error;
    stream_.text(true);
    co_await stream_.async_write(asio::buffer(*frame), to(error));
    if (error) break;
  }
  draining_ = false;
}

void Session::close() {
  open_ = false;
  boost::system::error_code ignored;
  beast::get_lowest_layer(stream_).socket().close(ignored);
}

} // namespace machiai::hub
