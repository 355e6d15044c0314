// SPDX-License-Identifier: Apache-2.0
#include "printer/qr.hpp"

#include "qr/code.hpp"

namespace machiai::printer {

std::optional<Bitmap> qr_code(const std::string& text, int size, int least_module) {
  const auto code = qr::encode(text);
  if (!code) return {};
  const int module = size / code->width;
  if (module < least_module) return {};
  Bitmap out(code->width * module, code->width * module);
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if (code->at(x, y)) out.fill({x * module, y * module, (x + 1) * module, (y + 1) * module}, true);
  return out;
}

} // namespace machiai::printer
