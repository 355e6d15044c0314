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
constexpr std::size_t absent_at_once = 4;
constexpr std::size_t rooms_at_once = 4;
constexpr std::size_t rooms_a_page = 3;
constexpr std::int64_t rooms_page_ms = 8'000;
/// Further ahead than this an opening is not "soon": its time is told instead.
constexpr int soon_minutes = 60;

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

Lang call_lang(const Input& input) {
  return input.call_lang.value_or(input.lang);
}

/// Words of the head in its language; where the large words are in the same one, `otherwise`.
const std::string& head_words(const Input& input, WordsField field, WordsField otherwise) {
  return words(input.head_lang).*(input.head_lang == call_lang(input) ? otherwise : field);
}

std::optional<int> minutes_until(const std::string& hh_mm, const std::optional<base::Instant>& now) {
  const auto colon = hh_mm.find(':');
  if (colon == std::string::npos || !now) return std::nullopt;
  return std::atoi(hh_mm.c_str()) * 60 + std::atoi(hh_mm.c_str() + colon + 1) - base::minute_of_day(*now);
}

/// Empty before the time is known.
std::string today(const Input& input) {
  return input.now ? base::iso_date(base::civil_date(*input.now)) : std::string{};
}

Opening opening_of(const Input& input) {
  return first_opening(*input.view, today(input));
}

void say_opening(const Input& input, const Opening& opening, CallZone& zone) {
  const Lang lang = call_lang(input);
  const Words& w = words(lang);
  zone.lines = {{w.next_opening, ""}};
  if (!opening.on.empty()) zone.lines.push_back({date_text(opening.on, lang), ""});
  zone.lines.push_back(said_time(opening.at, lang));
  zone.below = w.from;
}

bool paused(const BoardView& view) {
  return std::any_of(view.services.begin(), view.services.end(), is_paused);
}

/// It may go on at any moment, and the day is not over: who comes is asked to speak to the reception.
void fill_paused(const Input& input, CallZone& zone) {
  const Words& w = words(call_lang(input));
  zone.spine = w.paused_spine;
  zone.icon = "clock";
  zone.small = words(input.head_lang).paused;
  zone.lines = {{w.paused_1, ""}, {w.paused_2, ""}};
  zone.below = w.paused_3;
}

void fill_closed(const Input& input, CallZone& zone) {
  zone.as_of = clock_now(input);
  if (paused(*input.view)) return fill_paused(input, zone);
  const Words& w = words(call_lang(input));
  zone.spine = w.closed;
  zone.icon = "moon";
  zone.small = words(input.head_lang).closed;
  if (const Opening opening = opening_of(input); !opening.at.empty())
    return say_opening(input, opening, zone);
  zone.lines = {{w.done_1, ""}, {w.done_2, ""}};
  zone.below = w.done_3;
}

/// No counter has been open yet today, and nobody was called.
void fill_unopened(const Input& input, CallZone& zone) {
  const Words& w = words(call_lang(input));
  zone.spine = w.before;
  const Opening opening = opening_of(input);
  const std::optional<int> minutes = opening.on.empty() ? minutes_until(opening.at, input.now) : std::nullopt;
  zone.small = words(input.head_lang).next_opening;
  if (!opening.at.empty() && (!minutes || *minutes > soon_minutes)) return say_opening(input, opening, zone);
  zone.small = words(input.head_lang).opening_soon;
  zone.lines = {{w.soon_1, ""}, {w.soon_2, ""}};
  // Right after it the counter's own state is on its way; what has passed is not told as to come.
  if (minutes && *minutes >= 0) zone.lines.push_back({"", opening.at});
}

/// Open, and nobody there: nobody is told to wait for a call.
void fill_nobody(const Input& input, CallZone& zone) {
  const Words& w = words(call_lang(input));
  const auto& services = input.view->services;
  const bool full = !services.empty() &&
                    std::all_of(services.begin(), services.end(),
                                [](const auto& service) { return service.state != "open" || service.full; });
  zone.spine = full ? w.service_closed : w.opened;
  zone.small = full ? words(input.head_lang).full : words(input.head_lang).opened;
  zone.lines = {{w.opened_1, ""}, {w.opened_2, ""}};
  if (full) zone.lines = {{w.full, ""}};
}

