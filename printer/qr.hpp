// SPDX-License-Identifier: Apache-2.0
// QR codes as dots.
#pragma once

#include "printer/bitmap.hpp"

#include <optional>
#include <string>

namespace machiai::printer {

/// The code without its white border, at most `size` dots wide, each module the same whole number of dots.
/// Nothing when a module would be smaller than `least_module`: no phone would read it.
[[nodiscard]] std::optional<Bitmap> qr_code(const std::string& text, int size, int least_module);

} // namespace machiai::printer
