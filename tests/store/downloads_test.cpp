// SPDX-License-Identifier: Apache-2.0
// [cloud] of clinic.toml: when and how fast films are fetched.
#include "core/store/downloads.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace machiai;
using store::DownloadSettings;

namespace {

base::Result<DownloadSettings> read(const std::string& more) {
  char name[] = "/tmp/machiai-downloads-XXXXXX";
  const store::Home home{::mkdtemp(name)};
  REQUIRE(store::write_file(home.settings(), "[facility]\nid = \"minato\"\n" + more, false));
  auto settings = store::load_download_settings(home);
  std::filesystem::remove_all(home.dir);
  return settings;
}

} // namespace

TEST_CASE("without a word films are fetched at any time, as fast as they come") {
  CHECK(read("") == DownloadSettings{});
  CHECK(read("[cloud]\n") == DownloadSettings{});
}

TEST_CASE("hours and speed are read") {
  CHECK(read("[cloud]\ndownload_from = \"20:00\"\ndownload_until = \"7:30\"\ndownload_kbit = 2000\n") ==
        DownloadSettings{20 * 60, 7 * 60 + 30, 2000});
  CHECK(read("[cloud]\ndownload_until = \"6:00\"\n") == DownloadSettings{0, 360, 0});
}

TEST_CASE("what cannot be meant is refused with its place") {
  for (const auto& [line, place] : {std::pair{"download_from = \"25:00\"", "cloud download_from"},
                                    {"download_from = 20", "cloud download_from"},
                                    {"download_until = \"late\"", "cloud download_until"},
                                    {"download_kbit = 63", "cloud download_kbit"},
                                    {"download_kbit = -1", "cloud download_kbit"},
                                    {"download_kbit = \"fast\"", "cloud download_kbit"}}) {
    const auto settings = read(std::string("[cloud]\n") + line + "\n");
    REQUIRE_FALSE(settings);
    CHECK(settings.error().reason == "bad_settings");
    CHECK(settings.error().detail == place);
  }
  CHECK_FALSE(read("[cloud\n"));
}
