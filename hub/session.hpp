// SPDX-License-Identifier: Apache-2.0
// One connection of a seat: the upgrade with its token or as a paired device, one command at a time, and an
// outbox in which a newer view replaces an older one that the seat was too slow to take.
#pragma once

#include "hub/server.hpp"
#include "net/line.hpp"
#include "net/to.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace machiai::hub {

/// For TLS, for each request before the WebSocket, and for the upgrade.
inline constexpr std::chrono::seconds handshake_limit{5};

class Session : public std::enable_shared_from_this<Session> {
public:
  /// With a TLS context it is a caller from the clinic's network.
  Session(Server& server, boost::asio::ip::tcp::socket socket,
          std::shared_ptr<boost::asio::ssl::context> tls);

  /// Serves the connection until it ends.
  boost::asio::awaitable<void> run();
  void push(const std::string& view, std::shared_ptr<const std::string> frame);
  void push_beat(const std::shared_ptr<const std::string>& frame);
  [[nodiscard]] bool watches(const std::string& view) const { return views_.count(view) != 0; }
  /// What of the view this caller sees: all of it, or its room's part of "rooms".
  [[nodiscard]] std::string scope(const std::string& view) const;
  [[nodiscard]] bool is_device(const std::string& id) const { return device_ == id; }
  [[nodiscard]] const Caller& caller() const { return caller_; }
  void close();

private:
  using Stream = boost::beast::websocket::stream<net::Line>;
  boost::asio::awaitable<bool> enter();
  boost::asio::awaitable<bool> greet(boost::beast::flat_buffer& buffer);
  boost::asio::awaitable<bool> give_page(const HttpRequest& request);
  boost::asio::awaitable<base::Result<Gate::Admission>> redeem(const HttpRequest& request);
  boost::asio::awaitable<bool> upgrade(const HttpRequest& request);
  void recognise(const HttpRequest& request);
  boost::asio::awaitable<void> turn_away(const HttpRequest& request, boost::beast::http::status why);
  [[nodiscard]] bool revoked() const;
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<boost::json::object> answer(std::string_view text);
  boost::asio::awaitable<boost::json::object> ask(Request request);
  [[nodiscard]] boost::json::object watch(const boost::json::object& args);
  void send(std::shared_ptr<const std::string> frame);
  void pump();
  [[nodiscard]] boost::json::object refusal(base::Error::Code code, std::string reason) const;

  Server& server_;
  Stream stream_;
  std::shared_ptr<boost::asio::ssl::context> tls_; ///< none: a caller on loopback
  Caller caller_;
  std::string device_; ///< of a paired device
  std::string secret_; ///< kept until the connection is among those that drop() ends
  std::set<std::string> views_;
  std::deque<std::shared_ptr<const std::string>> answers_;
  std::map<std::string, std::shared_ptr<const std::string>> newest_;
  bool writing_ = false;
  bool open_ = false;
};

} // namespace machiai::hub
