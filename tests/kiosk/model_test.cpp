// SPDX-License-Identifier: Apache-2.0
#include "kiosk/model.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::kiosk;

namespace {

queue::ServiceView service(const std::string& id, const std::string& state,
                           std::vector<std::string> kinds = {}) {
  queue::ServiceView view;
  view.id = id;
  view.name = {id + "-ja", id + "-en", ""};
  view.state = state;
  view.kinds = std::move(kinds);
  return view;
}

queue::KioskView clinic(std::vector<queue::ServiceView> services) {
  queue::KioskView view;
  view.services = std::move(services);
  view.printing = true;
  return view;
}

base::Result<boost::json::object> number(const char* shown, bool printing) {
  return boost::json::object{{"number", shown},
                             {"service", "naika"},
                             {"ahead", 4},
                             {"printing", printing},
                             {"wait", {{"low", 20}, {"high", 35}}}};
}

Face face(const queue::KioskView* view, const Session& session, bool reachable = true) {
  return screen(view, session, reachable, 1, session.touched_ms).face;
}

} // namespace

TEST_CASE("a touch on an open service asks for a number at once when there is one kind") {
  const auto view = clinic({service("naika", "open", {"return"})});
  const Step step = touched(&view, {}, "take-naika", 5);
  REQUIRE(step.order);
  CHECK(step.order->command == "take");
  CHECK(step.order->args.at("service") == "naika");
  CHECK(step.order->args.at("print") == true);
  CHECK(step.order->args.if_contains("kind") == nullptr);
  CHECK(step.session.page == Page::asking);
}

TEST_CASE("with two kinds it asks which one before it takes a number") {
  const auto view = clinic({service("naika", "open", {"return", "first"})});
  const Step chosen = touched(&view, {}, "take-naika", 5);
  CHECK_FALSE(chosen.order);
  CHECK(face(&view, chosen.session) == Face::kind);
  const Step asked = touched(&view, chosen.session, "kind-first", 5 + settle_ms);
  REQUIRE(asked.order);
  CHECK(asked.order->args.at("kind") == "first");
  CHECK(asked.order->args.at("service") == "naika");
}

TEST_CASE("one touch, one ticket: while an answer is awaited no touch asks again") {
  const auto view = clinic({service("naika", "open"), service("shounika", "open")});
  const Step first = touched(&view, {}, "take-naika", 5);
  REQUIRE(first.order);
  for (const char* name :
       {"take-naika", "take-shounika", "home", "another", "help", "lang-en", "kind-first"}) {
    const Step again = touched(&view, first.session, name, 6);
    CHECK_FALSE(again.order);
    CHECK(again.session.page == Page::asking);
  }
  CHECK(ticked(first.session, 5 + 10 * stay_ms).page == Page::asking);
}

TEST_CASE("a service that is not open cannot be taken") {
  const auto view = clinic({service("naika", "closed"), service("shounika", "open")});
  CHECK_FALSE(touched(&view, {}, "take-naika", 5).order);
  CHECK_FALSE(touched(&view, {}, "take-unknown", 5).order);
  CHECK_FALSE(touched(nullptr, {}, "take-shounika", 5).order);
}

TEST_CASE("without a printer no slip is asked for and the screen says to remember the number") {
  auto view = clinic({service("naika", "open")});
  view.printing = false;
  const Step step = touched(&view, {}, "take-naika", 5);
  REQUIRE(step.order);
  CHECK(step.order->args.at("print") == false);
  const Session done = answered(step.session, number("7", false), 6);
  const Screen shown = screen(&view, done, true, 1, 6);
  CHECK(shown.face == Face::done);
  CHECK(shown.given.number == "7");
  CHECK(shown.given.ahead == 4);
  CHECK_FALSE(shown.given.printing);
}

TEST_CASE("a refusal is shown, and then it goes home") {
  const auto view = clinic({service("naika", "open")});
  const Step step = touched(&view, {}, "take-naika", 5);
  const Session refused = answered(step.session, base::fail(base::Error::Code::limit, "cap_reached"), 6);
  const Screen shown = screen(&view, refused, true, 1, 6);
  CHECK(shown.face == Face::refused);
  CHECK(shown.refusal == "cap_reached");
  CHECK(face(&view, ticked(refused, 6 + stay_ms)) == Face::home);
}

TEST_CASE("an answer without a number is not shown as one") {
  CHECK(answered({}, boost::json::object{{"service", "naika"}}, 6).page == Page::refused);
}

