// SPDX-License-Identifier: Apache-2.0
// Questions and the log-in: what is asked when, what the answers teach, and who may act.
#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::desk;
namespace json = boost::json;

namespace {

base::Result<json::object> answer(const char* text) {
  return json::parse(text).as_object();
}

const char* const two_people =
    R"({"login":true,"people":[{"id":"sato","name":"佐藤"},{"id":"suzuki","name":"鈴木"}],"person":""})";

/// The hub has told that nobody needs to log in.
Glass free_glass(const queue::DeskView& view) {
  Glass glass = sample_glass_at(view);
  glass.found.staff.known = true;
  return glass;
}

Step asks(const queue::DeskView& view, const Glass& glass, std::int64_t steady_ms = 0) {
  return inquire(&view, true, glass, sample_now, steady_ms);
}

Glass touch(const queue::DeskView& view, const Glass& glass, const std::string& name) {
  return touched(&view, true, glass, name).glass;
}

/// A hub that wants a log-in, and nobody there yet.
Glass locked_glass(const queue::DeskView& view) {
  const Step step = asks(view, sample_glass_at(view));
  REQUIRE(step.order);
  return answered(step.glass, *step.order, answer(two_people), 0);
}

Glass logged_in(const queue::DeskView& view) {
  Glass glass = locked_glass(view);
  const Order order{"login", {{"person", "sato"}, {"pin", "1234"}}};
  return answered(glass, order, answer(R"({"person":"sato","name":"佐藤","pass":"p"})"), 0);
}

} // namespace

TEST_CASE("a history is asked once, and shown when it came") {
  const auto view = sample_view();
  Glass glass = touch(view, free_glass(view), "more");
  CHECK_FALSE(asks(view, glass).order);
  glass = touch(view, glass, "history");
  const Step step = asks(view, glass);
  REQUIRE(step.order);
  CHECK(step.order->command == "why");
  CHECK(step.order->query);
  CHECK_FALSE(asks(view, step.glass).order);
  glass = answered(step.glass, *step.order,
                   answer(R"({"number":"1","events":[{"at":"2026-11-24T09:05:07.1+09:00","event":"called",
                             "actor":"desk","seat":"desk-1"}]})"),
                   0);
  const Screen screen = composed(view, glass);
  REQUIRE(screen.found.story.lines.size() == 1);
  CHECK(screen.found.story.lines.front().clock == "9:05:07");
  CHECK(screen.found.story.lines.front().number == "1");
  CHECK_FALSE(asks(view, glass, 60'000).order);
}

TEST_CASE("a history tells how a telephone call went and what was undone") {
  const auto view = sample_view();
  Glass glass = touch(view, touch(view, free_glass(view), "more"), "history");
  const Step step = asks(view, glass);
  REQUIRE(step.order);
  glass = answered(step.glass, *step.order, answer(R"({"number":"1","events":[
    {"at":"2026-11-24T09:05:07.1+09:00","event":"phoned","ticket":"1","result":"no_answer","actor":"desk"},
    {"at":"2026-11-24T09:06:07.1+09:00","event":"undone","ticket":"1","what":"recalled","actor":"desk"},
    {"at":"2026-11-24T09:07:07.1+09:00","event":"undone","ticket":"1","what":"absent","actor":"desk"},
    {"at":"2026-11-24T09:08:07.1+09:00","event":"undone","what":"cap_set","actor":"desk"}]})"),
                   0);
  std::vector<std::string> kinds;
  for (const StoryLine& line : composed(view, glass).found.story.lines) kinds.push_back(line.kind);
  CHECK(kinds == std::vector<std::string>{"phoned.no_answer", "undone.recalled", "undone", "undone.setting"});
}

TEST_CASE("a question does not keep a command from being sent") {
  const auto view = sample_view();
  Glass glass = touch(view, touch(view, free_glass(view), "more"), "history");
  glass = asks(view, glass).glass;
  glass = touch(view, touch(view, glass, "close-panel"), "close-panel");
  CHECK(touched(&view, true, glass, "call-next").order);
}

