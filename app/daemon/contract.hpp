// SPDX-License-Identifier: Apache-2.0
// The contract as the cloud told it last: for what may be aired, and for the desk. It lies in a file too, so
// that a restart without a link changes nothing.
#pragma once

#include "app/daemon/station.hpp"
#include "app/daemon/writer.hpp"

#include <string_view>

namespace machiai::daemon {

class Contract {
public:
  Contract(const base::Clock& clock, Station& station, store::Home home, Reader& files)
      : clock_(clock), station_(station), home_(std::move(home)), files_(files) {}
  void load();
  /// The link's document: what it says is so from now on.
  void told(std::string_view body);

private:
  const base::Clock& clock_;
  Station& station_;
  store::Home home_;
  Reader& files_;
};

} // namespace machiai::daemon
