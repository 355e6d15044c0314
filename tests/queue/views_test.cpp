// SPDX-License-Identifier: Apache-2.0
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::test::Morning;

TEST_CASE("the board shows calls, rooms, who is next and who is missed, and never a name") {
  Morning m;
  m.open();
  REQUIRE(m.when(Take{"naika", "", "77", "カナリア ハナコ", false}));
  m.take(4);
  REQUIRE(m.call("1") == "1");
  REQUIRE(m.call("2") == "2");
  m.act(Verb::absent, "2");
  const BoardView board = board_view(m.clinic, m.day, m.now);
  REQUIRE(board.calls.size() == 1);
  REQUIRE(board.calls[0].number == "1");
  REQUIRE(board.rooms[0].state == "called");
  REQUIRE(board.rooms[1].number.empty());
  REQUIRE(board.next[0].number == "3");
  REQUIRE(board.absent[0].number == "2");
  REQUIRE(board.calls[0].service == "naika");
  REQUIRE(board.next[0].service == "naika");
  REQUIRE(board.absent[0].service == "naika");
  REQUIRE(board.waiting == 3);
  REQUIRE_FALSE(board.wait.has_value());
}

TEST_CASE("a stone on the board tells the line it stands in, also after a transfer") {
  Morning m;
  m.open();
  m.take(1);
  REQUIRE(m.when(Transfer{"naika/1", "shouni"}));
  REQUIRE(board_view(m.clinic, m.day, m.now).next[0].service == "shouni");
}

TEST_CASE("a free-text reason is only \"other\" on the wall") {
  Morning m;
  m.open();
  m.take(3);
  REQUIRE(m.when(Move{"naika/3", "naika/1", "熱が高い"}));
  REQUIRE(board_view(m.clinic, m.day, m.now).next[0].reason == "other");
  REQUIRE(desk_view(m.clinic, m.day, m.now).tickets[0].reason == "熱が高い");
}

TEST_CASE("the desk lists called first, then calling order, then missed and held") {
  Morning m;
  m.open();
  m.take(5);
  REQUIRE(m.call() == "1");
  m.act(Verb::hold, "2");
  m.act(Verb::absent, "3");
  std::string order;
  for (const TicketView& t : desk_view(m.clinic, m.day, m.now).tickets) order += t.number;
  REQUIRE(order == "14532");
  REQUIRE(desk_view(m.clinic, m.day, m.now).next[0] == "naika-20261124-4");
}

TEST_CASE("the desk offers to undo only what can be undone") {
  Morning m;
  m.open();
  m.take(1);
  REQUIRE(m.call() == "1");
  REQUIRE(desk_view(m.clinic, m.day, m.now).undo[0].what == "called");
  m.now += std::chrono::seconds{11};
  REQUIRE(desk_view(m.clinic, m.day, m.now).undo.empty());
}
