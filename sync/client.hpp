// SPDX-License-Identifier: Apache-2.0
// The clinic's end of the link: one WebSocket over TLS 1.3 with the station's certificate, kept up for ever
// on the daemon's loop. What goes wrong on the way is "offline": a cable, a name that is not found; a captive
// portal that shows another certificate or another page is "portal_answers".
#pragma once

#include "core/wire/link.hpp"
#include "sync/plan.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace machiai::sync {

struct LinkSettings {
  std::string host;
  std::string port;
  std::string target = "/v1/link";
  std::string facility;
  std::string certificate, key, ca; ///< PEM
};

/// What the link asks of the station.
class Peer {
public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;

  /// Hands over the hello of this start, with the hash at `proof_seq` (0: none).
  using Greet = std::function<void(numbering::Hello)>;
  virtual void greet(std::uint64_t proof_seq, Greet done) = 0;
  /// Stores the lineage durably before anything else is sent.
  [[nodiscard]] virtual base::Status keep_lineage(std::uint64_t lineage) = 0;
  /// Hands over durable events from..to, or none when they cannot be read.
  using Lines = std::function<void(std::vector<wire::EventLine>)>;
  virtual void read_events(Range range, Lines done) = 0;
  /// Sequence of the last durable event.
  [[nodiscard]] virtual std::uint64_t durable() const = 0;
  /// A frame of the cloud that is the station's to act on (says, cancel, arrive, document).
  virtual void hears(wire::LinkFrame frame) = 0;
  /// What the cloud's clock says now: at the welcome and whenever the link was silent for a while.
  virtual void clock_told(base::Instant at) = 0;
  /// Up, or down with the reason ("offline", "station_copied", ...; docs/PROTOCOL.md).
  virtual void link_changed(bool up, const std::string& reason) = 0;
};

/// A TLS 1.3 client that trusts `ca` alone and shows the certificate. Error storage "bad_identity".
[[nodiscard]] base::Result<std::shared_ptr<boost::asio::ssl::context>>
client_context(const LinkSettings& settings);

class Client {
public:
  Client(boost::asio::io_context& loop, LinkSettings settings, std::shared_ptr<boost::asio::ssl::context> tls,
         Peer& peer);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  void start();
  void stop();
  /// Connects anew, with another certificate. Not from within link_changed.
  void show(std::shared_ptr<boost::asio::ssl::context> tls);
  /// Sends when the link is up, and forgets otherwise: every message is said again in time.
  void say(const wire::LinkFrame& frame);
  /// The ledger has grown.
  void events_ready();
  [[nodiscard]] bool up() const;
  [[nodiscard]] std::uint64_t acked() const;

private:
  class Connection;
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<std::string> one_link();

  boost::asio::io_context& loop_;
  LinkSettings settings_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  Peer& peer_;
  boost::asio::steady_timer pause_;
  std::shared_ptr<Connection> connection_;
  std::mt19937 random_;
  unsigned attempt_ = 0;
  bool stopping_ = false;
};

} // namespace machiai::sync
