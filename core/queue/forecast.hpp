// SPDX-License-Identifier: Apache-2.0
// How long a patient will wait: a point and an 80 % range, from finished sessions and the day so far.
// The method, its sources and its measured accuracy: docs/FORECAST.md.
#pragma once

#include "core/base/clock.hpp"
#include "core/queue/forecast_range.hpp"
#include "core/queue/views.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace machiai::queue {

/// A kind of visit, as the caller numbers them: one for each kind of each service. Keep the numbers stable
/// as long as the history is kept.
using VisitKind = std::uint16_t;
/// Rooms as bits, by the caller's numbers below 64.
using RoomSet = std::uint64_t;
inline constexpr RoomSet any_room = ~RoomSet{0};

// ---- what a session was --------------------------------------------------------------------------------

struct Visit {
  VisitKind kind = 0;
  std::int16_t room = 0;
  RoomSet rooms = any_room; ///< that might have called this patient
  base::Instant taken{};    ///< when the number was given; the default: before the session
  base::Instant called{};
  std::optional<base::Instant> ended; ///< none: the visit goes on, or only the next call ended it
};

/// Places of one service's line that were kept for walk-ins, and how many of them were taken.
struct PlaceRecord {
  double kept = 0;
  double taken = 0;
  bool operator==(const PlaceRecord&) const = default;
};

/// The visits of one session, morning or afternoon, in the order of their calls.
struct SessionLog {
  std::uint8_t slot = 0; ///< which session of the day; each slot has its usual end
  std::vector<Visit> visits;
  std::vector<PlaceRecord> places{}; ///< by service
};

struct OpenRoom;

// ---- what was learned ----------------------------------------------------------------------------------

/// Minutes from one call to the room's next, faded sums.
struct KindRecord {
  double minutes = 0;
  double visits = 0;
  bool operator==(const KindRecord&) const = default;
};

/// When a room calls its first patient of a session, as minutes of the business day; faded sums.
struct BeginRecord {
  double minutes = 0;
  double sessions = 0;
  bool operator==(const BeginRecord&) const = default;
};

/// When the last patient of this slot is called, as minutes of the business day; faded sums.
struct SlotRecord {
  double minutes = 0;
  double sessions = 0;
  std::vector<BeginRecord> begins{}; ///< by room
  bool operator==(const SlotRecord&) const = default;
};

/// How the speed changes within a session: normal equations of a ridge regression on
/// (1, hours from now to the usual end, hours from the call to the usual end).
struct PaceRecord {
  static constexpr std::size_t terms = 3;
  std::array<std::array<double, terms>, terms> squares{};
  std::array<double, terms> products{};
  bool operator==(const PaceRecord&) const = default;
};

/// Everything the forecast knows of earlier sessions. Plain numbers: store them as they are.
struct VisitHistory {
  std::uint32_t visits = 0;
  std::uint32_t sessions = 0;
  std::vector<KindRecord> kinds; ///< by VisitKind
  std::vector<SlotRecord> slots; ///< by SessionLog::slot
  /// How long visits took, as a share of what their kind usually takes, in steps of 0.2; faded counts.
  std::array<double, 21> lengths{};
  PaceRecord pace;
  RangeRecord range;
  std::vector<PlaceRecord> places; ///< by service; faded sums
  bool operator==(const VisitHistory&) const = default;
};

/// Of the service's kept places the share that is taken, shrunk towards a half while little is known.
[[nodiscard]] double share_taken(const VisitHistory& history, std::size_t service);

/// Before the first call of a session of `slot`: the rooms that call in most of its sessions, each from the
/// time at which it usually begins. Empty where no session of the slot is known.
[[nodiscard]] std::vector<OpenRoom> usual_rooms(const VisitHistory& history, std::uint8_t slot,
                                                base::Instant now);

/// Learns a finished session: how long visits take, and how far off forecasts from the history alone would
/// have been. Order matters: sessions are learned as they happened.
void learn(VisitHistory& history, const SessionLog& session);

// ---- what is now ---------------------------------------------------------------------------------------

struct CurrentVisit {
  VisitKind kind = 0;
  base::Instant called{};
};

/// A room that calls patients. Rooms that are not staffed are left out.
struct OpenRoom {
  std::int16_t room = 0;
  std::optional<CurrentVisit> visit;
  std::optional<base::Instant> from; ///< no call before this, e.g. the doctor comes at 9:00
};

struct Waiting {
  VisitKind kind = 0;
  RoomSet rooms = any_room;
  double share = 1; ///< of a visit: less where it is not certain that somebody comes
};

/// A visit of today that is over: minutes from its call to the room's next call, without the time in which
/// nobody waited.
struct DoneVisit {
  VisitKind kind = 0;
  double minutes = 0;
};

struct Situation {
  std::uint8_t slot = 0;
  std::vector<OpenRoom> rooms;
  std::vector<Waiting> line;      ///< in calling order
  std::vector<RoomSet> newcomers; ///< whom to forecast as if they came now: usually one per service
  std::vector<DoneVisit> done;
};

// ---- the forecast --------------------------------------------------------------------------------------

/// Minutes from now to the call. 8 of 10 patients are called within low..high, 1 sooner and 1 later.
struct Guess {
  double minutes = 0;
  double low = 0;
  double high = 0;
  // What the range is learned by, when the outcome is known:
  double scheduled = 0;    ///< minutes before the session's pace is laid over them
  double visits_ahead = 0; ///< in usual visits, the current one counted whole
  double scale = 0;        ///< error_scale(), minutes
};

enum class ForecastReason : std::uint8_t {
  known,
  too_little_known, ///< 計算中: fewer than `forecast_needs_visits` visits were ever seen
  no_room_open,     ///< nobody calls
};
inline constexpr std::uint32_t forecast_needs_visits = 10;

struct Forecast {
  ForecastReason reason = ForecastReason::too_little_known;
  /// As Situation::line; none for a patient whom no open room may call.
  std::vector<std::optional<Guess>> line;
  std::vector<std::optional<Guess>> newcomers; ///< as Situation::newcomers
};

/// Of two who wait for the same rooms the later one is never forecast sooner, in point or range.
[[nodiscard]] Forecast forecast(const VisitHistory& history, const Situation& situation, base::Instant now);

/// The visits of a session that are over at `now` and were followed by another in their room.
[[nodiscard]] std::vector<DoneVisit> done_at(const SessionLog& session, base::Instant now);
/// The situation at the moment of a call or any other, as a session's log tells it: what was known then, and
/// as the line those called later who had a number. No newcomers.
[[nodiscard]] Situation situation_at(const SessionLog& session, base::Instant now);
/// Whom that line consists of, as places in SessionLog::visits.
[[nodiscard]] std::vector<std::size_t> waiting_at(const SessionLog& session, base::Instant now);

/// The range as screens show it: outwards to 5 minutes.
[[nodiscard]] WaitRange shown_range(const Guess& guess);

// ---- its own record ------------------------------------------------------------------------------------

/// A forecast that was given, in minutes, and what came.
struct Outcome {
  double minutes = 0;
  double low = 0;
  double high = 0;
  double actual = 0;
};

struct Accuracy {
  int n = 0;
  double mean_error = 0;   ///< minutes, regardless of sign
  double median_error = 0; ///< minutes, regardless of sign
  double median_width = 0; ///< of the range, minutes
  double inside = 0;       ///< share called within the range, 0-1
  double late = 0;         ///< share called more than 10 minutes later than the point
};

[[nodiscard]] Accuracy accuracy(std::span<const Outcome> outcomes);

} // namespace machiai::queue
