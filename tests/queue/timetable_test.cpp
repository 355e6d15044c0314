// SPDX-License-Identifier: Apache-2.0
// Counters that open and close by their hours, and what people's own word does to that.
#include "tests/queue/morning.hpp"

using namespace machiai;
using namespace machiai::queue;
using namespace std::chrono_literals;
using test::Morning;

TEST_CASE("a counter that nobody has opened within its hours is not outside its hours") {
  Morning m;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  const Take take{"naika", "", "", "", false};
  REQUIRE(m.refusal(take) == "not_opened");
  m.open("shouni"); // the day has begun, and this one has not
  REQUIRE(m.refusal(take) == "not_opened");
  REQUIRE(m.when(SetHours{"naika", "14:00-18:00"}));
  REQUIRE(m.refusal(take) == "closed");
  REQUIRE(m.when(SetHours{"naika", "-"}));
  m.open();
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE(m.refusal(take) == "closed"); // people closed it
  Morning late;
  late.clinic.services[0].hours = m.clinic.services[0].hours;
  late.now += std::chrono::hours{4};
  REQUIRE(late.refusal(take) == "closed");
}

TEST_CASE("hours are read as people write them, and nonsense is refused") {
  REQUIRE(parse_hours("8:30-12:00,14:30-18:00")->size() == 2);
  REQUIRE(parse_hours("")->empty());
  REQUIRE(parse_hours("22:00-24:00")->front().close == 24 * 60);
  for (const char* text : {"8:30", "8:30-8:30", "9:00-8:00", "8:30-12:00,11:00-13:00", "8:60-9:00",
                           "25:00-26:00", "-1:00-2:00", "8:30-12:00,", "a-b"})
    REQUIRE_FALSE(parse_hours(text).has_value());
}

TEST_CASE("a counter that goes by the timetable opens and closes once, and people have the last word") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}, {"afternoon", 14 * 60, 18 * 60, {}}};
  const auto at = [&](int hour, int minute) {
    m.now = base::at_minute(*base::parse_iso_date("2026-11-24"), hour * 60 + minute);
    REQUIRE(m.when(Tick{}));
    return m.day.counters[0].open;
  };
  REQUIRE_FALSE(at(8, 29));
  REQUIRE(at(8, 30));
  REQUIRE_FALSE(m.day.counters[1].open);
  REQUIRE(m.when(CloseCounter{"naika"}));
  REQUIRE_FALSE(at(9, 0)); // closed by hand: stays so
  REQUIRE(m.when(OpenCounter{"naika"}));
  REQUIRE(at(11, 59));
  REQUIRE_FALSE(at(12, 0));
  REQUIRE(m.when(OpenCounter{"naika"})); // opened by hand in the break
  REQUIRE(at(13, 0));
  REQUIRE(at(14, 0));
  REQUIRE(m.when(SetHours{"naika", "8:30-12:00,14:00-16:00"}));
  REQUIRE_FALSE(at(16, 0));
}

TEST_CASE("hours to midnight end there, those past it end later, whatever the date") {
  Morning m;
  m.clinic.services[0].by_timetable = m.clinic.services[1].by_timetable = true;
  m.clinic.services[0].hours = {{"evening", 20 * 60, 24 * 60, {}}};
  m.clinic.services[1].hours = {{"evening", 20 * 60, 24 * 60, {}}, {"evening", 0, 2 * 60, {}}};
  const auto at = [&](const char* date, int minute) {
    m.now = base::at_minute(*base::parse_iso_date(date), minute);
    REQUIRE(m.when(Tick{}));
    return std::pair{m.day.counters[0].open, m.day.counters[1].open};
  };
  REQUIRE(at("2026-11-24", 20 * 60).first);
  REQUIRE(at("2026-11-24", 20 * 60 + 1).second);
  m.take(1);
  REQUIRE(at("2026-11-24", 23 * 60 + 59) == std::pair{true, true});
  REQUIRE(at("2026-11-25", 0) == std::pair{false, true});
  REQUIRE(at("2026-11-25", 1 * 60 + 59) == std::pair{false, true});
  REQUIRE(m.when(CloseCounter{"shouni"}));
  REQUIRE_FALSE(at("2026-11-25", 1 * 60 + 59).second); // closed by hand: stays so, in the night as well
  REQUIRE(m.when(OpenCounter{"shouni"}));
  REQUIRE(at("2026-11-25", 2 * 60) == std::pair{false, false});
}

