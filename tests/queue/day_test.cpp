// SPDX-License-Identifier: Apache-2.0
#include "tests/queue/morning.hpp"

using namespace machiai::queue;
using machiai::base::at_minute;
using machiai::base::iso_date;
using machiai::base::parse_iso_date;
using machiai::test::Morning;

TEST_CASE("numbers start again with the next business date") {
  Morning m;
  m.open();
  m.take(5);
  REQUIRE(m.when(CloseCounter{"naika"}));
  m.now += std::chrono::hours{24};
  m.open();
  m.take(1);
  REQUIRE(m.line() == "1");
  REQUIRE(iso_date(m.day.date) == "2026-11-25");
}

TEST_CASE("morning and afternoon are sessions of one date, each counter by its own hours") {
  Morning m;
  const auto at = [&](int hour, int minute) {
    m.now = at_minute(*parse_iso_date("2026-11-24"), hour * 60 + minute);
  };
  m.clinic.services[0].hours = {{"morning", 9 * 60, 12 * 60, {}}, {"afternoon", 15 * 60, 17 * 60, {}}};
  m.clinic.services[1].hours = {{"morning", 9 * 60, 11 * 60, {2}},
                                {"evening", 16 * 60, 20 * 60, {}}}; // mornings: Tuesdays
  at(8, 10);
  m.open();
  m.open("shouni");
  REQUIRE(m.day.counters[0].session == "morning");
  REQUIRE(m.day.counters[1].session == "morning");
  m.take(2);
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE(m.when(CloseCounter{"shouni"}));
  at(13, 30);
  REQUIRE(session_at(m.clinic, m.now) == "afternoon"); // between its hours, by the clock
  at(15, 30);
  m.open();
  m.open("shouni");
  REQUIRE(m.day.counters[0].session == "afternoon");
  REQUIRE(m.day.counters[1].session == "evening"); // half an hour early
  m.take(1);
  REQUIRE(m.line() == "1 2 3"); // numbers go on
  m.now = at_minute(*parse_iso_date("2026-11-25"), 10 * 60);
  REQUIRE(session_at(m.clinic, 1, m.now) == "morning"); // no hours of its own: as the clinic
  m.clinic.services[0].hours.clear();
  REQUIRE(session_at(m.clinic, 1, at_minute(*parse_iso_date("2026-11-25"), 19 * 60)) == "evening");
}

TEST_CASE("a counter that is open past midnight stays on its date until four") {
  Morning m;
  m.now = at_minute(*parse_iso_date("2026-11-24"), 23 * 60 + 59);
  m.open();
  m.take(1);
  m.now += std::chrono::minutes{2};
  m.open("shouni");
  m.take(1);
  REQUIRE(m.line() == "1 2");
  REQUIRE(iso_date(m.day.date) == "2026-11-24");
  m.now += std::chrono::hours{4};
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.refusal(Take{"naika", "", "", "", false}) == "closed");
}

TEST_CASE("the tick closes a day's counters once") {
  Morning m;
  m.open();
  m.now += std::chrono::hours{20};
  const auto first = m.when(Tick{});
  REQUIRE(first);
  REQUIRE(first->events.size() == 1);
  const auto second = m.when(Tick{});
  REQUIRE(second);
  REQUIRE(second->events.empty());
}

TEST_CASE("a clock set back keeps the date, so that no number comes twice") {
  Morning m;
  m.open();
  m.take(3);
  REQUIRE(m.when(CloseCounter{"naika"}));
  m.now -= std::chrono::hours{24};
  m.open();
  m.take(1);
  REQUIRE(m.line() == "1 2 3 4");
  REQUIRE(iso_date(m.day.date) == "2026-11-24");
}

TEST_CASE("a clock that ran far ahead is believed again when it is mended") {
  Morning m;
  m.now = at_minute(*parse_iso_date("2106-02-07"), 600);
  m.open();
  m.take(1);
  REQUIRE(m.when(CloseCounter{"naika"}));
  m.now = at_minute(*parse_iso_date("2026-11-25"), 600);
  m.open();
  m.take(1);
  REQUIRE(iso_date(m.day.date) == "2026-11-25");
  REQUIRE(m.day.history.size() == 2);
}

TEST_CASE("yesterday's numbers are not shown this morning") {
  Morning m;
  m.open();
  m.take(2);
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE(board_view(m.clinic, m.day, m.now).state == "closed");
  m.now += std::chrono::hours{23};
  const BoardView morning = board_view(m.clinic, m.day, m.now);
  REQUIRE(morning.state == "before");
  REQUIRE(morning.calls.empty());
  REQUIRE(morning.next.empty());
  REQUIRE(desk_view(m.clinic, m.day, m.now).tickets.empty());
}

TEST_CASE("a patient called a minute ago counts as in the room") {
  Morning m;
  m.open();
  m.take(1);
  REQUIRE(m.call() == "1");
  m.now += std::chrono::seconds{59};
  REQUIRE(m.when(Tick{})->events.empty());
  m.now += std::chrono::seconds{1};
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.state("1") == "in_room");
}
