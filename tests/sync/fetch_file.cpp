// SPDX-License-Identifier: Apache-2.0
// Fetches one file as a station does, try after try, and prints a line of JSON for each: what became of it
// and how much came. `--without hash` and the like take a guard away. Exit 0: it is here.
#include "core/store/station.hpp"
#include "sync/fetch.hpp"
#include "sync/guards.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <csignal>
#include <cstdio>

namespace {

using namespace machiai;

sync::Fetching* fetching_now = nullptr;

unsigned guard_named(const std::string& name) {
  const std::pair<const char*, sync::FetchGuard> all[] = {{"hash", sync::FetchGuard::hash},
                                                          {"range", sync::FetchGuard::range},
                                                          {"reserve", sync::FetchGuard::reserve},
                                                          {"silence", sync::FetchGuard::silence}};
  for (const auto& [known, guard] : all)
    if (name == known) return 1U << static_cast<unsigned>(guard);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  wire::ManifestFile file;
  std::string ca, directory, without;
  int tries = 1;
  std::int64_t silence = 5000, room = -1, room_later = -1;
  sync::FetchSettings settings;
  CLI::App app("fetches a file as a station does");
  app.add_option("--url", file.url)->required();
  app.add_option("--sha256", file.sha256)->required();
  app.add_option("--bytes", file.bytes)->required();
  app.add_option("--ca", ca)->required();
  app.add_option("--dir", directory)->required();
  app.add_option("--tries", tries);
  app.add_option("--silence", silence, "milliseconds");
  app.add_option("--speed", settings.bytes_a_second);
  app.add_option("--room", room, "bytes that the disk may take");
  app.add_option("--room-later", room_later, "from the second time it is asked on");
  app.add_option("--without", without, "the guard to take away");
  CLI11_PARSE(app, argc, argv);
  if (!without.empty()) base::removed_guards<sync::FetchGuard> = guard_named(without);
  settings.silence = base::Millis{silence};
  settings.connect = std::chrono::minutes{1}; // other tests may keep the machine busy
  if (room >= 0)
    settings.room = [room, room_later](std::uint64_t bytes) mutable -> base::Status {
      const bool fits = bytes <= static_cast<std::uint64_t>(room);
      if (room_later >= 0) room = room_later;
      if (fits) return {};
      return base::fail(base::Error::Code::storage, "media_reserve");
    };
  const auto pem = store::read_file(ca);
  const auto trusted = pem ? sync::trust(*pem) : tl::unexpected(pem.error());
  if (!trusted) return 2;
  sync::Fetching fetching;
  fetching_now = &fetching;
  std::signal(SIGTERM, [](int) { fetching_now->interrupt.set(); });
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  for (int i = 0; i < tries; ++i) {
    const sync::Fetched done = sync::fetch(file, directory, trusted->get(), settings, fetching);
    const std::string reason = done.status ? "" : done.status.error().reason;
    std::puts(
        boost::json::serialize(boost::json::object{{"reason", reason}, {"gained", done.gained}}).c_str());
    std::fflush(stdout);
    if (done.status) return 0;
    if (reason == "fetch_stopped") break;
  }
  return 1;
}
