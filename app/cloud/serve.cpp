// SPDX-License-Identifier: Apache-2.0
#include "app/cloud/serve.hpp"

#include "app/cloud/reach.hpp"
#include "app/cloud/settings.hpp"
#include "cloud/cluster.hpp"
#include "cloud/files.hpp"
#include "cloud/mailer.hpp"
#include "cloud/near.hpp"
#include "cloud/node.hpp"
#include "cloud/routes.hpp"
#include "cloud/server.hpp"
#include "cloud/store/facilities.hpp"
#include "cloud/store/restored.hpp"
#include "cloud/store/schema.hpp"
#include "cloud/token.hpp"
#include "core/base/text.hpp"
#include "core/store/home_lock.hpp"
#include "core/store/station.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <thread>

namespace machiai::cloud {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using base::Error;
using base::Result;

constexpr int workers = 4;
constexpr auto away_limit = std::chrono::seconds{15};

fs::path run_dir(const Options& options) {
  return fs::path(options.home) / "run";
}
fs::path facilities_file(const Options& options) {
  return fs::path(options.home) / "facilities.json";
}

/// As many descriptors as we may have: each viewer is one.
void raise_limits() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/// Names that the server's certificate covers: this machine, what is listened on, what stations are told.
std::vector<std::string> names_of(const Options& options, const Door& door) {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  const auto host = [](std::string told) {
    if (const std::size_t scheme = told.find("://"); scheme != std::string::npos)
      told = told.substr(scheme + 3);
    return told.substr(0, told.find_first_of(":/"));
  };
  for (const std::string& each : {door.host, host(options.address), host(options.media_address)})
    if (!each.empty() && each != "0.0.0.0" && each != "::" && base::is_plain_id(each, 250) &&
        std::find(names.begin(), names.end(), each) == names.end())
      names.push_back(each);
  return names;
}

/// Opens the database once it answers; a private cluster or a failing-over one may need a moment.
Result<std::unique_ptr<pqxx::connection>> reach(const std::string& url) {
  const auto until = std::chrono::steady_clock::now() + away_limit;
  for (;;) {
    auto connection = store::open(url);
    if (connection || std::chrono::steady_clock::now() > until) return connection;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
}

base::Status prepare_database(const Options& options, const std::string& url, const std::string& card_key,
                              base::Instant now) {
  auto connection = reach(url);
  MACHIAI_TRY(connection);
  MACHIAI_TRY(store::migrate(**connection, now));
  std::error_code error;
  if (!fs::exists(facilities_file(options), error)) return {};
  const auto text = machiai::store::read_file(facilities_file(options));
  MACHIAI_TRY(text);
  return store::add_facilities(**connection, *text, card_key, now);
}

/// What stations and browsers are told.
std::string address_of(const Options& options, const Door& door, int port) {
  std::string address = options.address;
  if (address.empty()) address = "https://" + door.host + ":" + std::to_string(port);
  while (address.ends_with('/')) address.pop_back(); // paths are put behind it
  return address;
}

/// 0: there is none.
int number_in(const fs::path& file) {
  const auto text = machiai::store::read_file(file);
  int number = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

/// "Any free port" is the same one at every start: stations, slips and phones hold it in their addresses.
base::Result<int> listen(Server& server, Door door, const Options& options) {
  if (door.port != 0) return server.listen(door);
  const fs::path file = fs::path(options.home) / "port";
  const int known = number_in(file);
  door.port = known;
  auto port = server.listen(door);
  if (!port && known != 0 && port.error().reason == "port_in_use") {
    spdlog::warn("port {}, which stations and phones know, is in use; another is taken until it is free",
                 known);
    door.port = 0;
    port = server.listen(door);
  }
  if (port && known == 0) MACHIAI_TRY(machiai::store::write_durable_file(file, std::to_string(*port) + "\n"));
  return port;
}

struct Tells {
  int port = 0;
  std::string host;
};

base::Status tell(const Options& options, const Tells& tells) {
  MACHIAI_TRY(
      machiai::store::write_file(run_dir(options) / "port", std::to_string(tells.port) + "\n", false));
  return machiai::store::write_file(run_dir(options) / "ca",
                                    (fs::absolute(options.home) / "tls" / "ca.pem").string() + "\n", false);
}

} // namespace

int init(const Options& options, bool example) {
  set_up_log();
  const fs::path home(options.home);
  std::error_code error;
  if (fs::exists(card_key_file(options), error))
    return refuse(exit_refused, {Error::Code::conflict, "home_in_use", {}});
  if (fs::exists(home / "clinic.toml", error))
    return refuse(exit_refused, {Error::Code::conflict, "home_of_station", options.home});
  for (const fs::path& each : {run_dir(options), home / "keys", home / "tls"})
    if (const auto made = machiai::store::make_folder(each); !made) return refuse(exit_refused, made.error());
  fs::permissions(home, fs::perms::owner_all, error);
  fs::permissions(home / "keys", fs::perms::owner_all, error);
  const base::SystemClock clock;
  if (const auto made = Authority::open(home, {"localhost", "127.0.0.1", "::1"}, clock.now()); !made)
    return refuse(exit_refused, made.error());
  if (example)
    if (const auto written =
            machiai::store::write_file(facilities_file(options), example_facilities(), false);
        !written)
      return refuse(exit_refused, written.error());
  if (const auto key = media_key(media_key_file(options), random_bytes(32)); !key)
    return refuse(exit_refused, key.error());
  // The key last: with it the home is whole.
  if (const auto written =
          machiai::store::write_durable_file(card_key_file(options), hex_name(random_bytes(32)) + "\n");
      !written)
    return refuse(exit_refused, written.error());
  return exit_done;
}

namespace {

/// The database while nobody serves it, brought to the last migration; `work` then has it.
template <class Work> int with_database(const Options& options, const base::Clock& clock, Work work) {
  set_up_log();
  Cluster cluster(options.home);
  std::optional<machiai::store::HomeLock> lock;
  std::string url = options.database;
  if (url.empty()) {
    std::error_code error;
    if (!fs::exists(card_key_file(options), error))
      return refuse(exit_usage, {Error::Code::not_found, "no_cloud_home", options.home});
    if (const auto made = machiai::store::make_folder(run_dir(options)); !made)
      return refuse(exit_refused, made.error());
    auto taken = machiai::store::HomeLock::take(run_dir(options) / "lock");
    if (!taken) return refuse(exit_refused, taken.error());
    lock.emplace(std::move(*taken));
    if (const auto started = cluster.start(); !started) return refuse(exit_not_reachable, started.error());
    url = *Cluster::url(options.home);
  }
  auto connection = reach(url);
  if (!connection) return refuse(exit_not_reachable, connection.error());
  const auto reached = store::migrate(**connection, clock.now());
  if (!reached) return refuse(code_of(reached.error()), reached.error());
  return work(**connection, *reached);
}

/// The generation outlives the database beside it: a backup that is put back twice must not come twice to the
/// same one.
fs::path generation_file(const Options& options) {
  return fs::path(options.home) / "generation";
}

} // namespace

int migrate(const Options& options) {
  const base::SystemClock clock;
  return with_database(options, clock, [](pqxx::connection&, int reached) {
    std::printf("%d\n", reached);
    return exit_done;
  });
}

int restored(const Options& options, int generation) {
  const base::SystemClock clock;
  return with_database(options, clock, [&](pqxx::connection& connection, int) {
    try {
      const int above = std::max(number_in(generation_file(options)), generation - 1);
      const auto given = store::restored(connection, above, clock.now(), [&](int made) {
        return machiai::store::write_durable_file(generation_file(options), std::to_string(made) + "\n");
      });
      if (!given) return refuse(exit_refused, given.error());
      std::printf("%d\n", *given);
      return exit_done;
    } catch (const std::exception&) {
      return refuse(exit_not_reachable, {Error::Code::device, "database_away", {}});
    }
  });
}

int routes() {
  for (const Routes::Route& each : Routes::all())
    std::printf("%.*s %.*s\n", static_cast<int>(each.method.size()), each.method.data(),
                static_cast<int>(each.path.size()), each.path.data());
  return exit_done;
}

int settle(const Options& options, const std::string& facility) {
  return beside_serving(options, [&](pqxx::connection& connection) {
    const auto settled = store::settle(connection, facility);
    return settled ? exit_done : refuse(exit_refused, settled.error());
  });
}

int enrol_code(const Options& options, const std::string& facility) {
  const base::SystemClock clock;
  return beside_serving(options, [&](pqxx::connection& connection) {
    const auto code = store::make_code(connection, facility, clock.now());
    if (!code) return refuse(exit_refused, code.error());
    std::printf("%s-%s\n", code->substr(0, 5).c_str(), code->substr(5).c_str());
    return exit_done;
  });
}

namespace {

struct Keys {
  std::string card;  ///< of the cards' hashes
  std::string media; ///< of signed addresses
};

/// Once an hour: whoever serves for a year without a restart is not to show a certificate that has ended.
void renew_in_time(Authority& authority, const Options& options, const Door& door, base::Instant now,
                   base::Instant& looked) {
  if (now >= looked && now - looked < std::chrono::hours{1}) return;
  looked = now;
  const auto renewed = authority.renew(options.home, names_of(options, door), now);
  if (!renewed) spdlog::warn("the server's certificate was not renewed: {}", renewed.error().reason);
  if (renewed && *renewed) spdlog::info("the server's certificate was renewed");
}

/// Everything of a serving process, in the order in which it is taken down again.
int run(const Options& options, const Door& door, const std::optional<SmtpServer>& smtp, Cluster& cluster,
        const std::string& url, const Keys& keys) {
  const base::SystemClock clock;
  auto authority = Authority::open(options.home, names_of(options, door), clock.now());
  if (!authority) return refuse(exit_refused, authority.error());
  asio::io_context loop(1);
  store::Database database(loop, url, workers);
  Node node(loop, clock, database, *authority, keys.card);
  node.media = {media_dir(options), keys.media, options.media_address};
  Links links(node);
  std::optional<Mailer> mailer;
  if (smtp) mailer.emplace(node, *smtp, options.mail_from);
  node.mail = smtp.has_value();
  node.on_change = [&](int facility) { links.changed(facility); };
  Routes routes(node, links, Site::load(options.site.empty() ? MACHIAI_SITE : options.site), {});
  Server server(loop, clock, options.plain ? nullptr : authority->context().get(),
                [&](Request& request) { return routes.answer(request); });
  int outcome = exit_done;
  const auto stop = [&](int code) {
    outcome = code;
    server.stop();
    links.stop();
    if (mailer) mailer->stop();
    node.stop();
    loop.stop();
  };
  asio::steady_timer watch(loop);
  base::Instant looked = clock.now();
  std::function<void()> keep = [&] {
    if (options.database.empty()) cluster.keep();
    renew_in_time(*authority, options, door, clock.now(), looked);
    watch.expires_after(std::chrono::milliseconds{200});
    watch.async_wait([&](const boost::system::error_code& error) {
      if (!error) keep();
    });
  };
  asio::co_spawn(
      loop,
      [&]() -> asio::awaitable<void> {
        const auto started = co_await node.start();
        if (!started) co_return stop(refuse(exit_not_reachable, started.error()));
        const auto port = listen(server, door, options);
        if (!port) co_return stop(refuse(code_of(port.error()), port.error()));
        const std::string address = address_of(options, door, *port);
        if (node.media.address.empty()) node.media.address = address;
        if (mailer) mailer->start(address);
        routes.set_link_address("wss" + address.substr(address.find(':')) + "/v1/link");
        if (const auto told = tell(options, {*port, door.host}); !told)
          co_return stop(refuse(exit_refused, told.error()));
        spdlog::info("serving on {}:{}", door.host, *port);
      },
      asio::detached);
  asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) stop(exit_done);
  });
  keep();
  loop.run();
  database.stop();
  ::unlink((run_dir(options) / "port").c_str());
  return outcome;
}

} // namespace

