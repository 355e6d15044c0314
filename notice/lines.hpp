// SPDX-License-Identifier: Apache-2.0
// Where lines of Japanese and Latin text may be broken (UAX #14, JIS X 4051), and where they best are.
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <optional>
#include <vector>

namespace machiai::notice {

/// What a break in front of each code point costs: 0 between phrases, more inside them; `forbidden` where no
/// line may begin, `first` included. As long as the text has code points.
inline constexpr int forbidden = -1;
[[nodiscard]] std::vector<int> break_costs(const std::u32string& text);

/// Width of a piece of text on one line.
using Measure = std::function<double(const QString&)>;

struct Lines {
  QStringList lines;
  int worst = 0; ///< cost of the worst break
};
/// A break that costs as much cuts a word.
inline constexpr int cuts_word = 5;

/// Lines of at most `width`; a '\n' always breaks. `frugal`: in as few lines as possible, of these the best;
/// else in one more where that leaves words whole. None when it takes more than `most` lines or when a word
/// is wider than a line.
[[nodiscard]] std::optional<Lines> broken(const QString& text, const Measure& measure, double width, int most,
                                          bool frugal);

} // namespace machiai::notice
