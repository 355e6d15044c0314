// SPDX-License-Identifier: Apache-2.0
// The room seat's page as it is built into the daemon: a station has no directory of web files to lose.
#pragma once

#include <span>
#include <string_view>

namespace machiai::web {

struct File {
  std::string_view path; ///< "/room.js"; "/" is the page
  std::string_view type; ///< media type
  std::string_view body;
};

[[nodiscard]] std::span<const File> room_files();

} // namespace machiai::web
