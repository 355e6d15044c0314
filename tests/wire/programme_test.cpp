// SPDX-License-Identifier: Apache-2.0
// A programme's JSON: what is read, what is refused and where, and the bytes that are signed.
#include "core/wire/messages.hpp"
#include "core/wire/programme.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace machiai;
using namespace machiai::wire;
namespace json = boost::json;

namespace {

json::object whole() {
  return json::parse(R"({"format":1,"facility":"minato","programme":"p","version":1,
    "period":{"from":"2026-12-01","to":"2026-12-31"},"deadline":"2026-11-25T18:00:00+09:00",
    "items":[{"id":"a","kind":"ad","title":"t","sha256":"x","seconds":15,"sponsor":"s",
              "rights":[{"from":"2026-12-01","to":"2026-12-02","days":["sun","holiday"],"hours":["9:00-12:30"]}]}],
    "slots":[{"id":"s","from":"08:30","to":"24:00","when":"open","order":"weighted",
              "items":[{"item":"a","weight":3},"a"],"ad_share":7,"ads":["a"]}],
    "exceptions":[{"date":"2026-12-29","slots":["s"]}],"substitute":["a"]})")
      .as_object();
}

std::string where(const json::object& document) {
  const auto read = programme_from_json(document);
  return read ? "" : read.error().detail;
}

} // namespace

TEST_CASE("a whole document is read") {
  const auto p = programme_from_json(whole());
  REQUIRE(p);
  CHECK(p->slots[0].hours.from == 510);
  CHECK(p->slots[0].hours.to == 1440);
  CHECK(p->slots[0].when == programme::When::open);
  CHECK(p->slots[0].order == programme::Order::weighted);
  CHECK(p->slots[0].items[0].weight == 3);
  CHECK(p->slots[0].items[1].weight == 1);
  CHECK(p->items[0].rights[0].days == (programme::holiday | 1U));
  CHECK(p->items[0].rights[0].hours[0] == programme::Hours{540, 750});
  CHECK(p->exceptions[0].slots == std::vector<std::string>{"s"});
}

TEST_CASE("a whole number may be written as a fraction, as by a spreadsheet, and is signed as JSON's rules "
          "have it") {
  json::object document = whole();
  document["version"] = 3.0;
  const auto p = programme_from_json(document);
  REQUIRE(p);
  CHECK(p->version == 3);
  CHECK(*canonical({{"a", 3.0}, {"b", -0.0}, {"c", 9007199254740992.0}}) ==
        R"({"a":3,"b":0,"c":9007199254740992})");
  CHECK_FALSE(canonical({{"a", 9007199254740994.0}}).has_value());
  CHECK(readable({{"a", 3.0}}) == "{\n  \"a\": 3\n}\n");
}

TEST_CASE("the place of the first mistake is told") {
  const auto with = [](auto change) {
    json::object document = whole();
    change(document);
    return where(document);
  };
  CHECK(with([](json::object& d) { d["format"] = 2; }) == "format");
  CHECK(with([](json::object& d) { d.erase("version"); }) == "version");
  CHECK(with([](json::object& d) { d["version"] = 1.5; }) == "version");
  CHECK(with([](json::object& d) { d["extra"] = 1; }) == "extra");
  CHECK(with([](json::object& d) { d["deadline"] = "soon"; }) == "deadline");
  CHECK(with([](json::object& d) { d["items"] = 7; }) == "items");
  const auto in_item = [&](auto change) {
    return with([&](json::object& d) { change(d["items"].as_array()[0].as_object()); });
  };
  CHECK(in_item([](json::object& i) { i["kind"] = "film"; }) == "items/0/kind");
  CHECK(in_item([](json::object& i) { i["seconds"] = "15"; }) == "items/0/seconds");
  CHECK(in_item([](json::object& i) {
          i["rights"].as_array()[0].as_object()["days"] = json::array{"Monday"};
        }) == "items/0/rights/0/days");
  CHECK(in_item([](json::object& i) { i["rights"].as_array()[0].as_object()["hours"] = json::array{"9"}; }) ==
        "items/0/rights/0/hours");
  const auto in_slot = [&](auto change) {
    return with([&](json::object& d) { change(d["slots"].as_array()[0].as_object()); });
  };
  CHECK(in_slot([](json::object& s) { s["to"] = "24:01"; }) == "slots/0/to");
  CHECK(in_slot([](json::object& s) { s["when"] = "never"; }) == "slots/0/when");
  CHECK(in_slot([](json::object& s) { s["items"] = json::array{7}; }) == "slots/0/items/0");
}

