// SPDX-License-Identifier: Apache-2.0
#include "printer/slip_layout.hpp"

#include "printer/builtin_layouts.hpp"

#include <fmt/format.h>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace machiai::printer {

namespace {

constexpr std::array<std::string_view, 10> block_names{"reprint", "head", "number", "facts",   "note",
                                                       "cut",     "qr",   "how",    "absence", "phone"};

/// One key of a layout file. `least`..`most` in dots, 0..1 for true and false.
struct Key {
  std::string_view section;
  std::string_view name;
  int SlipLayout::*member;
  int least;
  int most;
  bool yes_or_no = false;
};

using L = SlipLayout;
constexpr int letter = 22; // 2.7 mm: smaller text is not read in a waiting room
constexpr std::array keys{
    Key{"paper", "width_mm", &L::paper_mm, 40, 120},
    Key{"paper", "dots", &L::width, 240, 960},
    Key{"paper", "side", &L::side, 0, 80},
    Key{"paper", "top", &L::top, 0, 200},
    Key{"paper", "bottom", &L::bottom, 0, 400},
    Key{"reprint", "height", &L::bar_height, 30, 120},
    Key{"reprint", "radius", &L::bar_radius, 0, 30},
    Key{"reprint", "padding", &L::bar_padding, 4, 60},
    Key{"reprint", "title", &L::bar_title, 30, 80},
    Key{"reprint", "spacing", &L::bar_title_spacing, 0, 30},
    Key{"reprint", "text", &L::bar_text, letter, 60},
    Key{"reprint", "gap", &L::bar_gap, 0, 80},
    Key{"head", "facility", &L::facility, letter, 80},
    Key{"head", "facility_small", &L::facility_small, letter, 80},
    Key{"head", "pitch", &L::facility_pitch, letter, 100},
    Key{"head", "gap", &L::date_gap, 0, 80},
    Key{"head", "date", &L::date, letter, 60},
    Key{"number", "gap", &L::box_gap, 0, 80},
    Key{"number", "height", &L::box_height, 180, 600},
    Key{"number", "radius", &L::box_radius, 8, 60},
    Key{"number", "line", &L::box_line, 2, 16},
    Key{"number", "spine", &L::spine, 40, 160},
    Key{"number", "service", &L::service, letter, 120},
    Key{"number", "digits", &L::number, 142, 500},
    Key{"facts", "gap", &L::facts_gap, 0, 80},
    Key{"facts", "stacked", &L::facts_stacked, 0, 1, true},
    Key{"facts", "row", &L::facts_row, 30, 160},
    Key{"facts", "label", &L::label, letter, 60},
    Key{"facts", "ahead", &L::ahead, letter, 120},
    Key{"facts", "wait", &L::wait, letter, 120},
    Key{"facts", "unit", &L::unit, letter, 80},
    Key{"facts", "baseline", &L::facts_baseline, 30, 200},
    Key{"facts", "height", &L::facts_height, 30, 240},
    Key{"note", "gap", &L::note_gap, 0, 80},
    Key{"note", "text", &L::note, letter, 60},
    Key{"note", "pitch", &L::note_pitch, letter, 90},
    Key{"cut", "gap", &L::cut_gap, 0, 80},
    Key{"cut", "line", &L::cut_line, 1, 16},
    Key{"cut", "dash", &L::cut_dash, 1, 80},
    Key{"cut", "space", &L::cut_space, 1, 80},
    Key{"qr", "gap", &L::qr_gap, 0, 80},
    Key{"qr", "size", &L::qr_size, 99, 500},
    Key{"qr", "stacked", &L::qr_stacked, 0, 1, true},
    Key{"qr", "indent", &L::qr_indent, 0, 80},
    Key{"qr", "text", &L::qr_title, letter, 80},
    Key{"qr", "pitch", &L::qr_pitch, letter, 100},
    Key{"qr", "space", &L::qr_space, 12, 80},
    Key{"how", "gap", &L::how_gap, 0, 80},
    Key{"how", "icon", &L::how_icon, 20, 80},
    Key{"how", "text", &L::how, letter, 60},
    Key{"how", "space", &L::icon_gap, 0, 40},
    Key{"absence", "gap", &L::rule_gap, 0, 80},
    Key{"absence", "line", &L::rule_line, 1, 12},
    Key{"absence", "radius", &L::rule_radius, 0, 40},
    Key{"absence", "padding_x", &L::rule_padding_x, 0, 60},
    Key{"absence", "padding_y", &L::rule_padding_y, 0, 60},
    Key{"absence", "text", &L::rule_text, letter, 60},
    Key{"absence", "pitch", &L::rule_pitch, letter, 90},
    Key{"phone", "gap", &L::phone_gap, 0, 80},
    Key{"phone", "icon", &L::phone_icon, 20, 80},
    Key{"phone", "text", &L::phone, letter, 60},
};

auto bad(std::string detail) {
  return base::fail(base::Error::Code::invalid, "bad_slip_layout", std::move(detail));
}

auto bad(const toml::source_region& at, std::string_view what) {
  return bad(fmt::format("line {}: {}", at.begin.line, what));
}

base::Result<std::vector<Block>> read_blocks(const toml::node& node) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return bad(node.source(), "blocks is not a list of names");
  std::vector<Block> blocks;
  for (const toml::node& each : *list) {
    const auto name = each.value<std::string>().value_or("");
    const auto* const found = std::find(block_names.begin(), block_names.end(), name);
    if (found == block_names.end())
      return bad(each.source(),
                 fmt::format("no block is called \"{}\"; there are {}", name, fmt::join(block_names, ", ")));
    const auto block = static_cast<Block>(found - block_names.begin());
    if (std::find(blocks.begin(), blocks.end(), block) != blocks.end())
      return bad(each.source(), fmt::format("{} stands there twice", name));
    blocks.push_back(block);
  }
  for (const Block needed : {Block::number, Block::reprint})
    if (std::find(blocks.begin(), blocks.end(), needed) == blocks.end())
      return bad(node.source(),
                 fmt::format("blocks must hold {}", block_names.at(static_cast<std::size_t>(needed))));
  return blocks;
}

