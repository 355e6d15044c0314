// SPDX-License-Identifier: Apache-2.0
// Made-up sessions for the forecast's tests: the same on every machine.
#pragma once

#include "core/queue/forecast.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

namespace machiai::test {

/// A small generator of our own: the library's distributions differ between implementations.
class Dice {
public:
  explicit Dice(std::uint64_t seed) : state_(seed * 2654435761u + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }
  double unit() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  /// Near enough to a normal distribution.
  double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += unit();
    return sum;
  }

private:
  std::uint64_t state_;
};

inline base::Instant minute(double m) {
  return base::at_minute({}, 0) + base::Millis(std::llround(m * 60'000));
}

/// A doctor: minutes of a first and of a return visit, how much visits and days differ, hurry to the end.
struct Doctor {
  double first = 12;
  double again = 6;
  double visit_spread = 0.4;
  double day_spread = 0.18;
  double hurry = 0; ///< share of the length that is gone after 20 patients
  int patients = 20;
};

inline queue::SessionLog session_of(const Doctor& doctor, Dice& dice) {
  queue::SessionLog log;
  const double day = std::exp(doctor.day_spread * dice.normal());
  double at = 9 * 60 + 5 * dice.unit();
  const int patients = doctor.patients - 4 + dice.below(9);
  for (int i = 0; i < patients; ++i) {
    queue::Visit visit;
    visit.kind = dice.unit() < 0.35 ? 0 : 1;
    visit.called = minute(at);
    const double pace = 1 - doctor.hurry * i / 20.0;
    at += (visit.kind == 0 ? doctor.first : doctor.again) * day * pace *
          std::exp(doctor.visit_spread * dice.normal());
    visit.ended = minute(at);
    log.visits.push_back(visit);
  }
  return log;
}

inline std::vector<queue::SessionLog> sessions_of(const Doctor& doctor, int n, std::uint64_t seed) {
  Dice dice(seed);
  std::vector<queue::SessionLog> sessions;
  for (int i = 0; i < n; ++i) sessions.push_back(session_of(doctor, dice));
  return sessions;
}

} // namespace machiai::test
