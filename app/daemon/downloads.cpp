// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/downloads.hpp"

#include "core/store/programmes.hpp"

#include <boost/asio/post.hpp>
#include <pthread.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <limits>
#include <set>

namespace machiai::daemon {

namespace fs = std::filesystem;
namespace json = boost::json;
using base::Status;

namespace {

constexpr std::chrono::seconds tick{1};
constexpr std::chrono::hours soon{24};
/// Of a thread: the reception comes first.
constexpr int politeness = 10;
constexpr std::size_t shown_digits = 12;

/// The disk as it is now, with room for the film's vault beside it.
Status room_for(const store::Home& home, std::uint64_t bytes) {
  store::MediaSpace space = store::disk_space(home);
  space.quota = std::numeric_limits<std::uint64_t>::max();
  return store::may_take(space, bytes);
}

/// Taken, older than what lies here, or over: that does not get better.
bool is_for_good(std::string_view reason) {
  return reason.empty() || reason == "replayed" || reason == "expired";
}

std::string digits(const std::string& sha256) {
  return sha256.substr(0, shown_digits);
}

} // namespace

base::Result<std::unique_ptr<Downloads>> Downloads::make(boost::asio::io_context& loop,
                                                         const base::Clock& clock, Station& station,
                                                         Media& media, store::Home home,
                                                         const std::string& ca) {
  const auto settings = store::load_download_settings(home);
  MACHIAI_TRY(settings);
  auto trusted = sync::trust(ca);
  MACHIAI_TRY(trusted);
  return std::make_unique<Downloads>(loop, clock, station, media, std::move(home), *settings,
                                     std::move(*trusted));
}

Downloads::Downloads(boost::asio::io_context& loop, const base::Clock& clock, Station& station, Media& media,
                     store::Home home, const store::DownloadSettings& settings,
                     std::shared_ptr<SSL_CTX> trusted)
    : loop_(loop), clock_(clock), station_(station), media_(media), home_(std::move(home)),
      settings_(settings), trusted_(std::move(trusted)), random_(std::random_device{}()), timer_(loop) {}

void Downloads::start() {
  (void)worker_.post([] {
    pthread_setname_np(pthread_self(), "fetch");
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), politeness);
  });
  const auto text = store::read_file(kept());
  if (auto manifest = text ? wire::manifest_from_text(*text) : tl::unexpected(text.error()))
    follow(std::move(*manifest));
  else if (text)
    spdlog::warn("fetch: what was told earlier cannot be read");
  look();
}

void Downloads::stop() {
  timer_.cancel();
  fetching_.interrupt.set();
}

void Downloads::told(std::string_view body) {
  auto manifest = wire::manifest_from_text(body);
  if (!manifest) return spdlog::warn("link: a manifest was not told right: {}", manifest.error().detail);
  keep(std::string(body) + "\n");
  follow(std::move(*manifest));
  go_on();
  tell();
}

/// New addresses are a new try for everything.
void Downloads::follow(wire::Manifest manifest) {
  manifest_ = std::move(manifest);
  tries_.clear();
  way_ = {};
  ++changes_;
  drop_parts();
}

/// A disk that does not take it costs nothing but this after a restart.
void Downloads::keep(std::string text) {
  (void)files_.post([path = kept(), text = std::move(text)] {
    if (const auto written = store::write_durable_file(path, text); !written)
      spdlog::info("fetch: what was told could not be kept: {}", written.error().reason);
  });
}

/// Begun for an earlier manifest, of files that nobody tells of any more.
void Downloads::drop_parts() {
  std::set<fs::path> wanted;
  for (const auto& each : manifest_->programmes) wanted.insert(sync::part_of(incoming(), each.file.sha256));
  for (const auto& each : manifest_->films) wanted.insert(sync::part_of(incoming(), each.file.sha256));
  (void)worker_.post([directory = incoming(), wanted = std::move(wanted)] {
    std::error_code error, ignored;
    for (const auto& entry : fs::directory_iterator(directory, error))
      if (!wanted.contains(entry.path())) fs::remove(entry.path(), ignored);
  });
}

