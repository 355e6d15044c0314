// SPDX-License-Identifier: Apache-2.0
#include "core/store/media_rules.hpp"

#include <algorithm>
#include <tuple>

namespace machiai::store {

using base::Error;
using base::fail;

namespace {

std::uint64_t less(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : 0;
}

} // namespace

std::uint64_t ledger_reserve(std::uint64_t file_system) {
  return std::max(std::uint64_t{1} << 30, file_system / 20);
}

std::uint64_t media_room(const MediaSpace& space) {
  const std::uint64_t of_disk =
      space.one_disk ? less(space.ledger_free, ledger_reserve(space.ledger_size)) : space.media_free;
  return std::min(less(space.quota, space.used), of_disk);
}

base::Status may_take(const MediaSpace& space, std::uint64_t bytes) {
  if (bytes <= media_room(space)) return {};
  if (bytes > less(space.quota, space.used)) return fail(Error::Code::limit, "media_quota");
  return fail(Error::Code::storage, space.one_disk ? "media_reserve" : "media_disk_full");
}

std::uint64_t over_the_limits(const MediaSpace& space) {
  const std::uint64_t reserve = space.one_disk ? ledger_reserve(space.ledger_size) : 0;
  return std::max(less(space.used, space.quota), less(reserve, space.ledger_free));
}

Needed needed_media(const std::vector<programme::Loaded>& loaded, base::Date today) {
  Needed needed;
  for (const programme::Loaded& each : loaded) {
    if (each.programme.to < today) continue;
    for (const programme::Item& item : each.programme.items) {
      auto& by = needed[item.sha256];
      const NeededBy one{each.programme.id, item.id};
      if (std::find(by.begin(), by.end(), one) == by.end()) by.push_back(one);
    }
  }
  return needed;
}

std::optional<base::Instant> right_ends(const std::vector<programme::Loaded>& loaded,
                                        std::string_view sha256) {
  std::optional<base::Instant> ends;
  for (const programme::Loaded& each : loaded)
    for (const programme::Item& item : each.programme.items) {
      if (item.sha256 != sha256 || !programme::needs_approval(item.kind)) continue;
      for (const programme::Right& right : item.rights)
        ends = std::max(ends.value_or(base::Instant{}), base::at_minute(right.to, 24 * 60));
    }
  return ends;
}

std::vector<std::string> plan_eviction(std::vector<Evictable> films, const Needed& needed,
                                       std::uint64_t bytes, base::Instant now) {
  std::erase_if(films, [&](const Evictable& film) {
    if (film.ended) return false;
    return needed.contains(film.sha256) || (!film.provided && now - film.added < own_grace);
  });
  const auto rank = [](const Evictable& film) {
    return std::tuple(!film.ended, !film.provided, film.added, film.sha256);
  };
  std::sort(films.begin(), films.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  std::vector<std::string> plan;
  std::uint64_t freed = 0;
  for (const Evictable& film : films) {
    if (freed >= bytes) break;
    freed += film.bytes;
    plan.push_back(film.sha256);
  }
  return plan;
}

} // namespace machiai::store
