// SPDX-License-Identifier: Apache-2.0
// Spelled so that the speech engine reads it as a receptionist would.
#pragma once

#include "core/queue/clinic.hpp"

#include <string>
#include <string_view>

namespace machiai::sound {

/// How a shown number is read: no leading zeros, letters by their names, a hyphen as の.
[[nodiscard]] std::string spoken_number(std::string_view number);

/// The room's reading, or its name with the engine's known traps mended when the clinic gave none.
[[nodiscard]] std::string spoken_room(const queue::Label& room);
/// A name as it must be spelled to be read right: "2診" -> "にしん", "中待合" -> "なかまちあい",
/// "1番診察室" -> "1番の診察室".
[[nodiscard]] std::string mended_name(std::string_view name);

/// One line of plain text: the engine speaks only the first line and stops at about 1 KB.
[[nodiscard]] std::string one_line(std::string_view text);

} // namespace machiai::sound
