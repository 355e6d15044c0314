// SPDX-License-Identifier: Apache-2.0
// machiaid with one deliberate weakness: the negative controls of the fault tests. Never installed.
#include "app/daemon/daemon.hpp"

#include <CLI/CLI.hpp>

int main(int argc, char** argv) {
  CLI::App app("machiaid-mutant: machiaid with a fault built in, to show that the fault tests see it");
  machiai::daemon::Options options;
  std::string weak;
  app.add_option("--home", options.home)->required();
  app.add_option("--weak", weak,
                 "sync-normal: commits are not synced; unflushed: they are, without a flush; answer-first: "
                 "answers before the commit; print-first: prints "
                 "before it")
      ->required()
      ->check(CLI::IsMember({"sync-normal", "unflushed", "answer-first", "print-first"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (weak == "sync-normal") options.sync = machiai::store::Sync::normal;
  if (weak == "unflushed") options.sync = machiai::store::Sync::unflushed;
  options.weakness.answer_before_commit = weak == "answer-first";
  options.weakness.print_before_commit = weak == "print-first";
  return machiai::daemon::run(options);
}
