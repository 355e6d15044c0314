// SPDX-License-Identifier: Apache-2.0
#include "cloud/node.hpp"

#include "cloud/store/counter.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/store/forward.hpp"
#include "cloud/wakeup.hpp"
#include "core/numbering/cloud.hpp"
#include "net/to.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace machiai::cloud {

namespace asio = boost::asio;
namespace json = boost::json;
using base::Result;
using base::Status;

namespace {

/// While one commits the next gathers: on few cores the largest batches are the fastest.
constexpr int batches_at_once = 1;
constexpr std::size_t largest_batch = 512;
constexpr std::chrono::milliseconds load_at_most_every{50};
constexpr std::chrono::milliseconds push_at_most_every{100};
constexpr std::chrono::seconds text_life{1}; ///< what a status says of the clock's time may be so old
constexpr int tickets_every = 15;            ///< seconds

std::size_t index_of(std::string_view lang) {
  return lang == "en" ? 1 : 0;
}

Cached cached(const json::object& view, base::Instant now) {
  Cached text{json::serialize(view), {}, now};
  text.etag = etag_of(text.body);
  return text;
}

} // namespace

Node::Node(asio::io_context& the_loop, const base::Clock& the_clock, store::Database& the_database,
           const Authority& the_authority, std::string key)
    : loop(the_loop), clock(the_clock), database(the_database), authority(the_authority),
      card_key(std::move(key)), ticker_(the_loop) {}

asio::awaitable<Status> Node::start() {
  auto read = co_await read_facilities();
  if (!read) co_return read;
  database.listen([this](const std::string& payload) { heard(payload); });
  asio::co_spawn(loop, tick(), asio::detached);
  co_return Status{};
}

asio::awaitable<Status> Node::read_facilities() {
  const store::Database::Work<store::Facilities> work =
      [](pqxx::connection& connection) -> Result<store::Facilities> {
    return store::load_facilities(connection);
  };
  auto read = co_await database.run<store::Facilities>(work);
  if (!read) co_return tl::unexpected(read.error());
  provider = std::make_shared<service::Provider>(read->provider);
  keep = read->keep;
  for (Profile& each : read->all) {
    auto& place = places_[each.id];
    if (!place) place = std::make_unique<Place>(loop);
    names_[each.slug] = each.id;
    names_[std::to_string(each.number)] = each.id;
    place->profile = std::make_shared<const Profile>(std::move(each));
    place->status[0] = place->status[1] = place->page[0] = place->page[1] = {};
  }
  co_return Status{};
}

void Node::stop() {
  stopping_ = true;
  ticker_.cancel();
  for (auto& [id, place] : places_) place->viewers.close();
}

Place* Node::find(std::string_view facility) {
  const auto found = names_.find(std::string(facility));
  return found == names_.end() ? nullptr : find(found->second);
}

Place* Node::find(int facility) {
  const auto found = places_.find(facility);
  return found == places_.end() ? nullptr : found->second.get();
}

/// Payloads: what changed of whom (cloud/wakeup), "profiles" the facilities themselves, "" after a gap.
void Node::heard(const std::string& payload) {
  if (payload.empty() || payload == "profiles")
    asio::co_spawn(
        loop, [this]() -> asio::awaitable<void> { (void)co_await read_facilities(); }, asio::detached);
  if (payload.empty()) {
    for (auto& [id, place] : places_) {
      ++place->shelf;
      changed(id);
    }
    return;
  }
  for (const WakeUp& each : wake_ups(payload)) {
    if (each.what == Changed::shelf) {
      shelf_changed(each.facility);
    } else {
      changed(each.facility, each.what == Changed::events);
    }
  }
}

void Node::shelf_changed(int facility) {
  Place* place = find(facility);
  if (place == nullptr) return;
  ++place->shelf;
  if (on_change) on_change(facility);
}

void Node::changed(int facility, bool by_station) {
  Place* place = find(facility);
  if (place == nullptr) return;
  ++place->wanted;
  if (on_change && !by_station) on_change(facility);
  for (asio::steady_timer* each : place->asking) each->cancel();
  if (!place->viewers.empty()) push_now(*place);
}

void Node::announce(int facility) {
  changed(facility, true);
  unannounced_.insert(facility);
  if (!std::exchange(announcing_, true)) asio::co_spawn(loop, tell_others(), asio::detached);
}

asio::awaitable<void> Node::tell_others() {
  while (!unannounced_.empty()) {
    const store::Database::Work<bool> work =
        [all = std::exchange(unannounced_, {})](pqxx::connection& connection) -> Result<bool> {
      store::announce(connection, all);
      return true;
    };
    (void)co_await database.run<bool>(work);
  }
  announcing_ = false;
}

