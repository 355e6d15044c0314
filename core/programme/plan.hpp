// SPDX-License-Identifier: Apache-2.0
// What plays when, and why: pure functions over the programme, the clinic's decision and what this station
// knows. The same functions draw the preview and decide at the wall, so that the preview is the airing.
#pragma once

#include "core/programme/programme.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace machiai::programme {

/// What this station knows beside the documents.
struct Facts {
  std::vector<Hours> open;            ///< when the clinic is open on the date asked about
  bool clock_trusted = true;          ///< P7: an untrusted clock plays only what needs none
  bool signage = true;                ///< §4-1: the contract covers it
  bool suspended = false;             ///< §12
  std::optional<base::Instant> until; ///< when either of the two changes: no play goes beyond it (P2)
  bool paused = false;                ///< the reception has stopped the films by hand
  /// Whether the item's bytes are here and verify (P3). Empty: they are.
  std::function<bool(const Item&)> ready;
};

/// Why something plays, or does not.
enum class Reason : std::uint8_t {
  planned,         ///< its turn in its slot
  not_approved,    ///< §20-3: in the place of what the clinic did not approve
  outside_period,  ///< no programme for that day
  no_slot,         ///< none in force at that minute
  nothing_airable, ///< nothing of the slot may be aired now, or nothing fits before it ends
  clock_unsure,
  no_contract,
  suspended,
  paused,
};
[[nodiscard]] std::string_view reason_name(Reason reason);

/// One turn of a day's plan; seconds of the date, [from, to).
struct Play {
  int from = 0;
  int to = 0;
  const Item* item = nullptr; ///< none: a scene of our own drawing (P6)
  Reason reason = Reason::planned;
  const Slot* slot = nullptr;
};

/// The whole day, 0:00 to 24:00 without a gap. `review` of this very version, or none. An item that does not
/// fit before its slot or its right ends is not begun, so that a plan cuts nothing short (P2).
[[nodiscard]] std::vector<Play> plan_day(const Programme& programme, const Review* review, base::Date date,
                                         const Facts& facts);

struct Loaded {
  Programme programme;
  Review review; ///< `approved` empty: not (yet)
};

/// The programme in force on the date: of those whose period holds it the newest approved version, else the
/// newest version. None: nullptr.
[[nodiscard]] const Loaded* in_force(const std::vector<Loaded>& loaded, base::Date date);

/// "approved", "swapped" (and not approved yet), "waiting" (for the clinic) or "not_approved" (the deadline
/// passed).
[[nodiscard]] std::string_view state_of(const Loaded& loaded, base::Instant now);

/// The items that have a turn on the date, each once.
[[nodiscard]] std::vector<const Item*> items_of(const std::vector<Loaded>& loaded, base::Date date,
                                                const Facts& facts);

struct Airing {
  std::string item; ///< empty: a scene of our own
  Kind kind = Kind::relaxation;
  std::string sha256; ///< of the item's file
  Reason reason = Reason::planned;
  base::Instant from{}, until{}; ///< of this turn
  std::string slot, programme;
  int version = 0;
};

[[nodiscard]] Airing what_plays(const std::vector<Loaded>& loaded, const Facts& facts, base::Instant now);
/// When what_plays next gives another turn; at the latest the end of the day.
[[nodiscard]] base::Instant next_change(const std::vector<Loaded>& loaded, const Facts& facts,
                                        base::Instant now);

/// Why an item is not on the screen at `now`: "airing", or what stands against it, the weightiest first: what
/// stands against all of them (a Reason of what_plays beside `planned`), against this one ("unknown_item",
/// "not_approved", "outside_right", "not_ready"), or else "not_in_slot", "swapped" (the clinic put another in
/// its place) or "other_turn".
/// Whether a person is told that films of today are not here, `since` when they have been missing; none: they
/// are here. Where a cloud sends them, they are given ten minutes to come.
[[nodiscard]] bool films_are_told(std::optional<base::Instant> since, bool linked, base::Instant now);

struct Explanation {
  std::vector<std::string> reasons;
  std::optional<base::Instant> next; ///< its next turn of that day
};
[[nodiscard]] Explanation explain(const std::vector<Loaded>& loaded, const Facts& facts,
                                  std::string_view item, base::Instant now);

} // namespace machiai::programme
