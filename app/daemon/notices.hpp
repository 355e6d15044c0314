// SPDX-License-Identifier: Apache-2.0
// The urgent notice: what does not fit on the screen is refused before it is recorded.
#pragma once

#include "app/daemon/writer.hpp"
#include "core/store/station.hpp"
#include "hub/server.hpp"

#include <boost/asio/io_context.hpp>

namespace machiai::daemon {

class Notices {
public:
  Notices(boost::asio::io_context& loop, hub::Backend& inner, store::Home home)
      : loop_(loop), inner_(inner), home_(std::move(home)) {}

  /// "notice": drawn for the check beside the loop, then passed on as it came. An answer of an earlier
  /// attempt under the same key is the inner's to find.
  void show(const hub::Caller& caller, hub::Request request, hub::Respond respond);

private:
  boost::asio::io_context& loop_;
  hub::Backend& inner_;
  store::Home home_;
  Reader reader_;
};

} // namespace machiai::daemon