int serve(const Options& options) {
  set_up_log();
  raise_limits();
  auto door = parse_door(options.listen);
  if (!door) return refuse(exit_usage, door.error());
  if (const auto added = add_proxies(options, *door); !added) return refuse(exit_usage, added.error());
  if (!is_origin(options.address))
    return refuse(exit_usage, {Error::Code::invalid, "bad_cloud_address", "--address"});
  if (!is_base(options.media_address))
    return refuse(exit_usage, {Error::Code::invalid, "bad_argument", "--media-address"});
  const auto smtp = parse_smtp(options); // before anything is made: a log-in that others can read ends it
  if (!smtp) return refuse(exit_usage, smtp.error());
  auto card_key = machiai::store::read_file(card_key_file(options));
  if (!card_key) return refuse(exit_usage, {Error::Code::not_found, "no_cloud_home", options.home});
  // It holds nothing that is not made anew, so a backup may lack it.
  if (const auto made = machiai::store::make_folder(run_dir(options)); !made)
    return refuse(exit_refused, made.error());
  const auto lock = machiai::store::HomeLock::take(run_dir(options) / "lock");
  if (!lock) return refuse(exit_refused, lock.error());
  const auto files_key = media_key(media_key_file(options), *card_key);
  if (!files_key) return refuse(code_of(files_key.error()), files_key.error());
  Cluster cluster(options.home);
  std::string url = options.database;
  if (url.empty()) {
    if (const auto started = cluster.start(); !started) return refuse(exit_not_reachable, started.error());
    const auto own = Cluster::url(options.home);
    if (!own) return refuse(exit_not_reachable, own.error());
    url = *own;
  }
  const base::SystemClock clock;
  if (const auto ready = prepare_database(options, url, *card_key, clock.now()); !ready)
    return refuse(code_of(ready.error()), ready.error());
  return run(options, *door, *smtp, cluster, url, {*card_key, *files_key});
}

} // namespace machiai::cloud
