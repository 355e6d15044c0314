// SPDX-License-Identifier: Apache-2.0
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::Morning;

TEST_CASE("a closed counter gives no number and says so") {
  Morning m;
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "closed");
  m.open();
  m.take(1);
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "closed");
  REQUIRE(m.call() == "1");
}

TEST_CASE("numbers follow acceptance, each service by itself") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(3);
  m.take(2, "shouni");
  REQUIRE(m.line() == "1 2 3");
  REQUIRE(m.call("2", "shouni") == "S-1");
}

TEST_CASE("call-next takes the first who is present") {
  Morning m;
  m.open();
  m.take(4);
  m.act(Verb::absent, "1");
  m.act(Verb::hold, "2");
  REQUIRE(m.call() == "3");
}

TEST_CASE("calling the next finishes who was in that room") {
  Morning m;
  m.open();
  m.take(3);
  REQUIRE(m.call("1") == "1");
  REQUIRE(m.call("2") == "2");
  REQUIRE(m.call("1") == "3");
  REQUIRE(m.state("1") == "done");
  REQUIRE(m.state("2") == "called");
}

TEST_CASE("of two who call the same patient one wins") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.when(CallNext{"naika", "1", std::nullopt, "naika/1"}, "desk-1"));
  REQUIRE(m.refusal(CallNext{"naika", "2", std::nullopt, "naika/1"}, "desk-2") == "already_called");
  REQUIRE(m.refusal(CallNext{"naika", "2", "naika/1", std::nullopt}, "desk-2") == "already_called");
  REQUIRE(m.when(CallNext{"naika", "2", std::nullopt, "naika/2"}, "desk-2"));
}

TEST_CASE("one who is only not the next any more has not been called by anybody") {
  Morning m;
  m.open();
  m.take(3);
  m.act(Verb::hold, "1");
  REQUIRE(m.refusal(CallNext{"naika", "1", std::nullopt, "naika/1"}) == "not_the_next");
  m.act(Verb::cancel, "1");
  REQUIRE(m.refusal(CallNext{"naika", "1", std::nullopt, "naika/1"}) == "not_the_next");
  REQUIRE(m.refusal(CallNext{"naika", "1", "naika/3", "naika/3"}) == "not_the_next");
  REQUIRE(m.when(CallNext{"naika", "1", "naika/2", "naika/2"}));
}

TEST_CASE("of a day that has passed nobody is called, and nothing is done to anybody") {
  Morning m;
  m.open();
  m.take(3);
  m.call();
  REQUIRE(m.when(CloseCounter{"naika"}));
  m.now += std::chrono::hours{47}; // two mornings later
  REQUIRE(has_passed(m.day, m.now));
  REQUIRE(m.refusal(CallNext{"naika", "1", std::nullopt, std::nullopt}) == "nobody_waiting");
  REQUIRE(m.refusal(CallNext{"naika", "1", "naika/2", std::nullopt}) == "unknown_ticket");
  REQUIRE(m.refusal(CallNext{"naika", "1", std::nullopt, "naika/2"}) == "unknown_ticket");
  for (const Verb verb : {Verb::recall, Verb::absent, Verb::hold, Verb::back, Verb::cancel, Verb::finish})
    REQUIRE(m.refusal(Act{verb, "naika/1"}) == "unknown_ticket");
  REQUIRE(m.refusal(Move{"naika/3", "naika/2", "urgent"}) == "unknown_ticket");
  REQUIRE(m.refusal(Phone{"naika/2", "reached"}) == "unknown_ticket");
}

TEST_CASE("nobody waiting, unknown rooms, services and tickets are told apart") {
  Morning m;
  m.open();
  REQUIRE(m.refusal(CallNext{"naika", "1", std::nullopt, std::nullopt}) == "nobody_waiting");
  REQUIRE(m.refusal(CallNext{"naika", "9", std::nullopt, std::nullopt}) == "unknown_room");
  REQUIRE(m.refusal(CallNext{"ganka", "1", std::nullopt, std::nullopt}) == "unknown_service");
  REQUIRE(m.refusal(Act{Verb::hold, "naika/7"}) == "unknown_ticket");
  REQUIRE(m.refusal(Take{"naika", "vaccine", "", "", false}) == "unknown_kind");
}