TEST_CASE("a day is gone through event by event, and by ten minutes") {
  auto view = sample_view();
  view.services.push_back(view.services.front());
  view.services.back().id = "shouni";
  view.next.emplace_back();
  Glass glass = touch(view, touch(view, free_glass(view), "records"), "replay");
  CHECK(parent_of(glass.panel) == Panel::records);
  const auto asked = [&] {
    const Step step = asks(view, glass);
    REQUIRE(step.order);
    CHECK(step.order->command == "replay");
    CHECK(step.order->query);
    glass = step.glass;
    return *step.order;
  };
  Order order = asked();
  CHECK(order.args == json::object{{"date", "2026-11-24"}, {"service", "naika"}});
  const char* const end =
      R"({"events":7,"next":"","services":[{"service":"naika","open":true,"waiting":1,"tickets":[
    {"ticket":"t1","number":"1","state":"done","name":"secret"},{"ticket":"t3","number":"3","state":"void"}]}],
    "before":[{"at":"2026-11-24T10:20:02.500+09:00","event":"finished","ticket":"1","actor":"desk","seat":"d"},
              {"at":"2026-11-24T10:10:00.000+09:00","event":"called","ticket":"1"}]})";
  glass = answered(glass, order, answer(end), 0);
  Screen screen = composed(view, glass);
  REQUIRE(screen.found.replay.line.size() == 1); // a void number belongs to nobody
  CHECK(screen.found.replay.line.front() == Other{"t1", "1", "done"});
  CHECK(screen.found.replay.before.front().kind == "finished");
  CHECK(screen.found.replay.before.front().clock == "10:20:02");

  glass = touch(view, glass, "replay-before");
  order = asked();
  CHECK(order.args.at("at") == "2026-11-24T10:20:02.499+09:00");
  // An answer to another moment is no answer to this one.
  glass = answered(glass, order, answer(R"({"events":6,"next":"2026-11-24T10:20:02.500+09:00","services":[],
                             "before":[{"at":"2026-11-24T10:10:00.000+09:00","event":"called"}]})"),
                   0);
  CHECK(asks(view, touch(view, glass, "replay-after")).order->args.at("at") ==
        "2026-11-24T10:20:02.500+09:00");
  CHECK(asks(view, touch(view, glass, "replay-minus")).order->args.at("at") ==
        "2026-11-24T10:10:02.499+09:00");
  CHECK(asks(view, touch(view, glass, "replay-plus")).order->args.at("at") ==
        "2026-11-24T10:30:02.499+09:00");
  // Another day, another line and the end key begin at the end of the day.
  for (const char* key : {"earlier", "replay-service-shouni", "replay-end"}) {
    const Glass turned = touch(view, glass, key);
    CHECK_FALSE(asks(view, turned).order->args.contains("at"));
  }
  CHECK(asks(view, touch(view, glass, "earlier")).order->args.at("date") == "2026-11-23");
  CHECK(asks(view, touch(view, glass, "later")).order->args.at("date") == "2026-11-24"); // none after today
  CHECK(asks(view, touch(view, glass, "replay-service-shouni")).order->args.at("service") == "shouni");
}

TEST_CASE("who read what is asked for the span that is chosen, the newest first") {
  const auto view = sample_view();
  Glass glass = touch(view, touch(view, logged_in(view), "records"), "tab-access");
  const Step step = asks(view, glass);
  REQUIRE(step.order);
  CHECK(step.order->command == "access");
  CHECK(step.order->args == json::object{{"from", "2026-11-24"}, {"to", "2026-11-24"}});
  glass =
      answered(step.glass, *step.order,
               answer(R"({"entries":[{"at":"2026-11-24T08:21:31.000+09:00","person":"sato","what":"login"},
                             {"at":"2026-11-24T09:44:02.000+09:00","person":"suzuki","what":"why","about":"t"}]})"),
               0);
  const Screen screen = composed(view, glass);
  REQUIRE(screen.found.access.rows.size() == 2);
  CHECK(screen.found.access.rows.front() == Access{"11/24 9:44", "suzuki", "", "why", "t"});
  CHECK(asks(view, touch(view, glass, "span-month")).order->args.at("from") == "2026-11-01");
}

TEST_CASE("a refused question is told and asked again only when somebody wants it") {
  const auto view = sample_view();
  Step step = asks(view, touch(view, free_glass(view), "records"));
  REQUIRE(step.order);
  const Glass glass =
      answered(step.glass, *step.order, base::fail(base::Error::Code::limit, "overloaded"), 0);
  CHECK(composed(view, glass).found.inquiry.failed == "overloaded");
  CHECK_FALSE(asks(view, glass, 10'000).order);
  CHECK(asks(view, touch(view, glass, "ask-again")).order);
}

TEST_CASE("an answer that comes after the panel has changed is not shown there") {
  const auto view = sample_view();
  const Step day = asks(view, touch(view, free_glass(view), "records"));
  const Glass week = touch(view, day.glass, "span-week");
  const Step asked = asks(view, week);
  const Glass glass = answered(asked.glass, *day.order, answer(R"({"total":{"printed":9}})"), 0);
  CHECK(glass.found.counts.printed == 0);
  CHECK(glass.found.inquiry.flying);
}

TEST_CASE("of each day the records know patients, waits, absences and slips, and have a chart of each") {
  const auto view = sample_view();
  const Step step = asks(view, touch(view, free_glass(view), "records"));
  REQUIRE(step.order);
  const Glass glass = answered(step.glass, *step.order, answer(R"({"days":[{"date":"2026-11-23",
    "services":[{"taken":3,"absences":1},{"taken":4,"absences":2}],"wait":{"n":5,"median":12.5},
    "printed":6,"print_failed":1}],"total":{"services":[],"rooms":[],"printed":6,"print_failed":1,"reprinted":2}})"),
                               0);
  const Counts& counts = glass.found.counts;
  REQUIRE(counts.days.size() == 1);
  CHECK(counts.days[0] == DaySum{"2026-11-23", 7, 5, 12.5, 3, 6, 1});
  CHECK(counts.reprinted == 2);
  for (const char* chart : {"taken", "waits", "absences", "rooms", "slips"})
    CHECK(touch(view, glass, std::string("chart-") + chart).inside.chart == chart);
}

