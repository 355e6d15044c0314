// SPDX-License-Identifier: Apache-2.0
#include "core/programme/aired.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <map>

namespace machiai::programme {

namespace {

using base::Error;
using base::fail;

/// A cut is made between two pictures and told after it.
constexpr base::Millis slack{1'000};
constexpr base::Millis clocks_differ{60'000};
constexpr base::Millis longest_turn = std::chrono::hours{24};
constexpr int blocked_part = 4; ///< calls had more than one in so many
constexpr std::size_t longest_name = 64;
constexpr std::size_t uuid_length = 36, hash_length = 64;

bool is_uuid(std::string_view text) {
  if (text.size() != uuid_length) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex) return false;
  }
  return true;
}

bool is_hash(std::string_view text) {
  return text.empty() ||
         (text.size() == hash_length && text.find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

base::Millis shown(const Aired& aired) {
  return aired.ended - aired.started;
}

std::string name_of(const Aired& aired, By by) {
  if (by == By::item) return aired.item;
  if (by == By::sponsor) return aired.sponsor;
  return base::iso_date(base::civil_date(aired.started));
}

} // namespace

std::string_view outcome_name(Outcome outcome) {
  constexpr std::string_view names[] = {"whole", "cut_short", "blocked_by_call"};
  return names[static_cast<std::size_t>(outcome)];
}

Outcome outcome_of(const Aired& aired) {
  if (shown(aired) + slack < aired.until - aired.from) return Outcome::cut_short;
  return aired.called * blocked_part > shown(aired) ? Outcome::blocked_by_call : Outcome::whole;
}

int shown_permille(const Aired& aired) {
  const auto turn = (aired.until - aired.from).count();
  return turn <= 0 ? 0
                   : static_cast<int>(std::clamp<std::int64_t>(shown(aired).count() * 1000 / turn, 0, 1000));
}

base::Status check_aired(const Aired& a, base::Instant now) {
  const auto bad = [](const char* member) { return fail(Error::Code::invalid, "bad_airing", member); };
  if (!is_uuid(a.id)) return bad("id");
  if (!base::is_plain_id(a.item, longest_name)) return bad("item");
  if (!is_hash(a.sha256)) return bad("sha256");
  if (!base::is_plain_id(a.programme, longest_name)) return bad("programme");
  if (!base::is_plain_id(a.kind, longest_name)) return bad("kind");
  if (!base::is_plain_id(a.reason, longest_name)) return bad("reason");
  if (a.until <= a.from || a.until - a.from > longest_turn) return bad("until");
  if (a.ended < a.started || shown(a) > a.until - a.from + clocks_differ) return bad("ended");
  if (a.ended > now + clocks_differ) return bad("ended");
  if (a.called < base::Millis{0} || a.called > shown(a)) return bad("called");
  return {};
}

std::vector<AiredTotal> totals(const std::vector<Aired>& records, By by) {
  std::map<std::string, AiredTotal> rows;
  for (const Aired& aired : records) {
    const std::string name = name_of(aired, by);
    AiredTotal& row = rows[name];
    row.name = name;
    ++row.plays;
    switch (outcome_of(aired)) {
    case Outcome::whole: ++row.whole; break;
    case Outcome::cut_short: ++row.cut_short; break;
    case Outcome::blocked_by_call: ++row.blocked_by_call; break;
    }
    row.shown += shown(aired);
  }
  std::vector<AiredTotal> list;
  for (auto& [name, row] : rows) list.push_back(std::move(row));
  return list;
}

} // namespace machiai::programme