asio::awaitable<Result<std::shared_ptr<const store::Day>>> Node::day(Place& place, bool fresh) {
  const std::uint64_t wanted = place.wanted;
  const auto enough = [&] {
    const auto now = clock.now();
    if (!place.day || place.day->date != base::civil_date(now)) return false;
    const bool lately = now >= place.asked && now - place.asked < load_at_most_every; // a clock may go back
    return place.have >= wanted || (!fresh && lately);
  };
  while (!enough()) {
    if (place.loading) {
      boost::system::error_code ignored;
      const std::uint64_t before = place.failed;
      co_await place.loaded.async_wait(net::to(ignored));
      // Whoever waited has been patient enough: one after the other they would wait for each other's tries.
      if (place.failed != before) co_return base::fail(base::Error::Code::storage, "not_recorded");
      continue;
    }
    place.loading = true;
    place.asked = clock.now();
    const std::uint64_t loading = place.wanted;
    const auto date = base::civil_date(place.asked);
    const store::Database::Work<store::Day> work =
        [id = place.profile->id, date](pqxx::connection& connection) -> Result<store::Day> {
      return store::load_day(connection, id, date);
    };
    auto read = co_await database.run<store::Day>(work);
    place.loading = false;
    place.loaded.cancel();
    if (!read) {
      ++place.failed;
      co_return tl::unexpected(read.error());
    }
    place.day = std::make_shared<const store::Day>(std::move(*read));
    place.have = loading;
    place.status[0] = place.status[1] = place.page[0] = place.page[1] = {};
  }
  co_return place.day;
}

