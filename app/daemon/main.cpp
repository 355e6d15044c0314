// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  CLI::App app("machiaid: owns the clinic's ledger and serves its seats; runs in the foreground");
  machiai::daemon::Options options;
  app.add_option("--home", options.home,
                 "the station's directory (made by: machiai init --home DIR --example)")
      ->required();
  app.add_option("--port", options.port, "hub port on loopback; 0: any free one (told in DIR/run/port)")
      ->check(CLI::Range(0, 65535));
  app.add_option(
      "--lan", options.lan,
      "HOST:PORT for the clinic's network, over TLS; port 0: any free one (told in DIR/run/lan-port); "
      "\"\": off");
  app.set_version_flag("--version", "machiaid " MACHIAI_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return machiai::daemon::run(options);
}
