// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/facility.hpp"
#include "app/cloud/reach.hpp"
#include "app/cloud/serve.hpp"
#include "app/cloud/shelf.hpp"
#include "app/cloud/subscriber.hpp"
#include "app/cloud/terms.hpp"
#include "core/base/given.hpp"

#include <CLI/CLI.hpp>

namespace {

CLI::App* add_serve(CLI::App& app, machiai::cloud::Options& options) {
  CLI::App* serve_command = app.add_subcommand("serve", "serves until SIGTERM or SIGINT");
  serve_command->add_option(
      "--listen", options.listen,
      "HOST:PORT; port 0: any free one, the same at every start (told in DIR/run/port); "
      "default 127.0.0.1:0");
  serve_command->add_option("--site", options.site, "directory of the service site's build");
  serve_command->add_option("--address", options.address,
                            "https://HOST[:PORT] under which stations and browsers find this cloud");
  serve_command->add_option("--media-address", options.media_address,
                            "https://HOST:PORT under which stations fetch films and programmes, when it is "
                            "another than --address");
  serve_command->add_flag("--plain", options.plain, "without TLS: for a proxy on this machine that ends it");
  serve_command
      ->add_option("--proxied-by", options.proxied_by,
                   "addresses of proxies that pass TLS through and say who calls (PROXY protocol 2)")
      ->delimiter(',');
  serve_command->add_option(
      "--smtp", options.smtp,
      "HOST:PORT of a mail server that takes notices to patients; without it none are offered");
  serve_command->add_option("--mail-from", options.mail_from,
                            "the address that notices come from; needs --smtp");
  CLI::Option* tls = serve_command->add_flag(
      "--smtp-tls", options.smtp_tls,
      "no notice leaves without TLS; else it is used where offered, and not to this machine");
  serve_command->add_flag("--smtps", options.smtps, "TLS from the first byte on, as on port 465")
      ->excludes(tls);
  serve_command->add_option(
      "--smtp-login", options.smtp_login,
      "a file of mode 0600 with two lines, user and password; neither is sent without TLS");
  return serve_command;
}

constexpr int most_generations = 1'000'000'000;

} // namespace

int main(int argc, char** argv) {
  using namespace machiai::cloud;
  CLI::App app("machiai-cloud: booking from outside and the clinics' link; runs in the foreground");
  app.require_subcommand(1);
  app.set_version_flag("--version", "machiai-cloud " MACHIAI_VERSION);
  Options options;
  bool example = false;
  std::string facility;

  auto* init_command = app.add_subcommand("init", "makes a home directory");
  init_command->add_flag("--example", example, "with the fictional facilities of the documentation");
  auto* serve_command = add_serve(app, options);
  auto* code_command = app.add_subcommand("enrol-code", "prints a one-time code for a clinic's station");
  code_command->add_option("facility", facility, "short name or facility number")->required();
  auto* migrate_command =
      app.add_subcommand("migrate", "brings the database to this program's last migration");
  int generation = 0;
  auto* restored_command = app.add_subcommand(
      "restored", "after a backup was put back, before serving: nothing given since is given again");
  restored_command
      ->add_option("--generation", generation,
                   "at least this one, where DIR/generation was lost with the database")
      ->check(CLI::Range(1, most_generations));
  auto* settle_command = app.add_subcommand(
      "settle", "places of slots that a restore holds may be given again: the clinic has looked");
  settle_command->add_option("facility", facility, "short name or facility number")->required();
  bool though_linked = false;
  auto* take_over_command = app.add_subcommand(
      "take-over",
      "the clinic's machine is lost: the next is let in by the code that is printed, and goes on "
      "with the day; no number that the lost one may have given is given again");
  take_over_command->add_option("facility", facility, "short name or facility number")->required();
  std::vector<std::string> above;
  take_over_command->add_option(
      "--above", above,
      "N, or SERVICE=N where there are several: the highest number that it gave and somebody has on paper, "
      "where that is more than 120 above what the cloud knows");
  take_over_command->add_flag("--though-linked", though_linked,
                              "also while it is linked: it is in other hands, or is to be put away");
  ShelfVerbs shelf;
  shelf.add_to(app, options);
  TermsVerbs terms;
  terms.add_to(app, options);
  FacilityVerbs facilities;
  facilities.add_to(app, options);
  SubscriberVerbs subscribers;
  subscribers.add_to(app, options);
  auto* routes_command = app.add_subcommand("routes", "prints the routes that docs/openapi.yaml describes");
  for (CLI::App* each : {init_command, serve_command, code_command, migrate_command, restored_command,
                         settle_command, take_over_command})
    each->add_option("--home", options.home, "the cloud's directory")->required();
  for (CLI::App* each :
       {serve_command, code_command, migrate_command, restored_command, settle_command, take_over_command})
    each->add_option(
        "--database", options.database,
        "libpq's URL or key=value text; without it a private PostgreSQL cluster in DIR/postgres");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (std::string empty = machiai::base::empty_option(app); !empty.empty()) {
    set_up_log();
    return refuse(exit_usage, {machiai::base::Error::Code::invalid, "empty_value", std::move(empty)});
  }
  if (init_command->parsed()) return init(options, example);
  if (routes_command->parsed()) return routes();
  if (code_command->parsed()) return enrol_code(options, facility);
  if (restored_command->parsed()) return restored(options, generation);
  if (settle_command->parsed()) return settle(options, facility);
  if (take_over_command->parsed()) return take_over(options, facility, though_linked, above);
  if (migrate_command->parsed()) return migrate(options);
  if (shelf.chosen()) return shelf.run(options);
  if (terms.chosen()) return terms.run(options);
  if (subscribers.chosen()) return subscribers.run(options);
  if (facilities.chosen()) return facilities.run(options);
  return serve(options);
}
