// SPDX-License-Identifier: Apache-2.0
// What people read for each reason: tables, sorted by reason. See core/wire/messages.hpp.
#pragma once

#include <span>
#include <string_view>

namespace machiai::wire {

struct Phrase {
  std::string_view reason;
  std::string_view ja;
  std::string_view en;
};

/// Of the clinic's day: what is asked at the seats, and refused there.
[[nodiscard]] std::span<const Phrase> clinic_phrases();
/// Of the clinic's machine: its files, disk, printer, seats and link.
[[nodiscard]] std::span<const Phrase> station_phrases();
/// Of films and pictures: taken in, fetched, kept, played.
[[nodiscard]] std::span<const Phrase> film_phrases();
/// Of the cloud alone.
[[nodiscard]] std::span<const Phrase> cloud_phrases();

/// Every reason that the health of a station, its printer or a seat can tell. Their words say what to do.
[[nodiscard]] std::span<const std::string_view> trouble_reasons();
[[nodiscard]] bool is_trouble(std::string_view reason);

} // namespace machiai::wire
