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

#include <optional>
#include <string>

namespace machiai::printer {

/// Dots a millimetre of the paper (203 dpi) and the paper itself: 80 mm wide, 72 mm of it printable.
inline constexpr int dots_per_mm = 8;
inline constexpr int slip_width = 576;
inline constexpr int paper_width_mm = 80;

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
  std::string status_url;    ///< reserved for the status page's QR code; empty today, nothing is drawn
};

/// The whole slip, `slip_width` dots wide and as high as it needs. Never fails for odd or long texts: they
/// are clipped with an ellipsis. Fails with invalid/no_number when there is no number to print.
[[nodiscard]] base::Result<Bitmap> paint(const Slip& slip, const Fonts& fonts);

} // namespace machiai::printer
