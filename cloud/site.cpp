// SPDX-License-Identifier: Apache-2.0
#include "cloud/site.hpp"

#include "cloud/http.hpp"

#include <zlib.h>

#include <fstream>
#include <sstream>

namespace machiai::cloud {

namespace {

constexpr std::size_t largest_site = 32 * 1024 * 1024;
constexpr std::string_view bare_page =
    "<!doctype html><html lang=\"ja\"><meta charset=\"utf-8\"><title>待合</title>"
    "<meta name=\"viewport\" content=\"width=device-width\"><h1>待合</h1>"
    "<p>ただいま 画面を ご用意していません。お手数ですが クリニックへ お電話ください。</p>"
    "<p lang=\"en\">This page is not installed here. Please call the clinic.</p></html>";

std::string type_of(const std::string& extension) {
  static const std::map<std::string, std::string> types{{".html", "text/html; charset=utf-8"},
                                                        {".js", "text/javascript; charset=utf-8"},
                                                        {".css", "text/css; charset=utf-8"},
                                                        {".svg", "image/svg+xml"},
                                                        {".png", "image/png"},
                                                        {".ico", "image/x-icon"},
                                                        {".json", "application/json"},
                                                        {".woff2", "font/woff2"},
                                                        {".webmanifest", "application/manifest+json"}};
  const auto found = types.find(extension);
  return found == types.end() ? "application/octet-stream" : found->second;
}

/// By gzip; empty when it would not be smaller.
std::string packed(const std::string& body) {
  constexpr int gzip_format = 15 + 16; // zlib's largest window, and gzip's header
  constexpr int memory = 9;
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_format, memory, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(body.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int outcome = deflate(&stream, Z_FINISH);
  out.resize(outcome == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

} // namespace

Site Site::load(const std::filesystem::path& dir) {
  Site site;
  site.page_ = {"text/html; charset=utf-8", std::string(bare_page), etag_of(bare_page)};
  std::error_code error;
  std::size_t taken = 0;
  // A folder that may not be read is left out: without the option it would throw.
  constexpr auto readable = std::filesystem::directory_options::skip_permission_denied;
  for (const auto& each : std::filesystem::recursive_directory_iterator(dir, readable, error)) {
    if (!each.is_regular_file(error)) continue;
    std::ostringstream text;
    text << std::ifstream(each.path(), std::ios::binary).rdbuf();
    SiteFile file{type_of(each.path().extension().string()), text.str(), {}};
    file.etag = etag_of(file.body);
    file.packed = packed(file.body);
    file.packed_etag = etag_of(file.packed);
    taken += file.body.size();
    if (taken > largest_site) break;
    const std::string path = each.path().lexically_relative(dir).generic_string();
    if (path == "index.html") site.page_ = file;
    site.files_["/" + path] = std::move(file);
  }
  return site;
}

const SiteFile* Site::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : &found->second;
}

} // namespace machiai::cloud
