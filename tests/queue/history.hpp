// SPDX-License-Identifier: Apache-2.0
// A random history of one clinic, played against the real rules, and the invariants that the rules alone can
// break (N1-N4, N6-N8 and N11; property_test.cpp says where the others are held) checked by a book of its own
// after every step. The book never asks the rules what is right.
#pragma once

#include "core/queue/decide.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace machiai::test {

/// Two services, two rooms, undo within 10 s: small enough for everything to collide.
[[nodiscard]] queue::Clinic small_clinic();
/// What can be seen of a day: states, rooms, order, numbers, counters.
[[nodiscard]] std::string fingerprint(const queue::Clinic& clinic, const queue::Day& day);

/// `with_places`: bookings from outside come in too, between which places are kept for those who walk in.
class History {
public:
  explicit History(bool with_places = false);
  /// Plays one step, decoded from the bits of a random number.
  void step(std::uint32_t bits);
  /// Replays the ledger and compares (N7).
  void finish();
  /// The first invariant that broke, in words.
  [[nodiscard]] const std::optional<std::string>& violation() const { return violation_; }
  [[nodiscard]] std::size_t accepted() const { return events_.size(); }

private:
  void advance_clock(std::uint32_t bits);
  [[nodiscard]] queue::Command command(std::uint32_t bits) const;
  [[nodiscard]] queue::Command rare_command(std::uint32_t bits, const std::string& service,
                                            std::uint32_t pick) const;
  [[nodiscard]] std::string some_ticket(std::uint32_t pick) const;
  [[nodiscard]] queue::Command place_command(std::uint32_t bits) const;
  // What kept places promise (history_places.cpp).
  struct Before;
  [[nodiscard]] Before before_places() const;
  void check_places(const Before& before, const queue::Command& asked, const std::vector<queue::Event>& done,
                    std::uint64_t group);
  [[nodiscard]] int shown_jumps(const Before& before, queue::TicketIndex at) const;
  [[nodiscard]] int given_back(const Before& before, const queue::Undone& undone,
                               queue::TicketIndex at) const;
  void check_growth(const Before& before, const std::vector<queue::Event>& done, std::uint64_t group);
  void check_taken(const Before& before, const queue::Taken& taken) const;
  void check_passed(const Before& before, const queue::Called& called) const;
  void accept(const queue::Command& command, const queue::Decision& decision, const queue::Asker& asker);
  void check_before(const queue::Command& command, const queue::Decision& decision);
  void note(const queue::Event& event);
  void note_taken(const queue::Taken& taken);
  void check_after();
  void check_line(int service);
  void check_rooms();
  void check_undo(const queue::Undone& undone, std::uint64_t group) const;
  [[nodiscard]] std::set<std::uint64_t> gone() const;
  void check_matters(const queue::Undone& undone, std::uint64_t group) const;
  [[nodiscard]] bool stays_in_part(std::uint64_t group) const;
  void broke(const std::string& what) const;
  [[nodiscard]] std::uint32_t highest_main(const std::string& service) const;
  [[nodiscard]] queue::TicketState state_of(const std::string& id) const;
  [[nodiscard]] const queue::Ticket* ticket(const queue::TicketRef& ref) const;

  bool with_places_;
  queue::Clinic clinic_;
  queue::Day day_;
  base::Instant now_;
  std::vector<queue::Event> events_;
  std::set<std::string> given_;              ///< every id ever given (N1)
  std::map<std::string, std::string> shown_; ///< id -> number as first shown (N6)
  std::map<std::pair<int, queue::Series>, std::uint32_t>
      high_;                       ///< of the day, per service and series (N3, N8)
  std::set<std::string> requests_; ///< of the day, by their keys (N2)
  std::map<int, std::uint64_t> epoch_;
  std::map<int, bool> owner_;
  std::set<int> open_;
  std::set<std::int32_t> dates_opened_, dates_closed_;
  std::map<std::string, queue::TicketState> finished_; ///< id -> final state
  std::set<std::string> came_;                         ///< ids of those who arrived, or were in a room
  std::map<std::uint64_t, std::string> before_group_;  ///< fingerprint before each command
  std::uint64_t last_group_ = 0;
  /// By how much a command made a told count fall, at most; and how many tickets there were.
  std::map<std::uint64_t, std::pair<int, std::size_t>> fell_;
  int asked_ = 0; ///< bookings so far, of all days
  mutable std::optional<std::string> violation_;
};

} // namespace machiai::test
