// SPDX-License-Identifier: Apache-2.0
// The panels: which command a key sends, what opens from what, and that nobody acts on the wrong patient.
#include "sample.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace machiai;
using namespace machiai::desk;
namespace json = boost::json;

namespace {

const base::Result<json::object> done = json::object{{"number", "2"}};

std::string id(const std::string& number) {
  return "naika-20261124-" + number;
}

/// Touches one after the other; the last step is what came of it.
Step walk(const queue::DeskView& view, Glass glass, std::initializer_list<std::string> names) {
  Step step{std::move(glass), std::nullopt};
  for (const std::string& name : names) step = touched(&view, true, step.glass, name);
  return step;
}

Step ticket_step(const queue::DeskView& view, const std::string& number,
                 std::initializer_list<std::string> names) {
  const Glass open = walk(view, sample_glass_at(view), {"row-" + id(number), "more"}).glass;
  return walk(view, open, names);
}

queue::DeskView two_counters() {
  auto view = sample_view();
  view.services.push_back(view.services.front());
  view.services.back().id = "shouni";
  view.next.emplace_back();
  return view;
}

} // namespace

TEST_CASE("absent: by the rule, so many back, to the end, or gone home") {
  const auto view = sample_view();
  const auto args = [&](const char* key) {
    const Step step = ticket_step(view, "3", {"absent-how", key});
    REQUIRE(step.order);
    CHECK(step.glass.panel == Panel::none);
    return std::pair(step.order->command, step.order->args);
  };
  CHECK(args("absent-rule") == std::pair(std::string("absent"), json::object{{"ticket", id("3")}}));
  CHECK(args("absent-back-5") ==
        std::pair(std::string("absent"), json::object{{"back", 5}, {"ticket", id("3")}}));
  CHECK(args("absent-last") ==
        std::pair(std::string("absent"), json::object{{"back", 0}, {"ticket", id("3")}}));
  CHECK(args("went-home") == std::pair(std::string("cancel"), json::object{{"ticket", id("3")}}));
  CHECK_FALSE(ticket_step(view, "3", {"absent-how", "absent-back-x"}).order);
}

TEST_CASE("a telephone call is noted on the ticket's panel, which stays open and tells of it") {
  auto view = sample_view();
  for (const char* result : {"reached", "no_answer"}) {
    const Step step = ticket_step(view, "3", {std::string("phoned-") + result});
    REQUIRE(step.order);
    CHECK(step.order->command == "phoned");
    CHECK(step.order->args == json::object{{"result", result}, {"ticket", id("3")}});
    CHECK(step.glass.panel == Panel::ticket);
  }
  for (auto& ticket : view.tickets)
    if (ticket.number == "3")
      ticket.phoned = queue::PhoneNote{"no_answer", base::instant_from_ms(sample_now), 2};
  const Screen screen = composed(view, walk(view, sample_glass_at(view), {"row-" + id("3"), "more"}).glass);
  CHECK(screen.card.phoned == "no_answer");
  CHECK(screen.card.phoned_times == 2);
  CHECK(screen.card.phoned_clock == base::clock_text(base::instant_from_ms(sample_now)));
}

TEST_CASE("every trouble is told, by pages when there are many") {
  auto view = sample_view();
  Glass glass = walk(view, sample_glass_at(view), {"troubles"}).glass;
  CHECK(composed(view, glass).pages == 1);
  CHECK(composed(view, glass).health.size() == 6); // each part that a clinic asks about
  for (int i = 0; i < 9; ++i) view.troubles.push_back({"seat", "warn", "trouble_" + std::to_string(i)});
  std::vector<std::string> told;
  for (int page = 0; page < 3; ++page) {
    const Screen screen = composed(view, glass);
    CHECK(screen.pages == 3);
    CHECK(screen.health.size() == 5);
    for (const Chip& chip : screen.health) told.push_back(chip.part + chip.reason);
    glass = walk(view, glass, {"list-down"}).glass;
  }
  CHECK(std::set(told.begin(), told.end()).size() == 15);
  // With the hub away nothing is known but that.
  CHECK(composed(view, glass, false).health.size() == 1);
}

TEST_CASE("a hold tells its reason: a key, or words of one's own") {
  const auto view = sample_view();
  const Step key = ticket_step(view, "2", {"hold-why", "hold-for-drip"});
  REQUIRE(key.order);
  CHECK(key.order->args == json::object{{"reason", "drip"}, {"ticket", id("2")}});
  CHECK_FALSE(ticket_step(view, "2", {"hold-why", "hold-for-none"}).order->args.contains("reason"));
  Glass glass = ticket_step(view, "2", {"hold-why"}).glass;
  CHECK_FALSE(walk(view, glass, {"hold-do"}).order);
  glass.words = "x-ray";
  CHECK(walk(view, glass, {"hold-do"}).order->args.at("reason") == "x-ray");
}

