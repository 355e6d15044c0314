// SPDX-License-Identifier: Apache-2.0
#include "core/wire/messages.hpp"

#include "core/wire/phrases.hpp"

#include <algorithm>

namespace machiai::wire {

std::string message(std::string_view reason, std::string_view lang) {
  const bool japanese = lang == "ja";
  for (const auto phrases : {clinic_phrases(), station_phrases(), film_phrases(), cloud_phrases()}) {
    const auto found = std::find_if(phrases.begin(), phrases.end(),
                                    [&](const Phrase& phrase) { return phrase.reason == reason; });
    if (found != phrases.end()) return std::string(japanese ? found->ja : found->en);
  }
  return japanese ? "うまくいきませんでした。受付の責任者に お知らせください。"
                  : "That did not work. Please tell the person in charge.";
}

} // namespace machiai::wire
