// SPDX-License-Identifier: Apache-2.0
// The clinic's visits, read off the ledger: what the forecast learns from and what it stands on today.
#pragma once

#include "core/queue/day.hpp"
#include "core/queue/forecast.hpp"

#include <array>
#include <unordered_map>
#include <vector>

namespace machiai::queue {

/// The visits of one business date so far. Small: only calls are kept, whatever the number of tickets.
class VisitBook {
public:
  explicit VisitBook(const Clinic& clinic) : clinic_(&clinic) {}
  /// `event` has just been folded into `day`.
  void note(const Day& day, const Event& event);
  /// Of one session (0 morning, 1 afternoon, 2 evening), in the order of the calls.
  [[nodiscard]] SessionLog session(std::uint8_t slot) const;
  [[nodiscard]] std::vector<SessionLog> sessions() const; ///< those with a visit

private:
  struct Noted {
    TicketRef ticket;
    std::uint64_t group = 0; ///< of the call
    std::uint8_t slot = 0;
    Visit visit;
  };
  void call(const Day& day, const Event& event, const Called& called);
  /// The visit that the ticket's last call began is over.
  void end(const TicketRef& ref, base::Instant at);
  /// The ticket's last call led to no visit.
  void forget(const TicketRef& ref);
  void note_place(const Event& event, const Taken& taken);

  const Clinic* clinic_;
  std::vector<Noted> noted_;
  std::array<std::vector<PlaceRecord>, 3> places_; ///< by session and service
};

/// Which kind number the forecast knows a kind of a service by: stable as long as the settings keep their
/// order.
[[nodiscard]] VisitKind visit_kind(const Clinic& clinic, int service, std::size_t kind);
[[nodiscard]] RoomSet rooms_of(const Clinic& clinic, int service);
[[nodiscard]] std::uint8_t slot_at(const Clinic& clinic, base::Instant now);

/// The waits of everybody now: one per ticket that waits, one per service for a new-comer.
struct Waits {
  ForecastReason reason = ForecastReason::too_little_known;
  std::unordered_map<TicketIndex, Guess> tickets;
  std::vector<std::optional<Guess>> newcomers;  ///< by service, at the end of its line
  std::vector<std::optional<Guess>> walk_ins{}; ///< by service, of one who comes themselves
};
/// Whom a forecast takes for the line: those who are here, or also those who have booked and are expected.
enum class Line : std::uint8_t { present, expected };
[[nodiscard]] Waits waits_of(const Clinic& clinic, const Day& day, const VisitBook& book,
                             const VisitHistory& history, base::Instant now, Line line = Line::present);
/// Places of the counter's line, from its front, up to the last who was called.
[[nodiscard]] std::size_t places_called(const Day& day, const Counter& counter);
/// Whether the ticket at that place of a line counts as expected: who is here, and who has booked and stands
/// behind the `called` places. Who has booked and stands among them has missed their turn.
[[nodiscard]] bool is_expected(const Ticket& ticket, std::size_t place, std::size_t called);

/// What phones are told of it: per service for one who came now, and for the tickets from outside that are
/// still to be called, the first in line first.
struct OutsideWaits {
  std::vector<std::optional<WaitRange>> newcomers; ///< by service
  std::vector<std::pair<TicketIndex, WaitRange>> tickets;
};
/// Who is booked and not here yet is passed over by the call. At the least they wait as long as the next one
/// behind them who is here, or as one who came now; at the most as if everybody expected before them came.
[[nodiscard]] OutsideWaits outside_waits(const Day& day, const Waits& present, const Waits& expected);

} // namespace machiai::queue