asio::awaitable<Result<store::BookingTold>> Node::book(store::BookingAsked asked) {
  auto initiate = [this](auto handler, store::BookingAsked&& wanted) {
    struct Asker {
      decltype(handler) tell;
      asio::steady_timer patience;
      bool told = false;
    };
    auto asker =
        std::make_shared<Asker>(Asker{std::move(handler), asio::steady_timer(loop, store::answer_within)});
    const auto give = [this, asker](Result<store::BookingTold> told) {
      if (std::exchange(asker->told, true)) return;
      asker->patience.cancel();
      asio::post(loop, [asker, told = std::move(told)]() mutable { asker->tell(std::move(told)); });
    };
    pending_.push_back({std::move(wanted), give, asker->patience.expiry()});
    asker->patience.async_wait([give](const boost::system::error_code& error) {
      if (!error) give(base::fail(base::Error::Code::storage, "not_recorded"));
    });
    pump();
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(Result<store::BookingTold>)>(
      initiate, asio::use_awaitable, std::move(asked));
}

void Node::pump() {
  while (in_flight_ < batches_at_once && !pending_.empty()) {
    std::vector<Pending> batch;
    while (!pending_.empty() && batch.size() < largest_batch) {
      // Whoever was told that nothing is known, before his turn came, is not booked after all.
      if (pending_.front().until > std::chrono::steady_clock::now())
        batch.push_back(std::move(pending_.front()));
      pending_.pop_front();
    }
    if (batch.empty()) return;
    ++in_flight_;
    asio::co_spawn(loop, run_batch(std::move(batch)), asio::detached);
  }
}

asio::awaitable<void> Node::run_batch(std::vector<Pending> batch) {
  auto asked = std::make_shared<std::vector<store::BookingAsked>>();
  for (Pending& each : batch) asked->push_back(std::move(each.asked));
  const store::Database::Work<Told> work = [asked](pqxx::connection& connection) -> Result<Told> {
    return store::book(connection, *asked);
  };
  auto told = co_await database.run<Told>(work);
  --in_flight_;
  for (std::size_t at = 0; at < batch.size(); ++at) {
    if (told && (*told)[at]) changed((*asked)[at].facility->id);
    batch[at].tell(told ? std::move((*told)[at]) : Result<store::BookingTold>(tl::unexpected(told.error())));
  }
  pump();
}

asio::awaitable<Result<std::string>> Node::settled(Place& place, std::string key) {
  using Answer = std::optional<std::string>;
  asio::steady_timer wait(loop);
  const auto until = std::chrono::steady_clock::now() + numbering::forward_patience;
  for (;;) {
    const bool late = std::chrono::steady_clock::now() >= until;
    const std::uint64_t seen = place.wanted;
    const auto day = co_await this->day(place, true);
    const bool open =
        day && std::any_of((*day)->tickets.begin(), (*day)->tickets.end(),
                           [&](const auto& each) { return each.request == key && each.state == "asking"; });
    if (late || !open) {
      const store::Database::Work<Answer> work = [profile = place.profile, key,
                                                  late](pqxx::connection& connection) -> Result<Answer> {
        return store::settle(connection, *profile, key, late);
      };
      auto told = co_await database.run<Answer>(work);
      if (!told) {
        changed(place.profile->id);
        co_return tl::unexpected(told.error());
      }
      if (*told) {
        changed(place.profile->id, !late); // what was answered is on the ticket's page at once
        co_return std::move(**told);
      }
    }
    if (place.wanted != seen) continue;
    boost::system::error_code ignored;
    wait.expires_at(until);
    place.asking.insert(&wait);
    co_await wait.async_wait(net::to(ignored));
    place.asking.erase(&wait);
  }
}

Scene Node::scene(const Place& place, const store::Day& day, std::string_view lang) const {
  return {*place.profile, *provider, day, clock.now(), lang, mail};
}

const Cached& Node::status(Place& place, std::string_view lang) {
  Cached& kept = place.status[index_of(lang)];
  const auto now = clock.now();
  if (kept.body.empty() || now - kept.made > text_life || now < kept.made)
    kept = cached(status_view(scene(place, *place.day, lang)), now);
  return kept;
}

const Cached& Node::page(Place& place, std::string_view lang) {
  Cached& kept = place.page[index_of(lang)];
  const auto now = clock.now();
  if (kept.body.empty() || now - kept.made > text_life || now < kept.made)
    kept = cached(facility_view(scene(place, *place.day, lang)), now);
  return kept;
}

void Node::watch(Place& place, const std::shared_ptr<Viewer>& viewer) {
  place.viewers.add(viewer);
  viewer->start();
  if (place.pushing) place.pushed = 0; // whose round may have passed it: once more after its pause
  push_now(place);
}

void Node::push_now(Place& place) {
  if (place.pushing || stopping_) return;
  place.pushing = true;
  asio::co_spawn(loop, push(place), asio::detached);
}

/// The day of a slot to come, or yesterday, read once a push; none when it cannot be read.
asio::awaitable<const store::Day*> Node::other_day(int facility, base::Date date, OtherDays& known) {
  if (const auto found = known.find(date); found != known.end()) co_return &found->second;
  const store::Database::Work<store::Day> work = [facility,
                                                  date](pqxx::connection& connection) -> Result<store::Day> {
    return store::load_day(connection, facility, date);
  };
  auto read = co_await database.run<store::Day>(work);
  if (!read) co_return nullptr;
  co_return &known.emplace(date, std::move(*read)).first->second;
}

/// Sends each viewer what has changed for it; again while more changes come.
asio::awaitable<void> Node::push(Place& place) {
  asio::steady_timer pause(loop);
  do {
    place.pushed = place.wanted;
    const auto day = co_await this->day(place, true);
    if (!day) break;
    const auto now = clock.now();
    Frame frames[2];
    OtherDays others;
    const auto viewers = place.viewers.all();
    for (const auto& viewer : viewers) {
      const std::size_t lang = viewer->english ? 1 : 0;
      const std::string_view name = viewer->english ? "en" : "ja";
      if (viewer->token.empty() && viewer->number.empty()) {
        const Cached& text = status(place, name);
        if (viewer->last == text.etag) continue;
        if (!frames[lang]) frames[lang] = live_frame("status", now, text.body);
        viewer->last = text.etag;
        viewer->send(frames[lang]);
        continue;
      }
      // Without a change only the age of the data can be new: looked at now and then.
      const std::uint64_t have = place.have;
      if (viewer->seen == have && seconds_ % tickets_every != 0) continue;
      const auto token = parse_token(viewer->token, now);
      const store::Day* of = day->get();
      if (token && token->date != of->date) of = co_await other_day(place.profile->id, token->date, others);
      if (of == nullptr) continue;
      viewer->seen = have;
      const Scene now_there = scene(place, *of, name);
      const auto view = token ? ticket_view(now_there, *token) : number_view(now_there, viewer->number);
      if (!view) {
        viewer->close(); // its day is over
        continue;
      }
      const std::string text = json::serialize(*view);
      std::string etag = etag_of(text);
      if (viewer->last == etag) continue;
      viewer->last = std::move(etag);
      viewer->send(live_frame(token ? "ticket" : "number", now, text));
    }
    boost::system::error_code ignored;
    pause.expires_after(push_at_most_every);
    co_await pause.async_wait(net::to(ignored));
  } while (!stopping_ && place.pushed != place.wanted && !place.viewers.empty());
  place.pushing = false;
}

} // namespace machiai::cloud
