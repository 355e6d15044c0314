// SPDX-License-Identifier: Apache-2.0
// Cards, large letters, wiping, the last seconds, and several hands at once.
#include "kiosk/model.hpp"

#include <catch2/catch.hpp>

#include <tuple>

using namespace machiai;
using namespace machiai::kiosk;

namespace {

queue::KioskView clinic(int services, std::vector<std::string> kinds = {}) {
  queue::KioskView view;
  for (int i = 0; i < services; ++i) {
    auto& service = view.services.emplace_back();
    service.id = "s" + std::to_string(i);
    service.name = {service.id, service.id, ""};
    service.state = "open";
    service.kinds = kinds;
  }
  view.printing = true;
  return view;
}

Screen shown(const queue::KioskView& view, const Session& session, std::int64_t at) {
  return screen(&view, session, true, 1, at);
}

const Scan card{Scan::Kind::card, "0012734"};

base::Result<boost::json::object> refused(const char* reason) {
  return base::fail(base::Error::Code::conflict, reason);
}

/// The card was read, and nothing of today is known of it.
Session read_card(const queue::KioskView& view, const Session& session, std::int64_t at) {
  const Step step = scanned(&view, session, card, at);
  REQUIRE(step.order);
  return answered(step.session, refused("not_booked_today"), at);
}

/// What a check-in answers, by number, state and whether it has only just arrived.
boost::json::object let_in(std::initializer_list<std::tuple<const char*, const char*, bool>> all) {
  boost::json::array tickets;
  for (const auto& [number, state, arrived] : all)
    tickets.push_back({{"number", number},
                       {"service", "s0"},
                       {"ahead", 3 + static_cast<int>(tickets.size())},
                       {"state", state},
                       {"arrived", arrived},
                       {"wait", {{"low", 10}, {"high", 20 + 5 * static_cast<int>(tickets.size())}}}});
  boost::json::object answer = tickets.front().as_object();
  answer["tickets"] = std::move(tickets);
  answer["printing"] = true;
  return answer;
}

} // namespace

TEST_CASE("a card that was read goes with the next number, shows two digits only, and is then forgotten") {
  const auto view = clinic(2);
  const Session read = read_card(view, {}, 1000);
  CHECK(shown(view, read, 1000).card_end == "34");
  const Step step = touched(&view, read, "take-s1", 1500);
  REQUIRE(step.order);
  CHECK(step.order->args.at("card") == "0012734");
  const Session done = answered(step.session, boost::json::object{{"number", "7"}, {"service", "s1"}}, 1600);
  CHECK(done.card.empty());
  const Step again = touched(&view, touched(&view, done, "another", 2000).session, "take-s1", 2100);
  REQUIRE(again.order);
  CHECK(again.order->args.if_contains("card") == nullptr);
}

TEST_CASE("a card is forgotten by home and by the idle glass, which asks before") {
  const auto view = clinic(2);
  const Session read = read_card(view, {}, 1000);
  CHECK(touched(&view, read, "home", 1500).session.card.empty());
  CHECK_FALSE(shown(view, read, 1000 + stay_ms - warn_ms - 1).warning);
  CHECK(shown(view, read, 1000 + stay_ms - warn_ms).warning);
  CHECK(ticked(read, 1000 + stay_ms - 1).card == "0012734");
  CHECK(ticked(read, 1000 + stay_ms).card.empty());
  CHECK_FALSE(shown(view, {}, stay_ms).warning);
}

TEST_CASE("a card goes with the kind that is being chosen") {
  const auto view = clinic(1, {"return", "first"});
  const Session kind = touched(&view, {}, "take-s0", 1000).session;
  const Session read = read_card(view, kind, 2000);
  CHECK(shown(view, read, 2000).face == Face::kind);
  const Step step = touched(&view, read, "kind-return", 2500);
  REQUIRE(step.order);
  CHECK(step.order->args.at("card") == "0012734");
}

TEST_CASE("what the station cannot know sends to the reception; nothing is asked of the hub") {
  const auto view = clinic(2);
  for (const Scan& scan : {Scan{Scan::Kind::token, "Ab3_-x9Q2k"}, Scan{}}) {
    const Step step = scanned(&view, {}, scan, 1000);
    CHECK_FALSE(step.order);
    const Session& told = step.session;
    CHECK(shown(view, told, 1000).face == Face::code);
    CHECK(told.card.empty());
    CHECK(shown(view, ticked(told, 1000 + stay_ms), 1000 + stay_ms).face == Face::home);
  }
}

