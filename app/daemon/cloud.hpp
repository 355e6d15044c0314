// SPDX-License-Identifier: Apache-2.0
// The station at its cloud: what core/numbering says is said, what comes down is carried out by the station,
// and what became durable goes up. The reception never waits for any of it.
#pragma once

#include "app/daemon/contract.hpp"
#include "app/daemon/downloads.hpp"
#include "app/daemon/outside.hpp"
#include "app/daemon/renewer.hpp"
#include "app/daemon/station.hpp"
#include "app/daemon/writer.hpp"
#include "sync/client.hpp"
#include "sync/enrol.hpp"

#include <memory>
#include <string>
#include <vector>

namespace machiai::daemon {

class Cloud final : public sync::Peer {
public:
  [[nodiscard]] static base::Result<std::unique_ptr<Cloud>> make(boost::asio::io_context& loop,
                                                                 const base::Clock& clock, Station& station,
                                                                 store::Home home, sync::Enrolled enrolled);
  Cloud(boost::asio::io_context& loop, const base::Clock& clock, Station& station, store::Home home,
        sync::Enrolled enrolled, std::unique_ptr<Renewer> renewer, Renewer::Tls tls);

  /// Hears what should lie on the shelf.
  void set_downloads(Downloads& downloads) { downloads_ = &downloads; }
  void start();
  void stop();
  /// The ledger has grown.
  void recorded();

  void greet(std::uint64_t proof_seq, Greet done) override;
  base::Status keep_lineage(std::uint64_t lineage) override;
  void read_events(sync::Range range, Lines done) override;
  [[nodiscard]] std::uint64_t durable() const override { return station_.durable().seq; }
  void hears(wire::LinkFrame frame) override;
  void clock_told(base::Instant at) override { station_.clock_told(at); }
  void link_changed(bool up, const std::string& reason) override;

private:
  void tick();
  void breathe();
  void tell_waits();
  void turned_away(const std::string& reason);
  void turn_out(const std::string& reason);
  void hears(const wire::LinkSays& says);
  void pressed(base::Date date, const std::string& key, queue::Verb verb);
  [[nodiscard]] base::Result<std::vector<wire::EventLine>> lines_of(const sync::Range& range);

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  Station& station_;
  store::Home home_;
  std::uint16_t number_;
  std::uint64_t lineage_;
  std::string nonce_;
  std::vector<std::string> said_; ///< in the last breath, so that a change is said at once and once
  std::string told_waits_;        ///< on this link
  boost::asio::steady_timer timer_;
  std::string last_reason_;
  std::optional<std::chrono::steady_clock::time_point> busy_since_; ///< without a break
  sync::Client client_;
  std::unique_ptr<Renewer> renewer_;
  std::optional<store::Ledger> ledger_; ///< the reader's
  Reader reader_;
  Outside outside_;
  Contract contract_;
  Downloads* downloads_ = nullptr;
};

} // namespace machiai::daemon