TEST_CASE("a number is whose it is shown as; alone it is enough while only one service has it") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(2);
  m.take(1, "shouni");
  REQUIRE(m.when(Act{Verb::hold, "1"})); // the other counter's is shown as S-1
  REQUIRE(m.line() == "1hold 2");
  REQUIRE(m.when(Act{Verb::hold, "2"}));
  REQUIRE(m.when(Act{Verb::hold, "S-1"}));
  REQUIRE(m.when(Act{Verb::resume, "shouni-20261124-1"}));
  REQUIRE(m.refusal(Act{Verb::hold, "naika-20261123-2"}) == "unknown_ticket");
}

TEST_CASE("a bare number that two counters may mean is asked for again") {
  Morning m;
  m.clinic.services[0].prefix = "N";
  m.open();
  m.open("shouni");
  m.take(1);
  m.take(1, "shouni");
  REQUIRE(m.refusal(Act{Verb::hold, "1"}) == "ambiguous_ticket");
  REQUIRE(m.when(Act{Verb::hold, "N-1"}));
  REQUIRE(m.when(Act{Verb::hold, "S-1"}));
}

TEST_CASE("a move changes the order, never a number, and leaves its reason") {
  Morning m;
  m.open();
  m.take(4);
  REQUIRE(m.when(Move{"naika/4", "naika/2", "test"}));
  REQUIRE(m.line() == "1 4 2 3");
  REQUIRE(queue_view(m.clinic, m.day, 0)[1].reason == "test");
  REQUIRE(m.refusal(Move{"naika/4", "naika/4", "test"}) == "same_ticket");
  REQUIRE(m.refusal(Move{"naika/4", "naika/2", ""}) == "reason_missing");
  REQUIRE(m.refusal(Move{"naika/4", "naika/2", "  "}) == "reason_missing");
  REQUIRE(m.call() == "1");
  REQUIRE(m.refusal(Move{"naika/1", "naika/2", "test"}) == "not_waiting");
}

TEST_CASE("back puts a called patient where they were before the call") {
  Morning m;
  m.open();
  m.take(3);
  REQUIRE(m.call() == "1");
  m.act(Verb::back, "1");
  REQUIRE(m.line() == "1 2 3");
  REQUIRE(board_view(m.clinic, m.day, m.now).calls.empty());
}

TEST_CASE("undo takes back the seat's own last action, within ten seconds") {
  Morning m;
  m.open();
  m.take(3);
  REQUIRE(m.call("1") == "1");
  REQUIRE(m.call("1") == "2");
  REQUIRE(m.refusal(Undo{}, "desk-2") == "nothing_to_undo");
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "1called 2 3");
  m.now += std::chrono::seconds{11};
  REQUIRE(m.refusal(Undo{}) == "nothing_to_undo");
}

TEST_CASE("undo does not reach over somebody else's later action") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.when(CallNext{"naika", "1", std::nullopt, std::nullopt}, "desk-1"));
  REQUIRE(m.when(Act{Verb::hold, "naika/1"}, "desk-2"));
  REQUIRE(m.refusal(Undo{}, "desk-1") == "nothing_to_undo");
}

TEST_CASE("an undone number is void and is not given again") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.state("2") == "void");
  m.take(1);
  REQUIRE(m.line() == "1 3");
}

TEST_CASE("what is finished stays finished, and saying so again changes nothing") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.call() == "1");
  m.act(Verb::finish, "1");
  const auto again = m.when(Act{Verb::finish, "naika/1"});
  REQUIRE(again);
  REQUIRE(again->events.empty());
  REQUIRE(m.refusal(Act{Verb::hold, "naika/1"}) == "finished");
  REQUIRE(m.refusal(Act{Verb::finish, "naika/2"}) == "not_called");
}

TEST_CASE("texts that mislead or never end are refused") {
  Morning m;
  m.open();
  REQUIRE(m.refusal(Take{"naika", "", "", std::string(10240, 'a'), false}) == "name_too_long");
  REQUIRE(m.refusal(Take{"naika", "", "", "a\u202eb", false}) == "bad_text");
  REQUIRE(m.refusal(Take{"naika", "", "", "a\nb", false}) == "bad_text");
  REQUIRE(m.refusal(Take{"naika", "", "\xff", "", false}) == "bad_text");
  REQUIRE(m.when(Take{"naika", "", "A-1", "山田 太郎", false}));
}

TEST_CASE("without the epoch the clinic gives kiosk numbers, and stale grants are refused") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.when(ReleaseOwnership{"naika"}));
  m.take(2);
  REQUIRE(m.line() == "1 2 K-1 K-2");
  REQUIRE(m.refusal(TakeOwnership{"naika", 1, 9}) == "stale_epoch");
  REQUIRE(m.when(TakeOwnership{"naika", 2, 9}));
  m.take(1);
  REQUIRE(m.line() == "1 2 K-1 K-2 10");
}

