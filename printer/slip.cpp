// SPDX-License-Identifier: Apache-2.0
#include "printer/slip.hpp"

#include "printer/number_box.hpp"
#include "printer/shapes.hpp"
#include "printer/slip_layout.hpp"
#include "printer/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace machiai::printer {

namespace {

constexpr SlipLayout layout;

std::string_view session_word(std::string_view session) {
  if (session == "morning") return "午前";
  if (session == "afternoon") return "午後";
  return session == "evening" ? "夜間" : "";
}

std::string date_text(const Slip& slip) {
  constexpr std::array<std::string_view, 7> weekdays{"日", "月", "火", "水", "木", "金", "土"};
  const std::chrono::year_month_day civil{std::chrono::sys_days{std::chrono::days{slip.date.days}}};
  return fmt::format(
      "{}月{}日({}) {}", static_cast<unsigned>(civil.month()), static_cast<unsigned>(civil.day()),
      weekdays[static_cast<std::size_t>(base::weekday(slip.date)) % 7], session_word(slip.session));
}

std::string wait_text(const queue::WaitRange& wait) {
  if (wait.low >= wait.high) return fmt::format("{}", std::max(wait.high, 0));
  return fmt::format("{}〜{}", std::max(wait.low, 0), wait.high);
}

// Line ends are ours: each line is one thing to know or to do. A space is where a longer one may break.
std::u32string absence_text(const queue::AbsenceRule& rule) {
  std::u32string text = U"お呼びしたときに不在の場合は、\n受付へ お声がけください。\n";
  if (rule.back <= 0) return text + U"順番の最後に お呼びします。";
  text += characters(fmt::format("{}人あとに お呼びします", rule.back));
  return text + (rule.times > 0 ? characters(fmt::format("（{}回まで）。", rule.times)) : U"。");
}

/// A small label, a large value and its unit: one of the two facts under the number.
struct Fact {
  std::u32string label;
  std::u32string value;
  std::u32string unit;
  int size = 0; ///< of the value

  [[nodiscard]] int width(const Fonts& fonts) const {
    return std::max(text_width(fonts, {Style::text, layout.label}, label),
                    text_width(fonts, {Style::text, size}, value) +
                        text_width(fonts, {Style::text, layout.unit}, unit));
  }
  void shorten(const Fonts& fonts, int room) {
    if (width(fonts) > room)
      value = clipped(fonts, {Style::text, size}, value,
                      room - text_width(fonts, {Style::text, layout.unit}, unit));
  }
};

/// Makes both values smaller until they stand side by side in `room`, at last shortens them.
void fit_facts(const Fonts& fonts, Fact& ahead, Fact* wait, int room) {
  const auto total = [&] { return ahead.width(fonts) + (wait != nullptr ? wait->width(fonts) : 0); };
  while (ahead.size > layout.facts_least && total() > room) {
    --ahead.size;
    if (wait != nullptr) wait->size = std::min(wait->size, ahead.size);
  }
  if (total() <= room) return;
  ahead.shorten(fonts, wait != nullptr ? room / 2 : room);
  if (wait != nullptr) wait->shorten(fonts, room - ahead.width(fonts));
}

/// Draws from the top down; `y_` is where the next thing starts.
class Painter {
public:
  explicit Painter(const Fonts& fonts) : fonts_(fonts), paper_(layout.width, layout.most_height) {}

  void reprint_bar(base::Instant reprinted);
  void head(const Slip& slip);
  void number_box(const Slip& slip) {
    y_ = draw_number_box(paper_, fonts_, y_ + layout.box_gap, slip.service, slip.number);
  }
  void facts(const Slip& slip);
  void note();
  void cut_line();
  void how_called();
  void absence_rule(const queue::AbsenceRule& rule);
  void phone(const std::string& number);
  [[nodiscard]] Bitmap finish() && {
    paper_.crop_to(y_ + layout.bottom);
    return std::move(paper_);
  }

private:
  static constexpr int left = layout.side;
  static constexpr int right = layout.width - layout.side;
  static constexpr Box inner{left, 0, right, layout.most_height};
  static Type of(int size) { return {Style::text, size}; }

  /// Text whose em box has its top at `top`; returns the pen behind it.
  int put(const std::u32string& text, int size, int x, int top, bool black = true) {
    const int baseline = top + (size * baseline_permille + 500) / 1000;
    return draw_text(paper_, fonts_, of(size), text, x, baseline, inner, black);
  }
  [[nodiscard]] int width_of(const std::u32string& text, int size) const {
    return text_width(fonts_, of(size), text);
  }
  void put_fact(const Fact& fact, int x, int top);

