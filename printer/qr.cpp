// SPDX-License-Identifier: Apache-2.0
#include "printer/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace machiai::printer {

std::optional<Bitmap> qr_code(const std::string& text, int size, int least_module) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0,
                        QR_ECLEVEL_M),
      QRcode_free);
  if (!code || code->width <= 0) return {};
  const int module = size / code->width;
  if (module < least_module) return {};
  Bitmap out(code->width * module, code->width * module);
  for (int y = 0; y < code->width; ++y)
    for (int x = 0; x < code->width; ++x)
      if ((code->data[y * code->width + x] & 1) != 0)
        out.fill({x * module, y * module, (x + 1) * module, (y + 1) * module}, true);
  return out;
}

} // namespace machiai::printer
