// SPDX-License-Identifier: Apache-2.0
// What is said aloud for a call, spelled so that the speech engine reads it as a receptionist would.
#pragma once

#include "core/queue/views.hpp"
#include "sound/reading.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::display {

using sound::one_line;
using sound::spoken_number;
using sound::spoken_room;

/// "24番の、かた。診察室1へ、お入りください。" `number` as shown ("0012", "S-3", "W1-7").
/// The honorific is written かた: 「番の方」 would be read "hō".
[[nodiscard]] std::string announcement(std::string_view number, std::string_view room_reading);

/// The two sentences of it. They are rendered apart, so that n numbers and m rooms need n + m recordings.
[[nodiscard]] std::string number_sentence(std::string_view number);
[[nodiscard]] std::string room_sentence(std::string_view room_reading);

/// The sentences that will most likely be needed next, most likely first: whoever stands near, the rooms, the
/// others in line, those in a room (a recall) and the absent.
[[nodiscard]] std::vector<std::string> likely_sentences(const queue::BoardView& board);

/// The last call that was announced, by ledger seq and hub time.
struct Announced {
  std::uint64_t call = 0;
  std::int64_t at_ms = 0;
  bool operator==(const Announced&) const = default;
};

/// A call older than this by hub time is never announced: after a restart it would call somebody twice.
inline constexpr std::int64_t announce_within_ms = 30000;

/// Calls not announced yet, oldest first. A later seq or a later time makes a call new, so that neither a
/// clock that stepped back nor a new ledger silences the room.
[[nodiscard]] std::vector<queue::CallView> fresh_calls(const std::vector<queue::CallView>& listed,
                                                       const Announced& last, std::int64_t hub_now_ms);

} // namespace machiai::display
