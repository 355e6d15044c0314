// SPDX-License-Identifier: Apache-2.0
// Listens, reads requests within limits of size and time, and hands each to the routes.
#pragma once

#include "cloud/http.hpp"
#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace machiai::cloud {

struct Door {
  std::string host = "127.0.0.1";
  int port = 0; ///< 0: any free one
  /// Proxies: their connections begin with the PROXY header (version 2), and no other's may.
  std::set<boost::asio::ip::address> proxies{};
};

class Server {
public:
  using Handle = std::function<boost::asio::awaitable<Response>(Request&)>;

  /// Without a TLS context it speaks plain HTTP, for a proxy on the same machine.
  Server(boost::asio::io_context& loop, const base::Clock& clock, SSL_CTX* tls, Handle handle);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Gives the port. Device "port_in_use", invalid "bad_argument".
  [[nodiscard]] base::Result<int> listen(const Door& door);
  void stop();

private:
  struct Connection;
  struct Inside;
  class Presence;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  boost::asio::awaitable<void> accept_all();
  boost::asio::awaitable<void> serve(Stream::Tcp::socket socket, boost::asio::ip::address from);
  boost::asio::awaitable<bool> greet(Connection& connection);
  [[nodiscard]] bool crowded(const boost::asio::ip::address& from) const;
  boost::asio::awaitable<bool> read(Connection& connection, Parser& parser);
  boost::asio::awaitable<bool> answer(Connection& connection, Parser& parser);
  boost::asio::awaitable<bool> send_file(Connection& connection, FileBody& body);
  boost::asio::awaitable<base::Result<std::size_t>> read_disk(const FileBody& body, vault::Room room);
  boost::asio::awaitable<void> refuse(Connection& connection, const base::Error& error);
  boost::asio::awaitable<void> sweep();

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  SSL_CTX* tls_;
  Handle handle_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer sweeper_;
  boost::asio::thread_pool disk_{1}; ///< reads of files that are not in memory yet
  std::set<boost::asio::ip::address> proxies_;
  std::set<Connection*> connections_;
  std::shared_ptr<Inside> inside_; ///< with those whom somebody else has taken over: viewers and links
  std::int64_t dated_ = -1;        ///< second of `date_`
  std::string date_;
  bool stopping_ = false;
};

} // namespace machiai::cloud
