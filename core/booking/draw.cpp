// SPDX-License-Identifier: Apache-2.0
#include "core/booking/draw.hpp"

#include "core/booking/guards.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace machiai::booking {

namespace {

/// splitmix64: the same everywhere, unlike the distributions of the standard library.
class Random {
public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// Each of 0..n-1 alike: what would favour the small ones is thrown away.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t fair = most - most % n;
    std::uint64_t value = next();
    while (value >= fair) value = next();
    return value % n;
  }

private:
  std::uint64_t state_;
};

} // namespace

std::vector<std::size_t> draw(const std::vector<Entry>& entries, std::uint64_t seed) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (!guard_on(Guard::draw_order)) return order;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return entries[a].id < entries[b].id; });
  Random random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

std::vector<bool> allot(const std::vector<int>& people, int left) {
  std::vector<bool> served;
  served.reserve(people.size());
  for (const int each : people) {
    const bool fits = left < 0 || (guard_on(Guard::whole_family) ? each <= left : left > 0);
    served.push_back(fits || !guard_on(Guard::cap));
    if (fits && left >= 0) left -= each;
  }
  return served;
}

} // namespace machiai::booking