TEST_CASE("a card or a ticket is a check-in, and the page is its number") {
  const auto view = clinic(2);
  const Step by_card = scanned(&view, {}, card, 1000);
  REQUIRE(by_card.order);
  CHECK(by_card.order->command == "check_in");
  CHECK(by_card.order->args.at("card") == "0012734");
  CHECK(by_card.order->args.at("print") == true);
  CHECK(shown(view, by_card.session, 1000).face == Face::asking);
  CHECK_FALSE(scanned(&view, by_card.session, card, 1001).order); // the scanner read it twice
  const Step by_ticket = scanned(&view, {}, {Scan::Kind::ticket, "naika-20261124-36"}, 1000);
  REQUIRE(by_ticket.order);
  CHECK(by_ticket.order->args.at("ticket") == "naika-20261124-36");
  const Session done = answered(by_card.session, let_in({{"12", "waiting", true}}), 1100);
  CHECK(done.page == Page::done);
  CHECK(done.given.number == "12");
  CHECK(done.given.how == Given::How::arrived);
  CHECK(done.given.printing);
  CHECK(done.card.empty());
  const Session again = answered(by_card.session, let_in({{"12", "waiting", false}}), 1100);
  CHECK(again.given.how == Given::How::known);
  CHECK_FALSE(again.given.called);
  CHECK(answered(by_card.session, let_in({{"12", "called", false}}), 1100).given.called);
  auto to_room = let_in({{"12", "called", false}});
  to_room["room"] = {{"ja", "診察室1"}, {"en", "Room 1"}, {"reading", "しんさつしつ、いち"}};
  CHECK(answered(by_card.session, to_room, 1100).given.room.ja == "診察室1");
  const Session two =
      answered(by_card.session, let_in({{"12", "waiting", false}, {"S-3", "waiting", true}}), 9);
  CHECK(two.given.number == "12・S-3");
  CHECK(two.given.how == Given::How::arrived);
  CHECK(two.given.service.empty());
  // Each has its own place and its own wait.
  CHECK(two.given.several == std::vector<GivenOne>{{"12", 3, false, queue::WaitRange{10, 20}},
                                                   {"S-3", 4, false, queue::WaitRange{10, 25}}});
  CHECK(done.given.several.empty());
  const Session called =
      answered(by_card.session, let_in({{"12", "called", false}, {"S-3", "waiting", true}}), 9);
  REQUIRE(called.given.several.size() == 2);
  CHECK(called.given.several.front().called);
  CHECK_FALSE(called.given.several.back().called);
}

TEST_CASE("a card that no scanner reads is typed, and then is as one that was read") {
  const auto view = clinic(2);
  const auto press = [&](Session session, const char* name, std::int64_t at) {
    return touched(&view, std::move(session), name, at);
  };
  CHECK(shown(view, {}, 1000).pad);
  Session session = press({}, "card-type", 1000).session;
  CHECK(shown(view, session, 1000).face == Face::typing);
  session = press(session, "digit-7", 1100).session;
  CHECK(session.digits.empty()); // the second tap of the touch that led here
  CHECK_FALSE(press(session, "card-done", 1400).order);
  for (const char* digit : {"digit-0", "digit-1", "digit-2", "digit-9", "delete"})
    session = press(session, digit, 1400).session;
  CHECK(shown(view, session, 1400).digits == "012");
  const Step step = press(session, "card-done", 1500);
  REQUIRE(step.order);
  CHECK(step.order->command == "check_in");
  CHECK(step.order->args == boost::json::object{{"card", "012"}, {"print", true}});
  CHECK(step.session.digits.empty());
  const Session here = answered(step.session, let_in({{"12", "waiting", true}}), 1600);
  CHECK(here.page == Page::done);
  CHECK(here.card.empty());
  const Session unknown = answered(step.session, refused("not_booked_today"), 1600);
  CHECK(shown(view, unknown, 1600).card_end == "12");
  CHECK(press(unknown, "take-s1", 2000).order->args.at("card") == "012");
  for (int i = 0; i < 40; ++i) session = press(session, "digit-5", 1600).session;
  CHECK(session.digits.size() == longest_card);
  CHECK(ticked(session, 1600 + stay_ms).digits.empty());
  CHECK(press(session, "home", 1700).session.digits.empty());
  Session closed;
  closed.pad = false;
  CHECK_FALSE(shown(view, closed, 1000).pad);
  CHECK(press(closed, "card-type", 1000).session.page == Page::home);
}

