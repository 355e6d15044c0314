// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a station, a printer or a seat, as its health tells it.
#include "core/wire/phrases.hpp"

#include <algorithm>
#include <array>

namespace machiai::wire {

std::span<const std::string_view> trouble_reasons() {
  static constexpr auto reasons = std::to_array<std::string_view>(
      {// the disk and the clock
       "disk_full", "disk_low", "storage", "storage_read_only", "ledger_damaged", "clock_unsure",
       // the printer, and why a slip did not come out
       "paper_out", "paper_low", "jam", "door_open", "offline", "stopped", "printer_trouble",
       "printer_unreachable", "printer_missing", "printer_forbidden", "printer_timeout", "printer_busy",
       "no_printer", "no_font",
       // the way to the cloud
       "cloud_away", "portal_answers", "certificate_ends_soon", "certificate_refused", "record_forked",
       "station_busy", "station_copied", "station_replaced", "service_not_at_cloud", "service_only_at_cloud",
       "absence_differs",
       // a waiting room's screen: its voice, its films, its notices
       "no_guidance", "no_speaker", "no_voice", "no_decoder", "no_player", "notice_not_drawn", "film_crashed",
       "film_damaged", "film_empty", "film_locked", "film_missing", "film_short", "film_slow", "film_stalled",
       "film_unplayable", "film_unreadable", "film_without_pictures", "still_unreadable", "films_missing",
       "films_not_here", "programme_refused", "bad_reviews", "patient_waits"});
  return reasons;
}

bool is_trouble(std::string_view reason) {
  const auto reasons = trouble_reasons();
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

} // namespace machiai::wire
