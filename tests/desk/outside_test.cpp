// SPDX-License-Identifier: Apache-2.0
// What is taken from outside, at the desk.
#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::desk;
namespace json = boost::json;

namespace {

queue::DeskView linked(queue::OutsideView told = {}) {
  auto view = sample_view();
  view.link = {true, true, "", {}};
  told.service = "naika";
  view.outside =
      queue::AcceptanceView{"2026-11-24", base::instant_from_ms(sample_now - 25 * 60'000), true, {told}};
  return view;
}

queue::OutsideView open_until_noon() {
  queue::OutsideView told;
  told.open = true;
  told.closes_at = "12:00";
  told.windows = {"6:00-12:00"};
  told.cap = 60;
  told.given = 34;
  told.booked = 12;
  told.walk_ins = told.walk_ins_rule = 5;
  return told;
}

OutsideTab tab_of(const queue::DeskView& view) {
  return composed(view, sample_glass_at(view)).services.front().outside;
}

std::optional<json::object> sent(const queue::DeskView& view, const char* name, bool reachable = true) {
  const Step step = touched(&view, reachable, sample_glass_at(view), name);
  if (!step.order) return std::nullopt;
  REQUIRE(step.order->command == "walk_ins");
  return step.order->args;
}

} // namespace

TEST_CASE("what the cloud tells stands in the counter's row") {
  const auto tab = tab_of(linked(open_until_noon()));
  CHECK(tab.known);
  CHECK(tab.open);
  CHECK(tab.closes_at == "12:00");
  CHECK(tab.windows == std::vector<std::string>{"6:00-12:00"});
  CHECK(tab.cap == 60);
  CHECK(tab.given == 34);
  CHECK(tab.booked == 12);
  CHECK(tab.held == 5);
  CHECK_FALSE(tab.held_here);
  CHECK(tab.as_of.empty());
}

TEST_CASE("nothing told is not known, and no key is free") {
  auto view = linked();
  view.outside.reset();
  CHECK_FALSE(tab_of(view).known);
  CHECK_FALSE(sent(view, "walk-ins-more-naika"));
  CHECK_FALSE(sent(view, "walk-ins-less-naika"));
  // Another counter's word is not this one's.
  view = linked(open_until_noon());
  view.outside->services.front().service = "shouni";
  CHECK_FALSE(tab_of(view).known);
}

TEST_CASE("without a link its age is told") {
  auto view = linked(open_until_noon());
  view.outside->current = false;
  CHECK(tab_of(view).as_of == "10:07");
  CHECK_FALSE(tab_of(view).unheard);
  view.exceptions = {{"naika", "walk_ins", "9"}};
  CHECK(tab_of(view).held == 9);
  CHECK(tab_of(view).unheard);
  view.exceptions = {{"naika", "remote", "closed"}}; // a stop that has not got there
  CHECK(tab_of(view).unheard);
  view.outside->services.front().open = false;
  view.outside->services.front().reason = "booking_stopped";
  CHECK_FALSE(tab_of(view).unheard);
  view.exceptions = {{"naika", "walk_ins", "9"}};
  view.outside->current = true; // what is on its way is there in a moment
  CHECK_FALSE(tab_of(view).unheard);
}

TEST_CASE("one place more or less is held, from what the desk has set or the rules say") {
  auto view = linked(open_until_noon());
  CHECK(sent(view, "walk-ins-more-naika") == json::object{{"service", "naika"}, {"places", 6}});
  CHECK(sent(view, "walk-ins-less-naika") == json::object{{"service", "naika"}, {"places", 4}});
  view.exceptions = {{"naika", "walk_ins", "7"}};
  CHECK(tab_of(view).held_here);
  CHECK(sent(view, "walk-ins-more-naika") == json::object{{"service", "naika"}, {"places", 8}});
  CHECK_FALSE(sent(view, "walk-ins-more-naika", false));
}

TEST_CASE("back at what the rules say nothing is different today") {
  auto view = linked(open_until_noon());
  view.exceptions = {{"naika", "walk_ins", "6"}};
  CHECK(sent(view, "walk-ins-less-naika") == json::object{{"service", "naika"}, {"places", -1}});
  view.exceptions = {{"naika", "walk_ins", "4"}};
  CHECK(sent(view, "walk-ins-more-naika") == json::object{{"service", "naika"}, {"places", -1}});
}

TEST_CASE("no place is held below none, above the cap, or without one") {
  auto told = open_until_noon();
  told.walk_ins_rule = 0;
  CHECK_FALSE(sent(linked(told), "walk-ins-less-naika"));
  told.walk_ins_rule = 60;
  CHECK_FALSE(sent(linked(told), "walk-ins-more-naika"));
  told.cap = 500;
  told.walk_ins_rule = 200;
  CHECK_FALSE(sent(linked(told), "walk-ins-more-naika"));
  told.cap = told.walk_ins_rule = 0;
  CHECK_FALSE(sent(linked(told), "walk-ins-more-naika"));
  auto view = linked(told);
  view.exceptions = {{"naika", "walk_ins", "3"}}; // held before the cap was taken away
  CHECK(sent(view, "walk-ins-less-naika") == json::object{{"service", "naika"}, {"places", 2}});
}

TEST_CASE("without a cap the keys set of how many places one is kept for walk-ins") {
  auto told = open_until_noon();
  told.cap = told.walk_ins = told.walk_ins_rule = 0;
  auto view = linked(told);
  CHECK_FALSE(sent(view, "walk-ins-more-naika")); // an earlier cloud would tell phones too little
  view.outside->services.front().every = 0;
  view.outside->services.front().every_rule = 0;
  CHECK(tab_of(view).sets_every);
  CHECK_FALSE(sent(view, "walk-ins-less-naika"));
  CHECK(sent(view, "walk-ins-more-naika") ==
        json::object{{"service", "naika"}, {"places", -1}, {"every", 10}});
  view.exceptions = {{"naika", "every", "3"}};
  CHECK(tab_of(view).every == 3);
  CHECK(tab_of(view).every_here);
  CHECK(sent(view, "walk-ins-more-naika") ==
        json::object{{"service", "naika"}, {"places", -1}, {"every", 2}});
  CHECK(sent(view, "walk-ins-less-naika") ==
        json::object{{"service", "naika"}, {"places", -1}, {"every", 4}});
  view.exceptions = {{"naika", "every", "7"}}; // set elsewhere
  CHECK(sent(view, "walk-ins-more-naika") ==
        json::object{{"service", "naika"}, {"places", -1}, {"every", 6}});
  CHECK(sent(view, "walk-ins-less-naika") ==
        json::object{{"service", "naika"}, {"places", -1}, {"every", 8}});
  view.exceptions = {{"naika", "every", "2"}};
  CHECK_FALSE(sent(view, "walk-ins-more-naika"));
  view.exceptions = {{"naika", "every", "10"}}; // back at what the rules say
  CHECK(sent(view, "walk-ins-less-naika") ==
        json::object{{"service", "naika"}, {"places", -1}, {"every", -1}});
  view.outside->current = false;
  CHECK(tab_of(view).unheard);
}

TEST_CASE("the counters' rows are taller with a cloud, and fewer on a page") {
  CHECK(services_at_once(false, 9) == 4);
  CHECK(services_at_once(true, 3) == 3);
  CHECK(services_at_once(true, 4) == 2);
  auto view = linked(open_until_noon());
  for (int i = 0; i < 4; ++i) {
    view.services.push_back(view.services.front());
    view.services.back().id += std::to_string(i);
    view.next.emplace_back();
  }
  const Glass open = touched(&view, true, sample_glass_at(view), "session").glass;
  CHECK(composed(view, open).pages == 3);
}

TEST_CASE("what the contract says now stands in the head, what comes waits in the panel") {
  auto view = linked(open_until_noon());
  const auto in = [](int hours) { return base::instant_from_ms(sample_now + hours * 3'600'000LL); };
  view.standing = {{"contract_suspended", "点検", in(-2), in(26), true},
                   {"maintenance_ahead", "", in(12), {}, false}};
  const Screen screen = composed(view, sample_glass_at(view));
  const auto of_contract = [](const std::vector<Chip>& chips) {
    return std::find_if(chips.begin(), chips.end(), [](const Chip& chip) { return chip.part == "contract"; });
  };
  const auto now = of_contract(screen.chips);
  REQUIRE(now != screen.chips.end());
  CHECK(now->level == "warn");
  CHECK(now->reason == "contract_suspended");
  CHECK(now->words == "点検");
  CHECK(now->until == day_and_clock(in(26)));
  REQUIRE(screen.ahead.size() == 1);
  CHECK(screen.ahead.front().level == "ahead");
  CHECK(screen.ahead.front().from == day_and_clock(in(12)));
  CHECK(screen.ahead.front().until.empty());
  view.standing.erase(view.standing.begin());
  const Screen quiet = composed(view, sample_glass_at(view));
  CHECK(of_contract(quiet.chips) == quiet.chips.end());
}