base::Status read_key(const Key& key, const toml::node& node, SlipLayout& layout) {
  std::optional<std::int64_t> value;
  if (key.yes_or_no) {
    if (const auto told = node.value_exact<bool>()) value = *told ? 1 : 0;
  } else {
    value = node.value_exact<std::int64_t>();
  }
  if (!value || *value < key.least || *value > key.most)
    return bad(node.source(), key.yes_or_no ? fmt::format("{}.{} is true or false", key.section, key.name)
                                            : fmt::format("{}.{} is a whole number from {} to {}",
                                                          key.section, key.name, key.least, key.most));
  layout.*key.member = static_cast<int>(*value);
  return {};
}

base::Status read_section(std::string_view section, const toml::table& table, SlipLayout& layout) {
  for (const auto& [key_read, node] : table) {
    const std::string_view name = key_read.str();
    if (section == "paper" && name == "blocks") {
      auto blocks = read_blocks(node);
      if (!blocks) return tl::unexpected(std::move(blocks.error()));
      layout.blocks = std::move(*blocks);
      continue;
    }
    const auto* const key = std::find_if(keys.begin(), keys.end(), [&](const Key& each) {
      return each.section == section && each.name == name;
    });
    if (key == keys.end()) return bad(node.source(), fmt::format("there is no {}.{}", section, name));
    if (auto done = read_key(*key, node, layout); !done) return done;
  }
  return {};
}

} // namespace

base::Result<SlipLayout> parse_layout(std::string_view text) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) return bad(parsed.error().source(), parsed.error().description());
  SlipLayout layout;
  for (const auto& [name, node] : parsed.table()) {
    const toml::table* section = node.as_table();
    if (section == nullptr) return bad(node.source(), fmt::format("{} is not a section", name.str()));
    if (auto done = read_section(name.str(), *section, layout); !done)
      return tl::unexpected(std::move(done.error()));
  }
  if (layout.width > layout.paper_mm * 8) return bad("paper.dots is more than paper.width_mm holds (8 a mm)");
  if (layout.width - 2 * layout.side - layout.spine < 220)
    return bad("too narrow: 220 dots are needed beside the margins and the spine");
  if (layout.number > layout.box_height) return bad("number.digits is more than number.height");
  return layout;
}

base::Result<SlipLayout> load_layout(const std::string& name) {
  if (name.empty() || name == "80mm") return parse_layout(builtin_80mm);
  if (name == "58mm") return parse_layout(builtin_58mm);
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) return bad("no file " + name);
  return parse_layout(text.str());
}

} // namespace machiai::printer
