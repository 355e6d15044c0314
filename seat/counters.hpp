// SPDX-License-Identifier: Apache-2.0
// What a counter is called in the reader's language.
#pragma once

#include <QString>

namespace machiai::seat {

/// A clinic writes its names in Japanese, English and kana. In easy Japanese it is the kana; in the other
/// languages the field's word where the name is one of the usual ones (assets/phrases/counters.json), else
/// the Japanese name for those who read kanji and the English one for others. Never nothing.
[[nodiscard]] QString counter_name(const QString& ja, const QString& en, const QString& reading,
                                   const QString& lang);

/// The clinic's name for a room, as it stands at its door: English for languages of Latin letters and Korean,
/// if there is one; in easy Japanese its reading, with its number in digits.
[[nodiscard]] QString room_name(const QString& ja, const QString& en, const QString& reading,
                                const QString& lang);

} // namespace machiai::seat
