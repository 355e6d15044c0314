// SPDX-License-Identifier: Apache-2.0
// What is said aloud on a page, for those who read it with difficulty.
#pragma once

#include "kiosk/model.hpp"
#include "seat/phrases.hpp"

#include <QStringList>

namespace machiai::kiosk {

/// Sentences in the order in which they are said. They go with the large letters and are Japanese: on the
/// pages of the other languages, and with letters of the usual size, nothing is said. Never a card or a name.
[[nodiscard]] QStringList spoken(const Screen& screen, const seat::Phrases& say);

/// "14:30" -> 午後2時30分, "9:00" -> 午前9時.
[[nodiscard]] QString spoken_time(const std::string& time);

} // namespace machiai::kiosk
