// SPDX-License-Identifier: Apache-2.0
// Where a line of words may end, as Japanese sets it.
#pragma once

#include <QString>

namespace machiai::seat {

/// Between the characters before and at `at`: no mark or small kana begins a line, no bracket that opens ends
/// one, and numbers, Latin words and dates stay whole. `at` lies inside of the text.
[[nodiscard]] bool may_break(const QString& text, qsizetype at);

/// Such a place where a phrase is likely to begin: after a mark, before a bracket, or where kana give way to
/// something else.
[[nodiscard]] bool good_break(const QString& text, qsizetype at);

} // namespace machiai::seat
