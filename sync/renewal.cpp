// SPDX-License-Identifier: Apache-2.0
#include "sync/renewal.hpp"

#include <algorithm>
#include <cstdint>

namespace machiai::sync {

using base::Instant;
using base::Millis;

namespace {

constexpr Millis shortest = std::chrono::minutes{2};
constexpr Millis longest = std::chrono::hours{6};
constexpr Millis warned_before = std::chrono::hours{14 * 24};

Millis part(Millis whole, double share) {
  return Millis{static_cast<std::int64_t>(static_cast<double>(whole.count()) * share)};
}
Millis length(const Life& life) {
  return std::chrono::duration_cast<Millis>(life.until - life.from);
}

} // namespace

double spread_of(std::string_view facility) {
  std::uint64_t hash = 14695981039346656037U; // FNV-1a
  for (const char c : facility) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  // Short names differ in the low bits alone: they are brought up.
  hash ^= hash >> 32;
  hash *= 0x9E3779B97F4A7C15U;
  return static_cast<double>(hash >> 11) / 9007199254740992.0; // 2^53
}

Instant renewed_from(const Life& life, double spread) {
  return life.from + part(length(life), 2.0 / 3.0 + spread / 12.0);
}

Millis renewal_pause(unsigned failed, double spread) {
  const Millis whole = std::min(longest, shortest * (1 << std::min(std::max(failed, 1U) - 1, 10U)));
  return whole / 2 + part(whole / 2, spread);
}

bool renewal_due(const Life& life, double spread, const RenewalTries& tries, Instant now,
                 bool clock_trusted) {
  if (!clock_trusted || now >= life.until || now < renewed_from(life, spread)) return false;
  // A try that lies ahead was made before the clock was set back: it holds nobody up.
  return tries.failed == 0 || now < tries.last || now - tries.last >= renewal_pause(tries.failed, spread);
}

bool ends_soon(const Life& life, Instant now) {
  return now < life.until && life.until - now <= std::min(warned_before, length(life) / 6);
}

} // namespace machiai::sync
