// SPDX-License-Identifier: Apache-2.0
// The station's health as a person reads it in a terminal.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace machiai::cli {

/// The answer of `status`, a line for each part; what is out of order comes last, in words of `lang` with the
/// mend.
[[nodiscard]] std::string status_lines(const boost::json::object& status, std::string_view lang);

} // namespace machiai::cli
