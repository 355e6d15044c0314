// SPDX-License-Identifier: Apache-2.0
// The cloud of the simulation: rows beside the value, and a transaction that may fail.
#include "tests/sim/world.hpp"

namespace machiai::sim {

namespace {

constexpr base::Millis link_is_up{10'000};
constexpr double commit_fails = .01;
constexpr int most_offers = 16;
constexpr int cloud_issuer = -1;

} // namespace

bool World::cloud_linked() const {
  const auto silence = cloud_now_ - store_.seat.heard;
  return silence >= base::Millis{0} && silence < link_is_up;
}

void World::cloud_say(const numbering::Message& message) {
  if (!store_.seat.nonce.empty()) send({false, store_.seat.nonce, message, 0});
}

void World::cloud_restart() {
  ++tally_.restarts;
  cloud_waiting_.clear();
}

void World::cloud_request(const std::string& key) {
  const auto known = store_.keys.find(key);
  cloud_outcome(key,
                numbering::accept(store_.cloud,
                                  known == store_.keys.end() ? std::nullopt : std::optional(known->second),
                                  cloud_linked(), plan_.alone));
}

void World::cloud_outcome(const std::string& key, const numbering::Accepted& outcome) {
  using What = numbering::Accepted::What;
  const bool fails = !healing_ && chance(commit_fails);
  if (fails) cloud_restart();
  if (fails && !plan_.speaks_before_commit) return;
  if (!fails) store_.cloud = outcome.next;
  if (outcome.what == What::given) {
    note_issue(outcome.number, key, cloud_issuer);
    if (!fails) {
      store_.rows[outcome.number] = {key, false, false, cloud_now_};
      store_.keys[key] = {outcome.number, {}};
    }
  }
  if (outcome.what == What::forward) {
    cloud_waiting_.emplace(key, cloud_now_);
    return cloud_say(numbering::Request{key, cloud_now_});
  }
  if (outcome.what == What::refused && !fails && store_.keys.count(key) == 0) {
    store_.keys[key] = {std::nullopt, outcome.reason};
    store_.refused[key] = false;
  }
  cloud_waiting_.erase(key);
  note_answer(key, outcome.number, outcome.what == What::refused ? outcome.reason : std::string{});
}

void World::cloud_receive(const Packet& packet) {
  if (const auto* hello = std::get_if<numbering::Hello>(&packet.body)) {
    const auto admitted = numbering::admit(store_.seat, *hello, cloud_now_);
    if (!admitted) {
      const bool prove = admitted.error().reason == "prove_record";
      return send({false, packet.nonce,
                   Turned{admitted.error().reason, prove ? std::stoull(admitted.error().detail) : 0}, 0});
    }
    store_.seat = admitted->next;
    return send({false, packet.nonce, admitted->welcome, 0});
  }
  const auto seat = numbering::heard(store_.seat, packet.nonce, packet.lineage, cloud_now_);
  if (!seat) return send({false, packet.nonce, Turned{seat.error().reason}, 0});
  store_.seat = *seat;
  if (const auto* events = std::get_if<Events>(&packet.body)) return cloud_events(*events);
  if (const auto* message = std::get_if<numbering::Message>(&packet.body)) cloud_message(*message);
}

void World::cloud_events(const Events& events) {
  if (!healing_ && chance(commit_fails)) return cloud_restart();
  for (const queue::Event& event : events.events) {
    if (event.seq != store_.seat.acked + 1) continue;
    const bool owner = store_.cloud.owner;
    store_.cloud = numbering::learned(store_.cloud, event.body);
    if (owner != store_.cloud.owner) ++tally_.handovers;
    cloud_learn(event);
    store_.events.push_back(event);
    store_.seat.acked = event.seq;
    const std::uint64_t before = store_.seat.hash.empty() ? 0 : std::stoull(store_.seat.hash);
    store_.seat.hash = std::to_string(event_hash(before, event));
  }
  send({false, store_.seat.nonce, Ack{store_.seat.acked}, 0});
}

/// What an event of the clinic says of numbers.
void World::cloud_learn(const queue::Event& event) {
  if (const auto* taken = std::get_if<queue::Taken>(&event.body)) {
    const Number number{taken->ticket.series, taken->ticket.n};
    const auto held = store_.rows.find(number);
    const bool alone = given_alone(number) && held != store_.rows.end();
    if (alone && numbering::gives_way(held->second.key, event.key)) cloud_gives_way(number);
    auto [row, fresh] = store_.rows.try_emplace(number, Row{event.key, false, true, event.at});
    if (!fresh && row->second.key != event.key && !row->second.key.empty())
      broke("N1: the clinic's " + queue::series_text(number.series) + std::to_string(number.n) + " of " +
            event.key + " is " + row->second.key + "'s");
    if (row->second.key.empty()) row->second.key = event.key;
    row->second.voided = false;
    row->second.adopted = true;
    // A number of our own that was given for the key since stays (core/queue, origin_decides).
    const auto known = store_.keys.find(event.key);
    if (known == store_.keys.end()) store_.keys[event.key] = {number, {}};
    if (cloud_waiting_.count(event.key) != 0) cloud_request(event.key);
  } else if (const auto* voided = std::get_if<queue::Voided>(&event.body)) {
    for (std::uint32_t n = voided->from; n <= voided->to; ++n) {
      Row& row = store_.rows[{voided->series, n}];
      row.voided = row.adopted = true;
    }
  } else if (const auto* refused = std::get_if<queue::Refused>(&event.body)) {
    store_.refused[event.key] = true;
    store_.keys.try_emplace(event.key, numbering::Known{std::nullopt, refused->reason});
  }
}

/// Who was shown it outside gets another number.
void World::cloud_gives_way(const Number& number) {
  const std::string key = store_.rows.at(number).key;
  store_.rows.erase(number);
  const auto known = store_.keys.find(key);
  if (known == store_.keys.end() || known->second.number != number) return;
  const auto other = numbering::accept(store_.cloud, std::nullopt, false, numbering::Alone::web_series);
  store_.cloud = other.next;
  note_issue(other.number, key, cloud_issuer);
  store_.rows[other.number] = {key, false, false, cloud_now_};
  known->second.number = other.number;
  note_answer(key, other.number, {});
}

void World::cloud_message(const numbering::Message& message) {
  if (const auto* reply = std::get_if<numbering::Reply>(&message)) {
    if (cloud_waiting_.erase(reply->key) == 0) return;
    const Number number{reply->series, reply->n};
    if (reply->n == 0) {
      store_.keys.try_emplace(reply->key, numbering::Known{std::nullopt, reply->reason});
      store_.refused.try_emplace(reply->key, true);
      return note_answer(reply->key, {}, reply->reason);
    }
    store_.rows.try_emplace(number, Row{reply->key, false, false, cloud_now_});
    store_.keys[reply->key] = {number, {}};
    store_.cloud = numbering::learned(store_.cloud, number);
    return note_answer(reply->key, number, {});
  }
  const auto* claim = std::get_if<numbering::Claim>(&message);
  if (claim == nullptr) return;
  const auto step = numbering::receive(store_.cloud, *claim);
  const bool fails = !healing_ && !(step.next == store_.cloud) && chance(commit_fails);
  if (fails) cloud_restart();
  if (fails && !plan_.speaks_before_commit) return;
  if (!fails) {
    if (step.next.owner != store_.cloud.owner) ++tally_.handovers;
    store_.cloud = step.next;
  }
  for (const auto& said : step.send) cloud_say(said);
}

bool World::cloud_settled() const {
  for (const auto& [number, row] : store_.rows)
    if (!row.adopted) return false;
  return true;
}

void World::cloud_offers() {
  using Offer = numbering::Offer;
  int offers = 0;
  for (auto row = store_.rows.begin(); row != store_.rows.end() && offers < most_offers; ++row) {
    if (row->second.adopted) continue;
    ++offers;
    const Number number = row->first;
    Offer offer{
        Offer::What::live,   store_.cloud.generation, row->second.key, number.series, number.n, number.n, {},
        row->second.accepted};
    const auto known = store_.keys.find(row->second.key);
    offer.what = numbering::offered_as(
        number, row->second.voided, known == store_.keys.end() ? std::nullopt : std::optional(known->second));
    if (offer.what == Offer::What::voided) {
      offer.what = Offer::What::voided;
      offer.key.clear();
      offer.reason = "of_before";
      for (auto next = std::next(row);
           next != store_.rows.end() && next->first == Number{number.series, offer.to + 1} &&
           next->second.voided && !next->second.adopted;
           ++next, ++row)
        ++offer.to;
    }
    cloud_say(offer);
  }
  for (const auto& [key, known_there] : store_.refused)
    if (!known_there && offers++ < most_offers)
      cloud_say(Offer{Offer::What::refused,
                      store_.cloud.generation,
                      key,
                      {},
                      0,
                      0,
                      store_.keys.at(key).refused,
                      cloud_now_});
}

void World::cloud_breath() {
  std::vector<std::string> over;
  for (const auto& [key, since] : cloud_waiting_)
    if (numbering::waited_enough(since, cloud_now_, numbering::forward_patience)) over.push_back(key);
  for (const std::string& key : over) {
    const auto known = store_.keys.find(key);
    cloud_outcome(key, numbering::give_up_waiting(store_.cloud,
                                                  known == store_.keys.end() ? std::nullopt
                                                                             : std::optional(known->second),
                                                  plan_.alone));
  }
  for (const auto& [key, since] : cloud_waiting_) cloud_say(numbering::Request{key, since});
  for (const auto& message : numbering::breath(store_.cloud, cloud_settled())) cloud_say(message);
  cloud_offers();
  if (!store_.seat.nonce.empty()) send({false, store_.seat.nonce, Ack{store_.seat.acked}, 0});
}

void World::cloud_restore() {
  // Before the station was replaced it was another clinic's cloud; nobody restores over that.
  if (backup_.seat.station != store_.seat.station) return;
  ++tally_.restores;
  note_lost(store_);
  store_ = backup_;
  cloud_waiting_.clear();
  if (!plan_.forgets_backup_generation) ++last_generation_;
  store_.cloud = numbering::restored(store_.cloud, last_generation_);
  store_.seat = numbering::restored(store_.seat);
}

} // namespace machiai::sim
