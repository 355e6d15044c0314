// SPDX-License-Identifier: Apache-2.0
// Reason keys into words: what a person reads when something was refused or is out of order.
#pragma once

#include "core/base/result.hpp"

#include <string>
#include <string_view>

namespace machiai::wire {

/// Says what happened and what to do, in `lang` ("ja" or "en"); unknown keys give a general sentence.
[[nodiscard]] std::string message(std::string_view reason, std::string_view lang);

} // namespace machiai::wire
