// SPDX-License-Identifier: Apache-2.0
// Private to the rules: what decide_*.cpp share. A command against the day, each in the file of its subject:
// decide.cpp counters, numbers and calls; decide_line.cpp one patient's place; decide_day.cpp the day as a
// whole; decide_outside.cpp what comes from outside the clinic; check_in.cpp who comes with a card or a
// ticket.
#pragma once

#include "core/queue/decide.hpp"
#include "core/queue/guards.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace machiai::queue {

using base::Error;
using base::fail;
using base::Result;
using Code = Error::Code;

class Decider {
public:
  Decider(const Clinic& clinic, const Day& day, const Asker& asker, base::Instant now)
      : clinic_(clinic), day_(day), asker_(asker), now_(now) {}

  Result<Decision> operator()(const OpenCounter& c) const;
  Result<Decision> operator()(const CloseCounter& c) const;
  Result<Decision> operator()(const Take& c) const;
  Result<Decision> operator()(const CallNext& c) const;
  Result<Decision> operator()(const Act& c) const;
  Result<Decision> operator()(const Move& c) const;
  Result<Decision> operator()(const Undo& c) const;
  Result<Decision> operator()(const Reprint& c) const;
  Result<Decision> operator()(const CheckIn& c) const;
  Result<Decision> operator()(const Amend& c) const;
  Result<Decision> operator()(const Phone& c) const;
  Result<Decision> operator()(const Transfer& c) const;
  Result<Decision> operator()(const Skip& c) const;
  Result<Decision> operator()(const CloseDay& c) const;
  Result<Decision> operator()(const SetCap& c) const;
  Result<Decision> operator()(const SetHours& c) const;
  Result<Decision> operator()(const SetRemote& c) const;
  Result<Decision> operator()(const SetWalkIns& c) const;
  Result<Decision> operator()(const PutMessage& c) const;
  Result<Decision> operator()(const TakeMessage& c) const;
  Result<Decision> operator()(const ShowNotice& c) const;
  Result<Decision> operator()(const ClearNotice& c) const;
  Result<Decision> operator()(const TakeOwnership& c) const;
  Result<Decision> operator()(const ReleaseOwnership& c) const;
  Result<Decision> operator()(const SeeCloud& c) const;
  Result<Decision> operator()(const Reclaim& c) const;
  Result<Decision> operator()(const Receive& c) const;
  Result<Decision> operator()(const RefuseOutside& c) const;
  Result<Decision> operator()(const Explain& c) const;
  Result<Decision> operator()(const Tick& c) const;

private:
  Result<int> service(const std::string& id) const {
    if (const auto found = find_service(clinic_, id)) return *found;
    return fail(Code::not_found, "unknown_service");
  }
  /// One that gives numbers.
  Result<int> service_in_use(const std::string& id) const {
    auto found = service(id);
    if (found && clinic_.services[static_cast<std::size_t>(*found)].retired)
      return fail(Code::conflict, "service_retired");
    return found;
  }
  /// Of a day that has passed nobody is acted on any more: the screens show the new one.
  Result<TicketIndex> ticket(const std::string& text) const {
    if (has_passed(day_, now_)) return fail(Code::not_found, "unknown_ticket");
    return resolve_ticket(clinic_, day_, text);
  }
  const Counter& counter(int index) const { return day_.counters[static_cast<std::size_t>(index)]; }
  TicketRef ref(TicketIndex at) const { return ref_of(day_.tickets[at]); }

  bool any_open() const {
    return std::any_of(day_.counters.begin(), day_.counters.end(), [](const Counter& c) { return c.open; });
  }
  void close_counters(std::vector<EventBody>& events) const;
  /// The events that open the business day of `now`, if it is not open yet; true when there were any.
  bool begin_day(std::vector<EventBody>& events) const;
  /// The same for what comes from outside about `date`: the date that is open takes it however late it is,
  /// and none but the one that begins now is opened. Error conflict "other_date".
  Result<bool> begin_day_of(base::Date date, std::vector<EventBody>& events) const;
  bool not_yet_opened(int index) const;
  void open_counter(int index, std::vector<EventBody>& events) const;
  /// Whether the request has a ticket already; `before` gets the void of one that has to make way.
  bool settle_request(const Receive& c, int service, std::vector<EventBody>& events) const;
  bool keeps_place(const Receive& c, const Counter& serving) const;
  bool stands_before(TicketIndex at, TicketIndex next, const std::string& reason) const;
  bool ended_since_opened(int index, const std::vector<Hours>& of_today) const;
  void turn_by_timetable(std::vector<EventBody>& events) const;
  Result<TicketIndex> whom_to_call(const CallNext& c, int service_index) const;
  Result<EventBody> mark(const Act& command, TicketIndex at) const;
  TicketRef place_after_absence(TicketIndex at, std::optional<int> back) const;
  TicketRef place_by_arrival(TicketIndex at, int line) const;
  [[nodiscard]] base::Status may_move(TicketIndex at) const;
  bool room_taken_since(const UndoRecord& record) const;

  const Clinic& clinic_;
  const Day& day_;
  const Asker& asker_;
  base::Instant now_;
};

/// Refuses what cannot be written down of a patient.
[[nodiscard]] base::Status check_person(const std::string& name, const std::string& card,
                                        const std::string& note);
/// What was written down; blanks alone are nothing.
[[nodiscard]] std::string written(std::string text);
/// The number a series goes on with: above every one of its numbers, void ones too.
[[nodiscard]] std::uint32_t next_number(const Counter& counter, const Series& series);
[[nodiscard]] bool has_kind(const Service& service, const std::string& kind);

} // namespace machiai::queue