  const Fonts& fonts_;
  Bitmap paper_;
  int y_ = layout.top;
};

void Painter::reprint_bar(base::Instant reprinted) {
  const Box bar{left, y_, right, y_ + layout.bar_height};
  fill_rounded(paper_, bar, layout.bar_radius);
  int x = bar.left + layout.bar_padding;
  for (const char32_t c : std::u32string_view(U"再発行"))
    x = put({c}, layout.bar_title, x, bar.top + (bar.height() - layout.bar_title) / 2, false) +
        layout.bar_title_spacing;
  const std::u32string text = characters(base::clock_text(reprinted)) + U"　番号は同じです";
  put(text, layout.bar_text, bar.right - layout.bar_padding - width_of(text, layout.bar_text),
      bar.top + (bar.height() - layout.bar_text) / 2, false);
  y_ = bar.bottom + layout.bar_gap;
}

void Painter::head(const Slip& slip) {
  const std::u32string name = characters(slip.facility);
  const bool one_line = width_of(name, layout.facility) <= right - left;
  const int size = one_line ? layout.facility : layout.facility_small;
  for (const auto& line : wrapped(fonts_, of(size), name, right - left, 2)) {
    put(line, size, left, y_);
    y_ += one_line ? size : layout.facility_pitch;
  }
  y_ += layout.date_gap;
  put(characters(date_text(slip)), layout.date, left, y_);
  const std::u32string issued = characters(base::clock_text(slip.issued)) + U" 発行";
  put(issued, layout.date, right - width_of(issued, layout.date), y_);
  y_ += layout.date;
}

void Painter::put_fact(const Fact& fact, int x, int top) {
  put(fact.label, layout.label, x, top);
  const int baseline = top + layout.facts_baseline;
  const int pen = draw_text(paper_, fonts_, of(fact.size), fact.value, x, baseline, inner);
  draw_text(paper_, fonts_, of(layout.unit), fact.unit, pen, baseline, inner);
}

void Painter::facts(const Slip& slip) {
  y_ += layout.facts_gap;
  Fact ahead{U"前にお待ちの方", characters(fmt::format("{}", std::max(slip.ahead, 0))), U" 人", layout.ahead};
  Fact wait{U"およその待ち時間", {}, U" 分", layout.wait};
  if (slip.wait) wait.value = characters(wait_text(*slip.wait));
  const int between = slip.wait ? layout.rule_width + 2 * layout.facts_space : 0;
  fit_facts(fonts_, ahead, slip.wait ? &wait : nullptr, right - left - between);
  put_fact(ahead, left, y_);
  if (slip.wait) {
    const int wait_left = right - wait.width(fonts_);
    put_fact(wait, wait_left, y_);
    const int rule = (left + ahead.width(fonts_) + wait_left - layout.rule_width) / 2;
    const int rule_top = y_ + layout.rule_drop;
    paper_.fill({rule, rule_top, rule + layout.rule_width, rule_top + layout.rule_height}, true);
  }
  y_ += layout.facts_height;
}

void Painter::note() {
  y_ += layout.note_gap;
  // U+200B marks the phrases: a line may end there.
  constexpr std::u32string_view text =
      U"発行したときの目安です。\u200B予約や検査のあとの\u200B方が\u200B先になることが\u200Bあります。";
  for (const auto& line : wrapped(fonts_, of(layout.note), text, right - left, 2)) {
    put(line, layout.note, left, y_);
    y_ += layout.note_pitch;
  }
}

void Painter::cut_line() {
  y_ += layout.cut_gap;
  dashes(paper_, {left, y_, right, y_ + layout.cut_line}, layout.cut_dash, layout.cut_space);
  y_ += layout.cut_line;
}

void Painter::how_called() {
  y_ += layout.how_gap;
  draw_icon(paper_, Icon::speaker, left, y_, layout.how_icon);
  put(U"声と画面でお呼びします", layout.how, left + layout.how_icon + layout.icon_gap,
      y_ + (layout.how_icon - layout.how) / 2);
  y_ += layout.how_icon;
}

void Painter::absence_rule(const queue::AbsenceRule& rule) {
  y_ += layout.rule_gap;
  const int x = left + layout.rule_line + layout.rule_padding_x;
  const auto lines =
      wrapped(fonts_, of(layout.rule_text), absence_text(rule), right - x - layout.rule_padding_x, 5);
  const Box box{left, y_, right,
                y_ + 2 * (layout.rule_line + layout.rule_padding_y) +
                    static_cast<int>(lines.size()) * layout.rule_pitch};
  frame_rounded(paper_, box, layout.rule_radius, layout.rule_line);
  int top = box.top + layout.rule_line + layout.rule_padding_y + (layout.rule_pitch - layout.rule_text) / 2;
  for (const auto& line : lines) {
    put(line, layout.rule_text, x, top);
    top += layout.rule_pitch;
  }
  y_ = box.bottom;
}

void Painter::phone(const std::string& number) {
  y_ += layout.phone_gap;
  const int x = left + layout.phone_icon + layout.icon_gap;
  draw_icon(paper_, Icon::telephone, left, y_ + (layout.how_icon - layout.phone_icon) / 2, layout.phone_icon);
  put(clipped(fonts_, of(layout.phone), characters(number), right - x), layout.phone, x,
      y_ + (layout.how_icon - layout.phone) / 2);
  y_ += layout.how_icon;
}

} // namespace

base::Result<Bitmap> paint(const Slip& slip, const Fonts& fonts) {
  if (slip.number.empty()) return base::fail(base::Error::Code::invalid, "no_number");
  Painter painter(fonts);
  if (slip.reprint) painter.reprint_bar(slip.reprinted);
  painter.head(slip);
  painter.number_box(slip);
  painter.facts(slip);
  painter.note();
  painter.cut_line();
  painter.how_called();
  painter.absence_rule(slip.absence);
  if (!slip.phone.empty()) painter.phone(slip.phone);
  return std::move(painter).finish();
}

} // namespace machiai::printer
