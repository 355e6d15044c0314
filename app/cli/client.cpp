// SPDX-License-Identifier: Apache-2.0
#include "app/cli/client.hpp"

#include "core/base/text.hpp"
#include "core/wire/commands.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <termios.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <optional>

namespace machiai::cli {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;
using base::Error;

namespace {

constexpr std::chrono::seconds patience{10};
/// Reading a year of ledger takes a while.
constexpr std::chrono::minutes patience_to_verify{10};

tl::unexpected<Error> unreachable() {
  return base::fail(Error::Code::device, "hub_unreachable");
}

using Stream = beast::websocket::stream<beast::tcp_stream>;

/// The hub lets us in, or says why not. A daemon that hangs still takes connections, and then says nothing.
base::Status open(asio::io_context& loop, Stream& stream, unsigned short port) {
  bool opened = false;
  beast::websocket::response_type answer;
  auto& tcp = beast::get_lowest_layer(stream);
  tcp.async_connect({asio::ip::address_v4::loopback(), port}, [&](boost::system::error_code refused) {
    if (refused) return;
    boost::system::error_code ignored;
    tcp.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    stream.async_handshake(answer, "127.0.0.1", "/hub",
                           [&](boost::system::error_code error) { opened = !error; });
  });
  loop.run_for(patience);
  loop.restart();
  if (opened) return {};
  if (answer.result() == beast::http::status::unauthorized)
    return base::fail(Error::Code::forbidden, "token_refused");
  if (answer.result() == beast::http::status::service_unavailable)
    return base::fail(Error::Code::limit, "overloaded");
  return unreachable();
}

/// Nothing that the hub would answer by hanging up.
base::Result<std::string> frame_of(const Call& call) {
  json::object frame{{"id", 1}, {"cmd", call.cmd}, {"args", call.args}};
  if (!call.key.empty()) frame["key"] = call.key;
  std::string text = json::serialize(frame);
  if (text.size() > wire::largest_frame) return base::fail(Error::Code::limit, "frame_too_large");
  if (!base::is_utf8(text)) return base::fail(Error::Code::invalid, "bad_text");
  return text;
}

/// Writes the frame and reads until its answer comes; beats and views in between are passed over.
class Exchange {
public:
  explicit Exchange(Stream& stream) : stream_(stream) {}

  std::optional<json::object> run(asio::io_context& loop, const std::string& frame,
                                  std::chrono::seconds limit) {
    stream_.async_write(asio::buffer(frame), [this](boost::system::error_code error, std::size_t) {
      if (!error) read();
    });
    loop.run_for(limit);
    return std::move(reply_);
  }

private:
  void read() {
    stream_.async_read(buffer_, [this](boost::system::error_code error, std::size_t) {
      if (error) return;
      const auto data = buffer_.data();
      boost::system::error_code bad;
      json::value parsed =
          json::parse(json::string_view(static_cast<const char*>(data.data()), data.size()), bad);
      buffer_.consume(buffer_.size());
      if (!bad && parsed.is_object() && parsed.as_object().contains("id")) {
        reply_ = std::move(parsed.as_object());
      } else {
        read();
      }
    });
  }

  Stream& stream_;
  beast::flat_buffer buffer_;
  std::optional<json::object> reply_;
};

} // namespace

base::Result<Answer> ask(const store::Home& home, const Call& call) {
  std::error_code error;
  if (!std::filesystem::exists(home.settings(), error))
    return error == std::errc::permission_denied
               ? base::fail(Error::Code::storage, "no_permission", home.dir.string())
               : base::fail(Error::Code::not_found, "missing_file", home.settings().string());
  const auto frame = frame_of(call);
  MACHIAI_TRY(frame);
  const auto port_text = store::read_file(home.port());
  const auto token = store::read_file(home.token("cli"));
  int port = 0;
  if (!token && token.error().reason == "no_permission") return tl::unexpected(token.error());
  if (!port_text || !token) return unreachable();
  std::from_chars(port_text->data(), port_text->data() + port_text->size(), port);
  asio::io_context loop;
  Stream stream(loop);
  stream.set_option(beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
    request.set(beast::http::field::authorization, "Bearer " + *token);
    request.set(beast::http::field::accept_language, call.lang);
    request.set("X-Machiai-Seat", "cli");
  }));
  MACHIAI_TRY(open(loop, stream, static_cast<unsigned short>(port)));
  stream.read_message_max(std::size_t{256} << 20);
  const auto reply = Exchange(stream).run(loop, *frame, call.cmd == "verify" ? patience_to_verify : patience);
  if (!reply) return base::fail(Error::Code::device, "answer_lost", call.key);
  boost::system::error_code ignored;
  beast::get_lowest_layer(stream).socket().close(ignored);
  if (const json::value* ok = reply->if_contains("ok"); ok != nullptr && ok->is_object())
    return Answer{true, ok->as_object()};
  if (const json::value* refused = reply->if_contains("error"); refused != nullptr && refused->is_object())
    return Answer{false, refused->as_object()};
  return unreachable();
}

std::string fresh_key() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) std::abort();
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string read_pin() {
  termios shown{};
  const bool terminal = ::tcgetattr(STDIN_FILENO, &shown) == 0;
  if (terminal) {
    std::fputs("PIN: ", stderr);
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  std::string pin;
  std::getline(std::cin, pin);
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    std::fputs("\n", stderr);
  }
  return pin;
}

} // namespace machiai::cli
