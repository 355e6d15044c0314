// SPDX-License-Identifier: Apache-2.0
#include "core/store/rows.hpp"

#include "core/store/station.hpp"

namespace machiai::store {

namespace json = boost::json;
using base::Error;
using base::fail;

base::Result<std::vector<json::object>> read_rows(const std::filesystem::path& path, const char* name,
                                                  const char* reason) {
  std::vector<json::object> rows;
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) return rows;
  const auto text = read_file(path);
  MACHIAI_TRY(text);
  boost::system::error_code bad;
  const json::value parsed = json::parse(*text, bad);
  const json::object* file = bad ? nullptr : parsed.if_object();
  const json::value* list = file == nullptr ? nullptr : file->if_contains(name);
  if (list == nullptr || !list->is_array()) return fail(Error::Code::storage, reason);
  for (const json::value& row : list->as_array()) {
    if (!row.is_object()) return fail(Error::Code::storage, reason);
    rows.push_back(row.as_object());
  }
  return rows;
}

std::string rows_text(const char* name, json::array rows) {
  return json::serialize(json::object{{name, std::move(rows)}}) + "\n";
}

std::string text_of(const json::object& row, const char* name) {
  const json::value* value = row.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string{};
}

} // namespace machiai::store
