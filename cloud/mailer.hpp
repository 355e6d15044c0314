// SPDX-License-Identifier: Apache-2.0
// Sends the notices that are due: takes their leases, a few at a time, and writes down what the server said.
#pragma once

#include "cloud/node.hpp"
#include "cloud/smtp.hpp"
#include "cloud/store/notices.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>

namespace machiai::cloud {

class Mailer {
public:
  /// `site`: "https://host:port", before a ticket's page.
  Mailer(Node& node, SmtpServer server, std::string from);
  void start(std::string site);
  void stop();

private:
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> send(store::NoticeDue due);
  /// At the start: whoever set it up reads in the log whether mails will go.
  boost::asio::awaitable<void> try_log_in();
  void learn(Posted posted);
  [[nodiscard]] int free_places() const;
  [[nodiscard]] std::string message(const Place& place, const store::NoticeDue& due) const;

  Node& node_;
  SmtpServer server_;
  std::string from_;
  std::string site_;
  std::string who_; ///< of this process among the nodes
  boost::asio::steady_timer timer_;
  int under_way_ = 0;
  bool let_in_; ///< one mail at a time until the server has taken the log-in: wrong ones shut accounts
  boost::asio::steady_timer::time_point rest_until_{};
  bool stopping_ = false;
};

} // namespace machiai::cloud
