// SPDX-License-Identifier: Apache-2.0
// The bytes under a connection: plain TCP, or TLS once it is secured. One type, so that what stands above is
// written and compiled once.
#pragma once

#include "net/done.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <optional>
#include <utility>

namespace machiai::net {

class Line {
public:
  using Tcp = boost::beast::tcp_stream;
  using Tls = boost::beast::ssl_stream<Tcp>;
  using executor_type = Tcp::executor_type;

  explicit Line(boost::asio::ip::tcp::socket socket) : tcp_(std::move(socket)) {}

  executor_type get_executor() { return next_layer().get_executor(); }
  /// Beast finds the lowest layer, with its timeouts, through this.
  Tcp& next_layer() { return tls_ ? tls_->next_layer() : tcp_; }
  [[nodiscard]] const Tcp& next_layer() const { return tls_ ? tls_->next_layer() : tcp_; }
  /// From here on the bytes go through TLS. References to next_layer() from before are void.
  Tls& secure(boost::asio::ssl::context& context) { return tls_.emplace(std::move(tcp_), context); }

  template <class Buffers, class Token> auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Room& into) {
          read({std::move(handler), get_executor()}, into);
        },
        token, Room(buffers));
  }
  template <class Buffers, class Token> auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const Pieces& from) {
          write({std::move(handler), get_executor()}, from);
        },
        token, Pieces(buffers));
  }

  template <class Handler>
  friend void async_teardown(boost::beast::role_type role, Line& line, Handler&& handler) {
    using boost::beast::async_teardown;
    using boost::beast::websocket::async_teardown;
    if (line.tls_) {
      async_teardown(role, *line.tls_, std::forward<Handler>(handler));
    } else {
      async_teardown(role, line.tcp_, std::forward<Handler>(handler));
    }
  }

private:
  using Room = Some<boost::asio::mutable_buffer>;
  using Pieces = Some<boost::asio::const_buffer>;
  void read(Done done, const Room& into);
  void write(Done done, const Pieces& from);

  Tcp tcp_;
  std::optional<Tls> tls_;
};

} // namespace machiai::net
