// SPDX-License-Identifier: Apache-2.0
#include "sync/fetch_rules.hpp"

#include "core/store/media_rules.hpp"
#include "sync/guards.hpp"

#include <algorithm>
#include <charconv>

namespace machiai::sync {

using base::Error;
using base::fail;
using base::Instant;
using base::Millis;
using base::Result;

namespace {

constexpr Millis soon = std::chrono::hours{24};
constexpr Millis shortest_rest{2'000};
constexpr Millis stuck_limit = std::chrono::minutes{10};
constexpr Millis longest_rest = std::chrono::minutes{30};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

struct ContentRange {
  std::uint64_t first = 0, last = 0, whole = 0;
};
/// "bytes 0-9/100" and nothing else.
std::optional<ContentRange> content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  const auto dash = text.find('-'), slash = text.find('/');
  if (!text.starts_with(unit) || dash == text.npos || slash == text.npos || slash < dash) return std::nullopt;
  const auto first = number(text.substr(unit.size(), dash - unit.size()));
  const auto last = number(text.substr(dash + 1, slash - dash - 1));
  const auto whole = number(text.substr(slash + 1));
  if (!first || !last || !whole || *last < *first || *last >= *whole) return std::nullopt;
  return ContentRange{*first, *last, *whole};
}

Result<Body> judge_part(const wire::ManifestFile& file, std::uint64_t have, const FileAnswer& answer) {
  const auto range = content_range(answer.range);
  const std::string etag = etag_of(file);
  if (have == 0 || !range) return fail(Error::Code::device, "other_answer", answer.range.substr(0, 60));
  if (range->whole != file.bytes || (!answer.etag.empty() && answer.etag != etag))
    return fail(Error::Code::invalid, "other_file");
  const Body body{range->first, range->last - range->first + 1};
  if (base::stops(FetchGuard::range, range->first != have))
    return fail(Error::Code::device, "other_answer", answer.range.substr(0, 60));
  if (answer.length != body.bytes) return fail(Error::Code::device, "other_answer", "length");
  return Body{have, std::min(body.bytes, file.bytes - have)};
}

/// Until when the screen does without it; nothing when no programme needs it or its right is over.
std::optional<Instant> first_needed(const std::vector<programme::Loaded>& loaded, std::string_view sha256,
                                    Instant now) {
  const base::Date today = base::civil_date(now);
  std::optional<Instant> needed;
  for (const programme::Loaded& each : loaded) {
    const programme::Programme& p = each.programme;
    for (const programme::Item& item : p.items) {
      if (p.to < today || item.sha256 != sha256) continue;
      std::optional<base::Date> from;
      for (const programme::Right& right : item.rights)
        if (right.to >= std::max(p.from, today) && right.from <= p.to)
          from = std::min(from.value_or(right.from), right.from);
      if (!item.rights.empty() && !from) continue;
      const Instant at = base::at_minute(std::max({p.from, today, from.value_or(today)}), 0);
      needed = std::min(needed.value_or(at), at);
    }
  }
  return needed;
}

bool is_here(const wire::ManifestProgramme& told, const std::vector<programme::Loaded>& loaded) {
  return std::any_of(loaded.begin(), loaded.end(), [&](const programme::Loaded& each) {
    return each.programme.id == told.programme && each.programme.version >= told.version;
  });
}

} // namespace

std::string etag_of(const wire::ManifestFile& file) {
  return '"' + file.sha256 + '"';
}

Result<Body> judge(const wire::ManifestFile& file, std::uint64_t have, const FileAnswer& answer) {
  const unsigned status = answer.status;
  if (status == 401 || status == 403) return fail(Error::Code::forbidden, "address_ended");
  if (status == 404 || status == 410) return fail(Error::Code::not_found, "file_gone");
  if (status == 416) return fail(Error::Code::invalid, "other_file");
  if (status == 429 || status >= 500) return fail(Error::Code::device, "files_busy", std::to_string(status));
  const bool plain = answer.encoding.empty() || answer.encoding == "identity";
  if ((status != 200 && status != 206) || !plain)
    return fail(Error::Code::device, "other_answer", std::to_string(status));
  if (status == 206) return judge_part(file, have, answer);
  // A page of somebody else's is seldom of the film's very length; if it is, its hash tells.
  if (answer.length != file.bytes) return fail(Error::Code::device, "other_answer", "length");
  return Body{0, file.bytes};
}

bool spoils_part(std::string_view reason) {
  return reason == "hash_differs" || reason == "other_file" || reason == "media_disk_full" ||
         reason == "media_reserve";
}

Shortfall shortfall(const wire::Manifest& manifest, const std::vector<programme::Loaded>& loaded,
                    const Knows& held, const Knows& settled, Instant now) {
  Shortfall missing;
  for (std::size_t i = 0; i < manifest.programmes.size(); ++i) {
    const wire::ManifestProgramme& told = manifest.programmes[i];
    const bool here = is_here(told, loaded);
    if (!here && settled(told.file.sha256)) continue;
    ++missing.files;
    if (!here) missing.wishes.push_back({i, false, now});
  }
  const auto films = static_cast<std::ptrdiff_t>(missing.wishes.size());
  for (std::size_t i = 0; i < manifest.films.size(); ++i) {
    const std::string& sha256 = manifest.films[i].file.sha256;
    const auto ends = store::right_ends(loaded, sha256);
    const auto needed = first_needed(loaded, sha256, now);
    if (!needed || (ends && *ends <= now)) continue;
    ++missing.files;
    if (!held(sha256)) missing.wishes.push_back({i, true, *needed});
  }
  std::stable_sort(missing.wishes.begin() + films, missing.wishes.end(),
                   [](const Wanted& a, const Wanted& b) { return a.needed_at < b.needed_at; });
  return missing;
}

bool may_fetch(const store::DownloadSettings& settings, Instant now, Instant needed_at) {
  if (settings.from == settings.until || needed_at - now < soon) return true;
  const int minute = base::minute_of_day(now);
  const bool after = minute >= settings.from, before = minute < settings.until;
  return settings.from < settings.until ? after && before : after || before;
}

Tries after_failure(const Tries& before, std::string reason, bool gained, Instant now, double random) {
  Tries tries{gained ? 1 : before.failed + 1, std::move(reason), {}};
  const Millis whole = std::min(longest_rest, shortest_rest * (1 << std::min(tries.failed - 1, 12U)));
  const Millis spread{static_cast<std::int64_t>(random * static_cast<double>(whole.count() / 2))};
  tries.until = now + whole / 2 + spread;
  return tries;
}

bool holds_up(const Tries& tries, Instant now) {
  if (tries.failed == 0) return false;
  if (tries.reason == "address_ended") return true;
  // One that lies further ahead was made before the clock was set back: it holds nothing up.
  return now < tries.until && tries.until - now <= longest_rest;
}

bool is_of_the_way(std::string_view reason) {
  return reason == "files_away";
}

Next next_fetch(const Shortfall& shortfall, const wire::Manifest& manifest,
                const std::map<std::string, Tries, std::less<>>& tries, const Tries& way,
                const store::DownloadSettings& settings, Instant now) {
  Next next;
  const auto waits = [&next](std::string_view reason) {
    if (next.waits.empty()) next.waits = reason;
  };
  for (std::size_t i = 0; i < shortfall.wishes.size(); ++i) {
    const Wanted& wish = shortfall.wishes[i];
    const auto& file = wish.film ? manifest.films[wish.at].file : manifest.programmes[wish.at].file;
    const auto own = tries.find(file.sha256);
    if (own != tries.end() && holds_up(own->second, now))
      waits(own->second.reason);
    else if (now >= manifest.urls_until)
      waits("address_ended");
    else if (holds_up(way, now))
      waits(way.reason);
    else if (wish.film && !may_fetch(settings, now, wish.needed_at))
      waits("fetch_hours");
    else
      return {i, {}};
  }
  return next;
}

bool is_late(std::size_t missing_soon, const std::optional<Instant>& stuck_since, Instant now) {
  return missing_soon > 0 && stuck_since && now - *stuck_since >= stuck_limit;
}

Millis pace(std::uint64_t bytes, Millis since, std::uint64_t bytes_a_second) {
  if (bytes_a_second == 0) return Millis{0};
  const Millis due{static_cast<std::int64_t>(bytes * 1000 / bytes_a_second)};
  return std::max(Millis{0}, due - since);
}

} // namespace machiai::sync
