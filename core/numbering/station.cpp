// SPDX-License-Identifier: Apache-2.0
#include "core/numbering/station.hpp"

#include "core/numbering/cloud.hpp"
#include "core/numbering/guards.hpp"

#include <algorithm>

namespace machiai::numbering {

using base::Error;
using base::fail;
using Code = Error::Code;

namespace {

/// The record of the one who greets must hold what we have, event for event.
base::Status goes_on(const Seat& seat, const Hello& hello) {
  if (!guard_on(Guard::record_goes_on) || seat.acked == 0) return {};
  if (hello.seq < seat.acked) return fail(Code::conflict, "record_forked");
  if (hello.proof_seq != seat.acked) return fail(Code::conflict, "prove_record", std::to_string(seat.acked));
  if (hello.proof != seat.hash) return fail(Code::conflict, "record_forked");
  return {};
}

/// Not a copy of a disk whose original went on, nor the second of two that are on.
base::Status is_the_one(const Seat& seat, const Hello& hello, base::Instant now) {
  if (!guard_on(Guard::one_station_served)) return {};
  // Welcomes since then may have been lost: the machine still has that lineage. Who has less will not be the
  // one by waiting.
  if (hello.lineage < seat.known) return fail(Code::conflict, "station_copied");
  const bool alive = !waited_enough(seat.heard, now, station_lease);
  if (hello.nonce != seat.nonce && alive) return fail(Code::conflict, "station_busy");
  return {};
}

} // namespace

base::Result<Admitted> admit(const Seat& seat, const Hello& hello, base::Instant now) {
  if (stops(Guard::replaced_station_out, hello.station != seat.station))
    return fail(Code::conflict, "station_replaced");
  MACHIAI_TRY(is_the_one(seat, hello, now));
  MACHIAI_TRY(goes_on(seat, hello));
  Admitted admitted{seat, {}};
  Seat& next = admitted.next;
  if (hello.nonce != seat.nonce) {
    next.lineage = std::max(seat.lineage, hello.lineage) + 1;
    next.nonce = hello.nonce;
  }
  next.heard = now;
  admitted.welcome = {next.lineage, next.acked};
  return admitted;
}

base::Result<Seat> heard(const Seat& seat, const std::string& nonce, std::uint64_t lineage,
                         base::Instant now) {
  if (stops(Guard::one_station_served, nonce != seat.nonce))
    return fail(Code::conflict, lineage < seat.known ? "station_copied" : "station_busy");
  Seat next = seat;
  next.heard = now;
  next.known = std::max(seat.known, std::min(lineage, seat.lineage));
  return next;
}

Seat left(const Seat& seat, const std::string& nonce) {
  Seat next = seat;
  if (nonce == seat.nonce) next.heard = base::Instant{};
  return next;
}

Seat restored(const Seat& backup) {
  Seat next = backup;
  next.heard = base::Instant{};
  return next;
}

Seat replaced(const Seat& seat) {
  Seat next;
  next.station = static_cast<std::uint16_t>(seat.station + 1);
  return next;
}

bool gives_none(std::string_view reason, base::Millis for_so_long) {
  if (reason == "station_busy") return for_so_long >= busy_limit;
  return reason == "station_copied" || reason == "station_replaced" || reason == "record_forked";
}

} // namespace machiai::numbering
