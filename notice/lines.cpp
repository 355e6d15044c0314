// SPDX-License-Identifier: Apache-2.0
#include "notice/lines.hpp"

#include "notice/guards.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

namespace machiai::notice {

namespace {

// JIS X 4051: closing brackets, marks, small kana and what repeats or prolongs begin no line.
constexpr std::u32string_view never_first =
    U"、。，．・：；？！‼⁇⁈⁉」』）】〕〉》］｝〙〗’”»›)]},.:;?!%％℃°‰′″¢"
    U"ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    U"々〻ゝゞヽヾーｰ゛゜‐–〜～゠…‥—―";
// Opening brackets and what stands in front of a number end none.
constexpr std::u32string_view never_last = U"「『（【〔〈《［｛〘〖‘“«‹([{￥¥＄$£€№#＃";
constexpr std::u32string_view inseparable = U"…‥—―";
constexpr std::u32string_view opens = U"「『（【〔〈《［｛〘〖";
constexpr std::u32string_view parts_of_dates = U"年月日時分";
constexpr std::u32string_view before_numbers = U"第約計全各毎";
constexpr std::u32string_view polite = U"おごみ";
constexpr std::u32string_view particles = U"はをにでがもへとのやか";

constexpr bool within(char32_t c, char32_t from, char32_t to) {
  return c >= from && c <= to;
}
bool among(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}
constexpr bool is_space(char32_t c) {
  return c == U' ' || c == U'\u3000';
}
constexpr bool is_digit(char32_t c) {
  return within(c, U'0', U'9') || within(c, U'０', U'９');
}
constexpr bool is_mark(char32_t c) { // stays with the letter in front
  return within(c, 0x300, 0x36F) || within(c, 0x3099, 0x309A) || within(c, 0xFE00, 0xFE0F) || c == 0x200D;
}
/// Letters, digits and signs that make up words between spaces.
constexpr bool is_word(char32_t c) {
  return (within(c, 0x21, 0x24F) || within(c, 0x370, 0x52F) || within(c, 0x1E00, 0x1EFF)) && !is_space(c);
}

enum class Script : std::uint8_t { word, hiragana, katakana, kanji, other };

constexpr Script script_of(char32_t c) {
  if (is_word(c) || is_digit(c)) return Script::word;
  if (within(c, 0x3041, 0x309F)) return Script::hiragana;
  if (within(c, 0x30A0, 0x30FF) || within(c, 0xFF66, 0xFF9F)) return Script::katakana;
  if (within(c, 0x3400, 0x9FFF) || within(c, 0xF900, 0xFAFF) || within(c, 0x20000, 0x3FFFF) || c == U'々')
    return Script::kanji;
  return Script::other;
}

bool is_kanji(const std::u32string& t, std::size_t i) {
  return i < t.size() && script_of(t[i]) == Script::kanji;
}

/// Words of kanji are mostly two long: 予防|接種.
int cost_within_kanji(const std::u32string& t, std::size_t i) {
  std::size_t begin = i;
  while (begin > 0 && is_kanji(t, begin - 1)) --begin;
  return (i - begin) % 2 == 0 && is_kanji(t, i + 1) ? 7 : 12;
}

/// Costs of a break between two scripts: a phrase ends with its particles, a word is not cut.
int cost_between(const std::u32string& t, std::size_t i) {
  const char32_t before = t[i - 1], after = t[i];
  const Script a = script_of(before), b = script_of(after);
  // を ends its phrase, so do ますが and ですが, and "お願い", "ご案内" begin one.
  const bool ends = before == U'を' || (before == U'が' && i > 1 && t[i - 2] == U'す');
  const bool begins = among(after, U"おご") && is_kanji(t, i + 1);
  if (a == Script::hiragana && b == Script::hiragana && (ends || begins)) return 1;
  if (b == Script::hiragana) return a == Script::hiragana ? 8 : 9;
  // 申し|出, 取り|扱: one that is no particle joins two kanji to a word.
  const bool joins = b == Script::kanji && i > 1 && is_kanji(t, i - 2) && !among(before, particles);
  if (a == Script::hiragana && joins) return 9;
  if (a == Script::hiragana) return among(before, polite) ? 9 : before == U'の' ? 3 : 1;
  if (a == Script::kanji && b == Script::kanji) return cost_within_kanji(t, i);
  if (a == b) return a == Script::katakana ? 16 : 3;
  return 2;
}

/// A number keeps what it counts, and what belongs to a date or a span of hours stays together.
bool binds(const std::u32string& t, std::size_t i) {
  const char32_t before = t[i - 1], after = t[i];
  const char32_t next = i + 1 < t.size() ? t[i + 1] : U'\0';
  const char32_t earlier = i > 1 ? t[i - 2] : U'\0';
  if (is_digit(before) && !is_space(after) && script_of(after) != Script::other) return true;
  if (is_digit(after) && (among(before, before_numbers) || (among(before, U"年月時") && is_digit(earlier)) ||
                          (among(before, U"〜～–") && (is_digit(earlier) || earlier == U'日'))))
    return true;
  // "28日(月)", "12月(予定)": one glyph in brackets belongs to the date in front of it.
  const bool bracket = after == U'(' || after == U'（';
  return bracket && among(before, parts_of_dates) && i + 2 < t.size() &&
         (t[i + 2] == U')' || t[i + 2] == U'）') && next != U'\0';
}

/// The last glyph in front of `i` that is no space.
char32_t last_glyph(const std::u32string& t, std::size_t i) {
  while (i > 1 && is_space(t[i - 1])) --i;
  return t[i - 1];
}

int cost_at(const std::u32string& t, std::size_t i) {
  const char32_t before = t[i - 1], after = t[i];
  if (is_space(after) || is_mark(after) || before == 0x200D) return forbidden;
  if (stops(Guard::line_start, among(after, never_first))) return forbidden;
  if (stops(Guard::line_end, among(last_glyph(t, i), never_last))) return forbidden;
  if (among(before, inseparable) && before == after) return forbidden;
  if (is_space(before)) return 0;
  if (stops(Guard::whole_words, binds(t, i))) return forbidden;
  if (is_word(before) && is_word(after)) {
    const bool hyphen = before == U'-' && i > 1 && is_word(t[i - 2]) && !is_digit(after);
    if (!stops(Guard::whole_words, !hyphen)) return 2;
    return forbidden;
  }
  if (among(before, U"、。，．！？!?")) return 0;
  if (among(after, opens) || among(before, never_first)) return 1;
  return cost_between(t, i);
}

QString text_of(const std::u32string& t, std::size_t from, std::size_t to) {
  while (from < to && is_space(t[from])) ++from;
  while (to > from && is_space(t[to - 1])) --to;
  return QString::fromUcs4(t.data() + from, static_cast<qsizetype>(to - from));
}

/// One paragraph: the best of the ways into the fewest lines.
class Paragraph {
public:
  Paragraph(std::u32string text, const Measure& measure, double width)
      : text_(std::move(text)), costs_(break_costs(text_)), width_(width) {
    sums_.reserve(text_.size() + 1);
    sums_.push_back(0);
    for (const char32_t c : text_) sums_.push_back(sums_.back() + measure(QString::fromUcs4(&c, 1)));
    glyph_ = measure(QStringLiteral("国"));
  }