TEST_CASE("skip and transfer name the ticket, and only where they fit") {
  const auto view = two_counters();
  CHECK(ticket_step(view, "2", {"skip"}).order->command == "skip");
  CHECK_FALSE(ticket_step(view, "1", {"skip"}).order);
  const Step step = ticket_step(view, "1", {"transfer", "transfer-to-shouni"});
  REQUIRE(step.order);
  CHECK(step.order->args == json::object{{"to", "shouni"}, {"ticket", id("1")}});
  CHECK_FALSE(ticket_step(view, "7", {"transfer-to-shouni"}).order);
}

TEST_CASE("a transferred ticket stands in its new line and is called from there") {
  auto view = two_counters();
  view.tickets[2].line = "shouni"; // 3
  view.next[1] = id("3");
  Glass glass = walk(view, sample_glass_at(view), {"service-shouni"}).glass;
  REQUIRE(listed(view, glass).size() == 1);
  const Step step = walk(view, glass, {"row-" + id("3"), "call-this"});
  REQUIRE(step.order);
  CHECK(step.order->args.at("service") == "shouni");
  glass.service = "naika";
  for (const auto* ticket : listed(view, glass)) CHECK(ticket->number != "3");
}

TEST_CASE("amend begins with what is written down and sends the whole") {
  auto view = sample_view();
  view.tickets[1].card = "42";
  Glass glass = ticket_step(view, "2", {"amend"}).glass;
  CHECK(glass.draft.card == "42");
  CHECK(glass.draft.name == "name2");
  glass.draft.note = "wheelchair";
  const Step step = walk(view, glass, {"draft-kind-first", "amend-do"});
  REQUIRE(step.order);
  CHECK(
      step.order->args ==
      json::object{
          {"ticket", id("2")}, {"card", "42"}, {"name", "name2"}, {"note", "wheelchair"}, {"kind", "first"}});
  CHECK(step.glass.panel == Panel::amend);
  const Glass after = answered(step.glass, *step.order, done, 0);
  CHECK(after.panel == Panel::none);
  CHECK(after.draft.name.empty());
}

TEST_CASE("the panel stays about its patient when the next one comes into the room") {
  auto view = sample_view();
  Glass glass = walk(view, sample_glass_at(view), {"more"}).glass;
  CHECK(composed(view, glass).card.number == "1");
  view.tickets[0].state = "done";
  view.tickets[0].room.clear();
  view.tickets[1].state = "called";
  view.tickets[1].room = "a";
  CHECK(composed(view, settled(view, glass)).card.number == "1");
  CHECK_FALSE(walk(view, glass, {"hold-for-none"}).order);
  // Closed, the keys are again about whoever is in the room.
  glass = walk(view, glass, {"close-panel"}).glass;
  CHECK(target_of(view, glass)->number == "2");
}

TEST_CASE("a ticket that vanishes takes its panel with it") {
  auto view = sample_view();
  const Glass glass = ticket_step(view, "2", {"amend"}).glass;
  view.tickets.clear();
  CHECK(settled(view, glass).panel == Panel::none);
}

TEST_CASE("escape leads one step back, then out") {
  const auto view = sample_view();
  Glass glass = ticket_step(view, "2", {"absent-how"}).glass;
  glass = walk(view, glass, {"close-panel"}).glass;
  CHECK(glass.panel == Panel::ticket);
  CHECK(glass.ticket == id("2"));
  glass = walk(view, glass, {"scrim-close"}).glass;
  CHECK(glass.panel == Panel::none);
}

TEST_CASE("to the end of the line: named by nobody behind") {
  const auto view = sample_view();
  const Step step =
      walk(view, sample_glass_at(view), {"row-" + id("2"), "move", "reason-urgent", "move-last"});
  REQUIRE(step.order);
  CHECK(step.order->args.at("before") == "");
  CHECK_FALSE(
      walk(view, sample_glass_at(view), {"row-" + id("4"), "move", "reason-test", "move-last"}).order);
}

TEST_CASE("a cap is typed on the pad, of four digits at most") {
  const auto view = sample_view();
  const Glass open = walk(view, sample_glass_at(view), {"session", "cap-of-naika"}).glass;
  CHECK_FALSE(walk(view, open, {"cap-do"}).order);
  const Step step = walk(view, open, {"pad-6", "pad-0", "pad-0", "pad-0", "pad-0", "pad-left", "cap-do"});
  REQUIRE(step.order);
  CHECK(step.order->args == json::object{{"service", "naika"}, {"cap", 600}});
  CHECK(answered(step.glass, *step.order, done, 0).panel == Panel::session);
  CHECK(walk(view, open, {"cap-none"}).order->args.at("cap") == 0);
  CHECK(walk(view, open, {"cap-settings"}).order->args.at("cap") == -1);
  CHECK(composed(view, walk(view, open, {"pad-6", "pad-0"}).glass).inside.digits == "60");
}

