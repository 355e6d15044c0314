// SPDX-License-Identifier: Apache-2.0
// machiai-forecast: replays past sessions and prints how good the forecasts would have been.
#include "app/forecast/replay.hpp"
#include "app/forecast/sessions.hpp"

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

constexpr int exit_usage = 2;
constexpr int exit_refused = 3;

using namespace machiai;
using forecasting::Outcomes;

std::string measures(const queue::Accuracy& a) {
  // With nothing forecast there is nothing to tell, and 0 would look like a perfect forecast.
  if (a.n == 0)
    return R"("mae_minutes":null,"coverage80":null,"median_width80_minutes":null,"late_over_10_share":null)";
  return fmt::format(
      R"("mae_minutes":{:.3f},"coverage80":{:.4f},"median_width80_minutes":{:.3f},"late_over_10_share":{:.4f})",
      a.mean_error, a.inside, a.median_width, a.late);
}

void append(std::vector<queue::Outcome>& all, const std::vector<queue::Outcome>& some) {
  all.insert(all.end(), some.begin(), some.end());
}

std::string all_methods(const Outcomes& o) {
  return fmt::format(R"({},"fixed":{{{}}},"rolling5":{{{}}},"n_forecasts":{},"n_withheld":{})",
                     measures(queue::accuracy(o.forecast)), measures(queue::accuracy(o.fixed)),
                     measures(queue::accuracy(o.rolling)), o.forecast.size(), o.withheld);
}

std::string report(const std::vector<forecasting::NamedSession>& sessions, const std::vector<Outcomes>& each,
                   bool per_session) {
  Outcomes all;
  std::string list;
  for (std::size_t i = 0; i < each.size(); ++i) {
    append(all.forecast, each[i].forecast);
    append(all.fixed, each[i].fixed);
    append(all.rolling, each[i].rolling);
    all.withheld += each[i].withheld;
    const std::string name = boost::json::serialize(boost::json::string(sessions[i].name));
    list += fmt::format("{}\n{{\"session\":{},{}}}", i == 0 ? "" : ",", name, all_methods(each[i]));
  }
  std::string text = fmt::format(R"({{{},"sessions":{})", all_methods(all), sessions.size());
  if (per_session) text += fmt::format(",\"per_session\":[{}]", list);
  return text + "}";
}

int run(const std::string& path, bool per_session) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    fmt::print(stderr, "machiai-forecast: {}: cannot be opened\n", path);
    return exit_refused;
  }
  const auto sessions = forecasting::read_sessions(in);
  if (!sessions) {
    fmt::print(stderr, "machiai-forecast: {}: {}\n", path, sessions.error());
    return exit_refused;
  }
  const std::string text = report(*sessions, forecasting::replay(*sessions), per_session);
  if (std::puts(text.c_str()) < 0 || std::fflush(stdout) != 0) return exit_refused;
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app("machiai-forecast: replays past sessions and prints how good the forecasts would have been");
  std::string path;
  bool per_session = false;
  bool json = true;
  app.set_version_flag("--version", "machiai-forecast " MACHIAI_VERSION);
  app.add_option("FILE", path, "comma-separated values: Session, AM_PM, Visit.No, StartTime, ServTime")
      ->required();
  app.add_flag("--json", json, "print JSON; it is the default");
  app.add_flag("--per-session", per_session, "also the figures of every session");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  return run(path, per_session);
}
