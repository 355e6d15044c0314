// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <string>

namespace machiai::seat {

inline QString text_of(const std::string& text) {
  return QString::fromStdString(text);
}

} // namespace machiai::seat
