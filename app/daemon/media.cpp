// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/media.hpp"

#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace machiai::daemon {

using base::Error;

namespace {

/// How soon a film that another program took in may be played.
constexpr std::chrono::seconds sweep_every{5};

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
  timer_.expires_after(sweep_every);
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
  Held held;
  const base::Instant now = clock_.now();
  for (const store::Film& film : shelf_->films(now)) {
    if (film.state == store::FilmState::ready) ready[film.sha256] = film.expires;
    if (film.state != store::FilmState::bad && film.state != store::FilmState::locked)
      held.insert(film.sha256);
  }
  boost::asio::post(loop_, [this, ready = std::move(ready), held = std::move(held)]() mutable {
    for (const std::string& sha256 : errand_.doubted) ready.erase(sha256);
    if (std::exchange(held_, std::move(held)) != held_ || looks_ == 0) ++looks_;
    if (std::exchange(ready_, std::move(ready)) != ready_) changed_();
  });
}

/// On the thread that the shelf belongs to.
void Media::run(std::function<base::Status()> job, Done done) {
  const bool taken = reader_.post([this, job = std::move(job), done] {
    if (stopping_) return;
    base::Status status = look_at_files() ? job() : base::fail(Error::Code::storage, "media_disk");
    boost::asio::post(loop_, [done, status = std::move(status)] { done(status); });
  });
  if (!taken) boost::asio::post(loop_, [done] { done(base::fail(Error::Code::limit, "overloaded")); });
}

void Media::make_way(std::uint64_t bytes, std::uint64_t have, Done done) {
  const auto way = [this, bytes, have, loaded = errand_.loaded]() -> base::Status {
    const base::Instant now = clock_.now();
    const store::Needed needed = store::needed_media(*loaded, base::civil_date(now));
    const std::uint64_t vault = vault::vault_size(bytes), both = vault + bytes - std::min(have, bytes);
    MACHIAI_TRY(shelf_->make_room(vault, needed, now));
    const auto disk = [this] {
      store::MediaSpace space = shelf_->space();
      space.quota = std::numeric_limits<std::uint64_t>::max();
      return space;
    };
    if (!store::may_take(disk(), both)) MACHIAI_TRY(shelf_->make_room(both, needed, now));
    publish();
    MACHIAI_TRY(store::may_take(shelf_->space(), vault));
    return store::may_take(disk(), both);
  };
  run(way, std::move(done));
}

void Media::take(std::string sha256, store::FilmLabel label, std::filesystem::path file, Done done) {
  const auto take = [this, sha256 = std::move(sha256), label = std::move(label), file = std::move(file),
                     loaded = errand_.loaded] {
    const base::Status taken = take_now(sha256, label, file, *loaded);
    publish();
    return taken;
  };
  run(take, std::move(done));
}

base::Status Media::take_now(const std::string& sha256, const store::FilmLabel& label,
                             const std::filesystem::path& file, const Programmes& loaded) {
  const base::Instant now = clock_.now();
  const store::Needed needed = store::needed_media(loaded, base::civil_date(now));
  const auto ends = store::right_ends(loaded, sha256);
  // What no programme names any more has no right either, whatever its label says.
  if (!needed.contains(sha256) || (ends && *ends <= now))
    return base::fail(Error::Code::forbidden, "right_ended");
  auto content = vault::File::open(file, O_RDONLY);
  MACHIAI_TRY(content);
  const auto size = content->size();
  MACHIAI_TRY(size);
  MACHIAI_TRY(shelf_->make_room(vault::vault_size(*size), needed, now));
  const auto film = shelf_->put(*content, label, ends.value_or(vault::never), now);
  MACHIAI_TRY(film);
  std::error_code error;
  std::filesystem::remove(file, error);
  if (film->sha256 == sha256) return {};
  // The disk gave back something else than was fetched.
  MACHIAI_TRY(shelf_->remove(film->sha256));
  return base::fail(Error::Code::invalid, "hash_differs", sha256.substr(0, 12));
}

} // namespace machiai::daemon
