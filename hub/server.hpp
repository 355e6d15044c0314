// SPDX-License-Identifier: Apache-2.0
// The hub's server: WebSocket + JSON for the seats, on the process's one loop. It knows frames, roles and
// connections; what a command means is the Backend's.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "hub/lan.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace machiai::hub {

/// Who is at the other end of a connection.
struct Caller {
  std::string role;
  std::string seat;
  std::string lang = "ja"; ///< of the words in refusals
  std::string room{};      ///< of a paired device: the one it may act for; empty: not bound to a room
  std::string person{};    ///< who has logged in at this seat; empty: nobody
  /// "desk/front": seats of two roles may have one name.
  [[nodiscard]] std::string place() const { return role + "/" + seat; }
};

/// `{"error":{...}}`, its words in the caller's language.
boost::json::object refusal(const Caller& caller, const base::Error& error);

struct Request {
  std::string cmd;
  std::string key; ///< empty: not idempotent
  boost::json::object args;
};

/// `{"ok":{...}}` or `{"error":{...}}`; called once, later or at once, on the loop.
using Respond = std::function<void(boost::json::object)>;

class Backend {
public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  virtual void handle(const Caller& caller, Request request, Respond respond) = 0;
  /// The view's data as it stands, or none when there is no such view. "rooms:1" is what of the view "rooms"
  /// a device of room 1 sees.
  virtual boost::json::object view(const std::string& name) = 0;
  /// With the first connection of the seat's name, and with the end of the last.
  virtual void seat_came(const Caller& caller) = 0;
  virtual void seat_left(const Caller& caller) = 0;
};

struct Settings {
  int port = 0;                                            ///< 0: any free one
  std::vector<std::pair<std::string, std::string>> tokens; ///< role, token
};

class Session;

class Server {
public:
  Server(boost::asio::io_context& loop, const base::Clock& clock, Backend& backend, Settings settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens on loopback. Returns the port; device "port_in_use" when it cannot.
  [[nodiscard]] base::Result<int> listen();
  /// Listens on the clinic's network as well, over TLS; the same sessions, places of its own. Returns the
  /// port; errors: invalid "bad_lan", storage "bad_identity", device "port_in_use".
  [[nodiscard]] base::Result<int> listen_lan(LanSettings lan);
  /// Who comes from now on sees this certificate.
  [[nodiscard]] base::Status renew(const std::string& chain, const std::string& key);
  /// Ends every connection of this device at once.
  void drop(const std::string& device);
  /// Something in these views changed: pushes them to their watchers, at most every few milliseconds.
  void changed(const std::vector<std::string>& views);
  void stop();

private:
  friend class Session;
  /// A listening socket and who came in by it.
  struct Door {
    boost::asio::ip::tcp::acceptor acceptor;
    std::size_t most = 0;
    std::size_t most_from_one = 0;                            ///< address
    std::chrono::milliseconds pause{0};                       ///< between two callers
    std::map<boost::asio::ip::address, std::size_t> inside{}; ///< connections by address
    std::size_t count = 0;
  };
  [[nodiscard]] base::Result<int> open(Door& door, const boost::asio::ip::tcp::endpoint& endpoint);
  boost::asio::awaitable<void> accept_all(Door& door);
  boost::asio::awaitable<void> breathe(std::chrono::milliseconds pause);
  void admit(Door& door, boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& from);
  boost::asio::awaitable<void> beat();
  void push_dirty();
  [[nodiscard]] std::string role_of(std::string_view token) const;
  /// `scope`: the view's name, or what of it a device's room sees.
  [[nodiscard]] std::shared_ptr<const std::string> frame_of(const std::string& view,
                                                            const std::string& scope);
  void joined(const std::shared_ptr<Session>& session);
  void left(const std::shared_ptr<Session>& session);
  [[nodiscard]] std::ptrdiff_t connections_of(const Caller& caller) const;
  [[nodiscard]] bool has_place(const Caller& caller) const;
  void turn_out_oldest();

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  Backend& backend_;
  Settings settings_;
  Door loopback_;
  Door lan_door_;
  LanSettings lan_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  boost::asio::steady_timer beat_timer_;
  boost::asio::steady_timer push_timer_;
  std::set<std::shared_ptr<Session>> sessions_;
  std::deque<std::shared_ptr<Session>> strangers_; ///< on loopback, without a token so far; the oldest first
  std::set<std::string> dirty_;
  std::map<std::string, std::uint64_t> revisions_;
  bool push_planned_ = false;
  bool stopping_ = false;
};

/// Whether the role may send the command; the views it may watch are checked alike.
[[nodiscard]] bool may_send(std::string_view role, std::string_view cmd);
[[nodiscard]] bool may_watch(std::string_view role, std::string_view view);

} // namespace machiai::hub