void fill_before(const Input& input, CallZone& zone) {
  const Words& w = words(call_lang(input));
  zone.as_of = clock_now(input);
  if (input.view->state == "before") return fill_unopened(input, zone);
  if (input.view->state == "open" && input.view->waiting == 0) return fill_nobody(input, zone);
  zone.spine = w.calling;
  zone.small = words(input.head_lang).please_wait;
  zone.lines = {{w.soon_1, ""}, {w.soon_call, ""}};
}

void fill_called(const Input& input, CallZone& zone) {
  const queue::CallView* call = shown_call(*input.view, input.on_stage);
  if (call == nullptr) return;
  const Lang lang = call_lang(input);
  zone.number = call->number;
  zone.spine = words(lang).calling;
  zone.small = head_words(input, &Words::calling, &Words::come_in);
  const bool towards = lang == Lang::ja || lang == Lang::easy;
  zone.below = label_text(call->room_name, lang) + (towards ? " へ" : "");
  zone.door = true;
}

void fill_stale(const Input& input, CallZone& zone) {
  const Words& w = words(call_lang(input));
  const queue::CallView* call = shown_call(*input.view, 0);
  zone.spine = w.stale;
  zone.icon = "clockoff";
  zone.small = words(input.head_lang).not_current;
  if (input.age_ms >= 0) zone.as_of = ago_text(input.age_ms / 60'000, call_lang(input));
  if (call != nullptr) {
    zone.number = call->number;
    zone.below = said(w.of_then, {confirmed_clock(input)});
  } else {
    zone.lines = {{w.voice_1, ""}, {w.voice_2, ""}};
  }
}

CallZone call_zone(const Input& input, Face face) {
  const Words& w = words(call_lang(input));
  CallZone zone;
  zone.face = face;
  switch (face) {
  case Face::connecting:
    zone.spine = w.connecting;
    zone.icon = "link";
    zone.small = words(input.head_lang).connecting_small;
    zone.lines = {{w.connecting_1, ""}};
    if (!w.connecting_2.empty()) zone.lines.push_back({w.connecting_2, ""});
    break;
  case Face::gone:
    zone.spine = w.guide;
    zone.icon = "speaker";
    zone.small = words(input.head_lang).listen;
    zone.as_of = clock_now(input);
    zone.lines = {{w.voice_1, ""}, {w.voice_2, ""}};
    break;
  case Face::stale: fill_stale(input, zone); break;
  case Face::closed: fill_closed(input, zone); break;
  case Face::before: fill_before(input, zone); break;
  case Face::calling:
    fill_called(input, zone);
    zone.as_of = said(w.as_of, {confirmed_clock(input)});
    zone.refreshed = true;
    break;
  }
  if (age_class(input.age_ms) == Age::late && (face == Face::calling || face == Face::before)) {
    zone.late = true;
    zone.as_of = w.late;
    zone.refreshed = false;
  }
  return zone;
}

RoomsZone rooms_zone(const Input& input, Face face) {
  RoomsZone zone;
  zone.stale = face == Face::stale;
  zone.spine = zone.stale ? words(input.lang).stale : words(input.lang).rooms;
  if (input.view == nullptr) return zone;
  std::vector<RoomRow> all;
  for (const auto& room : input.view->rooms)
    all.push_back({label_text(room.name, input.lang), room.number, room.state == "called" && !zone.stale});
  if (all.size() <= rooms_at_once) {
    zone.rows = std::move(all);
    return zone;
  }
  zone.pages = static_cast<int>((all.size() + rooms_a_page - 1) / rooms_a_page);
  zone.page = static_cast<int>(input.page_ms / rooms_page_ms % zone.pages);
  const auto first = static_cast<std::size_t>(zone.page) * rooms_a_page;
  std::rotate(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first), all.end());
  // A called room comes to the front at once, whatever page is turned.
  std::stable_partition(all.begin(), all.end(), [](const RoomRow& row) { return row.called; });
  all.resize(rooms_a_page);
  zone.rows = std::move(all);
  return zone;
}

