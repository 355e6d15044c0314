// SPDX-License-Identifier: Apache-2.0
// What cloud and clinic say to each other about one service's numbers on one business date. Any of it may be
// lost, repeated or overtaken; nothing here depends on order.
#pragma once

#include "core/base/clock.hpp"
#include "core/queue/event.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace machiai::numbering {

/// More than either side gives while the other cannot know of it: a restored cloud's forgotten numbers and a
/// lost owner's unsent ones lie in a range of this size, declared void.
inline constexpr std::uint32_t jump = 120;

/// Cloud to clinic: how it stands, when a link begins, when it changes, and every few seconds. How the clinic
/// stands its events say, which come up in order.
struct State {
  std::uint64_t epoch = 0;
  std::uint32_t generation = 0;
  std::uint32_t high = 0;     ///< highest main number, given or void
  std::uint32_t web_high = 0; ///< of this generation's web series
  bool owner = false;
  bool trusted = true;  ///< false after a restore, until the clinic's events know the generation
  bool settled = false; ///< the clinic has all the numbers up to these that the cloud gave
  bool operator==(const State&) const = default;
};
/// Clinic to cloud: the day has begun here.
struct Claim {
  std::uint64_t epoch = 0;      ///< the clinic's
  std::uint32_t generation = 0; ///< of the cloud, as last seen; 0: not on this date
  bool operator==(const Claim&) const = default;
};
/// Cloud to clinic: the series is yours in this epoch, above `high`. Repeated until an OwnershipTaken comes
/// up. The other way the event OwnershipReleased hands it over.
struct Grant {
  std::uint64_t epoch = 0;
  std::uint32_t high = 0;
  std::uint32_t generation = 0;
  bool operator==(const Grant&) const = default;
};
/// Cloud to clinic: give this request a main number. What is known of the patient travels beside it.
struct Request {
  std::string key;
  base::Instant accepted{};
  int every = 0; ///< of the line's places is kept for walk-ins, by the cloud's rules; 0: none
  bool operator==(const Request&) const = default;
};
/// Clinic to cloud: the number of the request, or why it has none (`n` = 0).
struct Reply {
  std::string key;
  queue::Series series{};
  std::uint32_t n = 0;
  std::string reason; ///< when n = 0
  bool operator==(const Reply&) const = default;
};
/// Cloud to clinic: what the cloud knows of a number that the clinic's record lacks.
struct Offer {
  enum class What : std::uint8_t { live, voided, refused };
  What what = What::live;
  std::uint32_t generation = 0;
  std::string key;
  queue::Series series{}; ///< live, voided
  std::uint32_t n = 0;    ///< live; the first of those voided
  std::uint32_t to = 0;   ///< voided: the last
  std::string reason;     ///< voided, refused
  base::Instant accepted{};
  int every = 0; ///< live: as Request has it
  bool operator==(const Offer&) const = default;
};

using Message = std::variant<State, Claim, Grant, Request, Reply, Offer>;

} // namespace machiai::numbering
