// SPDX-License-Identifier: Apache-2.0
#include "app/daemon/daemon.hpp"

#include "app/daemon/cloud.hpp"
#include "app/daemon/lan.hpp"
#include "app/daemon/printing.hpp"
#include "app/daemon/signage.hpp"
#include "app/daemon/staff.hpp"
#include "app/daemon/turns.hpp"
#include "core/base/text.hpp"
#include "core/queue/retired.hpp"
#include "core/store/home_lock.hpp"
#include "core/store/known.hpp"
#include "core/wire/messages.hpp"

#include <boost/asio/signal_set.hpp>
#include <malloc.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace machiai::daemon {

namespace {

constexpr int exit_settings = 2;
constexpr int exit_refused = 3;

int refuse(int code, const base::Error& error) {
  spdlog::error("cannot start: {} ({} {})", wire::message(error.reason, "en"), error.reason, error.detail);
  return code;
}

/// Clinics' pages and the stations' link are served at one address.
std::string site_of(const sync::LinkSettings& link) {
  const std::string host = link.host.find(':') == std::string::npos ? link.host : "[" + link.host + "]";
  return "https://" + host + (link.port == "443" ? "" : ":" + link.port);
}

/// Also on a full disk: without the port nobody finds the hub.
base::Status tell_port(const store::Home& home, int port) {
  const std::string text = std::to_string(port) + "\n";
  auto told = store::write_file(home.port(), text, false);
  if (!told && store::drop_ballast(home)) told = store::write_file(home.port(), text, false);
  if (!told) told = store::overwrite_file(home.port(), text);
  return told;
}

/// What cannot be read is found again from the settings as they are.
queue::Clinic known_of(const store::Home& home) {
  auto known = store::load_known(home);
  if (known) return std::move(*known);
  spdlog::warn("data/known.json cannot be read: {}", known.error().reason);
  return {};
}

/// The ledger as it was read, with the clinic that it names.
struct Record {
  std::unique_ptr<queue::Clinic> clinic; ///< the ledger and the forecaster keep references to it
  store::Ledger ledger;
  Forecaster forecaster;
  store::Loaded loaded;
};

base::Result<store::Ledger> open_ledger(const store::Home& home, const queue::Clinic& clinic,
                                        store::Sync sync) {
  if (store::ledger_is_lost(home)) return base::fail(base::Error::Code::storage, "ledger_missing");
  auto ledger = store::Ledger::open(home.ledger().string(), clinic, sync);
  // Opening needs a few pages of its own; on a full disk the ballast gives them. SQLite does not always say
  // that it was the room it lacked; a file that is damaged or somebody else's needs none.
  const bool lacks_room =
      !ledger && (ledger.error().reason == "disk_full" || ledger.error().reason == "storage");
  if (lacks_room && store::drop_ballast(home))
    ledger = store::Ledger::open(home.ledger().string(), clinic, sync);
  return ledger;
}

/// `settings` learn what the record knows and clinic.toml does not say any more.
base::Result<Record> open_record(const store::Home& home, store::StationSettings& settings, store::Sync sync,
                                 base::Instant now) {
  const queue::Clinic known = known_of(home);
  queue::keep_retired(settings.clinic, known);
  auto clinic = std::make_unique<queue::Clinic>(settings.clinic);
  auto ledger = open_ledger(home, *clinic, sync);
  MACHIAI_TRY(ledger);
  Forecaster forecaster(*clinic);
  auto loaded =
      ledger->load([&](const queue::Day& day, const queue::Event& event) { forecaster.note(day, event); });
  MACHIAI_TRY(loaded);
  for (const std::string& id : queue::keep_prefixes(*clinic, known, loaded->day, now))
    spdlog::warn("clinic.toml: service {}: today's numbers are out; the new prefix waits for a start on "
                 "another day",
                 id);
  if (const auto saved = store::save_known(home, *clinic); !saved)
    spdlog::warn("the counters are not written down: {}", saved.error().reason);
  settings.clinic = *clinic;
  return Record{std::move(clinic), std::move(*ledger), std::move(forecaster), std::move(*loaded)};
}

} // namespace

