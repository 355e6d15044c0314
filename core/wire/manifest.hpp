// SPDX-License-Identifier: Apache-2.0
// What a station should have on its shelf, told by the cloud: the link's document "manifest". The files
// themselves are fetched from signed addresses that any server of files may answer.
#pragma once

#include "core/base/result.hpp"
#include "core/wire/link.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace machiai::wire {

inline constexpr std::string_view manifest_document = "manifest";

/// A file by its content: `url` gives exactly these bytes, whole or in ranges (RFC 9110, section 14).
struct ManifestFile {
  std::string sha256; ///< lower-case hex
  std::uint64_t bytes = 0;
  std::string url; ///< https, with a signature that ends
  bool operator==(const ManifestFile&) const = default;
};

/// A programme document (docs/programme.schema.json), signed inside.
struct ManifestProgramme {
  std::string programme;
  int version = 0;
  ManifestFile file;
  bool operator==(const ManifestProgramme&) const = default;
};

/// A film or picture that one of the programmes names.
struct ManifestFilm {
  std::string title;
  std::string kind; ///< programme::kind_name
  int millis = 0;   ///< 0: a picture
  int width = 0, height = 0;
  ManifestFile file;
  bool operator==(const ManifestFilm&) const = default;
};

struct Manifest {
  base::Instant at{};         ///< when it was made
  base::Instant urls_until{}; ///< the addresses' end; a new manifest comes long before
  std::vector<ManifestProgramme> programmes;
  std::vector<ManifestFilm> films; ///< what is needed first comes first
  bool operator==(const Manifest&) const = default;
};

/// Its version is the moment it was made.
[[nodiscard]] LinkDocument manifest_document_of(const Manifest& manifest);
/// Of a document's body. Invalid "bad_document", the field in the detail.
[[nodiscard]] base::Result<Manifest> manifest_from_text(std::string_view body);

} // namespace machiai::wire
