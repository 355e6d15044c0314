// SPDX-License-Identifier: Apache-2.0
// Every action of the desk can be taken back for ten seconds: those about a counter, a message, what is
// written down, and a recall. States and places of tickets are in rules_test and reception_test.
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::fingerprint;
using machiai::test::Morning;

namespace {

/// Does it, takes it back, and finds the day as it was before; the desk is told what can be taken back.
void takes_back(Morning& m, const Command& command, const std::string& what) {
  CAPTURE(what);
  const std::string before = fingerprint(m.clinic, m.day);
  REQUIRE(m.when(command));
  REQUIRE(fingerprint(m.clinic, m.day) != before);
  const auto offered = desk_view(m.clinic, m.day, m.now).undo;
  REQUIRE_FALSE(offered.empty());
  REQUIRE(offered.front().what == what);
  m.now += std::chrono::seconds{10};
  const auto undone = m.when(Undo{});
  REQUIRE(undone);
  REQUIRE(std::get<Undone>(undone->events.back()).what == what);
  REQUIRE(fingerprint(m.clinic, m.day) == before);
  REQUIRE(m.refusal(Undo{offered.front().seq}) == "nothing_to_undo");
}

} // namespace

TEST_CASE("what is set of a counter for today can be taken back") {
  Morning m;
  m.open();
  m.open("shouni");
  m.take(2);
  const bool set_before = GENERATE(false, true);
  if (set_before) {
    REQUIRE(m.when(SetCap{"naika", 40}));
    REQUIRE(m.when(SetHours{"naika", "8:30-11:05,14:00-18:00"}));
    REQUIRE(m.when(SetWalkIns{"naika", 4}));
    REQUIRE(m.when(SetRemote{"naika", false}));
  }
  takes_back(m, SetCap{"naika", 7}, "cap_set");
  takes_back(m, SetHours{"naika", "9:00-10:00"}, "hours_set");
  takes_back(m, SetHours{"naika", ""}, "hours_set");
  takes_back(m, SetWalkIns{"naika", 9}, "walk_ins_set");
  takes_back(m, SetRemote{"naika", set_before}, "remote_set");
  takes_back(m, CloseCounter{"naika"}, "counter_closed");
  REQUIRE(m.when(CloseCounter{"naika"}));
  takes_back(m, OpenCounter{"naika"}, "counter_opened");
}

TEST_CASE("a counter opened by mistake is not yet opened again, unless it has given a number") {
  Morning m;
  m.open("shouni");
  REQUIRE(m.when(OpenCounter{"naika"}));
  const bool given = GENERATE(false, true);
  if (given) {
    REQUIRE(m.when(Take{"naika", "", "", "", false}, "kiosk-1"));
  }
  REQUIRE(m.when(Undo{}));
  const ServiceView view = kiosk_view(m.clinic, m.day, m.now).services[0];
  REQUIRE(view.state == (given ? "closed" : "before"));
  REQUIRE(view.waiting == (given ? 1 : 0));
  // Its numbers go on: none is given twice.
  REQUIRE(m.when(OpenCounter{"naika"}));
  const auto taken = m.when(Take{"naika", "", "", "", false});
  REQUIRE(taken);
  REQUIRE(taken->subject->n == (given ? 2U : 1U));
}

TEST_CASE("the cloud hears of an undo by the events it knows") {
  Morning m;
  m.open();
  REQUIRE(m.when(SetWalkIns{"naika", 4}));
  REQUIRE(m.when(SetWalkIns{"naika", 9}));
  const auto walk_ins = m.when(Undo{});
  REQUIRE(walk_ins->events.size() == 2);
  REQUIRE(std::get<WalkInsSet>(walk_ins->events.front()).places == 4);
  REQUIRE(m.when(SetRemote{"naika", false}));
  const auto remote = m.when(Undo{});
  REQUIRE(remote->events.size() == 2);
  REQUIRE(std::get<RemoteSet>(remote->events.front()).open);
}