TEST_CASE("days, weeks and months are whole ones") {
  const base::Date today = *base::parse_iso_date("2026-11-24"); // a Tuesday
  const auto span = [&](const char* what, int back) {
    Inside inside;
    inside.span = what;
    inside.back = back;
    const auto [from, to] = span_of(inside, today);
    return base::iso_date(from) + " " + base::iso_date(to);
  };
  CHECK(span("day", 1) == "2026-11-23 2026-11-23");
  CHECK(span("week", 0) == "2026-11-23 2026-11-29");
  CHECK(span("week", 1) == "2026-11-16 2026-11-22");
  CHECK(span("month", 0) == "2026-11-01 2026-11-30");
  CHECK(span("month", 9) == "2026-02-01 2026-02-28");
  CHECK(span("month", 11) == "2025-12-01 2025-12-31");
}

TEST_CASE("the table is of the span that is shown") {
  const auto view = sample_view();
  const Step step = asks(view, touch(view, free_glass(view), "records"));
  REQUIRE(step.order);
  CHECK_FALSE(touched(&view, true, step.glass, "table").order);
  const Glass glass = answered(step.glass, *step.order, answer(R"({"days":[],"total":{}})"), 0);
  const Step table = touched(&view, true, glass, "table");
  REQUIRE(table.order);
  CHECK(table.order->args == json::object{{"csv", true}, {"from", "2026-11-24"}, {"to", "2026-11-24"}});
}

