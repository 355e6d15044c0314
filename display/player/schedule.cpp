// SPDX-License-Identifier: Apache-2.0
#include "display/player/schedule.hpp"

namespace machiai::display {

namespace json = boost::json;

namespace {

std::string text(const json::object& o, const char* name) {
  const json::value* found = o.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::optional<Turn> turn_from_json(const json::value* value) {
  if (value == nullptr || !value->is_object()) return std::nullopt;
  const json::object& o = value->as_object();
  const std::string item = text(o, "item");
  const auto from = base::parse_iso_instant(text(o, "from"));
  const auto until = base::parse_iso_instant(text(o, "until"));
  if (item.empty() || !from || !until || *until <= *from) return std::nullopt;
  return Turn{item == "scene" ? "" : item, text(o, "sha256"), *from, *until, text(o, "reason")};
}

} // namespace

std::optional<Schedule> schedule_from_json(const json::object& view) {
  auto now = turn_from_json(view.if_contains("now"));
  if (!now) return std::nullopt;
  return Schedule{std::move(*now), turn_from_json(view.if_contains("next"))};
}

std::optional<Turn> turn_at(const Schedule& schedule, base::Instant now) {
  // Before its beginning the first turn is in force, too: the hub has just said so, and clocks differ by a
  // little.
  if (now < schedule.now.until) return schedule.now;
  if (schedule.next && now >= schedule.next->from && now < schedule.next->until) return schedule.next;
  return std::nullopt;
}

} // namespace machiai::display
