// SPDX-License-Identifier: Apache-2.0
#include "core/wire/manifest.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace machiai;
namespace json = boost::json;

namespace {

wire::ManifestFile file(char digit, std::uint64_t bytes) {
  const std::string sha256(64, digit);
  return {sha256, bytes, "https://127.0.0.1:8443/v1/media/" + sha256 + "?for=1&until=1&sign=x"};
}

wire::Manifest told() {
  wire::Manifest manifest;
  manifest.at = base::instant_from_ms(1795483920000);
  manifest.urls_until = manifest.at + std::chrono::hours{48};
  manifest.programmes.push_back({"2026-12", 3, file('a', 20'000)});
  manifest.films.push_back({"冬の感染症", "provided", 30'000, 1280, 720, file('b', 5'000'000)});
  manifest.films.push_back({"休診のお知らせ", "notice", 0, 1920, 1080, file('c', 90'000)});
  return manifest;
}

/// The document with one member of its first film, or of that film's file, turned into something else.
std::string with(const std::string& name, json::value value) {
  json::object document = json::parse(wire::manifest_document_of(told()).body).as_object();
  json::object& film = document["films"].as_array()[0].as_object();
  json::object& owner = film.contains(name) ? film : film["file"].as_object();
  owner[name] = std::move(value);
  return json::serialize(document);
}

} // namespace

TEST_CASE("what a station should have goes through a frame of the link as it is") {
  const wire::LinkFrame frame = wire::manifest_document_of(told());
  const auto back = wire::link_from_json(wire::link_to_json(frame), wire::LinkEnd::cloud);
  REQUIRE(back);
  const auto& document = std::get<wire::LinkDocument>(*back);
  REQUIRE(document.name == wire::manifest_document);
  REQUIRE(document.version == 1795483920000);
  const auto manifest = wire::manifest_from_text(document.body);
  REQUIRE(manifest);
  REQUIRE(*manifest == told());
}

TEST_CASE("a manifest that is not right is refused whole, with its first wrong field") {
  REQUIRE(wire::manifest_from_text(with("millis", 0)));
  const std::string hash(64, 'b');
  const std::pair<const char*, json::value> bad[] = {
      {"title", json::value(std::string(401, 'x'))},
      {"kind", "film"},
      {"millis", -1},
      {"width", 0},
      {"height", 20'000},
      {"sha256", json::value(hash.substr(1))},
      {"sha256", json::value(std::string(64, 'B'))},
      {"sha256", "../../keys/station.key"},
      {"bytes", 0},
      {"bytes", std::uint64_t{9} << 30},
      {"url", json::value("http://127.0.0.1/v1/media/" + hash)},
      {"url", "https://127.0.0.1/\r\nHost: elsewhere"},
      {"url", json::value("https://127.0.0.1/" + std::string(600, 'x'))}};
  for (const auto& [name, value] : bad) {
    CAPTURE(name);
    const auto read = wire::manifest_from_text(with(name, value));
    REQUIRE_FALSE(read);
    REQUIRE(read.error().reason == "bad_document");
    REQUIRE(read.error().detail == name);
  }
  for (const char* text : {"", "[]", "{", "{}", R"({"at":1})"})
    REQUIRE(wire::manifest_from_text(text).error().reason == "bad_document");
  REQUIRE_FALSE(wire::manifest_from_text(with("bytes", "many")));
}

TEST_CASE("neither a crowd of programmes nor one of films is taken in, and a full one fits a frame") {
  auto manifest = told();
  manifest.programmes.resize(33, manifest.programmes.front());
  REQUIRE(wire::manifest_from_text(wire::manifest_document_of(manifest).body).error().detail == "programmes");
  manifest = told();
  manifest.films.resize(300, manifest.films.front());
  const auto frame = wire::link_to_json(wire::manifest_document_of(manifest));
  REQUIRE(wire::link_from_json(frame, wire::LinkEnd::cloud));
  manifest.films.push_back(manifest.films.front());
  REQUIRE(wire::manifest_from_text(wire::manifest_document_of(manifest).body).error().detail == "films");
}
