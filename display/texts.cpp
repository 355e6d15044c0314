// SPDX-License-Identifier: Apache-2.0
#include "display/texts.hpp"

#include "core/base/clock.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace machiai::display {

namespace {

constexpr Words japanese{
    .calling = "お呼出し",
    .calling_small = "Now calling",
    .as_of = " 現在",
    .late = "更新が おくれています",
    .rooms = "診察中",
    .next = "つぎ",
    .absent = "不在",
    .previous = "前回",
    .to_reception = "受付へ",
    .see_reception_1 = "受付へ",
    .see_reception_2 = "どうぞ",
    .people = "お待ち",
    .wait = "待ち時間",
    .wait_unknown = "計算中",
    .stale = "前の表示",
    .stale_small = "Not up to date",
    .ago = "分前",
    .of_then = " の番号",
    .shown_then = " の表示です",
    .time_now = "いま",
    .voice_1 = "受付の声で",
    .voice_2 = "お呼びします",
    .stopped = "画面の更新が 止まっています",
    .gone_1 = "画面の更新が",
    .gone_2 = "止まっています",
    .gone_small = "番号は 受付の者が 声で お知らせします",
    .gone_band = "画面は お休み中です",
    .closed = "受付終了",
    .closed_small = "Closed",
    .next_opening = "つぎの受付",
    .from = "から",
    .done_1 = "本日の受付は",
    .done_2 = "終わりました",
    .done_3 = "お大事に",
    .before = "受付前",
    .before_small = "Opening soon",
    .soon_1 = "まもなく",
    .soon_2 = "はじまります",
    .soon_call = "お呼びします",
    .wait_small = "Please wait",
    .guide = "ご案内",
    .unwell_1 = "具合の悪い方は",
    .unwell_2 = "受付へ どうぞ",
    .connecting = "準備中",
    .connecting_small = "Connecting",
    .connecting_1 = "つないで",
    .connecting_2 = "います",
    .connecting_band = "つないでいます",
    .preparing = "画面の準備を しています",
};

constexpr Words english{
    .calling = "Now calling",
    .calling_small = "Now calling",
    .as_of = "",
    .late = "Update is late",
    .rooms = "In room",
    .next = "Next",
    .absent = "Missed",
    .previous = "Earlier",
    .to_reception = "Desk",
    .see_reception_1 = "Please see",
    .see_reception_2 = "reception",
    .people = "Waiting",
    .wait = "Wait",
    .wait_unknown = "not known yet",
    .stale = "Earlier",
    .stale_small = "Not up to date",
    .ago = " min ago",
    .of_then = " number",
    .shown_then = " display",
    .time_now = "Now",
    .voice_1 = "Please listen",
    .voice_2 = "for our staff",
    .stopped = "This screen is not being updated",
    .gone_1 = "This screen is",
    .gone_2 = "not being updated",
    .gone_small = "Our staff will call your number",
    .gone_band = "Screen paused",
    .closed = "Closed",
    .closed_small = "Closed",
    .next_opening = "Next opening",
    .from = "",
    .done_1 = "Reception is",
    .done_2 = "closed today",
    .done_3 = "Take care",
    .before = "Opening",
    .before_small = "Opening soon",
    .soon_1 = "Starting",
    .soon_2 = "soon",
    .soon_call = "soon",
    .wait_small = "Please wait",
    .guide = "Guide",
    .unwell_1 = "If you feel unwell,",
    .unwell_2 = "please tell reception",
    .connecting = "Starting",
    .connecting_small = "Connecting",
    .connecting_1 = "Connecting",
    .connecting_2 = "",
    .connecting_band = "Connecting",
    .preparing = "The screen is being prepared",
};

struct Tag {
  std::string_view reason, ja, en;
};
// A wall is public: a reason that says something about a patient's body is only "お先に" here.
constexpr std::array tags{
    Tag{"booking", "予約", "Appt"},    Tag{"test", "検査後", "Test"},    Tag{"hold", "もどり", "Back"},
    Tag{"returned", "もどり", "Back"}, Tag{"urgent", "お先に", "First"}, Tag{"other", "お先に", "First"},
    Tag{"transfer", "移動", "Moved"},  Tag{"skip", "ゆずり", "Later"},
};

constexpr std::array days_ja{"日", "月", "火", "水", "木", "金", "土"};
constexpr std::array days_en{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array months_en{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int number_in(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// "診察室1" -> "1"; empty when the name does not end in ASCII digits or is no exam room.
std::string_view exam_room_number(std::string_view name) {
  constexpr std::string_view exam_room = "診察室";
  if (!name.starts_with(exam_room)) return {};
  const auto tail = name.substr(exam_room.size());
  const bool digits = std::all_of(tail.begin(), tail.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? tail : std::string_view{};
}

} // namespace

const Words& words(Lang lang) {
  return lang == Lang::ja ? japanese : english;
}

const std::vector<std::string>& standing_texts(Lang lang) {
  static const std::vector<std::string> ja{
      "お子さまの様子が変わったときは\nすぐに 受付へ お声がけください",
      "お席を はなれるときは\n受付へ お声がけください",
      "ご気分が すぐれないときは\nすぐに 受付へ お知らせください",
  };
  static const std::vector<std::string> en{
      "If your child's condition changes,\nplease tell reception at once",
      "If you leave your seat,\nplease tell reception",
      "If you feel unwell,\nplease tell reception at once",
  };
  return lang == Lang::ja ? ja : en;
}

std::string reason_tag(std::string_view reason, Lang lang) {
  if (reason.empty()) return {};
  for (const Tag& tag : tags)
    if (tag.reason == reason) return std::string(lang == Lang::ja ? tag.ja : tag.en);
  return lang == Lang::ja ? "お先に" : "First";
}

const std::string& label_text(const queue::Label& label, Lang lang) {
  return lang == Lang::en && !label.en.empty() ? label.en : label.ja;
}

SaidTime said_time(std::string_view hh_mm, Lang lang) {
  const auto colon = hh_mm.find(':');
  if (colon == std::string_view::npos) return {"", std::string(hh_mm)};
  const int hour = number_in(hh_mm.substr(0, colon));
  const auto minutes = hh_mm.substr(colon);
  const int said = hour > 12 ? hour - 12 : hour;
  if (lang == Lang::en) return {"", fmt::format("{}{} {}", said, minutes, hour < 12 ? "am" : "pm")};
  // 12:10 is 午後 0:10 in Japanese timetables: noon itself belongs to the afternoon.
  return {hour < 12 ? "午前 " : "午後 ", fmt::format("{}{}", hour == 12 ? 0 : said, minutes)};
}

std::string date_text(std::string_view iso_date, Lang lang) {
  const auto date = base::parse_iso_date(iso_date);
  if (!date) return {};
  const int month = number_in(iso_date.substr(5, 2));
  const int day = number_in(iso_date.substr(8, 2));
  const auto weekday = static_cast<std::size_t>(base::weekday(*date));
  if (lang == Lang::en)
    return fmt::format("{} {} {}", days_en[weekday], day, months_en[static_cast<std::size_t>(month - 1)]);
  return fmt::format("{}月{}日({})", month, day, days_ja[weekday]);
}

std::string easy_call(std::string_view number, const queue::Label& room) {
  const auto n = exam_room_number(room.ja);
  if (!n.empty()) return fmt::format("{}ばんの ひと、{}の へやへ", number, n);
  return fmt::format("{}ばんの ひと、{}へ", number, room.ja);
}

std::string english_call(std::string_view number, const queue::Label& room) {
  return fmt::format("No. {}: {}, please", number, label_text(room, Lang::en));
}

} // namespace machiai::display
