// SPDX-License-Identifier: Apache-2.0
#include "display/texts.hpp"

#include "core/base/clock.hpp"
#include "core/base/easy.hpp"
#include "seat/counters.hpp"
#include "seat/phrases.hpp"

#include <fmt/format.h>

#include <QFile>
#include <algorithm>
#include <charconv>

// A static library's resources are only linked in when somebody names them.
static void load_resources() {
  Q_INIT_RESOURCE(board);
}

namespace machiai::display {

namespace {

const seat::Phrases& phrases() {
  static const seat::Phrases table = [] {
    load_resources();
    QFile file(":/board/phrases.json");
    const QByteArray json = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
    return seat::Phrases::parse(json).value_or(seat::Phrases{});
  }();
  return table;
}

QString code(Lang lang) {
  const std::string_view view = code_of(lang);
  return QString::fromLatin1(view.data(), static_cast<qsizetype>(view.size()));
}

std::string phrase(const std::string& key, Lang lang, const seat::Phrases::Fill& fill = {}) {
  return phrases()(QString::fromStdString(key), code(lang), fill).toStdString();
}

QString filling(std::string_view text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

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

std::string counted(int count, Lang lang) {
  return lang == Lang::easy ? base::easy_people(count) : std::to_string(count);
}

/// With its unit where that depends on the number.
std::string minutes(int count, Lang lang) {
  const std::string_view unit = lang == Lang::easy ? base::easy_minutes_unit(count) : std::string_view{};
  return fmt::format("{}{}", count, unit);
}

std::string listed(const std::string& key, Lang lang, int at) {
  return phrases()(QString::fromStdString(key), code(lang)).split(',').value(at).toStdString();
}

} // namespace

std::string_view code_of(Lang lang) {
  constexpr std::array<std::string_view, all_langs.size()> codes{"ja", "easy", "en", "zh", "ko", "vi", "pt"};
  return codes[static_cast<std::size_t>(lang)];
}

std::optional<std::vector<Lang>> parse_langs(std::string_view text) {
  std::vector<Lang> langs;
  while (true) {
    const auto comma = text.find(',');
    const auto code = text.substr(0, comma);
    const auto* const lang =
        std::find_if(all_langs.begin(), all_langs.end(), [&](Lang each) { return code_of(each) == code; });
    if (lang == all_langs.end() || std::find(langs.begin(), langs.end(), *lang) != langs.end())
      return std::nullopt;
    langs.push_back(*lang);
    if (comma == std::string_view::npos) return langs;
    text.remove_prefix(comma + 1);
  }
}

const std::vector<std::pair<std::string_view, WordsField>>& words_fields() {
#define MACHIAI_FIELD(name)                                                                                  \
  { #name, &Words::name }
  static const std::vector<std::pair<std::string_view, WordsField>> fields{MACHIAI_FIELD(calling),
                                                                           MACHIAI_FIELD(come_in),
                                                                           MACHIAI_FIELD(as_of),
                                                                           MACHIAI_FIELD(late),
                                                                           MACHIAI_FIELD(rooms),
                                                                           MACHIAI_FIELD(next),
                                                                           MACHIAI_FIELD(near),
                                                                           MACHIAI_FIELD(absent),
                                                                           MACHIAI_FIELD(absent_count),
                                                                           MACHIAI_FIELD(absent_more),
                                                                           MACHIAI_FIELD(previous),
                                                                           MACHIAI_FIELD(to_reception),
                                                                           MACHIAI_FIELD(see_reception_1),
                                                                           MACHIAI_FIELD(see_reception_2),
                                                                           MACHIAI_FIELD(people),
                                                                           MACHIAI_FIELD(people_count),
                                                                           MACHIAI_FIELD(wait),
                                                                           MACHIAI_FIELD(minutes),
                                                                           MACHIAI_FIELD(wait_unknown),
                                                                           MACHIAI_FIELD(stale),
                                                                           MACHIAI_FIELD(not_current),
                                                                           MACHIAI_FIELD(ago),
                                                                           MACHIAI_FIELD(of_then),
                                                                           MACHIAI_FIELD(shown_then),
                                                                           MACHIAI_FIELD(time_now),
                                                                           MACHIAI_FIELD(voice_1),
                                                                           MACHIAI_FIELD(voice_2),
                                                                           MACHIAI_FIELD(stopped),
                                                                           MACHIAI_FIELD(listen),
                                                                           MACHIAI_FIELD(gone_1),
                                                                           MACHIAI_FIELD(gone_2),
                                                                           MACHIAI_FIELD(gone_small),
                                                                           MACHIAI_FIELD(gone_band),
                                                                           MACHIAI_FIELD(closed),
                                                                           MACHIAI_FIELD(next_opening),
                                                                           MACHIAI_FIELD(from),
                                                                           MACHIAI_FIELD(done_1),
                                                                           MACHIAI_FIELD(done_2),
                                                                           MACHIAI_FIELD(done_3),
                                                                           MACHIAI_FIELD(before),
                                                                           MACHIAI_FIELD(opening_soon),
                                                                           MACHIAI_FIELD(soon_1),
                                                                           MACHIAI_FIELD(soon_2),
                                                                           MACHIAI_FIELD(soon_call),
                                                                           MACHIAI_FIELD(please_wait),
                                                                           MACHIAI_FIELD(opened),
                                                                           MACHIAI_FIELD(opened_1),
                                                                           MACHIAI_FIELD(opened_2),
                                                                           MACHIAI_FIELD(guide),
                                                                           MACHIAI_FIELD(unwell_1),
                                                                           MACHIAI_FIELD(unwell_2),
                                                                           MACHIAI_FIELD(connecting),
                                                                           MACHIAI_FIELD(connecting_small),
                                                                           MACHIAI_FIELD(connecting_1),
                                                                           MACHIAI_FIELD(connecting_2),
                                                                           MACHIAI_FIELD(connecting_band),
                                                                           MACHIAI_FIELD(preparing),
                                                                           MACHIAI_FIELD(full),
                                                                           MACHIAI_FIELD(paused),
                                                                           MACHIAI_FIELD(paused_1),
                                                                           MACHIAI_FIELD(paused_2),
                                                                           MACHIAI_FIELD(paused_3),
                                                                           MACHIAI_FIELD(paused_spine),
                                                                           MACHIAI_FIELD(service_closed),
                                                                           MACHIAI_FIELD(service_before),
                                                                           MACHIAI_FIELD(opens)};
#undef MACHIAI_FIELD
  return fields;
}

const Words& words(Lang lang) {
  static const std::array<Words, all_langs.size()> table = [] {
    std::array<Words, all_langs.size()> all;
    for (const Lang each : all_langs)
      for (const auto& [key, field] : words_fields())
        all[static_cast<std::size_t>(each)].*field = phrase(std::string(key), each);
    return all;
  }();
  return table[static_cast<std::size_t>(lang)];
}

std::string said(std::string_view pattern, const std::vector<std::string>& values) {
  std::string text(pattern);
  std::size_t from = 0;
  for (const std::string& value : values) {
    const auto place = text.find("{}", from);
    if (place == std::string::npos) break;
    text.replace(place, 2, value);
    from = place + value.size();
  }
  return text;
}

std::string people_text(int count, Lang lang) {
  return said(words(lang).people_count, {counted(count, lang)});
}

std::string absent_text(int count, Lang lang) {
  return said(words(lang).absent_count, {counted(count, lang)});
}

std::string more_text(int count, Lang lang) {
  return said(words(lang).absent_more, {counted(count, lang)});
}

std::string minutes_text(int low, int high, Lang lang) {
  return said(words(lang).minutes, {std::to_string(low), minutes(high, lang)});
}

std::string ago_text(std::int64_t since, Lang lang) {
  return said(words(lang).ago, {minutes(static_cast<int>(since), lang)});
}

const std::vector<std::string>& standing_texts(Lang lang) {
  static const std::array<std::vector<std::string>, all_langs.size()> table = [] {
    std::array<std::vector<std::string>, all_langs.size()> all;
    for (const Lang each : all_langs)
      for (const char* key : {"standing.1", "standing.2", "standing.3"})
        all[static_cast<std::size_t>(each)].push_back(phrase(key, each));
    return all;
  }();
  return table[static_cast<std::size_t>(lang)];
}

std::string reason_tag(std::string_view reason, Lang lang) {
  if (reason.empty()) return {};
  // A wall is public: a reason that says something about a patient's body is only "お先に" here.
  const std::string key = fmt::format("tag.{}", reason);
  return phrase(phrases().has(QString::fromStdString(key)) ? key : "tag.other", lang);
}

std::string counter_text(const queue::Label& label, Lang lang) {
  return seat::counter_name(QString::fromStdString(label.ja), QString::fromStdString(label.en),
                            QString::fromStdString(label.reading), code(lang))
      .toStdString();
}

std::string label_text(const queue::Label& label, Lang lang) {
  return seat::room_name(QString::fromStdString(label.ja), QString::fromStdString(label.en),
                         QString::fromStdString(label.reading), code(lang))
      .toStdString();
}

SaidTime said_time(std::string_view hh_mm, Lang lang) {
  const auto colon = hh_mm.find(':');
  if (colon == std::string_view::npos) return {"", std::string(hh_mm)};
  const int hour = number_in(hh_mm.substr(0, colon));
  const std::string pattern = phrase(hour < 12 ? "am" : "pm", lang);
  if (pattern == "{}") return {"", std::string(hh_mm)}; // 24 hours
  int said_hour = hour > 12 ? hour - 12 : hour;
  // 12:10 is 午後 0:10 in Japanese timetables: noon itself belongs to the afternoon.
  if (hour == 12 && (lang == Lang::ja || lang == Lang::easy)) said_hour = 0;
  const std::string digits = fmt::format("{}{}", said_hour, hh_mm.substr(colon));
  const auto place = pattern.find("{}");
  if (place == 0) return {"", said(pattern, {digits})};
  return {pattern.substr(0, place), digits};
}

std::string date_text(std::string_view iso_date, Lang lang) {
  const auto date = base::parse_iso_date(iso_date);
  if (!date) return {};
  const int month = number_in(iso_date.substr(5, 2));
  const int day = number_in(iso_date.substr(8, 2));
  return phrase("date", lang,
                {{"m", QString::number(month)},
                 {"d", lang == Lang::easy ? filling(base::easy_day(day)) : QString::number(day)},
                 {"w", filling(listed("weekdays", lang, static_cast<int>(base::weekday(*date))))},
                 {"mon", filling(listed("months", lang, month - 1))}});
}

std::string call_text(std::string_view number, const queue::Label& room, Lang lang) {
  const auto n = exam_room_number(room.ja);
  if (n.empty() || lang == Lang::en) // English keeps the clinic's own name of the room
    return phrase("call", lang, {{"n", filling(number)}, {"room", filling(label_text(room, lang))}});
  return phrase("call_exam", lang, {{"n", filling(number)}, {"room", filling(n)}});
}

Lang label_lang(const std::vector<Lang>& langs, std::int64_t running_ms) {
  if (langs.size() < 2) return langs.empty() ? Lang::ja : langs.front();
  const auto turns = static_cast<std::int64_t>(langs.size() - 1) * 2;
  const std::int64_t turn = running_ms / turn_ms % turns;
  return turn % 2 == 0 ? langs.front() : langs[static_cast<std::size_t>(turn / 2 + 1)];
}

Lang head_lang(const std::vector<Lang>& langs, std::int64_t running_ms) {
  if (langs.size() < 2) return Lang::en;
  const auto turn = static_cast<std::size_t>(running_ms / turn_ms) % (langs.size() - 1);
  return langs[turn + 1];
}

std::pair<Lang, Lang> caption_langs(const std::vector<Lang>& langs, std::int64_t running_ms) {
  // A call is on stage for 12 s or little more: each language has 4 s of it.
  constexpr std::int64_t caption_ms = 4'000;
  std::vector<Lang> others;
  for (const Lang lang : langs)
    if (lang != Lang::ja && lang != Lang::easy) others.push_back(lang);
  if (others.empty()) return {Lang::easy, Lang::en};
  return {Lang::easy, others[static_cast<std::size_t>(running_ms / caption_ms) % others.size()]};
}

} // namespace machiai::display