TEST_CASE("the hours of today begin with what the hub tells and never cross") {
  const auto view = sample_view();
  Glass open = walk(view, sample_glass_at(view), {"session", "hours-of-naika"}).glass;
  open.found.staff.known = true;
  const Step asked = inquire(&view, true, open, sample_now, 0);
  REQUIRE(asked.order);
  CHECK(asked.order->command == "counter");
  const base::Result<json::object> told =
      json::object{{"service", "naika"}, {"hours", "8:30-11:00"}, {"cap", 0}};
  open = answered(asked.glass, *asked.order, told, 0);
  CHECK(walk(view, open, {"hours-do"}).order->args.at("hours") == "8:30-11:00");
  CHECK(walk(view, open, {"part-0-close-up", "hours-do"}).order->args.at("hours") == "8:30-11:15");
  CHECK(walk(view, open, {"part-1-on", "hours-do"}).order->args.at("hours") == "8:30-11:00,14:30-18:00");
  Glass glass = open;
  for (int i = 0; i < 40; ++i) glass = walk(view, glass, {"part-0-open-up"}).glass;
  CHECK(walk(view, glass, {"hours-do"}).order->args.at("hours") == "10:45-11:00");
  CHECK(walk(view, open, {"hours-closed"}).order->args.at("hours") == "");
  CHECK(walk(view, open, {"hours-settings"}).order->args.at("hours") == "-");
  // What was moved before the hub had told stays as it was moved.
  const Glass moved = walk(view, asked.glass, {"part-0-open-up"}).glass;
  CHECK(answered(moved, *asked.order, told, 0).inside.parts[0].open == 9 * 60 + 15);
}

TEST_CASE("hours stand in the part of the day they begin in, and none is lost") {
  const auto parts = parts_of("9:00-12:00,17:00-18:30,19:00-21:00");
  CHECK(parts[0] == Part{true, 540, 720});
  CHECK(parts[1] == Part{true, 1020, 1110});
  CHECK(parts[2] == Part{true, 1140, 1260});
  CHECK_FALSE(parts_of("15:00-18:00")[0].on);
  CHECK(parts_of("15:00-18:00")[1].open == 900);
  for (const Part& part : parts_of("")) CHECK_FALSE(part.on);
}

TEST_CASE("a message is chosen, previewed and only then sent") {
  const auto view = sample_view();
  const Step shown = walk(view, sample_glass_at(view),
                          {"messages", "pattern-emergency", "minutes-20", "showing-60", "message-do"});
  REQUIRE(shown.order);
  CHECK(shown.order->args == json::object{{"pattern", "emergency"}, {"show_minutes", 60}, {"minutes", 20}});
  CHECK(answered(shown.glass, *shown.order, done, 0).panel == Panel::messages);
  Glass glass = walk(view, sample_glass_at(view), {"messages", "pattern-free"}).glass;
  CHECK_FALSE(walk(view, glass, {"message-do"}).order);
  glass.words = "closed";
  CHECK(walk(view, glass, {"message-do"}).order->args.at("text") == "closed");
  CHECK(composed(view, glass).inside.message.text == "closed");
  CHECK(walk(view, glass, {"unmessage-7"}).order->args.at("message") == 7);
}

TEST_CASE("an urgent notice is filled in, looked at and only then sent, and one press clears it") {
  const auto view = sample_view();
  Glass glass = walk(view, sample_glass_at(view), {"programme", "notices", "form-free"}).glass;
  CHECK(glass.panel == Panel::notice);
  CHECK(notice_fields("free") == std::vector<std::string>{"title", "body", "date"});
  CHECK_FALSE(walk(view, glass, {"notice-do"}).order); // nothing is filled in
  glass.inside.notice.texts = {{"title", "断水の お知らせ"}, {"body", ""}};
  const Step shown = walk(view, glass, {"notice-minutes-30", "notice-do"});
  REQUIRE(shown.order);
  CHECK(shown.order->command == "notice");
  CHECK(shown.order->args == json::object{{"template", "free"},
                                          {"lang", "ja"},
                                          {"fields", {{"title", "断水の お知らせ"}}},
                                          {"minutes", 30}});
  CHECK(answered(shown.glass, *shown.order, done, 0).panel == Panel::programme);
  std::string much;
  for (int i = 0; i < 60; ++i) much += "断水です。";
  glass.inside.notice.texts[1].second = much;
  CHECK_FALSE(walk(view, glass, {"notice-do"}).order); // it would not fit
  CHECK(walk(view, glass, {"close-panel"}).glass.panel == Panel::notices);
  CHECK(walk(view, glass, {"notice-clear"}).order->command == "notice_clear");
}