  [[nodiscard]] std::optional<Lines> lines(int most, bool frugal) {
    if (text_.empty()) return Lines{{QString()}, 0};
    constexpr double worth_a_line = 5;
    const std::size_t n = text_.size();
    best_.assign(static_cast<std::size_t>(most) + 1, std::vector<Way>(n + 1));
    best_[0][0].cost = 0;
    for (std::size_t k = 1; k < best_.size(); ++k) {
      step(k);
      if (best_[k][n].cost == no_way) continue;
      if (frugal || k + 1 == best_.size()) return walk_back(k);
      step(k + 1);
      if (best_[k + 1][n].cost == no_way) return walk_back(k);
      Lines fewest = walk_back(k), more = walk_back(k + 1);
      const bool whole = fewest.worst >= cuts_word && more.worst < cuts_word;
      return whole || best_[k + 1][n].cost + worth_a_line < best_[k][n].cost ? more : fewest;
    }
    return std::nullopt;
  }

private:
  static constexpr double no_way = std::numeric_limits<double>::infinity();
  struct Way {
    double cost = no_way;
    std::size_t from = 0;
  };

  [[nodiscard]] double wide(std::size_t from, std::size_t to) const {
    while (to > from && is_space(text_[to - 1])) --to;
    return sums_[to] - sums_[from];
  }

  [[nodiscard]] double cost_of(std::size_t from, std::size_t to) const {
    const double slack = (width_ - wide(from, to)) / width_;
    if (to < text_.size()) return costs_[to] + 20 * slack * slack;
    // A last line of a glyph or two looks lost.
    return from > 0 && wide(from, to) < 2.5 * glyph_ ? 12 : 4 * slack * slack;
  }

  void step(std::size_t k) {
    for (std::size_t to = 1; to <= text_.size(); ++to) {
      if (to < text_.size() && costs_[to] == forbidden) continue;
      for (std::size_t from = to; from-- > 0;) {
        if (wide(from, to) > width_) break;
        const double cost = best_[k - 1][from].cost + cost_of(from, to);
        if (cost < best_[k][to].cost) best_[k][to] = {cost, from};
      }
    }
  }

  [[nodiscard]] Lines walk_back(std::size_t k) const {
    Lines found;
    for (std::size_t to = text_.size(); k > 0; --k) {
      const std::size_t from = best_[k][to].from;
      found.lines.prepend(text_of(text_, from, to));
      if (from > 0) found.worst = std::max(found.worst, costs_[from]);
      to = from;
    }
    return found;
  }

  std::u32string text_;
  std::vector<int> costs_;
  std::vector<double> sums_;
  double width_, glyph_ = 0;
  std::vector<std::vector<Way>> best_; ///< by number of lines, by where they end
};

} // namespace

std::vector<int> break_costs(const std::u32string& text) {
  std::vector<int> costs(text.size(), forbidden);
  for (std::size_t i = 1; i < text.size(); ++i) costs[i] = cost_at(text, i);
  return costs;
}

std::optional<Lines> broken(const QString& text, const Measure& measure, double width, int most,
                            bool frugal) {
  Lines all;
  for (const QString& paragraph : text.split(u'\n')) {
    const int left = most - static_cast<int>(all.lines.size());
    if (left < 1) return std::nullopt;
    const auto found = Paragraph(paragraph.trimmed().toStdU32String(), measure, width).lines(left, frugal);
    if (!found) return std::nullopt;
    // Kerning may have widened what was added up glyph by glyph.
    for (const QString& line : found->lines)
      if (measure(line) > width + 0.5) return std::nullopt;
    all.lines += found->lines;
    all.worst = std::max(all.worst, found->worst);
  }
  return all;
}

} // namespace machiai::notice
