// SPDX-License-Identifier: Apache-2.0
// What the cloud takes from outside, as it was told last, for the desk. It lies in a file too: after a
// restart without a link the desk still has it, with its age.
#pragma once

#include "app/daemon/station.hpp"
#include "app/daemon/writer.hpp"

#include <optional>
#include <string_view>

namespace machiai::daemon {

class Outside {
public:
  Outside(const base::Clock& clock, Station& station, store::Home home, Reader& files)
      : clock_(clock), station_(station), home_(std::move(home)), files_(files) {}
  /// What was known earlier; nothing when there is no file, or none of ours.
  void load();
  /// The link's document: what it says is so from now on.
  void told(std::string_view body);
  /// Without a link it is as old as the last that was heard.
  void link_changed(bool up);

private:
  void keep();

  const base::Clock& clock_;
  Station& station_;
  store::Home home_;
  Reader& files_;
  std::optional<queue::AcceptanceView> view_;
  base::Instant kept_{}; ///< when the file was written
};

} // namespace machiai::daemon