TEST_CASE("messages and urgent notices can be taken back, each by itself") {
  Morning m;
  m.open();
  REQUIRE(m.when(PutMessage{"delay", "", 20, 30}));
  takes_back(m, PutMessage{"free", "お待ちください", 0, 60}, "message_put");
  REQUIRE(m.when(PutMessage{"doctor_late", "", 20, 30}));
  takes_back(m, TakeMessage{1}, "message_taken");
  REQUIRE(m.day.messages.front().pattern == "delay");
  REQUIRE(m.when(PutMessage{"emergency", "", 0, 30}));
  const std::uint64_t emergency = m.day.undo.front().group;
  REQUIRE(m.when(PutMessage{"long_wait", "", 0, 30}, "desk-2"));
  REQUIRE(m.when(Undo{emergency}));
  REQUIRE(m.day.messages.back().pattern == "long_wait");
  takes_back(m, ShowNotice{"free", "ja", {{"title", "お知らせ"}}, 20}, "notice_shown");
  REQUIRE(m.when(ShowNotice{"free", "ja", {{"title", "お知らせ"}}, 20}));
  takes_back(m, ShowNotice{"free", "ja", {{"title", "ほかの お知らせ"}}, 20}, "notice_shown");
  takes_back(m, ClearNotice{}, "notice_cleared");
}

TEST_CASE("what was written down of a patient can be taken back, wherever the patient is by then") {
  Morning m;
  m.open();
  REQUIRE(m.when(Take{"naika", "first", "77", "やまだ", false, "車いす"}));
  m.take(1);
  takes_back(m, Amend{"naika/1", "return", "78", "やまだ", ""}, "amended");
  takes_back(m, Amend{"naika/2", std::nullopt, std::nullopt, "すずき", std::nullopt}, "amended");
  REQUIRE(m.day.people.size() == 1);
  REQUIRE(m.when(Amend{"naika/1", std::nullopt, std::nullopt, "たなか", std::nullopt}));
  REQUIRE(m.when(CallNext{"naika", "1", std::nullopt, std::nullopt}, "room-1"));
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.state("1") == "called");
  REQUIRE(m.day.people.at(0).name == "やまだ");
}

TEST_CASE("who writes something down later is not gone over") {
  Morning m;
  m.open();
  m.take(1);
  REQUIRE(m.when(Amend{"naika/1", std::nullopt, std::nullopt, "やまだ", std::nullopt}));
  REQUIRE(m.when(SetCap{"naika", 10}));
  REQUIRE(m.when(Amend{"naika/1", std::nullopt, std::nullopt, "やまだ花子", std::nullopt}, "desk-2"));
  REQUIRE(m.when(SetCap{"naika", 11}, "desk-2"));
  REQUIRE(desk_view(m.clinic, m.day, m.now).undo.front().seat == "desk-2");
  REQUIRE(m.refusal(Undo{}) == "nothing_to_undo");
  // Once the other has taken theirs back, one's own can be.
  REQUIRE(m.when(Undo{}, "desk-2"));
  REQUIRE(m.day.counters[0].cap == 10);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.day.counters[0].cap == -1);
}

TEST_CASE("undoing a recall takes its trace from the board, and leaves the call") {
  Morning m;
  m.open();
  m.take(1);
  REQUIRE(m.call() == "1");
  const auto before = board_view(m.clinic, m.day, m.now).calls;
  takes_back(m, Act{Verb::recall, "naika/1"}, "recalled");
  const auto after = board_view(m.clinic, m.day, m.now).calls;
  REQUIRE(after.size() == before.size());
  REQUIRE(after.front().call == before.front().call);
  REQUIRE(m.state("1") == "called");
  // The recall first, the call after it.
  REQUIRE(m.when(Act{Verb::recall, "naika/1"}));
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.when(Act{Verb::recall, "naika/1"}));
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.state("1") == "called");
}

TEST_CASE("what was done one after the other is taken back one after the other") {
  Morning m;
  m.open();
  m.take(4);
  SECTION("a call pressed twice") {
    REQUIRE(m.call() == "1");
    REQUIRE(m.call() == "2");
    REQUIRE(m.when(Undo{}));
    REQUIRE(m.line() == "1called 2 3 4");
  }
  SECTION("two places let go first") {
    REQUIRE(m.when(Skip{"naika/1"}));
    REQUIRE(m.when(Skip{"naika/1"}));
    REQUIRE(m.when(Undo{}));
    REQUIRE(m.line() == "2 1 3 4");
  }
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "1 2 3 4");
}

TEST_CASE("who is moved where they stand already is not moved again") {
  Morning m;
  m.open();
  m.take(4);
  const Move move{"naika/4", GENERATE("naika/1", ""), "急ぎ"};
  REQUIRE(m.when(move)->events.size() == 1);
  const std::string moved = m.line();
  REQUIRE(m.when(move)->events.empty());
  REQUIRE(m.line() == moved);
  REQUIRE(m.when(Move{move.ticket, move.before, "もっと急ぎ"})->events.size() == 1);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "1 2 3 4");
}

