// SPDX-License-Identifier: Apache-2.0
// What the screens say they have shown: checked, completed by the programme, made durable, counted.
#pragma once

#include "app/daemon/station.hpp"
#include "core/programme/plan.hpp"

#include <boost/json.hpp>

#include <vector>

namespace machiai::daemon {

class Airings {
public:
  Airings(boost::asio::io_context& loop, const base::Clock& clock, Station& station, store::Home home)
      : loop_(loop), clock_(clock), station_(station), home_(std::move(home)) {}

  /// "aired": answered once the records are in the ledger. All or none are taken.
  void record(const hub::Caller& caller, const boost::json::object& args,
              const std::vector<programme::Loaded>& loaded, const hub::Respond& respond);
  /// "airings": by period, item and sponsor; as JSON, or as a table with "csv".
  void tell(const hub::Caller& caller, const boost::json::object& args, const hub::Respond& respond);

private:
  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  Station& station_;
  store::Home home_;
  Reader reader_; ///< reads beside the loop, over a connection of its own
};

} // namespace machiai::daemon
