// SPDX-License-Identifier: Apache-2.0
#include "core/wire/commands.hpp"
#include "core/wire/events.hpp"
#include "core/wire/messages.hpp"
#include "core/wire/views.hpp"
#include "tests/queue/morning.hpp"

#include <boost/json.hpp>

using namespace machiai;
using namespace machiai::queue;
namespace json = boost::json;

namespace {

const std::vector<EventBody>& one_of_each() {
  static const TicketRef t{0, main_series, 12};
  static const TicketRef k{1, kiosk_series, 3};
  static const std::vector<EventBody> bodies{
      DayOpened{{20781}},
      DayClosed{{20781}},
      CounterOpened{0, "morning"},
      CounterClosed{1},
      OwnershipTaken{0, 7, 40},
      OwnershipReleased{0, 7},
      Taken{t, "first", "A-1", "山田", 4, true, "車いす", WaitRange{15, 40}},
      Voided{0, 'M', 5, 9, "restore"},
      Called{t, "1"},
      Recalled{k, "1"},
      Entered{t},
      MarkedAbsent{t, k, true},
      Held{k, "検査"},
      Resumed{k},
      PutBack{t},
      Cancelled{t},
      Finished{t},
      Moved{t, k, "test"},
      Undone{17, t, "called"},
      Reprinted{t},
      Amended{t, "return", "A-2", "山田", "付き添いあり"},
      Transferred{t, 1, k},
      NoShow{k},
      CapSet{0, 60},
      HoursSet{1, "8:30-11:00"},
      MessagePut{3, "delay", "", 20, base::instant_from_ms(1764034320000)},
      MessageTaken{3},
      Refused{0, "clinic_unreachable"},
      CloudSeen{1, 2},
      Arrived{t},
      RemoteSet{1, false},
      NoticeShown{"free",
                  "ja",
                  {{"title", "断水"}, {"body", "一行目\n二行目"}},
                  base::instant_from_ms(1764034320000)},
      NoticeCleared{},
      WalkInsSet{0, 5},
      Phoned{t, "no_answer"}};
  return bodies;
}

} // namespace

TEST_CASE("every kind of event survives the ledger's text") {
  const Clinic clinic = test::small_clinic();
  REQUIRE(one_of_each().size() == std::variant_size_v<EventBody>);
  for (const EventBody& body : one_of_each()) {
    const std::string text = wire::event_to_json(clinic, body);
    const auto back = wire::event_from_json(clinic, wire::event_kind(body), text);
    CAPTURE(wire::event_kind(body), text);
    REQUIRE(back);
    REQUIRE(back->index() == body.index());
    REQUIRE(wire::event_to_json(clinic, *back) == text);
  }
}

TEST_CASE("an undo that was about no ticket names none, and its answer neither") {
  const Clinic clinic = test::small_clinic();
  Event event;
  event.body = Undone{17, {}, "cap_set"};
  REQUIRE(wire::event_ticket(event.body) == nullptr);
  const auto back = wire::event_from_json(clinic, "undone", wire::event_to_json(clinic, event.body));
  REQUIRE(back);
  REQUIRE(wire::event_ticket(*back) == nullptr);
  const json::object answer = wire::answer_of(clinic, {20781}, event);
  REQUIRE(answer.at("undone") == "cap_set");
  REQUIRE_FALSE(answer.contains("ticket"));
  const json::object told = wire::event_to_told(clinic, event);
  REQUIRE(told.at("what") == "cap_set");
  REQUIRE_FALSE(told.contains("ticket"));
}

TEST_CASE("the answer to a closed day names all counters that were closed, and none when none was") {
  const Clinic clinic = test::small_clinic();
  std::vector<Event> events(3);
  events[0].body = NoShow{{0, main_series, 4}};
  events[1].body = CounterClosed{0};
  events[2].body = CounterClosed{1};
  json::object answer = wire::answer_of(clinic, {20781}, events.back());
  wire::add_closed(answer, clinic, events);
  REQUIRE(answer.at("service").as_string() == clinic.services[1].id);
  const json::value all = json::array{clinic.services[0].id, clinic.services[1].id};
  REQUIRE(answer.at("services") == all);
  const json::object unchanged = wire::answer_unchanged(clinic, Day{}, CloseDay{}, Decision{});
  REQUIRE(unchanged.at("services").as_array().empty());
  REQUIRE_FALSE(
      wire::answer_unchanged(clinic, Day{}, CloseCounter{"naika"}, Decision{}).contains("services"));
}

