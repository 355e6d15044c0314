// SPDX-License-Identifier: Apache-2.0
// 臨時メッセージ in words: what board, kiosk, desk and phone show for each pattern, in seven languages.
#pragma once

#include "core/queue/views.hpp"

#include <string>
#include <string_view>

namespace machiai::wire {

/// `lang`: ja, easy, en, zh, ko, vi or pt; another one is read as en. A free message is shown as it was
/// written, in every language. '\n' is where a line may break. An unknown pattern gives an empty text.
[[nodiscard]] std::string notice_words(const queue::MessageView& message, std::string_view lang);

} // namespace machiai::wire
