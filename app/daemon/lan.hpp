// SPDX-License-Identifier: Apache-2.0
// Opens the hub to the clinic's network: address, certificates and their renewal, the browser's page.
#pragma once

#include "app/daemon/devices.hpp"

#include <boost/asio/steady_timer.hpp>

namespace machiai::daemon {

class Lan {
public:
  Lan(boost::asio::io_context& loop, const base::Clock& clock, store::Home home, hub::Server& server,
      Devices& devices)
      : loop_(loop), clock_(clock), home_(std::move(home)), server_(server), devices_(devices), timer_(loop) {
  }

  /// `where`: "0.0.0.0:8443", "[::]:8443" or "" for off. Whatever goes wrong is logged and told by `devices`;
  /// the reception on this machine goes on without the network.
  void start(const std::string& where);
  void stop();

private:
  [[nodiscard]] base::Status open(const std::string& where);
  void renew_later();
  void renew();

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  store::Home home_;
  hub::Server& server_;
  Devices& devices_;
  std::string chain_; ///< in use
  boost::asio::steady_timer timer_;
  Reader worker_; ///< makes certificates beside the loop
};

} // namespace machiai::daemon