TEST_CASE("a damaged event is an error, never a guess") {
  const Clinic clinic = test::small_clinic();
  for (const char* text :
       {"", "{", "[]", "{}", R"({"ticket":{"service":"naika","series":"MM","n":1},"room":"1"})",
        R"({"ticket":{"service":"naika","series":"M","n":-1},"room":"1"})",
        R"({"ticket":{"service":"naika","series":"M","n":1},"room":7})"})
    REQUIRE(wire::event_from_json(clinic, "called", text).error().reason == "bad_event");
  REQUIRE(wire::event_from_json(clinic, "danced", "{}").error().reason == "bad_event");
  const auto gone = wire::event_from_json(clinic, "counter_closed", R"({"service":"ganka"})");
  REQUIRE(gone.error().reason == "service_gone");
}

TEST_CASE("the board and the desk read what the hub wrote") {
  test::Morning m;
  m.open();
  REQUIRE(m.when(Take{"naika", "first", "77", "山田 花子", true}));
  m.take(3);
  REQUIRE(m.call() == "1");
  const auto board = wire::board_from_json(wire::to_json(board_view(m.clinic, m.day, m.now)));
  REQUIRE(board);
  REQUIRE(board->calls[0].number == "1");
  REQUIRE(m.when(SetCap{"naika", 40}));
  REQUIRE(m.when(Phone{"naika/2", "reached"}));
  const json::object desk_json = wire::to_json(desk_view(m.clinic, m.day, m.now));
  const auto desk = wire::desk_from_json(desk_json);
  REQUIRE(desk);
  REQUIRE(desk->tickets[0].name == "山田 花子");
  REQUIRE(json::serialize(wire::to_json(*desk)) == json::serialize(desk_json));
}

TEST_CASE("a view with a missing or mistyped field is refused") {
  test::Morning m;
  json::object good = wire::to_json(board_view(m.clinic, m.day, m.now));
  REQUIRE(wire::board_from_json(good));
  json::object missing = good;
  missing.erase("rooms");
  REQUIRE(wire::board_from_json(missing).error().reason == "bad_view");
  json::object mistyped = good;
  mistyped["waiting"] = "many";
  REQUIRE(wire::board_from_json(mistyped).error().reason == "bad_view");
}

TEST_CASE("rows of before mean what they meant, and new ones say so shortly") {
  const Clinic clinic = test::small_clinic();
  const auto old = wire::event_from_json(
      clinic, "taken", R"({"ticket":{"service":"naika","series":"M","n":1},"ahead":0,"print":false})");
  REQUIRE(old);
  REQUIRE_FALSE(std::get<Taken>(*old).keeps);
  REQUIRE(std::get<Taken>(*old).behind.n == 0);
  const auto held = wire::event_from_json(clinic, "walk_ins_set", R"({"service":"naika","places":3})");
  REQUIRE(held);
  REQUIRE(std::get<WalkInsSet>(*held).every == -1);
  REQUIRE(wire::event_to_json(clinic, *held) == R"({"service":"naika","places":3})");
  Taken taken{{0, main_series, 41}, "", "", "", 5, false, "", std::nullopt};
  taken.behind = {0, main_series, 4};
  const auto again = wire::event_from_json(clinic, "taken", wire::event_to_json(clinic, taken));
  REQUIRE(again);
  REQUIRE(std::get<Taken>(*again).behind == taken.behind);
}

TEST_CASE("commands with missing or mistyped arguments are refused") {
  REQUIRE(wire::command_from_json("take", {{"service", "naika"}}));
  REQUIRE(wire::command_from_json("take", {}).error().reason == "bad_argument");
  REQUIRE(wire::command_from_json("take", {{"service", 7}}).error().reason == "bad_argument");
  REQUIRE(wire::command_from_json("take", {{"service", "naika"}, {"print", "yes"}}).error().reason ==
          "bad_argument");
  REQUIRE(wire::command_from_json("move", {{"ticket", "1"}}).error().reason == "bad_argument");
  REQUIRE(wire::command_from_json("walk_ins", {{"service", "naika"}, {"places", 5}}));
  const auto every =
      wire::command_from_json("walk_ins", {{"service", "naika"}, {"places", -1}, {"every", 3}});
  REQUIRE(every);
  REQUIRE(std::get<SetWalkIns>(*every).every == 3);
  REQUIRE(wire::command_from_json("walk_ins", {{"service", "naika"}}).error().reason == "bad_argument");
  REQUIRE(wire::command_from_json("walk_ins", {{"service", "naika"}, {"places", "five"}}).error().reason ==
          "bad_argument");
  REQUIRE(wire::command_from_json("dance", {}).error().reason == "unknown_command");
}

TEST_CASE("a refusal has its code, its reason and words in both languages") {
  const json::object error = wire::error_to_json({base::Error::Code::conflict, "closed", "naika"}, "ja");
  REQUIRE(error.at("code").as_string() == "conflict");
  REQUIRE(error.at("reason").as_string() == "closed");
  REQUIRE(error.at("message").as_string() != wire::message("closed", "en"));
  REQUIRE(wire::message("never heard of", "en") != "");
}