TEST_CASE("every mistake of the form is told, each place once") {
  CHECK(form_faults(whole()).empty());
  json::object document = whole();
  document["format"] = 2;
  document["extra"] = 1;
  document["version"] = "x";
  document["period"] = 7; // and so nothing of what lies in it
  document["deadline"] = nullptr;
  document["items"].as_array()[0].as_object()["seconds"] = 1.5;
  document["items"].as_array().push_back("a");
  document["slots"].as_array()[0].as_object()["from"] = 8;
  document["slots"].as_array()[0].as_object()["to"] = "25:00";
  document.erase("exceptions");
  document["substitute"] = json::array{1, 2};
  std::string told;
  for (const programme::Fault& fault : form_faults(document)) told += fault.where + " " + fault.reason + "\n";
  CHECK(told == "extra unknown_member\nformat bad_value\nversion bad_value\nperiod bad_value\n"
                "deadline bad_value\nitems/0/seconds bad_value\nitems/1 bad_value\nslots/0/from bad_value\n"
                "slots/0/to bad_value\nsubstitute bad_value\n");
  document.erase("slots");
  CHECK(form_faults(document).back().where == "substitute");
  CHECK(form_faults({{"format", 1}}).size() == 7);
  CHECK(form_faults({{"format", 1}})[0].reason == "missing");
  for (int i = 0; i < 5000; ++i) document["extra" + std::to_string(i)] = i;
  CHECK(form_faults(document).size() == 1000);
}

TEST_CASE("the signed bytes follow RFC 8785") {
  // Members in order, no white space, the short escapes, the rest as UTF-8; the signature stands outside.
  const auto text =
      canonical(json::parse(R"({"b":[1,true,null,-5],"a":"\u20ac\u0001\n\"\\/歯","signature":{"x":1},
                                              "A":{}})")
                    .as_object());
  REQUIRE(text);
  CHECK(*text == "{\"A\":{},\"a\":\"€\\u0001\\n\\\"\\\\/歯\",\"b\":[1,true,null,-5]}");
  CHECK(canonical(json::parse(R"({"a":1.5})").as_object()).error().detail == "number");
  CHECK_FALSE(canonical(json::parse(R"({"a":9007199254740993})").as_object()).has_value());
}

TEST_CASE("a review goes there and back") {
  const programme::Review review{"p",
                                 3,
                                 base::parse_iso_instant("2026-11-20T09:00:00.250+09:00"),
                                 "sato",
                                 {{"day", "a", "b"}, {"", "c", "d"}}};
  const auto back = review_from_json(json::value(review_to_json(review)));
  REQUIRE(back);
  CHECK(back->approved == review.approved);
  CHECK(back->swaps == review.swaps);
  CHECK(back->by == "sato");
  CHECK_FALSE(review_from_json(json::parse(R"({"programme":"p"})")).has_value());
}

TEST_CASE("each reason of an explanation has words of its own, in both languages") {
  std::vector<std::string> reasons{"airing",    "unknown_item", "not_approved", "outside_right",
                                   "not_ready", "not_in_slot",  "swapped",      "other_turn"};
  // All of what_plays but the first, which is "airing" here.
  for (int i = 1; i <= static_cast<int>(programme::Reason::paused); ++i)
    reasons.emplace_back(programme::reason_name(static_cast<programme::Reason>(i)));
  std::set<std::string> all;
  for (const std::string& reason : reasons)
    for (const char* lang : {"ja", "en"}) {
      INFO(reason << ' ' << lang);
      const auto told = explanation_to_json("x", {{reason}, {}});
      const std::string words(told.at("words").at(lang).as_string());
      CHECK(words != message("no such reason", lang)); // the general sentence
      all.insert(words);
    }
  CHECK(all.size() == 2 * std::set<std::string>(reasons.begin(), reasons.end()).size());
  // Control: without words of its own it would be the general one.
  CHECK(explanation_to_json("x", {{"ghost"}, {}}).at("words").at("en").as_string() ==
        boost::json::string(message("ghost", "en")));
}
