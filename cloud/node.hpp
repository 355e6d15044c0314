// SPDX-License-Identifier: Apache-2.0
// One node of the cloud: what it remembers of the database between two requests, the bookings that wait for
// their shared commit, and the viewers. It keeps nothing that another node could not read again.
#pragma once

#include "cloud/authority.hpp"
#include "cloud/http.hpp"
#include "cloud/keep.hpp"
#include "cloud/profile.hpp"
#include "cloud/store/bookings.hpp"
#include "cloud/store/database.hpp"
#include "cloud/store/days.hpp"
#include "cloud/view.hpp"
#include "cloud/viewer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace machiai::cloud {

/// A text that many ask for, and its ETag.
struct Cached {
  std::string body;
  std::string etag;
  base::Instant made{};
};

/// Where what stations fetch lies, and how they are told of it.
struct MediaAt {
  std::filesystem::path dir; ///< of the files
  std::string key;           ///< of signed addresses; empty: nothing is given
  std::string address;       ///< "https://host:port" that the signed addresses begin with
};

/// One facility on this node.
struct Place {
  explicit Place(boost::asio::io_context& loop)
      : loaded(loop, boost::asio::steady_timer::time_point::max()) {}
  std::shared_ptr<const Profile> profile;
  std::shared_ptr<const store::Day> day;
  std::uint64_t wanted = 1; ///< rises with each change that is heard of
  std::uint64_t shelf = 1;  ///< rises when what its station should have may have changed
  std::uint64_t have = 0;   ///< what `day` was loaded for
  base::Instant asked{};    ///< when it was loaded last
  bool loading = false;
  std::uint64_t failed = 0;         ///< loads that came to nothing
  boost::asio::steady_timer loaded; ///< cancelled when a load has ended
  Cached status[2];                 ///< ja, en
  Cached page[2];
  Viewers viewers;
  std::set<boost::asio::steady_timer*> asking; ///< cancelled with each change
  bool pushing = false;
  std::uint64_t pushed = 0;
};

class Node {
public:
  Node(boost::asio::io_context& loop, const base::Clock& clock, store::Database& database,
       const Authority& authority, std::string card_key);
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Reads the facilities and begins to hear of changes.
  boost::asio::awaitable<base::Status> start();
  void stop();

  [[nodiscard]] Place* find(std::string_view facility);
  [[nodiscard]] Place* find(int facility);
  /// The day as it is now, or a moment ago: `fresh` asks the database for every change that is known of.
  boost::asio::awaitable<base::Result<std::shared_ptr<const store::Day>>> day(Place& place, bool fresh);
  /// Books within a commit that others share.
  boost::asio::awaitable<base::Result<store::BookingTold>> book(store::BookingAsked asked);
  /// The answer of a request that the clinic is asked about: its numbers, or our own when it takes too long.
  boost::asio::awaitable<base::Result<std::string>> settled(Place& place, std::string key);
  /// Something of the facility was changed by this node or another.
  /// `by_station`: by its events alone, so that there is nothing new to tell it.
  void changed(int facility, bool by_station = false);
  /// Its station's events changed it, and the other nodes are told. Notices of a moment share a transaction:
  /// PostgreSQL commits those that carry any one after the other. One that dies with this node is made up for
  /// by the station's next link.
  void announce(int facility);
  void watch(Place& place, const std::shared_ptr<Viewer>& viewer);
  [[nodiscard]] Scene scene(const Place& place, const store::Day& day, std::string_view lang) const;
  [[nodiscard]] const Cached& status(Place& place, std::string_view lang);
  [[nodiscard]] const Cached& page(Place& place, std::string_view lang);

  /// Called with each facility that was changed from outside, here or on another node.
  std::function<void(int)> on_change;
  boost::asio::io_context& loop;
  const base::Clock& clock;
  store::Database& database;
  const Authority& authority;
  const std::string card_key;
  MediaAt media;
  bool mail = false; ///< whether notices are sent by e-mail
  std::shared_ptr<const service::Provider> provider = std::make_shared<service::Provider>();
  Keep keep; ///< how long personal data is kept

private:
  using Told = std::vector<base::Result<store::BookingTold>>;
  struct Pending {
    store::BookingAsked asked;
    std::function<void(base::Result<store::BookingTold>)> tell;
    std::chrono::steady_clock::time_point until; ///< when the caller is answered, whatever is known
  };
  boost::asio::awaitable<void> run_batch(std::vector<Pending> batch);
  void pump();
  boost::asio::awaitable<base::Status> read_facilities();
  using OtherDays = std::map<base::Date, store::Day>;
  boost::asio::awaitable<const store::Day*> other_day(int facility, base::Date date, OtherDays& known);
  boost::asio::awaitable<void> push(Place& place);
  void push_now(Place& place);
  boost::asio::awaitable<void> tick();
  boost::asio::awaitable<void> forget(base::Date today);
  boost::asio::awaitable<void> hold_draws();
  boost::asio::awaitable<void> settle_overdue();
  void heard(const std::string& payload);
  void shelf_changed(int facility);
  boost::asio::awaitable<void> tell_others();

  std::map<int, std::unique_ptr<Place>> places_;
  std::unordered_map<std::string, int> names_;
  std::deque<Pending> pending_;
  int in_flight_ = 0;
  std::set<int> unannounced_;
  bool announcing_ = false;
  bool stopping_ = false;
  int seconds_ = 0;
  base::Date forgotten_; ///< when what is past its day was deleted last
  boost::asio::steady_timer ticker_;
};

} // namespace machiai::cloud
