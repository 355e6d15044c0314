// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/media.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace machiai::daemon {

namespace {

/// How soon a film that another program took in may be played.
constexpr std::chrono::seconds look_every{5};

} // namespace

void Media::stop() {
  stopping_ = true;
  timer_.cancel();
}

void Media::follow(std::shared_ptr<const Programmes> loaded) {
  errand_.loaded = std::move(loaded);
  errand_.rights_changed = true;
}

bool Media::ready(std::string_view sha256, base::Instant now) const {
  const auto found = ready_.find(sha256);
  return found != ready_.end() && now < found->second;
}

void Media::doubt(const std::string& sha256) {
  if (ready_.erase(sha256) == 0) return;
  errand_.doubted.push_back(sha256);
  changed_();
}

void Media::look() {
  if (!in_round_) {
    in_round_ = reader_.post([this, errand = errand_] {
      round(errand);
      boost::asio::post(loop_, [this] { in_round_ = false; });
    });
    if (in_round_) errand_ = {std::move(errand_.loaded), {}, false};
  }
  timer_.expires_after(look_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

bool Media::look_at_files() {
  base::Status status;
  if (shelf_) {
    status = shelf_->look();
  } else if (auto opened = store::MediaShelf::open(home_, quota_, false)) {
    shelf_ = std::move(*opened);
  } else {
    status = tl::unexpected(opened.error());
  }
  const std::string trouble = status ? "" : status.error().reason;
  if (std::exchange(trouble_, trouble) != trouble && !trouble.empty())
    spdlog::error("films: the shelf cannot be read ({})", trouble);
  return status.has_value();
}

void Media::round(const Errand& errand) {
  if (!look_at_files()) return;
  const base::Date today = base::civil_date(clock_.now());
  if (swept_ != today || errand.rights_changed) sweep(*errand.loaded);
  if (std::exchange(swept_, today) != today) refused_.clear();
  std::vector<std::string> to_read = errand.doubted;
  for (std::string& sha256 : unverified(*errand.loaded)) to_read.push_back(std::move(sha256));
  for (const std::string& sha256 : to_read) {
    if (stopping_) return;
    const auto whole = shelf_->verify(sha256, clock_.now());
    if (!whole) {
      spdlog::error("films: {} is not played ({})", sha256.substr(0, 12), whole.error().reason);
      refused_.insert(sha256);
    }
    publish();
  }
  publish();
}

void Media::sweep(const Programmes& loaded) {
  const auto swept = shelf_->sweep(loaded, clock_.now());
  if (!swept) return spdlog::error("films: not swept ({})", swept.error().reason);
  if (swept->ended + swept->evicted + swept->leftovers > 0)
    spdlog::info("films: {} ended, {} given up, {} leftovers removed", swept->ended, swept->evicted,
                 swept->leftovers);
}

/// Those that a programme needs first.
std::vector<std::string> Media::unverified(const Programmes& loaded) const {
  const base::Instant now = clock_.now();
  const store::Needed needed = store::needed_media(loaded, base::civil_date(now));
  std::vector<std::string> found;
  for (const store::Film& film : shelf_->films(now))
    if (film.state == store::FilmState::unverified && !refused_.contains(film.sha256))
      found.push_back(film.sha256);
  std::stable_partition(found.begin(), found.end(),
                        [&](const std::string& sha256) { return needed.contains(sha256); });
  return found;
}

void Media::publish() {
  Ready ready;
  const base::Instant now = clock_.now();
  for (const store::Film& film : shelf_->films(now))
    if (film.state == store::FilmState::ready) ready[film.sha256] = film.expires;
  boost::asio::post(loop_, [this, ready = std::move(ready)]() mutable {
    for (const std::string& sha256 : errand_.doubted) ready.erase(sha256);
    if (std::exchange(ready_, std::move(ready)) != ready_) changed_();
  });
}

} // namespace machiai::daemon