TEST_CASE("a code that no phone could open is not shown") {
  const auto told = [](const char* code) {
    return answered({}, boost::json::object{{"number", "7"}, {"service", "naika"}, {"code", code}}, 6)
        .given.code;
  };
  CHECK(told("naika-20261124-7").empty());
  CHECK(told("https://m.example.jp/f/minato#naika-20261124-7") ==
        "https://m.example.jp/f/minato#naika-20261124-7");
}

TEST_CASE("the number stays 20 seconds, warns in the last ten, and a touch gives 20 more") {
  const auto view = clinic({service("naika", "open")});
  const Session done = answered({}, number("7", true), 1000);
  CHECK_FALSE(screen(&view, done, true, 1, 1000 + warn_ms - 1).warning);
  CHECK(screen(&view, done, true, 1, 1000 + stay_ms - warn_ms).warning);
  CHECK(screen(&view, done, true, 1, 1000 + stay_ms - 1500).seconds_left == 2);
  CHECK(ticked(done, 1000 + stay_ms - 1).page == Page::done);
  CHECK(ticked(done, 1000 + stay_ms).page == Page::home);
  const Session kept = touched(&view, done, "", 15'000).session;
  CHECK_FALSE(screen(&view, kept, true, 1, 15'001).warning);
  CHECK(ticked(kept, 1000 + stay_ms).page == Page::done);
}

TEST_CASE("the language of the next person is the house's own") {
  const auto view = clinic({service("naika", "open")});
  const Session vietnamese = touched(&view, {}, "lang-vi", 10).session;
  CHECK(vietnamese.lang == "vi");
  CHECK(ticked(vietnamese, 10 + stay_ms - 1).lang == "vi");
  CHECK(ticked(vietnamese, 10 + stay_ms).lang == "ja");
  // "One more" is the same person.
  Session done = answered(vietnamese, number("7", true), 20);
  CHECK(touched(&view, done, "another", 30).session.lang == "vi");
}

TEST_CASE("without the hub the choices vanish and help stays; a number that was given stays true") {
  const auto view = clinic({service("naika", "open")});
  CHECK(face(&view, {}, false) == Face::away);
  CHECK(screen(&view, {}, false, 1, 1).choices.empty());
  CHECK(face(nullptr, {}, true) == Face::away);
  CHECK(face(&view, touched(nullptr, {}, "help", 5).session, false) == Face::help);
  CHECK(face(&view, answered({}, number("7", true), 6), false) == Face::done);
  CHECK(face(&view, {}, true) == Face::home);
}

TEST_CASE("with every counter closed it tells the earliest next opening") {
  auto view = clinic({service("a", "closed"), service("b", "closed"), service("c", "before")});
  view.services[0].opens_at = "14:30";
  view.services[1].opens_at = "9:00";
  const Screen shown = screen(&view, {}, true, 1, 1);
  CHECK(shown.face == Face::closed);
  CHECK(shown.opens == Opening{"9:00", "", false});
  CHECK(shown.state == "closed");
}

TEST_CASE("before the first opening of the day it does not say that the reception is over") {
  const auto view = clinic({service("a", "before"), service("b", "before")});
  CHECK(screen(&view, {}, true, 1, 1).state == "before");
}

TEST_CASE("when the chosen service closes under the finger it goes back to the choices") {
  auto view = clinic({service("a", "open", {"return", "first"}), service("b", "open")});
  const Session kind = touched(&view, {}, "take-a", 5).session;
  view.services[0].state = "closed";
  CHECK(face(&view, kind) == Face::home);
  // What is shown can be touched: the choices are live at once.
  CHECK(touched(&view, kind, "take-b", 6).order);
}

TEST_CASE("more services than targets fit end in a choice that asks for the reception") {
  std::vector<queue::ServiceView> many;
  for (int i = 0; i < 20; ++i) many.push_back(service("s" + std::to_string(i), "open"));
  const auto view = clinic(many);
  const Screen shown = screen(&view, {}, true, 1, 1);
  REQUIRE(shown.choices.size() == most_choices);
  CHECK(shown.choices.back().state == "more");
  CHECK(touched(&view, {}, shown.choices.back().name, 5).session.page == Page::help);
}

TEST_CASE("the done page tells the range of the answer, not what the counter says by now") {
  auto view = clinic({service("naika", "open")});
  view.services[0].wait = queue::WaitRange{60, 90};
  const Session done = answered({}, number("7", true), 6);
  CHECK(screen(&view, done, true, 1, 6).given.wait == queue::WaitRange{20, 35});
  for (const boost::json::value& wait : {boost::json::value(nullptr), boost::json::value("soon"),
                                         boost::json::value({{"low", 9}, {"high", 3}})}) {
    const auto answer = boost::json::object{{"number", "7"}, {"service", "naika"}, {"wait", wait}};
    CHECK_FALSE(screen(&view, answered({}, answer, 6), true, 1, 6).given.wait);
  }
}

TEST_CASE("a closed choice tells why and when, and goes back to the choices when it opens") {
  auto view = clinic({service("naika", "open"), service("kensa", "closed")});
  view.services[1].opens_at = "14:30";
  const Screen home = screen(&view, {}, true, 1, 1);
  REQUIRE(home.choices.size() == 2);
  CHECK(home.choices[1].name == "why-kensa");
  const Step step = touched(&view, {}, "why-kensa", 5);
  CHECK_FALSE(step.order);
  const Screen why = screen(&view, step.session, true, 1, 5);
  CHECK(why.face == Face::why);
  CHECK(why.state == "closed");
  CHECK(why.opens.at == "14:30");
  CHECK(why.why_label.ja == "kensa-ja");
  view.services[1].state = "open";
  CHECK(face(&view, step.session) == Face::home);
  CHECK(touched(&view, step.session, "take-kensa", 6).order);
}

TEST_CASE("a full counter says so, gives no number and promises no hour of the same day") {
  auto view = clinic({service("naika", "open"), service("kensa", "open")});
  view.services[1].full = true;
  view.services[1].opens_at = "14:30";
  const Screen home = screen(&view, {}, true, 1, 1);
  CHECK(home.choices[1].state == "full");
  CHECK(home.choices[1].opens == Opening{});
  CHECK_FALSE(touched(&view, {}, "take-kensa", 5).order);
  view.services[0].full = true;
  const Screen closed = screen(&view, {}, true, 1, 1);
  CHECK(closed.face == Face::closed);
  CHECK(closed.state == "full");
}

TEST_CASE("a counter that people closed within its hours is paused, and nobody knows until when") {
  auto view = clinic({service("naika", "open"), service("kensa", "closed")});
  view.services[1].opens_at = "14:30";
  view.services[1].closes_at = "12:00";
  CHECK(screen(&view, {}, true, 1, 1).choices[1].state == "paused");
  const Screen why = screen(&view, touched(&view, {}, "why-kensa", 5).session, true, 1, 5);
  CHECK(why.state == "paused");
  CHECK(why.opens == Opening{});
  // Its hours are over: closed until the next.
  view.services[1].closes_at.clear();
  CHECK(screen(&view, {}, true, 1, 1).choices[1].state == "closed");
  view.services[0] = service("naika", "closed");
  view.services[0].closes_at = "12:00";
  CHECK(screen(&view, {}, true, 1, 1).state == "paused");
}

TEST_CASE("a counter whose hours have begun and that nobody has opened is not outside its hours") {
  auto view = clinic({service("naika", "open"), service("kensa", "before")});
  view.services[1].opens_at = "14:30";
  view.services[1].closes_at = "12:00";
  CHECK(screen(&view, {}, true, 1, 1).choices[1].state == "unopened");
  const Screen why = screen(&view, touched(&view, {}, "why-kensa", 5).session, true, 1, 5);
  CHECK(why.state == "unopened");
  CHECK(why.opens == Opening{}); // the afternoon's opening would be wrong: it is a matter of minutes
  view.services[0] = service("naika", "closed");
  CHECK(screen(&view, {}, true, 1, 1).state == "unopened");
  // Before its hours it is before, and the time is told.
  view.services[1].closes_at.clear();
  CHECK(screen(&view, {}, true, 1, 1).state == "closed");
  view.services[0].state = "before";
  CHECK(screen(&view, {}, true, 1, 1).state == "before");
  CHECK(screen(&view, {}, true, 1, 1).opens.at == "14:30");
}

TEST_CASE("an opening is today, tomorrow or on its date, by the calendar of the hub's clock") {
  constexpr std::int64_t tuesday = 1795483920000; // 2026-11-24 10:32 in Japan
  auto view = clinic({service("naika", "open"), service("kensa", "closed")});
  view.services[1].opens_at = "09:00";
  const auto opens = [&](const char* on) {
    view.services[1].opens_on = on;
    return screen(&view, {}, true, tuesday, 1).choices[1].opens;
  };
  CHECK(opens("") == Opening{"09:00", "", false});
  CHECK(opens("2026-11-24") == Opening{"09:00", "", false});
  CHECK(opens("2026-11-25") == Opening{"09:00", "2026-11-25", true});
  CHECK(opens("2026-11-30") == Opening{"09:00", "2026-11-30", false});
  view.services[0].state = "closed";
  view.services[0].opens_at = "14:30";
  CHECK(screen(&view, {}, true, tuesday, 1).opens == Opening{"14:30", "", false});
}
