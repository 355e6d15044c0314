// SPDX-License-Identifier: Apache-2.0
// The counter's panel: today's cap and hours, temporary messages, the end of the day.
#include "desk/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace machiai::desk {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_cap = 4; ///< digits
constexpr int hours_step = 15;         ///< minutes
constexpr int day_end = 24 * 60;
constexpr std::array<Part, 3> usual_parts{
    {{true, 9 * 60, 12 * 60}, {true, 14 * 60 + 30, 18 * 60}, {false, 18 * 60, 20 * 60}}};

int minute_of(std::string_view clock) {
  const auto colon = clock.find(':');
  int hour = 0;
  int minute = 0;
  if (colon == std::string_view::npos) return 0;
  std::from_chars(clock.data(), clock.data() + colon, hour);
  std::from_chars(clock.data() + colon + 1, clock.data() + clock.size(), minute);
  return hour * 60 + minute;
}

std::string clock_of(int minute) {
  return fmt::format("{}:{:02}", minute / 60, minute % 60);
}

std::string hours_text(const std::array<Part, 3>& parts) {
  std::string text;
  for (const Part& part : parts)
    if (part.on)
      text += fmt::format("{}{}-{}", text.empty() ? "" : ",", clock_of(part.open), clock_of(part.close));
  return text;
}

Glass open_cap(Glass glass, std::string_view service) {
  open_panel(glass, Panel::cap);
  glass.inside.about = service;
  return glass;
}

/// Begins with the usual hours; what the hub tells of today takes their place at once.
Glass open_hours(Glass glass, std::string_view service) {
  open_panel(glass, Panel::hours);
  glass.inside.about = service;
  glass.inside.parts = usual_parts;
  return glass;
}

/// "part-0-open-up": moves one end by a quarter of an hour, never past its neighbour.
bool shift_part(std::array<Part, 3>& parts, std::string_view name) {
  const auto rest = after(name, "part-");
  if (!rest || rest->size() < 3 || (*rest)[0] < '0' || (*rest)[0] > '2') return false;
  const auto at = static_cast<std::size_t>((*rest)[0] - '0');
  Part& part = parts[at];
  const std::string_view what = rest->substr(2);
  if (what == "on") {
    part.on = !part.on;
    return true;
  }
  const int step = what.ends_with("up") ? hours_step : -hours_step;
  int least = 0;
  int most = day_end;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].on) continue;
    if (i < at) least = std::max(least, parts[i].close);
    if (i > at) most = std::min(most, parts[i].open);
  }
  // A neighbour switched on may have come to overlap: then nothing moves until it is off again.
  if (what.starts_with("open") && least <= part.close - hours_step)
    part.open = std::clamp(part.open + step, least, part.close - hours_step);
  if (what.starts_with("close") && part.open + hours_step <= most)
    part.close = std::clamp(part.close + step, part.open + hours_step, most);
  return true;
}

/// Choices that only this glass knows of.
bool choose(Glass& glass, std::string_view name) {
  if (const auto cap = after(name, "cap-of-"))
    glass = open_cap(std::move(glass), *cap);
  else if (const auto hours = after(name, "hours-of-"))
    glass = open_hours(std::move(glass), *hours);
  else if (const auto pattern = after(name, "pattern-")) {
    open_panel(glass, Panel::message);
    glass.inside.message.pattern = *pattern;
  } else if (const auto minutes = after(name, "minutes-"))
    std::from_chars(minutes->data(), minutes->data() + minutes->size(), glass.inside.message.minutes);
  else if (const auto showing = after(name, "showing-"))
    std::from_chars(showing->data(), showing->data() + showing->size(), glass.inside.message.show_minutes);
  else if (const auto digit = after(name, "pad-"); digit && glass.panel == Panel::cap) {
    std::string& digits = glass.inside.digits;
    if (*digit == "clear")
      digits.clear();
    else if (*digit == "left")
      digits.resize(digits.empty() ? 0 : digits.size() - 1);
    else if (digits.size() < longest_cap)
      digits += *digit;
  } else {
    const bool shifted = glass.panel == Panel::hours && shift_part(glass.inside.parts, name);
    glass.inside.parts_moved = glass.inside.parts_moved || shifted;
    return shifted;
  }
  return true;
}

Step set_cap(Glass glass, std::string_view button, int cap) {
  json::object args{{"service", glass.inside.about}, {"cap", cap}};
  return send(std::move(glass), button, "cap", std::move(args));
}

Step set_hours(Glass glass, std::string_view button, std::string hours) {
  json::object args{{"service", glass.inside.about}, {"hours", std::move(hours)}};
  return send(std::move(glass), button, "hours", std::move(args));
}

Step put_message(Glass glass) {
  const MessageDraft& draft = glass.inside.message;
  const bool written = draft.pattern == "free";
  if (draft.pattern.empty() || (written && glass.words.empty())) return nothing(std::move(glass));
  json::object args{{"pattern", draft.pattern}, {"show_minutes", draft.show_minutes}};
  if (written)
    args["text"] = glass.words;
  else
    args["minutes"] = draft.minutes;
  return send(std::move(glass), "message-do", "message", std::move(args));
}

} // namespace

std::array<Part, 3> parts_of(std::string_view hours) {
  std::array<Part, 3> parts = usual_parts;
  for (Part& part : parts) part.on = false;
  std::size_t free = 0;
  while (!hours.empty() && free < parts.size()) {
    const std::string_view one = hours.substr(0, hours.find(','));
    hours.remove_prefix(std::min(hours.size(), one.size() + 1));
    const auto dash = one.find('-');
    if (dash == std::string_view::npos) continue;
    const Part part{true, minute_of(one.substr(0, dash)), minute_of(one.substr(dash + 1))};
    const std::size_t begins = part.open < 13 * 60 ? 0 : part.open < 18 * 60 ? 1 : 2;
    const std::size_t at = std::max(free, begins);
    parts[at] = part;
    free = at + 1;
  }
  return parts;
}

std::optional<Step> touch_counter(const queue::DeskView& view, bool free, const Glass& glass,
                                  std::string_view name) {
  if (Glass next = glass; choose(next, name)) return nothing(std::move(next));
  if (!free) return std::nullopt;
  if (name == "cap-do" && !glass.inside.digits.empty()) {
    int cap = 0;
    const std::string& digits = glass.inside.digits;
    std::from_chars(digits.data(), digits.data() + digits.size(), cap);
    return set_cap(glass, name, cap);
  }
  if (name == "cap-none") return set_cap(glass, name, 0);
  if (name == "cap-settings") return set_cap(glass, name, -1);
  if (name == "hours-do") return set_hours(glass, name, hours_text(glass.inside.parts));
  if (name == "hours-closed") return set_hours(glass, name, "");
  if (name == "hours-settings") return set_hours(glass, name, "-");
  if (name == "message-do") return put_message(glass);
  if (const auto id = after(name, "unmessage-")) {
    std::uint32_t message = 0;
    std::from_chars(id->data(), id->data() + id->size(), message);
    return send(glass, name, "unmessage", json::object{{"message", message}});
  }
  for (const bool open : {true, false})
    if (const auto service = after(name, open ? "remote-open-" : "remote-close-"))
      return send(glass, name, "remote", json::object{{"service", *service}, {"open", open}});
  if (auto held = touch_outside(view, glass, name)) return held;
  if (name == "close-day-do") return send(glass, name, "close_day", json::object{});
  return std::nullopt;
}

} // namespace machiai::desk
