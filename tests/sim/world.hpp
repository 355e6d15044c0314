// SPDX-License-Identifier: Apache-2.0
// One clinic, its cloud and the network between them through a random day: loss, repetition, reordering,
// partitions, restarts, commits that fail, restores of the cloud, a copied station, a dead one replaced, one
// that gave numbers before it was enrolled, clocks that step. The functions of core/numbering and core/queue
// are the real ones; this only carries messages and keeps rows, as a database would. A book of its own judges
// N1-N12 and never asks the rules.
#pragma once

#include "core/numbering/clinic.hpp"
#include "core/numbering/cloud.hpp"
#include "core/numbering/station.hpp"

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace machiai::sim {

using numbering::Number;

/// What a run is made of. The last two are faults planted in this harness, as negative controls.
struct Plan {
  std::uint64_t seed = 0;
  int steps = 160;
  numbering::Alone alone = numbering::Alone::web_series;
  bool enrolled_late = false; ///< the counter is opened before the station knows of a cloud
  bool speaks_before_commit = false;
  bool forgets_backup_generation = false;
  bool trace = false; ///< tell the day on the standard output
};

/// A row of the cloud's numbers.
struct Row {
  std::string key;
  bool voided = false;
  bool adopted = false; ///< the clinic's record has it
  base::Instant accepted{};
};

struct CloudStore {
  numbering::Cloud cloud;
  numbering::Seat seat;
  std::map<Number, Row> rows;
  std::map<std::string, numbering::Known> keys;
  std::map<std::string, bool> refused; ///< key -> the clinic has it
  std::vector<queue::Event> events;    ///< of the station that is served
};

/// A machine of the clinic.
struct Machine {
  queue::Clinic settings;
  queue::Day day;
  std::vector<queue::Event> ledger;
  std::vector<std::uint64_t> hashes{0}; ///< after each event
  std::uint64_t lineage = 0;
  // Lost at a restart:
  std::string nonce;
  bool served = false;
  std::string turned; ///< why it is not served
  std::uint64_t acked = 0, proof_at = 0;
  std::map<std::string, base::Instant> waiting; ///< kiosk requests that wait for the series
  // Of the harness:
  int id = 0;
  bool alive = true;
};

struct Events {
  std::uint64_t from = 1;
  std::vector<queue::Event> events;
};
struct Ack {
  std::uint64_t seq = 0;
};
struct Turned {
  std::string reason;
  std::uint64_t prove = 0;
};
struct Packet {
  bool up = false;
  std::string nonce; ///< of the machine it is from or for
  std::variant<numbering::Hello, numbering::Welcome, Turned, Events, Ack, numbering::Message> body;
  std::uint64_t lineage = 0; ///< up: what the machine had stored
};

/// Counts of one run, for the table.
struct Tally {
  std::uint64_t requests = 0, given = 0, refused = 0, lost = 0, restores = 0, copies = 0, replaced = 0,
                restarts = 0, packets = 0, handovers = 0;
  void add(const Tally& other);
};

class World {
public:
  explicit World(const Plan& plan);
  /// Plays the day and heals it; the first invariant that broke, in words, or "".
  std::string run();
  [[nodiscard]] const Tally& tally() const { return tally_; }

private:
  struct Issue {
    std::string key;
    int issuer;
    int stamp;
    bool alone = false; ///< by a clinic that had not heard of the cloud
  };
  // world.cpp: chance and time
  void step();
  void rare();
  void deliver();
  void heal();
  [[nodiscard]] std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  [[nodiscard]] bool chance(double p) { return static_cast<double>(random_() >> 11) * 0x1.0p-53 < p; }
  void send(Packet packet);
  void request(bool web, const std::string& key);
  // cloud_node.cpp
  void cloud_request(const std::string& key);
  void cloud_outcome(const std::string& key, const numbering::Accepted& outcome);
  void cloud_receive(const Packet& packet);
  void cloud_events(const Events& events);
  void cloud_learn(const queue::Event& event);
  void cloud_gives_way(const Number& number);
  void cloud_message(const numbering::Message& message);
  void cloud_breath();
  void cloud_offers();
  void cloud_restart();
  void cloud_restore();
  void cloud_say(const numbering::Message& message);
  [[nodiscard]] bool cloud_linked() const;
  [[nodiscard]] bool cloud_settled() const;
  // clinic_node.cpp
  void clinic_command(Machine& m, const queue::Command& command, const std::string& key);
  bool clinic_commit(Machine& m, const std::string& key, const queue::Decision& decision);
  void clinic_receive(Machine& m, const Packet& packet);
  void clinic_message(Machine& m, const numbering::Message& message);
  void clinic_breath(Machine& m);
  void clinic_kiosk(Machine& m, const std::string& key);
  void clinic_take(Machine& m, const std::string& key);
  void clinic_restart(Machine& m);
  void clinic_say(const Machine& m, const numbering::Message& message);
  Machine fresh_machine(std::uint16_t station);
  void enrol_machine();
  void copy_machine();
  void replace_machine();
  // book.cpp
  void tell(const std::string& what) const;
  void tell(const Packet& packet) const;
  void broke(const std::string& what);
  void note_issue(const Number& number, const std::string& key, int issuer, bool alone = false);
  [[nodiscard]] bool given_alone(const Number& number) const;
  void note_answer(const std::string& key, const Number& number, const std::string& refused);
  void note_lost(const CloudStore& before);
  void check_owners();
  void judge();
  [[nodiscard]] const Machine* served() const;
  [[nodiscard]] bool counts(const Issue& issue, const Machine& served) const;
  void judge_numbers(const Machine& m);
  void judge_requests(const Machine& m);
  void judge_equal(const Machine& m);
  void judge_days(const Machine& m);

  struct Answer {
    Number number{};
    std::string refused;
  };

  Plan plan_;
  std::mt19937_64 random_;
  base::Instant cloud_now_, clinic_now_;
  CloudStore store_, backup_;
  std::uint32_t last_generation_ = 1;
  std::map<std::string, base::Instant> cloud_waiting_;
  std::vector<std::unique_ptr<Machine>> machines_;
  Machine* station_ = nullptr; ///< the clinic's own
  std::vector<Packet> net_;
  bool up_ = true, healing_ = false;
  int keys_ = 0, nonces_ = 0;
  bool copied_ = false, replaced_ = false;
  std::set<std::string> web_keys_, kiosk_keys_;
  std::map<std::string, Answer> answers_;
  std::map<Number, std::vector<Issue>> issued_;
  std::set<std::string> excused_; ///< keys whose number a restore or a dead machine took along (N10)
  int stamp_ = 0, copied_at_ = 0, replaced_at_ = 0;
  std::string violation_;
  Tally tally_;
};

[[nodiscard]] std::uint64_t event_hash(std::uint64_t before, const queue::Event& event);

} // namespace machiai::sim
