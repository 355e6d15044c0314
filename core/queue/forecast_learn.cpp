// SPDX-License-Identifier: Apache-2.0
#include "core/queue/forecast_parts.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace machiai::queue {

namespace {

using parts::minutes_between;

/// What was learned keeps this share of its weight with every session: habits change.
constexpr double fade = 0.995;
/// A long day is replayed at this many of its calls at most: n patients make n * n / 2 forecasts.
constexpr std::size_t most_replays = 64;

void fade_all(VisitHistory& history) {
  for (KindRecord& kind : history.kinds) kind = {kind.minutes * fade, kind.visits * fade};
  for (PlaceRecord& places : history.places) places = {places.kept * fade, places.taken * fade};
  for (double& count : history.lengths) count *= fade;
  for (double& product : history.pace.products) product *= fade;
  for (auto& row : history.pace.squares)
    for (double& square : row) square *= fade;
}

/// Minutes the visit kept its room from the next patient.
double occupied(const Visit& visit, const Visit& next) {
  const double nobody_waited = visit.ended ? std::max(0.0, minutes_between(*visit.ended, next.taken)) : 0;
  return std::max(0.0, minutes_between(visit.called, next.called) - nobody_waited);
}

/// How far off forecasts from `before` were, at the calls of a session that is over.
void learn_errors(const VisitHistory& before, VisitHistory& history, const SessionLog& session) {
  const Bands given = bands(before.range);
  const std::size_t stride = session.visits.size() / most_replays + 1;
  RangeTally tally;
  for (std::size_t i = 0; i < session.visits.size(); i += stride) {
    const base::Instant now = session.visits[i].called;
    const Forecast guessed = forecast(before, situation_at(session, now), now);
    const auto line = waiting_at(session, now);
    for (std::size_t k = 0; k < guessed.line.size(); ++k) {
      if (!guessed.line[k]) continue;
      const Guess& guess = *guessed.line[k];
      const double actual = minutes_between(now, session.visits[line[k]].called);
      note(tally, given, guess.visits_ahead, error_ratio(actual, guess.minutes, guess.scale));
      parts::note_pace(history, session.slot, now, guess.scheduled, actual);
    }
  }
  settle(history.range, tally);
}

double median_minutes(const std::vector<DoneVisit>& done) {
  std::vector<double> minutes;
  for (const DoneVisit& visit : done) minutes.push_back(visit.minutes);
  const auto middle = minutes.begin() + static_cast<std::ptrdiff_t>(minutes.size() / 2);
  std::nth_element(minutes.begin(), middle, minutes.end());
  return *middle;
}

void learn_lengths(const VisitHistory& before, VisitHistory& history, const std::vector<DoneVisit>& done) {
  const bool known = before.visits >= forecast_needs_visits;
  const parts::Usual usual(before);
  const double middle = std::max(0.1, median_minutes(done));
  for (const DoneVisit& visit : done) {
    if (visit.kind >= history.kinds.size()) history.kinds.resize(visit.kind + std::size_t{1});
    const double one = known ? usual.of(visit.kind) : middle;
    const double minutes = std::clamp(visit.minutes, 0.0, parts::longest * one);
    history.kinds[visit.kind].minutes += minutes;
    history.kinds[visit.kind].visits += 1;
    const auto step = static_cast<std::size_t>(std::lround(minutes / one / parts::length_step));
    history.lengths[std::min(step, history.lengths.size() - 1)] += 1;
    ++history.visits;
  }
}

void learn_end(VisitHistory& history, const SessionLog& session) {
  if (session.slot >= history.slots.size()) history.slots.resize(session.slot + std::size_t{1});
  SlotRecord& slot = history.slots[session.slot];
  slot.minutes = slot.minutes * fade + parts::business_minute(session.visits.back().called);
  slot.sessions = slot.sessions * fade + 1;
  for (BeginRecord& room : slot.begins) room = {room.minutes * fade, room.sessions * fade};
  std::set<std::int16_t> begun;
  for (const Visit& visit : session.visits) {
    if (visit.room < 0 || !begun.insert(visit.room).second) continue;
    const auto room = static_cast<std::size_t>(visit.room);
    if (room >= slot.begins.size()) slot.begins.resize(room + 1);
    slot.begins[room].minutes += parts::business_minute(visit.called);
    slot.begins[room].sessions += 1;
  }
}

void learn_places(VisitHistory& history, const std::vector<PlaceRecord>& places) {
  if (history.places.size() < places.size()) history.places.resize(places.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    history.places[i].kept += places[i].kept;
    history.places[i].taken += places[i].taken;
  }
}

} // namespace

