// SPDX-License-Identifier: Apache-2.0
// A clinic's December for the tests: one day slot with films, ads and a notice.
#pragma once

#include "core/programme/plan.hpp"

#include <algorithm>

namespace machiai::programme::test {

inline base::Date date(const char* text) {
  return *base::parse_iso_date(text);
}
inline base::Instant at(const char* day, int hour, int minute = 0, int second = 0) {
  return base::at_minute(date(day), hour * 60 + minute) + std::chrono::seconds{second};
}

inline Item item(std::string id, Kind kind, int seconds) {
  Item it;
  it.id = std::move(id);
  it.kind = kind;
  it.title = it.id;
  it.sha256 = std::string(64, 'a');
  it.seconds = seconds;
  if (needs_approval(kind)) it.rights = {{date("2026-12-01"), date("2026-12-31"), every_day, {}}};
  if (kind == Kind::ad) it.sponsor = "sponsor";
  return it;
}

inline Programme december() {
  Programme p;
  p.facility = "minato";
  p.id = "2026-12";
  p.version = 1;
  p.from = date("2026-12-01");
  p.to = date("2026-12-31");
  p.deadline = at("2026-11-25", 18);
  p.items = {item("teeth", Kind::provided, 120), item("heart", Kind::provided, 180),
             item("closure", Kind::notice, 20),  item("soap", Kind::ad, 15),
             item("tea", Kind::ad, 30),          item("sea", Kind::relaxation, 600)};
  Slot day;
  day.id = "day";
  day.hours = {8 * 60 + 30, 18 * 60};
  day.items = {{"teeth", 1}, {"closure", 1}, {"heart", 1}};
  day.ad_share = 10;
  day.ads = {{"soap", 1}, {"tea", 1}};
  p.slots = {day};
  return p;
}

inline Review approved(const Programme& p) {
  return {p.id, p.version, at("2026-11-20", 9), "cli", {}};
}

inline bool airs(const std::vector<Play>& plays, const char* id) {
  return std::any_of(plays.begin(), plays.end(),
                     [&](const Play& play) { return play.item != nullptr && play.item->id == id; });
}

} // namespace machiai::programme::test
