// SPDX-License-Identifier: Apache-2.0
// The board as values: (what the hub said, how old that is, what time it is) -> what stands in each zone.
// No painting, no clock. Each zone compares, so that only what changed is painted again.
#pragma once

#include "core/base/clock.hpp"
#include "core/queue/views.hpp"
#include "display/services.hpp"
#include "display/texts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace machiai::display {

/// How far what we show may be trusted, by the time since the hub last confirmed it.
enum class Age { live, late, stale, gone };
/// live < 30 s <= late < 2 min <= stale < 30 min <= gone. Negative ages (a clock that stepped) are stale.
[[nodiscard]] Age age_class(std::int64_t age_ms);

enum class Face {
  connecting, ///< nothing was ever heard
  gone,       ///< too old for any number
  stale,      ///< numbers with their time, hatched
  closed,     ///< no counter open and nobody left
  before,     ///< not opened yet, or nobody called yet
  calling,
};

/// What the model is made from.
struct Input {
  const queue::BoardView* view = nullptr; ///< null: never had one
  std::int64_t age_ms = 0;                ///< since the hub confirmed it
  std::optional<base::Instant> now;       ///< hub time; absent before it is known
  Lang lang = Lang::ja;                   ///< of the labels
  std::optional<Lang> call_lang = {};     ///< of the call's large words, if not that of the labels
  Lang head_lang = Lang::en;              ///< of the small words in its head
  std::pair<Lang, Lang> caption_langs{Lang::easy, Lang::en};
  /// The call on stage; 0: at rest, the newest one. While calls queue, an older one is shown.
  std::uint64_t on_stage = 0;
  std::int64_t page_ms = 0; ///< running time, turns the pages of notices and rooms
};

struct CallZone {
  Face face = Face::connecting;
  std::string spine;
  std::string icon;            ///< above the spine's word; empty: none
  std::string small;           ///< "Now calling"
  std::string as_of;           ///< "10:32 現在"; "14分前" when stale
  bool late = false;           ///< `as_of` is a warning
  bool refreshed = false;      ///< `as_of` carries the sign of being kept up to date
  std::string number;          ///< empty: `lines` stand in its place
  std::vector<SaidTime> lines; ///< text, then large digits
  std::string below;           ///< "診察室1 へ", "10:18 の番号", "から"
  bool door = false;
  bool operator==(const CallZone&) const = default;
};

struct RoomRow {
  std::string name;
  std::string number;
  bool called = false;
  bool operator==(const RoomRow&) const = default;
};

struct RoomsZone {
  std::string spine;
  std::vector<RoomRow> rows; ///< of this page
  int page = 0;
  int pages = 1;
  bool stale = false;
  bool operator==(const RoomsZone&) const = default;
};

struct Stone {
  std::string number; ///< or words, in two lines
  std::string tag;
  bool near = false; ///< もうすぐ: asked to stay near the door
  bool operator==(const Stone&) const = default;
};

struct NextZone {
  std::string label;
  std::string near;          ///< what the outlined stones mean; empty: none is outlined
  std::vector<Stone> stones; ///< as many as there are places at most, one fewer beside absentees
  /// On boards without an absentees' zone: as many as there are places left, at least one; several take
  /// turns, and behind them stands how many there are beyond those told by number.
  std::vector<Stone> absent;
  std::size_t places = 5; ///< 4 where a number has letters before it
  int page = 0;           ///< of the absentees
  int pages = 1;
  bool operator==(const NextZone&) const = default;
};

struct AbsentZone {
  std::string spine;
  std::vector<std::string> numbers; ///< of this page
  std::string count;                ///< how many there are, where that is more than one
  std::string line_1, line_2;
  int page = 0;
  int pages = 1;
  bool operator==(const AbsentZone&) const = default;
};

struct Previous {
  std::string number, room, time;
  bool operator==(const Previous&) const = default;
};

struct PreviousZone {
  std::string spine;
  std::vector<Previous> calls; ///< at most 2
  bool operator==(const PreviousZone&) const = default;
};

struct NoticeZone {
  std::string text;
  int page = 0;
  int pages = 0;
  std::int64_t since_ms = 0; ///< page_ms at which this page came
  bool operator==(const NoticeZone&) const = default;
};

/// Takes the place of next and notice (and of rooms, when those are gone too).
struct GuideZone {
  std::string spine; ///< empty: the speaker icon on yamabuki
  std::string line_1, line_2, small;
  bool first_bold = false;
  bool hand = false;
  bool operator==(const GuideZone&) const = default;
};

struct Cell {
  std::string icon, label, value;
  std::string after = {}; ///< words behind the value
  bool operator==(const Cell&) const = default;
};

struct Band {
  std::vector<Cell> cells;           ///< of a board of one service
  std::vector<ServiceRow> rows = {}; ///< of a board of several, this page
  int page = 0;
  int pages = 1;
  Cell right; ///< the clock
  bool operator==(const Band&) const = default;
};

struct Caption {
  std::string upper, lower;
  bool operator==(const Caption&) const = default;
};

struct Board {
  Face face = Face::connecting;
  Lang lang = Lang::ja;
  bool several = false; ///< services: the band has two rows
  CallZone call;
  RoomsZone rooms;
  NextZone next;
  AbsentZone absent;
  PreviousZone previous;
  NoticeZone notice;
  GuideZone guide;
  Band band;
  Caption caption; ///< of the call on stage
};

/// A page or a language has turned between two boards of one layout: a reason to fade calmly.
[[nodiscard]] bool turned(const Board& before, const Board& now);

[[nodiscard]] Board make_board(const Input& input, bool absentees_apart);

/// The call to show: the one on stage if the view still has it, else the newest; null: none yet.
[[nodiscard]] const queue::CallView* shown_call(const queue::BoardView& view, std::uint64_t on_stage);

/// The languages of this moment: labels in turn, the call's large words in the first of `langs`.
void set_langs(Input& input, const std::vector<Lang>& langs);

/// Size of a number that must fit `width`, from its size for two glyphs; `mono` asks for the half-width face.
struct NumberFit {
  double px = 0;
  bool mono = false;
};
[[nodiscard]] NumberFit fit_number(int glyphs, double role_px, double width);

/// A notice that would not fit two lines of the band, as several pages; breaks after a mark or a space.
[[nodiscard]] std::vector<std::string> notice_pages(const std::string& text);

/// A notice stays for 12 s, or 0.25 s a glyph when it is long.
[[nodiscard]] std::int64_t notice_ms(const std::string& text);

} // namespace machiai::display
