// SPDX-License-Identifier: Apache-2.0
// The language of receipt printers: pictures as bytes, answers as troubles. No text commands, so that no code
// page can garble anything. Pure.
#pragma once

#include "printer/bitmap.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace machiai::printer::escpos {

/// ESC @: modes and an unfinished line of an earlier job are forgotten.
[[nodiscard]] std::string begin();
/// GS v 0, in bands of `band` rows, so that a device with a small buffer can print while it reads.
[[nodiscard]] std::string raster(const Bitmap& picture, int band = 128);
/// Feeds to the cutter and cuts (GS V 66: one point stays, so that the slip does not fall).
[[nodiscard]] std::string cut(int feed_dots = 0);
/// DLE EOT 1..4: answered at once, also while the device is off line.
[[nodiscard]] std::string ask_now(int what);
/// GS r 1: answered when everything before it was printed.
[[nodiscard]] std::string ask_when_done();

/// DLE DC4 8: what waits in the device's buffer is forgotten, half a picture too. Obeyed also without paper.
[[nodiscard]] std::string forget();

/// An answer is one byte; which of the two it is stands in its fixed bits.
[[nodiscard]] bool is_now_answer(std::uint8_t byte);
[[nodiscard]] bool is_done_answer(std::uint8_t byte);

/// What DLE EOT 2 (off line) and 4 (paper) say, as CUPS names it; empty: no trouble.
[[nodiscard]] std::string_view offline_trouble(std::uint8_t answer);
[[nodiscard]] std::string_view paper_trouble(std::uint8_t answer);
/// Whether GS r 1 says that the paper ended under the picture.
[[nodiscard]] bool done_without_paper(std::uint8_t answer);

} // namespace machiai::printer::escpos