TEST_CASE("the list of devices is read again while it is looked at") {
  const auto view = sample_view();
  Step step = asks(view, touch(view, free_glass(view), "devices"));
  REQUIRE(step.order);
  const Glass glass =
      answered(step.glass, *step.order, answer(R"({"devices":[{"device":"room-1","name":"n","room":"a",
                                      "paired":"2026-11-02T08:00:00","connected":true}],"address":"x"})"),
               1'000);
  REQUIRE(composed(view, glass).found.devices.rows.size() == 1);
  CHECK(composed(view, glass).found.devices.rows.front().paired == "2026-11-02");
  CHECK_FALSE(asks(view, glass, 2'000).order);
  CHECK(asks(view, glass, 4'000).order);
}

TEST_CASE("a hub without a log-in is used as it is") {
  const auto view = sample_view();
  const Step step = asks(view, sample_glass_at(view));
  REQUIRE(step.order);
  CHECK(step.order->command == "staff");
  const Glass glass =
      answered(step.glass, *step.order, base::fail(base::Error::Code::not_found, "unknown_command"), 0);
  CHECK_FALSE(composed(view, glass).locked);
  CHECK_FALSE(asks(view, glass).order);
  CHECK(touched(&view, true, glass, "call-next").order);
}

TEST_CASE("until somebody is logged in nothing is sent and nothing behind can be touched") {
  const auto view = sample_view();
  const Glass glass = locked_glass(view);
  CHECK(composed(view, glass).locked);
  for (const char* name : {"call-next", "recall", "open-naika", "undo", "session", "receive"}) {
    const Step step = touched(&view, true, glass, name);
    CHECK_FALSE(step.order);
    CHECK(step.glass.panel == Panel::none);
  }
}

TEST_CASE("the PIN goes to the hub and to nowhere else") {
  const auto view = sample_view();
  Glass glass = locked_glass(view);
  for (const char* name : {"person-sato", "pad-1", "pad-2", "pad-3"}) glass = touch(view, glass, name);
  CHECK_FALSE(touched(&view, true, glass, "login-do").order);
  glass = touch(view, glass, "pad-4");
  CHECK(composed(view, glass).inside.digits == "****");
  const Step step = touched(&view, true, glass, "login-do");
  REQUIRE(step.order);
  CHECK(step.order->args == json::object{{"person", "sato"}, {"pin", "1234"}});
  CHECK(step.glass.inside.digits.empty());
  glass = answered(step.glass, *step.order, answer(R"({"person":"sato","name":"佐藤","pass":"p"})"), 0);
  CHECK_FALSE(composed(view, glass).locked);
  CHECK(composed(view, glass).found.staff.pass.empty());
  CHECK(touched(&view, true, glass, "call-next").order);
}

TEST_CASE("a wrong PIN is told, and after too many the wait counts down") {
  const auto view = sample_view();
  Glass glass = touch(view, locked_glass(view), "person-sato");
  const Order order{"login", {{"person", "sato"}, {"pin", "0000"}}};
  glass = answered(glass, order, base::fail(base::Error::Code::forbidden, "pin_wrong"), 0);
  CHECK(composed(view, glass).found.staff.refused == "pin_wrong");
  CHECK(composed(view, glass).locked);
  CHECK(touch(view, glass, "pad-1").found.staff.refused.empty());
  glass = answered(glass, order, base::fail(base::Error::Code::forbidden, "pin_locked"), 1'000,
                   {{"seconds", 30}});
  CHECK(composed(view, glass, true, 0, 1'000).lock_seconds == 30);
  CHECK(composed(view, glass, true, 0, 31'000).lock_seconds == 0);
}

TEST_CASE("after a lost link the pass resumes, once, without a PIN") {
  const auto view = sample_view();
  Glass glass = reconnected(logged_in(view));
  CHECK_FALSE(composed(view, glass).locked);
  Step step = asks(view, glass);
  REQUIRE(step.order);
  CHECK(step.order->command == "staff");
  glass = answered(step.glass, *step.order, answer(two_people), 0);
  CHECK_FALSE(composed(view, glass).locked);
  step = asks(view, glass);
  REQUIRE(step.order);
  CHECK(step.order->args == json::object{{"pass", "p"}});
  const Glass back =
      answered(step.glass, *step.order, answer(R"({"person":"sato","name":"佐藤","pass":"p"})"), 0);
  CHECK(back.found.staff.person == "sato");
  const Glass out =
      answered(step.glass, *step.order, base::fail(base::Error::Code::forbidden, "login_needed"), 0);
  CHECK(composed(view, out).locked);
  CHECK_FALSE(asks(view, out).order);
}

TEST_CASE("a command that met a closed door is told before and after the log-in") {
  const auto view = sample_view();
  Step step = touched(&view, true, logged_in(view), "recall");
  REQUIRE(step.order);
  Glass glass =
      answered(step.glass, *step.order, base::fail(base::Error::Code::forbidden, "login_needed"), 0);
  CHECK(glass.pending.empty());
  // The pass is tried first; only without it the page appears.
  const Step resume = asks(view, glass);
  REQUIRE(resume.order);
  glass = answered(resume.glass, *resume.order, base::fail(base::Error::Code::forbidden, "login_needed"), 0);
  const Screen page = composed(view, glass);
  CHECK(page.locked);
  CHECK(page.found.staff.lost == "recall");
  CHECK(page.found.staff.lost_number == "1");
  const Order login{"login", {{"person", "sato"}, {"pin", "1234"}}};
  glass = answered(glass, login, answer(R"({"person":"sato","name":"佐藤","pass":"q"})"), 0);
  CHECK(composed(view, glass).told.reason == "login_lost");
  CHECK(composed(view, glass).told.did == "recall");
  step = touched(&view, true, glass, "recall");
  REQUIRE(step.order);
  glass = answered(step.glass, *step.order, answer(R"({"number":"1"})"), 0);
  CHECK(composed(view, glass).told.reason.empty());
}

TEST_CASE("logging out closes what lay open and forgets the pass") {
  const auto view = sample_view();
  Glass glass = touch(view, logged_in(view), "receive");
  glass.draft.name = "someone";
  const Step step = touched(&view, true, glass, "logout");
  REQUIRE(step.order);
  glass = answered(step.glass, *step.order, answer("{}"), 0);
  CHECK(composed(view, glass).locked);
  CHECK(glass.panel == Panel::none);
  CHECK(glass.draft.name.empty());
  CHECK_FALSE(asks(view, glass).order);
}

TEST_CASE("what a person did carries the name") {
  auto view = sample_view();
  view.undo = {undo_of("absent", "5", 9'000)};
  view.undo.front().actor = "suzuki";
  CHECK(composed(view, logged_in(view)).undo.actor == "鈴木");
}
