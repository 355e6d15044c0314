// SPDX-License-Identifier: Apache-2.0
#include "sample.hpp"

#include <catch2/catch.hpp>

using namespace machiai;
using namespace machiai::desk;

namespace {

bool enabled(const std::vector<Action>& actions, const std::string& name) {
  for (const Action& action : actions)
    if (action.name == name) return action.enabled;
  return false;
}

} // namespace

TEST_CASE("the row that call-next would take is marked, and the button shows the same number") {
  const auto view = sample_view();
  const Screen screen = composed(view, sample_glass_at(view));
  CHECK(screen.next.number == "2");
  CHECK(screen.next.name == "name2");
  CHECK(screen.next.enabled);
  for (const Row& row : screen.rows) CHECK(row.next == (row.number == "2"));
}

TEST_CASE("with nobody waiting the call is disabled") {
  auto view = sample_view();
  view.next = {""};
  const Screen screen = composed(view, sample_glass_at(view));
  CHECK(screen.next.number.empty());
  CHECK_FALSE(screen.next.enabled);
}

TEST_CASE("filters count and choose") {
  const auto view = sample_view();
  Glass glass = sample_glass_at(view);
  const Screen all = composed(view, glass);
  std::vector<int> counts;
  for (const Filter& filter : all.filters) counts.push_back(filter.count);
  CHECK(counts == std::vector<int>{7, 3, 1, 1, 1});
  glass.filter = "hold";
  const Screen hold = composed(view, glass);
  REQUIRE(hold.rows.size() == 1);
  CHECK(hold.rows.front().number == "6");
}

TEST_CASE("who has booked and is not here waits in no count, and has a filter while there is one") {
  auto view = sample_view();
  view.tickets[2].state = "booked";
  view.tickets[2].origin = "web";
  Glass glass = sample_glass_at(view);
  std::vector<std::pair<std::string, int>> counts;
  for (const Filter& filter : composed(view, glass).filters) counts.emplace_back(filter.key, filter.count);
  CHECK(counts == std::vector<std::pair<std::string, int>>{
                      {"all", 7}, {"waiting", 2}, {"absent", 1}, {"hold", 1}, {"booked", 1}, {"done", 1}});
  glass.filter = "waiting";
  CHECK(composed(view, glass).total == 2);
  glass.filter = "booked";
  REQUIRE(composed(view, glass).rows.size() == 1);
  CHECK(composed(view, glass).rows.front().number == "3");
  // The last one has come: the filter that is on does not vanish under the finger.
  view.tickets[2].state = "waiting";
  CHECK(composed(view, glass).filters.size() == 6);
  CHECK(composed(view, glass).total == 0);
}

