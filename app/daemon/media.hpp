// SPDX-License-Identifier: Apache-2.0
// The films of this station as the programme asks for them: read whole and verified once per start, beside
// the loop (P3). Their keys end with the rights of the programmes.
#pragma once

#include "app/daemon/writer.hpp"
#include "core/base/clock.hpp"
#include "core/store/media.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace machiai::daemon {

class Media {
public:
  using Programmes = std::vector<programme::Loaded>;
  /// `changed`: called on the loop when another film can be played, or one no longer.
  Media(boost::asio::io_context& loop, const base::Clock& clock, store::Home home, std::uint64_t quota,
        std::function<void()> changed)
      : loop_(loop), clock_(clock), home_(std::move(home)), quota_(quota), changed_(std::move(changed)),
        timer_(loop) {}

  void start() { look(); }
  void stop();
  /// Of these programmes: what they need is verified first, their rights end the keys.
  void follow(std::shared_ptr<const Programmes> loaded);
  [[nodiscard]] bool ready(std::string_view sha256, base::Instant now) const;
  /// A deck could not play it: it is read again, and goes into quarantine when it is damaged.
  void doubt(const std::string& sha256);

  [[nodiscard]] std::shared_ptr<const Programmes> loaded() const { return errand_.loaded; }
  /// Grows with each look at the shelf that found other films; 0: not looked yet.
  [[nodiscard]] std::uint64_t looks() const { return looks_; }
  /// Lies here and need not be fetched, whether it was verified yet or not.
  [[nodiscard]] bool holds(std::string_view sha256) const { return held_.contains(sha256); }
  using Done = std::function<void(base::Status)>; ///< on the loop
  /// Whether a film of so many bytes may come, of which `have` are here: it lies twice on the disk until it
  /// is encrypted. What no programme needs is given up for it. Errors of store::may_take.
  void make_way(std::uint64_t bytes, std::uint64_t have, Done done);
  /// Takes a film that was fetched, and removes its file. Errors of MediaShelf::put; forbidden "right_ended",
  /// invalid "hash_differs".
  void take(std::string sha256, store::FilmLabel label, std::filesystem::path file, Done done);

private:
  using Ready = std::map<std::string, base::Instant, std::less<>>; ///< until when each may be played
  using Held = std::set<std::string, std::less<>>;
  void look();
  void run(std::function<base::Status()> job, Done done);
  [[nodiscard]] base::Status take_now(const std::string& sha256, const store::FilmLabel& label,
                                      const std::filesystem::path& file, const Programmes& loaded);
  struct Errand {
    std::shared_ptr<const Programmes> loaded = std::make_shared<const Programmes>(); ///< never null
    std::vector<std::string> doubted;
    bool rights_changed = false;
  };
  void round(const Errand& errand);
  [[nodiscard]] bool look_at_files();
  void sweep(const Programmes& loaded);
  void publish();
  [[nodiscard]] std::vector<std::string> unverified(const Programmes& loaded) const;

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  store::Home home_;
  std::uint64_t quota_;
  std::function<void()> changed_;
  Ready ready_;
  Held held_;
  std::uint64_t looks_ = 0;
  Errand errand_; ///< of the next round
  bool in_round_ = false;
  boost::asio::steady_timer timer_;
  std::atomic<bool> stopping_ = false;

  // Of the reader's thread alone:
  std::optional<store::MediaShelf> shelf_;
  std::optional<base::Date> swept_;
  std::set<std::string>
      refused_; ///< could not be read whole, and it was not the film's fault: not again today
  std::string trouble_;
  Reader reader_;
};

} // namespace machiai::daemon
