// SPDX-License-Identifier: Apache-2.0
// The service site's files (web/patient's build) in memory, and the document of the routes.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace machiai::cloud {

struct SiteFile {
  std::string type;
  std::string body;
  std::string etag;
  std::string packed{}; ///< the body by gzip; empty where that saves nothing
  std::string packed_etag{};
};

class Site {
public:
  /// Without the directory there is a page that says where to look instead.
  [[nodiscard]] static Site load(const std::filesystem::path& dir);
  [[nodiscard]] const SiteFile* find(const std::string& path) const;
  [[nodiscard]] const SiteFile& page() const { return page_; }

private:
  std::map<std::string, SiteFile> files_;
  SiteFile page_;
};

/// docs/openapi.yaml, built in.
[[nodiscard]] std::string_view openapi_document();

} // namespace machiai::cloud
