// SPDX-License-Identifier: Apache-2.0
#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::desk;

namespace {

Step touch(const queue::DeskView& view, const Glass& glass, const std::string& name, bool reachable = true) {
  return touched(&view, reachable, glass, name);
}

Glass with_row(const queue::DeskView& view, const std::string& number) {
  return touch(view, sample_glass_at(view), "row-naika-20261124-" + number).glass;
}

const base::Result<boost::json::object> done = boost::json::object{{"number", "2"}};

} // namespace

TEST_CASE("call-next names the ticket that stands on the button") {
  const auto view = sample_view();
  const Step step = touch(view, sample_glass_at(view), "call-next");
  REQUIRE(step.order);
  CHECK(step.order->command == "call");
  CHECK(step.order->args ==
        boost::json::object{{"service", "naika"}, {"room", "a"}, {"expect", "naika-20261124-2"}});
}

TEST_CASE("a touch on a room chooses where the next is called to") {
  const auto view = sample_view();
  const Glass glass = touch(view, sample_glass_at(view), "room-b").glass;
  const Step step = touch(view, glass, "call-next");
  REQUIRE(step.order);
  CHECK(step.order->args.at("room") == "b");
}

TEST_CASE("the chip of a patient who asks for help says that somebody goes there") {
  const auto view = sample_view();
  const Step step = touch(view, sample_glass_at(view), "attend-0");
  REQUIRE(step.order);
  CHECK(step.order->command == "attend");
  CHECK_FALSE(touch(view, sample_glass_at(view), "attend-0", false).order);
  CHECK_FALSE(touch(view, sample_glass_at(view), "chip-0").order);
}

TEST_CASE("one press, one command: until the answer nothing else is sent") {
  const auto view = sample_view();
  Step step = touch(view, sample_glass_at(view), "call-next");
  REQUIRE(step.order);
  for (const char* name :
       {"call-next", "undo", "absent", "recall", "open-naika", "close-naika", "draft-take"})
    CHECK_FALSE(touch(view, step.glass, name).order);
  const Glass after = answered(step.glass, *step.order, done, 0);
  CHECK(touch(view, after, "call-next").order);
}

TEST_CASE("without the hub nothing is sent, yet rows and filters still answer") {
  const auto view = sample_view();
  const Glass glass = with_row(view, "2");
  for (const char* name :
       {"call-next", "undo", "absent", "hold", "cancel", "move-front", "open-naika", "draft-take"})
    CHECK_FALSE(touch(view, glass, name, false).order);
  CHECK(touch(view, glass, "filter-hold", false).glass.filter == "hold");
}

TEST_CASE("the actions act on the touched row, else on whoever is in the chosen room") {
  const auto view = sample_view();
  const Step room = touch(view, sample_glass_at(view), "recall");
  REQUIRE(room.order);
  CHECK(room.order->args.at("ticket") == "naika-20261124-1");
  const Step row = touch(view, with_row(view, "3"), "absent");
  REQUIRE(row.order);
  CHECK(row.order->command == "absent");
  CHECK(row.order->args.at("ticket") == "naika-20261124-3");
}

TEST_CASE("who does not come is marked so instead of finished") {
  const auto view = sample_view();
  const Step missed = touch(view, with_row(view, "5"), "no-show");
  REQUIRE(missed.order);
  CHECK(missed.order->command == "no_show");
  CHECK(missed.order->args.at("ticket") == "naika-20261124-5");
  CHECK_FALSE(touch(view, with_row(view, "1"), "no-show").order);
  const auto offered = [&](const char* row, const char* name) {
    const auto more = composed(view, with_row(view, row)).more;
    return std::any_of(more.begin(), more.end(), [&](const Action& each) { return each.name == name; });
  };
  CHECK(offered("5", "no-show"));
  CHECK_FALSE(offered("5", "finish"));
  CHECK(offered("1", "finish"));
}

TEST_CASE("an action that does not fit the state sends nothing") {
  const auto view = sample_view();
  CHECK_FALSE(touch(view, with_row(view, "2"), "recall").order);
  CHECK_FALSE(touch(view, with_row(view, "2"), "resume").order);
  CHECK_FALSE(touch(view, with_row(view, "1"), "move-front").order);
  CHECK_FALSE(touch(view, with_row(view, "7"), "cancel").order);
  CHECK(touch(view, with_row(view, "6"), "resume").order);
  CHECK(touch(view, with_row(view, "5"), "back").order);
  CHECK(touch(view, with_row(view, "7"), "reprint").order);
}

TEST_CASE("a row can be called out of turn, by name") {
  const auto view = sample_view();
  const Step step = touch(view, with_row(view, "4"), "call-this");
  REQUIRE(step.order);
  CHECK(step.order->command == "call");
  CHECK(step.order->args ==
        boost::json::object{{"service", "naika"}, {"room", "a"}, {"ticket", "naika-20261124-4"}});
}

