// SPDX-License-Identifier: Apache-2.0
// The slip's blocks and their measures in dots (8 a millimetre); positions follow from these and the texts.
// The defaults are those of 80 mm paper; assets/slips holds one file for each paper, and a clinic may write
// its own.
#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::printer {

enum class Block : std::uint8_t { reprint, head, number, facts, note, cut, qr, how, absence, phone };

struct SlipLayout {
  int paper_mm = 80; ///< of the roll
  int width = 576;   ///< what the head can burn of it
  /// From the top down. A block whose value is absent (phone, qr, a plain slip's reprint) leaves no gap.
  std::vector<Block> blocks{Block::reprint, Block::head, Block::number, Block::facts,   Block::note,
                            Block::cut,     Block::qr,   Block::how,    Block::absence, Block::phone};
  int side = 20; ///< white margin left and right
  int top = 24;
  int bottom = 40; ///< behind the last line, for the cutter
  int most_height = 2600;
  int least_text = 25;

  // reprint bar
  int bar_height = 63;
  int bar_radius = 12;
  int bar_padding = 22;
  int bar_title = 44;
  int bar_title_spacing = 9;
  int bar_text = 30;
  int bar_gap = 21;

  // facility, date and time of issue
  int facility = 40;
  int facility_small = 32; ///< when one line of `facility` is not enough: up to two lines of this
  int facility_pitch = 38;
  int date_gap = 14;
  int date = 29;

  // number box with the service on its spine
  int box_gap = 20;
  int box_height = 316;
  int box_radius = 26;
  int box_line = 6;
  int spine = 88;
  int spine_padding = 18;
  int spine_column_gap = 4;
  int service = 60;
  int service_pitch_percent = 112;
  int service_one_column = 6; ///< longer names stand in two columns
  int number = 268;           ///< one or two characters
  int number_three_percent = 228;
  int number_narrow_percent = 50;
  int number_least = 142; ///< digits 15 mm high; longer numbers take a second line instead
  int number_most_lines = 3;
  int number_side = 10;
  int number_line_gap = 26;

  // people ahead, waiting time: side by side, or one below the other
  int facts_gap = 23;
  int facts_stacked = 0;
  int facts_row = 76; ///< height of each, when stacked
  int label = 28;
  int ahead = 68;
  int wait = 64;
  int unit = 34;
  int facts_baseline = 97; ///< below the top of the labels
  int facts_least = 36;
  int rule_width = 4;
  int rule_height = 92;
  int rule_drop = 7; ///< its top below the top of the labels
  int facts_space = 16;
  int facts_height = 113;

  int note_gap = 10;
  int note = 25;
  int note_pitch = 34;

  int cut_gap = 14;
  int cut_line = 4;
  int cut_dash = 16;
  int cut_space = 10;

  // the code of the status page: beside its text, or above it
  int qr_gap = 18;
  int qr_size = 203; ///< at most; whole dots a module, never less than qr_least_module
  int qr_least_module = 3;
  int qr_stacked = 0;
  int qr_indent = 14;
  int qr_title = 36;
  int qr_pitch = 48;
  int qr_space = 28; ///< between code and text: four modules stay white

  int how_gap = 18;
  int how_icon = 40;
  int how = 30;
  int icon_gap = 14;

  int rule_gap = 14;
  int rule_line = 4;
  int rule_radius = 16;
  int rule_padding_x = 18;
  int rule_padding_y = 12;
  int rule_text = 28;
  int rule_pitch = 39;

  int phone_gap = 16;
  int phone_icon = 36;
  int phone = 32;

  bool operator==(const SlipLayout&) const = default;
};

/// From TOML. What a file leaves out is as on 80 mm paper. Fails with invalid/bad_slip_layout; the detail
/// names the line, the key and what it may be.
[[nodiscard]] base::Result<SlipLayout> parse_layout(std::string_view toml);
/// "" and "80mm", "58mm": our own; anything else is the path of a file (invalid/bad_slip_layout when it
/// cannot be read).
[[nodiscard]] base::Result<SlipLayout> load_layout(const std::string& name);

} // namespace machiai::printer
