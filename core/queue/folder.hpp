// SPDX-License-Identifier: Apache-2.0
// Private to the fold: one event being applied. fold.cpp what each event says; fold_line.cpp states and
// places in the line; fold_undo.cpp what is remembered for an undo, and the undo.
#pragma once

#include "core/queue/day.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace machiai::queue {

class Folder {
public:
  Folder(const Clinic& clinic, Day& day, const Event& event) : clinic_(clinic), day_(day), event_(event) {}

  void operator()(const DayOpened& e);
  void operator()(const DayClosed&);
  void operator()(const CounterOpened& e);
  void operator()(const CounterClosed& e);
  void operator()(const OwnershipTaken& e);
  void operator()(const OwnershipReleased& e);
  void operator()(const Voided& e);
  void operator()(const Refused&);
  void operator()(const CloudSeen& e);
  void operator()(const Taken& e);
  void operator()(const Called& e);
  void operator()(const Recalled& e);
  void operator()(const Entered& e);
  void operator()(const MarkedAbsent& e);
  void operator()(const Held& e);
  void operator()(const NoShow& e);
  void operator()(const Amended& e);
  void operator()(const Transferred& e);
  void operator()(const Arrived& e);
  void operator()(const Phoned& e);
  void operator()(const RemoteSet& e);
  void operator()(const WalkInsSet& e);
  void operator()(const CapSet& e);
  void operator()(const HoursSet& e);
  void operator()(const MessagePut& e);
  void operator()(const MessageTaken& e);
  void operator()(const NoticeShown& e);
  void operator()(const NoticeCleared&);
  void operator()(const Resumed& e);
  void operator()(const PutBack& e);
  void operator()(const Cancelled& e);
  void operator()(const Finished& e);
  void operator()(const Moved& e);
  void operator()(const Reprinted&);
  void operator()(const Undone& e);

private:
  Counter& counter_of(int service) { return day_.counters[static_cast<std::size_t>(service)]; }
  Counter& counter_at(TicketIndex at) { return day_.counters[day_.tickets[at].line]; }
  void clear_tickets();
  /// The counter's index of the series, long enough for `n`; none when the day has no room for so many.
  std::vector<TicketIndex>* numbers_up_to(Counter& counter, const Series& series, std::uint32_t n);
  void came_now(Ticket& ticket) const;
  /// In front of the first in the line who was accepted later. No seat can undo it.
  void stand_by_acceptance(TicketIndex at, base::Instant accepted);
  /// At the place kept behind that ticket, or at the end of the line.
  void stand_at_place(TicketIndex at, const TicketRef& behind);
  /// Kept places that the call of this one, who still waits, leaves behind.
  std::vector<TicketIndex> let_go(TicketIndex called);
  /// The kept places of the record are kept again, as far as nothing became of them.
  void keep_again(const UndoRecord& record);
  std::uint8_t kind_of(const TicketRef& ref, const std::string& kind) const;
  /// As many as a day may have; of a later one nothing is told, rather than another's.
  std::uint16_t reason_index(const std::string& reason);
  /// Who booked and never came does not become present by being put back.
  [[nodiscard]] TicketState in_line_again(TicketIndex at) const;
  void set_state(TicketIndex at, TicketState state);
  void settle_head(Counter& counter);
  /// Moves the ticket `remembered` last to stand in front of `before`, or to the end.
  void move_before(TicketIndex at, const TicketRef& before);
  std::vector<TicketIndex>::iterator place_before(Counter& counter, const TicketRef& before);
  /// Behind all whose time has come: a slot of later today does not stand in the way of who is here now.
  std::vector<TicketIndex>::iterator end_of_line(Counter& counter);
  void rewind_head(Counter& counter);
  void simple(const char* what, const TicketRef& ref, TicketState state);
  void return_to_line(const char* what, const TicketRef& ref, const char* reason);
  void announce(TicketIndex at, bool again);
  /// The record of the command this event belongs to; one command is one record, named by its last event.
  UndoRecord& undo_record(const char* what, TicketIndex at);
  /// Finds the ticket and remembers how it was.
  std::optional<TicketIndex> remembered(const char* what, const TicketRef& ref);
  void remember_counter(const char* what, int service);
  /// Only what the command had set: somebody may have set the rest since.
  void restore(const CounterSnapshot& before, const UndoRecord& record);
  static void turn_back(Counter& counter, const CounterSnapshot& before);
  /// What was written down of a patient, or told to all.
  void restore_told(const UndoRecord& record);
  void restore(const Snapshot& snapshot);

  const Clinic& clinic_;
  Day& day_;
  const Event& event_;
};

} // namespace machiai::queue