TEST_CASE("the order is changed only with a reason") {
  const auto view = sample_view();
  Glass glass = touch(view, with_row(view, "4"), "move").glass;
  CHECK(glass.panel == Panel::move);
  CHECK_FALSE(touch(view, glass, "move-front").order);
  glass = touch(view, glass, "reason-test").glass;
  const Step front = touch(view, glass, "move-front");
  REQUIRE(front.order);
  CHECK(front.order->args == boost::json::object{{"ticket", "naika-20261124-4"},
                                                 {"before", "naika-20261124-2"},
                                                 {"reason", "test"}});
  CHECK(answered(front.glass, *front.order, done, 0).panel == Panel::none);
}

TEST_CASE("one up and one down name the neighbour to stand before") {
  const auto view = sample_view();
  const auto pair = [](const char* a, const char* b) {
    return std::optional(std::pair(std::string("naika-20261124-") + a, std::string("naika-20261124-") + b));
  };
  CHECK(move_order(view, with_row(view, "4"), "up") == pair("4", "3"));
  CHECK(move_order(view, with_row(view, "2"), "down") == pair("2", "4"));
  // Nobody stands behind the last but one's follower: the follower goes up instead.
  CHECK(move_order(view, with_row(view, "3"), "down") == pair("4", "3"));
  CHECK_FALSE(move_order(view, with_row(view, "2"), "up"));
  CHECK_FALSE(move_order(view, with_row(view, "2"), "front"));
  CHECK_FALSE(move_order(view, with_row(view, "4"), "down"));
  CHECK(move_order(view, with_row(view, "6"), "front") == pair("6", "2"));
  CHECK_FALSE(move_order(view, with_row(view, "6"), "up"));
}

TEST_CASE("the dialog takes what was filled in, and forgets it afterwards") {
  const auto view = sample_view();
  Glass glass = touch(view, sample_glass_at(view), "receive").glass;
  CHECK(glass.draft.kind == "return");
  glass = touch(view, glass, "draft-kind-first").glass;
  glass = touch(view, glass, "draft-slip-none").glass;
  glass.draft.card = "123";
  glass.draft.name = "someone";
  const Step step = touch(view, glass, "draft-take");
  REQUIRE(step.order);
  CHECK(step.order->command == "take");
  CHECK(step.order->args ==
        boost::json::object{
            {"service", "naika"}, {"print", false}, {"kind", "first"}, {"card", "123"}, {"name", "someone"}});
  const Glass after = answered(step.glass, *step.order, done, 0);
  CHECK(after.panel == Panel::none);
  CHECK(after.draft.name.empty());
  CHECK(after.draft.card.empty());
}

TEST_CASE(
    "a card that has a number today is seen while it is typed; who booked it has come, and gets a slip") {
  auto view = sample_view();
  view.tickets[1].card = "0012345";
  view.tickets[6].card = "777"; // done: another visit of the day is a new number
  auto booked = ticket("8", "booked");
  booked.card = "12345";
  booked.service = "naika";
  view.tickets.push_back(booked);
  Glass glass = touch(view, sample_glass_at(view), "receive").glass;
  for (const char* card : {"", "1234", "777"}) {
    glass.draft.card = card;
    CHECK_FALSE(composed(view, glass).known);
    CHECK_FALSE(touch(view, glass, "known").order);
  }
  glass.draft.card = "１２３４５";
  CHECK(composed(view, glass).known == Known{"naika-20261124-8", "8", "booked"});
  const Step come = touch(view, glass, "known");
  REQUIRE(come.order);
  CHECK(come.order->command == "check_in");
  CHECK(come.order->args == boost::json::object{{"ticket", "naika-20261124-8"}, {"print", true}});
  const Glass after = answered(come.glass, *come.order, done, 0);
  CHECK(after.panel == Panel::none);
  CHECK(after.draft.card.empty());
  view.tickets.pop_back();
  CHECK(composed(view, glass).known == Known{"naika-20261124-2", "2", "waiting"});
  const Step shown = touch(view, glass, "known");
  CHECK_FALSE(shown.order);
  CHECK(shown.glass.panel == Panel::ticket);
  CHECK(shown.glass.ticket == "naika-20261124-2");
  CHECK(shown.glass.draft.card.empty());
  CHECK(touch(view, glass, "draft-take").order); // one more is still possible: a child's card, a second visit
}

TEST_CASE("a refused dialog keeps what was filled in") {
  const auto view = sample_view();
  Glass glass = touch(view, sample_glass_at(view), "receive").glass;
  glass.draft.name = "someone";
  const Step step = touch(view, glass, "draft-take");
  REQUIRE(step.order);
  const Glass after =
      answered(step.glass, *step.order, base::fail(base::Error::Code::storage, "disk_full"), 100);
  CHECK(after.panel == Panel::receive);
  CHECK(after.draft.name == "someone");
  CHECK(after.notice.reason == "disk_full");
  CHECK(after.notice.until_ms == 100 + notice_ms);
}

TEST_CASE("counters open and close by their own button, and only known ones") {
  const auto view = sample_view();
  const Step step = touch(view, sample_glass_at(view), "open-naika");
  REQUIRE(step.order);
  CHECK(step.order->command == "open");
  CHECK(touch(view, sample_glass_at(view), "close-naika").order->command == "close");
  CHECK_FALSE(touch(view, sample_glass_at(view), "open-elsewhere").order);
  CHECK_FALSE(touch(view, sample_glass_at(view), "close-panel").order);
}