std::vector<OpenRoom> usual_rooms(const VisitHistory& history, std::uint8_t slot, base::Instant now) {
  std::vector<OpenRoom> rooms;
  if (slot >= history.slots.size()) return rooms;
  const SlotRecord& usual = history.slots[slot];
  for (std::size_t i = 0; i < usual.begins.size(); ++i) {
    const BeginRecord& room = usual.begins[i];
    if (room.sessions * 2 < usual.sessions) continue;
    const double ahead = room.minutes / room.sessions - parts::business_minute(now);
    rooms.push_back({static_cast<std::int16_t>(i), std::nullopt,
                     now + std::chrono::seconds{static_cast<std::int64_t>(ahead * 60)}});
  }
  return rooms;
}

double share_taken(const VisitHistory& history, std::size_t service) {
  constexpr double prior = 8; // places, half of them taken
  const PlaceRecord seen = service < history.places.size() ? history.places[service] : PlaceRecord{};
  return std::min(1.0, (seen.taken + prior / 2) / (seen.kept + prior));
}

std::vector<std::size_t> waiting_at(const SessionLog& session, base::Instant now) {
  std::vector<std::size_t> line;
  for (std::size_t at = 0; at < session.visits.size(); ++at)
    if (session.visits[at].called > now && session.visits[at].taken <= now) line.push_back(at);
  return line;
}

std::vector<DoneVisit> done_at(const SessionLog& session, base::Instant now) {
  std::map<std::int16_t, const Visit*> latest;
  std::vector<DoneVisit> done;
  for (const Visit& visit : session.visits) {
    if (visit.called > now) break;
    const Visit*& before = latest[visit.room];
    if (before != nullptr) done.push_back({before->kind, occupied(*before, visit)});
    before = &visit;
  }
  return done;
}

Situation situation_at(const SessionLog& session, base::Instant now) {
  Situation s;
  s.slot = session.slot;
  s.done = done_at(session, now);
  std::map<std::int16_t, OpenRoom> rooms;
  std::set<std::int16_t> calls_again;
  for (const Visit& visit : session.visits) {
    if (visit.called > now) {
      calls_again.insert(visit.room);
      continue;
    }
    OpenRoom& room = rooms[visit.room];
    room.room = visit.room;
    room.visit.reset();
    if (!visit.ended || *visit.ended > now) room.visit = CurrentVisit{visit.kind, visit.called};
  }
  for (const auto& [number, room] : rooms)
    if (room.visit || calls_again.contains(number)) s.rooms.push_back(room);
  for (const std::size_t at : waiting_at(session, now))
    s.line.push_back({session.visits[at].kind, session.visits[at].rooms});
  return s;
}

void learn(VisitHistory& history, const SessionLog& session) {
  if (session.visits.empty()) return;
  const VisitHistory before = history;
  fade_all(history);
  if (before.visits >= forecast_needs_visits) learn_errors(before, history, session);
  const auto done = done_at(session, session.visits.back().called);
  if (!done.empty()) learn_lengths(before, history, done);
  learn_end(history, session);
  learn_places(history, session.places);
  ++history.sessions;
}

} // namespace machiai::queue
