// SPDX-License-Identifier: Apache-2.0
// A bitmap as a file: PDF for the printer, PBM and PNG for eyes and tests.
#pragma once

#include "core/base/result.hpp"
#include "printer/bitmap.hpp"

#include <string>

namespace machiai::printer {

/// The height of the paper for a picture, in whole millimetres, rounded up, at least `min_paper_mm`.
inline constexpr int min_paper_mm = 50;
[[nodiscard]] int paper_height_mm(const Bitmap& picture);

/// One page, `width_mm` x paper_height_mm() in whole points (rounded down), the picture at 203 dpi in the
/// middle of its width and at its top, as one 1-bit image with Flate. A dot is never scaled.
[[nodiscard]] base::Result<std::string> to_pdf(const Bitmap& picture, int width_mm);
[[nodiscard]] std::string to_pbm(const Bitmap& picture);
[[nodiscard]] base::Result<std::string> to_png(const Bitmap& picture);

} // namespace machiai::printer
