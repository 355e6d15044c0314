// SPDX-License-Identifier: Apache-2.0
// 番号票: what stands on the paper, and its picture. The whole slip is one bitmap of our own, so no printer's
// code page or built-in font can garble it.
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/queue/clinic.hpp"
#include "core/queue/views.hpp"
#include "printer/bitmap.hpp"
#include "printer/fonts.hpp"
#include "printer/slip_layout.hpp"

#include <optional>
#include <string>

namespace machiai::printer {

inline constexpr int dots_per_mm = 8; ///< 203 dpi

/// Values only; the words around them are the slip's. No name, no birth date, no symptom: paper gets lost.
struct Slip {
  std::string facility;
  base::Date date{};                    ///< business date
  std::string session;                  ///< "morning" | "afternoon" | "evening"; anything else prints nothing
  base::Instant issued{};               ///< when the number was given
  std::string service;                  ///< 業務, as the patient knows it
  std::string number;                   ///< as shown everywhere else: "36", "S-3", "W1-7"
  int ahead = 0;                        ///< people ahead when it was issued
  std::optional<queue::WaitRange> wait; ///< absent: the cell is left out
  queue::AbsenceRule absence;
  std::string phone;         ///< empty: the line is left out
  bool reprint = false;      ///< black bar 再発行 on top; the number is the same
  base::Instant reprinted{}; ///< when, if `reprint`
  std::string
      qr; ///< what the code holds: an address with the ticket, or its id alone; empty: no code is drawn
};

/// The whole slip, as wide as the layout says and as high as it needs. Never fails for odd or long texts:
/// they are clipped with an ellipsis; a `qr` too long to be read from paper is left out. Fails with
/// invalid/no_number when there is no number to print.
[[nodiscard]] base::Result<Bitmap> paint(const Slip& slip, const Fonts& fonts, const SlipLayout& layout = {});

} // namespace machiai::printer