/// So many are asked to come to the reception; the board is told at most 5 of them by number.
int absentees(const BoardView& view) {
  int count = 0;
  for (const queue::ServiceView& service : view.services) count += service.absent;
  return std::max(count, static_cast<int>(view.absent.size()));
}

/// What of a list stands at this time: pages of so many, each for the time of a page of rooms.
struct Part {
  std::size_t first = 0, last = 0;
  int page = 0, pages = 1;
};

Part part_of(std::size_t all, std::size_t at_once, std::int64_t page_ms) {
  Part part;
  part.pages = static_cast<int>((all + at_once - 1) / at_once);
  part.page = static_cast<int>(page_ms / rooms_page_ms % part.pages);
  part.first = static_cast<std::size_t>(part.page) * at_once;
  part.last = std::min(all, part.first + at_once);
  return part;
}

/// Numbers with letters before them need wider stones to be read from 10 m: one place fewer.
std::size_t places_for(const BoardView& view, bool with_absent) {
  const auto is_long = [](const auto& stone) { return stone.number.size() > 3; };
  const auto end = view.next.begin() + static_cast<std::ptrdiff_t>(std::min(view.next.size(), most_stones));
  const bool wide = std::any_of(view.next.begin(), end, is_long) ||
                    (with_absent && std::any_of(view.absent.begin(), view.absent.end(), is_long));
  return wide ? most_stones - 1 : most_stones;
}

NextZone next_zone(const Input& input, bool absentees_apart) {
  const Words& w = words(input.lang);
  NextZone zone{w.next, {}, {}, {}, most_stones, 0, 1};
  if (input.view == nullptr) return zone;
  const BoardView& view = *input.view;
  const bool with_absent = !absentees_apart && !view.absent.empty();
  zone.places = places_for(view, with_absent);
  const std::size_t places = with_absent ? zone.places - 1 : zone.places;
  for (const auto& stone : view.next) {
    if (zone.stones.size() == places) break;
    const bool near = static_cast<int>(zone.stones.size()) < view.near;
    zone.stones.push_back({stone.number, reason_tag(stone.reason, input.lang), near});
  }
  if (!zone.stones.empty() && zone.stones.front().near) zone.near = w.near;
  if (!with_absent) return zone;
  std::vector<Stone> all;
  for (const auto& stone : view.absent) all.push_back({stone.number, w.to_reception, false});
  if (const int more = absentees(view) - static_cast<int>(all.size()); more > 0)
    all.push_back({more_text(more, input.lang), w.to_reception, false});
  const Part part = part_of(all.size(), zone.places - zone.stones.size(), input.page_ms);
  zone.absent.assign(all.begin() + static_cast<std::ptrdiff_t>(part.first),
                     all.begin() + static_cast<std::ptrdiff_t>(part.last));
  zone.page = part.page;
  zone.pages = part.pages;
  return zone;
}

AbsentZone absent_zone(const Input& input) {
  const Words& w = words(input.lang);
  AbsentZone zone{w.absent, {}, {}, {}, {}, 0, 1};
  if (input.view == nullptr || input.view->absent.empty()) return zone;
  const auto& absent = input.view->absent;
  const Part part = part_of(absent.size(), absent_at_once, input.page_ms);
  for (std::size_t i = part.first; i < part.last; ++i) zone.numbers.push_back(absent[i].number);
  zone.page = part.page;
  zone.pages = part.pages;
  if (const int count = absentees(*input.view); count > 1) zone.count = absent_text(count, input.lang);
  zone.line_1 = w.see_reception_1;
  zone.line_2 = w.see_reception_2;
  return zone;
}

PreviousZone previous_zone(const Input& input) {
  PreviousZone zone{words(input.lang).previous, {}};
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
      told.push_back(wire::notice_words(message, code_of(input.lang)));
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
  if (face == Face::closed) return {w.guide, w.unwell_1, w.unwell_2, "", false, true};
  if (face == Face::gone) return {"", w.gone_1, w.gone_2, w.gone_small, true, false};
  const bool first_time = face == Face::connecting;
  return {"", w.voice_1, w.voice_2, first_time ? w.preparing : w.stopped, true, false};
}

