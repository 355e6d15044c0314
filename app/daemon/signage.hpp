// SPDX-License-Identifier: Apache-2.0
// What the waiting room's screen plays, as the hub's view "programme": from the documents on this station,
// decided here alone, whatever the network does. Everything else goes through as it came.
#pragma once

#include "app/daemon/airings.hpp"
#include "app/daemon/media.hpp"
#include "app/daemon/notices.hpp"
#include "app/daemon/station.hpp"
#include "core/programme/plan.hpp"
#include "core/store/halt.hpp"
#include "core/store/programmes.hpp"

#include <boost/asio/steady_timer.hpp>

namespace machiai::daemon {

class Signage final : public hub::Backend {
public:
  Signage(boost::asio::io_context& loop, const base::Clock& clock, hub::Backend& inner, Station& station,
          store::Home home)
      : loop_(loop), clock_(clock), inner_(inner), station_(station), home_(std::move(home)), timer_(loop),
        media_(loop, clock, home_, std::uint64_t(station.settings().media_quota_gb) << 30,
               [this] { replan(); }),
        halt_(home_), airings_(loop, clock, station, home_), notices_(loop, inner, home_) {}

  void set_changed(std::function<void()> changed) { changed_ = std::move(changed); }
  /// Reads the documents and keeps looking for new ones.
  void start();
  void stop() {
    timer_.cancel();
    media_.stop();
  }

  [[nodiscard]] Media& media() { return media_; }

  void handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) override;
  boost::json::object view(const std::string& name) override;
  void seat_came(const hub::Caller& caller) override { inner_.seat_came(caller); }
  void seat_left(const hub::Caller& caller) override { inner_.seat_left(caller); }

private:
  void look();
  void read();
  void keep(base::Result<store::Shelf> shelf);
  /// Plans a day, which takes up to some milliseconds, only when the turn has ended or what it rests on has
  /// changed.
  void plan();
  void plan_next();
  void tell_troubles();
  void replan();
  void stop_by_hand(const hub::Caller& caller, const boost::json::object& args, const hub::Respond& respond);
  [[nodiscard]] boost::json::object now_and_next();
  [[nodiscard]] base::Result<boost::json::object> explain(const boost::json::object& args) const;
  [[nodiscard]] programme::Facts facts(base::Instant at) const;

  boost::asio::io_context& loop_;
  const base::Clock& clock_;
  hub::Backend& inner_;
  Station& station_;
  store::Home home_;
  std::function<void()> changed_;
  store::Shelf shelf_;
  std::string stamp_; ///< of the files `shelf_` was read from
  bool reading_ = false;
  programme::Airing now_, next_;
  programme::Facts planned_with_; ///< what `now_` and `next_` rest on, beside `shelf_`
  base::Instant told_until_{};    ///< the end of the turn last told
  std::string told_;              ///< and which
  bool films_counted_ = false;    ///< of today, by the documents and the shelf as they are
  base::Date counted_on_{};
  bool films_lacking_ = false;
  std::optional<base::Instant> lacking_since_;
  boost::asio::steady_timer timer_;
  Media media_;
  store::Halt halt_;
  Airings airings_;
  Notices notices_;
  Reader reader_; ///< reads and verifies beside the loop
};

} // namespace machiai::daemon
