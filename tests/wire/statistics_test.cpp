// SPDX-License-Identifier: Apache-2.0
#include "core/wire/statistics.hpp"

#include <catch2/catch.hpp>

using namespace machiai;

namespace {

wire::DayRow day(const char* date, std::vector<double> waits, int printed) {
  wire::DayRow row;
  row.count.date = *base::parse_iso_date(date);
  row.count.services = {{"naika", 4, 3, 1, 0, 2, {{"return", 4}}, std::move(waits)},
                        {"shouni", 1, 1, 0, 0, 0, {{"first", 1}}, {60}}};
  row.count.rooms = {{"1", 3, 21.26}, {"2", 0, 0}};
  row.prints = {printed, 1, 2};
  return row;
}

} // namespace

TEST_CASE("a table has each service, each room and the slips of a date once") {
  CHECK(wire::statistics_csv({day("2026-11-24", {10, 20, 30.04}, 5)}) ==
        "date,of,name,taken,done,cancelled,no_show,absences,wait_median_min,wait_90_min,visits,visit_min,"
        "printed,print_failed,reprinted\r\n"
        "2026-11-24,service,naika,4,3,1,0,2,20.0,30.0,,,,,\r\n"
        "2026-11-24,service,shouni,1,1,0,0,0,60.0,60.0,,,,,\r\n"
        "2026-11-24,room,1,,,,,,,,3,21.3,,,\r\n"
        "2026-11-24,room,2,,,,,,,,0,0.0,,,\r\n"
        "2026-11-24,slips,,,,,,,,,,,5,1,2\r\n");
}

TEST_CASE("where nobody was called the table has no wait, instead of one of nothing") {
  auto row = day("2026-11-24", {}, 5);
  CHECK(wire::statistics_csv({row}).find("naika,4,3,1,0,2,,,,,,,\r\n") != std::string::npos);
}

TEST_CASE("a span's total is of all its waits, not a mean of the days' medians") {
  const auto told =
      wire::statistics_to_json({day("2026-11-24", {10, 10, 10}, 5), day("2026-11-25", {50}, 6)});
  const auto& total = told.at("total").as_object();
  CHECK(total.at("services").at(0).at("wait").at("median").to_number<double>() == 10);
  CHECK(total.at("services").at(0).at("taken").to_number<int>() == 8);
  CHECK(total.at("wait").at("n").to_number<int>() == 6);
  CHECK(total.at("printed").to_number<int>() == 11);
  CHECK(total.at("print_failed").to_number<int>() == 2);
  CHECK(total.at("reprinted").to_number<int>() == 4);
  CHECK(total.at("rooms").at(0).at("visits").to_number<int>() == 6);
  const auto& second = told.at("days").at(1).as_object();
  CHECK(second.at("date").as_string() == "2026-11-25");
  CHECK(second.at("wait").at("n").to_number<int>() == 2);
  CHECK(second.at("wait").at("median").to_number<double>() == 60);
}
