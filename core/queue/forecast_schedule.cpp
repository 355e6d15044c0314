// SPDX-License-Identifier: Apache-2.0
#include "core/queue/forecast_parts.hpp"

#include <algorithm>

namespace machiai::queue::parts {

namespace {

/// A kind seen this often speaks half for itself, half as a visit of any kind.
constexpr double kind_prior = 5;
/// After this many visits today's speed has half a say.
constexpr double speed_prior = 12;
constexpr double least_usual = 0.1; ///< minutes; keeps ratios finite

/// What is left of a visit on average, in usual visits, after `elapsed` usual visits. Never 0: who is still
/// in the room is not out yet.
double mean_rest(const VisitHistory& history, double elapsed) {
  constexpr double pseudo = 0.5; // visits in each step up to twice the usual, before much is known
  constexpr double least_rest = 0.1;
  double count = 0;
  double rest = 0;
  for (std::size_t step = 1; step < history.lengths.size(); ++step) {
    const double length = static_cast<double>(step) * length_step;
    if (length <= elapsed) continue;
    const double weight = history.lengths[step] + (length <= 2 ? pseudo : 0);
    count += weight;
    rest += weight * (length - elapsed);
  }
  return count > 0 ? std::max(rest / count, least_rest) : least_rest;
}

/// Expected minutes until the room is free again.
double rest_of(const VisitHistory& history, double usual, double elapsed_minutes) {
  const double elapsed = std::max(0.0, elapsed_minutes) / usual;
  return usual * mean_rest(history, elapsed) / mean_rest(history, 0);
}

/// Today's visits against what their kinds usually take, shrunk towards 1.
double speed_today(const Usual& usual, const std::vector<DoneVisit>& done) {
  double taken = speed_prior * usual.any();
  double expected = taken;
  for (const DoneVisit& visit : done) {
    const double one = usual.of(visit.kind);
    taken += std::clamp(visit.minutes, 0.0, longest * one);
    expected += one;
  }
  return taken / expected;
}

/// Open rooms and when each is free. Rooms are few: looking at each is cheaper than keeping them sorted.
class Rooms {
public:
  void add(std::int16_t room, Free free) { rooms_.push_back({RoomSet{1} << (room & 63), free}); }

  /// The first of these rooms that is free.
  [[nodiscard]] std::optional<Free> free_at(RoomSet allowed) const {
    const std::size_t first = first_free(allowed);
    return first < rooms_.size() ? std::optional(rooms_[first].free) : std::nullopt;
  }
  void occupy(RoomSet allowed, double minutes) {
    const std::size_t first = first_free(allowed);
    if (first < rooms_.size()) rooms_[first].free.minutes += minutes;
  }

private:
  struct Room {
    RoomSet bit;
    Free free;
  };

  [[nodiscard]] std::size_t first_free(RoomSet allowed) const {
    std::size_t first = rooms_.size();
    for (std::size_t i = 0; i < rooms_.size(); ++i)
      if ((rooms_[i].bit & allowed) != 0 &&
          (first == rooms_.size() || rooms_[i].free.minutes < rooms_[first].free.minutes))
        first = i;
    return first;
  }

  std::vector<Room> rooms_;
};

Free free_of(const VisitHistory& history, const Usual& usual, const OpenRoom& room, double speed,
             base::Instant now) {
  Free free;
  if (room.from) free.minutes = std::max(0.0, minutes_between(now, *room.from));
  if (!room.visit) return free;
  const double one = usual.of(room.visit->kind) * speed;
  const double rest = rest_of(history, one, minutes_between(room.visit->called, now));
  return {std::max(free.minutes, rest), std::max(0.0, one - rest)};
}

} // namespace

Usual::Usual(const VisitHistory& history) {
  KindRecord all;
  for (const KindRecord& kind : history.kinds) {
    all.minutes += kind.minutes;
    all.visits += kind.visits;
  }
  any_ = all.visits > 0 ? std::max(least_usual, all.minutes / all.visits) : least_usual;
  for (const KindRecord& kind : history.kinds)
    kinds_.push_back(std::max(least_usual, (kind.minutes + kind_prior * any_) / (kind.visits + kind_prior)));
}

Schedule schedule(const VisitHistory& history, const Usual& usual, const Situation& situation,
                  base::Instant now) {
  const double speed = speed_today(usual, situation.done);
  Rooms rooms;
  for (const OpenRoom& room : situation.rooms)
    rooms.add(room.room, free_of(history, usual, room, speed, now));
  Schedule all;
  all.line.reserve(situation.line.size());
  for (const Waiting& patient : situation.line) {
    all.line.push_back(rooms.free_at(patient.rooms));
    rooms.occupy(patient.rooms, usual.of(patient.kind) * speed * patient.share);
  }
  for (const RoomSet allowed : situation.newcomers) all.newcomers.push_back(rooms.free_at(allowed));
  return all;
}

} // namespace machiai::queue::parts
