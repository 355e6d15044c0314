// SPDX-License-Identifier: Apache-2.0
// What the cloud tells of programmes and films is fetched, beside the loop and after whatever the reception
// does: one file at a time, on a thread of its own. What has arrived is judged like what a person brings; the
// cloud removes nothing.
#pragma once

#include "app/daemon/media.hpp"
#include "app/daemon/station.hpp"
#include "app/daemon/writer.hpp"
#include "core/store/downloads.hpp"
#include "sync/fetch.hpp"

#include <memory>
#include <random>
#include <string>
#include <string_view>

namespace machiai::daemon {

class Downloads {
public:
  /// `ca`: the authorities of the cloud's link. Error storage "bad_identity".
  [[nodiscard]] static base::Result<std::unique_ptr<Downloads>> make(boost::asio::io_context& loop,
                                                                     const base::Clock& clock,
                                                                     Station& station, Media& media,
                                                                     store::Home home, const std::string& ca);
  Downloads(boost::asio::io_context& loop, const base::Clock& clock, Station& station, Media& media,
            store::Home home, const store::DownloadSettings& settings, std::shared_ptr<SSL_CTX> trusted);

  /// Goes on with what was told before the last end.
  void start();
  void stop();
  /// The link's document.
  void told(std::string_view body);

private:
  using Programmes = Media::Programmes;
  /// A programme's file that was taken or refused.
  struct Settled {
    std::string reason;                     ///< empty: taken
    std::shared_ptr<const Programmes> with; ///< beside these; among others, or other keys, it is tried again
  };
  /// What a shortfall rests on.
  struct Basis {
    std::shared_ptr<const Programmes> loaded;
    std::uint64_t looks = 0, changes = 0;
    base::Date today{};
    bool operator==(const Basis&) const = default;
  };
  struct Busy {
    wire::ManifestFile file;
    std::string title;
    std::optional<store::FilmLabel> film; ///< none: a programme
    base::Instant needed_at{};
  };
  void look();
  void follow(wire::Manifest manifest);
  void keep(std::string text);
  void drop_parts();
  void count();
  void go_on();
  void begin(const sync::Wanted& wish);
  void fetch();
  void fetched(const sync::Fetched& done);
  void take_programme(std::uint64_t gained);
  void finish(const base::Status& status, std::uint64_t gained);
  void refuse(const std::string& sha256, const std::string& reason);
  void tell();
  [[nodiscard]] bool settled(std::string_view sha256) const;
  [[nodiscard]] std::size_t missing_soon() const;
  [[nodiscard]] boost::json::object progress() const;
  [[nodiscard]] std::filesystem::path incoming() const { return home_.media() / "incoming"; }
  [[nodiscard]] std::filesystem::path kept() const { return home_.cloud() / "manifest.json"; }

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  Station& station_;
  Media& media_;
  store::Home home_;
  store::DownloadSettings settings_;
  std::shared_ptr<SSL_CTX> trusted_;
  std::optional<wire::Manifest> manifest_;
  sync::Shortfall shortfall_;
  std::optional<Basis> counted_with_;
  std::uint64_t changes_ = 0; ///< of the manifest and of `settled_`
  std::map<std::string, sync::Tries, std::less<>> tries_;
  sync::Tries way_;
  std::map<std::string, Settled, std::less<>> settled_;
  std::optional<Busy> busy_;
  std::string waits_;
  std::optional<base::Instant> stuck_since_; ///< since when nothing has come that was tried
  std::mt19937 random_;
  boost::asio::steady_timer timer_;
  sync::Fetching fetching_;
  Reader files_;
  Reader worker_;
};

} // namespace machiai::daemon