int run(const Options& options) {
  // One thread works at a time: memory of several threads' own would only lie beside each other.
  ::mallopt(M_ARENA_MAX, 1);
  spdlog::set_default_logger(spdlog::stderr_logger_st("machiaid"));
  std::signal(SIGPIPE, SIG_IGN);
  const store::Home home{options.home};
  if (base::is_blank(options.home))
    return refuse(exit_settings, {base::Error::Code::invalid, "empty_value", "--home"});
  auto settings = store::load_settings(home);
  if (!settings) return refuse(exit_settings, settings.error());
  if (options.port >= 0) settings->hub_port = options.port;
  if (options.lan) settings->lan = *options.lan;
  auto enrolled = sync::load_enrolled(home);
  if (!enrolled) return refuse(exit_refused, enrolled.error());
  if (*enrolled) {
    settings->clinic.linked = true;
    settings->clinic.station = (*enrolled)->station;
  }
  // It holds nothing that is not made anew, so a backup may lack it.
  if (const auto made = store::make_folder(home.run()); !made) return refuse(exit_refused, made.error());
  const auto tokens = store::load_tokens(home);
  if (!tokens) return refuse(exit_refused, tokens.error());
  const auto lock = store::HomeLock::take(home.lock());
  if (!lock) return refuse(exit_refused, lock.error());
  const base::SystemClock clock;
  auto record = open_record(home, *settings, options.sync, clock.now());
  if (!record) return refuse(exit_refused, record.error());
  if (const auto ballast = store::fill_ballast(home); !ballast)
    spdlog::warn("no ballast: {}", ballast.error().reason);

  boost::asio::io_context loop(1);
  const int port = settings->hub_port;
  Station station(loop, clock, std::move(*settings), home, std::move(record->ledger),
                  std::move(record->loaded), std::move(record->forecaster), options.weakness);
  Devices devices(loop, clock, station, home);
  Signage signage(loop, clock, devices, station, home);
  Staff staff(loop, clock, signage, home);
  if (const auto read = staff.load(); !read) return refuse(exit_refused, read.error());
  hub::Server server(loop, clock, staff, {port, *tokens});
  Lan lan(loop, clock, home, server, devices);
  Printing printing(loop, clock, station);
  std::unique_ptr<Downloads> downloads;
  std::unique_ptr<Cloud> cloud;
  if (*enrolled) {
    auto fetches = Downloads::make(loop, clock, station, signage.media(), home, (*enrolled)->link.ca);
    if (!fetches) return refuse(exit_settings, fetches.error());
    downloads = std::move(*fetches);
    station.set_site(site_of((*enrolled)->link));
    auto made = Cloud::make(loop, clock, station, home, std::move(**enrolled));
    if (!made) return refuse(exit_refused, made.error());
    cloud = std::move(*made);
    cloud->set_downloads(*downloads);
  }
  station.set_effects({[&](const std::vector<std::string>& views) { server.changed(views); },
                       [&](const store::PrintRow& row) { printing.print(row); },
                       [&](std::uint64_t print) { printing.withdraw(print); },
                       [&] {
                         if (cloud) cloud->recorded();
                       }});
  signage.set_changed([&] { server.changed({"programme"}); });
  station.start();
  if (cloud) cloud->start(); // what it knows of the contract comes before the first film
  signage.start();
  if (downloads) downloads->start();
  const auto listening = server.listen();
  if (!listening) return refuse(exit_refused, listening.error());
  if (const auto told = tell_port(home, *listening); !told) return refuse(exit_refused, told.error());
  lan.start(station.settings().lan);
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code&, int) {
    server.stop();
    if (cloud) cloud->stop();
    if (downloads) downloads->stop();
    signage.stop();
    station.stop();
    loop.stop();
  });
  spdlog::info("serving on 127.0.0.1:{}", *listening);
  Turns(loop, station.writer()).run();
  printing.stop();
  lan.stop();
  ::unlink(home.port().c_str());
  spdlog::info("stopped");
  return 0;
}

} // namespace machiai::daemon
