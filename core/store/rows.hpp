// SPDX-License-Identifier: Apache-2.0
// Small lists that the station keeps as JSON files: {"devices":[{...},...]}.
#pragma once

#include "core/base/result.hpp"

#include <boost/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace machiai::store {

/// The objects of the list `name` in the file; none when there is no file. A file of another shape is an
/// error (storage, `reason`), so that it is not taken for an empty one and written over.
[[nodiscard]] base::Result<std::vector<boost::json::object>> read_rows(const std::filesystem::path& path,
                                                                       const char* name, const char* reason);
[[nodiscard]] std::string rows_text(const char* name, boost::json::array rows);
/// A member's text, or "".
[[nodiscard]] std::string text_of(const boost::json::object& row, const char* name);

} // namespace machiai::store