TEST_CASE("a slip that did not come out is printed again from its line") {
  auto view = sample_view();
  view.prints = {{3, "naika-20261124-4", "4", false, "failed", "paper_out", {}}};
  const Step step = touch(view, sample_glass_at(view), "task-reprint");
  REQUIRE(step.order);
  CHECK(step.order->command == "reprint");
  CHECK(step.order->args.at("ticket") == "naika-20261124-4");
}

TEST_CASE("slips that need a person are gone through one at a time, and each key is about the one shown") {
  auto view = sample_view();
  const auto print = [](std::uint64_t id, const std::string& number, const std::string& state) {
    return queue::PrintView{id, "naika-20261124-" + number, number, false, state, "", {}};
  };
  view.prints = {print(3, "2", "unknown"), print(5, "3", "failed"), print(9, "4", "unknown")};
  Glass glass = sample_glass_at(view);
  const auto shown = [&] {
    const Screen screen = composed(view, glass);
    REQUIRE(screen.task);
    return std::tuple(screen.task->number, screen.task->at, screen.task->of);
  };
  CHECK(shown() == std::tuple(std::string("2"), 0, 3));
  glass = touch(view, glass, "task-next").glass;
  CHECK(shown() == std::tuple(std::string("3"), 1, 3));
  const Step seen = touch(view, glass, "task-seen");
  REQUIRE(seen.order);
  CHECK(seen.order->command == "slip_seen");
  CHECK(seen.order->args == boost::json::object{{"print", 5}});
  CHECK(touch(view, glass, "task-reprint").order->args.at("ticket") == "naika-20261124-3");
  view.prints.erase(view.prints.begin() + 1); // that one is done with
  CHECK(shown() == std::tuple(std::string("2"), 0, 2));
  for (int i = 0; i < 2; ++i) glass = touch(view, glass, "task-next").glass;
  CHECK(shown() == std::tuple(std::string("2"), 0, 2));
  view.prints.clear();
  CHECK_FALSE(composed(view, glass).task);
  CHECK_FALSE(touch(view, glass, "task-seen").order);
  CHECK_FALSE(touch(view, glass, "task-next").order);
}

TEST_CASE("choices that vanish from the clinic are chosen anew") {
  auto view = sample_view();
  Glass glass = with_row(view, "2");
  view.rooms.erase(view.rooms.begin());
  view.tickets.clear();
  glass = settled(view, glass);
  CHECK(glass.room == "b");
  CHECK(glass.ticket.empty());
}

TEST_CASE("arrows walk the rows and keep the chosen one in sight") {
  auto view = sample_view();
  for (int i = 10; i < 40; ++i) view.tickets.push_back(ticket(std::to_string(i), "waiting"));
  Glass glass = sample_glass_at(view);
  for (int i = 0; i < 20; ++i) glass = stepped(view, glass, 1);
  const Screen screen = composed(view, glass);
  const auto selected =
      std::count_if(screen.rows.begin(), screen.rows.end(), [](const Row& row) { return row.selected; });
  CHECK(selected == 1);
  for (int i = 0; i < 50; ++i) glass = stepped(view, glass, -1);
  CHECK(glass.ticket == "naika-20261124-1");
  CHECK(composed(view, glass).first == 0);
}

TEST_CASE("the digits of a number lead to its row, on its page and in its line") {
  auto view = sample_view();
  for (int n = 8; n <= 60; ++n) view.tickets.push_back(ticket(std::to_string(n), "waiting"));
  view.services.push_back(view.services.front());
  view.services.back().id = "yobou";
  view.next.emplace_back();
  view.tickets.push_back(ticket("V-41", "waiting"));
  view.tickets.back().service = "yobou";
  Glass glass = sample_glass_at(view);
  glass.filter = "hold";
  for (const char* key : {"find", "pad-4", "pad-1"}) glass = touch(view, glass, key).glass;
  const Screen asked = composed(view, glass);
  REQUIRE(asked.matches.size() == 2);
  CHECK(asked.matches[0].number == "41");
  CHECK(asked.matches[1].number == "V-41");
  const Glass there = touch(view, glass, "find-" + asked.matches[0].ticket).glass;
  CHECK(there.panel == Panel::none);
  const Screen shown = composed(view, there);
  CHECK(std::any_of(shown.rows.begin(), shown.rows.end(),
                    [](const Row& row) { return row.number == "41" && row.selected; }));
  CHECK(touch(view, glass, "find-" + asked.matches[1].ticket).glass.service == "yobou");
  const Glass other = touch(view, glass, "pad-0").glass;
  CHECK(composed(view, other).matches.empty());
  CHECK(touch(view, other, "close-panel").glass.panel == Panel::none);
  CHECK(touch(view, other, "close-panel").glass.ticket.empty());
  CHECK(composed(view, touch(view, other, "pad-left").glass).matches.size() == 2);
}
