// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/signage.hpp"

#include "core/store/contract.hpp"
#include "core/wire/commands.hpp"
#include "core/wire/programme.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

namespace machiai::daemon {

namespace json = boost::json;
using base::Error;
using base::fail;

namespace {

constexpr std::chrono::seconds look_every{1};

bool reviews_lost(const store::Shelf& shelf) {
  return std::any_of(shelf.refused.begin(), shelf.refused.end(),
                     [](const auto& each) { return each.second == "bad_reviews"; });
}

/// What was decided and read earlier in this run is still decided.
void keep_reviews(std::vector<programme::Loaded>& loaded, const std::vector<programme::Loaded>& known) {
  for (programme::Loaded& each : loaded)
    for (const programme::Loaded& earlier : known)
      if (earlier.programme.id == each.programme.id && earlier.programme.version == each.programme.version)
        each.review = earlier.review;
}

} // namespace

void Signage::start() {
  halt_.load();
  keep(store::load_programmes(home_, station_.settings().clinic.id));
  stamp_ = store::programmes_stamp(home_);
  look();
  media_.start();
}

/// Once a second: whether the turn has changed, and whether the files have.
void Signage::look() {
  const std::string stamp = store::programmes_stamp(home_);
  if (stamp != stamp_ && !reading_) {
    stamp_ = stamp;
    read();
  }
  plan();
  tell_troubles();
  const std::string turn = now_.programme + " " + now_.slot + " " + now_.item;
  if (now_.until != told_until_ || turn != told_) {
    told_until_ = now_.until;
    told_ = turn;
    changed_();
  }
  timer_.expires_after(look_every);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

void Signage::read() {
  reading_ = reader_.post([this] {
    auto shelf = store::load_programmes(home_, station_.settings().clinic.id);
    boost::asio::post(loop_, [this, shelf = std::move(shelf)]() mutable {
      reading_ = false;
      keep(std::move(shelf));
      changed_();
    });
  });
}

/// A shelf that cannot be read leaves the last good one in force: "cannot read" never means "nothing to play"
/// (P4).
void Signage::keep(base::Result<store::Shelf> shelf) {
  if (!shelf) return spdlog::error("programmes: not read ({})", shelf.error().reason);
  for (const auto& [file, reason] : shelf->refused)
    spdlog::error("programmes: {} left out ({})", file, reason);
  if (reviews_lost(*shelf)) keep_reviews(shelf->loaded, shelf_.loaded);
  shelf_ = std::move(*shelf);
  films_counted_ = false;
  media_.follow(std::make_shared<const Media::Programmes>(shelf_.loaded));
  now_ = {}; // planned anew
}

/// What a person has to see to: at the desk, with or without a cloud.
void Signage::tell_troubles() {
  const base::Instant now = clock_.now();
  const base::Date today = base::civil_date(now);
  if (!films_counted_ || counted_on_ != today) {
    films_counted_ = media_.looks() > 0;
    counted_on_ = today;
    programme::Facts all_here = facts(now);
    all_here.ready = {};
    films_lacking_ = false;
    if (films_counted_)
      for (const programme::Item* item : programme::items_of(shelf_.loaded, today, all_here))
        if (!media_.ready(item->sha256, now) && !media_.holds(item->sha256)) films_lacking_ = true;
  }
  if (!films_lacking_) lacking_since_.reset();
  if (films_lacking_ && !lacking_since_) lacking_since_ = now;
  ProgrammeTroubles troubles;
  troubles.films_missing = programme::films_are_told(lacking_since_, station_.linked(), now);
  for (const auto& [file, reason] : shelf_.refused)
    (reason == "bad_reviews" ? troubles.reviews_lost : troubles.refused) = true;
  station_.programme_troubles(troubles);
}

/// Other films can be played: what runs goes on to its end if it still can.
void Signage::replan() {
  films_counted_ = false;
  const base::Instant now = clock_.now();
  if (now < now_.until && media_.ready(now_.sha256, now))
    plan_next();
  else
    now_ = {};
  changed_();
}

void Signage::plan() {
  const base::Instant now = clock_.now();
  programme::Facts today = facts(now);
  const auto same = [](const programme::Facts& a, const programme::Facts& b) {
    return std::tie(a.open, a.clock_trusted, a.paused, a.signage, a.suspended, a.until) ==
           std::tie(b.open, b.clock_trusted, b.paused, b.signage, b.suspended, b.until);
  };
  const bool stands = now_.from <= now && now < now_.until && same(today, planned_with_);
  if (stands) return;
  now_ = programme::what_plays(shelf_.loaded, today, now);
  planned_with_ = std::move(today);
  plan_next();
}

void Signage::plan_next() {
  next_ = programme::what_plays(shelf_.loaded, facts(now_.until), now_.until);
}

programme::Facts Signage::facts(base::Instant at) const {
  const base::Date date = base::civil_date(at);
  programme::Facts facts = store::under_contract({}, station_.contract(), at);
  facts.clock_trusted = !station_.clock_unsure();
  facts.paused = halt_.paused(date);
  facts.ready = [this](const programme::Item& item) { return media_.ready(item.sha256, clock_.now()); };
  facts.open = store::open_hours(station_.settings().clinic, station_.working(), date);
  return facts;
}

json::object Signage::now_and_next() {
  plan();
  json::object view;
  for (const auto& [name, airing] : {std::pair{"now", &now_}, std::pair{"next", &next_}}) {
    json::object turn = wire::airing_to_json(*airing);
    turn["title"] = wire::title_of(shelf_.loaded, *airing);
    view[name] = std::move(turn);
  }
  const base::Date today = base::civil_date(clock_.now());
  view["paused"] = halt_.paused(today);
  view["muted"] = halt_.muted(today);
  view["refused"] = wire::refused_to_json(shelf_.refused);
  view["programmes"] = wire::shelf_to_json(shelf_.loaded, clock_.now());
  return view;
}

base::Result<json::object> Signage::explain(const json::object& args) const {
  const auto item = wire::text_argument(args, "item");
  MACHIAI_TRY(item);
  const auto time = wire::text_argument(args, "at");
  MACHIAI_TRY(time);
  const auto at = time->empty() ? std::optional(clock_.now()) : base::parse_iso_instant(*time);
  if (!at) return fail(Error::Code::invalid, "bad_time");
  return wire::explanation_to_json(*item, programme::explain(shelf_.loaded, facts(*at), *item, *at));
}

void Signage::stop_by_hand(const hub::Caller& caller, const json::object& args, const hub::Respond& respond) {
  const auto action = wire::text_argument(args, "action");
  const base::Date today = base::civil_date(clock_.now());
  const auto done = action ? halt_.set(*action, today) : base::Status(tl::unexpected(action.error()));
  if (!done) return respond(hub::refusal(caller, done.error()));
  respond({{"ok", {{"paused", halt_.paused(today)}, {"muted", halt_.muted(today)}}}});
  changed_();
}

json::object Signage::view(const std::string& name) {
  return name == "programme" ? now_and_next() : inner_.view(name);
}

void Signage::handle(const hub::Caller& caller, hub::Request request, hub::Respond respond) {
  if (request.cmd == "programme") return respond({{"ok", now_and_next()}});
  if (request.cmd == "doubt") {
    if (const auto sha256 = wire::text_argument(request.args, "sha256")) media_.doubt(*sha256);
    return respond({{"ok", json::object{}}});
  }
  if (request.cmd == "notice") return notices_.show(caller, std::move(request), std::move(respond));
  if (request.cmd == "film") return stop_by_hand(caller, request.args, respond);
  if (request.cmd == "aired") return airings_.record(caller, request.args, shelf_.loaded, respond);
  if (request.cmd == "airings") return airings_.tell(caller, request.args, respond);
  if (request.cmd != "explain") return inner_.handle(caller, std::move(request), std::move(respond));
  const auto told = explain(request.args);
  respond(told ? json::object{{"ok", *told}} : hub::refusal(caller, told.error()));
}

} // namespace machiai::daemon
