// SPDX-License-Identifier: Apache-2.0
#include "qr/code.hpp"

#include <qrencode.h>

#include <memory>

namespace machiai::qr {

std::optional<Code> encode(std::string_view text, int least_version) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> made(
      QRcode_encodeData(static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()),
                        least_version, QR_ECLEVEL_M),
      QRcode_free);
  if (!made || made->width <= 0) return std::nullopt;
  Code code{made->width, {}};
  const auto modules = static_cast<std::size_t>(code.width) * static_cast<std::size_t>(code.width);
  code.dark.reserve(modules);
  for (std::size_t i = 0; i < modules; ++i) code.dark.push_back((made->data[i] & 1) != 0);
  return code;
}

} // namespace machiai::qr