TEST_CASE("the strip tells of an urgent notice until its end") {
  auto view = sample_view();
  const auto since = base::instant_from_ms(1795483920000);
  view.notice = queue::NoticeView{3, "free", "ja", {}, since, since + std::chrono::minutes{30}};
  CHECK(with_notice({}, &view, 1795483920000).kind == "urgent");
  CHECK(with_notice({}, &view, 1795483920000).urgent);
  CHECK_FALSE(with_notice({}, &view, 1795483920000 + 30 * 60'000).urgent);
  CHECK_FALSE(with_notice({}, nullptr, 0).urgent);
}

TEST_CASE("closing the day asks first and says how many still wait") {
  const auto view = sample_view();
  const Step asked = walk(view, sample_glass_at(view), {"session", "close-day"});
  CHECK_FALSE(asked.order);
  CHECK(asked.glass.panel == Panel::close_day);
  const Screen screen = composed(view, asked.glass);
  CHECK(screen.services.front().inside == 1);
  CHECK(screen.services.front().waiting == 3);
  CHECK(screen.services.front().apart == 2);
  const Step step = walk(view, asked.glass, {"close-day-do"});
  REQUIRE(step.order);
  CHECK(step.order->command == "close_day");
  // What is told of it, and can be taken back, names the counters that the hub has closed.
  Glass closed = answered(step.glass, *step.order,
                          boost::json::parse(R"({"service":"naika","services":["naika"]})").as_object(), 0);
  closed.seat = "desk-1";
  auto after = view;
  after.undo = {undo_of("day_closed", "", 9'000)};
  CHECK(composed(after, closed).undo.closed == std::vector<queue::Label>{after.services.front().name});
  after.undo.front().seat = "desk-2";
  CHECK(composed(after, closed).undo.closed.empty());
}

TEST_CASE("a device is let go only at the second touch") {
  const auto view = sample_view();
  Glass glass = walk(view, sample_glass_at(view), {"devices"}).glass;
  CHECK_FALSE(walk(view, glass, {"unpair-do"}).order);
  glass = walk(view, glass, {"revoke-room-1"}).glass;
  CHECK(walk(view, glass, {"unpair-do"}).order->args.at("device") == "room-1");
  CHECK_FALSE(walk(view, glass, {"keep-device", "unpair-do"}).order);
}

TEST_CASE("a code is asked for a room, under a name, and counts down by the hub's clock") {
  const auto view = sample_view();
  const Step step = walk(view, sample_glass_at(view), {"devices", "pair", "pair-room-b", "pair-do"});
  REQUIRE(step.order);
  CHECK(step.order->args == json::object{{"name", "診察室2"}, {"room", "b"}});
  const base::Result<json::object> offer = json::object{
      {"code", "042817"}, {"until", sample_now + 90'000}, {"address", "https://a"}, {"room", "b"}};
  const Glass glass = answered(step.glass, *step.order, offer, 0);
  CHECK(composed(view, glass).found.pairing.code == "042817");
  CHECK(composed(view, glass).code_seconds == 90);
  CHECK(compose(&view, glass, true, 0, sample_now + 95'000, 0).code_seconds == 0);
}

TEST_CASE("who lost a race hears who was first, also when the undo list has forgotten it") {
  auto view = sample_view();
  Glass glass = sample_glass_at(view);
  glass.seat = "desk-1";
  const Order order{"call", {{"service", "naika"}, {"room", "b"}, {"expect", id("1")}}};
  const json::object refusal{{"number", "1"}, {"by", "desk-2"}, {"room", "a"}};
  glass = answered(glass, order, base::fail(base::Error::Code::conflict, "already_called"), 0, refusal);
  Screen screen = composed(view, glass);
  CHECK(screen.told.actor == "desk-2");
  CHECK(screen.told.room.en == "Room 1");
  CHECK(screen.told.next_number == "2");
  CHECK(screen.next.enabled);
  // Of another action the undo list knows who did what.
  view.undo = {undo_of("finished", "1", 5'000)};
  view.undo.front().seat = "desk-2";
  const Order hold{"hold", {{"ticket", id("1")}}};
  glass = answered(glass, hold, base::fail(base::Error::Code::conflict, "finished"), 0);
  screen = composed(view, glass);
  CHECK(screen.told.did == "finished");
  CHECK(screen.told.actor == "desk");
  view.undo.front().seat = "desk-1";
  CHECK(composed(view, glass).told.did.empty());
  // A printer without paper is nobody's doing.
  view.undo.front().seat = "desk-2";
  glass = answered(glass, hold, base::fail(base::Error::Code::device, "paper_out"), 0);
  CHECK(composed(view, glass).told.did.empty());
}