TEST_CASE("who still waits at midnight is shown and called until the night is over") {
  Morning m;
  const base::Date date = *base::parse_iso_date("2026-11-24");
  m.now = base::at_minute(date, 23 * 60);
  m.open();
  m.take(3);
  REQUIRE(m.call() == "1");
  REQUIRE(m.when(CloseCounter{"naika"}));
  m.now = base::at_minute(date, 24 * 60 + 10);
  REQUIRE_FALSE(has_passed(m.day, m.now));
  const BoardView board = board_view(m.clinic, m.day, m.now);
  REQUIRE(board.waiting == 2);
  REQUIRE(board.next.size() == 2);
  REQUIRE(m.call("2") == "2");
  // Another counter that opens meanwhile belongs to the same night, and drops nobody.
  m.open("shouni");
  REQUIRE(m.day.date == date);
  REQUIRE(m.when(CloseCounter{"shouni"}));
  REQUIRE(board_view(m.clinic, m.day, m.now).waiting == 1);
  const bool all_seen = GENERATE(false, true);
  if (all_seen) {
    m.act(Verb::finish, "1");
    m.act(Verb::finish, "2");
    m.act(Verb::cancel, "3");
    REQUIRE(has_passed(m.day, m.now));
  }
  m.now = base::at_minute(date, (24 + 4) * 60);
  REQUIRE(has_passed(m.day, m.now));
  m.open();
  REQUIRE(m.day.date.days == date.days + 1);
  REQUIRE(m.day.tickets.empty());
}

TEST_CASE("hours of other weekdays do not close what was opened by hand") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {1, 2, 3, 4, 5}}};
  const base::Date date = *base::parse_iso_date(GENERATE("2026-12-04", "2026-12-05")); // Friday, Saturday
  const bool weekday = base::weekday(date) == 5;
  m.now = base::at_minute(date, 11 * 60);
  m.open();
  m.now = base::at_minute(date, 12 * 60);
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open == !weekday);
}

TEST_CASE("who goes by the timetable is closed by the day's hours, and opened again by taking them back") {
  Morning m;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  const bool goes_by_it = GENERATE(true, false);
  m.clinic.services[0].by_timetable = goes_by_it;
  m.now = base::at_minute(*base::parse_iso_date("2026-11-24"), 10 * 60);
  m.open();
  const char* hours = GENERATE("", "8:30-9:30", "14:00-16:00");
  REQUIRE(m.when(SetHours{"naika", hours}));
  REQUIRE(m.day.counters[0].open == !goes_by_it);
  REQUIRE(m.when(Undo{}));
  REQUIRE(m.day.counters[0].open);
  REQUIRE_FALSE(m.day.counters[0].hours.has_value());
  REQUIRE(m.when(SetHours{"naika", "8:30-10:30"}));
  REQUIRE(m.day.counters[0].open);
}

TEST_CASE("on a day off no counter opens by itself, and none is promised") {
  Morning m;
  const auto date = [](const char* text) { return *base::parse_iso_date(text); };
  m.clinic.closed = {date("2026-11-24"), date("2026-11-25")};
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  m.now = base::at_minute(date("2026-11-24"), 9 * 60);
  REQUIRE(m.when(Tick{}));
  REQUIRE_FALSE(m.day.counters[0].open);
  const ServiceView view = kiosk_view(m.clinic, m.day, m.now).services[0];
  REQUIRE(view.opens_at == "8:30");
  REQUIRE(view.opens_on == "2026-11-26");
  // What the desk says of the day goes before.
  REQUIRE(m.when(SetHours{"naika", "8:30-12:00"}));
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open);
  m.clinic.closed.clear();
  Morning usual;
  usual.clinic.services[0] = m.clinic.services[0];
  usual.now = m.now;
  REQUIRE(usual.when(Tick{}));
  REQUIRE(usual.day.counters[0].open); // the control: any other Tuesday
}

