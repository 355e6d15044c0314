// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/take_over.hpp"

#include "app/cloud/reach.hpp"
#include "core/base/clock.hpp"

#include <boost/json.hpp>

#include <cstdio>

namespace machiai::cloud {

namespace json = boost::json;

namespace {

json::object in_words(const store::TakenOver& done) {
  json::array lost;
  for (const store::LostNumbers& each : done.lost)
    lost.push_back(json::object{{"date", base::iso_date(each.date)},
                                {"service", each.service},
                                {"from", each.from},
                                {"to", each.to}});
  const bool known = done.heard > base::Instant{};
  return {{"code", done.code.substr(0, 5) + "-" + done.code.substr(5)},
          {"station", done.station},
          {"record", done.record},
          {"heard", known ? json::value(base::iso_instant(done.heard)) : json::value(nullptr)},
          {"handed_on", done.handed_on},
          {"lost", std::move(lost)}};
}

} // namespace

int take_over(const Options& options, const std::string& facility, bool though_linked) {
  const base::SystemClock clock;
  return beside_serving(options, [&](pqxx::connection& connection) {
    const auto done = store::take_over(connection, facility, though_linked, clock.now());
    if (!done) return refuse(exit_refused, done.error());
    std::printf("%s\n", json::serialize(in_words(*done)).c_str());
    return exit_done;
  });
}

} // namespace machiai::cloud
