// SPDX-License-Identifier: Apache-2.0
// The bytes of one connection: TLS 1.3 straight on the socket, or plain TCP behind a proxy that ends TLS.
// Unlike Asio's own TLS stream it keeps no buffers while idle: ten thousand viewers wait here.
#pragma once

#include "net/done.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <openssl/ssl.h>

#include <memory>

namespace machiai::cloud {

class Stream {
public:
  using Tcp = boost::asio::ip::tcp;
  using executor_type = Tcp::socket::executor_type;

  /// Without a context it is plain TCP.
  Stream(Tcp::socket socket, SSL_CTX* context);

  executor_type get_executor() { return socket_.get_executor(); }
  Tcp::socket& socket() { return socket_; }
  [[nodiscard]] SSL* tls() const { return ssl_.get(); }
  /// Lives as long as the connection, whoever has it by then.
  void keep(std::shared_ptr<const void> with_it) { kept_ = std::move(with_it); }
  void close();

  /// Outcome of a try that does not wait.
  struct Tried {
    std::size_t bytes = 0;
    boost::system::error_code error; ///< would_block: wait as `wants_write` says, and try again
    bool wants_write = false;
  };
  [[nodiscard]] Tried try_read(void* data, std::size_t size);
  [[nodiscard]] Tried try_write(const void* data, std::size_t size);
  [[nodiscard]] Tried try_handshake();

  boost::asio::awaitable<boost::system::error_code> handshake();
  boost::asio::awaitable<Tried> read_some(void* data, std::size_t size);
  boost::asio::awaitable<boost::system::error_code> write(const void* data, std::size_t size);

  /// For Beast: one try, then as often as the socket is ready.
  /// For Beast: one try, then as often as the socket is ready. Of several buffers the first is used.
  template <class Buffers, class Token> auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const boost::asio::mutable_buffer& into) {
          read({std::move(handler), get_executor()}, into);
        },
        token, first(buffers, boost::asio::mutable_buffer{}));
  }
  template <class Buffers, class Token> auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const boost::asio::const_buffer& from) {
          write({std::move(handler), get_executor()}, from);
        },
        token, first(buffers, boost::asio::const_buffer{}));
  }

  friend void beast_close_socket(Stream& stream) { stream.close(); }
  friend void teardown(boost::beast::role_type, Stream& stream, boost::system::error_code& error) {
    stream.close();
    error = {};
  }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type, Stream& stream, Handler&& handler) {
    stream.close();
    boost::asio::post(stream.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
      handler(boost::system::error_code{});
    });
  }

private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  [[nodiscard]] Tried outcome(int result);
  boost::asio::awaitable<boost::system::error_code> ready(bool to_write);

  template <class Buffers, class Buffer> static Buffer first(const Buffers& buffers, Buffer none) {
    for (auto each = boost::asio::buffer_sequence_begin(buffers);
         each != boost::asio::buffer_sequence_end(buffers); ++each)
      if (Buffer(*each).size() > 0) return Buffer(*each);
    return none;
  }
  void read(net::Done done, const boost::asio::mutable_buffer& into);
  void write(net::Done done, const boost::asio::const_buffer& from);
  template <class Try> void some(Try attempt, net::Done done);

  Tcp::socket socket_;
  std::unique_ptr<SSL, Free> ssl_;
  std::shared_ptr<const void> kept_;
};

} // namespace machiai::cloud
