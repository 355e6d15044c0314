// SPDX-License-Identifier: Apache-2.0
// What time alone changes on a node: windows that open, draws that are due, requests whose answer is overdue,
// data past its day.
#include "cloud/node.hpp"
#include "cloud/store/forget.hpp"
#include "cloud/store/forward.hpp"
#include "net/to.hpp"

#include <boost/asio/use_awaitable.hpp>

namespace machiai::cloud {

namespace asio = boost::asio;
using base::Result;

namespace {

constexpr std::chrono::seconds beat_every{25};
constexpr std::chrono::seconds forget_every{3600};
constexpr int most_forgotten = 1000; ///< rows of a kind in a transaction

} // namespace

/// What time alone changes: windows that open, draws that are due, data past its day.
asio::awaitable<void> Node::tick() {
  while (!stopping_) {
    boost::system::error_code error;
    ticker_.expires_after(std::chrono::seconds{1});
    co_await ticker_.async_wait(net::to(error));
    if (error) co_return;
    co_await hold_draws();
    co_await settle_overdue();
    for (auto& [id, place] : places_)
      if (!place->viewers.empty()) push_now(*place);
    if (++seconds_ % beat_every.count() == 0) {
      const Frame beat = live_frame("beat", clock.now(), {});
      for (auto& [id, place] : places_) {
        const auto viewers = place->viewers.all();
        for (const auto& viewer : viewers) viewer->beat(beat);
      }
    }
    const auto today = base::civil_date(clock.now());
    if (seconds_ % forget_every.count() == 1 || today != forgotten_) co_await forget(today);
  }
}

/// Whoever asked has gone, or their node has; the request gets its number all the same.
asio::awaitable<void> Node::settle_overdue() {
  using All = std::vector<store::Overdue>;
  const store::Database::Work<All> look = [now = clock.now()](pqxx::connection& connection) -> Result<All> {
    return store::overdue(connection, now);
  };
  const auto all = co_await database.run<All>(look);
  if (!all) co_return;
  for (const store::Overdue& each : *all) {
    const Place* place = find(each.facility);
    if (place == nullptr) continue;
    const store::Database::Work<bool> work = [profile = place->profile,
                                              key = each.key](pqxx::connection& connection) -> Result<bool> {
      const auto told = store::settle(connection, *profile, key, true);
      MACHIAI_TRY(told);
      return true;
    };
    (void)co_await database.run<bool>(work);
    changed(each.facility);
  }
}

asio::awaitable<void> Node::hold_draws() {
  const auto now = clock.now();
  const store::Database::Work<std::vector<store::DrawDue>> work =
      [now](pqxx::connection& connection) -> Result<std::vector<store::DrawDue>> {
    return store::due_draws(connection, now);
  };
  auto due = co_await database.run<std::vector<store::DrawDue>>(work);
  if (!due) co_return;
  for (const store::DrawDue& each : *due) {
    const Place* place = find(each.facility);
    if (place == nullptr) continue;
    const auto profile = place->profile;
    const store::Database::Work<bool> draw = [profile, each,
                                              now](pqxx::connection& connection) -> Result<bool> {
      store::hold_draw(connection, *profile, each, now);
      return true;
    };
    (void)co_await database.run<bool>(draw);
    changed(each.facility);
  }
}

/// Again with the next tick while there is more.
asio::awaitable<void> Node::forget(base::Date today) {
  std::set<int> ended;
  for (const auto& [id, place] : places_)
    if (cards_go(place->profile->contract, keep, today)) ended.insert(id);
  const store::Database::Work<bool> work = [past = past_of(keep, today), ended,
                                            today](pqxx::connection& connection) -> Result<bool> {
    return store::forget(connection, past, ended, today, most_forgotten);
  };
  const auto more = co_await database.run<bool>(work);
  if (more) forgotten_ = *more ? base::Date{} : today;
}

} // namespace machiai::cloud
