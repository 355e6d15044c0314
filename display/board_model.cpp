// SPDX-License-Identifier: Apache-2.0
#include "display/board_model.hpp"

#include "core/wire/notices.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace machiai::display {

using queue::BoardView;

namespace {

constexpr std::int64_t late_ms = 30'000;
constexpr std::int64_t stale_ms = 120'000;
constexpr std::int64_t gone_ms = 1'800'000;
constexpr std::size_t most_stones = 5;
constexpr std::size_t rooms_at_once = 4;
constexpr std::size_t rooms_a_page = 3;
constexpr std::int64_t rooms_page_ms = 8'000;
constexpr std::int64_t least_notice_ms = 12'000;
constexpr std::int64_t notice_glyph_ms = 250;
/// Further ahead than this an opening is not "soon": its time is told instead.
constexpr int soon_minutes = 60;

std::string text(std::string_view view) {
  return std::string(view);
}

bool nobody_left(const BoardView& view) {
  return view.waiting == 0 && std::all_of(view.rooms.begin(), view.rooms.end(),
                                          [](const auto& room) { return room.number.empty(); });
}

Face face_of(const Input& input) {
  if (input.view == nullptr) return Face::connecting;
  switch (age_class(input.age_ms)) {
  case Age::gone: return Face::gone;
  case Age::stale: return Face::stale;
  default: break;
  }
  // Counters close while people still wait: as long as somebody is here, the board calls.
  if (input.view->state == "closed" && nobody_left(*input.view)) return Face::closed;
  return input.view->calls.empty() ? Face::before : Face::calling;
}

/// When what is shown was last true.
std::string confirmed_clock(const Input& input) {
  return input.now ? base::clock_text(*input.now - base::Millis{input.age_ms}) : std::string{};
}

std::string clock_now(const Input& input) {
  return input.now ? base::clock_text(*input.now) : std::string{};
}

int minutes_until(const std::string& hh_mm, const std::optional<base::Instant>& now) {
  const auto colon = hh_mm.find(':');
  if (colon == std::string::npos || !now) return 0;
  return std::atoi(hh_mm.c_str()) * 60 + std::atoi(hh_mm.c_str() + colon + 1) - base::minute_of_day(*now);
}

void say_opening(const Input& input, CallZone& zone) {
  const Words& w = words(input.lang);
  zone.lines = {{text(w.next_opening), ""}, said_time(input.view->opens_at, input.lang)};
  zone.below = text(w.from);
}

void fill_closed(const Input& input, CallZone& zone) {
  const Words& w = words(input.lang);
  zone.spine = text(w.closed);
  zone.icon = "moon";
  zone.small = text(w.closed_small);
  zone.as_of = clock_now(input);
  if (!input.view->opens_at.empty()) return say_opening(input, zone);
  zone.lines = {{text(w.done_1), ""}, {text(w.done_2), ""}};
  zone.below = text(w.done_3);
}

void fill_before(const Input& input, CallZone& zone) {
  const Words& w = words(input.lang);
  const BoardView& view = *input.view;
  zone.small = text(w.before_small);
  zone.as_of = clock_now(input);
  const bool opened = view.state != "before";
  zone.spine = text(opened ? w.calling : w.before);
  if (opened) {
    zone.small = text(w.wait_small);
    zone.lines = {{text(w.soon_1), ""}, {text(w.soon_call), ""}};
    return;
  }
  if (!view.opens_at.empty() && minutes_until(view.opens_at, input.now) > soon_minutes)
    return say_opening(input, zone);
  zone.lines = {{text(w.soon_1), ""}, {text(w.soon_2), ""}};
  if (!view.opens_at.empty()) zone.lines.push_back({"", view.opens_at});
}

void fill_called(const Input& input, CallZone& zone) {
  const Words& w = words(input.lang);
  const queue::CallView* call = shown_call(*input.view, input.on_stage);
  if (call == nullptr) return;
  zone.number = call->number;
  zone.spine = text(w.calling);
  zone.small = input.lang == Lang::ja ? text(w.calling_small) : std::string("Please come in");
  zone.below = label_text(call->room_name, input.lang) + (input.lang == Lang::ja ? " へ" : "");
  zone.door = true;
}

void fill_stale(const Input& input, CallZone& zone) {
  const Words& w = words(input.lang);
  const queue::CallView* call = shown_call(*input.view, 0);
  zone.spine = text(w.stale);
  zone.icon = "clockoff";
  zone.small = text(w.stale_small);
  if (input.age_ms >= 0) zone.as_of = fmt::format("{}{}", input.age_ms / 60'000, w.ago);
  if (call != nullptr) {
    zone.number = call->number;
    zone.below = confirmed_clock(input) + text(w.of_then);
  } else {
    zone.lines = {{text(w.voice_1), ""}, {text(w.voice_2), ""}};
  }
}

CallZone call_zone(const Input& input, Face face) {
  const Words& w = words(input.lang);
  CallZone zone;
  zone.face = face;
  switch (face) {
  case Face::connecting:
    zone.spine = text(w.connecting);
    zone.icon = "link";
    zone.small = text(w.connecting_small);
    zone.lines = {{text(w.connecting_1), ""}, {text(w.connecting_2), ""}};
    break;
  case Face::gone:
    zone.spine = text(w.guide);
    zone.icon = "speaker";
    zone.small = "Listen for staff";
    zone.as_of = clock_now(input);
    zone.lines = {{text(w.voice_1), ""}, {text(w.voice_2), ""}};
    break;
  case Face::stale: fill_stale(input, zone); break;
  case Face::closed: fill_closed(input, zone); break;
  case Face::before: fill_before(input, zone); break;
  case Face::calling:
    fill_called(input, zone);
    zone.as_of = confirmed_clock(input) + text(w.as_of);
    zone.refreshed = true;
    break;
  }
  if (age_class(input.age_ms) == Age::late && (face == Face::calling || face == Face::before)) {
    zone.late = true;
    zone.as_of = text(w.late);
    zone.refreshed = false;
  }
  return zone;
}

RoomsZone rooms_zone(const Input& input, Face face) {
  RoomsZone zone;
  zone.stale = face == Face::stale;
  zone.spine = text(zone.stale ? words(input.lang).stale : words(input.lang).rooms);
  if (input.view == nullptr) return zone;
  std::vector<RoomRow> all;
  for (const auto& room : input.view->rooms)
    all.push_back({label_text(room.name, input.lang), room.number, room.state == "called" && !zone.stale});
  if (all.size() <= rooms_at_once) {
    zone.rows = std::move(all);
    return zone;
  }
  const auto pages = static_cast<std::int64_t>((all.size() + rooms_a_page - 1) / rooms_a_page);
  const auto first = static_cast<std::size_t>(input.page_ms / rooms_page_ms % pages) * rooms_a_page;
  std::rotate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
  // A called room comes to the front at once, whatever page is turned.
  std::stable_partition(all.begin(), all.end(), [](const RoomRow& row) { return row.called; });
  all.resize(rooms_a_page);
  zone.rows = std::move(all);
  return zone;
}

NextZone next_zone(const Input& input, bool absentees_apart) {
  const Words& w = words(input.lang);
  NextZone zone{text(w.next), {}, {}};
  if (input.view == nullptr) return zone;
  const BoardView& view = *input.view;
  const bool with_absent = !absentees_apart && !view.absent.empty();
  const std::size_t places = with_absent ? most_stones - 1 : most_stones;
  for (const auto& stone : view.next) {
    if (zone.stones.size() == places) break;
    zone.stones.push_back({stone.number, reason_tag(stone.reason, input.lang)});
  }
  if (with_absent) zone.absent = Stone{view.absent.front().number, text(w.to_reception)};
  return zone;
}

AbsentZone absent_zone(const Input& input) {
  const Words& w = words(input.lang);
  AbsentZone zone{text(w.absent), {}, {}, {}};
  if (input.view == nullptr) return zone;
  for (const auto& stone : input.view->absent)
    if (zone.numbers.size() < 2) zone.numbers.push_back(stone.number);
  if (zone.numbers.empty()) return zone;
  zone.line_1 = text(w.see_reception_1);
  zone.line_2 = text(w.see_reception_2);
  return zone;
}

PreviousZone previous_zone(const Input& input) {
  PreviousZone zone{text(words(input.lang).previous), {}};
  if (input.view == nullptr) return zone;
  const queue::CallView* shown = shown_call(*input.view, input.on_stage);
  for (const auto& call : input.view->calls) {
    if (shown == nullptr || call.call >= shown->call || zone.calls.size() == 2) continue;
    if (call.number == shown->number) continue;
    zone.calls.push_back({call.number, label_text(call.room_name, input.lang), base::clock_text(call.at)});
  }
  return zone;
}

NoticeZone notice_zone(const Input& input) {
  const bool own = input.view != nullptr && !input.view->messages.empty();
  std::vector<std::string> texts;
  std::vector<std::string> told = own ? std::vector<std::string>{} : standing_texts(input.lang);
  if (own)
    for (const auto& message : input.view->messages)
      told.push_back(wire::notice_words(message, input.lang == Lang::ja ? "ja" : "en"));
  for (const std::string& words : told)
    for (auto& page : notice_pages(words)) texts.push_back(std::move(page));
  std::int64_t round = 0;
  for (const auto& each : texts) round += notice_ms(each);
  NoticeZone zone;
  zone.pages = static_cast<int>(texts.size());
  zone.since_ms = input.page_ms - input.page_ms % round;
  while (input.page_ms - zone.since_ms >= notice_ms(texts[static_cast<std::size_t>(zone.page)]))
    zone.since_ms += notice_ms(texts[static_cast<std::size_t>(zone.page++)]);
  zone.text = texts[static_cast<std::size_t>(zone.page)];
  return zone;
}

GuideZone guide_zone(const Input& input, Face face) {
  const Words& w = words(input.lang);
  if (face == Face::closed) return {text(w.guide), text(w.unwell_1), text(w.unwell_2), "", false, true};
  if (face == Face::gone) return {"", text(w.gone_1), text(w.gone_2), text(w.gone_small), true, false};
  const bool first_time = face == Face::connecting;
  return {"", text(w.voice_1), text(w.voice_2), text(first_time ? w.preparing : w.stopped), true, false};
}

Band band(const Input& input, Face face) {
  const Words& w = words(input.lang);
  Band result;
  result.right = {"", "", clock_now(input)};
  switch (face) {
  case Face::connecting: result.cells = {{"link", text(w.connecting_band), ""}}; break;
  case Face::gone: result.cells = {{"clockoff", text(w.gone_band), ""}}; break;
  case Face::stale:
    result.cells = {{"clockoff", text(w.shown_then), confirmed_clock(input), true}};
    result.right.label = text(w.time_now);
    break;
  case Face::closed: result.cells = {{"calendar", date_text(input.view->date, input.lang), ""}}; break;
  default: {
    const BoardView& view = *input.view;
    const bool ja = input.lang == Lang::ja;
    result.cells.push_back({"people", text(w.people), fmt::format("{}{}", view.waiting, ja ? "人" : "")});
    const std::string range = view.wait ? fmt::format("{}{}{}{}", view.wait->low, ja ? "〜" : "–",
                                                      view.wait->high, ja ? "分" : " min")
                                        : text(w.wait_unknown);
    result.cells.push_back({"hourglass", text(w.wait), range});
  }
  }
  return result;
}

} // namespace

Age age_class(std::int64_t age_ms) {
  if (age_ms < 0) return Age::stale;
  if (age_ms < late_ms) return Age::live;
  if (age_ms < stale_ms) return Age::late;
  return age_ms < gone_ms ? Age::stale : Age::gone;
}

const queue::CallView* shown_call(const BoardView& view, std::uint64_t on_stage) {
  const auto found = std::find_if(view.calls.begin(), view.calls.end(),
                                  [&](const auto& call) { return call.call == on_stage; });
  if (found != view.calls.end()) return &*found;
  return view.calls.empty() ? nullptr : &view.calls.front();
}

NumberFit fit_number(int glyphs, double role_px, double width) {
  if (glyphs <= 2) return {role_px, false};
  if (glyphs == 3) return {std::min(role_px, width / 2.28), false};
  return {std::min(role_px, width / (0.5 * glyphs)), true};
}

std::vector<std::string> notice_pages(const std::string& text) {
  // Two lines of 18 full-width glyphs, less what line breaks leave empty. An ASCII glyph is about 0.6 wide.
  constexpr double page_width = 33;
  if (text.find('\n') != std::string::npos) return {text};
  std::vector<std::string> pages;
  std::size_t begin = 0;
  std::size_t good = 0; // the last place where a page may end
  double wide = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (text[next] & 0xC0) == 0x80) ++next;
    const std::string glyph = text.substr(at, next - at);
    wide += glyph.size() == 1 ? .6 : 1;
    if (wide > page_width) {
      const std::size_t end = good > begin ? good : at;
      pages.push_back(text.substr(begin, end - begin));
      begin = end;
      at = end;
      wide = 0;
      continue;
    }
    if (glyph == " " || glyph == "、" || glyph == "。") good = next;
    at = next;
  }
  if (begin < text.size()) pages.push_back(text.substr(begin));
  return pages;
}

std::int64_t notice_ms(const std::string& text) {
  const auto glyphs = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return std::max<std::int64_t>(least_notice_ms, glyphs * notice_glyph_ms);
}

Board make_board(const Input& input, bool absentees_apart) {
  Board board;
  board.face = face_of(input);
  board.call = call_zone(input, board.face);
  board.rooms = rooms_zone(input, board.face);
  board.next = next_zone(input, absentees_apart);
  board.absent = absent_zone(input);
  board.previous = previous_zone(input);
  board.notice = notice_zone(input);
  board.guide = guide_zone(input, board.face);
  board.band = band(input, board.face);
  if (board.face == Face::calling) {
    const queue::CallView* call = shown_call(*input.view, input.on_stage);
    board.caption = {easy_call(call->number, call->room_name), english_call(call->number, call->room_name)};
  }
  return board;
}

} // namespace machiai::display