TEST_CASE("a ticket tells since when the patient is here, what was agreed, and when a place was asked for") {
  auto view = sample_view();
  view.tickets[1].origin = view.tickets[2].origin = "web";
  view.tickets[1].state = view.tickets[2].state = "booked";
  view.tickets[1].slot = view.tickets[1].taken = base::instant_from_ms(sample_now + 58 * 60'000);
  Glass glass = sample_glass_at(view);
  const auto card = [&](const std::string& number) {
    glass.ticket = "naika-20261124-" + number;
    return composed(view, glass).card;
  };
  CHECK(std::pair(card("2").slot, card("2").taken) == std::pair(std::string("11:30"), std::string()));
  CHECK(std::pair(card("3").asked, card("3").taken) == std::pair(std::string("10:27"), std::string()));
  CHECK(std::pair(card("4").asked, card("4").taken) == std::pair(std::string(), std::string("10:27")));
  view.tickets[2].here = base::instant_from_ms(sample_now);
  CHECK(card("3").taken == "10:32");
}

TEST_CASE("a void number belongs to nobody and is not listed") {
  auto view = sample_view();
  view.tickets.push_back(ticket("8", "void"));
  CHECK(composed(view, sample_glass_at(view)).total == 7);
}

TEST_CASE("a wait is told of the ticket and of who comes now, and of nobody where too little is known") {
  auto view = sample_view();
  view.services.front().wait = queue::WaitRange{11, 18};
  view.tickets[2].wait = queue::WaitRange{4, 9};
  Glass glass = sample_glass_at(view);
  glass.ticket = view.tickets[2].ticket;
  const Screen screen = composed(view, glass);
  CHECK(screen.services.front().wait == queue::WaitRange{11, 18});
  CHECK(screen.card.wait == queue::WaitRange{4, 9});
  for (const Row& row : screen.rows) CHECK(row.wait.has_value() == (row.number == "3"));
  // A range counts from now: while the hub is away nobody knows from when.
  const Screen away = composed(view, glass, false, 60'000);
  CHECK_FALSE(away.services.front().wait);
  CHECK_FALSE(away.card.wait);
  for (const Row& row : away.rows) CHECK_FALSE(row.wait);
}

TEST_CASE("names can be hidden everywhere at once") {
  const auto view = sample_view();
  Glass glass = sample_glass_at(view);
  glass.names = false;
  const Screen screen = composed(view, glass);
  CHECK(screen.next.name.empty());
  for (const Row& row : screen.rows) CHECK(row.name.empty());
}

TEST_CASE("the six actions fit the state of the target") {
  const auto view = sample_view();
  Glass glass = sample_glass_at(view);
  const auto names = [&](const std::string& number) {
    glass.ticket = number.empty() ? "" : "naika-20261124-" + number;
    const Screen screen = composed(view, glass);
    std::vector<std::string> result;
    for (const Action& action : screen.actions) result.push_back(action.name);
    return result;
  };
  using Names = std::vector<std::string>;
  CHECK(names("") == Names{"recall", "absent", "hold", "finish", "back", "more"});
  CHECK(names("2") == Names{"call-this", "absent", "hold", "move", "skip", "more"});
  CHECK(names("5") == Names{"call-this", "back", "hold", "move", "reprint", "more"});
  CHECK(names("6") == Names{"call-this", "absent", "resume", "move", "reprint", "more"});
}

TEST_CASE("one who is due comes by the first key, and is given up far from it") {
  auto view = sample_view();
  view.tickets[2].state = "booked";
  view.tickets[2].origin = "web";
  Glass glass = sample_glass_at(view);
  glass.ticket = "naika-20261124-3";
  const Screen screen = composed(view, glass);
  REQUIRE(screen.actions.size() == 6);
  CHECK(screen.actions[0].name == "arrive");
  CHECK(screen.actions[0].primary);
  REQUIRE(screen.more.size() == 12);
  CHECK(screen.more[0].name == "arrive");
  CHECK(screen.more[0].primary);
  CHECK(screen.more[8].name == "no-show");
  CHECK(screen.more[8].words == "no-show");
  CHECK(screen.more[9].name == "cancel");
  CHECK(std::count_if(screen.more.begin(), screen.more.end(),
                      [](const Action& each) { return each.primary; }) == 1);
}

TEST_CASE("who is here and is not seen did come") {
  auto view = sample_view();
  view.tickets[2].state = "no_show"; // came to the counter
  view.tickets[3].state = "no_show";
  view.tickets[3].origin = "web"; // never came
  view.tickets[4].state = "no_show";
  view.tickets[4].origin = "web"; // came, and went home
  view.tickets[4].here = view.tickets[4].since;
  Glass glass = sample_glass_at(view);
  const auto state = [&](const std::string& number) {
    for (const Row& row : composed(view, glass).rows)
      if (row.number == number) return row.state;
    return std::string{};
  };
  CHECK(state("3") == "left");
  CHECK(state("4") == "no_show");
  CHECK(state("5") == "left");
  glass.ticket = "naika-20261124-2";
  for (const Action& action : composed(view, glass).more)
    if (action.name == "no-show") CHECK(action.words == "no-show.here");
  view.undo = {undo_of("no_show", "3", 5'000)};
  glass.seat = "desk-1";
  CHECK(composed(view, glass).undo.what == "left");
  view.undo = {undo_of("no_show", "4", 5'000)};
  CHECK(composed(view, glass).undo.what == "no_show");
}

TEST_CASE("back to before the call, and letting one pass, are one touch away") {
  const auto view = sample_view();
  Glass glass = sample_glass_at(view);
  const Step back = touched(&view, true, glass, "back");
  REQUIRE(back.order);
  CHECK(back.order->command == "back");
  glass.ticket = "naika-20261124-2";
  const Step skip = touched(&view, true, glass, "skip");
  REQUIRE(skip.order);
  CHECK(skip.order->command == "skip");
  CHECK(skip.order->args == boost::json::object{{"ticket", "naika-20261124-2"}});
}

TEST_CASE("a counter whose hours have begun and that nobody has opened says so") {
  auto view = sample_view();
  view.services.front().state = "before";
  view.services.front().closes_at = "12:00";
  CHECK(composed(view, sample_glass_at(view)).services.front().state == "unopened");
  view.services.front().closes_at.clear();
  CHECK(composed(view, sample_glass_at(view)).services.front().state == "before");
}

TEST_CASE("a counter that was closed by hand inside its hours is paused, not over") {
  auto view = sample_view();
  view.services.front().state = "closed";
  CHECK(composed(view, sample_glass_at(view)).services.front().state == "closed");
  view.services.front().closes_at = "12:00";
  CHECK(composed(view, sample_glass_at(view)).services.front().state == "paused");
}

TEST_CASE("who read which ticket is told by its number, of another day with the date") {
  auto view = sample_view();
  REQUIRE_FALSE(view.tickets.empty());
  Glass glass = sample_glass_at(view);
  const auto& ticket = view.tickets.front();
  glass.found.access.rows = {{"11/24 10:02", "suzuki", "desk-1", "why", ticket.ticket},
                             {"11/24 10:02", "suzuki", "desk-1", "why", "naika-20261120-7"},
                             {"11/24 10:02", "suzuki", "desk-1", "access", "2026-11-24/2026-11-24"}};
  const auto rows = composed(view, glass).found.access.rows;
  CHECK(rows[0].number == ticket.number);
  CHECK(rows[1].number == "11/20 7");
  CHECK(rows[2].number.empty());
}

TEST_CASE("without a target every action is disabled") {
  auto view = sample_view();
  view.tickets.clear();
  const Screen screen = composed(view, sample_glass_at(view));
  for (const Action& action : screen.actions) CHECK_FALSE(action.enabled);
}

TEST_CASE("without the hub every action is disabled and the list tells its age") {
  const auto view = sample_view();
  Glass glass = sample_glass_at(view);
  glass.seat = "desk-1";
  const Screen screen = composed(view, glass, false, 65'000);
  CHECK_FALSE(screen.reachable);
  CHECK(screen.age_s == 65);
  CHECK_FALSE(screen.next.enabled);
  CHECK(screen.next.number == "2");
  CHECK_FALSE(enabled(screen.actions, "recall"));
  CHECK(screen.undo.what.empty());
  REQUIRE(screen.chips.size() == 1);
  CHECK(screen.chips.front().part == "link");
}

TEST_CASE("the times of a list that is not confirmed do not grow") {
  const auto view = sample_view();
  const Glass glass = sample_glass_at(view);
  const Screen before = compose(&view, glass, false, 0, sample_now, 0);
  const Screen later = compose(&view, glass, false, 600'000, sample_now + 600'000, 0);
  REQUIRE(before.rows.size() == later.rows.size());
  for (std::size_t i = 0; i < before.rows.size(); ++i) CHECK(before.rows[i].seconds == later.rows[i].seconds);
}

TEST_CASE("a seat may undo what it did itself, and is told of the rest") {
  auto view = sample_view();
  view.undo = {undo_of("absent", "5", 9'000), undo_of("called", "1", 4'000)};
  view.undo[1].seat = "desk-2";
  view.undo[1].seq = 41;
  Glass glass = sample_glass_at(view);
  const Screen other = composed(view, glass);
  CHECK(other.undo.what == "absent");
  CHECK_FALSE(other.undo.own);
  glass.seat = "desk-2";
  const Screen own = composed(view, glass);
  CHECK(own.undo.what == "called");
  CHECK(own.undo.own);
  const Step step = touched(&view, true, glass, "undo");
  REQUIRE(step.order.has_value());
  CHECK(step.order->args.at("undo").to_number<int>() == 41);
  CHECK(own.undo.seconds_left == 4);
  CHECK(own.undo.share == Approx(0.4));
}

TEST_CASE("an action about a counter names the counter, and what a machine did is nobody's") {
  auto view = sample_view();
  view.undo = {undo_of("counter_closed", "", 9'000), undo_of("cap_set", "", 4'000)};
  view.undo[0].actor = "system";
  view.undo[0].seat = "machiaid";
  view.undo[1].service = view.services.front().id;
  view.undo[1].seat = "desk-2";
  const Screen screen = composed(view, sample_glass_at(view));
  CHECK(screen.undo.what == "cap_set");
  CHECK(screen.undo.service == view.services.front().name);
}

TEST_CASE("after ten seconds there is nothing to undo") {
  auto view = sample_view();
  view.undo = {undo_of("called", "1", -1)};
  Glass glass = sample_glass_at(view);
  glass.seat = "desk-1";
  CHECK(composed(view, glass).undo.what.empty());
}

TEST_CASE("a lost race tells who called whom and offers the next") {
  auto view = sample_view();
  view.undo = {undo_of("called", "1", 5'000)};
  Glass glass = sample_glass_at(view);
  const Order order{"call", {{"service", "naika"}, {"room", "b"}, {"expect", "naika-20261124-1"}}};
  glass = answered(glass, order, base::fail(base::Error::Code::conflict, "already_called"), 1'000);
  const Screen screen = composed(view, glass, true, 0, 1'500);
  CHECK(screen.told.reason == "already_called");
  CHECK(screen.told.number == "1");
  CHECK(screen.told.room.en == "Room 1");
  CHECK(screen.told.actor == "desk");
  CHECK(screen.told.next_number == "2");
  CHECK(screen.next.enabled);
  CHECK(composed(view, glass, true, 0, 1'001 + notice_ms).told.reason.empty());
}

TEST_CASE("what is not well is told worst first; when all is well it says so") {
  auto view = sample_view();
  const Glass glass = sample_glass_at(view);
  REQUIRE(composed(view, glass).chips.size() == 1);
  CHECK(composed(view, glass).chips.front().level == "ok");
  view.troubles = {{"voice", "warn", "no_speaker"}, {"printer", "fault", "paper_out"}};
  view.seats = {{"display-1", "display", false, ""}, {"desk-2", "desk", false, ""}};
  const Screen screen = composed(view, glass);
  REQUIRE(screen.chips.size() == 3);
  CHECK(screen.chips[0].reason == "paper_out");
  CHECK(screen.chips[1].reason == "no_speaker");
  CHECK(screen.chips[2].reason == "seat_away");
}

TEST_CASE("a patient who asks for help at the kiosk hides no seat that is away") {
  auto view = sample_view();
  view.seats = {{"kiosk-1", "kiosk", true, "patient_waits"}, {"display-1", "display", false, ""}};
  for (const auto& seat : view.seats)
    for (auto& trouble : queue::seat_troubles(seat)) view.troubles.push_back(trouble);
  const Screen screen = composed(view, sample_glass_at(view));
  REQUIRE(screen.chips.size() == 2);
  CHECK(screen.chips[0].part == "kiosk");
  CHECK(screen.chips[0].reason == "patient_waits");
  CHECK(screen.chips[1].reason == "seat_away");
}

TEST_CASE("what a screen reports is filed under what it is about") {
  auto view = sample_view();
  view.seats = {{"display-1", "display", true, "no_speaker:film_missing:no_font"},
                {"kiosk-1", "kiosk", true, "no_font"}};
  const Screen screen = composed(view, sample_glass_at(view));
  REQUIRE(screen.chips.size() == 4);
  CHECK(screen.chips[0].part == "voice");
  CHECK(screen.chips[1].part == "film");
  CHECK(screen.chips[1].reason == "film_missing");
  CHECK(screen.chips[2].part == "display");
  CHECK(screen.chips[3].part == "seat");
}

TEST_CASE("the tabs of several services and the line of a failed slip each cost a row") {
  auto view = sample_view();
  CHECK(rows_that_fit(view) == rows_at_once);
  view.services.push_back(view.services.front());
  view.prints.push_back({});
  CHECK(rows_that_fit(view) == rows_at_once - 2);
}

TEST_CASE("before the first view nothing is offered") {
  const Screen screen = compose(nullptr, {}, false, -1, 0, 0);
  CHECK_FALSE(screen.ready);
  CHECK_FALSE(screen.next.enabled);
  CHECK(screen.clock.empty());
}

TEST_CASE("the strip tells what plays, until when, and what the clinic still owes") {
  const auto at = [](const char* text) { return *base::parse_iso_instant(text); };
  const std::int64_t now = base::to_ms(at("2026-11-20T10:32"));
  wire::Playbill bill;
  bill.now.item = "teeth";
  bill.now.kind = "provided";
  bill.now.until = at("2026-11-20T10:34");
  bill.next.item = "scene";
  bill.next.until = at("2026-11-21T00:00");
  bill.waiting = "2026-12";
  bill.deadline = at("2026-11-28T18:00");
  Strip strip = strip_of(bill, now);
  CHECK(strip.kind == "provided");
  CHECK(strip.until == "10:34");
  CHECK(strip.next_kind == "scene");
  CHECK(strip.deadline == "11/28 18:00");
  bill.now = bill.next;
  CHECK(strip_of(bill, now).until.empty()); // for the rest of the day
  CHECK(strip_of(bill, now).kind == "scene");
  strip = strip_of(bill, base::to_ms(bill.deadline));
  CHECK(strip.waiting.empty()); // too late to be asked for
  bill.muted = true;
  CHECK(strip_of(bill, now).muted);
  CHECK_FALSE(strip_of(bill, now).paused);
}
