// SPDX-License-Identifier: Apache-2.0
#include "core/wire/acceptance.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include <functional>

using namespace machiai;
namespace json = boost::json;

namespace {

queue::AcceptanceView told() {
  queue::AcceptanceView view{"2026-11-24", base::instant_from_ms(1795483920000), false, {}};
  view.services.push_back(
      {"naika", true, "", "", "", "11:30", {"6:00-11:30", "14:00-24:00"}, 60, 34, 12, 5, 2, "18:00"});
  view.services.push_back(
      {"shouni", false, "booking_full_remote", "6:00", "2026-11-25", "", {}, 40, 35, 21, 5, 5, ""});
  return view;
}

/// The document with one member of its first service turned into something else.
std::string with(const char* name, json::value value) {
  json::object document = json::parse(wire::acceptance_document_of(told()).body).as_object();
  document["services"].as_array()[0].as_object()[name] = std::move(value);
  return json::serialize(document);
}

} // namespace

TEST_CASE("what is taken from outside goes through a frame of the link as it is") {
  const wire::LinkFrame frame = wire::acceptance_document_of(told());
  const auto back = wire::link_from_json(wire::link_to_json(frame), wire::LinkEnd::cloud);
  REQUIRE(back);
  const auto& document = std::get<wire::LinkDocument>(*back);
  REQUIRE(document.name == wire::acceptance_document);
  REQUIRE(document.version == 1795483920000);
  const auto view = wire::acceptance_from_text(document.body);
  REQUIRE(view);
  REQUIRE(*view == told());
}

TEST_CASE("only the station itself knows whether it is so now") {
  auto view = told();
  view.current = true;
  REQUIRE_FALSE(wire::acceptance_from_text(wire::acceptance_document_of(view).body)->current);
  json::object document = json::parse(wire::acceptance_document_of(view).body).as_object();
  document["current"] = true;
  REQUIRE_FALSE(wire::acceptance_from_text(json::serialize(document))->current);
}

TEST_CASE("a document that is not right is refused whole, with its first wrong field") {
  REQUIRE(wire::acceptance_from_text(with("cap", 60)));
  const std::pair<const char*, json::value> bad[] = {{"service", "../x"},
                                                     {"service", ""},
                                                     {"reason", "closed"},
                                                     {"opens_at", "25:00"},
                                                     {"opens_at", "<b>"},
                                                     {"opens_on", "today"},
                                                     {"closes_at", "11:30:00"},
                                                     {"windows", {"6:00"}},
                                                     {"windows", {"9-8"}},
                                                     {"cap", -1},
                                                     {"given", 1'000'001},
                                                     {"booked", -5},
                                                     {"walk_ins", -1},
                                                     {"walk_ins_rule", -1},
                                                     {"every", 1},
                                                     {"every_rule", 51},
                                                     {"absence_back", -1},
                                                     {"absence_times", 1'000'001},
                                                     {"windows", {"6:00-8:00,9:00-10:00"}},
                                                     {"through_by", "18"}};
  for (const auto& [name, value] : bad) {
    CAPTURE(name);
    const auto read = wire::acceptance_from_text(with(name, value));
    REQUIRE_FALSE(read);
    REQUIRE(read.error().reason == "bad_document");
    REQUIRE(read.error().detail == name);
  }
  for (const char* text : {"", "[]", "{", "{}", R"({"date":"x"})"})
    REQUIRE(wire::acceptance_from_text(text).error().reason == "bad_document");
  REQUIRE_FALSE(wire::acceptance_from_text(with("cap", "sixty")));
}

TEST_CASE("neither a crowd of services nor one of windows is taken in") {
  auto view = told();
  view.services.resize(65, view.services.front());
  REQUIRE(wire::acceptance_from_text(wire::acceptance_document_of(view).body).error().detail == "services");
  view = told();
  view.services.front().windows.resize(25, "6:00-7:00");
  REQUIRE(wire::acceptance_from_text(wire::acceptance_document_of(view).body).error().detail == "windows");
}