TEST_CASE("a series ends where no record could be read again") {
  Morning m;
  m.clinic.linked = true;
  m.open();
  REQUIRE(m.when(TakeOwnership{"naika", 1, most_numbers - 1}, "link"));
  REQUIRE(m.when(Take{"naika", "", "", "", false}));
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
  Reclaim restored;
  restored.service = "naika";
  restored.date = m.date();
  restored.generation = 2;
  restored.high = most_numbers;
  restored.jump = 120;
  m.day.counters[0].owner = false;
  REQUIRE(m.refusal(restored) == "bad_number");
}

TEST_CASE("a cap closes the day's numbers") {
  Morning m;
  m.clinic.services[0].cap = 2;
  m.open();
  m.take(2);
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
}

TEST_CASE("however many reasons a day has, each ticket shows its own") {
  Morning m;
  m.open();
  m.take(3);
  for (int i = 0; i < 300; ++i)
    REQUIRE(m.when(Move{i % 2 == 0 ? "naika/2" : "naika/1", i % 2 == 0 ? "naika/1" : "naika/2",
                        "reason " + std::to_string(i)}));
  REQUIRE(m.when(Move{"naika/3", "naika/1", "urgent"}));
  const auto line = queue_view(m.clinic, m.day, 0);
  REQUIRE(m.line() == "3 1 2");
  REQUIRE(line[0].reason == "urgent");
  REQUIRE(line[1].reason == "reason 299");
  REQUIRE(line[2].reason == "reason 298");
}

TEST_CASE("blanks of any width are no text") {
  const std::string wide = GENERATE("\u3000", " ", "\u00a0 ");
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.refusal(Move{"naika/2", "naika/1", wide}) == "reason_missing");
  REQUIRE(m.refusal(PutMessage{"free", wide, 0, 30}) == "bad_message");
  REQUIRE(m.refusal(PutMessage{"delay", wide, 10, 30}) == "bad_message");
  REQUIRE(m.when(Act{Verb::hold, "naika/1", std::nullopt, wide}));
  REQUIRE(queue_view(m.clinic, m.day, 0)[1].reason.empty());
  REQUIRE(m.when(Take{"naika", "", wide, wide, false, wide}));
  REQUIRE(m.day.people.empty());
  REQUIRE(m.when(Amend{"naika/2", std::nullopt, std::nullopt, "待合 花子", wide}));
  REQUIRE(m.day.people.begin()->second.note.empty());
  REQUIRE(m.when(Amend{"naika/2", std::nullopt, std::nullopt, wide, std::nullopt}));
  REQUIRE(m.day.people.begin()->second.name.empty());
}

TEST_CASE("a cap counts numbers that were given: none that was taken back or nobody ever had") {
  Morning m;
  m.clinic.services[0].cap = 2;
  m.open();
  m.take(1);
  REQUIRE(m.when(Undo{}));
  m.take(2); // 2, 3
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
  REQUIRE(kiosk_view(m.clinic, m.day, m.now).services[0].full);
  m.act(Verb::cancel, "3"); // it was given
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.when(SetCap{"naika", 4}));
  REQUIRE_FALSE(kiosk_view(m.clinic, m.day, m.now).services[0].full);
  REQUIRE(m.when(ReleaseOwnership{"naika"}));
  m.take(1); // K-1
  REQUIRE(m.when(Reclaim{"naika", m.date(), 2, 5, 3, 120}));
  m.take(1); // above the jump
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "cap_reached");
  // Numbers that the cloud gave and that have not come down yet are somebody's.
  REQUIRE(m.when(TakeOwnership{"shouni", 9, 7}));
  REQUIRE(m.when(SetCap{"shouni", 7}));
  REQUIRE(m.when(OpenCounter{"shouni"}));
  REQUIRE(m.refusal(Take{"shouni", "", "", "", false}) == "cap_reached");
}

TEST_CASE("hours that are so already are not set again") {
  Morning m;
  m.open();
  REQUIRE(m.when(SetHours{"naika", "-"})->events.empty());
  REQUIRE(m.when(SetHours{"naika", "9:00-12:00"})->events.size() == 1);
  REQUIRE(m.when(SetHours{"naika", "9:00-12:00"})->events.empty());
  REQUIRE(m.when(SetHours{"naika", ""})->events.size() == 1);
  REQUIRE(m.when(SetHours{"naika", ""})->events.empty());
  REQUIRE(m.when(SetHours{"naika", "-"})->events.size() == 1);
  REQUIRE(m.when(SetHours{"naika", "-"})->events.empty());
}
