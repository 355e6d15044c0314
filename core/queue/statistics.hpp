// SPDX-License-Identifier: Apache-2.0
// What a day was, counted from its events: patients, waits, rooms, absences, and how true the forecasts were.
#pragma once

#include "core/queue/day.hpp"
#include "core/queue/forecast.hpp"
#include "core/queue/visits.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace machiai::queue {

struct ServiceCount {
  std::string service;
  int taken = 0; ///< numbers given, without those taken back at once
  int done = 0;
  int cancelled = 0;
  int no_show = 0;
  int absences = 0;                 ///< calls that nobody answered
  std::map<std::string, int> kinds; ///< taken, by kind
  std::vector<double> waits;        ///< minutes from the number to the first call, in order of the numbers
};

struct RoomCount {
  std::string room;
  int visits = 0;
  double minutes = 0; ///< with a patient
};

struct DayCount {
  base::Date date{};
  std::vector<ServiceCount> services; ///< as in the settings
  std::vector<RoomCount> rooms;       ///< as in the settings
  std::array<int, 24> arrivals{};     ///< numbers given in each hour of the day
  std::vector<Outcome> outcomes;      ///< waits that were told at the reception, and what came
};

/// Counts the events of one business date, fed in order.
class DayCounter {
public:
  explicit DayCounter(const Clinic& clinic) : clinic_(&clinic), day_(new_day(clinic)), visits_(clinic) {}
  void note(const Event& event);
  [[nodiscard]] DayCount count() const;

private:
  const Clinic* clinic_;
  Day day_;
  VisitBook visits_;
  std::map<TicketRef, WaitRange> told_;
  std::map<TicketRef, std::map<std::uint64_t, base::Instant>> calls_; ///< by the call's group
};

/// The middle value, and the one that nine of ten do not exceed; 0 of none.
[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double ninth_of_ten(std::vector<double> values);

} // namespace machiai::queue
