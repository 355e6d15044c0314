// SPDX-License-Identifier: Apache-2.0
// Paired devices between hub and station: who may come in, pairing and revoking, and that a device acts for
// its own room alone. Everything else goes through to the station as it came.
#pragma once

#include "app/daemon/station.hpp"
#include "app/daemon/writer.hpp"
#include "core/store/pairing.hpp"
#include "hub/lan.hpp"
#include "hub/server.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace machiai::daemon {

class Devices final : public hub::Backend, public hub::Gate {
public:
  /// What the daemon knows of its place in the clinic's network.
  struct Place {
    std::string address; ///< "https://192.0.2.10:8443/", what a tablet opens; empty: the network is off
    std::string trouble; ///< why it is off although the settings want it: a reason key
    std::string check{}; ///< of the station's authority: the same signs stand on a seat that is being paired
  };

  Devices(boost::asio::io_context& loop, const base::Clock& clock, Station& station, store::Home home)
      : loop_(loop), clock_(clock), station_(station), home_(std::move(home)) {}

  /// Reads the file. Without it nobody comes in and nobody is paired, so that it is not written over.
  [[nodiscard]] base::Status load();
  void set_place(Place place) { place_ = std::move(place); }
  /// Called with the device that has just been revoked.
  void set_drop(std::function<void(const std::string& device)> drop) { drop_ = std::move(drop); }

  void handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) override;
  boost::json::object view(const std::string& name) override;
  void seat_came(const hub::Caller& caller) override;
  void seat_left(const hub::Caller& caller) override;

  [[nodiscard]] std::optional<hub::Device> known(std::string_view id, std::string_view secret) override;
  void redeem(std::string code, Admit admit) override;

private:
  using Saved = std::function<void(const base::Status&)>;
  void save(const Saved& saved);
  [[nodiscard]] base::Result<boost::json::object> pair(const boost::json::object& args);
  void unpair(const hub::Caller& caller, const boost::json::object& args, const hub::Respond& respond);
  [[nodiscard]] boost::json::object list() const;
  /// Error forbidden "forbidden" when the command reaches beyond the caller's room.
  [[nodiscard]] base::Status may(const hub::Caller& caller, const hub::Request& request) const;

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  Station& station_;
  store::Home home_;
  Place place_;
  std::function<void(const std::string&)> drop_;
  std::vector<store::Device> devices_;
  std::set<std::string> connected_; ///< devices that are here
  store::PairingCodes codes_;
  Reader saver_; ///< the disk is waited for beside the loop; saves happen in the order they were asked for
};

} // namespace machiai::daemon
