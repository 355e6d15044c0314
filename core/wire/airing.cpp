// SPDX-License-Identifier: Apache-2.0
// What plays, why, and what the clinic decided: the answers about programmes.
#include "core/wire/fields.hpp"
#include "core/wire/messages.hpp"
#include "core/wire/programme.hpp"

#include <utility>

namespace machiai::wire {

namespace json = boost::json;
using programme::Programme;

json::object airing_to_json(const programme::Airing& airing) {
  return {{"item", airing.item.empty() ? json::value(programme::own_scene) : json::value(airing.item)},
          {"kind", programme::kind_name(airing.kind)},
          {"sha256", airing.sha256},
          {"reason", programme::reason_name(airing.reason)},
          {"from", base::iso_instant(airing.from)},
          {"until", base::iso_instant(airing.until)},
          {"slot", airing.slot},
          {"programme", airing.programme},
          {"version", airing.version}};
}

json::object review_to_json(const programme::Review& review) {
  json::array swaps;
  for (const programme::Swap& swap : review.swaps)
    swaps.push_back({{"slot", swap.slot}, {"item", swap.item}, {"with", swap.with}});
  return {
      {"programme", review.programme},
      {"version", review.version},
      {"approved", review.approved ? json::value(base::iso_instant(*review.approved)) : json::value(nullptr)},
      {"by", review.by},
      {"swaps", std::move(swaps)}};
}

std::optional<programme::Review> review_from_json(const json::value& value) {
  const json::object* o = value.if_object();
  if (o == nullptr || !text_at(*o, "programme") || !text_at(*o, "by")) return std::nullopt;
  const json::value* version = o->if_contains("version");
  const json::value* swaps = o->if_contains("swaps");
  if (version == nullptr || !version->is_int64() || swaps == nullptr || !swaps->is_array())
    return std::nullopt;
  programme::Review review{
      *text_at(*o, "programme"), static_cast<int>(version->as_int64()), {}, *text_at(*o, "by"), {}};
  if (const auto approved = text_at(*o, "approved")) {
    review.approved = base::parse_iso_instant(*approved);
    if (!review.approved) return std::nullopt;
  }
  for (const json::value& each : swaps->as_array()) {
    const json::object* swap = each.if_object();
    if (swap == nullptr || !text_at(*swap, "slot") || !text_at(*swap, "item") || !text_at(*swap, "with"))
      return std::nullopt;
    review.swaps.push_back({*text_at(*swap, "slot"), *text_at(*swap, "item"), *text_at(*swap, "with")});
  }
  return review;
}

json::object explanation_to_json(const std::string& item, const programme::Explanation& told) {
  json::object words;
  for (const char* lang : {"ja", "en"}) words[lang] = message("why_" + told.reasons.front(), lang);
  return {{"item", item},
          {"reasons", json::array(told.reasons.begin(), told.reasons.end())},
          {"words", std::move(words)},
          {"next", told.next ? json::value(base::iso_instant(*told.next)) : json::value(nullptr)}};
}

json::object summary_to_json(const Programme& p) {
  return {{"programme", p.id},
          {"version", p.version},
          {"from", base::iso_date(p.from)},
          {"to", base::iso_date(p.to)},
          {"deadline", base::iso_instant(p.deadline)},
          {"items", p.items.size()},
          {"slots", p.slots.size()}};
}

json::array shelf_to_json(const std::vector<programme::Loaded>& loaded, base::Instant now) {
  json::array rows;
  for (const programme::Loaded& each : loaded) {
    json::object row = summary_to_json(each.programme);
    row["state"] = programme::state_of(each, now);
    row["review"] = review_to_json(each.review);
    rows.push_back(std::move(row));
  }
  return rows;
}

json::array refused_to_json(const std::vector<std::pair<std::string, std::string>>& refused) {
  json::array rows;
  for (const auto& [file, reason] : refused) rows.push_back({{"file", file}, {"reason", reason}});
  return rows;
}

json::object title_of(const std::vector<programme::Loaded>& loaded, const programme::Airing& airing) {
  for (const programme::Loaded& each : loaded) {
    if (each.programme.id != airing.programme || each.programme.version != airing.version) continue;
    if (const programme::Item* item = programme::find_item(each.programme, airing.item))
      return {{"ja", item->title}, {"en", item->title_en}};
  }
  return {{"ja", ""}, {"en", ""}};
}

json::array faults_to_json(const std::vector<programme::Fault>& faults) {
  json::array list;
  for (const programme::Fault& fault : faults)
    list.push_back({{"where", fault.where}, {"reason", fault.reason}});
  return list;
}

} // namespace machiai::wire
