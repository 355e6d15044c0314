// SPDX-License-Identifier: Apache-2.0
#include "cloud/manifest.hpp"

#include "cloud/grant.hpp"
#include "cloud/guards.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace machiai::cloud {

using base::Error;
using base::fail;
using programme::Programme;

namespace {

constexpr std::size_t most_programmes = 32, most_films = 300;
/// Of the document: as a text within a frame, its quotes and backslashes take two bytes each.
constexpr std::size_t largest_frame = wire::largest_link_frame;

base::Date first_day(const Programme& programme, const programme::Item& item) {
  base::Date first = item.rights.empty() ? programme.from : item.rights.front().from;
  for (const programme::Right& right : item.rights) first = std::min(first, right.from);
  return std::max(first, programme.from);
}

void by_first_need(std::vector<Need>& needs) {
  std::stable_sort(needs.begin(), needs.end(), [](const Need& a, const Need& b) { return a.from < b.from; });
}

/// Of the facility's own rows and the provider's.
std::map<std::string_view, const MediaRow*> films_for(const std::vector<MediaRow>& media, int facility) {
  std::map<std::string_view, const MediaRow*> films;
  for (const MediaRow& row : media) {
    if (stops(Guard::need_foreign, row.facility != 0 && row.facility != facility)) continue;
    const MediaRow*& kept = films[row.sha256];
    if (kept == nullptr || row.facility == facility) kept = &row;
  }
  return films;
}

class Addresses {
public:
  Addresses(const Recipient& recipient, base::Instant until) : recipient_(recipient), until_(until) {}
  [[nodiscard]] wire::ManifestFile file(const std::string& sha256, std::uint64_t bytes) const {
    return {sha256, bytes, grant_url(recipient_.address, recipient_.key, {sha256, recipient_.slug, until_})};
  }

private:
  const Recipient& recipient_;
  base::Instant until_;
};

} // namespace

std::vector<Need> needs_of(const Programme& programme) {
  std::vector<Need> needs;
  for (const programme::Item& item : programme.items) {
    const base::Date first = first_day(programme, item);
    const auto known = std::find_if(needs.begin(), needs.end(),
                                    [&](const Need& each) { return each.sha256 == item.sha256; });
    if (known == needs.end()) {
      needs.push_back({item.sha256, item.id, first});
    } else if (first < known->from) {
      *known = {item.sha256, item.id, first};
    }
  }
  by_first_need(needs);
  return needs;
}

std::vector<programme::Known> known_of(const std::vector<ProgrammeRow>& rows) {
  std::vector<programme::Known> known;
  for (const ProgrammeRow& row : rows) known.push_back({row.programme, row.version, row.from, row.until});
  return known;
}

std::vector<ProgrammeRow> standing(std::vector<ProgrammeRow> rows, base::Date today) {
  std::map<std::string, int> newest;
  for (const ProgrammeRow& row : rows) {
    int& version = newest[row.programme];
    version = std::max(version, row.version);
  }
  std::erase_if(rows, [&](const ProgrammeRow& row) {
    return row.version != newest[row.programme] || stops(Guard::need_over, row.until < today);
  });
  std::sort(rows.begin(), rows.end(), [](const ProgrammeRow& a, const ProgrammeRow& b) {
    return std::tie(a.from, a.programme) < std::tie(b.from, b.programme);
  });
  return rows;
}

wire::Manifest manifest(const std::vector<ProgrammeRow>& programmes, const std::vector<MediaRow>& media,
                        const There& there, const Recipient& recipient, base::Instant now) {
  wire::Manifest made{now, grants_until(recipient.facility, now), {}, {}};
  const Addresses addresses(recipient, made.urls_until);
  const auto here = [&](const std::string& sha256, std::uint64_t bytes) {
    return !stops(Guard::need_there, !there(sha256, bytes));
  };
  const base::Date today = base::civil_date(now);
  std::vector<Need> needs;
  for (const ProgrammeRow& row : standing(programmes, today)) {
    if (made.programmes.size() == most_programmes) break;
    for (const Need& need : row.needs)
      needs.push_back({need.sha256, need.item, std::max(need.from, today)}); // what runs is needed now
    if (here(row.sha256, row.bytes))
      made.programmes.push_back({row.programme, row.version, addresses.file(row.sha256, row.bytes)});
  }
  by_first_need(needs);
  const auto films = films_for(media, recipient.facility);
  std::set<std::string_view> told;
  for (const Need& need : needs) {
    const auto found = films.find(need.sha256);
    if (found == films.end() || made.films.size() == most_films) continue;
    const MediaRow& row = *found->second;
    if (!here(row.sha256, row.bytes) || !told.insert(row.sha256).second) continue;
    made.films.push_back(
        {row.title, row.kind, row.millis, row.width, row.height, addresses.file(row.sha256, row.bytes)});
  }
  while (!made.films.empty() && wire::link_to_json(wire::manifest_document_of(made)).size() > largest_frame)
    made.films.resize(made.films.size() * 9 / 10);
  return made;
}

} // namespace machiai::cloud
