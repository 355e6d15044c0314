// SPDX-License-Identifier: Apache-2.0
#include "printer/slip.hpp"

#include "printer/number_box.hpp"
#include "printer/qr.hpp"
#include "printer/shapes.hpp"
#include "printer/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace machiai::printer {

namespace {

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
  std::u32string text = U"お呼びしたときに\u200B不在の場合は、\n受付へ お声がけください。\n";
  if (rule.back <= 0) return text + U"順番の最後に お呼びします。";
  text += characters(fmt::format("{}人あとに お呼びします", rule.back));
  return text + (rule.times > 0 ? characters(fmt::format("\u200B（{}回まで）。", rule.times)) : U"。");
}

/// A small label, a large value and its unit: one of the two facts under the number.
struct Fact {
  std::u32string label;
  std::u32string value;
  std::u32string unit;
  int size = 0; ///< of the value
  int label_size = 0;
  int unit_size = 0;

  [[nodiscard]] int label_width(const Fonts& fonts) const {
    return text_width(fonts, {Style::text, label_size}, label);
  }
  [[nodiscard]] int value_width(const Fonts& fonts) const {
    return text_width(fonts, {Style::text, size}, value) + text_width(fonts, {Style::text, unit_size}, unit);
  }
  /// Label above value.
  [[nodiscard]] int width(const Fonts& fonts) const {
    return std::max(label_width(fonts), value_width(fonts));
  }
  void shorten(const Fonts& fonts, int room) {
    if (width(fonts) > room)
      value = clipped(fonts, {Style::text, size}, value,
                      room - text_width(fonts, {Style::text, unit_size}, unit));
  }
};

