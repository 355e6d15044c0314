// SPDX-License-Identifier: Apache-2.0
#include "cloud/teller.hpp"

#include "cloud/files.hpp"
#include "cloud/grant.hpp"
#include "cloud/manifest.hpp"
#include "cloud/store/media.hpp"

namespace machiai::cloud {

using base::Result;

namespace {

/// Files that came or went without a word: copied by hand, or by what mirrors the store.
constexpr std::chrono::minutes look_again{5};

/// On a worker: it reads rows, looks at hundreds of files and signs as many addresses.
Result<wire::Manifest> read_manifest(pqxx::connection& connection, const std::filesystem::path& dir,
                                     const Recipient& recipient, base::Instant now) {
  const There there = [&](const std::string& sha256, std::uint64_t bytes) {
    return content_there(dir, sha256, bytes);
  };
  return manifest(store::programmes(connection, recipient.facility),
                  store::media(connection, recipient.facility), there, recipient, now);
}

bool says_the_same(wire::Manifest made, const wire::Manifest& told) {
  made.at = told.at;
  return made == told;
}

} // namespace

bool ManifestTeller::due(const Place& place, base::Instant now) const {
  return !told_ || looked_ != place.shelf || told_->urls_until != grants_until(facility_, now) ||
         now - looked_at_ >= look_again || now < looked_at_;
}

boost::asio::awaitable<std::optional<wire::LinkDocument>> ManifestTeller::next() {
  const Place* place = node_.find(facility_);
  const auto now = node_.clock.now();
  if (place == nullptr || node_.media.key.empty() || !due(*place, now)) co_return std::nullopt;
  const std::uint64_t looking = place->shelf;
  const store::Database::Work<wire::Manifest> work =
      [dir = node_.media.dir, now,
       recipient = Recipient{facility_, place->profile->slug, node_.media.address, node_.media.key}](
          pqxx::connection& connection) { return read_manifest(connection, dir, recipient, now); };
  auto made = co_await node_.database.run<wire::Manifest>(work);
  if (!made) co_return std::nullopt;
  looked_ = looking;
  looked_at_ = now;
  if (told_ && says_the_same(*made, *told_)) co_return std::nullopt;
  told_ = std::move(*made);
  co_return wire::manifest_document_of(*told_);
}

} // namespace machiai::cloud
