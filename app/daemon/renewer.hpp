// SPDX-License-Identifier: Apache-2.0
// Keeps the station's certificate from ending: asks for the next one in time, lets the link show it, and goes
// back to the present one when the next is of no use. Beside the loop; nobody waits for it.
#pragma once

#include "app/daemon/station.hpp"
#include "app/daemon/writer.hpp"
#include "sync/client.hpp"
#include "sync/enrol.hpp"
#include "sync/pair.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace machiai::daemon {

class Renewer {
public:
  using Tls = std::shared_ptr<boost::asio::ssl::context>;
  Renewer(boost::asio::io_context& loop, const base::Clock& clock, Station& station, store::Home home,
          sync::LinkSettings link);

  /// What the link begins with: the pair that waits, if there is one. Error storage "bad_identity".
  [[nodiscard]] base::Result<Tls> first();
  /// Lets the link connect anew with another one.
  void set_show(std::function<void(Tls)> show) { show_ = std::move(show); }
  /// Every few seconds.
  void tick();
  void link_changed(bool up, const std::string& reason);

private:
  [[nodiscard]] sync::LinkSettings link_with(const sync::Pair& pair) const;
  void show(const sync::Pair& pair, bool next);
  void look_for_next();
  void ask();
  void keep(sync::Pair pair);
  void take(sync::Pair pair);
  void fail(const std::string& reason);
  void proven();
  void useless();
  void tell();

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  Station& station_;
  store::Home home_;
  sync::LinkSettings link_; ///< with the present pair
  sync::Life life_;
  std::optional<sync::Pair> next_; ///< has not carried a link yet
  std::string refused_key_;        ///< of the last one that was of no use
  bool showing_next_ = false;
  bool asking_ = false; ///< or storing what was answered
  bool up_ = false;
  int misses_ = 0; ///< connections in a row that did not come up with the next one
  double spread_;
  sync::RenewalTries tries_;
  std::function<void(Tls)> show_;
  Reader disk_;
};

} // namespace machiai::daemon