TEST_CASE("the timetable's turns are nobody's to take back") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 540, 720, {}}};
  REQUIRE(m.when(Tick{}, "machiaid"));
  REQUIRE(m.day.counters[0].open);
  REQUIRE(m.refusal(Undo{}) == "nothing_to_undo");
  // What a person pressed since then stands against the next tick, and so does taking it back.
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE(m.when(Tick{}, "machiaid"));
  REQUIRE_FALSE(m.day.counters[0].open);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.when(Tick{}, "machiaid"));
  REQUIRE(m.day.counters[0].open);
}

TEST_CASE("an action is not forgotten because of what undoing it writes down") {
  Morning m;
  m.open();
  REQUIRE(m.when(SetWalkIns{"naika", 4}));
  for (int i = 0; i < static_cast<int>(kept_undo) - 2; ++i) REQUIRE(m.when(SetCap{"naika", i}, "desk-2"));
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.day.counters[0].walk_ins == -1);
}

TEST_CASE("that somebody is in the room can be taken back, and then the call") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.call() == "1");
  takes_back(m, Act{Verb::enter, "naika/1"}, "entered");
  REQUIRE(m.state("1") == "called");
  m.now -= std::chrono::seconds{10};
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.line() == "1 2");
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(Act{Verb::enter, "naika/1"}, "room-1"));
  REQUIRE(m.refusal(Undo{}) == "nothing_to_undo"); // somebody has acted since
}

TEST_CASE("a call can be taken back although time has brought the patient into the room") {
  Morning m;
  m.clinic.settle_seconds = 5;
  m.open();
  m.take(2);
  REQUIRE(m.when(Act{Verb::absent, "naika/1"}));
  const std::uint64_t missed = m.day.undo.front().group;
  REQUIRE(m.when(Act{Verb::back, "naika/1"}, "desk-2"));
  REQUIRE(m.call() == "1");
  m.now += std::chrono::seconds{6};
  REQUIRE(m.when(Tick{}, "machiaid"));
  REQUIRE(m.state("1") == "in_room");
  REQUIRE(desk_view(m.clinic, m.day, m.now).undo.front().what == "called");
  REQUIRE(m.refusal(Undo{missed}) == "nothing_to_undo"); // what was before the call stays covered by it
  SECTION("taken back") {
    REQUIRE(m.when(Undo{}));
    REQUIRE(m.line() == "1 2");
  }
  SECTION("taken back, and who was in the room before is there again") {
    REQUIRE(m.call() == "2"); // 1 has finished
    m.now += std::chrono::seconds{6};
    REQUIRE(m.when(Tick{}, "machiaid"));
    REQUIRE(m.line() == "2in_room");
    REQUIRE(m.when(Undo{}));
    REQUIRE(m.line() == "1in_room 2");
  }
  SECTION("not over what somebody did since") {
    REQUIRE(m.when(Act{Verb::finish, "naika/1"}, "room-1"));
    REQUIRE(m.refusal(Undo{}) == "nothing_to_undo");
    REQUIRE(m.when(Undo{}, "room-1")); // and then it is as before
    REQUIRE(m.state("1") == "in_room");
    REQUIRE(m.when(Undo{}));
    REQUIRE(m.line() == "1 2");
  }
}

TEST_CASE("a desk's action can be taken back however many numbers the kiosk gives meanwhile") {
  Morning m;
  m.open();
  m.take(2);
  m.act(Verb::cancel, "1");
  for (int i = 0; i < 120; ++i) REQUIRE(m.when(Take{"naika", "", "", "", false}, "kiosk-1"));
  m.now += std::chrono::seconds{10};
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.state("1") == "waiting");
  for (int i = 0; i < 300; ++i) REQUIRE(m.when(Take{"naika", "", "", "", false}, "kiosk-1"));
  REQUIRE(m.day.undo.size() == kept_undo);
}

TEST_CASE("a move is not undone behind somebody who has been moved since, wherever that one went") {
  Morning m;
  m.open();
  m.take(8);
  REQUIRE(m.when(Move{"naika/3", "", "急ぎ"}, "desk-1"));
  SECTION("called, and absent") {
    REQUIRE(m.call() == "1");
    REQUIRE(m.call() == "2");
    REQUIRE(m.when(Act{Verb::absent, "naika/2"}, "desk-2"));
  }
  SECTION("moved, and cancelled") {
    REQUIRE(m.when(Move{"naika/2", "", "急ぎ"}, "desk-2"));
    REQUIRE(m.when(Act{Verb::cancel, "naika/2"}, "desk-2"));
  }
  const std::string before = m.line();
  REQUIRE(m.refusal(Undo{}, "desk-1") == "nothing_to_undo");
  REQUIRE(m.line() == before);
}
