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
constexpr std::array usual_parts{Part{true, 9 * 60, 12 * 60}, Part{true, 14 * 60 + 30, 18 * 60}};

int minute_of(std::string_view clock) {
  const auto colon = clock.find(':');
  int hour = 0;
  int minute = 0;
  if (colon == std::string_view::npos) return 0;
  std::from_chars(clock.data(), clock.data() + colon, hour);
  std::from_chars(clock.data() + colon + 1, clock.data() + clock.size(), minute);
  return hour * 60 + minute;
}

/// The parts of "8:30-11:00,14:30-18:00"; the second is off when there is only one.
std::array<Part, 2> parts_of(std::string_view hours) {
  std::array<Part, 2> parts = usual_parts;
  for (Part& part : parts) {
    const std::string_view one = hours.substr(0, hours.find(','));
    const auto dash = one.find('-');
    part.on = dash != std::string_view::npos;
    if (part.on) part = {true, minute_of(one.substr(0, dash)), minute_of(one.substr(dash + 1))};
    hours.remove_prefix(std::min(hours.size(), one.size() + 1));
  }
  return parts;
}

std::string clock_of(int minute) {
  return fmt::format("{}:{:02}", minute / 60, minute % 60);
}

std::string hours_text(const std::array<Part, 2>& parts) {
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

/// Begins with what stands for today; the view tells of the settings only where this part ends.
Glass open_hours(const queue::DeskView& view, Glass glass, std::string_view service) {
  open_panel(glass, Panel::hours);
  glass.inside.about = service;
  glass.inside.parts = usual_parts;
  if (const auto* found = find_service(view, service); found && !found->closes_at.empty()) {
    const int end = minute_of(found->closes_at);
    Part& part = glass.inside.parts[end > 13 * 60 ? 1 : 0];
    part.close = end;
    part.open = std::min(part.open, end - hours_step);
  }
  for (const auto& exception : view.exceptions)
    if (exception.service == service && exception.what == "hours")
      glass.inside.parts = parts_of(exception.value);
  return glass;
}

/// "part-0-open-up": moves one end by a quarter of an hour, never past its neighbour.
bool shift_part(std::array<Part, 2>& parts, std::string_view name) {
  const auto rest = after(name, "part-");
  if (!rest || rest->size() < 3 || ((*rest)[0] != '0' && (*rest)[0] != '1')) return false;
  const std::size_t at = (*rest)[0] == '1' ? 1 : 0;
  Part& part = parts[at];
  const std::string_view what = rest->substr(2);
  if (what == "on") {
    part.on = !part.on;
    return true;
  }
  const int step = what.ends_with("up") ? hours_step : -hours_step;
  const int least = at == 1 && parts[0].on ? parts[0].close : 0;
  const int most = at == 0 && parts[1].on ? parts[1].open : day_end;
  if (what.starts_with("open")) part.open = std::clamp(part.open + step, least, part.close - hours_step);
  if (what.starts_with("close")) part.close = std::clamp(part.close + step, part.open + hours_step, most);
  return true;
}

/// Choices that only this glass knows of.
bool choose(const queue::DeskView& view, Glass& glass, std::string_view name) {
  if (const auto cap = after(name, "cap-of-"))
    glass = open_cap(std::move(glass), *cap);
  else if (const auto hours = after(name, "hours-of-"))
    glass = open_hours(view, std::move(glass), *hours);
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
    return glass.panel == Panel::hours && shift_part(glass.inside.parts, name);
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

std::optional<Step> touch_counter(const queue::DeskView& view, bool free, const Glass& glass,
                                  std::string_view name) {
  if (Glass next = glass; choose(view, next, name)) return nothing(std::move(next));
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
  if (name == "close-day-do") return send(glass, name, "close_day", json::object{});
  return std::nullopt;
}

} // namespace machiai::desk
