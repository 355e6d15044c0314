// SPDX-License-Identifier: Apache-2.0
// Tells one link what its station should have on the shelf: at first, and whenever that or the addresses' end
// is another than what was told last.
#pragma once

#include "cloud/node.hpp"
#include "core/wire/manifest.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace machiai::cloud {

class ManifestTeller {
public:
  ManifestTeller(Node& node, int facility) : node_(node), facility_(facility) {}

  /// What is to be sent now, if anything is. What could not be read is looked for with the next call.
  boost::asio::awaitable<std::optional<wire::LinkDocument>> next();

private:
  [[nodiscard]] bool due(const Place& place, base::Instant now) const;

  Node& node_;
  int facility_;
  std::optional<wire::Manifest> told_;
  std::uint64_t looked_ = 0; ///< at which of the shelf's changes
  base::Instant looked_at_{};
};

} // namespace machiai::cloud
