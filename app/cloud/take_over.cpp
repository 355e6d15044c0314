// SPDX-License-Identifier: Apache-2.0
#include "cloud/store/take_over.hpp"

#include "app/cloud/reach.hpp"
#include "core/base/clock.hpp"

#include <boost/json.hpp>

#include <charconv>
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

base::Result<store::OnPaper> on_paper(const std::vector<std::string>& all) {
  store::OnPaper above;
  for (const std::string& each : all) {
    const std::size_t equals = each.find('=');
    const std::string number = equals == std::string::npos ? each : each.substr(equals + 1);
    std::uint32_t n = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), n);
    if (error != std::errc{} || end != number.data() + number.size() || equals == 0)
      return base::fail(base::Error::Code::invalid, "bad_argument", "--above");
    above[equals == std::string::npos ? std::string{} : each.substr(0, equals)] = n;
  }
  return above;
}

} // namespace

int take_over(const Options& options, const std::string& facility, bool though_linked,
              const std::vector<std::string>& above) {
  const base::SystemClock clock;
  return beside_serving(options, [&](pqxx::connection& connection) {
    const auto paper = on_paper(above);
    if (!paper) return refuse(exit_usage, paper.error());
    const auto done = store::take_over(connection, facility, though_linked, *paper, clock.now());
    if (!done) return refuse(code_of(done.error()), done.error());
    std::printf("%s\n", json::serialize(in_words(*done)).c_str());
    return exit_done;
  });
}

} // namespace machiai::cloud
