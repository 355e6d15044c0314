// SPDX-License-Identifier: Apache-2.0
#include "core/store/downloads.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <utility>

namespace machiai::store {

using base::Error;
using base::fail;

namespace {

/// Less would not carry a film in a night, and nobody could tell it from a line that is dead.
constexpr int least_kbit = 64;

} // namespace

base::Result<DownloadSettings> load_download_settings(const Home& home) {
  const auto text = read_file(home.settings());
  MACHIAI_TRY(text);
  const toml::parse_result parsed = toml::parse(*text);
  if (!parsed) return fail(Error::Code::invalid, "bad_settings", "clinic.toml");
  const auto cloud = parsed.table()["cloud"];
  DownloadSettings settings;
  for (const auto& [name, minute] :
       {std::pair{"download_from", &settings.from}, std::pair{"download_until", &settings.until}}) {
    if (!cloud[name]) continue;
    const auto read = queue::parse_minute(cloud[name].value_or(std::string{}));
    if (!read) return fail(Error::Code::invalid, "bad_settings", std::string("cloud ") + name);
    *minute = *read;
  }
  settings.kbit = cloud["download_kbit"].value_or(cloud["download_kbit"] ? -1 : 0);
  if (settings.kbit != 0 && settings.kbit < least_kbit)
    return fail(Error::Code::invalid, "bad_settings", "cloud download_kbit");
  return settings;
}

} // namespace machiai::store