TEST_CASE("a ticket nobody knows, and who missed the call, are sent to the reception") {
  const auto view = clinic(2);
  const Step ticket = scanned(&view, {}, {Scan::Kind::ticket, "naika-20261123-36"}, 1000);
  CHECK(answered(ticket.session, refused("unknown_ticket"), 1100).page == Page::code);
  const Step step = scanned(&view, {}, card, 1000);
  const Session missed = answered(step.session, refused("missed_call"), 1100);
  CHECK(missed.page == Page::refused);
  CHECK(missed.refusal == "missed_call");
  CHECK(missed.card.empty());
}

TEST_CASE("a take that turned out to be a check-in shows it as one") {
  const auto view = clinic(1);
  const Step step = touched(&view, read_card(view, {}, 1000), "take-s0", 1500);
  REQUIRE(step.order);
  CHECK(answered(step.session, let_in({{"12", "waiting", true}}), 1600).given.how == Given::How::arrived);
  const Session taken = answered(step.session, boost::json::object{{"number", "7"}, {"service", "s0"}}, 1600);
  CHECK(taken.given.how == Given::How::taken);
}

TEST_CASE("where no number can be taken a card is not kept") {
  auto view = clinic(1);
  view.services[0].state = "closed";
  CHECK(read_card(view, {}, 1000).page == Page::code);
  CHECK(read_card(view, {}, 1000).card.empty());
  CHECK(scanned(nullptr, {}, card, 1000).session.card.empty());
}

TEST_CASE("scanner and touch at once make one number") {
  const auto view = clinic(2);
  // The touch first: the scan finds the answer awaited, and the number of the person before it stays.
  const Step step = touched(&view, {}, "take-s0", 1000);
  REQUIRE(step.order);
  const Session still = scanned(&view, step.session, card, 1000).session;
  CHECK(still.page == Page::asking);
  CHECK(still.card.empty());
  CHECK_FALSE(touched(&view, still, "take-s0", 1001).order);
  const Session done = answered(still, boost::json::object{{"number", "7"}, {"service", "s0"}}, 1100);
  CHECK(scanned(&view, done, card, 1200).session.page == Page::done);
  // The scan first: it alone asks for nothing.
  const Step after = touched(&view, read_card(view, {}, 1000), "take-s0", 1000);
  REQUIRE(after.order);
  CHECK_FALSE(touched(&view, after.session, "take-s0", 1000).order);
}

TEST_CASE("two touches within the answer's time, and one during the change of page, ask once") {
  const auto one = clinic(1);
  Step step = touched(&one, {}, "take-s0", 1000);
  int orders = step.order ? 1 : 0;
  for (const int later : {0, 1, 40, 400, 4000}) {
    step = touched(&one, step.session, "take-s0", 1000 + later);
    orders += step.order ? 1 : 0;
  }
  CHECK(orders == 1);

  const auto view = clinic(1, {"return", "first"});
  const Session kind = touched(&view, {}, "take-s0", 1000).session;
  CHECK_FALSE(shown(view, kind, 1000 + settle_ms - 1).settled);
  // The second tap of a double tap lands where the new page has its choices.
  const Step early = touched(&view, kind, "kind-return", 1000 + settle_ms - 1);
  CHECK_FALSE(early.order);
  const Step meant = touched(&view, early.session, "kind-return", 1000 + settle_ms);
  REQUIRE(meant.order);
  CHECK_FALSE(touched(&view, meant.session, "kind-first", 1000 + settle_ms).order);
}

