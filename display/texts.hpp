// SPDX-License-Identifier: Apache-2.0
// The board's own words, in the languages a wall can show. Patients read them: no codes, no "error".
#pragma once

#include "core/queue/clinic.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace machiai::display {

enum class Lang { ja, en };

/// Fixed words of the board. A spine of Japanese stands upright, one of English is turned.
struct Words {
  std::string_view calling, calling_small, as_of, late;
  std::string_view rooms, next, absent, previous, to_reception, see_reception_1, see_reception_2;
  std::string_view people, wait, wait_unknown;
  std::string_view stale, stale_small, ago, of_then, shown_then, time_now;
  std::string_view voice_1, voice_2, stopped;
  std::string_view gone_1, gone_2, gone_small, gone_band;
  std::string_view closed, closed_small, next_opening, from, done_1, done_2, done_3;
  std::string_view before, before_small, soon_1, soon_2, soon_call, wait_small;
  std::string_view guide, unwell_1, unwell_2;
  std::string_view connecting, connecting_small, connecting_1, connecting_2, connecting_band, preparing;
};

[[nodiscard]] const Words& words(Lang lang);

/// Shown on the notice band when the clinic has nothing to tell; true in every clinic.
[[nodiscard]] const std::vector<std::string>& standing_texts(Lang lang);

/// Tag under a stone that stands out of the order of numbers; empty for no reason.
[[nodiscard]] std::string reason_tag(std::string_view reason, Lang lang);

/// The name in that language, in Japanese if it has none.
[[nodiscard]] const std::string& label_text(const queue::Label& label, Lang lang);

/// "14:30" as a sentence says it: {"午後 ", "2:30"} or {"", "2:30 pm"}.
struct SaidTime {
  std::string before;
  std::string digits;
  bool operator==(const SaidTime&) const = default;
};
[[nodiscard]] SaidTime said_time(std::string_view hh_mm, Lang lang);

/// "11月24日(火)" or "Tue 24 Nov"; empty when the date is.
[[nodiscard]] std::string date_text(std::string_view iso_date, Lang lang);

/// Easy Japanese for the caption under the film: "24ばんの ひと、1の へやへ".
[[nodiscard]] std::string easy_call(std::string_view number, const queue::Label& room);
[[nodiscard]] std::string english_call(std::string_view number, const queue::Label& room);

} // namespace machiai::display
