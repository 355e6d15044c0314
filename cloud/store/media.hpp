// SPDX-License-Identifier: Apache-2.0
// Rows of films and programmes. What is in the store of files (cloud/files.hpp) and what is here are changed
// under one lock, the file first when something comes and the row first when it goes: a row whose file is
// missing is told of and mended by adding it again, a file without a row costs room alone.
#pragma once

#include "cloud/manifest.hpp"
#include "core/base/result.hpp"

#include <pqxx/pqxx>

#include <optional>
#include <string>
#include <vector>

namespace machiai::cloud::store {

/// One at a time changes files and rows; until the connection ends. For the command line: nodes only read.
void hold_media(pqxx::connection& connection);

/// Id and short name of a facility by its short name or number. Not_found "unknown_facility".
struct FacilityName {
  int id = 0;
  std::string slug;
};
[[nodiscard]] base::Result<FacilityName> facility_named(pqxx::connection& connection,
                                                        const std::string& facility);

/// Enters a film, or gives one that is there its new words; wakes the links of those whose programmes name
/// it.
void add_media(pqxx::connection& connection, const MediaRow& row, base::Instant now);
/// All, or those that a facility may have.
[[nodiscard]] std::vector<MediaRow> media(pqxx::connection& connection, std::optional<int> facility = {});
/// Takes the film of that facility (0: the provider's) out. Says whether its file may go: no other row names
/// it. Not_found "content_missing", conflict "content_needed" with a programme of those that are not over.
[[nodiscard]] base::Result<bool> remove_media(pqxx::connection& connection, int facility,
                                              const std::string& sha256, base::Instant now);

/// Enters a programme and wakes its facility's link.
void add_programme(pqxx::connection& connection, const ProgrammeRow& row);
/// Every version of the facility's programmes, with what they need.
[[nodiscard]] std::vector<ProgrammeRow> programmes(pqxx::connection& connection, int facility);

} // namespace machiai::cloud::store
