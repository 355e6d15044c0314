// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/world.hpp"

#include <algorithm>

namespace machiai::sim {

namespace {

constexpr base::Instant morning = base::instant_from_ms(1795651200000); // 2026-11-26T09:00+09:00
constexpr std::size_t most_packets = 60;
constexpr int heal_rounds = 40;

} // namespace

void Tally::add(const Tally& other) {
  requests += other.requests;
  given += other.given;
  refused += other.refused;
  lost += other.lost;
  restores += other.restores;
  copies += other.copies;
  replaced += other.replaced;
  restarts += other.restarts;
  packets += other.packets;
  handovers += other.handovers;
}

World::World(const Plan& plan) : plan_(plan), random_(plan.seed), cloud_now_(morning), clinic_now_(morning) {
  machines_.push_back(std::make_unique<Machine>(fresh_machine(0)));
  station_ = machines_.back().get();
  backup_ = store_;
  if (!plan_.enrolled_late) return;
  station_->settings.linked = false;
  clinic_command(*station_, queue::OpenCounter{station_->settings.services.front().id}, "");
}

void World::send(Packet packet) {
  ++tally_.packets;
  net_.push_back(std::move(packet));
  if (net_.size() > most_packets) net_.erase(net_.begin());
}

void World::deliver() {
  if (!up_ || net_.empty()) return;
  const auto at = net_.begin() + static_cast<std::ptrdiff_t>(below(net_.size()));
  const Packet packet = std::move(*at);
  net_.erase(at);
  if (plan_.trace) tell(packet);
  if (packet.up) return cloud_receive(packet);
  for (auto& m : machines_)
    if (m->alive && m->nonce == packet.nonce) return clinic_receive(*m, packet);
}

void World::request(bool web, const std::string& key) {
  ++tally_.requests;
  (web ? web_keys_ : kiosk_keys_).insert(key);
  if (web) return cloud_request(key);
  clinic_kiosk(*station_, key);
}

void World::step() {
  const auto passes = base::Millis{static_cast<std::int64_t>(below(1500))};
  cloud_now_ += passes;
  clinic_now_ += passes;
  if (!station_->settings.linked && chance(.04)) enrol_machine();
  const double x = static_cast<double>(random_() >> 11) * 0x1.0p-53;
  Machine& m = *machines_[below(machines_.size())];
  if (x < .24) {
    const bool web = chance(.5);
    request(web, (web ? "w" : "k") + std::to_string(++keys_));
  } else if (x < .26) {
    // A browser or a kiosk that heard nothing asks again under the same key.
    const auto& keys = chance(.5) ? web_keys_ : kiosk_keys_;
    if (keys.empty()) return;
    auto key = keys.begin();
    std::advance(key, below(keys.size()));
    // An answer that the cloud still remembers is given again; somebody pressed twice.
    const bool repeats = &keys == &web_keys_ && store_.keys.count(*key) != 0;
    if (repeats || answers_.count(*key) == 0) request(&keys == &web_keys_, std::string(*key));
  } else if (x < .56) {
    deliver();
  } else if (x < .60 && !net_.empty()) {
    net_.erase(net_.begin() + static_cast<std::ptrdiff_t>(below(net_.size())));
  } else if (x < .63 && !net_.empty()) {
    send(Packet(net_[below(net_.size())]));
  } else if (x < .66) {
    up_ = !up_;
  } else if (x < .80) {
    clinic_breath(m);
  } else if (x < .94) {
    cloud_breath();
  } else {
    rare();
  }
}

/// What happens once in a while.
void World::rare() {
  const std::uint64_t x = below(100);
  const std::string service = station_->settings.services.front().id;
  if (x < 12) return cloud_restart();
  if (x < 24) return clinic_restart(*station_);
  if (x < 44) return clinic_command(*station_, queue::OpenCounter{service}, "");
  if (x < 58) return clinic_command(*station_, queue::CloseCounter{service}, "");
  if (x < 64) return clinic_command(*station_, queue::Tick{}, "");
  if (x < 76) {
    // A clock is set; never over the end of the date, for a date is one game.
    auto& clock = chance(.5) ? clinic_now_ : cloud_now_;
    clock = morning + std::chrono::minutes{below(8 * 60)} - std::chrono::hours{1};
    return;
  }
  if (x < 84) {
    backup_ = store_;
  } else if (x < 91) {
    cloud_restore();
  } else if (x < 96) {
    copy_machine();
  } else {
    replace_machine();
  }
}

/// The network works, nobody fails, and those who got no answer ask again: everything must be equal soon
/// (N9).
void World::heal() {
  up_ = healing_ = true;
  if (!station_->settings.linked) enrol_machine();
  clinic_command(*station_, queue::OpenCounter{station_->settings.services.front().id}, "");
  for (int round = 0; round < heal_rounds; ++round) {
    cloud_now_ += std::chrono::seconds{5};
    clinic_now_ += std::chrono::seconds{5};
    if (round == heal_rounds / 2)
      for (const auto* keys : {&web_keys_, &kiosk_keys_})
        for (const std::string& key : *keys)
          if (answers_.count(key) == 0) request(keys == &web_keys_, key);
    for (auto& m : machines_) clinic_breath(*m);
    cloud_breath();
    for (int i = 0; i < 400 && !net_.empty(); ++i) deliver();
  }
}

std::string World::run() {
  for (int i = 0; i < plan_.steps && violation_.empty(); ++i) {
    step();
    check_owners();
  }
  if (violation_.empty()) heal();
  if (violation_.empty()) judge();
  return violation_;
}

} // namespace machiai::sim
