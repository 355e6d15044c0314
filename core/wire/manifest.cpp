// SPDX-License-Identifier: Apache-2.0
#include "core/wire/manifest.hpp"

#include "core/base/text.hpp"
#include "core/programme/programme.hpp"
#include "core/wire/fields.hpp"
#include "core/wire/limits.hpp"
#include "core/wire/programme.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace machiai::wire {

namespace json = boost::json;
using base::Error;
using base::fail;

template <class A, Is<ManifestFile> T> void fields(A& a, T& f) {
  a("sha256", f.sha256)("bytes", f.bytes)("url", f.url);
}
template <class A, Is<ManifestProgramme> T> void fields(A& a, T& p) {
  a("programme", p.programme)("version", p.version)("file", p.file);
}
template <class A, Is<ManifestFilm> T> void fields(A& a, T& f) {
  a("title", f.title)("kind", f.kind)("millis", f.millis)("width", f.width)("height", f.height);
  a("file", f.file);
}
template <class A, Is<Manifest> T> void fields(A& a, T& m) {
  a("at", m.at)("urls_until", m.urls_until)("programmes", m.programmes)("films", m.films);
}

namespace {

constexpr std::size_t most_programmes = 32, most_films = 300;
constexpr std::size_t longest_title = 400, longest_url = 600;
constexpr std::uint64_t largest_film = std::uint64_t{8} << 30;
constexpr int longest_millis = 24 * 3600 * 1000, widest = 16384;

bool is_sha256(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::all_of(text.begin(), text.end(), hex);
}

bool is_url(std::string_view text) {
  const auto plain = [](char c) { return c > ' ' && c < 0x7f; };
  return text.substr(0, 8) == "https://" && text.size() <= longest_url &&
         std::all_of(text.begin(), text.end(), plain);
}

/// The first field that is not what it says; empty: all are well.
std::string_view wrong(const ManifestFile& f, std::uint64_t largest) {
  if (!is_sha256(f.sha256)) return "sha256";
  if (f.bytes == 0 || f.bytes > largest) return "bytes";
  if (!is_url(f.url)) return "url";
  return {};
}

std::string_view wrong(const ManifestProgramme& p) {
  if (!base::is_plain_id(p.programme, longest_id)) return "programme";
  if (p.version < 1) return "version";
  return wrong(p.file, largest_programme);
}

std::string_view wrong(const ManifestFilm& f) {
  if (f.title.size() > longest_title) return "title";
  if (!programme::kind_of(f.kind)) return "kind";
  if (f.millis < 0 || f.millis > longest_millis) return "millis";
  if (f.width < 1 || f.width > widest) return "width";
  if (f.height < 1 || f.height > widest) return "height";
  return wrong(f.file, largest_film);
}

} // namespace

LinkDocument manifest_document_of(const Manifest& manifest) {
  return {std::string(manifest_document), static_cast<std::uint64_t>(base::to_ms(manifest.at)),
          json::serialize(Writer::encode(manifest))};
}

base::Result<Manifest> manifest_from_text(std::string_view body) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(body.data(), body.size()), error);
  Manifest manifest;
  if (error || !Reader::decode(parsed, manifest)) return fail(Error::Code::invalid, "bad_document");
  if (manifest.programmes.size() > most_programmes)
    return fail(Error::Code::invalid, "bad_document", "programmes");
  if (manifest.films.size() > most_films) return fail(Error::Code::invalid, "bad_document", "films");
  const auto refused = [](std::string_view field) {
    return fail(Error::Code::invalid, "bad_document", std::string(field));
  };
  for (const ManifestProgramme& each : manifest.programmes)
    if (const auto field = wrong(each); !field.empty()) return refused(field);
  for (const ManifestFilm& each : manifest.films)
    if (const auto field = wrong(each); !field.empty()) return refused(field);
  return manifest;
}

} // namespace machiai::wire
