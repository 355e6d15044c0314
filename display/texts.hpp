// SPDX-License-Identifier: Apache-2.0
// The board's own words in the seven languages a wall can show, from assets/phrases/board.json. Patients read
// them: no codes, no "error".
#pragma once

#include "core/queue/clinic.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace machiai::display {

enum class Lang { ja, easy, en, zh, ko, vi, pt };
inline constexpr std::array all_langs{Lang::ja, Lang::easy, Lang::en, Lang::zh, Lang::ko, Lang::vi, Lang::pt};

[[nodiscard]] std::string_view code_of(Lang lang);
/// "ja,en,zh": at least one, none twice; nothing when it is not so written.
[[nodiscard]] std::optional<std::vector<Lang>> parse_langs(std::string_view text);

/// Fixed words of the board; `{}` is filled by said(). A spine of Japanese, Chinese or Korean stands upright,
/// one of Latin letters is turned.
struct Words {
  std::string calling, come_in, as_of, late;
  std::string rooms, next, near, absent, absent_count, absent_more, previous, to_reception, see_reception_1,
      see_reception_2;
  std::string people, people_count, wait, minutes, wait_unknown;
  std::string stale, not_current, ago, of_then, shown_then, time_now;
  std::string voice_1, voice_2, stopped, listen;
  std::string gone_1, gone_2, gone_small, gone_band;
  std::string closed, next_opening, from, done_1, done_2, done_3;
  std::string before, opening_soon, soon_1, soon_2, soon_call, please_wait;
  std::string opened, opened_1, opened_2;
  std::string guide, unwell_1, unwell_2;
  std::string connecting, connecting_small, connecting_1, connecting_2, connecting_band, preparing;
  std::string full, paused, paused_1, paused_2, paused_3, paused_spine, service_closed, service_before, opens;
};
using WordsField = std::string Words::*;
/// Every field with its key in the table.
[[nodiscard]] const std::vector<std::pair<std::string_view, WordsField>>& words_fields();

[[nodiscard]] const Words& words(Lang lang);

/// `pattern` with its places `{}` filled in order.
[[nodiscard]] std::string said(std::string_view pattern, const std::vector<std::string>& values);

/// "11人", "30〜45分", "14分前", each as its language counts.
[[nodiscard]] std::string people_text(int count, Lang lang);
[[nodiscard]] std::string absent_text(int count, Lang lang);
/// Absentees beside those told by number; in two lines.
[[nodiscard]] std::string more_text(int count, Lang lang);
[[nodiscard]] std::string minutes_text(int low, int high, Lang lang);
[[nodiscard]] std::string ago_text(std::int64_t since, Lang lang);

/// Shown on the notice band when the clinic has nothing to tell; true in every clinic.
[[nodiscard]] const std::vector<std::string>& standing_texts(Lang lang);

/// Tag under a stone that stands out of the order of numbers; empty for no reason.
[[nodiscard]] std::string reason_tag(std::string_view reason, Lang lang);

/// The name of a counter in the reader's language (seat::counter_name).
[[nodiscard]] std::string counter_text(const queue::Label& label, Lang lang);
/// The clinic's name for it, as it stands at the room's door: English for languages of Latin letters and
/// Korean, if there is one; its reading in Easy Japanese.
[[nodiscard]] std::string label_text(const queue::Label& label, Lang lang);

/// "14:30" as a sentence says it: {"午後 ", "2:30"} or {"", "2:30 pm"}.
struct SaidTime {
  std::string before;
  std::string digits;
  bool operator==(const SaidTime&) const = default;
};
[[nodiscard]] SaidTime said_time(std::string_view hh_mm, Lang lang);

/// "11月24日(火)" or "Tue 24 Nov"; empty when the date is.
[[nodiscard]] std::string date_text(std::string_view iso_date, Lang lang);

/// The call as a line of text in that language: "24ばんの ひと、1の へやへ".
[[nodiscard]] std::string call_text(std::string_view number, const queue::Label& room, Lang lang);

// ---- languages in turn -----------------------------------------------------------------------------------

inline constexpr std::int64_t turn_ms = 10'000;

/// The language of labels at that running time: the first of `langs` alternates with each of the others, so
/// that it has half of the time.
[[nodiscard]] Lang label_lang(const std::vector<Lang>& langs, std::int64_t running_ms);
/// The small words in the head of the call: the others in turn; English beside Japanese alone.
[[nodiscard]] Lang head_lang(const std::vector<Lang>& langs, std::int64_t running_ms);
/// Languages of the two lines under the film during a call: Easy Japanese, and one of the others in turn.
[[nodiscard]] std::pair<Lang, Lang> caption_langs(const std::vector<Lang>& langs, std::int64_t running_ms);

} // namespace machiai::display
