// SPDX-License-Identifier: Apache-2.0
// The clinic's machines of the simulation: a ledger, the day folded from it, and a commit that may fail.
#include "tests/sim/world.hpp"

namespace machiai::sim {

namespace {

constexpr double commit_fails = .01;
constexpr std::size_t events_a_packet = 16;

} // namespace

std::uint64_t event_hash(std::uint64_t before, const queue::Event& event) {
  std::uint64_t hash = before * 1099511628211ULL + event.seq;
  const auto mix = [&](std::uint64_t value) { hash = (hash ^ value) * 1099511628211ULL; };
  mix(event.body.index());
  for (const char c : event.key) mix(static_cast<unsigned char>(c));
  mix(static_cast<std::uint64_t>(base::to_ms(event.at)));
  if (const auto* taken = std::get_if<queue::Taken>(&event.body)) mix(taken->ticket.n);
  return hash;
}

Machine World::fresh_machine(std::uint16_t station) {
  Machine m;
  m.id = static_cast<int>(machines_.size());
  m.nonce = "n" + std::to_string(++nonces_);
  m.settings.id = "sim";
  m.settings.linked = true;
  m.settings.station = station;
  m.settings.services = {{"naika", {}, "", {"return"}, {}, {}, 0}};
  m.settings.rooms = {{"1", {}}};
  m.day = queue::new_day(m.settings);
  return m;
}

void World::clinic_restart(Machine& m) {
  ++tally_.restarts;
  if (plan_.trace) tell("restart of " + m.nonce);
  m.nonce = "n" + std::to_string(++nonces_);
  m.served = false;
  m.turned.clear();
  m.acked = m.proof_at = 0;
  m.waiting.clear();
}

/// Durable when it returns true; false when the disk failed and the machine came up again without it.
bool World::clinic_commit(Machine& m, const std::string& key, const queue::Decision& decision) {
  if (decision.events.empty()) return true;
  const bool fails = !healing_ && chance(commit_fails);
  const std::uint64_t group = m.day.seq + 1;
  for (const queue::EventBody& body : decision.events) {
    const auto* taken = std::get_if<queue::Taken>(&body);
    if (taken != nullptr && (!fails || plan_.speaks_before_commit))
      note_issue({taken->ticket.series, taken->ticket.n}, key, m.id, queue::owns_unasked(m.day.counters[0]));
    if (fails) continue;
    queue::Event event{m.day.seq + 1, group, 0, key, "sim", "sim", clinic_now_, body};
    queue::fold(m.settings, m.day, event);
    m.hashes.push_back(event_hash(m.hashes.back(), event));
    m.ledger.push_back(std::move(event));
  }
  if (fails) clinic_restart(m);
  return !fails || plan_.speaks_before_commit;
}

void World::clinic_command(Machine& m, const queue::Command& command, const std::string& key) {
  const auto decision = queue::decide(m.settings, m.day, command, {"sim", "sim"}, clinic_now_);
  if (decision) (void)clinic_commit(m, key, *decision);
}

void World::clinic_say(const Machine& m, const numbering::Message& message) {
  send({true, m.nonce, message, m.lineage});
}

void World::clinic_kiosk(Machine& m, const std::string& key) {
  if (!m.day.counters[0].open) {
    if (healing_) return clinic_take(m, key);
    kiosk_keys_.erase(key); // no button, no request
    return;
  }
  const bool may_come = m.served && numbering::wants_series(m.settings, m.day, 0, clinic_now_);
  if (m.day.counters[0].owner || !may_come) return clinic_take(m, key);
  m.waiting.emplace(key, clinic_now_);
}

void World::clinic_take(Machine& m, const std::string& key) {
  m.waiting.erase(key);
  // The daemon answers a repeated key from its ledger.
  for (const queue::Event& event : m.ledger)
    if (const auto* taken = std::get_if<queue::Taken>(&event.body); taken != nullptr && event.key == key)
      return note_answer(key, {taken->ticket.series, taken->ticket.n}, {});
  const auto decision = queue::decide(m.settings, m.day, queue::Take{"naika", "", "", "", false},
                                      {"kiosk", "sim"}, clinic_now_);
  if (!decision) return note_answer(key, {}, decision.error().reason);
  if (!clinic_commit(m, key, *decision)) return;
  const auto& taken = std::get<queue::Taken>(decision->events.back());
  note_answer(key, {taken.ticket.series, taken.ticket.n}, {});
}

void World::clinic_message(Machine& m, const numbering::Message& message) {
  const numbering::About about{"naika", base::civil_date(clinic_now_)};
  if (const auto command = numbering::react(m.settings, m.day, about, message, clinic_now_)) {
    const auto decision = queue::decide(m.settings, m.day, *command, {"cloud", "cloud"}, clinic_now_);
    if (decision && !clinic_commit(m, numbering::key_of(message), *decision)) return;
  }
  for (const auto& said : numbering::replies(m.settings, m.day, about, message)) clinic_say(m, said);
  if (!m.day.counters[0].owner) return;
  const auto waiting = m.waiting;
  for (const auto& [key, since] : waiting) clinic_take(m, key);
}

void World::clinic_receive(Machine& m, const Packet& packet) {
  if (const auto* welcome = std::get_if<numbering::Welcome>(&packet.body)) {
    m.lineage = std::max(m.lineage, welcome->lineage);
    m.served = true;
    m.turned.clear();
    m.acked = welcome->acked;
  } else if (const auto* turned = std::get_if<Turned>(&packet.body)) {
    m.served = false;
    m.turned = turned->reason;
    if (turned->prove != 0) m.proof_at = std::min<std::uint64_t>(turned->prove, m.ledger.size());
  } else if (const auto* ack = std::get_if<Ack>(&packet.body)) {
    m.acked = ack->seq;
  } else if (const auto* message = std::get_if<numbering::Message>(&packet.body)) {
    if (m.served) clinic_message(m, *message);
  }
}

void World::clinic_breath(Machine& m) {
  if (!m.alive || !m.settings.linked) return;
  const auto waiting = m.waiting;
  for (const auto& [key, since] : waiting)
    if (!m.served || numbering::waited_enough(since, clinic_now_, numbering::claim_patience))
      clinic_take(m, key);
  if (const auto command = numbering::hand_back(m.settings, m.day, 0, clinic_now_))
    clinic_command(m, *command, "");
  // A hello repeated is harmless.
  if (!m.served || (!healing_ && chance(.1)))
    send({true, m.nonce,
          numbering::Hello{m.settings.station, m.lineage, m.nonce, m.ledger.size(), m.proof_at,
                           std::to_string(m.hashes[m.proof_at])},
          m.lineage});
  if (!m.served) return;
  for (const auto& said : numbering::breath(m.settings, m.day, 0, clinic_now_)) clinic_say(m, said);
  // Without events it is the ping.
  const std::size_t begin = std::min<std::size_t>(m.acked, m.ledger.size());
  const auto from = m.ledger.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto count = std::min(events_a_packet, m.ledger.size() - begin);
  send({true, m.nonce, Events{m.acked + 1, {from, from + static_cast<std::ptrdiff_t>(count)}}, m.lineage});
}

/// It has given numbers by itself since its counter opened; the daemon is started anew with the cloud.
void World::enrol_machine() {
  tell("the machine is enrolled");
  station_->settings.linked = true;
  clinic_restart(*station_);
}

/// The disk is copied into a second machine, which is then switched on.
void World::copy_machine() {
  if (copied_ || !station_->settings.linked) return;
  copied_ = true;
  copied_at_ = ++stamp_;
  ++tally_.copies;
  tell("the machine is copied");
  Machine copy = *station_;
  copy.id = static_cast<int>(machines_.size());
  clinic_restart(copy);
  machines_.push_back(std::make_unique<Machine>(std::move(copy)));
}

/// The machine is given up for lost, rightly or not, and another is enrolled.
void World::replace_machine() {
  if (replaced_ || !station_->settings.linked) return;
  replaced_ = true;
  replaced_at_ = ++stamp_;
  ++tally_.replaced;
  tell("the machine is replaced");
  // What only the old one knew is lost.
  for (const queue::Event& event : station_->ledger) {
    const auto* taken = std::get_if<queue::Taken>(&event.body);
    if (taken != nullptr) {
      const auto row = store_.rows.find({taken->ticket.series, taken->ticket.n});
      if (row == store_.rows.end() || row->second.key != event.key) excused_.insert(event.key);
    }
    if (std::holds_alternative<queue::Refused>(event.body) && store_.refused.count(event.key) == 0)
      excused_.insert(event.key);
  }
  for (const std::string& key : kiosk_keys_)
    if (answers_.count(key) == 0) excused_.insert(key);
  for (auto& m : machines_) {
    m->alive = chance(.3);
  }
  auto taken = numbering::take_over(store_.cloud);
  store_.cloud = taken.next;
  for (std::uint32_t n = taken.void_from; n != 0 && n <= taken.void_to; ++n)
    store_.rows.try_emplace({queue::main_series, n}, Row{"", true, false, cloud_now_});
  store_.seat = numbering::replaced(store_.seat);
  for (auto& [number, row] : store_.rows) row.adopted = false;
  for (auto& [key, there] : store_.refused) there = false;
  store_.events.clear();
  backup_ = store_;
  machines_.push_back(std::make_unique<Machine>(fresh_machine(store_.seat.station)));
  station_ = machines_.back().get();
  clinic_command(*station_, queue::OpenCounter{"naika"}, "");
}

} // namespace machiai::sim