/// A pattern with one place as a cell: words, the value in bold, words.
Cell cell_of(std::string icon, const std::string& pattern, const std::string& value) {
  const auto place = pattern.find("{}");
  if (place == std::string::npos) return {std::move(icon), pattern, "", ""};
  std::string label = pattern.substr(0, place);
  while (label.ends_with(' ')) label.pop_back(); // the cell leaves its own gap
  return {std::move(icon), label, value, pattern.substr(place + 2)};
}

/// Closed: the date, and in turn when each service opens again.
void fill_closed_band(const Input& input, Band& band) {
  const auto& services = input.view->services;
  band.pages = services.size() > 1 ? static_cast<int>(services.size()) + 1 : 1;
  band.page = static_cast<int>(input.page_ms / services_page_ms % band.pages);
  band.cells = {{"calendar", date_text(input.view->date, input.lang), "", ""}};
  if (band.page == 0) return;
  const ServiceRow row = service_row(services[static_cast<std::size_t>(band.page - 1)], input.lang);
  band.cells = {{"calendar", row.name, row.value, ""}};
}

void fill_single_band(const Input& input, Band& band) {
  const Words& w = words(input.lang);
  const BoardView& view = *input.view;
  const queue::ServiceView* service = view.services.empty() ? nullptr : &view.services.front();
  if (service != nullptr && service->state == "before" && view.waiting == 0) {
    // The call's place tells the opening: here stands the day from which it is read.
    band.cells = {{"calendar", date_text(today(input), input.lang), "", ""}};
    return;
  }
  band.cells = {{"people", w.people, people_text(view.waiting, input.lang), ""}};
  if (service != nullptr && (service->state != "open" || service->full)) {
    band.cells.push_back({"", "", service_value(*service, input.lang), ""});
    return;
  }
  if (!view.wait && view.waiting == 0) return;
  std::string range = view.wait ? minutes_text(view.wait->low, view.wait->high, input.lang) : w.wait_unknown;
  band.cells.push_back({"hourglass", w.wait, range, ""});
}

void fill_open_band(const Input& input, Band& band) {
  const BoardView& view = *input.view;
  if (view.services.size() < 2) return fill_single_band(input, band);
  const queue::CallView* call = input.on_stage == 0 ? nullptr : shown_call(view, input.on_stage);
  ServicePage page =
      service_page(view.services, input.page_ms, call == nullptr ? "" : call->service, input.lang);
  band.rows = std::move(page.rows);
  band.page = page.page;
  band.pages = page.pages;
}

Band band(const Input& input, Face face) {
  const Words& w = words(input.lang);
  Band result;
  result.right = {"", "", clock_now(input), ""};
  switch (face) {
  case Face::connecting: result.cells = {{"link", w.connecting_band, "", ""}}; break;
  case Face::gone: result.cells = {{"clockoff", w.gone_band, "", ""}}; break;
  case Face::stale:
    result.cells = {cell_of("clockoff", w.shown_then, confirmed_clock(input))};
    result.right.label = w.time_now;
    break;
  case Face::closed: fill_closed_band(input, result); break;
  default: fill_open_band(input, result);
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

void set_langs(Input& input, const std::vector<Lang>& langs) {
  input.lang = label_lang(langs, input.page_ms);
  input.call_lang = langs.empty() ? Lang::ja : langs.front();
  input.head_lang = head_lang(langs, input.page_ms);
  input.caption_langs = caption_langs(langs, input.page_ms);
}

bool turned(const Board& before, const Board& now) {
  return before.face == now.face && before.several == now.several &&
         (before.lang != now.lang || before.notice.text != now.notice.text ||
          before.rooms.page != now.rooms.page || before.next.page != now.next.page ||
          before.absent.page != now.absent.page || before.band.page != now.band.page ||
          before.caption != now.caption);
}

Board make_board(const Input& input, bool absentees_apart) {
  Board board;
  board.face = face_of(input);
  board.lang = input.lang;
  const bool open = board.face == Face::calling || board.face == Face::before;
  board.several = open && input.view->services.size() > 1;
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
    board.caption = {call_text(call->number, call->room_name, input.caption_langs.first),
                     call_text(call->number, call->room_name, input.caption_langs.second)};
  }
  return board;
}

} // namespace machiai::display
