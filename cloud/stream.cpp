// SPDX-License-Identifier: Apache-2.0
#include "cloud/stream.hpp"

#include "net/to.hpp"

#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace machiai::cloud {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

int clipped(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}

Stream::Tried of_socket(ssize_t result, bool writing) {
  if (result > 0) return {static_cast<std::size_t>(result), {}, false};
  if (result == 0) return {0, writing ? error_code{} : error_code(asio::error::eof), false};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return {0, asio::error::would_block, writing};
  return {0, error_code(errno, boost::system::system_category()), false};
}

} // namespace

Stream::Stream(Tcp::socket socket, SSL_CTX* context) : socket_(std::move(socket)) {
  error_code ignored;
  socket_.native_non_blocking(true, ignored);
  socket_.set_option(Tcp::no_delay(true), ignored);
  if (context == nullptr) return;
  ssl_.reset(SSL_new(context));
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  SSL_set_accept_state(ssl_.get());
}

void Stream::close() {
  error_code ignored;
  if (ssl_ && socket_.is_open() && SSL_is_init_finished(ssl_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get()); // says goodbye if the socket takes it at once
  }
  socket_.close(ignored);
}

template <class Try> void Stream::some(Try attempt, net::Done done) {
  enum class Step { first, posted, waited };
  boost::asio::async_compose<net::Done, void(error_code, std::size_t)>(
      [this, attempt, step = Step::first, tried = Tried{}](auto& self, error_code error = {}) mutable {
        if (step == Step::posted) return self.complete(tried.error, tried.bytes);
        if (error) return self.complete(error, 0);
        tried = attempt();
        if (tried.error == asio::error::would_block) {
          step = Step::waited;
          return socket_.async_wait(tried.wants_write ? Tcp::socket::wait_write : Tcp::socket::wait_read,
                                    std::move(self));
        }
        if (step == Step::waited) return self.complete(tried.error, tried.bytes);
        step = Step::posted; // never completes within the call that began it
        asio::post(socket_.get_executor(), std::move(self));
      },
      done, socket_);
}

void Stream::read(net::Done done, const asio::mutable_buffer& into) {
  some([this, into] { return try_read(into.data(), into.size()); }, std::move(done));
}

void Stream::write(net::Done done, const asio::const_buffer& from) {
  some([this, from] { return try_write(from.data(), from.size()); }, std::move(done));
}

Stream::Tried Stream::outcome(int result) {
  if (result > 0) return {static_cast<std::size_t>(result), {}, false};
  switch (SSL_get_error(ssl_.get(), result)) {
  case SSL_ERROR_WANT_READ: return {0, asio::error::would_block, false};
  case SSL_ERROR_WANT_WRITE: return {0, asio::error::would_block, true};
  case SSL_ERROR_ZERO_RETURN: return {0, asio::error::eof, false};
  default: break;
  }
  ERR_clear_error();
  return {0, asio::error::connection_reset, false};
}

Stream::Tried Stream::try_read(void* data, std::size_t size) {
  if (!socket_.is_open()) return {0, asio::error::operation_aborted, false};
  if (!ssl_) return of_socket(::recv(socket_.native_handle(), data, size, 0), false);
  ERR_clear_error();
  return outcome(SSL_read(ssl_.get(), data, clipped(size)));
}

Stream::Tried Stream::try_write(const void* data, std::size_t size) {
  if (!socket_.is_open()) return {0, asio::error::operation_aborted, false};
  if (size == 0) return {};
  if (!ssl_) return of_socket(::send(socket_.native_handle(), data, size, MSG_NOSIGNAL), true);
  ERR_clear_error();
  return outcome(SSL_write(ssl_.get(), data, clipped(size)));
}

Stream::Tried Stream::try_handshake() {
  ERR_clear_error();
  return outcome(SSL_do_handshake(ssl_.get()));
}

asio::awaitable<error_code> Stream::ready(bool to_write) {
  error_code error;
  co_await socket_.async_wait(to_write ? Tcp::socket::wait_write : Tcp::socket::wait_read, net::to(error));
  co_return error;
}

asio::awaitable<error_code> Stream::handshake() {
  while (ssl_) {
    if (!socket_.is_open()) co_return asio::error::operation_aborted;
    const Tried tried = try_handshake();
    if (!tried.error) break;
    if (tried.error != asio::error::would_block) co_return tried.error;
    if (const error_code error = co_await ready(tried.wants_write)) co_return error;
  }
  co_return error_code{};
}

asio::awaitable<Stream::Tried> Stream::read_some(void* data, std::size_t size) {
  for (;;) {
    const Tried tried = try_read(data, size);
    if (tried.error != asio::error::would_block) co_return tried;
    if (const error_code error = co_await ready(tried.wants_write)) co_return Tried{0, error, false};
  }
}

asio::awaitable<error_code> Stream::write(const void* data, std::size_t size) {
  const char* rest = static_cast<const char*>(data);
  while (size > 0) {
    const Tried tried = try_write(rest, size);
    if (tried.error == asio::error::would_block) {
      if (const error_code error = co_await ready(tried.wants_write)) co_return error;
      continue;
    }
    if (tried.error) co_return tried.error;
    rest += tried.bytes;
    size -= tried.bytes;
  }
  co_return error_code{};
}

} // namespace machiai::cloud