/// Makes both values smaller until they stand side by side in `room`, at last shortens them.
void fit_facts(const Fonts& fonts, int least, Fact& ahead, Fact* wait, int room) {
  const auto total = [&] { return ahead.width(fonts) + (wait != nullptr ? wait->width(fonts) : 0); };
  while (ahead.size > least && total() > room) {
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
  Painter(const Fonts& fonts, const SlipLayout& layout_of_paper)
      : layout(layout_of_paper), fonts_(fonts), paper_(layout.width, layout.most_height), y_(layout.top) {}

  void block(Block block, const Slip& slip);
  [[nodiscard]] Bitmap finish() && {
    paper_.crop_to(y_ + layout.bottom);
    return std::move(paper_);
  }

private:
  void reprint_bar(base::Instant reprinted);
  void head(const Slip& slip);
  void number_box(const Slip& slip) {
    y_ = draw_number_box(paper_, fonts_, layout, y_ + layout.box_gap, slip.service, slip.number);
  }
  void facts(const Slip& slip);
  void facts_side_by_side(Fact ahead, Fact* wait);
  void fact_row(Fact fact);
  void note();
  void cut_line();
  void how_called();
  void absence_rule(const queue::AbsenceRule& rule);
  void phone(const std::string& number);
  void code(const std::string& text);
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

  const SlipLayout& layout;
  const int left = layout.side;
  const int right = layout.width - layout.side;
  const Box inner{left, 0, right, layout.most_height};
  const Fonts& fonts_;
  Bitmap paper_;
  int y_; ///< where the next thing starts
};

void Painter::block(Block block, const Slip& slip) {
  switch (block) {
  case Block::reprint:
    if (slip.reprint) reprint_bar(slip.reprinted);
    break;
  case Block::head: head(slip); break;
  case Block::number: number_box(slip); break;
  case Block::facts: facts(slip); break;
  case Block::note: note(); break;
  case Block::cut: cut_line(); break;
  case Block::qr:
    if (!slip.qr.empty()) code(slip.qr);
    break;
  case Block::how: how_called(); break;
  case Block::absence: absence_rule(slip.absence); break;
  case Block::phone:
    if (!slip.phone.empty()) phone(slip.phone);
    break;
  }
}

void Painter::reprint_bar(base::Instant reprinted) {
  const std::u32string text = characters(base::clock_text(reprinted)) + U"　番号は同じです";
  const int title_width = width_of(U"再発行", layout.bar_title) + 3 * layout.bar_title_spacing;
  const int room = right - left - 2 * layout.bar_padding;
  const bool one_line = title_width + width_of(text, layout.bar_text) <= room;
  const int rows = one_line ? 1 : 2;
  const Box bar{left, y_, right, y_ + rows * layout.bar_height};
  fill_rounded(paper_, bar, layout.bar_radius);
  int x = bar.left + layout.bar_padding;
  for (const char32_t c : std::u32string_view(U"再発行"))
    x = put({c}, layout.bar_title, x, bar.top + (layout.bar_height - layout.bar_title) / 2, false) +
        layout.bar_title_spacing;
  const int text_left = one_line ? bar.right - layout.bar_padding - width_of(text, layout.bar_text)
                                 : bar.left + layout.bar_padding;
  put(text, layout.bar_text, text_left,
      bar.bottom - layout.bar_height + (layout.bar_height - layout.bar_text) / 2, false);
  y_ = bar.bottom + layout.bar_gap;
}

void Painter::head(const Slip& slip) {
  const std::u32string name = characters(slip.facility);
  const bool one_line = width_of(name, layout.facility) <= right - left;
  const int size = one_line ? layout.facility : layout.facility_small;
  for (const auto& line : wrapped(fonts_, of(size), name, right - left, 3)) {
    put(line, size, left, y_);
    y_ += one_line ? size : layout.facility_pitch;
  }
  y_ += layout.date_gap;
  const std::u32string date = characters(date_text(slip));
  const std::u32string issued = characters(base::clock_text(slip.issued)) + U" 発行";
  put(date, layout.date, left, y_);
  if (width_of(date, layout.date) + layout.date + width_of(issued, layout.date) > right - left)
    y_ += layout.date + layout.date_gap; // the time on a line of its own
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
  Fact ahead{U"前にお待ちの方",
             characters(fmt::format("{}", std::max(slip.ahead, 0))),
             U" 人",
             layout.ahead,
             layout.label,
             layout.unit};
  Fact wait{U"およその待ち時間", {}, U" 分", layout.wait, layout.label, layout.unit};
  if (slip.wait) wait.value = characters(wait_text(*slip.wait));
  if (layout.facts_stacked == 0) return facts_side_by_side(std::move(ahead), slip.wait ? &wait : nullptr);
  fact_row(std::move(ahead));
  if (slip.wait) fact_row(std::move(wait));
}

void Painter::facts_side_by_side(Fact ahead, Fact* wait) {
  const int between = wait != nullptr ? layout.rule_width + 2 * layout.facts_space : 0;
  fit_facts(fonts_, layout.facts_least, ahead, wait, right - left - between);
  put_fact(ahead, left, y_);
  if (wait != nullptr) {
    const int wait_left = right - wait->width(fonts_);
    put_fact(*wait, wait_left, y_);
    const int rule = (left + ahead.width(fonts_) + wait_left - layout.rule_width) / 2;
    const int rule_top = y_ + layout.rule_drop;
    paper_.fill({rule, rule_top, rule + layout.rule_width, rule_top + layout.rule_height}, true);
  }
  y_ += layout.facts_height;
}

/// Label on the left, value on the right of the same line, or of the next one when that is too short.
void Painter::fact_row(Fact fact) {
  const int whole = right - left;
  const bool one_line = fact.label_width(fonts_) + layout.facts_space + fact.value_width(fonts_) <= whole;
  while (fact.size > layout.facts_least && fact.value_width(fonts_) > whole) --fact.size;
  fact.shorten(fonts_, whole);
  if (!one_line) {
    put(fact.label, fact.label_size, left, y_ + layout.facts_space / 2);
    y_ += fact.label_size + layout.facts_space / 2;
  }
  const int baseline = y_ + layout.facts_row - layout.facts_row / 5;
  if (one_line) draw_text(paper_, fonts_, of(fact.label_size), fact.label, left, baseline, inner);
  const int pen =
      draw_text(paper_, fonts_, of(fact.size), fact.value, right - fact.value_width(fonts_), baseline, inner);
  draw_text(paper_, fonts_, of(fact.unit_size), fact.unit, pen, baseline, inner);
  y_ += layout.facts_row;
}

void Painter::note() {
  y_ += layout.note_gap;
  // U+200B marks the phrases: a line may end there.
  constexpr std::u32string_view text =
      U"発行したときの目安です。\u200B予約や検査のあとの\u200B方が\u200B先になることが\u200Bあります。";
  for (const auto& line : wrapped(fonts_, of(layout.note), text, right - left, 4)) {
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
      wrapped(fonts_, of(layout.rule_text), absence_text(rule), right - x - layout.rule_padding_x, 7);
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
  for (const auto& line : wrapped(fonts_, of(layout.phone), characters(number), right - x, 2)) {
    put(line, layout.phone, x, y_ + (layout.how_icon - layout.phone) / 2);
    y_ += layout.how_icon;
  }
}

void Painter::code(const std::string& text) {
  const auto made = qr_code(text, layout.qr_size, layout.qr_least_module);
  if (!made) return;
  y_ += layout.qr_gap;
  const bool address = text.starts_with("https://");
  const std::u32string_view title =
      address ? U"スマホで\u200B順番を\u200B見られます" : U"受付機で\u200B番号を\u200B確かめられます";
  const bool beside = layout.qr_stacked == 0;
  const int code_left = beside ? left + layout.qr_indent : left + (right - left - made->width()) / 2;
  for (int y = 0; y < made->height(); ++y)
    for (int x = 0; x < made->width(); ++x) paper_.set(code_left + x, y_ + y, made->black(x, y));
  const int text_left = beside ? code_left + made->width() + layout.qr_space : left;
  const auto lines = wrapped(fonts_, of(layout.qr_title), title, right - text_left, 3);
  int top = beside ? y_ + (made->height() - static_cast<int>(lines.size()) * layout.qr_pitch) / 2
                   : y_ + made->height() + layout.qr_space;
  for (const auto& line : lines) {
    put(line, layout.qr_title, beside ? text_left : (layout.width - width_of(line, layout.qr_title)) / 2,
        top);
    top += layout.qr_pitch;
  }
  y_ = std::max(top, y_ + made->height());
}

} // namespace

base::Result<Bitmap> paint(const Slip& slip, const Fonts& fonts, const SlipLayout& layout) {
  if (slip.number.empty()) return base::fail(base::Error::Code::invalid, "no_number");
  Painter painter(fonts, layout);
  for (const Block block : layout.blocks) painter.block(block, slip);
  return std::move(painter).finish();
}

} // namespace machiai::printer
