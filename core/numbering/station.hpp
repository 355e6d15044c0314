// SPDX-License-Identifier: Apache-2.0
// Which machine is the clinic's station. A disk can be copied and a backup be put back, certificate and all;
// of two machines with one identity one is served (N12), and it is one whose record goes on from what the
// cloud has (N1, N7).
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace machiai::numbering {

/// A station is taken for alive this long after it was last heard: longer than a half-open link lasts.
inline constexpr base::Millis station_lease{30'000};

/// What the cloud remembers of the clinic's machine.
struct Seat {
  std::uint16_t station = 0; ///< 0: the first machine; one more each time it is replaced
  std::uint64_t lineage = 0; ///< one more with each start that was let in
  std::uint64_t known = 0;   ///< the last lineage that a machine has certainly stored
  std::string nonce;         ///< of the start that is served; empty: none yet
  base::Instant heard{};     ///< of that start
  std::uint64_t acked = 0;   ///< its events are here up to this one
  std::string hash;          ///< the chain's, at `acked`
};

struct Hello {
  std::uint16_t station = 0;
  std::uint64_t lineage = 0; ///< as stored at the last welcome
  std::string nonce;         ///< fresh with each start of the machine
  std::uint64_t seq = 0;     ///< of its last event
  std::uint64_t proof_seq = 0;
  std::string proof; ///< the chain's hash at `proof_seq`
};

struct Welcome {
  std::uint64_t lineage = 0; ///< to be stored before anything else is sent
  std::uint64_t acked = 0;
};

/// Either the welcome, with the seat as it is to be kept, or why not. Refused (conflict): "prove_record",
/// when the hello should come again with the hash at the `acked` in the error's detail; "station_busy", while
/// another start may be alive; "station_copied", "station_replaced", "record_forked", for a person to settle:
/// then another machine's record goes on, or this one's lacks what the cloud has (`gives_none`).
struct Admitted {
  Seat next;
  Welcome welcome;
};
[[nodiscard]] base::Result<Admitted> admit(const Seat& seat, const Hello& hello, base::Instant now);
/// Something came from the start with this nonce; `lineage` is what it had stored when it sent it. When it is
/// not the one that is served, it is told so (conflict): "station_copied" when another has certainly stored a
/// later lineage, otherwise "station_busy", and its next hello decides.
[[nodiscard]] base::Result<Seat> heard(const Seat& seat, const std::string& nonce, std::uint64_t lineage,
                                       base::Instant now);
/// Its connection has ended: the next start need not wait for the lease.
[[nodiscard]] Seat left(const Seat& seat, const std::string& nonce);
/// After a restore of the cloud nobody is known to be alive.
[[nodiscard]] Seat restored(const Seat& backup);
/// The machine is given up; the next is enrolled in its place.
[[nodiscard]] Seat replaced(const Seat& seat);

/// The station's end: what it hears of itself when it is turned away, for so long on end, means that its
/// numbers could be another's, so that it gives none (N1). Only what cannot be a mistake does: a lineage is
/// stored before it is acknowledged, and its own earlier start, which it has outlived, is not taken for alive
/// for so long.
[[nodiscard]] bool gives_none(std::string_view reason, base::Millis for_so_long);
/// The lease, after the silence that ends a dead link, and a margin for the clocks of several nodes.
inline constexpr base::Millis busy_limit{150'000};

} // namespace machiai::numbering