TEST_CASE("while the glass is wiped no touch and no scan does anything, and it ends by itself") {
  const auto view = clinic(2);
  const Session english = touched(&view, {}, "lang-en", 500).session;
  const Session wiped = wiping(english, 1000);
  CHECK(shown(view, wiped, 1000).face == Face::wipe);
  CHECK(shown(view, wiped, 1000).lang == "ja");
  CHECK(shown(view, wiped, 1000).seconds_left == 30);
  for (const char* name : {"take-s0", "home", "lang-en", "help", ""}) {
    const Step step = touched(&view, wiped, name, 20'000);
    CHECK_FALSE(step.order);
    CHECK(step.session.page == Page::wipe);
    CHECK(step.session.lang == "ja");
    CHECK(ticked(step.session, 1000 + wipe_ms).page == Page::home);
  }
  CHECK(scanned(&view, wiped, card, 2000).session.card.empty());
  CHECK(ticked(wiped, 1000 + wipe_ms - 1).page == Page::wipe);
  CHECK(ticked(wiped, 1000 + wipe_ms).page == Page::home);
}

TEST_CASE("the glass is not locked while a number is being made") {
  const auto view = clinic(1);
  CHECK(wiping(touched(&view, {}, "take-s0", 5).session, 6).page == Page::asking);
}

TEST_CASE("temporary messages take turns in the reader's language, and an unknown one is passed over") {
  auto view = clinic(2);
  CHECK(shown(view, {}, 0).message.empty());
  view.messages = {{1, "delay", "", 20, ""}, {2, "of_tomorrow", "", 0, ""}, {3, "free", "裏口から", 0, ""}};
  const std::string first = shown(view, {}, 0).message;
  CHECK(first.find("20分") != std::string::npos);
  CHECK(shown(view, {}, message_ms - 1).message == first);
  CHECK(shown(view, {}, message_ms).message == "裏口から");
  CHECK(shown(view, {}, 2 * message_ms).message == first);
  Session english;
  english.lang = "en";
  CHECK(shown(view, english, 0).message.find("20 minutes") != std::string::npos);
}

TEST_CASE(
    "large letters show fewer choices a page, every one can be reached, and the next person starts anew") {
  const auto view = clinic(7);
  Session session = touched(&view, {}, "large", 1000).session;
  std::vector<std::string> seen;
  const std::size_t sheets = shown(view, session, 1000).sheets;
  CHECK(sheets == 4);
  for (std::size_t i = 0; i < sheets; ++i) {
    const Screen screen = shown(view, session, 1000);
    CHECK(screen.choices.size() <= large_choices);
    for (const auto& choice : screen.choices) seen.push_back(choice.service);
    session = touched(&view, session, "sheet-next", 1000).session;
  }
  CHECK(seen == std::vector<std::string>{"s0", "s1", "s2", "s3", "s4", "s5", "s6"});
  CHECK(shown(view, session, 1000).sheet == sheets - 1);
  CHECK(touched(&view, session, "large", 2000).session.large == false);
  const Session rested = ticked(session, 1000 + stay_ms);
  CHECK_FALSE(rested.large);
  CHECK(rested.sheet == 0);
  CHECK(shown(view, {}, 0).sheets == 1);
}

TEST_CASE("the desk is told while somebody asks for help, and no longer") {
  const auto view = clinic(2);
  CHECK(trouble_of({}).empty());
  for (const char* button : {"help", "help-more", "ill"}) {
    const Session asked = touched(&view, {}, button, 1000).session;
    CHECK(trouble_of(asked) == "patient_waits");
    CHECK_FALSE(shown(view, asked, 1000).called); // not before the desk knows
    CHECK(shown(view, ticked(asked, 1000 + stay_ms), 1000 + stay_ms).face == Face::home);
    const Session told = told_desk(asked);
    CHECK(shown(view, told, 1000).called);
    CHECK(shown(view, told, 1000).stay_seconds == call_ms / 1000);
    CHECK(ticked(told, 1000 + call_ms - 1).page == Page::help);
    CHECK(trouble_of(ticked(told, 1000 + call_ms)).empty());
    CHECK(trouble_of(touched(&view, told, "home", 2000).session).empty());
    CHECK(trouble_of(wiping(told, 2000)).empty());
    // Asked again later, it is said again only when the desk has heard again.
    const Session again = touched(&view, touched(&view, told, "home", 2000).session, "help", 3000).session;
    CHECK_FALSE(shown(view, again, 3000).called);
  }
  CHECK_FALSE(told_desk({}).called); // the answer came after the page had gone
}
