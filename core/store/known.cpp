// SPDX-License-Identifier: Apache-2.0
#include "core/store/known.hpp"

#include "core/store/rows.hpp"

namespace machiai::store {

namespace {

namespace json = boost::json;
using base::Error;
using base::fail;

json::object row_of(const char* what, const std::string& id, const queue::Label& name) {
  return {{"what", what}, {"id", id}, {"ja", name.ja}, {"en", name.en}, {"reading", name.reading}};
}

queue::Label label_of(const json::object& row) {
  return {text_of(row, "ja"), text_of(row, "en"), text_of(row, "reading")};
}

std::vector<std::string> kinds_of(const json::object& row) {
  std::vector<std::string> kinds;
  if (const json::value* all = row.if_contains("kinds"); all != nullptr && all->is_array())
    for (const json::value& each : all->get_array())
      if (each.is_string()) kinds.emplace_back(each.get_string());
  return kinds;
}

std::string known_text(const queue::Clinic& clinic) {
  json::array rows;
  for (const queue::Service& each : clinic.services) {
    json::object row = row_of("service", each.id, each.name);
    row["prefix"] = each.prefix;
    row["kinds"] = json::array(each.kinds.begin(), each.kinds.end());
    rows.push_back(std::move(row));
  }
  for (const queue::Room& each : clinic.rooms) rows.push_back(row_of("room", each.id, each.name));
  return rows_text("known", std::move(rows));
}

} // namespace

base::Result<queue::Clinic> load_known(const Home& home) {
  const auto rows = read_rows(home.known(), "known", "bad_known");
  MACHIAI_TRY(rows);
  queue::Clinic known;
  for (const json::object& row : *rows) {
    const std::string id = text_of(row, "id");
    if (id.empty()) return fail(Error::Code::storage, "bad_known");
    if (text_of(row, "what") == "room") {
      known.rooms.push_back({id, label_of(row)});
      continue;
    }
    queue::Service service;
    service.id = id;
    service.name = label_of(row);
    service.prefix = text_of(row, "prefix");
    service.kinds = kinds_of(row);
    known.services.push_back(std::move(service));
  }
  return known;
}

base::Status save_known(const Home& home, const queue::Clinic& clinic) {
  const std::string text = known_text(clinic);
  if (const auto there = read_file(home.known()); there && *there == text) return {};
  return write_durable_file(home.known(), text);
}

bool ledger_is_lost(const Home& home) {
  constexpr std::uintmax_t smallest = 512; // a page of SQLite
  std::error_code error;
  const auto size = std::filesystem::file_size(home.ledger(), error);
  const bool is_empty = error == std::errc::no_such_file_or_directory || (!error && size < smallest);
  return is_empty && std::filesystem::exists(home.known(), error);
}

} // namespace machiai::store