void Downloads::look() {
  go_on();
  tell();
  timer_.expires_after(tick);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

bool Downloads::settled(std::string_view sha256) const {
  const auto found = settled_.find(sha256);
  return found != settled_.end() && (!found->second.with || found->second.with == media_.loaded());
}

/// Only when what it rests on has changed: some hundred films are counted here.
void Downloads::count() {
  const base::Instant now = clock_.now();
  Basis basis{media_.loaded(), media_.looks(), changes_, base::civil_date(now)};
  if (counted_with_ == basis) return;
  shortfall_ = sync::shortfall(
      *manifest_, *basis.loaded, [this](std::string_view sha256) { return media_.holds(sha256); },
      [this](std::string_view sha256) { return settled(sha256); }, now);
  counted_with_ = std::move(basis);
}

void Downloads::go_on() {
  if (!manifest_ || media_.looks() == 0 || fetching_.interrupt.is_set()) return;
  count();
  if (busy_) return;
  const sync::Next next = sync::next_fetch(shortfall_, *manifest_, tries_, way_, settings_, clock_.now());
  if (next.waits != waits_ && !next.waits.empty()) spdlog::info("fetch: waits ({})", next.waits);
  waits_ = next.waits;
  if (waits_.empty() && !next.wish) stuck_since_.reset();
  if (!waits_.empty() && waits_ != "fetch_hours") stuck_since_ = stuck_since_.value_or(clock_.now());
  if (next.wish) begin(shortfall_.wishes[*next.wish]);
}

void Downloads::begin(const sync::Wanted& wish) {
  fetching_.arrived = 0;
  if (!wish.film) {
    const wire::ManifestProgramme& told = manifest_->programmes[wish.at];
    busy_ = {told.file, told.programme, std::nullopt, wish.needed_at};
    return fetch();
  }
  const wire::ManifestFilm& told = manifest_->films[wish.at];
  busy_ = {told.file, told.title,
           store::FilmLabel{told.title, told.kind, told.millis, told.width, told.height, {}}, wish.needed_at};
  std::error_code error;
  const auto have = fs::file_size(sync::part_of(incoming(), told.file.sha256), error);
  media_.make_way(told.file.bytes, error ? 0 : have, [this](const Status& way) {
    if (way) return fetch();
    finish(way, 0);
  });
}

void Downloads::fetch() {
  sync::FetchSettings how;
  how.bytes_a_second = static_cast<std::uint64_t>(settings_.kbit) * 1000 / 8;
  // A programme is as small as what the ledger's reserve is kept for.
  if (busy_->film)
    how.room = [this, needed_at = busy_->needed_at,
                vault = vault::vault_size(busy_->file.bytes)](std::uint64_t bytes) -> Status {
      if (!sync::may_fetch(settings_, clock_.now(), needed_at))
        return base::fail(base::Error::Code::conflict, "fetch_hours");
      return room_for(home_, bytes + vault);
    };
  const bool taken = worker_.post([this, file = busy_->file, how = std::move(how)] {
    sync::Fetched done = sync::fetch(file, incoming(), trusted_.get(), how, fetching_);
    boost::asio::post(loop_, [this, done = std::move(done)] { fetched(done); });
  });
  if (!taken) finish(base::fail(base::Error::Code::limit, "overloaded"), 0);
}

void Downloads::fetched(const sync::Fetched& done) {
  if (fetching_.interrupt.is_set()) return;
  if (!done.status) return finish(done.status, done.gained);
  spdlog::info("fetch: {} has come ({} bytes now)", digits(busy_->file.sha256), done.gained);
  if (!busy_->film) return take_programme(done.gained);
  const std::string& sha256 = busy_->file.sha256;
  media_.take(sha256, *busy_->film, sync::part_of(incoming(), sha256),
              [this, gained = done.gained](const Status& taken) { finish(taken, gained); });
}

/// The station's keys decide, not the cloud. What is refused for now stays, for when they have changed.
void Downloads::take_programme(std::uint64_t gained) {
  const std::string sha256 = busy_->file.sha256;
  const bool posted = worker_.post([this, sha256, gained, facility = station_.settings().clinic.id] {
    const fs::path part = sync::part_of(incoming(), sha256);
    const auto text = store::read_file(part);
    const auto taken = text ? store::take_programme(home_, facility, *text, clock_.now())
                            : base::Result<programme::Programme>(tl::unexpected(text.error()));
    std::error_code error;
    const bool full = !taken && taken.error().code == base::Error::Code::storage;
    const std::string reason = taken ? std::string{} : taken.error().reason;
    if (is_for_good(reason)) fs::remove(part, error);
    boost::asio::post(loop_, [this, sha256, gained, full, reason] {
      if (full) return finish(base::fail(base::Error::Code::storage, reason), gained);
      refuse(sha256, reason);
      finish({}, gained);
    });
  });
  if (!posted) finish(base::fail(base::Error::Code::limit, "overloaded"), gained);
}

/// Or not, when there is no reason. Told once, as long as the reason is the same.
void Downloads::refuse(const std::string& sha256, const std::string& reason) {
  const auto before = settled_.find(sha256);
  if (reason.empty())
    spdlog::info("fetch: the programme {} was taken", digits(sha256));
  else if (before == settled_.end() || before->second.reason != reason)
    spdlog::error("fetch: the programme {} was refused ({})", digits(sha256), reason);
  settled_[sha256] = {reason, is_for_good(reason) ? nullptr : media_.loaded()};
  ++changes_;
}

void Downloads::finish(const Status& status, std::uint64_t gained) {
  const std::string sha256 = busy_->file.sha256;
  busy_.reset();
  if (status || gained > 0) stuck_since_.reset();
  if (status) {
    tries_.erase(sha256);
    way_ = {};
    return boost::asio::post(loop_, [this] { go_on(); });
  }
  const std::string& reason = status.error().reason;
  if (sync::spoils_part(reason))
    (void)worker_.post([part = sync::part_of(incoming(), sha256)] {
      std::error_code error;
      fs::remove(part, error);
    });
  const bool away = sync::is_of_the_way(reason);
  sync::Tries& tries = away ? way_ : tries_[sha256];
  if (tries.reason != reason) spdlog::warn("fetch: {} has not come ({})", digits(sha256), reason);
  const double spread = std::uniform_real_distribution<double>(0, 1)(random_);
  tries = sync::after_failure(tries, reason, gained > 0, clock_.now(), spread);
  if (!away) way_ = {};
  boost::asio::post(loop_, [this] { go_on(); });
}

std::size_t Downloads::missing_soon() const {
  const base::Instant now = clock_.now();
  return static_cast<std::size_t>(
      std::count_if(shortfall_.wishes.begin(), shortfall_.wishes.end(),
                    [&](const sync::Wanted& wish) { return wish.film && wish.needed_at - now < soon; }));
}

json::object Downloads::progress() const {
  json::object now;
  if (busy_) {
    const std::uint64_t arrived = fetching_.arrived;
    now = {{"sha256", busy_->file.sha256},
           {"title", busy_->title},
           {"kind", busy_->film ? busy_->film->kind : "programme"},
           {"bytes", busy_->file.bytes},
           {"arrived", arrived},
           {"percent", arrived * 100 / busy_->file.bytes}};
  }
  json::array refused;
  for (const wire::ManifestProgramme& each : manifest_->programmes)
    if (const auto found = settled_.find(each.file.sha256);
        found != settled_.end() && !found->second.reason.empty())
      refused.push_back(
          {{"programme", each.programme}, {"version", each.version}, {"reason", found->second.reason}});
  return {{"told", base::iso_instant(manifest_->at)},
          {"files", shortfall_.files},
          {"here", shortfall_.files - shortfall_.wishes.size()},
          {"now", busy_ ? json::value(std::move(now)) : json::value(nullptr)},
          {"waits", waits_},
          {"missing_soon", missing_soon()},
          {"late", sync::is_late(missing_soon(), stuck_since_, clock_.now())},
          {"refused", std::move(refused)}};
}

void Downloads::tell() {
  if (manifest_ && counted_with_) station_.downloads_changed(progress());
}

} // namespace machiai::daemon