TEST_CASE("after the end of the day no counter opens by the timetable, and none is promised") {
  Morning m;
  for (Service& service : m.clinic.services) {
    service.hours = {{"morning", 8 * 60, 12 * 60, {}}, {"afternoon", 14 * 60, 18 * 60, {}}};
    service.by_timetable = true;
  }
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[1].open);
  m.take(1);
  m.now += std::chrono::minutes{185};
  REQUIRE(m.when(Tick{})); // noon
  REQUIRE_FALSE(m.day.counters[0].open);
  REQUIRE(board_view(m.clinic, m.day, m.now).opens_at == "14:00");
  const std::string before = machiai::test::fingerprint(m.clinic, m.day);
  REQUIRE(m.when(CloseDay{}));
  REQUIRE(m.day.undo.front().what == "day_closed");
  REQUIRE(board_view(m.clinic, m.day, m.now).opens_at == "8:00"); // of tomorrow
  REQUIRE(m.when(Undo{}));
  REQUIRE(machiai::test::fingerprint(m.clinic, m.day) == before);
  REQUIRE(m.when(CloseDay{}));
  const std::uint64_t end = m.day.undo.front().group;
  REQUIRE(m.when(SetHours{"naika", "14:00-16:00"}, "desk-2")); // somebody changes it after all
  REQUIRE(m.refusal(Undo{end}) == "nothing_to_undo");
  m.now += std::chrono::hours{2};
  REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open);
  REQUIRE_FALSE(m.day.counters[1].open);
  m.now = base::at_minute({m.day.date.days + 1}, 8 * 60 + 1);
  for (int i = 0; i < 3; ++i) REQUIRE(m.when(Tick{}));
  REQUIRE(m.day.counters[0].open);
  REQUIRE(m.day.counters[1].open);
}

TEST_CASE("what the clock closed in the night opens with the next hours, what a person closed does not") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}, {"evening", 17 * 60, 18 * 60, {}}};
  const auto today = *base::parse_iso_date("2026-11-24");
  const base::Date tomorrow{today.days + 1};
  const auto ticks = [&] {
    for (int i = 0; i < 3; ++i) REQUIRE(m.when(Tick{}, "machiaid"));
  };
  m.now = at_minute(today, 17 * 60 + 50);
  ticks();
  REQUIRE(m.day.counters[0].open);
  SECTION("switched off while it is open, and on again within the next hours") {
    m.now = at_minute(tomorrow, 8 * 60 + 45);
    ticks();
    REQUIRE(m.day.counters[0].open);
    REQUIRE(m.day.date == tomorrow);
  }
  SECTION("closed by a person within the next hours, before the new date has begun") {
    m.now = at_minute(tomorrow, 8 * 60 + 45);
    REQUIRE(m.when(CloseCounter{"naika"}));
    ticks();
    REQUIRE_FALSE(m.day.counters[0].open);
  }
}

TEST_CASE("a counter that never closes goes on with the next date at four") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 0, 24 * 60, {}}};
  const auto today = *base::parse_iso_date("2026-11-24");
  m.now = at_minute(today, 600);
  for (int minute = 0; minute < 48 * 60; ++minute) {
    REQUIRE(m.when(Tick{}, "machiaid"));
    REQUIRE(m.when(Tick{}, "machiaid"));
    REQUIRE(m.when(Tick{}, "machiaid"));
    REQUIRE(m.day.counters[0].open);
    m.now += 1min;
  }
  REQUIRE(m.day.date.days == today.days + 2);
}

TEST_CASE("hours that are extended after their end open the counter again") {
  Morning m;
  m.clinic.services[0].by_timetable = true;
  m.clinic.services[0].hours = {{"morning", 8 * 60 + 30, 12 * 60, {}}};
  m.now = at_minute(*base::parse_iso_date("2026-11-24"), 9 * 60);
  REQUIRE(m.when(Tick{}, "machiaid"));
  m.now += 3h;
  REQUIRE(m.when(Tick{}, "machiaid"));
  REQUIRE_FALSE(m.day.counters[0].open);
  REQUIRE(m.when(SetHours{"naika", "8:30-13:00"}));
  REQUIRE(m.when(Tick{}, "machiaid"));
  REQUIRE(m.day.counters[0].open);
}
